"""Dates and periods as users type them, and the reason why one is refused."""

from datetime import date, datetime

import pytest

from bot.arguments.backtest_words import BacktestRequest
from bot.arguments.moments import dates_apart, find_date, read_date
from bot.arguments.record_periods import ExportPeriod
from bot.context import Context
from bot.errors import NotAChoice, NotADate
from tests.unit.bot.arguments.typed import values
from trading.reports.performance import PerformancePeriod

TODAY = date(2021, 4, 2)
MARCH = PerformancePeriod(first=date(2021, 3, 1), last=date(2021, 3, 31))


@pytest.mark.parametrize(
    ("text", "problem", "shown"),
    [
        ("2021-02-30", "calendar", "2021-02-30"),
        ("30 February 2021", "calendar", "30 February 2021"),
        ("2월 30일", "calendar", "2월 30일"),
        ("2021-13-01", "calendar", "2021-13-01"),
        ("2021-02-30 12:00", "calendar", "2021-02-30"),
        ("1970-01-01", "early", "1970-01-01"),
        ("2021-04-03", "future", "2021-04-03"),
        ("tomorrow", "future", "tomorrow"),
        ("내일", "future", "내일"),
        ("soon", "form", "soon"),
        ("Smarch 5, 2021", "form", "Smarch 5, 2021"),
    ],
)
def test_a_refused_date_states_the_reason(text: str, problem: str, shown: str) -> None:
    with pytest.raises(NotADate) as refused:
        read_date(" ".join(text.casefold().split()), TODAY, text)
    assert (refused.value.problem, refused.value.text) == (problem, shown)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("apr 5", date(2021, 4, 5)),
        ("apr 1", date(2022, 4, 1)),
        ("4월 5일", date(2021, 4, 5)),
        ("내일", date(2021, 4, 3)),
    ],
)
def test_a_date_without_a_year_may_lie_ahead(text: str, day: date) -> None:
    assert find_date(text, TODAY, text, ahead=True) == (day, "")


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-01–2021-03-31",
        "2021-03-01 ~ 2021-03-31",
        "2021-03-01..2021-03-31",
        "from 2021-03-01 to 2021-03-31",
        "between 2021-03-01 and 2021-03-31",
        "Mar 1, 2021–Mar 31, 2021",
        "1 Mar - 31 Mar 2021",
        "2021. 3. 1. ~ 2021. 3. 31.",
        "2021-03-01부터 2021-03-31까지",
        "3월 1일부터 3월 31일까지",
        "3월 1일 ~ 3월 31일",
    ],
)
def test_a_period_is_joined_in_any_way(text: str, ctx: Context) -> None:
    assert values(f"/performance {text}", ctx)[0].period == MARCH


def test_one_date_stays_whole() -> None:
    assert dates_apart("2021-03-01 12:00") == "2021-03-01 12:00"


@pytest.mark.parametrize(
    "period",
    [
        "since 2021-03-01 until 2021-03-20",
        "2021-03-01~2021-03-20",
        "from 2021-03-01 to 2021-03-20",
        "2021-03-01 – 2021-03-20",
        "since Mar 1, 2021 until 20 March 2021",
        "3월 1일부터 3월 20일까지",
        "2021년 3월 1일부터 2021년 3월 20일까지",
    ],
)
def test_the_period_of_a_back_test(period: str, ctx: Context) -> None:
    request: BacktestRequest = values(f"/backtest BTC when rsi(14) < 30 buy 10% {period}", ctx)[0]
    day = 24 * 3_600_000
    assert request.since == datetime.fromisoformat("2021-03-01T00:00+00:00").timestamp() * 1000
    assert (request.until or 0) - (request.since or 0) == 20 * day
    assert request.rule == "when rsi(14) < 30 buy 10%"


@pytest.mark.parametrize("text", ["2021-03-01", "since 2021-03-01", "Mar 1, 2021", "2021-03-01부터", "2021. 3. 1."])
def test_an_export_may_begin_on_a_date(text: str, ctx: Context) -> None:
    begin = datetime(2021, 3, 1, tzinfo=ctx.format.zone)
    assert values(f"/export fills {text}", ctx)[1] == ExportPeriod(None, begin)


def test_an_export_up_to_a_date_offers_its_begin(ctx: Context) -> None:
    with pytest.raises(NotAChoice) as refused:
        values("/export fills 2021-03-01~2021-03-31", ctx)
    assert refused.value.choices[0] == "2021-03-01"


@pytest.mark.parametrize(
    "text", ["until Apr 5, 2021", "until 5 April", "until 2021. 4. 5.", "4월 5일까지", "until 2021-04-05"]
)
def test_an_order_ends_on_a_date(text: str, ctx: Context) -> None:
    wanted = values("/limit BTC buy 0.1 @ 57000 2021-04-05", ctx)[-1][0].expires_at
    assert values(f"/limit BTC buy 0.1 @ 57000 {text} maker", ctx)[-1][0].expires_at == wanted


@pytest.mark.parametrize("text", ["until tomorrow", "내일까지", "until Apr 3", "until 2021-04-03"])
@pytest.mark.parametrize("line", ["/limit BTC buy 0.1 @ 57000", "/alert BTC > 60000"])
def test_what_ends_tomorrow(line: str, text: str, ctx: Context) -> None:
    assert values(f"{line} {text}", ctx)[-1][0].expires_at is not None


@pytest.mark.parametrize("line", ["/limit BTC buy 0.1 @ 57000 until 2021-06-31", "/alert BTC > 60000 until 2021-06-31"])
def test_an_end_on_no_day_is_explained(line: str, ctx: Context) -> None:
    with pytest.raises(NotADate) as refused:
        values(line, ctx)
    assert refused.value.problem == "calendar"
