"""The log: a file in the data directory, never the terminal."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.errors import DataDirUnwritable

_BYTES = 5 << 20
_KEPT = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_TALKATIVE = (
    "httpx",  # at INFO these two write whole addresses, which hold bot tokens
    "httpcore",
    "yoyo.migrations",  # every statement
)


def log_to(folder: Path, level: str) -> None:
    """From here on the process logs to `folder`/desk.log; raises DataDirUnwritable."""
    try:
        handler = RotatingFileHandler(folder / "desk.log", maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError as error:
        raise DataDirUnwritable(str(folder)) from error
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    for outdated in [known for known in root.handlers if isinstance(known, RotatingFileHandler)]:
        root.removeHandler(outdated)
        outdated.close()
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_path() -> str:
    """Where the process logs to, or '' before `log_to`."""
    handlers = logging.getLogger().handlers
    return next((handler.baseFilename for handler in handlers if isinstance(handler, RotatingFileHandler)), "")
