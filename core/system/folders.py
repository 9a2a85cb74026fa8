"""Checks that other accounts cannot replace the content of a folder.

A folder is safe if only this user and root can write to it and to every folder on the way.
"""

import errno
import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from core.system.accounts import trusted_uids

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ACL = "system.posix_acl_access"
_NO_ACL = frozenset((errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP))
_STATIC_UIDS = 100
_LINKS = 40  # as the kernel follows them


@dataclass(eq=False)
class FolderForeign(Exception):
    """`folder`, a folder or link on a way, belongs to the account `uid`, which could lead it elsewhere."""

    folder: str
    uid: int


@dataclass(eq=False)
class FolderExposed(Exception):
    """Other accounts may write to `folder` and could replace its content."""

    folder: str


def checked_path(path: Path) -> Path:
    """Returns the absolute `path` without links, after a check of every folder and link on the way; it may be missing.

    A folder on the way is safe if only this user and root can replace its content: it belongs to one of them, and
    others may not write to it, or only with a sticky bit as in /tmp. The last folder itself is not checked. Raises
    FolderForeign, FolderExposed, OSError.
    """
    here = Path("/")
    check_passed(here, here.lstat())
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
                raise FolderForeign(str(found), status.st_uid)
            target = found.readlink()
            here = Path("/") if target.is_absolute() else here
            ahead += reversed(target.parts[1:] if target.is_absolute() else target.parts)
            continue
        if ahead:
            check_passed(found, status)
        here = found
    return here


def others_may_put(folder: Path) -> bool:
    """Returns whether other users can put a file there, or another folder in its place.

    Root, this user, and the folder's owner with the members of its group do not count. A sticky bit does not prevent
    other users from taking a name that is free because the process that creates the file is not running.
    """
    try:
        place = checked_path(folder)
        status = place.lstat()
        freely_made = place.parent.lstat().st_mode & stat.S_IWOTH and status.st_uid not in trusted_uids()
    except (FolderForeign, FolderExposed):
        return True
    except FileNotFoundError:
        while not place.exists():
            place = place.parent
        return bool(place.lstat().st_mode & stat.S_IWOTH)
    except OSError:  # the file cannot be opened there either
        return False
    return bool(status.st_mode & stat.S_IWOTH or freely_made)


def written_by_others(folder: Path) -> bool:
    """Returns whether another account can put a file into a folder that exists, or another folder in its place.

    A sticky bit does not prevent others from taking a free name. Raises OSError.
    """
    try:
        place = checked_path(folder)
        status = place.lstat()
    except (FolderForeign, FolderExposed):
        return True
    return status.st_uid not in trusted_uids() or bool(
        status.st_mode & OTHERS_WRITE and not only_own_group_writes(status, place)
    )


def shared_with_group(folder: Path, status: os.stat_result) -> bool:
    """Returns whether a group with other members may write to a folder and replace its content."""
    writes = status.st_mode & stat.S_IWGRP and not status.st_mode & stat.S_ISVTX
    return bool(writes) and not only_own_group_writes(status, folder)


def check_passed(folder: Path, status: os.stat_result) -> None:
    """Raises FolderForeign or FolderExposed if a folder on a path is not safe. A sticky bit makes it safe."""
    if status.st_uid not in trusted_uids():
        raise FolderForeign(str(folder), status.st_uid)
    unsticky = status.st_mode & OTHERS_WRITE and not status.st_mode & stat.S_ISVTX
    if unsticky and not only_own_group_writes(status, folder):
        raise FolderExposed(str(folder))


def only_own_group_writes(status: os.stat_result, place: int | Path) -> bool:
    """Returns whether the write access of others is that of a group with no members but this user and root.

    The mode's group bits are the upper bound of what an ACL grants, so an ACL with further entries counts as others.
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

    Such accounts are not among the group's members. In root's group, the accounts that every system has, such as sync,
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
