"""Writes files completely or not at all, and never through a link of another user."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

READABLE = 0o644
_DIRECTORY = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
_LINKS = 40  # as the kernel follows them


def write_own(path: Path, content: bytes, *, mode: int = 0o600, group: int = -1) -> None:
    """Replaces the file at `path` atomically: either all of `content` is on the disk, or the old file stays.

    A link at `path` is replaced, not followed. `group` is a gid; a negative one leaves this process's own. Raises
    OSError.
    """
    folder = os.open(path.parent, _DIRECTORY)
    try:
        write_in(folder, path.name, content, mode=mode, group=group)
    finally:
        os.close(folder)


def write_in(folder: int, name: str, content: bytes, *, mode: int = READABLE, group: int = -1) -> None:
    """Writes a file as `write_own` does, in the folder of an open descriptor. Raises OSError."""
    draft = f"{name}.new"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    flags = os.O_CREAT | os.O_WRONLY | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(draft, flags, 0o600, dir_fd=folder), "wb") as file:
        os.fchown(file.fileno(), -1, group)
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)


@contextmanager
def made_folder(path: Path) -> Iterator[int]:
    """Opens a folder and yields its descriptor. Creates the folder, and those above it, if missing.

    Links on the way are followed if they belong to this user or to root. Raises OSError, ELOOP for other links.
    """
    here = os.open("/" if path.is_absolute() else ".", _DIRECTORY)
    try:
        ahead, links = _reversed_parts(path), 0
        while ahead:
            name = ahead.pop()
            target = _own_link(here, name)
            if target is None:
                there = _made(here, name)
            else:
                links += 1
                if links > _LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
                ahead += _reversed_parts(target)
                there = os.open("/", _DIRECTORY) if target.is_absolute() else os.dup(here)
            os.close(here)
            here = there
        yield here
    finally:
        os.close(here)


def _reversed_parts(path: Path) -> list[str]:
    return list(reversed(path.parts[1:] if path.is_absolute() else path.parts))


def _own_link(folder: int, name: str) -> Path | None:
    """Returns the target of a link; None if there is no link. Raises OSError for a link of another user."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISLNK(status.st_mode):
        return None
    if status.st_uid not in (0, os.geteuid()):
        raise OSError(errno.ELOOP, "a link of another user", name)
    return Path(os.readlink(name, dir_fd=folder))


def _made(folder: int, name: str) -> int:
    try:
        return os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        os.mkdir(name, dir_fd=folder)
        return os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
