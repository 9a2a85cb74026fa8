"""Equity over time: the effect of trades on the account, bucket by bucket, valued at the candles' closes. Pure except
for `load_closes`.

The curve is a statistic, not money: candle closes are floats, and a holding without a known candle is valued at its
last trade. The first point is the grant and the last is the current portfolio, both exact.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from core.decimals import EXACT, ROUNDING, down
from pipeline.archive.units import UnitChange, Units, ratio_since
from pipeline.errors import NoCandles, UnknownSymbol
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.portfolio.positions import Portfolio

MAX_CANDLE_READS = 32
MAX_CANDLES = 1000
_SCALE = 18
"""Decimals of a price that was converted."""

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
    trade's, of `time`. `unit` is set where the holding changed its unit instead.
    """

    bucket: int
    symbol: Symbol
    cash: Decimal
    base: Decimal
    price: Decimal
    time: int = 0
    unit: UnitChange | None = None


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


class _Price(NamedTuple):
    """Price in the present unit, of `time`."""

    time: int
    price: Decimal


def equity_points(
    plan: EquityPlan, portfolio: Portfolio, changes: Sequence[AccountFlow], closes: Closes
) -> list[EquityPoint]:
    """Returns the points of the curve; `changes` must be in bucket order."""
    cash = portfolio.granted
    held: dict[Symbol, Decimal] = {}
    traded: dict[Symbol, _Price] = {}
    units = _UnitsInTime(portfolio.units, changes)
    points = [EquityPoint(plan.start, portfolio.granted)]
    upcoming = iter(changes)
    change = next(upcoming, None)
    for bucket in range(plan.last_bucket):
        time = plan.start + (bucket + 1) * plan.width_ms
        while change is not None and change.bucket <= bucket:
            symbol = change.symbol
            cash = EXACT.add(cash, change.cash)
            held[symbol] = EXACT.add(held.get(symbol, Decimal(0)), change.base)
            if change.unit is None:
                present = units.present(symbol, change.price, change.time)
                traded[symbol] = _Price(time - plan.width_ms, present)
            else:
                units.apply(symbol, change.unit)
            change = next(upcoming, None)
        equity = cash
        for symbol, quantity in held.items():
            if quantity:
                price = units.then(symbol, _price_at(time, traded.get(symbol), closes.get(symbol)), time)
                equity = EXACT.add(equity, EXACT.multiply(quantity, price))
        points.append(EquityPoint(time, equity))
    points.append(EquityPoint(plan.end, portfolio.equity))
    return points


class _UnitsInTime:
    """Unit of each holding, as time passes. Candles are in the present unit, quantities and trades in theirs."""

    def __init__(self, units: Units, changes: Sequence[AccountFlow]) -> None:
        told = {(each.symbol, each.unit.since) for each in changes if each.unit is not None}
        self._units = units
        self._others = {
            symbol: [each for each in through if (symbol, each.since) not in told] for symbol, through in units.items()
        }
        self._applied: dict[Symbol, Decimal] = {}

    def apply(self, symbol: Symbol, change: UnitChange) -> None:
        """Takes note that the account's entry of the change has come."""
        self._applied[symbol] = ROUNDING.multiply(self._applied.get(symbol, Decimal(1)), change.ratio)

    def present(self, symbol: Symbol, price: Decimal, time: int) -> Decimal:
        """Returns a price in the unit of `time` in the present unit."""
        ratio = self._later(symbol, time)
        return price if ratio == 1 else down(ROUNDING.divide(price, ratio), _SCALE)

    def then(self, symbol: Symbol, price: Decimal, time: int) -> Decimal:
        """Returns a price in the present unit in that of `time`."""
        ratio = self._later(symbol, time)
        return price if ratio == 1 else down(ROUNDING.multiply(price, ratio), _SCALE)

    def _later(self, symbol: Symbol, time: int) -> Decimal:
        """Returns how many present units one unit of the holding is at `time`. Changes without an entry, of coins that
        a merge brought or that were bought later, count by their time.
        """
        if symbol not in self._units and symbol not in self._applied:
            return Decimal(1)
        whole = ratio_since(-1, self._units.get(symbol, ()))
        passed = ROUNDING.divide(
            ratio_since(-1, self._others.get(symbol, ())), ratio_since(time, self._others.get(symbol, ()))
        )
        return ROUNDING.divide(whole, ROUNDING.multiply(passed, self._applied.get(symbol, Decimal(1))))


def _price_at(time: int, traded: _Price | None, closes: tuple[Sequence[int], Sequence[Decimal]] | None) -> Decimal:
    """Returns the last close up to `time`, or the price of the last trade if that is newer, in the present unit."""
    trade = traded or _Price(0, Decimal(0))
    if closes is None:
        return trade.price
    times, prices = closes
    position = bisect_right(times, time)
    return prices[position - 1] if position and times[position - 1] > trade.time else trade.price
