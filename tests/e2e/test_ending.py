"""A served desk that receives a stop signal, at any moment of its start."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database.migrate import MIGRATIONS
from tests.e2e.desk_process import start_paperdesk
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

_POLL_SECONDS = 0.002


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Desks hear a hang-up that whoever runs the tests ignores, as `nohup` does."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


async def _serve(folder: Path, telegram: FakeTelegram, discord: FakeDiscord) -> asyncio.subprocess.Process:
    return await start_paperdesk(
        folder,
        "serve",
        TELEGRAM__TOKEN=telegram.token,
        TELEGRAM__API_URL=telegram.url,
        TELEGRAM__FILE_URL=telegram.url,
        DISCORD__TOKEN=DISCORD_TOKEN,
        DISCORD__API_URL=discord.api_url,
        DISCORD__GATEWAY_URL=discord.gateway_url,
    )


async def _logs(folder: Path, line: str, desk: asyncio.subprocess.Process) -> None:
    log = folder / "desk.log"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (log.exists() and line in log.read_text()):
            assert desk.returncode is None, "the desk ended by itself"
            await asyncio.sleep(_POLL_SECONDS)


async def _end(desk: asyncio.subprocess.Process, number: signal.Signals) -> str:
    """Returns what the desk wrote to standard error."""
    try:
        desk.send_signal(number)
        _, err = await asyncio.wait_for(desk.communicate(), PATIENCE_SECONDS)
    finally:
        if desk.returncode is None:
            desk.kill()
            await desk.communicate()
    return err.decode()


async def test_a_stop_at_any_moment_of_the_start_ends_the_desk(empty_folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        for seconds in (1.0, 1.6, 2.2, 3.0):
            desk = await _serve(empty_folder, telegram, discord)
            await asyncio.sleep(seconds)
            err = await _end(desk, signal.SIGTERM)
            # The latter before Python had begun.
            assert desk.returncode in (128 + signal.SIGTERM, -signal.SIGTERM), err
            assert "internal error" not in err


async def test_a_stop_while_migrations_are_applied_loses_none(empty_folder: Path) -> None:
    moments = (
        ("applied migration 0000", signal.SIGHUP, 128 + signal.SIGHUP),
        ("applied migration 0016", signal.SIGINT, 130),
        ("applied migration 0035", signal.SIGTERM, 128 + signal.SIGTERM),
        ("this process leads", signal.SIGTERM, 128 + signal.SIGTERM),
    )
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        for line, number, code in moments:
            desk = await _serve(empty_folder, telegram, discord)
            await _logs(empty_folder, line, desk)
            err = await _end(desk, number)
            assert desk.returncode == code, err
            assert "internal error" not in err
    log = (empty_folder / "desk.log").read_text()
    applied = [line.partition("applied migration ")[2] for line in log.splitlines() if "applied migration" in line]
    assert sorted(applied) == sorted(path.stem for path in MIGRATIONS.glob("*.sql"))
    assert "CRITICAL" not in log
