"""The authentication code of a backup: HMAC-SHA256 (RFC 2104) over the whole file, in a file beside it.

It shows that the backup was made by a desk with the same key and has not changed since.
"""

import hashlib
import hmac
import os
from pathlib import Path

SUFFIX = ".hmac"

_CHUNK = 1 << 20
LONGEST_CODE = 1024


def code_file(backup: Path) -> Path:
    """Where the code of a backup is kept."""
    return backup.with_name(f"{backup.name}{SUFFIX}")


def authentication_code(backup: Path, key: bytes) -> str:
    """The code of a file, in hexadecimal digits. Blocks; raises OSError."""
    code = hmac.new(key, digestmod=hashlib.sha256)
    with backup.open("rb") as file:
        while chunk := file.read(_CHUNK):
            code.update(chunk)
    return code.hexdigest()


def write_code(draft: Path, backup: Path, key: bytes) -> None:
    """Writes the code of `draft` where that of `backup` belongs. Raises OSError, also where a file or link is there."""
    descriptor = os.open(code_file(backup), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(authentication_code(draft, key) + "\n")
        file.flush()
        os.fsync(file.fileno())


def is_authentic(backup: Path, key: bytes) -> bool | None:
    """Whether the code beside a backup is that of its content under this key; None where there is none."""
    try:
        with code_file(backup).open("rb") as file:
            written = file.read(LONGEST_CODE)
    except FileNotFoundError:
        return None
    return hmac.compare_digest(written.strip(), authentication_code(backup, key).encode("ascii"))
