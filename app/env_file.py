"""The `.env` of the working directory, which is used only if no other user can have written it.

Every user can write to a directory such as /tmp: a `.env` planted there could send the bot's token to another server.
The owner of a folder can replace its content between a check and the use, so the folders on the path are checked before
the file.
"""

import os
import stat
from collections.abc import Collection, Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from app.errors import BadSetting, DataDirExposed, DataPathForeign, EnvFileIgnored, EnvFileReadable, StartError
from app.own_files import safe_path

_TEXT_RULE = "a readable file of UTF-8 text"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH


def read_env_file(path: Path) -> Mapping[str, str]:
    """Returns the variables of the file. Empty if it is missing, or if another user can write or exchange it.

    Raises BadSetting if it is the user's own and cannot be read.
    """
    try:
        descriptor = os.open(safe_path(path.absolute()), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except (DataPathForeign, DataDirExposed):
        return {}
    except OSError as error:
        if _trusted(path):
            raise BadSetting(str(path), _TEXT_RULE) from error
        return {}
    try:
        if not _is_own(os.fstat(descriptor)):
            return {}
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            lines = dotenv_values(stream=StringIO(file.read().decode("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(str(path), _TEXT_RULE) from error
    finally:
        os.close(descriptor)
    return {name: value or "" for name, value in lines.items()}


def env_file_notices(path: Path, secrets: Collection[str]) -> list[StartError]:
    """Returns the notices about the file: it is ignored, or others can read one of the `secrets` in it."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return []
    if not stat.S_ISREG(mode):
        return []
    if not _trusted(path):
        return [EnvFileIgnored(str(path.absolute()))]
    held = any(value and name.upper() in secrets for name, value in read_env_file(path).items())
    return [EnvFileReadable(str(path.absolute()))] if held and mode & _OTHERS_READ else []


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
