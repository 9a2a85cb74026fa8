"""Performance reports on PostgreSQL: the ledger's history, archived closes, and prices of the present."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol, TypeAlias

import asyncpg

from core.database import Connection, Database, Pool
from core.decimals import ROUNDING, down
from core.sql import load_queries
from core.system.bounded_executor import BoundedExecutor
from pipeline.archive.units import Units
from pipeline.errors import MarketUnavailable, NoCandles, UnknownSymbol
from pipeline.market import DAY_MS, Interval, Symbol
from trading.ledger.statements import PRICE_AGE_MS
from trading.market_data import DeskMarket
from trading.orders.types import Side
from trading.portfolio.marks import marks_of
from trading.portfolio.positions import Mark, in_units
from trading.ports import Account
from trading.reports.account_history import (
    ZERO,
    AccountHistory,
    AssetMove,
    HistoryEntry,
    HistoryTrade,
    moments_of,
    ordered,
)
from trading.reports.performance import BeforeHistory, PerformancePeriod, PerformanceReport, PerformanceTooLong
from trading.reports.performance_figures import BITCOIN, EQUAL_WEIGHT, compute_report
from trading.reports.valuation import grid_of, price_path, valued_moments, wanted_prices

SQL = load_queries(__package__, "performance.sql")

MAX_ENTRIES = 50_000
MAX_POINTS = 50_000
"""Most prices that are looked up at once."""

MAX_CANDLE_READS = 32
"""Symbols whose missing closes are asked of the source; those that were traded most recently come first."""

POINTS_A_CALL = 5_000
ROWS_A_FETCH = 500
"""Rows that the driver decodes at once: a long account must not hold the event loop."""

CALL_SECONDS = 15.0
_ONE = Decimal(1)
_SCALE = 18

Rows: TypeAlias = "list[asyncpg.Record]"


class CloseArchive(Protocol):
    """Archived closes; `CandleArchive` is one."""

    async def closes_at(
        self, market: str, points: Sequence[tuple[Symbol, int]], oldest_ms: int
    ) -> dict[tuple[Symbol, int], tuple[int, float]]:
        """Returns the last close known at each point (symbol, UTC ms), in the present unit: when it was known, and the
        close.
        """

    async def units(self, market: str) -> Units:
        """Returns the changes of the units of a market's symbols."""


