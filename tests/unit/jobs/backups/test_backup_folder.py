"""The folder of backups: what another account does in it is never taken for a backup of this desk."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.backups.folder import backup_folder_notices
from app.errors import BadSetting
from app.sentences import start_sentence
from app.settings import Settings
from bot.ui.texts import load_catalog
from jobs.backups import folder as backup_folder
from jobs.backups.folder import DRAFT, BackupFolder, open_folder
from jobs.backups.signature import Signature, code_file, content_code, read_signature
from jobs.errors import BackupFailed, BackupFolderExposed, BackupFolderForeign, BackupFolderUnwritable
from people.person import Language

STRANGER = 60_000
KEY = b"key"
NAME = "paperdesk-2026-11-23T030000Z.dump"
DUMP, EVIL = b"what pg_dump wrote", b"what the stranger wrote"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder that a stranger's group may write to."""
    made = tmp_path / "backups"
    made.mkdir()
    if os.geteuid() == 0:
        os.chown(made, 0, STRANGER)
    made.chmod(0o770)
    return made


@pytest.fixture
def folder(path: Path) -> Iterator[BackupFolder]:
    with open_folder(path) as opened:
        yield opened


def as_stranger(path: Path, command: str) -> None:
    """Runs a command in the folder under another account."""
    subprocess.run(["/bin/sh", "-c", command], cwd=path, user=STRANGER, group=STRANGER, extra_groups=[], check=True)  # noqa: S603


def exchange(path: Path, name: str) -> None:
    as_stranger(path, f"umask 022; printf '%s' '{EVIL.decode()}' >evil && mv -f evil {name}")


def settled(folder: BackupFolder) -> None:
    with folder.new_file(NAME + DRAFT) as output:
        os.write(output, DUMP)
        folder.settle(NAME + DRAFT, NAME, output, KEY)


def is_authentic(path: Path, key: bytes) -> bool:
    return read_signature(path, key) == Signature(authentic=True, name=path.name)


def test_a_backup_is_the_file_that_was_written(folder: BackupFolder, path: Path) -> None:
    settled(folder)
    assert (path / NAME).read_bytes() == DUMP
    assert is_authentic(path / NAME, KEY)
    assert folder.names() == [NAME]
    assert folder.size(NAME) == len(DUMP)


