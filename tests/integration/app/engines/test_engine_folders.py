"""Folders of the embedded engines: set up, cut off, too deep for sockets, or of another version."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.engines import Engines
from app.errors import DataDirIsFile, DataDirUnwritable, EngineVersionMismatch, SocketPathTooLong
from tests.conftest import memory_folder
from tests.integration.app.engines.killed_engines import FAST, _pongs, _read, _write


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory that the engines' account can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-engines-", dir=memory_folder()))
    yield made
    shutil.rmtree(made)


def test_a_first_start_sets_both_up_and_data_survives_a_restart(folder: Path) -> None:
    first = Engines(folder, postgres_settings=FAST)
    assert first.first_start
    with first:
        _write(first.postgres_dsn, first.redis_url, "kept")
    with Engines(folder, postgres_settings=FAST) as again:
        assert not again.first_start
        assert _read(again.postgres_dsn, again.redis_url) == (["kept"], ["kept"])


@pytest.mark.parametrize("name", ["p" * 100, "a,b"])
def test_a_folder_that_no_socket_can_lie_in_gets_sockets_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    short = Path(tempfile.mkdtemp(prefix="pd-", dir="/tmp"))
    for passable in (short, folder):
        passable.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(short))
    try:
        engines = Engines(folder / name, postgres_dsn="postgresql://elsewhere/desk")
        engines.start()
        assert _pongs(engines.redis_url)
        (private,) = short.iterdir()
        assert private.stat().st_mode & 0o777 == 0o700
        engines.stop()
        assert list(short.iterdir()) == []
        (folder / name / "sockets-at").symlink_to(leftover := Path(tempfile.mkdtemp(prefix="paperdesk-")))
        with engines:
            assert not leftover.exists()
        foreign, kept = Path(tempfile.mkdtemp(prefix="foreign-")), Path(tempfile.mkdtemp(prefix="paperdesk-"))
        (kept / "notes").write_text("")
        for other in (foreign, kept):
            (folder / name / "sockets-at").symlink_to(other)
            with engines:
                assert other.exists()
        assert (kept / "notes").exists()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("q" * 120)))
        (tmp_path / ("q" * 120)).mkdir()
        with pytest.raises(SocketPathTooLong):
            engines.start()
    finally:
        shutil.rmtree(short)


def test_a_first_start_that_was_cut_off_is_begun_anew(folder: Path) -> None:
    for leftover in ("data", "data.new"):
        (folder / "postgres-18" / leftover).mkdir(parents=True)
        (folder / "postgres-18" / leftover / "half").write_text("made")
    with (
        Engines(folder, redis_url="redis://elsewhere", postgres_settings=FAST) as running,
        psycopg.connect(running.postgres_dsn) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not (folder / "postgres-18" / "data.new").exists()
    assert not (folder / "postgres-18" / "data" / "half").exists()


def test_a_data_directory_that_cannot_be_made_is_refused(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(DataDirIsFile):
        Engines(folder / "file" / "below").start()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_directory_that_cannot_be_written_is_refused(folder: Path) -> None:
    folder.chmod(0o500)
    with pytest.raises(DataDirUnwritable):
        Engines(folder).start()
    folder.chmod(0o700)


def test_data_of_another_major_version_is_not_passed_over(folder: Path) -> None:
    (folder / "postgres-17").mkdir()
    with pytest.raises(EngineVersionMismatch) as refused:
        Engines(folder).start()
    assert (refused.value.found, refused.value.needed) == ("postgres-17", "postgres-18")
