"""What the floors above ask of forecasting."""

from collections.abc import Sequence
from typing import Protocol

from ml.forecast import Forecast, ModelCard, TrackRecord
from pipeline.market import Symbol


class Forecasting(Protocol):
    """Answers about what may come next. Every forecast it gives is kept, and judged later.

    All raise NoModel and ModelExpired, and MarketDown where what they need is away; horizons are in minutes.
    """

    async def forecast(self, symbol: Symbol, horizon: int) -> Forecast:
        """With its drivers, strongest first. Raises StaleHistory, UnseenSymbol and ShortHistory."""

    async def ranking(self, horizon: int, count: int) -> Sequence[Forecast]:
        """Of all symbols the ones it is surest of, without drivers; symbols without a forecast are left out."""

    async def record(self, horizon: int, days: int, symbol: Symbol | None = None) -> TrackRecord | None:
        """None where nothing was judged yet."""

    async def card(self, horizon: int) -> ModelCard:
        """Of the champion."""
