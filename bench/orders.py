"""Confirmed market orders per second through the real desk, beside pgbench TPC-B on the same server in the same run.

Every order is whole: re-priced, matched, booked with postings, balances, cost and receipt, committed to disk before
it is answered. Quotes come from memory, so that the figure is the desk's and the ledger's. The machine's mood changes
from second to second, so desk and pgbench take turns and the ratio is the median of the turns.
"""

import asyncio
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import asyncpg
import uvloop

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from app.engines.postgres import program
from bench.figure import Figure
from core.clock import wall_clock
from core.database import keep_session
from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import LotSize, Notional, SymbolRules
from trading.desk import Desk
from trading.ledger.audit import run_audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Preview, QuoteAmount, Side
from trading.ports import Account
from trading.settings import TradingSettings

_TARGET = 1.0
NO_REDIS = "redis://127.0.0.1:1"

SYMBOL = Symbol("BTCUSDC")
_LOT = LotSize(Decimal("0.00001"), Decimal(9000), Decimal("0.00001"))
RULES = SymbolRules(
    SYMBOL, "BTC", "USDC", tick_size=Decimal("0.01"), lot=_LOT, notional=Notional(Decimal(5), Decimal(9_000_000))
)


class FlatMarket:
    """A quote that moves with every reading, always fresh, never by more than a few ticks."""

    def __init__(self) -> None:
        self._readings = 0

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, 0, 0)

    def now(self) -> int:
        return wall_clock()

    def rules(self, symbol: Symbol) -> SymbolRules:  # noqa: ARG002
        return RULES

    async def quote(self, symbol: Symbol) -> Quote:
        self._readings += 1
        bid = Decimal(6_500_000 + self._readings % 50).scaleb(-2)
        size = Decimal("0.75")
        return Quote(symbol, wall_clock(), 12, 15_000, bid, bid, size, bid + Decimal("0.01"), size)

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        return {symbol: await self.quote(symbol) for symbol in symbols or ()}

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:  # noqa: ARG002
        return []

    async def order_book(self, symbol: Symbol, after: int) -> OrderBook | None:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class Size:
    """Turns of each side, seconds of each turn and of the warm-up before them, and pgbench's scale."""

    turns: int
    seconds: int
    warm_up_seconds: float
    scale: int


FULL = Size(turns=5, seconds=3, warm_up_seconds=1.0, scale=10)
SMALL = Size(turns=1, seconds=1, warm_up_seconds=0.1, scale=1)


@dataclass(frozen=True, slots=True)
class _Turn:
    desk: float
    pgbench: float

    @property
    def ratio(self) -> float:
        return self.desk / self.pgbench


def run(size: Size = FULL) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-orders-") as folder,
        Engines(Path(folder), redis_url=NO_REDIS) as engines,
    ):
        migrate(engines.postgres_dsn)
        tpcb = prepare_pgbench(engines.postgres_dsn, size.scale)
        turns = {clients: _take_turns(engines.postgres_dsn, tpcb, clients, size) for clients in (1, 8)}
        code, text = asyncio.run(run_audit(engines.postgres_dsn))
    if code:
        raise AssertionError(text)
    return [figure for clients, taken in turns.items() for figure in _figures(clients, taken)]


def _figures(clients: int, turns: Sequence[_Turn]) -> list[Figure]:
    ratios = sorted(turn.ratio for turn in turns)
    spread = f"median of {len(turns)} turns, {ratios[0]:.2f} to {ratios[-1]:.2f}"
    at_least = _TARGET if clients > 1 else None
    return [
        Figure(f"orders: {clients} trading at once", statistics.median(turn.desk for turn in turns), "orders/s"),
        Figure(f"pgbench TPC-B: {clients} clients", statistics.median(turn.pgbench for turn in turns), "tx/s"),
        Figure(f"orders beside pgbench, {clients}", statistics.median(ratios), "x", at_least=at_least, note=spread),
    ]


def _take_turns(dsn: str, tpcb: str, clients: int, size: Size) -> list[_Turn]:
    _trade(dsn, clients, size.warm_up_seconds)  # both warm
    return [_Turn(_trade(dsn, clients, size.seconds), pgbench(tpcb, clients, size.seconds)) for _ in range(size.turns)]


# -- the desk ----------------------------------------------------------------------------------


def _trade(dsn: str, clients: int, seconds: float) -> float:
    """Orders per second."""
    return uvloop.run(_traded(dsn, clients, seconds))


async def _traded(dsn: str, clients: int, seconds: float) -> float:
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(
        dsn, min_size=clients, max_size=clients, server_settings=settings, reset=keep_session
    ) as pool:
        assert await pool.fetchval("SHOW synchronous_commit") == "on"
        assert await pool.fetchval("SHOW fsync") == "on"
        desk = Desk(FlatMarket(), PostgresLedger(pool), TradingSettings(), wall_clock)
        accounts = [await desk.open(time.time_ns(), f"start-{time.time_ns()}") for _ in range(clients)]
        previews = [await _previews(desk, account) for account in accounts]
        begun = time.perf_counter()
        counts = await asyncio.gather(
            *(
                _confirm_until(desk, account, seen, begun + seconds)
                for account, seen in zip(accounts, previews, strict=True)
            )
        )
        return sum(counts) / (time.perf_counter() - begun)


async def _previews(desk: Desk, account: Account) -> tuple[Preview, Preview]:
    await desk.place(account, f"stock-{account.account_id}", Side.BUY, SYMBOL, QuoteAmount(Decimal(10_000)))
    size = QuoteAmount(Decimal(100))
    return (
        await desk.preview(account, Side.BUY, SYMBOL, size),
        await desk.preview(account, Side.SELL, SYMBOL, size),
    )


async def _confirm_until(desk: Desk, account: Account, previews: tuple[Preview, Preview], end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        await desk.confirm(account, f"press-{account.account_id}-{count}", previews[count % 2])
        count += 1
    return count


# -- pgbench -----------------------------------------------------------------------------------


def prepare_pgbench(dsn: str, scale: int) -> str:
    """The address of a second database on the same server, filled at this scale."""

    async def create() -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute("CREATE DATABASE tpcb")
        await connection.close()

    asyncio.run(create())
    tpcb = dsn.rpartition("/")[0] + "/tpcb"
    subprocess.run([program("pgbench"), "-i", "-q", "-s", str(scale), tpcb], check=True, capture_output=True)
    return tpcb


def pgbench(tpcb: str, clients: int, seconds: int) -> float:
    """Transactions per second."""
    threads = min(clients, os.cpu_count() or 1)
    command = [str(program("pgbench")), "-n", "-c", str(clients), "-j", str(threads), "-T", str(seconds), tpcb]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+) \(without", told)
    assert found is not None, told
    return float(found[1])
