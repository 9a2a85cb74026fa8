"""The lock of a data directory, while other programs ask for it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engines import datadir
from app.engines.datadir import DataDir, is_open, take_lock
from app.errors import DataDirExposed, DataDirLocked
from app.own_files import check_own_directory
from app.startup import Addresses, _publish, _published


@pytest.fixture
def asked(folder: Path) -> Iterator[int]:
    """The lock as `is_open` holds it for a moment."""
    (folder / "desk.lock").touch(mode=0o600)
    lock = os.open(folder / "desk.lock", os.O_RDONLY)
    datadir.fcntl.flock(lock, datadir.fcntl.LOCK_SH)
    yield lock
    os.close(lock)


def test_a_desk_starts_while_another_program_asks(folder: Path, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            datadir.fcntl.flock(asked, datadir.fcntl.LOCK_UN)

    monkeypatch.setattr(datadir.time, "sleep", wait)
    os.close(take_lock(folder))
    assert len(waits) == 3


def test_a_desk_is_never_kept_out_by_questions(folder: Path) -> None:
    (folder / "desk.lock").touch(mode=0o600)
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            is_open(folder)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    try:
        for _ in range(200):
            lock = take_lock(folder)
            assert is_open(folder)
            os.close(lock)
    finally:
        done.set()
        for thread in asking:
            thread.join()


def test_a_directory_in_use_is_refused_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = take_lock(folder)
    monkeypatch.setattr(datadir.time, "sleep", lambda _: pytest.fail("waits"))
    with pytest.raises(DataDirLocked):
        take_lock(folder)
    os.close(held)
    assert not is_open(folder)


def test_the_open_directory_is_checked_not_its_name(folder: Path, tmp_path: Path) -> None:
    (folder / "kept").write_text("")
    folder.chmod(0o777)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    folder.rename(tmp_path / "moved")
    folder.mkdir(mode=0o700)
    with pytest.raises(DataDirExposed):
        check_own_directory(descriptor, folder)
    os.close(descriptor)


def test_the_addresses_of_a_killed_desk_end_with_the_next_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datadir, "open_way", lambda *_: None)  # no engine is started
    _publish(
        folder, Addresses("postgresql://paperdesk_desk@%2Ftmp%2Fgone/paperdesk", "unix://:pw@/tmp/gone/valkey.sock")
    )
    assert _published(folder) is None
    desk = DataDir(folder)
    try:
        assert _published(folder) is None
        _publish(folder, Addresses("postgresql://own", "unix://own"))
        assert _published(folder) == Addresses("postgresql://own", "unix://own")
    finally:
        desk.close()