@as_root
@pytest.mark.parametrize("moment", ["code_of_open", "rename"])
def test_an_exchanged_draft_is_not_signed(
    folder: BackupFolder, path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = os if moment == "rename" else backup_folder
    real = getattr(owner, moment)

    def exchanged(*args: Any, **more: Any) -> Any:
        exchange(path, NAME + DRAFT)
        return real(*args, **more)

    monkeypatch.setattr(owner, moment, exchanged)
    with pytest.raises(BackupFailed):
        settled(folder)
    assert (path / NAME).read_bytes() == EVIL
    assert not code_file(path / NAME).exists()


@as_root
def test_a_backup_exchanged_after_its_rename_is_no_backup(
    folder: BackupFolder, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.rename

    def exchanged(*args: Any, **more: Any) -> None:
        real(*args, **more)
        exchange(path, NAME)

    monkeypatch.setattr(os, "rename", exchanged)
    with pytest.raises(BackupFailed):
        settled(folder)
    assert not code_file(path / NAME).exists()


@as_root
def test_a_backup_exchanged_later_is_not_authentic(folder: BackupFolder, path: Path) -> None:
    settled(folder)
    exchange(path, NAME)
    assert read_signature(path / NAME, KEY) == Signature(authentic=False, name=NAME)


@as_root
def test_a_code_that_lies_there_stays(folder: BackupFolder, path: Path) -> None:
    as_stranger(path, f"echo theirs > {NAME}.hmac")
    with pytest.raises(FileExistsError):
        settled(folder)
    assert code_file(path / NAME).read_text() == "theirs\n"


def test_a_backup_tells_the_name_it_was_made_under(folder: BackupFolder, path: Path) -> None:
    settled(folder)
    later = path / "paperdesk-2026-11-30T030000Z.dump"
    for old, new in ((path / NAME, later), (code_file(path / NAME), code_file(later))):
        old.rename(new)
    assert read_signature(later, KEY) == Signature(authentic=True, name=NAME)
    said = code_file(later).read_text().replace(NAME, later.name)
    code_file(later).write_text(said)
    assert read_signature(later, KEY) == Signature(authentic=False, name=later.name)
    code_file(later).write_text(content_code(later, b"another"))
    assert read_signature(later, KEY) == Signature(authentic=False, name=later.name)


@as_root
@pytest.mark.parametrize("mode", [0o770, 0o1777])
def test_strangers_files_count_for_nothing(path: Path, mode: int) -> None:
    path.chmod(mode)
    planted = [f"paperdesk-2099-01-0{number}T000000Z.dump" for number in range(1, 9)]
    as_stranger(path, f"touch {' '.join(planted)}; ln -s /dev/zero paperdesk-2098.dump; mkdir paperdesk-2097.dump")
    as_stranger(path, "touch -d 2020-01-01 paperdesk-2020.dump.1.new")
    with open_folder(path) as folder:
        folder.remove_abandoned()
        settled(folder)
        assert folder.names() == [NAME]
    assert (path / "paperdesk-2020.dump.1.new").exists()


@as_root
def test_a_strangers_draft_in_a_sticky_folder_stays(path: Path) -> None:
    path.chmod(0o1777)
    os.chown(path, 0, 0)
    as_stranger(path, f"touch {NAME}{DRAFT}")
    with open_folder(path) as folder:
        folder.remove_draft(NAME + DRAFT)


@as_root
def test_a_strangers_folder_is_refused(path: Path) -> None:
    os.chown(path, STRANGER, STRANGER)
    with pytest.raises(BackupFolderForeign) as refused, open_folder(path):
        pass
    assert refused.value.owner == f"#{STRANGER}"
    for language in Language:
        sentence = start_sentence(refused.value, load_catalog(language))
        assert str(path) in sentence
        assert f"#{STRANGER}" in sentence
        assert "PAPERDESK_BACKUPS__FOLDER" in sentence


@pytest.mark.parametrize("mode", [0o777, 0o707, 0o702])
def test_a_folder_that_all_may_write_to_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(BackupFolderExposed) as refused, open_folder(path):
        pass
    for language in Language:
        assert f"chmod o-w {path}" in start_sentence(refused.value, load_catalog(language))


@as_root
@pytest.mark.parametrize(("mode", "told"), [(0o770, True), (0o2775, True), (0o750, False), (0o1770, False)])
def test_a_folder_that_a_group_shares_is_told(path: Path, mode: int, *, told: bool) -> None:
    path.chmod(mode)
    notices = backup_folder_notices(Settings.model_validate({"backups": {"folder": str(path)}}))
    assert len(notices) == told
    for notice in notices:
        for language in Language:
            assert f"chmod g-w {path}" in start_sentence(notice, load_catalog(language))


@pytest.mark.parametrize(("keep", "told"), [(7, 1), (0, 0)])
def test_a_folder_without_nightly_backups_is_told(path: Path, keep: int, told: int) -> None:
    path.chmod(0o777)
    notices = backup_folder_notices(Settings.model_validate({"backups": {"folder": str(path), "keep": keep}}))
    assert [type(notice) for notice in notices] == [BackupFolderExposed] * told


def test_a_folder_that_is_yet_to_come_is_shared_with_no_one(tmp_path: Path) -> None:
    assert backup_folder_notices(Settings(data_dir=tmp_path / "none")) == []


def test_a_home_that_does_not_exist_is_a_bad_setting() -> None:
    with pytest.raises(BadSetting) as refused:
        backup_folder_notices(Settings.model_validate({"backups": {"folder": "~no-such-user/backups"}}))
    assert refused.value.name == "PAPERDESK_BACKUPS__FOLDER"


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o770, 0o775, 0o2770, 0o1777])
def test_folders_of_older_versions_are_used(path: Path, mode: int) -> None:
    path.chmod(mode)
    with open_folder(path) as folder:
        settled(folder)
        assert folder.names() == [NAME]
    assert path.stat().st_mode & 0o7777 == mode


def test_a_link_or_a_file_is_no_folder(tmp_path: Path, path: Path) -> None:
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "file").write_text("")
    for wrong in (tmp_path / "link", tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BackupFolderUnwritable), open_folder(wrong):
            pass


def test_a_folder_that_moves_away_keeps_its_backup(tmp_path: Path, path: Path) -> None:
    with open_folder(path) as folder:
        path.rename(tmp_path / "moved")
        path.mkdir()
        settled(folder)
    assert is_authentic(tmp_path / "moved" / NAME, KEY)
    assert list(path.iterdir()) == []
