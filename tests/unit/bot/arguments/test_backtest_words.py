"""What /backtest is asked: coin, interval, rule and period, in both languages."""

from datetime import UTC, datetime

import pytest

from bot.arguments.backtest_words import BACKTEST_REQUESTS, BacktestAction, BacktestRequest
from bot.context import Context
from bot.errors import DatesOutOfOrder, MissingArgument, NotAChoice, NotADate
from core.errors import DeskError
from pipeline.errors import UnknownSymbol
from pipeline.market import DAY_MS, EARLIEST_MS, Interval, Symbol
from tests.fakes.bot import NOW

BTC = Symbol("BTCUSDC")
RULE = "when close > sma(20) buy max"


def day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        (f"BTC 1h {RULE}", BacktestRequest(symbol=BTC, interval=Interval.H1, rule=RULE)),
        (f"bitcoin {RULE}", BacktestRequest(symbol=BTC, rule=RULE)),
        (f"비트코인 4시간 {RULE}", BacktestRequest(symbol=BTC, interval=Interval.H4, rule=RULE)),
        (
            f"BTC 1d {RULE} since 1y",
            BacktestRequest(symbol=BTC, interval=Interval.D1, rule=RULE, since=NOW - 365 * DAY_MS),
        ),
        (f"BTC {RULE} since 90 days", BacktestRequest(symbol=BTC, rule=RULE, since=NOW - 90 * DAY_MS)),
        (f"BTC {RULE} since all", BacktestRequest(symbol=BTC, rule=RULE, since=EARLIEST_MS)),
        (
            f"BTC {RULE} since 2020-01-01 until 2020-12-31",
            BacktestRequest(symbol=BTC, rule=RULE, since=day("2020-01-01"), until=day("2021-01-01")),
        ),
        (
            f"BTC {RULE} 2020-01-01부터 2020-12-31까지",
            BacktestRequest(symbol=BTC, rule=RULE, since=day("2020-01-01"), until=day("2021-01-01")),
        ),
        (f"BTC {RULE} 90일전부터", BacktestRequest(symbol=BTC, rule=RULE, since=NOW - 90 * DAY_MS)),
        ("dip", BacktestRequest(name="dip")),
        ("Dip since 30d", BacktestRequest(name="dip", since=NOW - 30 * DAY_MS)),
        ("again abc 4h", BacktestRequest(BacktestAction.AGAIN, handle="abc", interval=Interval.H4)),
        ("trades abc", BacktestRequest(BacktestAction.TRADES, handle="abc")),
        ("save abc dip", BacktestRequest(BacktestAction.SAVE, handle="abc", name="dip")),
    ],
)
def test_requests(text: str, request_: BacktestRequest, ctx: Context) -> None:
    assert BACKTEST_REQUESTS.parse(text, ctx) == request_


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("BTC", MissingArgument),
        ("BTC 1h", MissingArgument),
        ("since 1y", MissingArgument),
        (RULE, MissingArgument),
        (f"NOPE 1h {RULE}", UnknownSymbol),
        (f"BTC 2h {RULE}", NotAChoice),
        ("again abc 7m", NotAChoice),
        (f"BTC {RULE} since someday", NotADate),
        (f"BTC {RULE} since 2021-02-30", NotADate),
        (f"BTC {RULE} since 2031-01-01", NotADate),
        (f"BTC {RULE} since 2021-03-01 until 2021-02-01", DatesOutOfOrder),
        (f"BTC {RULE} until 2021-03-01 since 1d", DatesOutOfOrder),
    ],
)
def test_refusals(text: str, error: type[DeskError], ctx: Context) -> None:
    with pytest.raises(error):
        BACKTEST_REQUESTS.parse(text, ctx)
