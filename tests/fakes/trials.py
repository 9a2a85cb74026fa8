"""Trials of users in memory."""

from collections.abc import Sequence
from datetime import datetime
from statistics import variance

from pipeline.market import Symbol
from trading.backtest.trials import RuleTrial, TrialCount


class MemoryTrials:
    """Keeps the scores by user, market and symbol."""

    def __init__(self) -> None:
        self.scores: dict[tuple[int, str, Symbol], dict[bytes, float]] = {}

    async def record(
        self, person_id: int, market: str, symbol: Symbol, trials: Sequence[RuleTrial], at: datetime
    ) -> TrialCount:
        del at
        known = self.scores.setdefault((person_id, market, symbol), {})
        for each in trials:
            known.setdefault(each.digest, each.score)
        return TrialCount(len(known), variance(known.values()) if len(known) > 1 else 0.0)
