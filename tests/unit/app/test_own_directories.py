"""Directories that another user could have prepared: refused, or taken over with the rights of the owner alone."""

import grp
import os
import pwd
import struct
from pathlib import Path

import pytest

from app import own_files
from app.engines.accounts import EngineAccount
from app.engines.datadir import find_data_dir, make_data_dir
from app.errors import (
    DataDirExposed,
    DataDirForeign,
    DataDirIsFile,
    DataDirUnwritable,
    DataFileForeign,
    DataPathForeign,
)
from app.own_files import own_folder, safe_path, temporary_parent
from core.system import folders
from core.system.accounts import trusted_uids
from core.system.folders import shared_with_group
from tests.unit.app.strangers import STRANGER, _names, as_root

# -- the directory itself ----------------------------------------------------------------------


def test_a_directory_the_desk_makes_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = make_data_dir(tmp_path / "new" / "desk", engines=False)
    finally:
        os.umask(before)
    assert made.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o702, 0o722])
def test_a_directory_others_write_to_is_refused(folder: Path, mode: int) -> None:
    (folder / "desk.log").write_text("")
    folder.chmod(mode)
    with pytest.raises(DataDirExposed) as refused:
        make_data_dir(folder)
    assert refused.value.folder == str(folder)
    with pytest.raises(DataDirExposed):
        find_data_dir(folder)
    assert folder.stat().st_mode & 0o7777 == mode & ~0o22 | mode & 0o22
    assert _names(folder) == ["desk.log"]


@pytest.mark.parametrize("name", ["charts", "console_history", "matplotlib", "postgres-18", "anything"])
@as_root
def test_what_others_made_while_they_could_is_refused(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    os.chown(folder / name, STRANGER, STRANGER)
    for look in (make_data_dir, find_data_dir):
        with pytest.raises(DataFileForeign) as refused:
            look(folder)
        assert refused.value.path == str(folder / name)


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_an_engines_folder_others_write_to_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    for module in (own_files, folders):
        monkeypatch.setattr(module, "only_own_group_writes", lambda *_: False)
    (folder / "data").mkdir()
    (folder / "data").chmod(mode)
    with pytest.raises(DataDirExposed):
        EngineAccount().give(folder / "data")
    with pytest.raises(DataDirExposed), own_folder(folder / "data"):
        pass


@pytest.mark.parametrize("mode", [0o700, 0o711, 0o755, 0o750])
def test_directories_of_older_versions_open(folder: Path, mode: int) -> None:
    (folder / "desk.log").write_text("")
    folder.chmod(mode)
    assert make_data_dir(folder, engines=False) == folder


def test_write_access_of_a_private_group_is_taken_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "desk.log").write_text("")
    folder.chmod(0o775)
    me = pwd.getpwuid(os.geteuid())
    alone = grp.struct_group((me.pw_name, "x", me.pw_gid, []))
    monkeypatch.setattr(grp, "getgrgid", lambda _: alone)
    monkeypatch.setattr(pwd, "getpwuid", lambda _: me)
    os.chown(folder, -1, me.pw_gid)
    assert make_data_dir(folder, engines=False) == folder
    assert folder.stat().st_mode & 0o777 == 0o755


def test_write_access_of_a_shared_group_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "desk.log").write_text("")
    folder.chmod(0o775)
    me = pwd.getpwuid(os.geteuid())
    shared = grp.struct_group((me.pw_name, "x", me.pw_gid, ["mallory"]))
    monkeypatch.setattr(grp, "getgrgid", lambda _: shared)
    with pytest.raises(DataDirExposed):
        make_data_dir(folder)


