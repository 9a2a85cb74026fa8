"""A symbol has one form wherever people read it: `BTC/USDC`. What is typed stays `BTC` or `BTCUSDC`."""

import re
from pathlib import Path

import pytest

from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import transcript
from tests.paths import GOLDEN

JOINED = re.compile(r"(?<![\w/:-])(?:BTC|ETH|SOL|DOGE|币安人生)USDC(?![\w-])")
NOT_READ = re.compile(
    r'^> .*| -> [^\]]*\]|\[picture [^:\]]*|"(?:custom_id|filename|url|value|callback_data)": .*', re.MULTILINE
)
"""What is typed, what a button presses, names of files."""

LINES = [
    "/price BTC",
    "/price BTC ETH",
    "/price BTTC",
    "/chart BTC",
    "/compare BTC ETH",
    "/market",
    "/market search e",
    "/watch BTC ETH",
    "/alert BTC 60000",
    "/alert BTC 58000",
    "/alert BTC range 3% 1h",
    "/alerts",
    "/forecast BTC",
    "/forecast",
    "/forecastalert BTC 1h up 65",
    "/buy BTC",
    "/buy BTC 1000usdc",
    "/buy BTC 0.000000001",
    "/sell BTC max",
    "/dca BTC 50usdc daily 9:00",
]


def read(text: str) -> str:
    return NOT_READ.sub("", text)


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.txt")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_recorded_messages_write_pairs(path: Path) -> None:
    assert JOINED.findall(read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("line", LINES)
async def test_answers_write_pairs(line: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    await bot.router.answer(bot.inbound("/start"))
    said = transcript(await bot.router.answer(bot.inbound(line)))
    assert JOINED.findall(read(said)) == []


@pytest.mark.parametrize("line", ["/price BTC", "/price BTC ETH", "/chart BTC", "/watch BTC"])
async def test_notes_on_halted_symbols_write_pairs(line: str) -> None:
    bot = FakeDeskBot()
    bot.market.status = dict.fromkeys(bot.market.prices, "HALT")
    said = transcript(await bot.router.answer(bot.inbound(line)))
    assert "BTC/USDC" in said
    assert JOINED.findall(read(said)) == []
