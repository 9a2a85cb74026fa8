"""Log: a file in the data directory, or standard error if a supervisor collects it."""

import json
import logging
import os
import re
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO
from urllib.parse import quote, quote_plus

from app.errors import DataDirUnwritable
from app.own_files import open_own

_BYTES = 5 << 20
_BACKUP_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SHORTEST = 6
"""Least number of characters of a hidden secret: a shorter one would hide parts of ordinary words."""

_STEERING = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""Control characters, which would steer the terminal that shows the log, as escapes."""

_ONE_LINE = {ord(letter): f"\\x{ord(letter):02x}" for letter in "\n\t"} | {
    code: f"\\u{code:04x}" for code in (0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
"""Letters that break a line or turn its direction, which could make a message look like others, as escapes."""

_ESCAPE = re.compile("%[0-9A-F]{2}")
_TALKATIVE = (
    "httpx",  # at INFO these two write whole addresses, which hold bot tokens
    "httpcore",
    "yoyo.migrations",  # every statement
    "apscheduler",  # logs every check for due jobs; runs are stored in the database
    "aiokafka",  # logs every step of joining a group; the bus logs the relevant ones
)


class SecretRedactingFormatter(logging.Formatter):
    """Formatter that replaces secrets by stars and control characters by escapes, in the message of a record and in its
    traceback. The message stays on one line.
    """

    def __init__(self) -> None:
        super().__init__(_FORMAT)
        self._secrets: tuple[str, ...] = ()

    def hide(self, *secrets: str) -> None:
        """Hides these secrets from now on, in every form of `_forms`; longer forms are replaced first."""
        kept = (form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST)
        self._secrets = tuple(sorted({*self._secrets, *kept}, key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line, and the traceback below it."""
        return self._hidden(super().format(record)).translate(_STEERING)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name of the base class
        """Returns the line without the traceback."""
        return self._hidden(super().formatMessage(record)).translate(_ONE_LINE)

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, "***")
        return text


def _forms(secret: str) -> set[str]:
    """Returns the forms in which a secret may be logged.

    They are the secret itself, percent-encoded as in a path, a query and a form (escapes in either case), and escaped
    as by repr() and JSON.
    """
    encoded = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    lower = {_ESCAPE.sub(lambda found: found[0].lower(), form) for form in encoded}
    return {secret, *encoded, *lower, repr(secret)[1:-1], json.dumps(secret)[1:-1]}


_discreet = SecretRedactingFormatter()


def hide(*secrets: str) -> None:
    """Hides these secrets in the log of this process."""
    _discreet.hide(*secrets)


def log_to(folder: Path, level: str, name: str = "desk") -> None:
    """Directs the log of the process to `folder`/`name`.log. Each file belongs to one process.

    Raises DataDirUnwritable, DataFileForeign.
    """
    try:
        handler = _OwnFile(folder / f"{name}.log", maxBytes=_BYTES, backupCount=_BACKUP_FILES, encoding="utf-8")
    except OSError as error:
        raise DataDirUnwritable(str(folder)) from error
    _log_through(handler, level)


def log_to_stderr(level: str) -> None:
    """Directs the log of the process to standard error."""
    _log_through(_Stderr(sys.stderr), level)


class _OwnFile(RotatingFileHandler):
    """Log file that is never opened through a link."""

    def _open(self) -> TextIOWrapper:
        descriptor = open_own(Path(self.baseFilename), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return open(descriptor, "a", encoding="utf-8")  # noqa: PTH123 - of a descriptor, closed by the handler


class _Stderr(logging.StreamHandler[TextIO]):
    """Handler for standard error, a type of its own so that it can be found again."""


def _log_through(handler: logging.Handler, level: str) -> None:
    handler.setFormatter(_discreet)
    root = logging.getLogger()
    for outdated in [known for known in root.handlers if isinstance(known, RotatingFileHandler | _Stderr)]:
        root.removeHandler(outdated)
        outdated.close()
    root.addHandler(handler)
    root.setLevel(level)
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)


def log_path() -> str:
    """Returns the path of the log, "stderr" for standard error, or '' before `log_to`."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RotatingFileHandler):
            return handler.baseFilename
        if isinstance(handler, _Stderr):
            return "stderr"
    return ""
