"""Authentication code of a backup: HMAC-SHA256 (RFC 2104) over the whole file, in a file next to it.

It proves that the backup was made by a desk with the same key and has not changed since.
"""

import hashlib
import hmac
from pathlib import Path
from typing import IO

SUFFIX = ".hmac"

_CHUNK = 1 << 20
LONGEST_CODE = 1024


def code_file(backup: Path) -> Path:
    """Returns the path of the file with the code of a backup."""
    return backup.with_name(f"{backup.name}{SUFFIX}")


def authentication_code(backup: Path, key: bytes) -> str:
    """Returns the code of a file, in hexadecimal digits. Blocks; raises OSError."""
    with backup.open("rb") as file:
        return _code(file, key)


def code_of_open(descriptor: int, key: bytes) -> str:
    """Returns the code of an open file from its beginning, even if its name refers to another file by now. Blocks;
    raises OSError.
    """
    with open(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return _code(file, key)


def is_authentic(backup: Path, key: bytes) -> bool | None:
    """Returns whether the code next to a backup matches its content under this key; None if there is no code."""
    try:
        with code_file(backup).open("rb") as file:
            written = file.read(LONGEST_CODE)
    except FileNotFoundError:
        return None
    return hmac.compare_digest(written.strip(), authentication_code(backup, key).encode("ascii"))


def _code(file: IO[bytes], key: bytes) -> str:
    code = hmac.new(key, digestmod=hashlib.sha256)
    while chunk := file.read(_CHUNK):
        code.update(chunk)
    return code.hexdigest()
