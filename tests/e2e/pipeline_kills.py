"""The pipeline in roles on real Kafka, PostgreSQL and Redis. Its processes are killed with `kill -9` at random moments
while a recording is played through it; at the end every candle in PostgreSQL is compared with the recording.

`python -m tests.e2e.pipeline_kills --kills 30 --seed 1` plays all of it and prints what it counted; the suite plays a
part.
"""

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pyarrow.compute as pc
import pyarrow.parquet as pq
from redis.asyncio import Redis

from app.database.migrate import migrate
from app.engines import Engines
from app.engines.kafka import Kafka
from pipeline.market import MINUTE_MS
from pipeline.replay.parquet_candles import DEAD_AFTER
from tests.e2e.role_processes import ROLES, Count, Roles
from tests.patience import PATIENCE_SECONDS

RECORDING = "klines_1m_spot_250sym_20221108_20221109.parquet"
SECONDS_AN_EVENT = 4.0
_PRICES = ("open", "high", "low", "close", "volume", "quote_volume", "trades")
Key = tuple[str, int]
Values = tuple[float, ...]


@dataclass(frozen=True)
class Recorded:
    """The recording: its candles, and the price at its end of every symbol whose market is alive then."""

    path: Path
    candles: dict[Key, Values]
    first: int
    last: int
    prices: dict[str, float]

    @classmethod
    def read(cls, path: Path) -> "Recorded":
        table = pq.read_table(path)
        columns = [table[name].to_pylist() for name in ("symbol", "open_time", *_PRICES)]
        candles = {(symbol, at): tuple(values) for symbol, at, *values in zip(*columns, strict=True)}
        last = max(at for _, at in candles)
        alive = {s for (s, at), values in candles.items() if at > last - DEAD_AFTER * MINUTE_MS and values[4] > 0}
        prices = {s: candles[s, last][3] for s in alive if (s, last) in candles}
        return cls(path, candles, min(at for _, at in candles), last, prices)


@dataclass
class Servers:
    """What the roles stand on."""

    engines: Engines
    kafka: Kafka


@asynccontextmanager
async def servers(folder: Path) -> AsyncIterator[Servers]:
    """Real ones, gone at the end. Raises KafkaUnavailable."""
    kafka = Kafka(folder / "kafka", guarded=False)
    try:
        kafka.start()
        with Engines(folder / "engines") as engines:
            migrate(engines.postgres_dsn)
            yield Servers(engines, kafka)
    finally:
        kafka.stop()


async def run(
    folder: Path, recording: Path, kills: int, seed: int, *, victims: Sequence[str] = (), away_seconds: float = 20.0
) -> Count:
    """Plays the recording while things happen to the roles, then counts. `victims` are the roles that are killed;
    Kafka is away for `away_seconds`, PostgreSQL for half of it."""
    began, count, recorded = time.monotonic(), Count(), await asyncio.to_thread(Recorded.read, recording)
    chance = random.Random(seed)  # noqa: S311
    async with servers(folder) as standing:
        plan = _plan(chance, kills)
        roles = Roles(folder, _settings(recorded, standing, SECONDS_AN_EVENT * len(plan)), count)
        try:
            await asyncio.gather(*(roles.start(name) for name in ROLES))
            for event in plan:
                await asyncio.sleep(chance.uniform(0.2, 1.8) * SECONDS_AN_EVENT)
                if event == "kill":
                    victim = chance.choice(victims or list(ROLES))
                    count.kills[victim] += 1
                    await roles.kill(victim)
                else:
                    count.events.append(event)
                    await _happen(event, roles, standing, away_seconds)
            await _settled(standing, recorded, count)
        finally:
            await roles.end_all()
        await _compare(standing, recorded, count)
        count.faults += _crashes(folder)
    count.seconds = time.monotonic() - began
    return count


