"""The market writer in a process of its own, as `paperdesk consume writer` runs it, for the bench of the stream.

`python -m bench.stream_writer BOOTSTRAP TOPIC PARTITIONS REDIS POSTGRES [--watch]` writes until its standard input
ends. With --watch it then prints a line for every write: JSON of [[time of the ticks, how many], ...] and when Redis
had them (UTC ns).
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence

import asyncpg
import msgspec
import uvloop
from redis.asyncio import Redis

from app.database.migrate import ROLE
from bench.stream_market import market_info
from core.clock import wall_clock
from pipeline.archive.postgres import CandleArchive
from pipeline.bus.kafka import open_kafka_bus
from pipeline.flow import MarketWriter
from pipeline.market import Symbol, Tick
from pipeline.settings import KafkaSettings, StoreSettings
from pipeline.store.redis import RedisStore, open_redis

Written = tuple[dict[int, int], int]
"""How many ticks of each time, and when Redis had them (UTC ns)."""

POINTS = StoreSettings().history_points


class WatchedStore(RedisStore):
    """Notes when what was written."""

    def __init__(self, client: Redis, history_points: int) -> None:
        super().__init__(client, history_points)
        self.written: list[Written] = []

    async def write(self, ticks: Sequence[Tick]) -> list[Symbol]:
        """See `RedisStore.write`."""
        fresh = await super().write(ticks)
        self.written.append((Counter(tick.time for tick in ticks), time.time_ns()))
        return fresh


async def _run(options: argparse.Namespace) -> None:
    kafka = KafkaSettings(bootstrap=options.bootstrap, topic=options.topic, partitions=options.partitions)
    async with (
        asyncpg.create_pool(options.postgres, min_size=1, max_size=10, server_settings={"role": ROLE}) as pool,
        open_redis(options.redis) as redis,
        open_kafka_bus(kafka, "") as bus,
    ):
        store = WatchedStore(redis, POINTS) if options.watch else RedisStore(redis, POINTS)
        info = market_info()
        writer = MarketWriter(bus, store, CandleArchive(pool), lambda: info, history_points=POINTS, wall=wall_clock)
        writing, told = asyncio.create_task(writer.run()), asyncio.create_task(_input_ends())
        await asyncio.wait({writing, told}, return_when=asyncio.FIRST_COMPLETED)
        if writing.done():
            writing.result()
        writing.cancel()
        await asyncio.wait({writing})
        told.cancel()
    if isinstance(store, WatchedStore):
        sys.stdout.buffer.writelines(msgspec.json.encode(each) + b"\n" for each in store.written)


async def _input_ends() -> None:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    await reader.read()
    transport.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bootstrap")
    parser.add_argument("topic")
    parser.add_argument("partitions", type=int)
    parser.add_argument("redis")
    parser.add_argument("postgres")
    parser.add_argument("--watch", action="store_true")
    uvloop.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
