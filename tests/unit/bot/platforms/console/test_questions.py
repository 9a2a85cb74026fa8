"""Questions of the desk on the console: answered by typing, closed by whatever else is typed."""

import os
from pathlib import Path

import pytest

from bot.platforms.console.handler import Console, LocalUser, Streams
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot


async def session(folder: Path, *lines: str, language: Language = Language.ENGLISH) -> tuple[FakeDeskBot, str]:
    """What a session of these lines, with confirmation switched off, leaves in the desk and prints."""
    bot = FakeDeskBot(language)

    async def language_of() -> Language:
        return language

    entered = folder / "stdin"
    entered.write_text("".join(f"{line}\n" for line in ("/settings confirm off", *lines)), encoding="utf-8")
    stdin = os.open(entered, os.O_RDONLY)
    stdout = os.open(folder / "stdout", os.O_WRONLY | os.O_CREAT)
    console = Console(
        bot.router,
        CATALOGS,
        LocalUser(language, "Asia/Seoul"),
        language_of=language_of,
        market="Market: SIMULATION",
        source_note=str,
        data_dir=folder,
        clock=lambda: 1_700_000_000_000,
        streams=Streams(stdin, stdout, {}),
    )
    try:
        await console.run()
    finally:
        os.close(stdin)
        os.close(stdout)
    return bot, (folder / "stdout").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "lines",
    [
        ("/buy BTC", "0.01"),
        ("/buy BTC", "100usdc"),
        ("/buy", "bitcoin", "100usdc"),
        ("/buy BTC", "hello", "100usdc"),
        ("매수 비트코인", "100usdc"),
        ("/buy BTC", "2"),
    ],
)
async def test_a_question_is_answered_by_typing(tmp_path: Path, lines: tuple[str, ...]) -> None:
    bot, shown = await session(tmp_path, *lines)
    assert len(bot.desk.receipts) == 1
    assert "/cancel" in shown


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("/settings timezone", "뉴욕", "America/New_York"),
        ("/settings language", "korean", "한국어"),
        ("/settings theme", "light", "Light"),
        ("/notifications quiet", "22:00 – 07:00", "22:00–07:00"),
        ("/notifications digest", "8:00", "daily at 08:00"),
    ],
)
async def test_a_setting_is_answered_by_typing(tmp_path: Path, question: str, answer: str, said: str) -> None:
    _, shown = await session(tmp_path, question, answer)
    assert said in shown.rpartition(f"> {answer}\n")[2]


async def test_a_number_in_brackets_presses_its_button(tmp_path: Path) -> None:
    bot, _ = await session(tmp_path, "/buy BTC", "1")
    (receipt,) = bot.desk.receipts.values()
    assert round(receipt[1].execution.quote_amount) == 100


@pytest.mark.parametrize(
    "text", ["/heatmap", "heatmap", "/cancel", "cancel", "취소", "/nosuch", "portfolio", "/market search ETH", "eth"]
)
async def test_another_command_closes_the_question(tmp_path: Path, text: str) -> None:
    bot, _ = await session(tmp_path, "/buy BTC", text, "0.5", "100usdc")
    assert bot.desk.receipts == {}


async def test_a_press_closes_the_question(tmp_path: Path) -> None:
    bot, shown = await session(tmp_path, "/market search", "eth", "1", "0.5usdc")
    assert bot.desk.receipts == {}
    assert "ETH/USDC" in shown


async def test_numbers_answer_a_question_without_buttons(tmp_path: Path) -> None:
    _, shown = await session(tmp_path, "/market", "/market search", "1")
    assert "“1”" in shown
