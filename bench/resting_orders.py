"""Commands of every kind of order through the real desks, beside pgbench TPC-B on the same server in the same run.

Each connection places, amends and cancels orders of its own account in turn: a limit order, a stop, a pair, a bracket
and a market order. A command counts when its answer has come back. The last figures are those of one account that all
connections share. Quotes come from memory; sides take turns, and a ratio is the median of the turns.
"""

import asyncio
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import asyncpg
import uvloop

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.orders import NO_REDIS, SYMBOL, FlatMarket, pgbench, prepare_pgbench
from core.clock import wall_clock
from core.database import keep_session
from trading.desk import Desk
from trading.ledger.audit import run_audit
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.matching.liquidity import Liquidity
from trading.orders.requests import BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, RelativePrice
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.ports import Account
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings

T = TypeVar("T")
_HOT = 8
"""Connections that share one account. With 32, on a busy machine, commands waited for the account until their limit."""
_SIZE = BaseQuantity(Decimal("0.001"))


def _off(fraction: str) -> RelativePrice:
    return RelativePrice(Decimal(fraction))


_LIMIT = OrderRequest(SYMBOL, Side.BUY, OrderType.LIMIT, _SIZE, limit_price=_off("-0.01"))
_STOP = OrderRequest(SYMBOL, Side.SELL, OrderType.STOP_LOSS, _SIZE, stop_price=_off("-0.02"))
_OCO = OcoRequest(SYMBOL, Side.SELL, _SIZE, _off("0.02"), _off("-0.02"))
_BRACKET = BracketRequest(SYMBOL, Side.BUY, _SIZE, _off("0.03"), _off("-0.02"), entry_price=_off("-0.01"))


@dataclass(frozen=True, slots=True)
class Size:
    """Connections; turns of each side, seconds of each; and pgbench's scale."""

    connections: tuple[int, ...]
    turns: int
    seconds: int
    scale: int


FULL = Size(connections=(1, 8, 32), turns=3, seconds=3, scale=32)
SMALL = Size(connections=(2,), turns=1, seconds=1, scale=2)


def run(size: Size = FULL) -> list[Figure]:
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-resting-") as folder,
        Engines(Path(folder), redis_url=NO_REDIS) as engines,
    ):
        dsn = engines.postgres_dsn
        migrate(dsn)
        tpcb = prepare_pgbench(dsn, size.scale)
        for connections in size.connections:
            figures += _compare(dsn, tpcb, connections, size, shared=False)
        figures += _compare(dsn, tpcb, min(_HOT, size.connections[-1]), size, shared=True)
        code, text = asyncio.run(run_audit(dsn))
    if code:
        raise AssertionError(text)
    return figures


def _compare(dsn: str, tpcb: str, connections: int, size: Size, *, shared: bool) -> list[Figure]:
    ours: list[float] = []
    theirs: list[float] = []
    spent: defaultdict[str, float] = defaultdict(float)
    done: Counter[str] = Counter()
    for _ in range(size.turns):
        ours.append(uvloop.run(_Side(dsn, connections, size.seconds, spent, done, shared=shared).rate()))
        theirs.append(pgbench(tpcb, connections, size.seconds))
    who = f"one account, {connections} connections" if shared else f"{connections} connections"
    ratios = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    each = ", ".join(f"{kind} {spent[kind] / done[kind] * 1000:.1f}" for kind in sorted(done))
    at_least = 1000 / 2300 if shared else (1.0 if connections > 1 else None)
    spread = f"median of {len(ratios)} turns, {ratios[0]:.2f} to {ratios[-1]:.2f}"
    return [
        Figure(f"commands of every kind: {who}", statistics.median(ours), "commands/s", note=f"mean ms: {each}"),
        Figure(f"pgbench TPC-B beside: {who}", statistics.median(theirs), "tx/s"),
        Figure(f"commands beside pgbench: {who}", statistics.median(ratios), "x", at_least=at_least, note=spread),
    ]


@dataclass(slots=True)
class _Side:
    """One turn of the desks."""

    dsn: str
    connections: int
    seconds: float
    spent: defaultdict[str, float]
    done: Counter[str]
    shared: bool

    async def rate(self) -> float:
        """Returns the commands per second."""
        settings = {"role": ROLE, "timezone": "UTC"}
        many = self.connections
        async with asyncpg.create_pool(
            self.dsn, min_size=many, max_size=many, server_settings=settings, reset=keep_session
        ) as pool:
            market, liquidity = FlatMarket(), Liquidity()
            ledger, limits = PostgresLedger(pool), TradingSettings()
            desk = Desk(market, ledger, limits, wall_clock, liquidity=liquidity)
            resting = RestingDesk(market, PostgresOrderStore(pool), ledger, limits, wall_clock, liquidity)
            accounts = [
                await desk.open(time.time_ns(), f"start-{time.time_ns()}") for _ in range(1 if self.shared else many)
            ]
            for account in accounts:
                bought = QuoteAmount(Decimal(5_000))
                await desk.place(account, f"stock-{account.account_id}", Side.BUY, SYMBOL, bought)
            begun = time.perf_counter()
            before = self.done.total()
            await asyncio.gather(
                *(self._trade(desk, resting, accounts[n % len(accounts)], n, begun + self.seconds) for n in range(many))
            )
            return (self.done.total() - before) / (time.perf_counter() - begun)

    async def _trade(self, desk: Desk, resting: RestingDesk, account: Account, worker: int, end: float) -> None:
        number = 0
        while time.perf_counter() < end:
            number += 1
            name = f"bench-{account.account_id}-{worker}-{number}"
            side = Side.SELL if number % 2 else Side.BUY
            await self._timed("market", desk.place(account, f"{name}-m", side, SYMBOL, _SIZE))
            limit = await self._timed("limit", resting.place(account, f"{name}-l", _LIMIT))
            order = limit.orders[0].order_id
            await self._timed("amend", resting.amend(account, f"{name}-a", order, price=_off("-0.015")))
            await self._timed("cancel", resting.cancel(account, f"{name}-c", order))
            for kind, request in (("stop", _STOP), ("oco", _OCO), ("bracket", _BRACKET)):
                placed = await self._timed(kind, resting.place(account, f"{name}-{kind}", request))
                first = placed.orders[0].order_id
                await self._timed("cancel", resting.cancel(account, f"{name}-{kind}-c", first))

    async def _timed(self, kind: str, act: Awaitable[T]) -> T:
        begun = time.perf_counter()
        answer = await act
        self.spent[kind] += time.perf_counter() - begun
        self.done[kind] += 1
        return answer
