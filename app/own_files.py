"""Files and folders that must be this user's own: a link, or a file of another user, is never opened.

Every check is made on the open descriptor, so nothing can be replaced between the check and the use.
"""

import errno
import os
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import DataDirExposed, DataDirForeign, DataFileForeign, DataPathForeign
from core.system.accounts import user_name
from core.system.atomic_files import write_own as write_own  # noqa: PLC0414 - next to its readers
from core.system.folders import (
    OTHERS_WRITE,
    FolderExposed,
    FolderForeign,
    check_passed,
    checked_path,
    only_own_group_writes,
)

OWNER_ONLY = 0o700
_REFUSED = frozenset((errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EISDIR))  # a link, a FIFO, a folder


def open_own(path: Path, flags: int, *, owners: Collection[int] = ()) -> int:
    """Opens a regular file of this user, or of one of the uids `owners`; a new file has mode 0600.

    Raises DataFileForeign for a link, a second hard link, another user's file and anything but a regular file; OSError.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in _REFUSED:
            raise DataFileForeign(str(path)) from error
        raise
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid not in (owners or (os.geteuid(),)) or status.st_nlink > 1:
        os.close(descriptor)
        raise DataFileForeign(str(path))
    return descriptor


def read_own(path: Path, limit: int, *, owners: Collection[int] = ()) -> bytes:
    """Returns the first `limit` bytes of a regular file of this user. Raises the errors of `open_own`."""
    with os.fdopen(open_own(path, os.O_RDONLY, owners=owners), "rb") as file:
        return file.read(limit)


@contextmanager
def own_folder(path: Path, mode: int = OWNER_ONLY) -> Iterator[int]:
    """Yields the descriptor of a folder of this user with `mode`, created if missing.

    Raises DataFileForeign for a link or another user's folder, DataDirExposed if others may write to it; OSError.
    """
    with suppress(FileExistsError):
        path.mkdir(mode=mode)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise DataFileForeign(str(path)) from error
        raise
    try:
        status = os.fstat(descriptor)
        if status.st_uid != os.geteuid():
            raise DataFileForeign(str(path))
        check_own_directory(descriptor, path)
        os.fchmod(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)


# -- the path of a directory -------------------------------------------------------------------


def safe_path(path: Path) -> Path:
    """Returns `core.system.folders.checked_path`. Raises DataPathForeign, DataDirExposed, OSError."""
    with _told():
        return checked_path(path)


@contextmanager
def _told() -> Iterator[None]:
    """Converts the errors about folders to StartErrors, which explain how the desk can be started."""
    try:
        yield
    except FolderForeign as error:
        raise DataPathForeign(error.folder, user_name(error.uid)) from error
    except FolderExposed as error:
        raise DataDirExposed(error.folder) from error


def temporary_parent() -> Path:
    """Returns the folder for temporary files (TMPDIR); one with a sticky bit, such as /tmp, is safe.

    Raises DataPathForeign or DataDirExposed if others could replace this user's files there.
    """
    folder = safe_path(Path(tempfile.gettempdir()).absolute())
    with _told():
        check_passed(folder, folder.lstat())
    return folder


def check_own_directory(descriptor: int, path: Path) -> None:
    """Raises DataDirForeign if the open directory is another user's, DataDirExposed if others may write to it.

    Write access of the user's private group, which has no other members, is removed silently.
    """
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise DataDirForeign(str(path), user_name(status.st_uid))
    if status.st_mode & OTHERS_WRITE:
        if not only_own_group_writes(status, descriptor):
            raise DataDirExposed(str(path))
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode) & ~OTHERS_WRITE)


def check_entries(descriptor: int, path: Path, *, given: Collection[str] = ()) -> None:
    """Raises DataFileForeign if another user created an entry of the open directory, as its mode once allowed.

    Entries named in `given` may belong to any user; they are checked when they are used.
    """
    for name in os.listdir(descriptor):
        with suppress(FileNotFoundError):  # a desk that runs replaces files
            uid = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_uid
            if uid not in (0, os.geteuid()) and name not in given:
                raise DataFileForeign(str(path / name))
