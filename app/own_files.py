"""Files and folders that must be this user's own: a link, or a file of another user, is never opened.

Every check is made on the open descriptor, so nothing can be replaced between the check and the use.
"""

import errno
import grp
import os
import pwd
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import DataDirExposed, DataDirForeign, DataFileForeign, DataPathForeign
from core.system.accounts import trusted_uids, user_name
from core.system.atomic_files import write_own as write_own  # noqa: PLC0414 - beside its readers

OWNER_ONLY = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ACL = "system.posix_acl_access"
_NO_ACL = frozenset((errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP))
_STATIC_UIDS = 100
_LINKS = 40  # as the kernel follows them
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


# -- the way to a directory --------------------------------------------------------------------


def safe_path(path: Path) -> Path:
    """Returns the absolute `path` without links, after a check of every folder and link on the way; it may be missing.

    A folder on the way is safe if only this user and root can replace its content: it belongs to one of them, and
    others may not write to it, or only with a sticky bit as in /tmp. The last folder itself is not checked. Raises
    DataPathForeign, DataDirExposed, OSError.
    """
    here = Path("/")
    _check_passed(here, here.lstat())
    ahead, links = list(reversed(path.parts[1:])), 0
    while ahead:
        name = ahead.pop()
        if name == "..":
            here = here.parent
            continue
        found = here / name
        try:
            status = found.lstat()
        except FileNotFoundError:
            here = found
            continue
        if stat.S_ISLNK(status.st_mode):
            links += 1
            if links > _LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            if status.st_uid not in trusted_uids():
                raise DataPathForeign(str(found), user_name(status.st_uid))
            target = found.readlink()
            here = Path("/") if target.is_absolute() else here
            ahead += reversed(target.parts[1:] if target.is_absolute() else target.parts)
            continue
        if ahead:
            _check_passed(found, status)
        here = found
    return here


def others_may_put(folder: Path) -> bool:
    """Returns whether other users can put a file there, or another folder in its place.

    Root, this user, and the folder's owner with the members of its group do not count. A sticky bit keeps nobody from a
    name that is free while the maker of the file is away.
    """
    try:
        place = safe_path(folder)
        status = place.lstat()
        freely_made = place.parent.lstat().st_mode & stat.S_IWOTH and status.st_uid not in trusted_uids()
    except (DataPathForeign, DataDirExposed):
        return True
    except FileNotFoundError:
        while not place.exists():
            place = place.parent
        return bool(place.lstat().st_mode & stat.S_IWOTH)
    except OSError:  # nothing is opened there either
        return False
    return bool(status.st_mode & stat.S_IWOTH or freely_made)


def temporary_parent() -> Path:
    """Returns the folder for temporary files (TMPDIR); one with a sticky bit, such as /tmp, is safe.

    Raises DataPathForeign or DataDirExposed if others could replace this user's files there.
    """
    folder = safe_path(Path(tempfile.gettempdir()).absolute())
    _check_passed(folder, folder.lstat())
    return folder


def check_own_directory(descriptor: int, path: Path) -> None:
    """Raises DataDirForeign if the open directory is another user's, DataDirExposed if others may write to it.

    Write access of the user's private group, which has no other members, is removed silently.
    """
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise DataDirForeign(str(path), user_name(status.st_uid))
    if status.st_mode & _OTHERS_WRITE:
        if not _only_own_group_writes(status, descriptor):
            raise DataDirExposed(str(path))
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode) & ~_OTHERS_WRITE)


def check_entries(descriptor: int, path: Path, *, given: Collection[str] = ()) -> None:
    """Raises DataFileForeign if another user created an entry of the open directory, as its mode once allowed.

    Entries named in `given` may belong to any user; they are checked when they are used.
    """
    for name in os.listdir(descriptor):
        with suppress(FileNotFoundError):  # a desk that runs replaces files
            uid = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_uid
            if uid not in (0, os.geteuid()) and name not in given:
                raise DataFileForeign(str(path / name))


def shared_with_group(folder: Path, status: os.stat_result) -> bool:
    """Returns whether a group with other members may write to a folder and replace its content."""
    writes = status.st_mode & stat.S_IWGRP and not status.st_mode & stat.S_ISVTX
    return bool(writes) and not _only_own_group_writes(status, folder)


def _check_passed(folder: Path, status: os.stat_result) -> None:
    if status.st_uid not in trusted_uids():
        raise DataPathForeign(str(folder), user_name(status.st_uid))
    written_by_others = status.st_mode & _OTHERS_WRITE and not status.st_mode & stat.S_ISVTX
    if written_by_others and not _only_own_group_writes(status, folder):
        raise DataDirExposed(str(folder))


def _only_own_group_writes(status: os.stat_result, place: int | Path) -> bool:
    """Returns whether the write access of others is that of a group with no members but this user and root.

    The group's bits of the mode are the most that an ACL may give, so one with further entries counts as others.
    """
    if status.st_mode & stat.S_IWOTH or _has_acl(place):
        return False
    try:
        group, user = grp.getgrgid(status.st_gid), pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    private = status.st_gid == 0 or (status.st_gid == user.pw_gid and group.gr_name == user.pw_name)
    return private and set(group.gr_mem) <= {user.pw_name, "root"} and not _primary_members(status.st_gid)


def _primary_members(gid: int) -> bool:
    """Returns whether the group is the primary one of an account other than this user's and root's.

    Such accounts are not among the group's members. In root's group the accounts that every system has, such as sync,
    count as root's.
    """
    known = {0, os.geteuid()} | (set(range(_STATIC_UIDS)) if gid == 0 else set())
    return any(account.pw_gid == gid and account.pw_uid not in known for account in pwd.getpwall())


def _has_acl(place: int | Path) -> bool:
    """Returns whether a POSIX ACL gives further users or groups access."""
    if not hasattr(os, "getxattr"):  # not Linux
        return False
    try:
        return bool(os.getxattr(place, _ACL))
    except OSError as error:
        if error.errno in _NO_ACL:
            return False
        raise
