"""The data directory: made, locked for one desk, and shared with the account the engines run under."""

import fcntl
import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import BadDataDirName, DataDirBusy, DataDirUnreachable, DataDirUnwritable, OtherEngineVersion

_LOCK = "desk.lock"
_OWNER_ONLY = 0o700
_PASSABLE = 0o711  # root's own: the engines' account may pass through, not look around
_LONGEST_PATH = 900  # bytes: PostgreSQL's MAXPGPATH is 1024, and its programs lie 90 below
_LONGEST_NAME = 255  # bytes, of one folder
_SHOWN = 80
_BLANK, _DELETE = 0x20, "\x7f"


@dataclass(frozen=True, slots=True)
class Account:
    """Who the engines run as. PostgreSQL refuses root, so root drops to whoever owns the data directory, or nobody.

    `ids` are uid and gid to drop to (None: stay who we are); `owner` gets the desk's own files where root works in
    somebody else's directory.
    """

    ids: tuple[int, int] | None = None
    owner: tuple[int, int] | None = None

    def keep(self, path: Path) -> None:
        """A file of the desk's own."""
        if self.owner:
            os.chown(path, *self.owner, follow_symlinks=False)

    def give(self, path: Path) -> None:
        """A file or a whole folder the engine writes."""
        if self.ids is None or path.lstat().st_uid == self.ids[0]:
            return
        os.chown(path, *self.ids, follow_symlinks=False)
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                os.chown(Path(folder, name), *self.ids, follow_symlinks=False)

    def can_run(self, path: Path) -> bool:
        """Whether the account may read and execute `path`, by the classic mode bits of it and all above it."""
        return self.ids is None or (_may(path, self.ids, 0o5) and self.can_pass(path.parent))

    def can_pass(self, folder: Path) -> bool:
        """Whether the account has a way into `folder`."""
        return self.ids is None or all(_may(above, self.ids, 0o1) for above in (folder, *folder.parents))


def _may(path: Path, ids: tuple[int, int], bits: int) -> bool:
    status = path.stat()
    shift = 6 if status.st_uid == ids[0] else 3 if status.st_gid == ids[1] else 0
    return (status.st_mode >> shift) & bits == bits


def account_for(path: Path) -> Account:
    """The account for an existing data directory."""
    if os.geteuid() != 0:
        return Account()
    status = path.stat()
    if status.st_uid != 0:
        owner = (status.st_uid, status.st_gid)
        return Account(ids=owner, owner=owner)
    nobody = pwd.getpwnam("nobody")
    return Account(ids=(nobody.pw_uid, nobody.pw_gid))


class DataDir:
    """An open data directory, locked until `close`.

    Raises DataDirUnwritable, DataDirUnreachable, DataDirBusy.
    """

    def __init__(self, path: Path) -> None:
        self.path = make_data_dir(path)
        self.account = account_for(self.path)
        self._open_to_account()
        self._lock = take_lock(self.path, self.account)

    def _open_to_account(self) -> None:
        if self.account.ids is None:
            return
        status = self.path.stat()
        if status.st_uid == 0 and stat.S_IMODE(status.st_mode) & _PASSABLE != _PASSABLE:
            self.path.chmod(_PASSABLE)
        if not self.account.can_pass(self.path):
            raise DataDirUnreachable(str(self.path), pwd.getpwuid(self.account.ids[0]).pw_name)

    def home(self, engine: str, major: int) -> Path:
        """The folder of one engine's major version. Raises OtherEngineVersion, DataDirUnwritable.

        Another version's data is never passed over in silence: the desk would open with everything gone.
        """
        home = self.path / f"{engine}-{major}"
        if not home.exists():
            others = sorted(found.name for found in self.path.glob(f"{engine}-*"))
            if others:
                raise OtherEngineVersion(engine, others[-1], home.name)
        try:
            home.mkdir(mode=_OWNER_ONLY, exist_ok=True)
            if self.account.ids:
                home.chmod(_PASSABLE)
            self.account.keep(home)
        except OSError as error:
            raise DataDirUnwritable(str(home)) from error
        return home

    def close(self) -> None:
        """Lets the next desk in."""
        os.close(self._lock)


def take_lock(folder: Path, account: Account) -> int:
    """An open file that keeps others out of `folder` until it is closed. Raises DataDirUnwritable, DataDirBusy."""
    path = folder / _LOCK
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise DataDirUnwritable(str(folder)) from error
    account.keep(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise DataDirBusy(str(folder)) from None
    return lock


def is_open(folder: Path) -> bool:
    """Tells whether a desk holds the lock of the data directory."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def make_data_dir(path: Path, *, engines: bool = True) -> Path:
    """The directory, absolute, made where missing.

    Root's engines run as another account, so folders that root makes above the directory let everyone pass. Nothing is
    made where the engines could not run; `engines` is false where both are outside servers. Raises DataDirUnwritable,
    DataDirUnreachable and BadDataDirName.
    """
    path = path.expanduser().absolute()
    _check_name(path)
    try:
        path = path.resolve()
        _check_name(path)
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        if engines and missing and missing[-1].parent.is_dir():
            _check_way(path, missing[-1].parent)
        for folder in reversed(missing):
            mode = _PASSABLE if os.geteuid() == 0 and folder != path else _OWNER_ONLY
            folder.mkdir(mode=mode, exist_ok=True)
            if folder != path:
                folder.chmod(mode)  # whatever the umask left of it
        if not path.is_dir():
            raise DataDirUnwritable(str(path))
    except OSError as error:
        raise DataDirUnwritable(str(path)) from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise DataDirUnwritable(str(path))
    return path


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
    """Raises DataDirUnreachable where root's engines would have no way into a directory made under `existing`."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        if not Account(ids=(nobody.pw_uid, nobody.pw_gid)).can_pass(existing):
            raise DataDirUnreachable(str(path), nobody.pw_name)


def copy_runtime(target: Path, folders: Iterable[Path]) -> None:
    """Copies program folders side by side under `target`, readable for everyone; done wholly or not at all."""
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
