"""Interface of the store of trials."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pipeline.market import Symbol
from trading.backtest.trials import RuleTrial, TrialCount


class TrialStore(Protocol):
    """Store of trials by user, market and symbol. Every method raises DatabaseUnavailable."""

    async def record(
        self, person_id: int, market: str, symbol: Symbol, trials: Sequence[RuleTrial], at: datetime
    ) -> TrialCount:
        """Records trials, and returns the count of all of the user's trials on the symbol, these included.

        A trial that is known is not counted again. Beyond MAX_TRIALS no more are kept.
        """
