"""Values of an account at its moments, and of benchmarks beside it. Pure.

At a close every coin has its archived close, or the whole account has no value there: a day without a price is a gap,
not a day without a return. At flows and at the start, which need some value, a coin without an archived price is valued
at its last trade, and the day is marked.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.decimals import EXACT
from pipeline.market import DAY_MS, MINUTE_MS, Symbol
from trading.performance.returns import Floats, growth_factors, linked_by_day
from trading.portfolio.positions import Holding, Mark, value_position
from trading.reports.account_history import ZERO, AccountHistory, Holdings, Moment

STALE_MS = 60 * MINUTE_MS
"""Age above which the price of a close is stale."""

Prices = Mapping[tuple[Symbol, int], tuple[int, float]]
"""Last close known by symbol and time (UTC ms): when it was known, and the close."""


@dataclass(frozen=True, slots=True)
class Valued:
    """Moment with its values in the quote asset, None at a gap. `prices` are those of the coins held before the flow;
    `stale` is True if one was old or that of the last trade.
    """

    moment: Moment
    before: Decimal | None
    after: Decimal | None
    prices: Mapping[Symbol, Decimal]
    stale: bool

    @property
    def flow(self) -> Decimal:
        """Money that came in at this moment, negative for money that went out."""
        if self.before is None or self.after is None:
            return ZERO
        return EXACT.subtract(self.after, self.before)


def wanted_prices(moments: Sequence[Moment], *, live: bool) -> list[tuple[Symbol, int]]:
    """Returns the points at which a price is needed: of coins held, at each moment but the present one (`live`)."""
    last = len(moments) - 1
    return sorted(
        {
            (symbol, each.time)
            for place, each in enumerate(moments)
            if not (live and place == last)
            for symbol in (*each.before.coins, *each.after.coins)
        }
    )


def valued_moments(
    moments: Sequence[Moment], prices: Prices, history: AccountHistory, marks: Mapping[Symbol, Mark] | None = None
) -> list[Valued]:
    """Returns the moments with their values; `marks` are the present prices, for the last one."""
    found: list[Valued] = []
    traded: dict[Symbol, Decimal] = {}
    last = len(moments) - 1
    for place, moment in enumerate(moments):
        traded.update(moment.traded)
        if place == last and marks is not None:
            found.append(_present(moment, marks))
            continue
        fallback = None if moment.close and place else traded
        found.append(_valued(moment, prices, fallback, history))
    return found


def _valued(moment: Moment, prices: Prices, traded: Mapping[Symbol, Decimal] | None, history: AccountHistory) -> Valued:
    used: dict[Symbol, Decimal] = {}
    stale = False
    for symbol in {*moment.before.coins, *moment.after.coins}:
        known = prices.get((symbol, moment.time))
        if known is not None:
            used[symbol] = Decimal(str(known[1]))
            stale = stale or moment.time - known[0] > STALE_MS
        elif traded is not None:
            used[symbol] = traded.get(symbol, ZERO)
            stale = True
        elif moment.time in history.snapshots:
            value, old = history.snapshots[moment.time]
            return Valued(moment, value, value, {}, old)
        else:
            return Valued(moment, None, None, {}, stale=True)
    return Valued(moment, _worth(moment.before, used), _worth(moment.after, used), used, stale)


def _worth(held: Holdings, prices: Mapping[Symbol, Decimal]) -> Decimal:
    total = held.cash
    for symbol, quantity in held.coins.items():
        total = EXACT.add(total, EXACT.multiply(quantity, prices[symbol]))
    return total


def _present(moment: Moment, marks: Mapping[Symbol, Mark]) -> Valued:
    """Values the account as /portfolio does: rounded down, and at zero without a price."""
    total, used, stale = moment.after.cash, dict[Symbol, Decimal](), False
    for symbol, quantity in moment.after.coins.items():
        mark = marks.get(symbol)
        position = value_position(symbol, "", Holding(quantity), mark)
        used[symbol] = ZERO if mark is None else mark.price
        total = EXACT.add(total, position.value or ZERO)
        stale = stale or mark is None or mark.stale
    return Valued(moment, total, total, used, stale)


@dataclass(frozen=True, slots=True)
class DailySeries:
    """Growth of an account over days: `factors` between consecutive moments, `returns` of whole days (NaN elsewhere),
    numbered from `first_day` (days since 1970, UTC).
    """

    first_day: int
    factors: Floats
    returns: Floats


def daily_series(
    times: Sequence[int], days: Sequence[int], before: Floats, after: Floats, closes: set[int]
) -> DailySeries:
    """Returns the series of values at `times`; `days` is the day in which the growth up to each lies, `closes` are the
    times of closes with a known value.
    """
    first, last = times[0] // DAY_MS, days[-1]
    factors = growth_factors(before, after)
    whole = [day * DAY_MS in closes and (day + 1) * DAY_MS in closes for day in range(first, last + 1)]
    ends = np.asarray(days[1:], int) - first
    return DailySeries(first, factors, linked_by_day(ends, factors, whole))


def values_of(valued: Sequence[Valued]) -> tuple[Floats, Floats]:
    """Returns the values before and after the flows as floats, NaN at gaps."""
    before = [np.nan if each.before is None else float(each.before) for each in valued]
    after = [np.nan if each.after is None else float(each.after) for each in valued]
    return np.array(before), np.array(after)


def profits_by_coin(valued: Sequence[Valued]) -> tuple[dict[str, Floats], Floats]:
    """Returns the profit of each coin between consecutive known moments, and the value at the start of each.

    A profit is the value at the end, less that at the start, less what was spent on the coin meanwhile. What no coin
    explains, such as the value of a day that only a snapshot knows, is in the part ''.
    """
    steps: list[tuple[dict[Symbol, float], float, float]] = []
    start: Valued | None = None
    spent: defaultdict[Symbol, float] = defaultdict(float)
    for each in valued:
        for symbol, amount in each.moment.spent.items():
            spent[symbol] += float(amount)
        if each.before is None or each.after is None:
            continue
        if start is not None and start.after is not None:
            steps.append((_step(start, each, spent), float(start.after), float(each.before - start.after)))
        start = each
        spent.clear()
    coins = sorted({symbol for step, _, _ in steps for symbol in step})
    table = {str(coin): np.array([step.get(coin, 0.0) for step, _, _ in steps]) for coin in coins}
    whole = np.array([profit for _, _, profit in steps])
    rest = whole - (np.sum(list(table.values()), axis=0) if table else 0.0)
    rest[np.abs(rest) <= 1e-9 * np.maximum(1.0, np.abs(whole))] = 0.0
    if rest.any():
        table[""] = rest
    return table, np.array([base for _, base, _ in steps])


def _step(start: Valued, end: Valued, spent: Mapping[Symbol, float]) -> dict[Symbol, float]:
    found: dict[Symbol, float] = {}
    for symbol in {*start.moment.after.coins, *end.moment.before.coins, *spent}:
        first = start.moment.after.coins.get(symbol, ZERO) * start.prices.get(symbol, ZERO)
        last = end.moment.before.coins.get(symbol, ZERO) * end.prices.get(symbol, ZERO)
        found[symbol] = float(last - first) - spent.get(symbol, 0.0)
    return found


@dataclass(frozen=True, slots=True)
class PricePath:
    """Growth of a benchmark, rebalanced daily to equal weights if it has several coins. `index` is 1 at the start, and
    has a value for the end of each day; all of them are NaN if no growth is known.
    """

    name: str
    series: DailySeries
    index: Floats


def grid_of(start: int, end: int) -> list[int]:
    """Returns both ends and the midnights (UTC) between them."""
    return [start, *range((start // DAY_MS + 1) * DAY_MS, end, DAY_MS), end]


def price_path(
    name: str,
    symbols: Sequence[Symbol],
    grid: Sequence[int],
    prices: Prices,
    marks: Mapping[Symbol, Mark] | None = None,
) -> PricePath:
    """Returns the path over the grid; `marks` are the prices at its end, if that is the present."""
    rows = [_prices_on(symbol, grid, prices, marks) for symbol in symbols]
    growth = np.array([growth_factors(row, row) for row in rows])
    known = np.isfinite(growth)
    count = known.sum(axis=0) if rows else np.zeros(len(grid) - 1)
    sums = np.where(known, growth, 0.0).sum(axis=0) if rows else np.zeros(len(grid) - 1)
    factors = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
    index = growth_index(factors) if count.any() else np.full(len(grid), np.nan)
    there = [bool(np.isfinite(row).any()) for row in np.array(rows).T] if rows else []
    closes = {time for time, priced in zip(grid, there, strict=False) if priced and time % DAY_MS == 0}
    days = [(time - 1) // DAY_MS if time % DAY_MS == 0 else time // DAY_MS for time in grid]
    return PricePath(name, daily_series(grid, days, index, index, closes), index)


def growth_index(factors: Floats) -> Floats:
    """Returns the value of 1 at each moment; an unknown growth leaves it as it is."""
    return np.concatenate([[1.0], np.cumprod(np.where(np.isfinite(factors), factors, 1.0))])


def _prices_on(symbol: Symbol, grid: Sequence[int], prices: Prices, marks: Mapping[Symbol, Mark] | None) -> Floats:
    found = [prices[symbol, time][1] if (symbol, time) in prices else np.nan for time in grid]
    if marks is not None:
        found[-1] = float(marks[symbol].price) if symbol in marks else np.nan
    return np.array(found)
