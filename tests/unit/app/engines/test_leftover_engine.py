"""An engine of an earlier desk is told to end, and no other process, whatever its lock says."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engines.accounts import EngineAccount
from app.engines.process import EngineProcess

NOBODY = 65534


@pytest.fixture
def sleeper() -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def tell(folder: Path, text: str, account: EngineAccount) -> None:
    process = EngineProcess("engine", folder / "engine.log", account, stop_signal=signal.SIGTERM)
    lock = folder / "engine.lock"
    lock.write_bytes(text.encode())
    descriptor = os.open(lock, os.O_RDWR)
    try:
        process._tell_holder(descriptor)
    finally:
        os.close(descriptor)


def test_the_engine_is_told(tmp_path: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    tell(tmp_path, str(sleeper.pid), EngineAccount())
    assert sleeper.wait(60) == -signal.SIGTERM


def test_a_process_of_another_account_is_not(tmp_path: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    tell(tmp_path, str(sleeper.pid), EngineAccount((NOBODY, NOBODY)))
    with pytest.raises(subprocess.TimeoutExpired):
        sleeper.wait(0.2)


@pytest.mark.parametrize("text", ["", "0", "-1", "00", "\udcff", "9" * 10, "9" * 32, "1 2", "²"])
def test_what_is_no_pid_of_a_process_tells_no_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("told"))
    tell(tmp_path, text.encode(errors="surrogateescape").decode("latin-1"), EngineAccount())
