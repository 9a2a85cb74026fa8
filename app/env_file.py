"""The `.env` of the working directory, which is used only if no other user can have written it.

Every user can write to a directory such as /tmp: a `.env` planted there could send the bot's token to another server.
The owner of a folder can replace its content between a check and the use, so the folders on the path are checked before
the file.
"""

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from dotenv import dotenv_values

from app.errors import BadSetting, DataDirExposed, DataPathForeign, EnvFileIgnored, EnvFileReadable, StartError
from app.own_files import safe_path

_TEXT_RULE = "a readable file of UTF-8 text"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class EnvFile:
    """Content and state of the file at the time of its one reading."""

    path: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    readable: bool = False
    """Other users can read it."""
    ignored: bool = False
    """It exists, and another user can have written or exchanged it."""

    def notices(self, secrets: Collection[str]) -> list[StartError]:
        """Returns the notices about the file: it is ignored, or others can read one of the `secrets` in it."""
        if self.ignored:
            return [EnvFileIgnored(str(self.path.absolute()))]
        held = any(value and name.upper() in secrets for name, value in self.variables.items())
        return [EnvFileReadable(str(self.path.absolute()))] if held and self.readable else []


def read_env_file(path: Path) -> EnvFile:
    """Reads the file, whose variables count unless it is missing, or another user can write or exchange it.

    Raises BadSetting if it is the user's own and cannot be read.
    """
    try:
        descriptor = os.open(safe_path(path.absolute()), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except (DataPathForeign, DataDirExposed):
        return _ignored(path)
    except OSError as error:
        if _trusted(path):
            raise BadSetting(str(path), _TEXT_RULE) from error
        return _ignored(path)
    try:
        status = os.fstat(descriptor)
        if not _is_own(status):
            return _ignored(path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            lines = dotenv_values(stream=StringIO(file.read().decode("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(str(path), _TEXT_RULE) from error
    finally:
        os.close(descriptor)
    variables = {name: value or "" for name, value in lines.items()}
    return EnvFile(path, variables, readable=bool(status.st_mode & _OTHERS_READ))


_counted: ContextVar[Mapping[str, str]] = ContextVar("_counted", default=MappingProxyType({}))


@contextmanager
def counting(variables: Mapping[str, str]) -> Iterator[None]:
    """Makes the settings that are created inside the block use these variables; pydantic passes only a path to them."""
    before = _counted.set(variables)
    try:
        yield
    finally:
        _counted.reset(before)


def counted_variables() -> Mapping[str, str]:
    """Returns the variables of `counting`; none outside of it."""
    return _counted.get()


def _ignored(path: Path) -> EnvFile:
    try:
        return EnvFile(path, ignored=stat.S_ISREG(path.stat().st_mode))
    except OSError:  # it is missing
        return EnvFile(path)


def _trusted(path: Path) -> bool:
    """Returns whether the file exists and no other user can have written it, or put it or a link in its place."""
    try:
        return _is_own(safe_path(path.absolute()).lstat())
    except (OSError, DataPathForeign, DataDirExposed):
        return False


def _is_own(status: os.stat_result) -> bool:
    """Returns whether it is a regular file of this user or of root, who can write everything anyway."""
    mine = status.st_uid in (0, os.geteuid())
    return stat.S_ISREG(status.st_mode) and mine and not status.st_mode & _OTHERS_WRITE
