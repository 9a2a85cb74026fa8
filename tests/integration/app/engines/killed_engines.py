"""Engines and desks that tests kill: their rows, processes and settings."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests.paths import PROJECT

FAST = {"fsync": "off"}
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def _write(dsn: str, url: str, word: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        connection.execute("INSERT INTO word VALUES (%s)", [word])
    with redis.Redis.from_url(url) as client:
        client.rpush("words", word)


def _read(dsn: str, url: str) -> tuple[list[str], list[str]]:
    with psycopg.connect(dsn) as connection:
        rows = [word for (word,) in connection.execute("SELECT word FROM word")]
    with redis.Redis.from_url(url) as client:
        return rows, [word.decode() for word in client.lrange("words", 0, -1)]


def _processes_in(folder: Path) -> list[int]:
    """Every process whose working directory is below `folder`: servers and all their children."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                where = (entry / "cwd").readlink()
            except OSError:
                continue
            if where.is_relative_to(folder):
                found.append(int(entry.name))
    return found


def _pongs(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


# -- the desk dies -----------------------------------------------------------------------------


class Desk:
    """A desk in a process of its own, ended by the test."""

    def __init__(self, folder: Path, python: str = sys.executable, **options: Any) -> None:
        command = [python, "-m", "tests.support.holding", str(folder)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=PROJECT, **pipes, **options)  # noqa: S603
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(self.process.communicate()[1].decode())
        self.state = json.loads(line)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate()
        return self.process.returncode
