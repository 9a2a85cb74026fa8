"""The night's training: it leaves models that are newer than its slot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.job_status import JobRun, RunState
from jobs.models.nightly_training import trained_since
from ml.registry import ModelRow, ModelState

MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)
ROW = ModelRow(
    version=7,
    market="sim",
    horizon=5,
    recipe="ensemble",
    state=ModelState.CHALLENGER,
    barred=False,
    trained_at=0,
    start=0,
    end=1,
    symbols=(),
    rows=1,
    features=(),
    parameters={},
    code_version="",
    metrics={},
    sha256="",
    size=1,
    kept=True,
)
RUN = JobRun("training", MIDNIGHT, False, RunState.RUNNING, MIDNIGHT, None, "", "", 1)  # noqa: FBT003


@pytest.mark.parametrize(
    ("hours", "horizons", "asked", "newer"),
    [
        ((1, 1), (5, 60), False, True),
        ((1, 1), (5,), False, True),
        ((1, -1), (5, 60), False, False),
        ((1, 1), (5, 60, 240), False, False),
        ((1, 1), (5, 60), True, False),
        ((), (5,), False, False),
    ],
)
def test_models_of_every_horizon_that_are_newer_than_a_missed_night_are_left(
    hours: tuple[int, ...], horizons: tuple[int, ...], *, asked: bool, newer: bool
) -> None:
    rows = [
        replace(ROW, horizon=horizon, trained_at=round((MIDNIGHT + timedelta(hours=hour)).timestamp() * 1000))
        for horizon, hour in zip((5, 60), hours, strict=False)
    ]
    assert trained_since(replace(RUN, asked=asked), rows, horizons) is newer
