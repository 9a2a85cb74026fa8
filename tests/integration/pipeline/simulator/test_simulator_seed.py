"""The simulator's seed: secret, drawn once for all processes, and never at the cost of what people have."""

import asyncio
import logging
from typing import TYPE_CHECKING

import asyncpg
import pytest
from msgspec.structs import replace

from app.connections.market import choose_market, open_askable
from app.connections.stores import open_pool
from app.database.migrate import MIGRATIONS, migrate
from app.settings import Settings
from pipeline.market import Candle, Interval, MarketInfo
from pipeline.settings import SimulatorSettings
from pipeline.simulator import SimulatorSource
from pipeline.simulator.stored_seed import stored_seed
from tests.fakes.bot import NOW, FakeMarket
from tests.support.people_house import BTC, CALM
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.settings import TradingSettings

if TYPE_CHECKING:
    from pathlib import Path

    Pool = asyncpg.Pool[asyncpg.Record]

FEW = SimulatorSettings(symbols=3)
OLD = "simulator:model1-seed7"
SETTINGS = Settings(market="sim", simulator=FEW)


async def past(source: SimulatorSource) -> list[Candle]:
    return await source.candles(BTC, Interval.M1, NOW - 600_000, NOW)


async def run(pool: "Pool", settings: Settings = SETTINGS) -> tuple[str, list[Candle]]:
    """The market's name and its last ten minutes, as a desk on this database has them."""
    chosen = await choose_market(settings, lambda: NOW, lambda _: None, pool=pool)
    async with chosen.source as source:
        assert isinstance(source, SimulatorSource)
        return source.info().market, await past(source)


async def test_nobody_can_compute_prices_without_the_secret(pool: "Pool") -> None:
    market, candles = await run(pool)
    assert candles != await past(SimulatorSource(FEW, "USDC", lambda: NOW))
    secret = await pool.fetchval("SELECT secret FROM simulator_seed")
    assert len(secret) >= 16
    for told in (secret.hex(), str(int.from_bytes(secret, "big")), str(int.from_bytes(secret, "little")), "seed7"):
        assert told not in market
    # what is told is no seed either
    digest = market.rpartition("-")[2]
    for guess in (int(digest, 16) % 2**63, digest.encode(), bytes.fromhex(digest) * 2):
        assert candles != await past(SimulatorSource(FEW, "USDC", lambda: NOW, seed=guess))


@pytest.mark.parametrize("place", [0, 15, 31])
async def test_every_byte_of_the_secret_counts(place: int) -> None:
    secret = bytes(range(32))
    other = bytes(byte ^ (at == place) for at, byte in enumerate(secret))
    one, two = (SimulatorSource(FEW, "USDC", lambda: NOW, seed=seed) for seed in (secret, other))
    assert one.info().market != two.info().market
    assert await past(one) != await past(two)
    books = [await source.order_book(BTC) for source in (one, two)]
    assert books[0] != books[1]


async def test_a_restart_goes_on_with_the_same_market(pool: "Pool") -> None:
    assert await run(pool) == await run(pool)


async def test_two_databases_have_two_markets(pool: "Pool", empty_dsn: str) -> None:
    await asyncio.to_thread(migrate, empty_dsn)
    async with open_pool(empty_dsn) as other:
        assert (await run(pool))[0] != (await run(other))[0]


async def test_processes_that_begin_at_once_agree(pool: "Pool") -> None:
    seeds = await asyncio.gather(*(stored_seed(FEW, pool) for _ in range(8)))
    assert len(set(seeds)) == 1


async def test_a_process_without_a_source_computes_the_same(pool: "Pool") -> None:
    chosen = await choose_market(SETTINGS, lambda: NOW, lambda _: None, pool=pool)
    async with chosen.source as source, open_askable(SETTINGS, source.info(), lambda: NOW, pool) as askable:
        assert askable is not None
        assert await askable.order_book(BTC) == await source.order_book(BTC)


