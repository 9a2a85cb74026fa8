"""Folder of the engines' Unix sockets, which only their account may enter.

It is in the data directory if a socket's path there fits the system's limit, else in a private folder below the
system's own for temporary files.
"""

import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from app.engines.accounts import EngineAccount
from app.engines.datadir import SOCKETS, DataDir
from app.errors import SocketPathTooLong
from app.own_files import temporary_parent

_LONGEST = 103 if sys.platform == "darwin" else 107  # bytes of sockaddr_un.sun_path without its end
_LONGEST_NAME = len("/.s.PGSQL.65535")
_OUTSIDE = "sockets-at"
"""A symbolic link to the private folder, by which the next start finds it after a crash."""

_PREFIX = "paperdesk-"
_LOCKS = ".s.PGSQL."  # a file next to PostgreSQL's socket


class SocketDir:
    """Folder at `path`, created for one run of the engines. Raises SocketPathTooLong, DataFileForeign."""

    def __init__(self, data_dir: DataDir) -> None:
        self._link = data_dir.path / _OUTSIDE
        self._account = data_dir.account
        self._remove_leftover()
        inside = data_dir.path / SOCKETS
        self._is_temporary = not _fits(inside)
        self.path = self._make_temporary() if self._is_temporary else _make(inside, self._account)

    def close(self) -> None:
        """Removes a private folder; the one in the data directory stays."""
        if self._is_temporary:
            shutil.rmtree(self.path, ignore_errors=True)
            self._link.unlink(missing_ok=True)

    def _make_temporary(self) -> Path:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=temporary_parent()))  # 0700, with an unpredictable name
        if not _fits(path):
            path.rmdir()
            raise SocketPathTooLong(str(path.parent))
        self._account.give(path)
        self._link.symlink_to(path)
        return path

    def _remove_leftover(self) -> None:
        """Removes the sockets left by a killed desk, with their folder, and nothing else."""
        with suppress(OSError):
            if self._link.lstat().st_uid == os.geteuid():
                left = self._link.readlink()
                found = left.lstat()
                if (
                    stat.S_ISDIR(found.st_mode)
                    and found.st_uid in self._account.owners
                    and left.name.startswith(_PREFIX)
                ):
                    _remove_sockets(left)
        self._link.unlink(missing_ok=True)


def _remove_sockets(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_socket() or path.name.startswith(_LOCKS):
            path.unlink()
    folder.rmdir()


def _fits(folder: Path) -> bool:
    """Returns whether drivers accept the folder of a socket: a comma would separate two hosts."""
    return len(os.fsencode(folder)) + _LONGEST_NAME <= _LONGEST and "," not in str(folder)


def _make(folder: Path, account: EngineAccount) -> Path:
    if folder.is_symlink():  # its target is not a folder of this desk
        folder.unlink()
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    account.give(folder)
    folder.chmod(0o700)
    return folder
