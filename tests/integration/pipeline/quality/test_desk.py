"""What the checks of arrival keep back reaches nobody; what they count can be read; the archive is reported on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from redis.asyncio import Redis

from app.cli.quality import QualityRequest, report_desk
from app.startup import Addresses
from pipeline.archive.postgres import CandleArchive
from pipeline.bus import InProcessBus
from pipeline.errors import MarketUnavailable
from pipeline.flow import produce
from pipeline.market import MINUTE_MS, Frame, Symbol, Tick
from pipeline.quality.archive_columns import archived_candles, archived_markets
from pipeline.quality.inspected_source import inspected
from pipeline.quality.inspector import Inspector
from pipeline.quality.publisher import KEY, QualityPublisher, read_snapshots
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.scripted_market import BTC, COIN, ETH, START, ScriptedMarket, minute, rules_of, tick
from tests.patience import PATIENCE_SECONDS

WALL = 1_800_000_000_000


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as opened:
        yield opened


async def produced(market: ScriptedMarket, inspector: Inspector | None = None) -> list[Frame]:
    """What of the market's words reaches the bus."""
    bus = InProcessBus()
    market.end()
    async with bus.consumer("test") as consumer, asyncio.timeout(PATIENCE_SECONDS):
        producing = asyncio.create_task(produce(market, bus, inspector))
        await producing
        await bus.publish(Frame(1, (tick(Symbol("END"), 1),)))
        frames: list[Frame] = []
        while not frames or frames[-1].time != 1:
            batch = await consumer.batch()
            frames += batch.frames
    return frames[:-1]


def say(market: ScriptedMarket, second: int, *ticks: Tick) -> None:
    market.time = START + second * 1000
    market.say(*ticks)


def at(second: int, symbol: Symbol = BTC, price: float = 100.5) -> Tick:
    sound = tick(symbol, START + second * 1000, f"{price:.2f}")
    return msgspec.structs.replace(sound, bid=f"{price - 0.1:.2f}", ask=f"{price + 0.1:.2f}")


async def test_only_what_may_be_believed_reaches_the_bus() -> None:
    market = ScriptedMarket()
    ghost = Symbol("GHOSTUSDC")
    for second in range(10):
        say(market, second, at(second), at(second, COIN), at(second, ghost))
    say(market, 10, at(10, price=1005.0), at(10, COIN), at(10, ETH, price=0.0))
    say(market, 11, at(11), at(11, COIN))
    frames = await produced(market)
    said = [tick for frame in frames for tick in frame.ticks]
    assert {tick.symbol for tick in said} == {BTC, COIN}
    assert [tick.time for tick in said if tick.symbol == BTC] == [START + s * 1000 for s in range(12) if s != 10]
    assert {tick.price for tick in said} == {"100.50"}


async def test_a_frame_of_which_nothing_is_left_is_not_given() -> None:
    market = ScriptedMarket()
    say(market, 0, at(0, Symbol("GHOSTUSDC")))
    say(market, 1, at(1))
    market.end()
    assert [frame.time async for frame in inspected(market, Inspector())] == [START + 1000]


async def test_a_symbol_listed_meanwhile_is_let_in_when_the_source_states_it() -> None:
    market = ScriptedMarket()
    both, market.listed = market.listed, rules_of("BTC")
    frames = inspected(market, Inspector())
    for second in range(4):
        say(market, second, at(second), at(second, ETH))
    assert len((await anext(frames)).ticks) == 1
    market.listed = both
    assert len((await anext(frames)).ticks) == 1, "asked a moment ago"
    market.wall_ms += 5_000
    assert len((await anext(frames)).ticks) == 2
    market.listed, market.wall_ms = [], market.wall_ms + 5_000
    assert len((await anext(frames)).ticks) == 2, "without a new name nobody asks again"


async def test_prices_flow_while_the_source_does_not_state_its_symbols() -> None:
    market = ScriptedMarket()
    market.down = True
    say(market, 0, at(0), at(0, COIN))
    assert len((await produced(market))[0].ticks) == 2


# -- what is counted ---------------------------------------------------------------------------------


def publisher(client: Redis, inspector: Inspector, market: ScriptedMarket) -> QualityPublisher:
    return QualityPublisher(client, inspector, market.info, lambda: WALL, upstream=lambda: {"malformed": 3})


async def spiked(inspector: Inspector) -> None:
    market = ScriptedMarket()
    for second in range(3):
        say(market, second, at(second))
    say(market, 3, at(3, price=900.0))
    say(market, 4, at(4))
    await produced(market, inspector)


