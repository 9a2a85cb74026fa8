"""The audit compares fills with the archived market, as its queries find it on real PostgreSQL."""

import json
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from msgspec import structs

from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle
from tests.fakes.priced_market import BTC, NOON
from tests.support.trading_house import command, findings, opened, order, owner_of
from trading.ledger.audit import audited, compare_prices, run_audit
from trading.ledger.ports import NewOrder
from trading.ledger.postgres import PostgresLedger
from trading.ledger.rows import order_json
from trading.orders.types import Side

MARKET = "simulator:test"
DAY_MS = 86_400_000


def candle(minute: int, price: float = 100, trades: int = 5) -> Candle:
    return Candle(BTC, minute, price, price + 1, price - 1, price, 1, price, trades)


@pytest.fixture
async def archive(pool: "asyncpg.Pool[asyncpg.Record]") -> CandleArchive:
    """Bitcoin at 100 around noon."""
    archive = CandleArchive(pool)
    await archive.insert(MARKET, [candle(NOON + number * MINUTE_MS) for number in (-1, 0, 1)])
    return archive


async def forged(pool: "asyncpg.Pool[asyncpg.Record]", new: NewOrder, price: str = "1", **changes: Any) -> None:
    """Calls the ledger's own function as the application: one bitcoin for a price that no market had."""
    cheap = {"fills": [[price, "1"]], "quote_amount": price, "average_price": price, "mid_price": price}
    figures = json.loads(order_json(new, command("forged"))) | cheap | changes
    row = await pool.fetchrow("SELECT (place_order($1::text::jsonb)).outcome", json.dumps(figures))
    assert row is not None
    assert row["outcome"] == "filled"


async def test_a_bitcoin_for_one_usdc_is_named(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, archive: CandleArchive
) -> None:
    account = await opened(PostgresLedger(pool))
    await PostgresLedger(pool).place(order(account, price="100"), command("honest"))
    assert await findings(dsn) == []
    await forged(pool, order(account))
    code, text = await run_audit(dsn)
    assert code == 1
    assert "promise 4, impossible price: order 2, BTCUSDC: filled at 1 to 1 while the market was" in text


async def test_a_sale_above_the_market_is_named(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, archive: CandleArchive
) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await ledger.place(order(account, price="100"), command("honest"))
    await ledger.place(order(account, Side.SELL, "0.5", "1000"), command("dear"))
    assert [finding.check for finding in await findings(dsn)] == ["impossible price"]


async def test_a_backdated_trade_is_named(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, archive: CandleArchive
) -> None:
    then = NOON - 30 * DAY_MS
    await archive.insert(MARKET, [candle(then, price=2)])
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await ledger.place(order(account, price="100"), command("honest"))
    await forged(pool, order(account), "2", price_time=then)
    assert {finding.check for finding in await findings(dsn)} == {"impossible price"}
    await forged(pool, order(account), "2", price_time=then, market_time=then, command_id="both")
    assert "trade dated before its predecessor" in {finding.check for finding in await findings(dsn)}


@pytest.mark.parametrize("time", [-(2**62), 2**62, 0])
async def test_a_senseless_time_does_not_end_the_audit(
    time: int, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    await forged(pool, order(await opened(PostgresLedger(pool))), "100", price_time=time)
    assert [finding.check for finding in await findings(dsn)] == ["impossible price"]


async def test_orders_without_candles_are_counted(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, archive: CandleArchive
) -> None:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await ledger.place(order(account), command("compared"))
    later = NOON + DAY_MS
    new = order(account)
    late = replace(new, execution=structs.replace(new.execution, price_time=later))
    await ledger.place(late, replace(command("not compared"), market_time=later))
    found = await audited(dsn)
    assert (found.findings, found.orders, found.uncompared) == ([], 2, 1)
    code, text = await run_audit(dsn)
    assert code == 0
    assert "1 of 2 orders. No candle is archived for the other 1." in text


async def test_one_account_is_compared_alone(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, archive: CandleArchive
) -> None:
    ledger = PostgresLedger(pool)
    accounts = [await opened(ledger, person) for person in (1, 2)]
    for account in accounts:
        await ledger.place(order(account), command(f"buy-{account.account_id}"))
    await forged(pool, order(accounts[1]))
    async with owner_of(dsn) as owner, owner.transaction():
        compared = [await compare_prices(owner, account.account_id) for account in accounts]
    assert [(each.orders, len(each.findings)) for each in compared] == [(1, 0), (2, 1)]