async def test_a_seed_that_is_set_is_used(pool: "Pool") -> None:
    settings = Settings(market="sim", simulator=SimulatorSettings(symbols=3, seed=7))
    assert (await run(pool, settings))[0] == OLD
    assert await pool.fetchval("SELECT count(*) FROM simulator_seed") == 0


async def test_the_application_cannot_change_the_secret(pool: "Pool") -> None:
    await run(pool)
    for statement in ("UPDATE simulator_seed SET secret = repeat('x', 32)::bytea", "DELETE FROM simulator_seed"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


# -- what an older version left ----------------------------------------------------------------


@pytest.fixture
def old_dsn(empty_dsn: str, tmp_path: "Path") -> str:
    """A database as it was before there were secret seeds."""
    for script in MIGRATIONS.glob("*.sql"):
        if script.name < "0025":
            (tmp_path / script.name).write_bytes(script.read_bytes())
    migrate(empty_dsn, folder=tmp_path)
    return empty_dsn


async def archive_then(dsn: str) -> None:
    """Archives a candle as a version of then did."""
    async with open_pool(dsn) as pool:
        await pool.execute("SELECT make_candle_partitions($1::bigint, $1::bigint)", NOW)
        await pool.execute(
            "INSERT INTO candle (market, symbol, open_time, open, high, low, close, volume, quote_volume, trades) "
            "VALUES ($1, $2, $3, 1, 1, 1, 1, 1, 1, 1)",
            OLD,
            BTC,
            NOW // 60_000 * 60_000,
        )


class OldMarket(FakeMarket):
    def info(self) -> MarketInfo:
        return replace(super().info(), identity="model1-seed7")


async def test_an_older_database_keeps_its_accounts_and_prices(old_dsn: str, caplog: pytest.LogCaptureFixture) -> None:
    async with open_pool(old_dsn) as pool:
        person = await pool.fetchval("INSERT INTO person (language, timezone) VALUES ('en', 'UTC') RETURNING id")
        desk = Desk(OldMarket(), PostgresLedger(pool, jitter=CALM), TradingSettings(), lambda: NOW)
        account = await desk.open(person, "open")
        cash = await pool.fetchval("SELECT available FROM balance WHERE account_id = $1", account.account_id)
    await asyncio.to_thread(migrate, old_dsn)
    async with open_pool(old_dsn) as pool:
        with caplog.at_level(logging.WARNING):
            market, candles = await run(pool)
        assert market == OLD == account.market
        assert candles == await past(SimulatorSource(FEW, "USDC", lambda: NOW))
        assert "PAPERDESK_SIMULATOR__DRAW_SEED=true" in caplog.text
        desk = Desk(OldMarket(), PostgresLedger(pool, jitter=CALM), TradingSettings(), lambda: NOW)
        assert await desk.account(person) == account
        kept = await desk.portfolio(account)
        assert (kept.cash, kept.equity, kept.positions) == (cash, cash, ())


async def test_an_older_archive_alone_keeps_its_market(old_dsn: str) -> None:
    await archive_then(old_dsn)
    await asyncio.to_thread(migrate, old_dsn)
    async with open_pool(old_dsn) as pool:
        assert (await run(pool))[0] == OLD


async def test_an_older_database_without_a_simulator_draws(old_dsn: str) -> None:
    await asyncio.to_thread(migrate, old_dsn)
    async with open_pool(old_dsn) as pool:
        assert (await run(pool))[0] != OLD


async def test_an_operator_may_draw_on_an_older_database(old_dsn: str) -> None:
    await archive_then(old_dsn)
    await asyncio.to_thread(migrate, old_dsn)
    drawing = Settings(market="sim", simulator=SimulatorSettings(symbols=3, draw_seed=True))
    async with open_pool(old_dsn) as pool:
        drawn = await run(pool, drawing)
        assert drawn[0] != OLD
        assert await run(pool) == drawn, "once drawn, it stays when the setting is gone"