async def test_the_counters_are_published_and_go_on_after_a_restart(client: Redis) -> None:
    for times in (1, 2):
        inspector, market = Inspector(), ScriptedMarket()
        mine = publisher(client, inspector, market)
        await mine.go_on()
        await spiked(inspector)
        await mine.publish()
        await mine.publish()
        snapshot = (await read_snapshots(client))["produce"]
        assert snapshot.days == {"2021-04-05": {"spike": times, "refuted": times}}
        assert (snapshot.total, snapshot.upstream) == ({"spike": 1, "refuted": 1}, {"malformed": 3})
        assert [(entry.price, entry.outcome) for entry in snapshot.quarantined] == [("900.00", "refuted")] * times
        assert (snapshot.ticks, snapshot.symbols, snapshot.market) == (5, 1, "replay")
        assert await client.hlen(KEY) == 1


async def test_another_markets_counters_are_not_continued(client: Redis) -> None:
    inspector = Inspector()
    await spiked(inspector)
    await publisher(client, inspector, ScriptedMarket()).publish()
    other, market = Inspector(), ScriptedMarket()
    info = msgspec.structs.replace(market.info(), identity="other")
    await QualityPublisher(client, other, lambda: info, lambda: WALL).go_on()
    assert not other.counts.days


async def test_damaged_counters_are_left_out(client: Redis) -> None:
    await client.hset(KEY, mapping={"produce": b"{", "x": b"\xff", b"\xff": b"[]"})  # type: ignore[dict-item]
    assert await read_snapshots(client) == {}


async def test_the_publisher_waits_for_a_store_that_is_away() -> None:
    async with open_redis("redis://127.0.0.1:1/0") as nowhere:
        running = asyncio.create_task(publisher(nowhere, Inspector(), ScriptedMarket()).run())
        await asyncio.sleep(0.3)
        assert not running.done()
        running.cancel()
        with pytest.raises(MarketUnavailable):
            await read_snapshots(nowhere)


# -- the report of a desk ----------------------------------------------------------------------------


async def archive_of(pool: Any, market: str, minutes: Sequence[int]) -> None:
    candles = [minute(symbol, START + m * MINUTE_MS, 100 + m % 5) for symbol in (BTC, COIN) for m in minutes]
    await CandleArchive(pool).insert(market, candles)


async def test_the_archive_comes_back_in_columns_as_it_went_in(pool: Any, dsn: str) -> None:
    await archive_of(pool, "binance", [0, 1, 2, 5])
    await archive_of(pool, "simulator:7", [9])
    connection = await asyncpg.connect(dsn)
    try:
        markets = [(market.name, market.newest) for market in await archived_markets(connection)]
        assert markets == [("simulator:7", START + 9 * MINUTE_MS), ("binance", START + 5 * MINUTE_MS)]
        span = START + MINUTE_MS, START + 5 * MINUTE_MS
        found = [pair async for pair in archived_candles(connection, "binance", span, [])]
        assert [symbol for symbol, _ in found] == [BTC, COIN]
        assert found[0][1].candles(BTC) == [minute(BTC, START + m * MINUTE_MS, 100 + m % 5) for m in (1, 2)]
        only = [pair async for pair in archived_candles(connection, "binance", span, [COIN])]
        assert [symbol for symbol, _ in only] == [COIN]
        assert [pair async for pair in archived_candles(connection, "nothing", span, [])] == []
    finally:
        await connection.close()


async def test_the_report_of_a_desk_tells_of_archive_store_and_counters(
    pool: Any, dsn: str, redis_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_redis(redis_url) as client:
        await fill(pool, client)
    assert await report_desk(Addresses(dsn, redis_url), QualityRequest.of(1, "", tmp_path)) == 0
    out = " ".join(capsys.readouterr().out.split())
    for words in (
        "missing candles 14 2021-04-05 00:40 to 2021-04-05 00:47 (7) in 2 symbols",
        f"stale quotes now 1 of 3 {COIN}",
        "1 of 3 ETHUSDC",
        "spike 1",
        "before: malformed 3",
        "900.00 (100.5) spike, refuted",
    ):
        assert words in out
    assert (tmp_path / "quality-replay.png").read_bytes().startswith(b"\x89PNG")


async def fill(pool: Any, client: Redis) -> None:
    """A desk that ran for a while, with a gap, a stale symbol, one whose last price is off, and a spike."""
    market = ScriptedMarket(START + 100 * MINUTE_MS)
    market.wall_ms = 0
    await archive_of(pool, "replay", [m for m in range(100) if not 40 <= m < 47])
    store = RedisStore(client, 1000)
    await store.start(market.info())
    await store.publish_info(msgspec.structs.replace(market.info(), speed=1e-9))
    await store.publish_rules(*codec.encode_rules(await market.rules()))
    apart = msgspec.structs.replace(tick(ETH, market.time, "200"), bid="99")
    await store.write([tick(BTC, market.time), apart, tick(COIN, market.time - 60_000)])
    inspector = Inspector()
    await spiked(inspector)
    await publisher(client, inspector, market).publish()
