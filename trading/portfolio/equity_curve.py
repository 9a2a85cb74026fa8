"""Equity over time: the effect of trades on the account, bucket by bucket, valued at the candles' closes. Pure except
for `load_closes`.

The curve is a statistic, not money: candle closes are floats, and a holding without a known candle is valued at its
last trade. The first point is the grant and the last is the current portfolio, both exact.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from pipeline.errors import NoCandles, UnknownSymbol
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.portfolio.positions import Portfolio

MAX_CANDLE_READS = 32
MAX_CANDLES = 1000

Closes = Mapping[Symbol, tuple[Sequence[int], Sequence[Decimal]]]
"""Close times (UTC ms, rising) and closes, by symbol."""


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """Equity in the quote asset at `time` (UTC ms of the market's clock)."""

    time: int
    equity: Decimal


@dataclass(frozen=True, slots=True)
class AccountFlow:
    """Effect of trades on an account in one bucket of time: signed amounts of cash and base; `price` is the last
    trade's.
    """

    bucket: int
    symbol: Symbol
    cash: Decimal
    base: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class EquityPlan:
    """Buckets 0 .. last_bucket of `width_ms` after `start`, with a point at the end of each, the last at `end`."""

    start: int
    end: int
    width_ms: int
    last_bucket: int
    interval: Interval


def plan_equity(start: int, now: int, points: int) -> EquityPlan:
    """Plans at most `points` points, the start's included. A market whose clock began again before `start` gets one
    minute.
    """
    start = min(start, now - MINUTE_MS)
    buckets = points - 1
    minutes = -(-(now - start) // (buckets * MINUTE_MS))
    width_ms = minutes * MINUTE_MS
    fitting = [interval for interval in Interval if interval.ms <= width_ms]
    interval = max(fitting, key=lambda each: each.ms)
    return EquityPlan(start, now, width_ms, -(-(now - start) // width_ms) - 1, interval)


async def load_closes(
    candles: Callable[[Symbol, Interval, int], Awaitable[list[Candle]]],
    changes: Sequence[AccountFlow],
    plan: EquityPlan,
) -> Closes:
    """Loads the closes of the symbols with the largest turnover, at most MAX_CANDLE_READS symbols. Raises
    MarketUnavailable.
    """
    moved: dict[Symbol, Decimal] = {}
    for change in changes:
        moved[change.symbol] = EXACT.add(moved.get(change.symbol, Decimal(0)), abs(change.cash))
    count = min((plan.end - plan.start) // plan.interval.ms + 2, MAX_CANDLES)
    closes: dict[Symbol, tuple[Sequence[int], Sequence[Decimal]]] = {}
    moved.pop(Symbol(""), None)  # the quote asset that a merge brought
    for symbol in sorted(moved, key=lambda each: (-moved[each], each))[:MAX_CANDLE_READS]:
        try:
            read = await candles(symbol, plan.interval, count)
        except (NoCandles, UnknownSymbol):
            continue
        times = [candle.open_time + plan.interval.ms for candle in read]
        closes[symbol] = (times, [Decimal(str(candle.close)) for candle in read])
    return closes


def equity_points(
    plan: EquityPlan, portfolio: Portfolio, changes: Sequence[AccountFlow], closes: Closes
) -> list[EquityPoint]:
    """Returns the points of the curve; `changes` must be in bucket order."""
    cash = portfolio.granted
    held: dict[Symbol, Decimal] = {}
    traded: dict[Symbol, tuple[int, Decimal]] = {}
    points = [EquityPoint(plan.start, portfolio.granted)]
    upcoming = iter(changes)
    change = next(upcoming, None)
    for bucket in range(plan.last_bucket):
        time = plan.start + (bucket + 1) * plan.width_ms
        while change is not None and change.bucket <= bucket:
            cash = EXACT.add(cash, change.cash)
            held[change.symbol] = EXACT.add(held.get(change.symbol, Decimal(0)), change.base)
            traded[change.symbol] = (time - plan.width_ms, change.price)
            change = next(upcoming, None)
        equity = cash
        for symbol, quantity in held.items():
            if quantity:
                price = _price_at(time, traded[symbol], closes.get(symbol))
                equity = EXACT.add(equity, EXACT.multiply(quantity, price))
        points.append(EquityPoint(time, equity))
    points.append(EquityPoint(plan.end, portfolio.equity))
    return points


def _price_at(
    time: int, traded: tuple[int, Decimal], closes: tuple[Sequence[int], Sequence[Decimal]] | None
) -> Decimal:
    """Returns the last close up to `time`, or the price of the last trade if that is newer."""
    trade_time, trade_price = traded
    if closes is None:
        return trade_price
    times, prices = closes
    position = bisect_right(times, time)
    return prices[position - 1] if position and times[position - 1] > trade_time else trade_price
