"""Data directory: checked, created, locked for one desk, and shared with the account of the engines."""

import fcntl
import os
import shutil
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from app.engines.accounts import PRIVATE, EngineAccount, engines_account
from app.errors import (
    BadDataDirName,
    DataDirForeign,
    DataDirIsFile,
    DataDirLocked,
    DataDirUnreachable,
    DataDirUnwritable,
    EngineVersionMismatch,
)
from app.own_files import OWNER_ONLY, check_entries, check_own_directory, open_own, own_folder, safe_path
from core.system.accounts import user_name

SOCKETS = "sockets"
"""Folder that a root desk gives to the account of its engines."""

PASSABLE = 0o711
"""Mode of root's own folders on the path to the engines' data: the engines' account may enter, but not list them."""

ADDRESSES = "running.json"
"""File in which the desk that holds the lock publishes the addresses of its servers."""

_LOCK = "desk.lock"
_LONGEST_PATH = 900  # bytes: PostgreSQL's MAXPGPATH is 1024, and its programs lie 90 below
_LONGEST_NAME = 255  # bytes, of one folder
_SHOWN = 80
_ASKED_SECONDS = 5.0  # `is_open` holds the lock for microseconds
_ASKED_POLL_SECONDS = 0.002
_BLANK, _DELETE = 0x20, "\x7f"


class DataDir:
    """Open data directory, locked until `close`.

    Raises the errors of make_data_dir, DataFileForeign and DataDirLocked.
    """

    def __init__(self, path: Path) -> None:
        self.path = make_data_dir(path)
        self._lock = take_lock(self.path)
        try:
            self._forget_addresses()
            self.account = engines_account(self._data_folders("postgres", "valkey"), self._data_folders("kafka"))
            open_way(self.path, self.account)
        except BaseException:
            self.close()
            raise

    def _forget_addresses(self) -> None:
        """Removes the addresses of a killed desk: with the lock held they would be used again, and other programs may
        listen there now.
        """
        try:
            (self.path / ADDRESSES).unlink(missing_ok=True)
        except OSError as error:
            raise DataDirUnwritable(str(self.path / ADDRESSES)) from error

    def _data_folders(self, *engines: str) -> list[Path]:
        return [found for engine in engines for found in self.path.glob(f"{engine}-*/data")]

    def home(self, engine: str, major: int) -> Path:
        """Returns the folder of one engine's major version.

        Data of another version is never ignored: the desk would otherwise open without any of it. Raises
        EngineVersionMismatch, DataDirUnwritable, DataFileForeign.
        """
        home = self.path / f"{engine}-{major}"
        if not home.exists():
            others = sorted(found.name for found in self.path.glob(f"{engine}-*"))
            if others:
                raise EngineVersionMismatch(engine, others[-1], home.name)
        try:
            with own_folder(home, PASSABLE if self.account.ids else OWNER_ONLY):
                return home
        except OSError as error:
            raise DataDirUnwritable(str(home)) from error

    def close(self) -> None:
        """Releases the lock."""
        os.close(self._lock)


def open_way(folder: Path, account: EngineAccount) -> None:
    """Lets the account of root's engines pass through `folder`. Raises DataDirUnreachable."""
    if account.ids is None:
        return
    if stat.S_IMODE(folder.stat().st_mode) & PASSABLE != PASSABLE:
        folder.chmod(PASSABLE)
    if not account.can_pass(folder):
        raise DataDirUnreachable(str(folder))


def take_lock(folder: Path) -> int:
    """Returns an open file that locks `folder` until it is closed.

    Raises DataDirUnwritable, DataDirLocked, DataFileForeign.
    """
    try:
        lock = open_own(folder / _LOCK, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise DataDirUnwritable(str(folder)) from error
    end = time.monotonic() + _ASKED_SECONDS
    while not _flock(lock, fcntl.LOCK_EX):
        if not _flock(lock, fcntl.LOCK_SH) or time.monotonic() > end:
            os.close(lock)
            raise DataDirLocked(str(folder))
        fcntl.flock(lock, fcntl.LOCK_UN)  # only `is_open` shares the lock, for a moment
        time.sleep(_ASKED_POLL_SECONDS)
    return lock


def is_open(folder: Path) -> bool:
    """Returns whether a desk of this user holds the lock of the data directory."""
    try:
        lock = open_own(folder / _LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _flock(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def _flock(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_data_dir(path: Path, *, engines: bool = True) -> Path:
    """Returns the directory, absolute and without links, created if missing.

    It is checked before anything in it is opened. It must be this user's, and no other user may write to it or replace
    it on the way. Root's engines run as another account, so folders that root creates above the directory let everyone
    pass. Nothing is created if the engines could not run; `engines` is false if both are outside servers. Raises
    DataDirUnwritable, DataDirIsFile, DataDirUnreachable, BadDataDirName, DataDirForeign, DataDirExposed,
    DataPathForeign, DataFileForeign.
    """
    path = path.expanduser().absolute()
    _check_name(path)
    try:
        path = safe_path(path)
        _check_name(path)
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        if engines and missing and missing[-1].parent.is_dir():
            _check_way(path, missing[-1].parent)
        for folder in reversed(missing):
            mode = PASSABLE if os.geteuid() == 0 and folder != path else OWNER_ONLY
            folder.mkdir(mode=mode, exist_ok=True)
            if folder != path:
                folder.chmod(mode)  # regardless of the umask
        _check_directory(path)
    except OSError as error:
        taken = isinstance(error, FileExistsError | NotADirectoryError) and not path.is_symlink()
        raise (DataDirIsFile if taken else DataDirUnwritable)(str(path)) from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise DataDirUnwritable(str(path))
    return path


def find_data_dir(path: Path) -> Path | None:
    """Returns the directory as make_data_dir does, None if there is none.

    Raises the errors of make_data_dir about an existing directory.
    """
    try:
        path = safe_path(path.expanduser().absolute())
        if not path.is_dir():
            return None
        _check_directory(path)
    except OSError:
        return None
    return path


def _check_directory(path: Path) -> None:
    if (owner := path.lstat().st_uid) != os.geteuid():  # even where it cannot be opened
        raise DataDirForeign(str(path), user_name(owner))
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        check_own_directory(descriptor, path)
        check_entries(descriptor, path, given=(SOCKETS,) if os.geteuid() == 0 else ())
    finally:
        os.close(descriptor)


def _check_name(path: Path) -> None:
    """Raises BadDataDirName for a path that PostgreSQL cannot work in."""
    text = str(path)
    try:
        length = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise BadDataDirName(ascii(text), "encoding") from None
    if any(ord(letter) < _BLANK or letter == _DELETE for letter in text):
        raise BadDataDirName(ascii(text), "control")
    if length > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in path.parts):
        raise BadDataDirName(text[:_SHOWN] + "...", "long")


def _check_way(path: Path, existing: Path) -> None:
    """Raises DataDirUnreachable if root's engines could not enter a directory created under `existing`."""
    if os.geteuid() == 0 and not EngineAccount((PRIVATE.start, PRIVATE.start)).can_pass(existing):
        raise DataDirUnreachable(str(path))


def copy_runtime(target: Path, folders: Iterable[Path]) -> None:
    """Copies program folders next to each other under `target`, readable by everyone; completely or not at all."""
    if target.exists():
        return
    draft = target.with_name(target.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    for folder in folders:
        shutil.copytree(folder, draft / folder.name, ignore=shutil.ignore_patterns("include", "pgxs", "__pycache__"))
    for place, _, files in os.walk(draft):
        Path(place).chmod(0o755)
        for name in files:
            file = Path(place, name)
            file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
    draft.rename(target)