@pytest.mark.parametrize("place", ["desk", "parent"])
def test_a_private_group_that_is_anothers_primary_one_is_shared(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, me = tmp_path / "desk", pwd.getpwuid(os.geteuid())
    folder.mkdir(mode=0o700)
    mallory = pwd.struct_passwd(("mallory", "x", STRANGER, me.pw_gid, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwall", lambda: [me, mallory])
    writable = folder if place == "desk" else tmp_path
    writable.chmod(0o775)
    with pytest.raises(DataDirExposed) as refused:
        make_data_dir(folder, engines=False)
    assert refused.value.folder == str(writable)
    monkeypatch.setattr(pwd, "getpwall", lambda: [me])
    assert make_data_dir(folder, engines=False) == folder


def _share_by_acl(path: Path, uid: int) -> None:
    """Lets an account write, as `setfacl -m u:UID:rwx` does."""
    nobody, everything = 0xFFFFFFFF, 7
    entries = [(1, everything, nobody), (2, everything, uid), (4, 5, nobody), (16, everything, nobody), (32, 0, nobody)]
    raw = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(path, "system.posix_acl_access", raw)
    except (AttributeError, OSError) as error:
        pytest.skip(f"this file system keeps no POSIX ACLs ({error})")


@pytest.mark.parametrize("place", ["desk", "parent"])
def test_a_folder_that_an_acl_lets_another_write_is_refused(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    writable = folder if place == "desk" else tmp_path
    _share_by_acl(writable, STRANGER)
    assert shared_with_group(writable, writable.stat())
    with pytest.raises(DataDirExposed) as refused:
        make_data_dir(folder, engines=False)
    assert refused.value.folder == str(writable)
    writable.chmod(writable.stat().st_mode & 0o755)  # as the sentence says: what the ACL gives ends with it
    assert make_data_dir(folder, engines=False) == folder


@as_root
def test_another_users_directory_is_refused(folder: Path) -> None:
    os.chown(folder, STRANGER, STRANGER)
    for look in (make_data_dir, find_data_dir):
        with pytest.raises(DataDirForeign) as refused:
            look(folder)
        assert refused.value.owner == f"#{STRANGER}"
    assert _names(folder) == []


# -- the way to it -----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o777, 0o757])
def test_a_parent_others_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    shared = tmp_path / "shared"
    (shared / "desk").mkdir(parents=True)
    shared.chmod(mode)
    for path in (shared / "desk", shared / "new", shared / "a" / "b", shared / "desk" / ".." / "desk"):
        with pytest.raises(DataDirExposed) as refused:
            make_data_dir(path)
        assert refused.value.folder == str(shared)
    assert _names(shared) == ["desk"]


def test_a_sticky_parent_is_as_good_as_tmp(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    assert make_data_dir(tmp_path / "shared" / "desk", engines=False) == tmp_path / "shared" / "desk"


@as_root
def test_temporary_files_of_another_users_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    os.chown(theirs, STRANGER, STRANGER)
    monkeypatch.setattr("tempfile.tempdir", str(theirs))
    with pytest.raises(DataPathForeign):
        temporary_parent()


def test_temporary_files_go_where_no_one_exchanges_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    shared.chmod(0o777)
    with pytest.raises(DataDirExposed):
        temporary_parent()
    shared.chmod(0o1777)
    assert temporary_parent() == shared


@as_root
def test_a_parent_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs" / "desk").mkdir(parents=True)
    os.chown(tmp_path / "theirs", STRANGER, STRANGER)
    with pytest.raises(DataPathForeign) as refused:
        make_data_dir(tmp_path / "theirs" / "desk")
    assert (refused.value.folder, refused.value.owner) == (str(tmp_path / "theirs"), f"#{STRANGER}")


def test_the_folders_behind_a_link_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "shared" / "desk").mkdir(parents=True)
    (tmp_path / "link").symlink_to("shared/desk")
    assert safe_path(tmp_path / "link") == tmp_path / "shared" / "desk"
    (tmp_path / "shared").chmod(0o777)
    with pytest.raises(DataDirExposed):
        safe_path(tmp_path / "link")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DataDirUnwritable):
        make_data_dir(tmp_path / "loop")


@as_root
def test_a_link_of_another_user_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    os.lchown(tmp_path / "link", STRANGER, STRANGER)
    with pytest.raises(DataPathForeign):
        make_data_dir(tmp_path / "link")


def test_unmapped_root_is_trusted_as_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"/proc/self/uid_map": "0 1000 1\n1 100000 65536\n", "/proc/sys/kernel/overflowuid": "65534\n"}
    monkeypatch.setattr(Path, "read_text", lambda path, **_: texts[str(path)])
    assert trusted_uids() == {0, os.geteuid(), 65_534}
    texts["/proc/self/uid_map"] = "0 0 4294967295\n"
    assert trusted_uids() == {0, os.geteuid()}


def test_a_data_directory_that_is_a_file_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "desk"):
        with pytest.raises(DataDirIsFile):
            make_data_dir(path)
