"""The monitor beside real engines, all of them or some."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from app.cli.main import main
from app.cli.monitor import probes, run
from app.cli.monitor.run import Monitor, run_monitor, watching
from app.cli.monitor.snapshot import ArchiveSnapshot, DeskSnapshot, Down, Prices, StreamSnapshot, Unusable
from app.engines.datadir import take_lock
from app.errors import DeskNotRunning
from app.settings import load_settings
from app.startup import Addresses
from bot.ui.texts import load_catalog
from core.leader_election import Lease
from people.person import Language
from pipeline.archive.postgres import CandleArchive
from pipeline.bus.kafka import open_kafka_bus
from pipeline.market import DAY_MS, MINUTE_MS, Frame
from pipeline.quality.inspector import Inspector
from pipeline.quality.publisher import QualityPublisher
from pipeline.settings import KafkaSettings
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.kafka_server import Server
from tests.fakes.scripted_market import BTC, COIN, ETH, START, info_at, minute, rules_of, tick

M = MINUTE_MS
NOON = START + DAY_MS // 2
INFO = info_at(NOON)
NO_KAFKA = KafkaSettings()
CATALOG = load_catalog(Language.ENGLISH)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as client:
        yield client


@pytest.fixture
async def store(redis: Redis) -> RedisStore:
    """Of four symbols BTC is fresh, ETH stale, the third without a price and DEAD halted."""
    store = RedisStore(redis, 1000)
    await store.start(INFO)
    rules = [*rules_of("BTC", "ETH", "币安人生"), *rules_of("DEAD", status="HALT")]
    await store.publish_rules(*codec.encode_rules(rules))
    await store.write([tick(BTC, NOON - 300), tick(ETH, NOON - 60_000)])
    return store


def nowhere() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


async def look(postgres: str, redis: str, kafka: KafkaSettings = NO_KAFKA) -> DeskSnapshot:
    async with watching(Addresses(postgres, redis), kafka, lambda: 0) as watch:
        await watch.everything()
        return watch.snapshot()


async def test_prices_are_told_apart_by_the_markets_own_clock(dsn: str, redis_url: str, store: RedisStore) -> None:
    prices = (await look(dsn, redis_url)).prices
    assert isinstance(prices, Prices)
    assert (prices.fresh, prices.stale, prices.silent, prices.halted, prices.symbols) == (1, 1, 1, 1, 4)
    assert (prices.newest_ms, prices.oldest_ms) == (300, 60_000)
    assert prices.keys == 10
    assert prices.memory > 0


async def test_the_rate_counts_what_is_written_between_looks(dsn: str, redis_url: str, store: RedisStore) -> None:
    async with watching(Addresses(dsn, redis_url), NO_KAFKA, lambda: 0) as watch:
        await asyncio.sleep(0.3)
        await store.write([tick(BTC, NOON + number) for number in range(50)])
        for _ in range(100):
            await asyncio.sleep(0.1)
            prices = watch.snapshot().prices
            if isinstance(prices, Prices) and prices.rates:
                break
    assert isinstance(prices, Prices)
    assert 20 < prices.rates[0] <= 60


async def test_the_archive_tells_its_newest_candle_its_gaps_and_what_waits(
    dsn: str, redis_url: str, store: RedisStore, pool: Any
) -> None:
    there = [minute(BTC, START + n * M) for n in range(700) if n not in (5, 6, 90)]
    await CandleArchive(pool).insert(INFO.market, [*there, minute(ETH, START + 3 * M), minute(ETH, START + 5 * M)])
    await CandleArchive(pool).insert("simulator:7", [minute(BTC, NOON)])
    await pool.execute(
        "INSERT INTO inbox (platform, update_id, origin, lane, body) VALUES ('telegram', 1, 'a', 'b', '')"
    )
    async with Lease(dsn, "jobs").held():
        archive = (await look(dsn, redis_url)).archive
    assert isinstance(archive, ArchiveSnapshot)
    assert archive.newest == START + 700 * M
    assert (archive.missing, archive.gappy) == (4, 2)
    assert (archive.inbox, archive.outbox) == ({"telegram": 1}, {})
    assert [leader.name for leader in archive.leaders] == ["jobs"]
    assert archive.database_bytes > archive.candle_bytes > 0


async def test_counters_of_quality_are_shown(dsn: str, redis_url: str, store: RedisStore, redis: Redis) -> None:
    inspector = Inspector()
    inspector.inspect(Frame(NOON, (tick(BTC, NOON, "0"),)), NOON)
    await QualityPublisher(redis, inspector, lambda: INFO, lambda: 0).publish()
    prices = (await look(dsn, redis_url)).prices
    assert isinstance(prices, Prices)
    assert prices.quality["produce"].total == {"zero-price": 1}


async def test_lag_is_seen_on_kafka(dsn: str, redis_url: str, kafka: Server) -> None:
    kafka.needs_real("lag")
    settings = kafka.settings(partitions=2)
    async with open_kafka_bus(settings, "replay") as bus:
        await bus.publish(Frame(START, (tick(BTC, START), tick(COIN, START))))
        await bus.flush()
        stream = (await look(dsn, redis_url, settings)).stream
    assert isinstance(stream, StreamSnapshot)
    assert list(stream.lag) == ["market-writer", "candle-archiver", "alert-triggers", "order-matching", "robots"]
    assert all(len(lag) == 2 and 1 <= sum(lag.values()) <= 2 for lag in stream.lag.values())


@pytest.mark.parametrize("missing", ["redis", "postgres", "kafka"])
async def test_one_engine_that_is_down_is_shown_and_hides_none_of_the_others(
    dsn: str, redis_url: str, store: RedisStore, missing: str
) -> None:
    port = nowhere()
    snapshot = await look(
        f"postgresql://desk@127.0.0.1:{port}/desk" if missing == "postgres" else dsn,
        f"redis://127.0.0.1:{port}/0" if missing == "redis" else redis_url,
        KafkaSettings(bootstrap=f"127.0.0.1:{port}") if missing == "kafka" else NO_KAFKA,
    )
    assert isinstance(snapshot.prices, Down if missing == "redis" else Prices)
    assert isinstance(snapshot.archive, Down if missing == "postgres" else ArchiveSnapshot)
    assert isinstance(snapshot.stream, Down if missing == "kafka" else type(None))


async def test_a_database_that_refuses_or_is_not_set_up_is_shown_as_that(
    dsn: str, redis_url: str, store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_CONNECT_SECONDS", 60.0)  # a busy machine answers late
    monkeypatch.setattr(probes, "_WAIT_SECONDS", 60.0)
    server, _, database = dsn.rpartition("/")
    stranger = urlsplit(dsn)._replace(netloc=f"nobody:wrong@{urlsplit(dsn).netloc.rpartition('@')[2]}").geturl()
    found = {
        "stranger": (await look(stranger, redis_url)).archive,
        "another name": (await look(f"{server}/{database}_gone", redis_url)).archive,
        "empty": (await look(f"{server}/postgres", redis_url)).archive,
    }
    assert found == {"stranger": Unusable.REFUSES, "another name": Unusable.REFUSES, "empty": Unusable.UNPREPARED}


async def test_an_engine_that_comes_back_is_seen_again() -> None:
    class Redis:
        down = True

        async def __call__(self) -> Prices:
            await asyncio.sleep(0)
            if self.down:
                from pipeline.errors import MarketUnavailable  # noqa: PLC0415

                raise MarketUnavailable
            return Prices(None)

    redis, clock = Redis(), iter(range(1000, 2000))
    watch = Monitor(redis, redis, None, lambda: next(clock))  # type: ignore[arg-type]
    for _ in range(3):
        await watch._prices.poll()
    assert watch.snapshot().prices == Down(1000)
    redis.down = False
    await watch._prices.poll()
    assert watch.snapshot().prices == Prices(None)


async def test_it_cannot_change_anything(dsn: str, redis_url: str) -> None:
    async with watching(Addresses(dsn, redis_url), NO_KAFKA, lambda: 0) as watch:
        look: Any = watch._archive._query
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await look._pool.execute("DELETE FROM inbox")


# -- the command -------------------------------------------------------------------------------------


def settle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **addresses: str) -> None:
    monkeypatch.setenv("PAPERDESK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    for name, address in addresses.items():
        monkeypatch.setenv(f"PAPERDESK_{name}", address)


def nothing_in(folder: Path) -> bool:
    return list(folder.iterdir()) == []


async def test_without_a_terminal_it_prints_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dsn: str, redis_url: str, store: RedisStore
) -> None:
    settle(monkeypatch, tmp_path, POSTGRES__DSN=dsn, REDIS__URL=redis_url)
    out = StringIO()
    await run_monitor(load_settings(tmp_path / "none"), CATALOG, once=False, out=out)
    said = out.getvalue()
    assert "4: 0 fresh · 2 stale · 1 without a price · 1 halted" in said
    assert "in the same process" in said
    assert "\x1b" not in said
    assert not any(line != line.rstrip() for line in said.splitlines())
    assert nothing_in(tmp_path)


async def test_it_finds_a_running_desk_by_what_that_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dsn: str, redis_url: str
) -> None:
    settle(monkeypatch, tmp_path)
    settings = load_settings(tmp_path / "none")
    with pytest.raises(DeskNotRunning):
        await run_monitor(settings, CATALOG, once=True)
    (tmp_path / "running.json").write_text(f'{{"postgres_dsn": "{dsn}", "redis_url": "{redis_url}"}}')
    with pytest.raises(DeskNotRunning):  # the desk that published them has ended: no password goes to its old addresses
        await run_monitor(settings, CATALOG, once=True)
    lock = take_lock(tmp_path)
    out = StringIO()
    await run_monitor(settings, CATALOG, once=True, out=out)
    os.close(lock)
    assert "no market announced yet" in out.getvalue()


def test_without_a_desk_it_says_so_and_starts_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(monkeypatch, tmp_path, REDIS__URL="redis://127.0.0.1:1/0")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)
    assert main(["monitor"]) == 1
    assert str(tmp_path) in capsys.readouterr().err
    assert nothing_in(tmp_path)
