"""Ports of forecasting for the packages above."""

from collections.abc import Sequence
from typing import Protocol

from ml.forecast import Forecast, ModelCard, TrackRecord
from pipeline.market import Symbol


class Forecasting(Protocol):
    """Source of forecasts. Every forecast it returns is stored and judged later.

    All methods raise NoModel and ModelExpired, and MarketUnavailable if a server they need does not answer; horizons
    are in minutes.
    """

    async def forecast(self, symbol: Symbol, horizon: int) -> Forecast:
        """Returns the forecast with its drivers, strongest first.

        Raises StaleHistory, SymbolNotTrained and ShortHistory.
        """

    async def ranking(self, horizon: int, count: int) -> Sequence[Forecast]:
        """Returns the `count` most certain forecasts of all symbols, without drivers.

        Symbols without a forecast are left out.
        """

    async def record(self, horizon: int, days: int, symbol: Symbol | None = None) -> TrackRecord | None:
        """Returns the track record of the last `days`, for one symbol or all. None if no forecast was judged yet."""

    async def card(self, horizon: int) -> ModelCard:
        """Returns the description of the champion."""
