"""Daytime monitoring of forecasts: they are scored, and drift is reported to operators and starts training."""

from collections.abc import Sequence
from typing import Protocol

from core.clock import Clock
from core.job_status import RunState
from jobs.operator_notices import OperatorNotices
from jobs.schedule.run_store import Runs, milliseconds
from ml.monitoring.live_scoring import Scored
from ml.monitoring.notices import DriftFound
from ml.serving.types import Drift

TRAINING = "training"
"""Name of the training job."""

SCORING = "scoring"
"""Name of the scoring job."""

_HOUR_MS = 3_600_000
_LOOKED_AT = 20


class ScoringPort(Protocol):
    """Scoring of forecasts, such as `ml.monitoring.live_scoring.Scoring`."""

    async def run(self) -> Scored:
        """Scores forecasts. Raises MarketUnavailable."""


class DriftPort(Protocol):
    """Store of drifts, a part of `ml.serving.forecast_log.ForecastLog`; every method raises MarketUnavailable."""

    async def open_drifts(self) -> list[Drift]:
        """Returns the drifts that are not settled."""

    async def settle_drifts(self, drifts: Sequence[Drift]) -> None:
        """Marks the drifts as settled: they require no further action."""


class ModelMonitoring:
    """Job that scores forecasts and handles drift. At least `retrain_hours` lie between two trainings; with 0 no
    training starts before the night.
    """

    def __init__(
        self,
        scores: ScoringPort,
        drifts: DriftPort,
        operators: OperatorNotices,
        runs: Runs,
        clock: Clock,
        *,
        retrain_hours: int,
    ) -> None:
        self._scores = scores
        self._drifts = drifts
        self._operators = operators
        self._runs = runs
        self._clock = clock
        self._apart_ms = retrain_hours * _HOUR_MS

    async def run(self) -> str:
        """Returns the scores and the actions taken, as text. Raises MarketUnavailable and DatabaseUnavailable."""
        scored = await self._scores.run()
        drifts = await self._drifts.open_drifts()
        for drift in drifts:  # reported once, however often this runs
            await self._operators.send(f"drift:{drift.version}:{drift.kind}", _notice(drift))
        if not drifts or (self._apart_ms and not await self._learnt_long_ago()):
            return str(scored)
        if self._apart_ms:
            await self._runs.ask(TRAINING, "drift")
        await self._drifts.settle_drifts(drifts)
        return f"{scored}; training was requested" if self._apart_ms else str(scored)

    async def _learnt_long_ago(self) -> bool:
        runs = await self._runs.history(TRAINING, _LOOKED_AT)
        slots = [milliseconds(run.slot) for run in runs if run.state is not RunState.ABANDONED]
        return self._clock() - max(slots, default=0) >= self._apart_ms


def _notice(drift: Drift) -> DriftFound:
    return DriftFound(
        market=drift.market,
        version=drift.version,
        horizon=drift.horizon,
        sign=drift.kind.value,
        what=drift.what,
        amount=drift.amount,
        bound=drift.bound,
        since=drift.since,
    )
