"""Heartbeat of a role for its supervisor: a file that is touched as long as the event loop runs."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path

from app.own_files import open_own

SECONDS = 5.0


async def with_heartbeat(file: Path, role: Coroutine[object, object, None]) -> None:
    """Runs the role, and touches `file` every `SECONDS` until it ends.

    An old file means that the role hangs or was killed. Raises DataFileForeign.
    """
    _touch(file)
    beat = asyncio.create_task(_beat(file))
    try:
        await role
    finally:
        beat.cancel()
        file.unlink(missing_ok=True)  # noqa: ASYNC240 - quick, and the last thing that happens


async def _beat(file: Path) -> None:
    while True:
        _touch(file)  # in a thread it would not prove that the loop turns
        await asyncio.sleep(SECONDS)


def _touch(file: Path) -> None:
    descriptor = open_own(file, os.O_WRONLY | os.O_CREAT)
    try:
        os.utime(descriptor)
    finally:
        os.close(descriptor)
