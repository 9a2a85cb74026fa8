"""The account that a root desk's engines run under: a uid of their own, which no entry of /etc/passwd names.

PostgreSQL refuses root, and an account such as `nobody` is shared with other programs. The uid is drawn once and known
by whom the data belongs to. initdb alone needs a uid with a name: it borrows one that runs nothing else, and its gid is
the engines'.
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
"""Uids that no system hands out: https://systemd.io/UIDS-GIDS (between containers' users and dynamic services)."""

_FIRST_PERSON = 1000
_READ, _PASS = 0o5, 0o1


@dataclass(frozen=True, slots=True)
class EngineAccount:
    """Who the engines run as: uid and gid to drop to, or None to stay this user."""

    ids: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """For messages."""
        return f"uid {self.ids[0] if self.ids else os.geteuid()}"

    @property
    def owners(self) -> tuple[int, ...]:
        """Whose files are expected in an engine's own folders."""
        return (os.geteuid(), *(self.ids or ())[:1])

    def give(self, folder: Path) -> None:
        """Makes a folder the engine's, with all that lies in it; follows no link.

        The folder itself changes hands last: a walk that was cut off is repeated. Raises DataFileForeign for a link, a
        file with a second name, and another user's folder where this user is not root; DataDirExposed; OSError.
        """
        with _opened(folder) as top:
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
        """Whether the account may read and execute `path`, by the classic mode bits of it and all above it."""
        return self.ids is None or (_may(path, self.ids, _READ) and self.can_pass(path.parent))

    def can_pass(self, folder: Path) -> bool:
        """Whether the account has a way into `folder`."""
        return self.ids is None or all(_may(above, self.ids, _PASS) for above in (folder, *folder.parents))


def _may(path: Path, ids: tuple[int, int], bits: int) -> bool:
    status = path.stat()
    shift = 6 if status.st_uid == ids[0] else 3 if status.st_gid == ids[1] else 0
    return (status.st_mode >> shift) & bits == bits


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
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
    """Sockets and links are left as they are: engines replace the first and have no use for the second."""
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
    """Root's engines: the uid that owns one of their data `folders` already, else a free one, which owns none of the
    folders `apart`. Others': themselves."""
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
    """The uid of an account that runs nothing and has a name, as initdb needs it; the group is `gid`, not its own.

    Accounts of the system come first, `nobody` last, people's never. Raises NoIdleAccount.
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
    """The uids of all processes that have not ended: real, effective, saved and of file access."""
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
