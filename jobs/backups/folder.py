"""Folder of backups, open for the length of one run: a change to a part of its path during the run has no effect.

Other users may have created files in it, if the mode of the folder once allowed it or if it is sticky. Only regular
files of this user, or of the folder's owner, who could replace them anyway, count as backups.
"""

import fnmatch
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.system.accounts import trusted_uids, user_name
from jobs.backups.signature import SUFFIX, code_of_open
from jobs.errors import BackupFailed, BackupFolderExposed, BackupFolderForeign, BackupFolderUnwritable

DRAFT = ".new"

_NAMES = "paperdesk-*.dump"
_ABANDONED_SECONDS = 3600
_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class BackupFolder:
    """Open folder of backups."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        status = os.fstat(descriptor)
        sticky = status.st_mode & stat.S_ISVTX
        self._owners = {os.geteuid()} if sticky else {os.geteuid(), status.st_uid}

    @contextmanager
    def new_file(self, name: str) -> Iterator[int]:
        """Yields the descriptor of a new file. Raises OSError if a file or link of this name exists."""
        descriptor = os.open(name, os.O_RDWR | _NEW, 0o600, dir_fd=self.descriptor)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def settle(self, draft: str, name: str, output: int, key: bytes) -> None:
        """Renames the draft, which is `output`, to the backup `name`, with its code next to it.

        The code covers the name and the content of the descriptor. If another program replaced the file, the code is
        removed. Raises BackupFailed for such a file, FileExistsError if the name or that of the code is taken, OSError.
        """
        self._check_is(draft, output)
        code = code_of_open(output, name, key)
        beside = f"{name}{SUFFIX}"
        if name in os.listdir(self.descriptor):  # noqa: PTH208 - of a descriptor
            raise FileExistsError(name)
        with self.new_file(beside) as descriptor:
            try:
                os.write(descriptor, f"{code}\n".encode("ascii"))
                os.fsync(descriptor)
                os.rename(draft, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
                self._check_is(name, output)
            except (OSError, BackupFailed):
                self.remove(beside)
                raise
        os.fsync(self.descriptor)

    def names(self) -> list[str]:
        """Returns the names of the backups, oldest first: the names contain the time."""
        return sorted(name for name, _ in self._own(_NAMES))

    def size(self, name: str) -> int:
        """Returns the size of a file in bytes. Raises OSError."""
        return self._status(name).st_size

    def remove_abandoned(self) -> None:
        """Removes the drafts of processes that were killed."""
        for name, status in self._own(f"{_NAMES}.*{DRAFT}"):
            if time.time() - status.st_mtime > _ABANDONED_SECONDS:
                self.remove(name)

    def remove(self, name: str) -> None:
        """Removes a file if it exists. Raises OSError."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.descriptor)

    def remove_draft(self, name: str) -> None:
        """Removes a draft, if it still exists, or a code. Another user's file stays if the folder is sticky. Raises
        OSError.
        """
        with suppress(PermissionError):
            self.remove(name)

    def _own(self, pattern: str) -> Iterator[tuple[str, os.stat_result]]:
        for name in fnmatch.filter(os.listdir(self.descriptor), pattern):  # noqa: PTH208 - of a descriptor
            with suppress(FileNotFoundError):
                status = self._status(name)
                if stat.S_ISREG(status.st_mode) and status.st_uid in self._owners:
                    yield name, status

    def _status(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)

    def _check_is(self, name: str, output: int) -> None:
        if not os.path.samestat(os.fstat(output), self._status(name)):
            raise BackupFailed(f"{name} was replaced by another program")


@contextmanager
def open_folder(path: Path) -> Iterator[BackupFolder]:
    """Opens the folder, and makes it if it is missing; a link is refused.

    It must belong to this user or to root, and must be closed to the other users of the machine or sticky, as /tmp is.
    A group may share it: files of others are not taken for backups. Raises BackupFolderUnwritable, BackupFolderForeign,
    BackupFolderExposed.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise BackupFolderUnwritable(str(path)) from error
    try:
        check_folder(path, os.fstat(descriptor))
        yield BackupFolder(descriptor)
    finally:
        os.close(descriptor)


def check_folder(path: Path, status: os.stat_result) -> None:
    """Checks owner and mode. Raises BackupFolderForeign, BackupFolderExposed, BackupFolderUnwritable."""
    if status.st_uid not in trusted_uids():
        raise BackupFolderForeign(str(path), user_name(status.st_uid))
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        raise BackupFolderExposed(str(path))
    if not os.access(path, os.W_OK | os.X_OK):
        raise BackupFolderUnwritable(str(path))
