"""The night's order: learn, then archive and trim, however learning ends."""

import asyncio

import pytest

from jobs.models.nightly_training import run_nightly
from ml.errors import TrainingEnded


class Parts:
    def __init__(self, error: Exception | None = None, *, seconds: float = 0.0) -> None:
        self.done: list[str] = []
        self._error, self._seconds = error, seconds

    async def learn(self) -> str:
        await asyncio.sleep(self._seconds)
        self.done.append("learn")
        if self._error is not None:
            raise self._error
        return "learnt"

    async def trim(self) -> str:
        self.done.append("trim")
        return "trimmed"


async def test_trimming_follows_learning() -> None:
    parts = Parts()
    assert await run_nightly(parts.learn, parts.trim, 5) == "learnt; trimmed"
    assert parts.done == ["learn", "trim"]


async def test_trimming_follows_learning_that_failed_and_the_failure_is_told() -> None:
    parts = Parts(TrainingEnded("killed"))
    with pytest.raises(TrainingEnded):
        await run_nightly(parts.learn, parts.trim, 5)
    assert parts.done == ["learn", "trim"]


async def test_learning_that_takes_too_long_is_ended_and_trimming_follows() -> None:
    parts = Parts(seconds=30)
    with pytest.raises(TimeoutError):
        await run_nightly(parts.learn, parts.trim, 0.05)
    assert parts.done == ["trim"]


async def test_without_learning_it_is_trimmed_all_the_same() -> None:
    parts = Parts()
    assert await run_nightly(None, parts.trim, 5) == "no training here; trimmed"
    assert parts.done == ["trim"]


async def test_a_night_that_is_called_off_trims_nothing_more() -> None:
    parts = Parts(seconds=30)
    task = asyncio.create_task(run_nightly(parts.learn, parts.trim, 60))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert parts.done == []
