"""A few of the kills that `tests.e2e.kills` does at length."""

from pathlib import Path

import pytest

from tests.e2e.kills import run

pytestmark = pytest.mark.long


async def test_killed_at_random_moments_everything_happens_once_and_is_told(folder: Path) -> None:
    count = await run(folder, kills=5, seed=20210405)
    assert count.faults == []
    assert count.orders > 20, "too little happened to show anything"
    assert count.kills == 5
