"""Binance's frames to Redis through a real Kafka, end to end, beside the original's loop and cryptofeed's backends.

One broker, one Valkey and one PostgreSQL on this machine; the producer is this process, the market writer another, both
with uvloop: all of them share the cores. Latency is from a raw frame in hand to each of its ticks in Redis. Sustained
rates are taken in rounds in which everybody has a turn: figures are medians of the rounds, ratios medians of each
round's ratio. All of them get the same ticks of the same symbols.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median, quantiles

import msgspec
import uvloop
from redis.asyncio import Redis

from app.database.migrate import migrate
from app.engines import Engines
from bench.figure import Figure
from bench.peers import CRYPTOFEED, send_with_cryptofeed, write_as_the_original, write_with_cryptofeed
from bench.servers import broker, engines_folder
from bench.stream_market import HeardMarket, Times, frames, speech, symbols
from bench.stream_writer import Written
from pipeline.bus.kafka import KafkaBus, open_kafka_bus
from pipeline.bus.kafka_topics import ensure_topics
from pipeline.flow import produce
from pipeline.market import Frame, Symbol
from pipeline.quality.inspector import Inspector
from pipeline.settings import KafkaSettings
from pipeline.store import codec

_FRAMES_A_SECOND = 10
_SLOW = 1
"""Frames of the peers that take long."""

_SHOWN_SECONDS = 60.0
_POLL_SECONDS = 0.005
_REST_SECONDS = 2.0
_MARKET = "binance"

Rates = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Size:
    """Partitions of each topic; symbols a second and for how long; symbols of a frame at full speed, rounds, and the
    frames of each in a round: parsed ones of ours, of cryptofeed's, and raw ones."""

    partitions: tuple[int, ...]
    rates: tuple[int, ...]
    seconds: int
    symbols: int
    rounds: int
    ours: int
    cryptofeed: int
    whole: int


FULL = Size((1, 2, 4), (250, 1500, 3000), seconds=5, symbols=3000, rounds=5, ours=80, cryptofeed=20, whole=10)
SMALL = Size((1,), (50,), seconds=1, symbols=50, rounds=1, ours=3, cryptofeed=2, whole=2)


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they answer. Peers write to another of Redis' databases: their keys have our names."""

    kafka: str
    redis: str
    postgres: str

    @property
    def peers(self) -> str:
        """The database of the peers."""
        return self.redis.removesuffix("?db=0") + "?db=1"

    def bus(self, partitions: int) -> KafkaSettings:
        """Of a topic with so many partitions."""
        return KafkaSettings(bootstrap=self.kafka, topic=f"bench-stream-{partitions}", partitions=partitions)


def run(size: Size = FULL) -> list[Figure]:
    with engines_folder() as folder, broker() as bootstrap, Engines(folder) as engines:
        migrate(engines.postgres_dsn)
        return uvloop.run(_measure(Servers(bootstrap, engines.redis_url, engines.postgres_dsn), size))


async def _measure(servers: Servers, size: Size) -> list[Figure]:
    times = Times()
    await _begin(servers, times, size)
    late = [figure for partitions in size.partitions async for figure in _latencies(servers, partitions, times, size)]
    rates: Rates = {}
    for _ in range(size.rounds):
        async for name, rate in _turns(servers, times, size):
            rates.setdefault(name, []).append(rate)
    return [*late, *_rates(rates, size)]


async def _begin(servers: Servers, times: Times, size: Size) -> None:
    """Histories that begin are looked up in the archive: what is measured is every second after the first."""
    async with _writing(servers, 1), open_kafka_bus(servers.bus(1), _MARKET) as bus:
        await _publish(servers, bus, frames(size.symbols, 1, times))
        await asyncio.sleep(_REST_SECONDS)


# -- the writer, and what it has written --------------------------------------------------------


@asynccontextmanager
async def _writing(servers: Servers, partitions: int, *, watch: bool = False) -> AsyncIterator[list[Written]]:
    """The market writer as a process; what it wrote is in the list once it has ended, if it is watched."""
    topic = servers.bus(partitions).topic
    command = [sys.executable, "-m", "bench.stream_writer", servers.kafka, topic, str(partitions)]
    command += [servers.redis, servers.postgres, *(["--watch"] if watch else [])]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    written: list[Written] = []
    try:
        yield written
    finally:
        lines, _ = await process.communicate(b"")
    if process.returncode != 0:
        raise AssertionError(f"the writer ended with exit code {process.returncode}")
    written += (msgspec.json.decode(line, type=Written) for line in lines.splitlines())


async def _publish(servers: Servers, bus: KafkaBus, stream: Sequence[Frame]) -> float:
    """Ticks a second, from the first that is published until Redis shows the last price of every symbol."""
    since = time.perf_counter()
    for frame in stream:
        await bus.publish(frame)
    await bus.flush()
    await _shown(servers, stream[-1].time, len(stream[-1].ticks))
    return sum(len(frame.ticks) for frame in stream) / (time.perf_counter() - since)


async def _shown(servers: Servers, time_ms: int, count: int) -> None:
    """Until Redis has this time, or a later one, of every symbol."""
    names = symbols(count)
    async with asyncio.timeout(_SHOWN_SECONDS), Redis.from_url(servers.redis) as client:
        for part in (names[:1], names):  # the whole is looked at when it may be there
            while await _oldest(client, part) < time_ms:  # noqa: ASYNC110 - it is a server
                await asyncio.sleep(_POLL_SECONDS)


