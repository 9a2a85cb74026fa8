"""Backups of a test, and programs that stand in for those of PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app.backups.backup_and_restore import find_program
from jobs.backups.backup import Backups

NIGHT = int(datetime(2026, 11, 23, 3, tzinfo=UTC).timestamp() * 1000)
Programs = Callable[[str], Path]


def job(dsn: str, folder: Path, programs: Programs = find_program, *, keep: int = 3, at: int = NIGHT) -> Backups:
    return Backups(dsn, folder, programs, lambda: at, keep=keep, key=b"key")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def script(folder: Path, name: str, text: str) -> Programs:
    """PostgreSQL's programs, but one of them does as the test says; `$OUT` is the file it shall write."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nfor a in "$@"; do case "$a" in --file=*) OUT="${{a#--file=}}";; esac; done\n{text}\n')
    path.chmod(0o755)
    return lambda wanted: path if wanted == name else find_program(wanted)
