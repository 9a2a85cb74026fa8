"""What is done about forecasts between the nights: they are judged, and what drifted is told and learnt anew."""

from typing import Protocol

from jobs.operators import Operators
from jobs.schedule.runs import Runs, milliseconds
from ml.drift import Drift
from ml.scoring import Scored
from pipeline.clock import Clock
from pipeline.job_runs import State
from trading.alerts.notices import DriftFound

TRAINING = "training"
"""The job that learns."""

_HOUR_MS = 3_600_000
_LOOKED_AT = 20


class Scores(Protocol):
    """`ml.scoring.Scoring`."""

    async def run(self) -> Scored:
        """Raises MarketDown."""


class Judging:
    """The job. So many hours lie between two times of learning at least; with 0 nothing is learnt before the night."""

    def __init__(self, scores: Scores, operators: Operators, runs: Runs, clock: Clock, *, retrain_hours: int) -> None:
        self._scores = scores
        self._operators = operators
        self._runs = runs
        self._clock = clock
        self._apart_ms = retrain_hours * _HOUR_MS
        self._stale = False

    async def run(self) -> str:
        """What was done, in words. Raises MarketDown and LedgerDown."""
        scored = await self._scores.run()
        for drift in scored.drifts:
            await self._operators.tell(f"drift:{drift.version}:{drift.kind}", _notice(drift))
        self._stale = self._stale or bool(scored.drifts)
        if self._stale and self._apart_ms and await self._learnt_long_ago():
            await self._runs.ask(TRAINING, "drift")
            self._stale = False
            return f"{scored}; learning is asked for"
        return str(scored)

    async def _learnt_long_ago(self) -> bool:
        runs = await self._runs.history(TRAINING, _LOOKED_AT)
        slots = [milliseconds(run.slot) for run in runs if run.state is not State.ABANDONED]
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
