"""/statement reads dates as people write them, in the user's time zone, and shows the account of then."""

from datetime import UTC, datetime

import pytest

from people.person import Language
from tests.fakes.bot import FakeDeskBot

NOON = datetime(2021, 4, 1, 12, tzinfo=UTC)


async def told(bot: FakeDeskBot, line: str) -> str:
    return str((await bot.router.answer(bot.inbound(line))).blocks)


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("/statement 2021-04-01 21:00", datetime(2021, 4, 1, 12, tzinfo=UTC)),
        ("/statement 2021-04-01T09:30", datetime(2021, 4, 1, 0, 30, tzinfo=UTC)),
        ("/statement 2021.3.31 9pm", datetime(2021, 3, 31, 12, tzinfo=UTC)),
        ("/statement 2021-03-31", datetime(2021, 3, 31, 14, 59, 59, 999000, tzinfo=UTC)),
        ("/statement 2021년 3월 31일 오후 3시", datetime(2021, 3, 31, 6, tzinfo=UTC)),
        ("/statement", None),
    ],
)
async def test_a_date_is_one_of_the_users_own_days(line: str, moment: datetime | None) -> None:
    bot = FakeDeskBot()
    await told(bot, line)
    assert bot.statements.asked == [moment]


@pytest.mark.parametrize("line", ["2021-02-30", "2999-01-01", "1999-01-01", "soon", "2021-04-01 25:00", "99999-1-1"])
@pytest.mark.parametrize("language", list(Language))
async def test_what_is_no_past_date_is_refused_with_the_right_form(line: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    said = await told(bot, f"/statement {line}")
    assert bot.statements.asked == []
    wanted = ("2026-11-01", "25:00", "up to today", "오늘까지", "Check the day", "월과 일", "2009-01-01")
    assert any(words in said for words in wanted)


async def test_the_statement_shows_positions_and_the_orders_of_then() -> None:
    bot = FakeDeskBot()
    await told(bot, "/buy BTC 0.5")
    said = await told(bot, "/statement")
    assert "1 open order" in said
    assert "Buy 0.5 BTC" in said
