"""Holds outlive the process, end with the operator's decision, and are told once."""

import asyncio
import random
from decimal import Decimal

import asyncpg

from core.database import Database
from jobs.symbol_holds import SymbolHoldNotices
from people.notifications.notices import decode
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.archive.postgres import CandleArchive
from pipeline.flow.symbol_holds import keep_holds
from pipeline.market import Candle, Frame, MarketInfo, SourceKind, Symbol, Tick
from pipeline.quality.hold_store import PostgresHolds
from pipeline.quality.trading_gaps import GAP_MS, TradingGapGuard
from tests.contract.pipeline.bus.test_bus import until
from tests.fakes.priced_market import NOON
from tests.support.trading_house import command, opened, order, owner_of
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side
from trading.portfolio.notices import SymbolHeld

BTC, MARKET = Symbol("BTCUSDC"), "simulator:test"


def info() -> MarketInfo:
    return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, NOON, 0, identity="test")


async def test_a_hold_outlives_its_process_and_ends_with_the_decision(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    store, guard = PostgresHolds(pool), TradingGapGuard(3.0)
    await CandleArchive(pool).insert(MARKET, [Candle(BTC, NOON - 60_000, 100.0, 100.0, 100.0, 100.0, 1.0)])
    guard.seed(await store.last_prices(MARKET, [BTC]))
    assert guard.take(Frame(NOON + GAP_MS, (Tick(BTC, NOON + GAP_MS, "900"),))).ticks == ()
    keeping = asyncio.create_task(keep_holds(guard, store, info, seconds=0.01))
    await until(lambda: not guard.unwritten)
    assert await store.held(MARKET) == {BTC}, "the next process knows it"
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE symbol_hold SET released_at = now()")
    await until(lambda: not guard.held)
    keeping.cancel()


async def test_who_holds_the_symbol_is_told_once(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> None:
    people = PostgresPeople(Database(pool, jitter=random.SystemRandom()))
    ledger = PostgresLedger(pool)
    for name in ("holder", "idle"):
        person = (await people.meet("console", name, Language.ENGLISH, "UTC")).person_id
        await pool.execute(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)"
            " VALUES ($1, 'console', $2, false, now())",
            person,
            name,
        )
        account = await opened(ledger, person)
        if name == "holder":
            await ledger.place(order(account, Side.BUY, "1", "100"), command("buy"))
    await pool.execute(
        "INSERT INTO symbol_hold (market, symbol, last_price, jumped_price, market_time_ms)"
        " VALUES ($1, $2, 100, 900, 5)",
        MARKET,
        BTC,
    )
    told: list[int] = []
    job = SymbolHoldNotices(pool, jitter=random.SystemRandom(), on_told=lambda: told.append(1))
    assert [await job.run(), await job.run()] == [1, 0]
    async with owner_of(dsn) as owner:
        (row,) = await owner.fetch("SELECT chat_id, body FROM outbox")
    assert (row["chat_id"], told) == ("holder", [1])
    assert decode(row["body"]) == SymbolHeld(MARKET, BTC, 5, Decimal(100))
