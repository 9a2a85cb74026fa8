"""Reports and pages in a folder where another user has prepared links."""

import errno
import os
from pathlib import Path

import pytest

from core.system.atomic_files import made_folder, write_in

STRANGER = 60_000
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make links of another user")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "victim"
    path.write_text("untouched")
    return path


def write(folder: Path, name: str = "report.md") -> None:
    with made_folder(folder) as descriptor:
        write_in(descriptor, name, b"new")


@pytest.mark.parametrize("name", ["report.md", "report.md.new"])
def test_a_planted_link_is_replaced(tmp_path: Path, victim: Path, name: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).symlink_to(victim)
    write(folder)
    assert victim.read_text() == "untouched"
    assert (folder / "report.md").read_text() == "new"
    assert [path.name for path in folder.iterdir()] == ["report.md"]
    assert not (folder / "report.md").is_symlink()


def test_a_second_hard_link_keeps_its_content(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "report.md").hardlink_to(victim)
    write(tmp_path)
    assert victim.read_text() == "untouched"


def test_a_fifo_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.md")
    write(tmp_path)
    assert (tmp_path / "report.md").read_text() == "new"


@as_root
@pytest.mark.parametrize("folder", ["link", "link/deep", "here/../link"])
def test_a_folder_behind_a_strangers_link_is_refused(tmp_path: Path, victim: Path, folder: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to(victim.parent)
    os.lchown(tmp_path / "link", STRANGER, STRANGER)
    with pytest.raises(OSError, match="a link of another user") as refused:
        write(tmp_path / folder, "victim")
    assert refused.value.errno == errno.ELOOP
    assert victim.read_text() == "untouched"
    assert [path.name for path in victim.parent.iterdir()] == ["victim"]


@pytest.mark.parametrize("target", ["real/deep", "{}/real/deep"])
def test_a_folder_behind_an_own_link_is_written_to(tmp_path: Path, target: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(target.format(tmp_path))
    write(tmp_path / "link" / "more")
    assert (tmp_path / "real" / "deep" / "more" / "report.md").read_text() == "new"


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(OSError, match="symbolic links"):
        write(tmp_path / "one")


@pytest.mark.parametrize("folder", [".", "deep/er", "../beside"])
def test_relative_folders_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write(Path(folder))
    assert (Path(folder) / "report.md").stat().st_mode & 0o777 == 0o644
