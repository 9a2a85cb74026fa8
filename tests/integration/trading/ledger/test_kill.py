"""kill -9 at any moment: of the trading process, of a PostgreSQL backend, of PostgreSQL as a whole."""

import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import asyncpg
import pytest

from app.database.migrate import migrate
from app.engines import Engines
from tests.paths import PROJECT
from tests.support.trading_house import findings, owner_of

pytestmark = pytest.mark.long

ROUNDS = 20
NO_REDIS = "redis://127.0.0.1:1"


class Fire:
    """The forking process, and everything that was acknowledged."""

    def __init__(self, dsn: str) -> None:
        program = [sys.executable, "-m", "tests.support.trading_fire", dsn]
        self._process = Popen(program, stdin=PIPE, stdout=PIPE, text=True, cwd=PROJECT)  # noqa: S603
        self.done: dict[str, int] = {}
        self.down: set[str] = set()
        self._pids: list[int] = []
        self._at_work: set[str] = set()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            kind, *words = line.split()
            if kind == "pid":
                self._pids.append(int(words[0]))
            elif kind == "done":
                self.done[words[0]] = int(words[1])
                self._at_work.add(words[0].partition("-")[0])
            elif kind == "down":
                self.down.add(words[0])

    def trade(self) -> int:
        """The pid of a new trading process, once it has made orders."""
        number = len(self._pids)
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        self.wait_until(lambda: str(number) in self._at_work and len(self._pids) > number)
        return self._pids[-1]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.005)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def engines_of_its_own() -> Iterator[Engines]:
    """PostgreSQL as people run it, and nobody else's to lose."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-kill-"))
    try:
        with Engines(folder, redis_url=NO_REDIS) as engines:
            migrate(engines.postgres_dsn)
            yield engines
    finally:
        shutil.rmtree(folder)


async def acknowledged_are_there(dsn: str, done: dict[str, int]) -> None:
    async with owner_of(dsn) as owner:
        booked = dict(await owner.fetch("SELECT command_id, order_id FROM entry WHERE kind = 'trade'"))
    assert done.items() <= booked.items()


def test_twenty_rounds_of_kill_nine_leave_a_clean_ledger(engines_of_its_own: Engines) -> None:
    chance = random.Random(20210405)  # noqa: S311
    dsn = engines_of_its_own.postgres_dsn
    fire = Fire(dsn)
    try:
        for number in range(ROUNDS):
            trader = fire.trade()
            time.sleep(chance.uniform(0, 0.1))
            if number % 10 == 5:
                kill_a_backend(dsn)
                wait_for_more(fire)
            if number % 10 == 9:
                kill_postgres(engines_of_its_own)
                wait_for_more(fire)
            os.kill(trader, signal.SIGKILL)
            if number % 10 == 5:
                assert asyncio.run(findings(dsn)) == []
    finally:
        fire.close()
    assert asyncio.run(findings(dsn)) == []
    asyncio.run(acknowledged_are_there(dsn, fire.done))
    assert len(fire.done) > ROUNDS
    assert fire.down, "no trader noticed that PostgreSQL was away"
    assert fire.down & fire.done.keys(), "no command was repeated with its id"


def wait_for_more(fire: Fire) -> None:
    """The trading process survives PostgreSQL and goes on."""
    done = len(fire.done)
    fire.wait_until(lambda: len(fire.done) > done + 10)


def kill_a_backend(dsn: str) -> None:
    """PostgreSQL then ends every backend and recovers."""

    async def kill() -> None:
        owner = await asyncpg.connect(dsn)
        pid = await owner.fetchval(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        os.kill(pid, signal.SIGKILL)
        owner.terminate()  # its own backend may be gone by now

    asyncio.run(kill())


def kill_postgres(engines: Engines) -> None:
    (pid,) = engines.pids.values()
    os.kill(pid, signal.SIGKILL)

    async def watch() -> None:
        service = asyncio.create_task(engines.watch())
        while pid in engines.pids.values() or not engines.pids or not await answers(engines.postgres_dsn):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        service.cancel()

    asyncio.run(watch())


async def answers(dsn: str) -> bool:
    try:
        async with owner_of(dsn):
            return True
    except (OSError, asyncpg.PostgresError):
        return False
