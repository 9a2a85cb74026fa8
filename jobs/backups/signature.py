"""Authentication code of a backup: HMAC-SHA256 (RFC 2104) over its name and the whole file, in a file next to it.

It proves that the backup was made by a desk with the same key, under this name, and has not changed since. The file
contains `2`, the code in hexadecimal digits and the name, separated by spaces. The codes of earlier versions cover only
the content; for these, the time that pg_dump stored in the content must match that of the name.
"""

import errno
import hashlib
import hmac
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from jobs.backups.archive_time import HEAD_BYTES, archive_time

SUFFIX = ".hmac"
LONGEST_CODE = 1024

_CHUNK = 1 << 20
_VERSION = b"2"
_USE = b"paperdesk: name and content of a backup"
_PREFIX, _MOMENT = "paperdesk-", "%Y-%m-%dT%H%M%SZ"
_MOMENT_LENGTH = len("2026-11-23T030000Z")
_OTHER_ZONE = timedelta(hours=15)
"""Largest difference between the time of the name (UTC) and that of the archive, which is local to its machine."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Result of a check: the code is authentic or not, and the name under which the backup was made."""

    authentic: bool
    name: str


def backup_name(moment: datetime, mark: str = "") -> str:
    """Returns the name of a backup that is made at `moment` (UTC)."""
    return f"{_PREFIX}{moment.strftime(_MOMENT)}{mark and '-'}{mark}.dump"


def code_file(backup: Path) -> Path:
    """Returns the path of the file with the code of a backup."""
    return backup.with_name(f"{backup.name}{SUFFIX}")


def open_file(path: Path) -> IO[bytes]:
    """Opens a regular file for reading. Raises OSError, and does not block on a pipe without a writer."""
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "no regular file", str(path))
    return file


def content_code(backup: Path, key: bytes) -> str:
    """Returns the code of earlier versions in hexadecimal digits. Blocks. Raises OSError."""
    with open_file(backup) as file:
        return _code(file, hmac.new(key, digestmod=hashlib.sha256))


def code_of_open(descriptor: int, name: str, key: bytes) -> str:
    """Returns the text of the code file for an open file, read from its beginning. Blocks; raises
    OSError."""
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return f"{_VERSION.decode()} {_code(file, _named(name.encode(), key))} {name}"


def read_signature(backup: Path, key: bytes) -> Signature | None:
    """Checks the code next to a backup under this key; None if there is no code. Blocks; raises OSError."""
    try:
        with open_file(code_file(backup)) as file:
            written = file.read(LONGEST_CODE).strip()
    except FileNotFoundError:
        return None
    version, _, rest = written.partition(b" ")
    if version == _VERSION:
        code, _, name = rest.partition(b" ")
        with open_file(backup) as file:
            authentic = hmac.compare_digest(code, _code(file, _named(name, key)).encode("ascii"))
        return Signature(authentic, name.decode(errors="replace"))
    authentic = hmac.compare_digest(written, content_code(backup, key).encode("ascii"))
    return Signature(authentic, _name_by_content(backup) if authentic else backup.name)


def _name_by_content(backup: Path) -> str:
    """Returns the name of an earlier version's backup: its file name, or the content's if their times differ."""
    text = backup.name.removeprefix(_PREFIX)[:_MOMENT_LENGTH]
    with open_file(backup) as file:
        made = archive_time(file.read(HEAD_BYTES))
    try:
        named = datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:  # a name without a time
        return backup.name
    return backup.name if made is None or abs(made - named) <= _OTHER_ZONE else backup_name(made)


def _named(name: bytes, key: bytes) -> "hmac.HMAC":
    own = hmac.digest(key, _USE, "sha256")
    return hmac.new(own, len(name).to_bytes(4, "big") + name, digestmod=hashlib.sha256)


def _code(file: IO[bytes], code: "hmac.HMAC") -> str:
    while chunk := file.read(_CHUNK):
        code.update(chunk)
    return code.hexdigest()
