"""The desk in several processes."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.errors import KafkaUnavailable
from pipeline.market import MarketInfo
from pipeline.store import codec
from tests.e2e.desk_process import paperdesk, start_paperdesk
from tests.e2e.pipeline_kills import RECORDING, part_of, run
from tests.e2e.role_processes import ROLES
from tests.e2e.test_platforms import alerted, buy_in_telegram
from tests.fakes.kafka_server import Server
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

Settings = dict[str, str]


@pytest.fixture
def meeting(dsn: str, redis_url: str, kafka: Server) -> Settings:
    """Where the roles of one test meet."""
    kafka.needs_real("groups whose members die")
    topic = kafka.settings().topic
    places = {"POSTGRES__DSN": dsn, "REDIS__URL": redis_url, "KAFKA__BOOTSTRAP": kafka.bootstrap}
    return places | {"KAFKA__TOPIC": topic, "SIMULATOR__SYMBOLS": "10"}


@asynccontextmanager
async def role(folder: Path, name: str, *arguments: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A role with a folder of its own, killed at the end if it still runs."""
    (folder / name).mkdir()
    process = await start_paperdesk(folder / name, *arguments, **settings)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def announced(redis_url: str, since: float = 0.0, *, seconds: float = PATIENCE_SECONDS) -> MarketInfo:
    """What a producer announced at `since` (Unix time) or later."""
    async with Redis.from_url(redis_url) as client, asyncio.timeout(seconds):
        while True:
            raw = await client.get(codec.INFO)
            if raw and (info := codec.decode_info(raw)).wall_ms >= since * 1000:
                return info
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("arguments", [*ROLES.values(), ("bot",), ("consume",)], ids=" ".join)
async def test_a_role_without_servers_to_meet_on_says_which_are_missing(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    session = await paperdesk(folder, arguments, REDIS__URL="redis://:secret@127.0.0.1:1")
    assert session.code == 1
    assert session.err.count("\n") == 1
    assert "set PAPERDESK_KAFKA__BOOTSTRAP, PAPERDESK_POSTGRES__DSN, or run" in session.err


async def test_a_newcomer_trades_and_is_alerted_while_every_role_is_another_process(
    folder: Path, meeting: Settings
) -> None:
    async with FakeTelegram() as telegram:
        of_telegram = {"TOKEN": telegram.token, "API_URL": telegram.url, "FILE_URL": telegram.url}
        meeting |= {f"TELEGRAM__{name}": value for name, value in of_telegram.items()}
        async with (
            role(folder, "produce", "produce", **meeting) as produce,
            role(folder, "consume", "consume", **meeting) as consume,
            role(folder, "triggers", "triggers", **meeting) as triggers,
            role(folder, "jobs", "jobs", **meeting) as jobs,
            role(folder, "bot", "bot", **meeting) as bot,
        ):
            ann = telegram.person("Ann")
            await buy_in_telegram(telegram, ann, "Confirm", "Bought")
            ann.write("/chart BTC")
            async with asyncio.timeout(PATIENCE_SECONDS):
                await telegram.called("sendPhoto", seconds=PATIENCE_SECONDS)
            await alerted(telegram, ann)
            for process in (bot, jobs, triggers, consume, produce):
                process.send_signal(signal.SIGTERM)
            codes = [
                await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
                for process in (bot, jobs, triggers, consume, produce)
            ]
    assert codes == [128 + signal.SIGTERM] * 5
    assert logs_with(folder, "Traceback") == []


async def test_a_second_producer_stands_by_and_takes_over_within_seconds(
    folder: Path, meeting: Settings, redis_url: str
) -> None:
    async with role(folder, "first", "produce", **meeting) as first:
        await announced(redis_url)
        async with role(folder, "second", "produce", **meeting) as second:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not logs_with(folder, "stands by"):  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0.05)
            first.kill()
            await first.wait()
            await announced(redis_url, time.time(), seconds=30)
            second.send_signal(signal.SIGTERM)
            async with role(folder, "third", "produce", **meeting):
                await second.wait()
                await announced(redis_url, time.time(), seconds=30)


def logs_with(folder: Path, what: str) -> list[Path]:
    return [log for log in folder.glob("*/*.log") if what in log.read_text("utf-8")]


async def test_roles_that_are_killed_lose_double_and_spoil_no_candle(
    folder: Path, shared_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.e2e.pipeline_kills.SECONDS_AN_EVENT", 0.8)
    folder.chmod(0o755)  # noqa: ASYNC240 - PostgreSQL has an account of its own
    recording = part_of(shared_dir / "data" / RECORDING, folder / "part.parquet", symbols=20, minutes=200)
    try:
        count = await run(folder, recording, kills=3, seed=20221108, away_seconds=4.0)
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")
    assert count.sound(), "\n".join(count.lines())
    assert (count.candles, count.kills.total()) == (20 * 200, 3)
