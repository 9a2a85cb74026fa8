"""Account of the engines of a desk that runs as root: a uid of their own, without an entry in /etc/passwd.

PostgreSQL refuses root, and an account such as `nobody` is shared with other programs. The uid is drawn once; later
starts find it as the owner of the data. Only initdb needs a uid with a name: it borrows one that runs nothing else, and
its gid is the engines'.
"""

import errno
import grp
import os
import pwd
import secrets
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import DataFileForeign, NoIdleAccount
from app.own_files import check_own_directory
from core.system.child_env import program_env

PRIVATE = range(60_706, 61_184)
"""Uids that no system assigns: https://systemd.io/UIDS-GIDS (between containers' users and dynamic services)."""

_FIRST_PERSON = 1000
_READ, _PASS = 0o5, 0o1


@dataclass(frozen=True, slots=True)
class EngineAccount:
    """Account of the engines: uid and gid to drop to, or None to stay this user."""

    ids: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """Name of the account for messages."""
        return f"uid {self.ids[0] if self.ids else os.geteuid()}"

    @property
    def owners(self) -> tuple[int, ...]:
        """Uids of the files that are expected in an engine's own folders."""
        return (os.geteuid(), *(self.ids or ())[:1])

    def give(self, folder: Path) -> None:
        """Makes the engine the owner of a folder and of all its content; follows no link.

        The folder itself is changed last, so that an interrupted walk is repeated. Raises DataFileForeign for a link, a
        file with a second name, and another user's folder if this user is not root; DataDirExposed; OSError.
        """
        with _open(folder) as top:
            owner = os.fstat(top).st_uid
            if self.ids is None:
                if owner != os.geteuid():
                    raise DataFileForeign(str(folder))
                check_own_directory(top, folder)
                return
            if owner == self.ids[0]:
                return
            os.fchown(top, os.geteuid(), os.getegid())  # from here on the owner before has no way in
            os.fchmod(top, 0o700)
            for _, _, files, descriptor in os.fwalk(".", dir_fd=top, follow_symlinks=False):
                for name in files:
                    _give_file(name, descriptor, folder, self.ids)
                if not os.path.sameopenfile(descriptor, top):
                    os.fchown(descriptor, *self.ids)
            os.fchown(top, *self.ids)

    def can_run(self, path: Path) -> bool:
        """Returns whether the account may read and execute `path`, by the classic mode bits of it and its parents."""
        return self.ids is None or (_may(path, self.ids, _READ) and self.can_pass(path.parent))

    def can_pass(self, folder: Path) -> bool:
        """Returns whether the account can enter `folder`, by the classic mode bits of it and its parents."""
        return self.ids is None or all(_may(above, self.ids, _PASS) for above in (folder, *folder.parents))


def _may(path: Path, ids: tuple[int, int], bits: int) -> bool:
    status = path.stat()
    shift = 6 if status.st_uid == ids[0] else 3 if status.st_gid == ids[1] else 0
    return (status.st_mode >> shift) & bits == bits


@contextmanager
def _open(folder: Path) -> Iterator[int]:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise DataFileForeign(str(folder)) from error
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _give_file(name: str, folder: int, top: Path, ids: tuple[int, int]) -> None:
    """Changes the owner of a regular file.

    Sockets and links are left unchanged: engines replace sockets and do not use links.
    """
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise DataFileForeign(str(top / name))
        os.fchown(descriptor, *ids)
    finally:
        os.close(descriptor)


# -- choosing one ------------------------------------------------------------------------------


def engines_account(folders: Iterable[Path], apart: Iterable[Path] = ()) -> EngineAccount:
    """Returns the account of the engines.

    For root it is the uid that already owns one of their data `folders`, else a free one that owns none of the folders
    `apart`. For other users it is the user itself. Raises NoIdleAccount.
    """
    if os.geteuid() != 0:
        return EngineAccount()
    for folder in folders:
        with suppress(FileNotFoundError):
            uid = folder.lstat().st_uid
            if uid in PRIVATE and _is_nameless(uid):
                return EngineAccount((uid, uid))
    busy = running_uids() | {folder.lstat().st_uid for folder in apart}
    free = [uid for uid in PRIVATE if uid not in busy and _is_nameless(uid)]
    if not free:
        raise NoIdleAccount
    uid = secrets.choice(free)
    return EngineAccount((uid, uid))


def idle_account(gid: int) -> EngineAccount:
    """Returns the uid of an account that runs nothing and has a name, as initdb needs it, with the group `gid`.

    `gid` is not the account's own group. Accounts of the system come first and `nobody` last; users' accounts are never
    taken. Raises NoIdleAccount.
    """
    busy = running_uids()
    entries = [entry for entry in pwd.getpwall() if entry.pw_uid not in busy and entry.pw_uid != 0]
    system = [entry for entry in entries if entry.pw_uid < _FIRST_PERSON]
    idle = system or [entry for entry in entries if entry.pw_name == "nobody"]
    if not idle:
        raise NoIdleAccount
    entry = secrets.choice(idle)  # desks that start at the same moment seldom meet
    return EngineAccount((entry.pw_uid, gid))


def running_uids() -> set[int]:
    """Returns the uids of all processes that have not ended: real, effective, saved and of file access."""
    if sys.platform != "linux":
        command = ["/bin/ps", "-axo", "uid=,ruid="]
        listing = subprocess.run(command, capture_output=True, text=True, check=True, env=program_env())  # noqa: S603
        return {int(uid) for uid in listing.stdout.split()}
    found: set[int] = set()
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):  # it ended meanwhile
                text = (process / "status").read_text(encoding="utf-8", errors="replace")
                if "\nState:\tZ" not in text:
                    found.update(int(uid) for uid in text.partition("\nUid:")[2].partition("\n")[0].split())
    return found


def _is_nameless(uid: int) -> bool:
    for known in (pwd.getpwuid, grp.getgrgid):
        with suppress(KeyError):
            known(uid)
            return False
    return True
