"""Files that another user could have prepared."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.engines.datadir import is_open, take_lock
from app.errors import DataFileForeign
from app.ops.logs import log_to
from app.own_files import open_own, own_folder, read_own, write_own
from tests.unit.app.strangers import STRANGER, _names, as_root


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file elsewhere that must stay as it is."""
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "victim"
    path.write_text("untouched")
    path.chmod(0o640)
    return path


def _link(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def _hard_link(path: Path, victim: Path) -> None:
    path.hardlink_to(victim)


def _fifo(path: Path, _victim: Path) -> None:
    os.mkfifo(path)


def _directory(path: Path, _victim: Path) -> None:
    path.mkdir()


PLANTED = [_link, _hard_link, _fifo, _directory]


@pytest.mark.parametrize("plant", PLANTED)
@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_APPEND, os.O_RDWR | os.O_CREAT])
def test_only_plain_files_are_opened(
    folder: Path, victim: Path, plant: Callable[[Path, Path], None], flags: int
) -> None:
    plant(folder / "file", victim)
    with pytest.raises(DataFileForeign):
        open_own(folder / "file", flags)
    assert (victim.read_text(), victim.stat().st_mode & 0o777) == ("untouched", 0o640)


@as_root
def test_another_users_file_is_not_opened(folder: Path) -> None:
    (folder / "file").write_text("planted")
    os.chown(folder / "file", STRANGER, STRANGER)
    with pytest.raises(DataFileForeign):
        read_own(folder / "file", 100)
    assert read_own(folder / "file", 4, owners=(0, STRANGER)) == b"plan"


@pytest.mark.parametrize("plant", [_link, _hard_link])
def test_a_written_file_replaces_a_link(folder: Path, victim: Path, plant: Callable[[Path, Path], None]) -> None:
    for name in ("file", "file.new"):
        plant(folder / name, victim)
    write_own(folder / "file", b"secret")
    assert (folder / "file").read_bytes() == b"secret"
    assert (folder / "file").stat().st_mode & 0o777 == 0o600
    assert victim.read_text() == "untouched"
    assert _names(folder) == ["file"]


@pytest.mark.parametrize("plant", PLANTED)
def test_the_log_follows_no_link(folder: Path, victim: Path, plant: Callable[[Path, Path], None]) -> None:
    plant(folder / "desk.log", victim)
    with pytest.raises(DataFileForeign):
        log_to(folder, "INFO")
    assert victim.read_text() == "untouched"


@pytest.mark.parametrize("plant", PLANTED)
def test_the_lock_follows_no_link(folder: Path, victim: Path, plant: Callable[[Path, Path], None]) -> None:
    plant(folder / "desk.lock", victim)
    with pytest.raises(DataFileForeign):
        take_lock(folder)
    with pytest.raises(DataFileForeign):
        is_open(folder)


def test_a_folder_behind_a_link_is_not_opened(folder: Path, victim: Path) -> None:
    (folder / "backups").symlink_to(victim.parent)
    with pytest.raises(DataFileForeign), own_folder(folder / "backups"):
        pass
    with own_folder(folder / "made"):
        assert (folder / "made").stat().st_mode & 0o777 == 0o700
