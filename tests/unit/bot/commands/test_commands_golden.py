"""Whole sessions as recorded, in both languages. RECORD_GOLDEN=1 records them anew."""

import os

import pytest

from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import press_of, transcript
from tests.paths import GOLDEN
from tests.unit.bot.commands.account_sessions import ACCOUNT_SESSIONS
from tests.unit.bot.commands.market_sessions import MARKET_SESSIONS

FOLDER = GOLDEN / "commands"
PRESS = "press "
SESSIONS = ACCOUNT_SESSIONS | MARKET_SESSIONS


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SESSIONS)
async def test_a_session_reads_as_recorded(name: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    said: list[str] = []
    last = await bot.router.answer(bot.inbound("/start"))
    for line in SESSIONS[name]:
        pressed = line.startswith(PRESS)
        text = press_of(last, line.removeprefix(PRESS)) if pressed else line
        last = await bot.router.answer(bot.inbound(text, pressed=pressed))
        said.append(f"> {line}\n{transcript(last)}\n")
    path = FOLDER / f"{name}.{language}.txt"
    text = "\n".join(said)
    if os.environ.get("RECORD_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
