"""The bus alone: ticks a second through a real Kafka, how late they are, and what reading and writing a message costs.

One broker on this machine, producer and consumer in one process with uvloop: all three share the cores. Latency is from
before `publish` to the frame's last piece in the consumer's hands. Beside it JSON and msgpack, one record a symbol and
many, as the decision of docs/adr/0006-bus.md needs them.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles

import msgspec
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.figure import Figure
from bench.servers import broker
from pipeline.bus.kafka import KafkaBus, open_kafka_bus
from pipeline.bus.message import BusMessage, decode, encode
from pipeline.market import Frame, Symbol, Tick
from pipeline.settings import KafkaSettings

_START = 1_760_000_400_000
_SYMBOLS = 3000


@dataclass(frozen=True, slots=True)
class Size:
    """Partitions of each topic; symbols a second and for how long; frames and rounds at full speed; rounds of what a
    message costs."""

    partitions: tuple[int, ...]
    rates: tuple[int, ...]
    seconds: float
    frames: int
    rounds: int
    codec_rounds: int


FULL = Size((1, 2, 4), (250, 1500, 3000), seconds=6, frames=300, rounds=3, codec_rounds=7)
SMALL = Size((1, 2), (250,), seconds=0.5, frames=5, rounds=1, codec_rounds=1)


def run(size: Size = FULL) -> list[Figure]:
    with broker() as bootstrap:
        return [*codecs(size.codec_rounds), *uvloop.run(_measure(bootstrap, size))]


def ticks(count: int, time_ms: int = _START) -> tuple[Tick, ...]:
    """As Binance's mini tickers and best quotes together make them: every field known."""
    rng = random.Random(1)

    def number() -> str:
        return f"{rng.uniform(0.01, 60_000):.{rng.choice((2, 4, 8))}f}"

    return tuple(Tick(Symbol(f"S{n:04d}USDC"), time_ms, *(number() for _ in range(9))) for n in range(count))


# -- what a message costs -----------------------------------------------------------------------


def codecs(rounds: int) -> list[Figure]:
    per_second = partial(_per_second, rounds)
    frame = Frame(_START, ticks(750))
    message = BusMessage(1, "binance", frame.time, frame.ticks)
    as_json, as_pack = encode("binance", frame), msgspec.msgpack.encode(message)
    unpack = msgspec.msgpack.Decoder(BusMessage).decode
    read_json = per_second(lambda: decode(as_json).frame)
    read_pack = per_second(lambda: unpack(as_pack).frame)
    plain = per_second(lambda: [Tick(*row) for row in json.loads(as_json)[3]])
    return [
        Figure("parse a message, ticks/s a core", read_json, "ticks/s", at_least=1_500_000),
        Figure("parse, against Python's json", read_json / plain, "x"),
        Figure("parse, against msgpack", read_json / read_pack, "x"),
        Figure("write a message, ticks/s a core", per_second(lambda: encode("binance", frame)), "ticks/s"),
        Figure("a full tick in a message", len(as_json) / len(frame.ticks), "bytes", note="JSON"),
        Figure("a full tick in msgpack", len(as_pack) / len(frame.ticks), "bytes"),
    ]


def _per_second(rounds: int, work: Callable[[], object]) -> float:
    best = 0.0
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(40):
            work()
        best = max(best, 40 * 750 / (time.process_time() - began))
    return best


# -- through Kafka ------------------------------------------------------------------------------


async def _measure(bootstrap: str, size: Size) -> list[Figure]:
    figures = []
    for partitions in size.partitions:
        settings = KafkaSettings(bootstrap=bootstrap, topic=f"bench-{partitions}", partitions=partitions)
        async with open_kafka_bus(settings, "binance") as bus:
            where = f"{partitions} partition{'s' if partitions > 1 else ''}"
            await _latencies(bus, 250, 1)
            for symbols in size.rates:
                late = quantiles(await _latencies(bus, symbols, size.seconds), n=100)
                figures.append(Figure(f"{symbols} symbols a second, {where}, p50", late[49], "ms"))
                limit = 250 if symbols == max(size.rates) else None
                figures.append(Figure(f"{symbols} symbols a second, {where}, p99", late[98], "ms", at_most=limit))
            rate = median([await _throughput(bus, size.frames) for _ in range(size.rounds)])
            target = 100_000 if partitions == max(size.partitions) else None
            figures.append(Figure(f"through Kafka, {where}", rate, "ticks/s", at_least=target))
    figures.append(
        Figure("one record a symbol", await _record_a_symbol(bootstrap, f"bench-{size.partitions[-1]}"), "ticks/s")
    )
    return figures


async def _throughput(bus: KafkaBus, frames: int) -> float:
    frame = ticks(_SYMBOLS)
    async with bus.consumer("throughput") as consumer:
        wanted, found = frames * len(frame), 0

        async def say() -> None:
            for n in range(frames):
                await bus.publish(Frame(_START + n, frame))

        began = time.perf_counter()
        saying = asyncio.create_task(say())
        while found < wanted:
            batch = await consumer.batch()
            found += sum(len(f.ticks) for f in batch.frames)
            await consumer.commit(batch)
        took = time.perf_counter() - began
        await saying
    return wanted / took


async def _latencies(bus: KafkaBus, symbols: int, seconds: float) -> list[float]:
    """Milliseconds of each frame; ten frames a second, a tenth of the symbols each, as the exchange spreads them."""
    every = ticks(symbols)
    sent: dict[int, float] = {}
    late: dict[int, float] = {}
    count = round(seconds * 10)
    waiting: dict[int, int] = {}
    async with bus.consumer("latency", max_frames=64) as consumer:

        async def say() -> None:
            for n in range(count):
                part = every[n % 10 :: 10]
                waiting[n], sent[n] = len(part), time.perf_counter()
                await bus.publish(Frame(n, part))
                await asyncio.sleep(0.1)

        saying = asyncio.create_task(say())
        while len(late) < count:
            batch = await consumer.batch()
            now = time.perf_counter()
            for f in batch.frames:
                waiting[f.time] -= len(f.ticks)
                if waiting[f.time] == 0:
                    late[f.time] = (now - sent[f.time]) * 1000
            await consumer.commit(batch)
        await saying
    return list(late.values())


async def _record_a_symbol(bootstrap: str, topic: str) -> float:
    """What was not chosen: each tick a record of its own, keyed by its symbol, in the same client."""
    every, rounds = ticks(_SYMBOLS), 5
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=512_000
    )
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="latest")
    await producer.start()
    await consumer.start()
    await consumer.seek_to_end()
    read = msgspec.json.Decoder(Tick).decode
    write = msgspec.json.Encoder().encode

    async def say() -> None:
        for _ in range(rounds):
            for tick in every:
                await producer.send(topic, write(tick), key=tick.symbol.encode())
        await producer.flush()

    began, found = time.perf_counter(), 0
    saying = asyncio.create_task(say())
    while found < rounds * len(every):
        for raws in (await consumer.getmany(timeout_ms=500, max_records=3000)).values():
            found += len([read(raw.value) for raw in raws])
    took = time.perf_counter() - began
    await saying
    await producer.stop()
    await consumer.stop()
    return found / took
