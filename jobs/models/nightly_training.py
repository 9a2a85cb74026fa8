"""Nightly job: trains the models, then moves minutes from Redis into the archive, then trims Redis."""

import asyncio
from collections.abc import Awaitable, Callable

Part = Callable[[], Awaitable[object]]


async def run_nightly(train: Part | None, trim: Part, seconds: float) -> str:
    """Trains the models, then archives and trims, and returns both results as text. Without `train`, only trims.

    Training takes `seconds` at most. Even if it fails, the archive is filled and Redis trimmed after it; only then is
    its error raised.
    """
    learnt: object = "no training here"
    failure: Exception | None = None
    try:
        if train is not None:
            async with asyncio.timeout(seconds):
                learnt = await train()
    except Exception as error:  # noqa: BLE001 - raised below
        failure = error
    trimmed = await trim()
    if failure is not None:
        raise failure
    return f"{learnt}; {trimmed}"