async def _oldest(client: "Redis", names: Sequence[Symbol]) -> int:
    return min(int(at or 0) for at in await client.hmget(codec.LAST_UPDATE, list(names)))


async def _points(servers: Servers) -> int:
    """Ever written to all histories."""
    async with Redis.from_url(servers.redis) as client:
        return sum(map(int, await client.hvals(codec.HISTORY_COUNTS)))


# -- how late ------------------------------------------------------------------------------------


async def _latencies(servers: Servers, partitions: int, times: Times, size: Size) -> AsyncIterator[Figure]:
    sent: dict[int, dict[int, int]] = {}
    async with _writing(servers, partitions, watch=True) as written:
        async with open_kafka_bus(servers.bus(partitions), _MARKET) as bus:
            await _publish(servers, bus, frames(size.symbols, 1, times))
            for rate in size.rates:
                said = speech(rate, size.seconds * _FRAMES_A_SECOND, _FRAMES_A_SECOND)
                source = HeardMarket(said, times, 1 / _FRAMES_A_SECOND)
                await produce(source, bus, Inspector())
                sent[rate] = source.sent
        await asyncio.sleep(_REST_SECONDS)
    for rate, in_hand in sent.items():
        late = [
            (done - in_hand[time_ms]) / 1e6
            for counts, done in written
            for time_ms, count in counts.items()
            if time_ms in in_hand
            for _ in range(count)
        ]
        if len(late) != rate * size.seconds:
            raise AssertionError(f"{len(late)} ticks of {rate * size.seconds} came to Redis")
        cuts = quantiles(late, n=100)
        where = f"{rate} symbols a second, {_named(partitions)}"
        yield Figure(f"frame to Redis: {where}, p50", cuts[49], "ms")
        limit = 250 if rate == max(size.rates) else None
        yield Figure(f"frame to Redis: {where}, p99", cuts[98], "ms", at_most=limit, note=f"slowest {max(late):.0f} ms")


def _named(partitions: int) -> str:
    return f"{partitions} partition{'s' if partitions > 1 else ''}"


# -- how many ------------------------------------------------------------------------------------


async def _turns(servers: Servers, times: Times, size: Size) -> AsyncIterator[tuple[str, float]]:
    for partitions in size.partitions:
        async with _writing(servers, partitions), open_kafka_bus(servers.bus(partitions), _MARKET) as bus:
            await _publish(servers, bus, frames(size.symbols, 1, times))
            yield _named(partitions), await _sustained(servers, bus, times, size)
            yield f"whole, {_named(partitions)}", await _whole(servers, bus, times, size)
    stream = [frame.ticks for frame in frames(size.symbols, size.cryptofeed, times)]
    await _empty(servers.peers)
    yield "original", await write_as_the_original(servers.peers, stream[:_SLOW])
    if CRYPTOFEED:
        await _empty(servers.peers)
        yield "cryptofeed Redis", await write_with_cryptofeed(servers.peers, stream)
        settings = KafkaSettings(bootstrap=servers.kafka, topic="bench-cryptofeed", partitions=1)
        await ensure_topics(settings)
        yield "cryptofeed Kafka", await send_with_cryptofeed(servers.kafka, settings.topic, stream[:_SLOW])
    await _empty(servers.peers)


async def _sustained(servers: Servers, bus: KafkaBus, times: Times, size: Size) -> float:
    stream, before = frames(size.symbols, size.ours, times), await _points(servers)
    rate = await _publish(servers, bus, stream)
    if (points := await _points(servers) - before) != size.symbols * size.ours:
        raise AssertionError(f"{points} points of {size.symbols * size.ours} are in the histories")
    return rate


async def _whole(servers: Servers, bus: KafkaBus, times: Times, size: Size) -> float:
    source = HeardMarket(speech(size.symbols, size.whole, 1), times)
    since = time.perf_counter()
    await produce(source, bus, Inspector())
    await _shown(servers, max(source.sent), size.symbols)
    return size.symbols * size.whole / (time.perf_counter() - since)


async def _empty(url: str) -> None:
    async with Redis.from_url(url) as client:
        await client.flushdb()


def _rates(rates: Rates, size: Size) -> Iterator[Figure]:
    best = max((_named(partitions) for partitions in size.partitions), key=lambda name: median(rates[name]))
    for partitions in size.partitions:
        name = _named(partitions)
        target = 100_000 if name == best else None
        note = f"{size.symbols}-symbol frames, every point kept"
        yield Figure(f"through Kafka into Redis, {name}", median(rates[name]), "ticks/s", at_least=target, note=note)
    for partitions in size.partitions:
        name = _named(partitions)
        yield Figure(
            f"raw frames to Redis, {name}", median(rates[f"whole, {name}"]), "ticks/s", note="parsed, merged, inspected"
        )
    yield from _beside(rates, best, "original", "the original's loop", 40)
    if not CRYPTOFEED:
        yield Figure("through Kafka into Redis / cryptofeed", 0.0, "x", note="not measured: cryptofeed absent")
        return
    yield from _beside(rates, best, "cryptofeed Redis", "cryptofeed TickerRedis", 1.5)
    yield from _beside(rates, best, "cryptofeed Kafka", "cryptofeed TickerKafka", 40)


def _beside(rates: Rates, best: str, name: str, said: str, at_least: float) -> Iterator[Figure]:
    ratio = median(a / b for a, b in zip(rates[best], rates[name], strict=True))
    yield Figure(said, median(rates[name]), "ticks/s")
    yield Figure(f"through Kafka into Redis / {said}", ratio, "x", at_least=at_least, note=best)