class PostgresPerformance:
    """`trading.reports.performance.PerformanceReports` on a pool whose role may read the ledger."""

    def __init__(
        self,
        pool: Pool,
        market: DeskMarket,
        archive: CloseArchive,
        *,
        jitter: random.Random | None = None,
        max_entries: int = MAX_ENTRIES,
    ) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), call_seconds=CALL_SECONDS)
        self._market = market
        self._archive = archive
        self._max_entries = max_entries
        self._turn = asyncio.Lock()
        self._executor = BoundedExecutor("performance")

    async def report(self, account: Account, period: PerformancePeriod) -> PerformanceReport:
        """Returns the report. Raises BeforeHistory, PerformanceTooLong and Overloaded."""
        with self._executor.place():
            return await self._report(account, period)

    async def _report(self, account: Account, period: PerformancePeriod) -> PerformanceReport:
        async with self._turn:  # a long account takes a moment of the database: others' orders come first
            rows = await self._database.run(lambda connection: _history(connection, account, self._max_entries))
        history = await self._executor.compute(lambda: _folded(account, *rows))
        now = max(self._market.now(), history.latest)
        start, end, closed = span_of(period, history, now)
        moments = await self._executor.compute(lambda: moments_of(history, start, end, closed=closed))
        if not moments:
            raise BeforeHistory(datetime.fromtimestamp(history.opened / 1000, UTC).date())
        coins = sorted({symbol for each in moments for symbol in (*each.before.coins, *each.spent)})
        bitcoin = Symbol(BITCOIN + history.quote_asset)
        grid = grid_of(moments[0].time, end)
        marks = None if closed else await self._present_marks(account.market, sorted({*coins, bitcoin}))

        def points() -> list[tuple[Symbol, int]]:
            days = grid if closed else grid[:-1]
            wanted = {*wanted_prices(moments, live=not closed)}
            wanted |= {(symbol, at) for symbol in (*coins, bitcoin) for at in days}
            return sorted(wanted, key=lambda each: (-each[1], each[0]))[:MAX_POINTS]

        prices = await self._closes(account.market, await self._executor.compute(points), now)

        def computed() -> PerformanceReport:
            paths = [price_path(BITCOIN, [bitcoin], grid, prices, marks)]
            if coins:
                paths.append(price_path(EQUAL_WEIGHT, coins, grid, prices, marks))
            return compute_report(history, valued_moments(moments, prices, history, marks), paths, closed=closed)

        return await self._executor.compute(computed)

    async def _present_marks(self, market: str, symbols: Sequence[Symbol]) -> dict[Symbol, Mark]:
        marks, units = await marks_of(self._market, symbols), await self._archive.units(market)
        present = {symbol: in_units(mark, units.get(symbol, ())) for symbol, mark in marks.items()}
        return {symbol: mark for symbol, mark in present.items() if mark is not None}

    async def _closes(
        self, market: str, points: Sequence[tuple[Symbol, int]], now: int
    ) -> dict[tuple[Symbol, int], tuple[int, float]]:
        """Returns archived closes, and for days that the archive has trimmed the daily closes of the source."""
        found: dict[tuple[Symbol, int], tuple[int, float]] = {}
        for begin in range(0, len(points), POINTS_A_CALL):
            found |= await self._archive.closes_at(market, points[begin : begin + POINTS_A_CALL], PRICE_AGE_MS)
        missing: defaultdict[Symbol, list[int]] = defaultdict(list)
        for symbol, at in points:
            if at % DAY_MS == 0 and (symbol, at) not in found:
                missing[symbol].append(at)
        for symbol, times in list(missing.items())[:MAX_CANDLE_READS]:
            try:
                candles = await self._market.candles(symbol, Interval.D1, (now - min(times)) // DAY_MS + 1)
            except (NoCandles, UnknownSymbol):
                continue
            except MarketUnavailable:  # the days stay gaps
                break
            closes = {candle.open_time + DAY_MS: candle.close for candle in candles}
            found |= {(symbol, at): (at, closes[at]) for at in times if at in closes}
        return found


def span_of(period: PerformancePeriod, history: AccountHistory, now: int) -> tuple[int, int, bool]:
    """Returns the start and the end of a period (UTC ms), and whether it ended with a close. It never begins before
    the account, nor ends after `now`. Raises BeforeHistory.
    """
    start, end = history.opened, now
    if period.since_reset:
        start = history.last_reset
    elif period.days is not None:
        start = max(start, (now // DAY_MS - period.days + 1) * DAY_MS)
    if period.first is not None:
        start = max(start, _midnight(period.first))
    if period.last is not None:
        end = min(end, _midnight(period.last + timedelta(days=1)))
    if end <= history.opened and end < now:
        raise BeforeHistory(datetime.fromtimestamp(history.opened / 1000, UTC).date())
    end = max(start, end)
    return start, end, end < now


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


async def _history(connection: Connection, account: Account, limit: int) -> tuple[Rows, Rows, Rows, Rows]:
    """Returns the rows that `_folded` takes."""
    number = account.account_id
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if await connection.fetchval(SQL["entries"], number) > limit:
            raise PerformanceTooLong(limit)
        return (
            await _rows(connection, "moves", number),
            await _rows(connection, "trades", number),
            await _rows(connection, "realised", number),
            await _rows(connection, "snapshots", number),
        )


async def _rows(connection: Connection, name: str, account_id: int) -> Rows:
    found: Rows = []
    cursor = await connection.cursor(SQL[name], account_id)
    while portion := await cursor.fetch(ROWS_A_FETCH):
        found += portion
    return found


def _folded(account: Account, moves: Rows, trades: Rows, changes: Rows, snapshots: Rows) -> AccountHistory:
    executed = {row["entry_id"]: _trade(row) for row in trades}
    symbols = {trade.base: trade.symbol for trade in executed.values()}
    realised = dict.fromkeys((row["entry_id"] for row in changes), ZERO)
    for row in changes:
        symbols[row["asset"]] = Symbol(row["symbol"])
        realised[row["entry_id"]] += row["realised"]
    of_entry: defaultdict[int, list[AssetMove]] = defaultdict(list)
    later: dict[tuple[int, str], Decimal] = {}
    for row in reversed(moves):  # everything in the present unit, as the closes are
        if row["asset"] is None:
            continue
        key = row["account_id"], row["asset"]
        ratio, net = later.get(key, _ONE), row["net"]
        if row["ratio"] is not None:
            net = net - row["gone"] * (row["ratio"] - 1)  # what rounding left
            later[key] = ROUNDING.multiply(ratio, row["ratio"])
        of_entry[row["id"]].insert(0, AssetMove(row["asset"], _times(net, ratio), row["granted"]))
        trade = executed.get(row["id"])
        if trade is not None and trade.base == row["asset"] and ratio != 1:
            executed[row["id"]] = _in_unit(trade, ratio)
    heads = {row["id"]: row for row in moves}
    entries = [
        HistoryEntry(
            number,
            row["market_time_ms"],
            row["kind"],
            row["account_id"],
            tuple(of_entry[number]),
            executed.get(number),
            realised.get(number, ZERO),
        )
        for number, row in sorted(heads.items())
    ]
    stored = {_midnight(row["day"]): (row["equity"], row["stale"]) for row in snapshots}
    return AccountHistory(account.account_id, account.quote_asset, ordered(entries), symbols, stored)


def _times(amount: Decimal, ratio: Decimal) -> Decimal:
    return amount if ratio == 1 else down(ROUNDING.multiply(amount, ratio), _SCALE)


def _in_unit(trade: HistoryTrade, ratio: Decimal) -> HistoryTrade:
    """Returns a trade whose coins are counted in a unit of which `ratio` are one of its own."""
    buys = trade.side is Side.BUY
    return replace(
        trade,
        quantity=_times(trade.quantity, ratio),
        price=_times(trade.price, ROUNDING.divide(1, ratio)),
        mid_price=_times(trade.mid_price, ROUNDING.divide(1, ratio)),
        received=_times(trade.received, ratio) if buys else trade.received,
        fee=_times(trade.fee, ratio) if buys else trade.fee,
    )


def _trade(row: asyncpg.Record) -> HistoryTrade:
    return HistoryTrade(
        order_id=row["order_id"],
        symbol=Symbol(row["symbol"]),
        base=row["base"],
        side=Side(row["side"]),
        quantity=row["quantity"],
        price=row["average_price"],
        amount=row["quote_amount"],
        received=row["received"],
        fee=row["fee"],
        mid_price=row["mid_price"],
        realised=row["realised"],
        type=row["type"],
        undone=row["undone"],
    )