def _settings(recorded: Recorded, standing: Servers, seconds: float) -> dict[str, str]:
    """The recording is played in so many seconds."""
    played = (recorded.last - recorded.first) / 1000
    return {
        "MARKET": f"replay:{recorded.path}",
        "REPLAY__SPEED": f"{played / seconds:.0f}",
        "REPLAY__START": datetime.fromtimestamp(recorded.first // 1000, UTC).strftime("%Y-%m-%dT%H:%M"),
        "POSTGRES__DSN": standing.engines.postgres_dsn,
        "REDIS__URL": standing.engines.redis_url,
        "KAFKA__BOOTSTRAP": standing.kafka.bootstrap,
        "KAFKA__REACH_TIMEOUT_SECONDS": "120",
    }


def _plan(chance: random.Random, kills: int) -> list[str]:
    """Kills in random order, and between them what else happens; a second member comes before it goes."""
    plan = ["kill"] * kills
    for event in ("flush", "flush", "kafka", "postgres"):
        plan.insert(chance.randrange(1, len(plan)), event)
    for role in ("produce", "writer", "archiver", "triggers"):
        comes, goes = sorted((chance.randrange(1, len(plan)), chance.randrange(1, len(plan))))
        plan.insert(goes, f"remove {role}2")
        plan.insert(comes, f"add {role}2")
    return plan


async def _happen(event: str, roles: Roles, standing: Servers, away_seconds: float) -> None:
    what, _, name = event.partition(" ")
    if what == "flush":
        async with Redis.from_url(standing.engines.redis_url) as client:
            await client.flushall()
    elif what == "kafka":
        await asyncio.to_thread(standing.kafka.stop)
        await asyncio.sleep(away_seconds)
        standing.kafka.start()  # in the main thread, with which it ends
    elif what == "postgres":
        await _without_postgres(roles, standing.engines, away_seconds / 2)
    elif what == "add":
        await roles.start(name)
    else:
        await roles.end(name)


async def _without_postgres(roles: Roles, engines: Engines, seconds: float) -> None:
    """The archiver is killed while it waits, after it was given time to read what it could not store."""
    os.kill(engines.pids["PostgreSQL"], signal.SIGINT)
    await asyncio.sleep(seconds / 2)
    await roles.kill("archiver")
    await asyncio.sleep(seconds / 2)
    reviving = asyncio.create_task(engines.watch())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await _answers(engines.postgres_dsn):  # noqa: ASYNC110 - it is a server
            await asyncio.sleep(0.2)
    reviving.cancel()


async def _answers(dsn: str) -> bool:
    try:
        await (await asyncpg.connect(dsn)).close()
    except (OSError, asyncpg.PostgresError):
        return False
    return True


async def _settled(standing: Servers, recorded: Recorded, count: Count) -> None:
    """Until all candles are there, or nothing has come for long."""
    connection: Any = await asyncpg.connect(standing.engines.postgres_dsn)
    try:
        known, since = -1, time.monotonic()
        while known < len(recorded.candles):
            found = await connection.fetchval("SELECT count(*) FROM candle")
            if found > known:
                known, since = found, time.monotonic()
            elif time.monotonic() - since > PATIENCE_SECONDS:
                count.faults.append(f"nothing came any more after {known} candles")
                return
            await asyncio.sleep(0.5)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await _wrong_prices(standing, recorded):  # noqa: ASYNC110 - it lies in a server
                await asyncio.sleep(0.5)
    except TimeoutError:
        count.faults.append("the last prices did not come to Redis")
    finally:
        await connection.close()


async def _wrong_prices(standing: Servers, recorded: Recorded) -> list[str]:
    async with Redis.from_url(standing.engines.redis_url) as client:
        found = {symbol.decode(): float(price) for symbol, price in (await client.hgetall("current_prices")).items()}
    return [symbol for symbol, price in recorded.prices.items() if found.get(symbol) != price]


async def _compare(standing: Servers, recorded: Recorded, count: Count) -> None:
    connection: Any = await asyncpg.connect(standing.engines.postgres_dsn)
    try:
        rows = await connection.fetch(f"SELECT symbol, open_time, {', '.join(_PRICES)} FROM candle")  # noqa: S608
    finally:
        await connection.close()
    archived = {(row["symbol"], row["open_time"]): tuple(row)[2:] for row in rows}
    count.candles = len(rows)
    count.lost = len(recorded.candles.keys() - archived.keys())
    count.duplicated = len(rows) - len(archived)
    count.wrong = sum(recorded.candles.get(key) != values for key, values in archived.items())
    count.prices = len(recorded.prices)
    count.prices_wrong = len(await _wrong_prices(standing, recorded))
    count.frames = await _records(standing)


async def _records(standing: Servers) -> int:
    """How many were ever written to the topic: more than it takes to say each candle once."""
    from aiokafka import AIOKafkaConsumer, TopicPartition  # noqa: PLC0415

    consumer = AIOKafkaConsumer(bootstrap_servers=standing.kafka.bootstrap)
    await consumer.start()
    try:
        partitions = [TopicPartition("crypto-topic", number) for number in range(4)]
        return sum((await consumer.end_offsets(partitions)).values())
    finally:
        await consumer.stop()


def _crashes(folder: Path) -> list[str]:
    logs = [log for log in folder.glob("*/*.log") if log.parent.name.removesuffix("2") in ROLES]
    texts = {log.parent.name: log.read_text("utf-8") for log in logs}
    return [
        f"{name} crashed: {text[text.index(' CRITICAL ') :][:6000]}"
        for name, text in texts.items()
        if " CRITICAL " in text
    ]


def part_of(recording: Path, to: Path, symbols: int, minutes: int) -> Path:
    """A recording of the first symbols and minutes of another."""
    table = pq.read_table(recording)
    names = sorted(set(table["symbol"].to_pylist()))[:symbols]
    last = pc.min(table["open_time"]).as_py() + minutes * MINUTE_MS
    wanted = pc.and_(pc.is_in(table["symbol"], pc.cast(names, table["symbol"].type)), pc.less(table["open_time"], last))
    pq.write_table(table.filter(wanted), to)
    return to


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints what was counted; exit code 1 with faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recording", type=Path, default=Path(__file__).parents[3] / "shared" / "data" / RECORDING)
    parser.add_argument("--role", action="append", choices=ROLES, help="kill this one alone; may be given again")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs")
    given = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-kills-"))
    folder.chmod(0o755)
    try:
        count = asyncio.run(run(folder, given.recording, given.kills, given.seed, victims=given.role or ()))
    finally:
        if given.keep:
            sys.stdout.write(f"logs: {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write("\n".join((*count.lines(), "")))
    raise SystemExit(0 if count.sound() else 1)


if __name__ == "__main__":
    main()
