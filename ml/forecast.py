"""Types of forecasts, their track records and the models that make them."""

from dataclasses import dataclass

from pipeline.market import Symbol

HORIZONS = (5, 15, 60, 240, 1440)
"""Forecast horizons, in minutes."""


@dataclass(frozen=True, slots=True)
class Driver:
    """Family of features (a key of the catalogs, like `momentum`) and its part of the expected log return."""

    family: str
    share: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecast over `horizon` minutes, beside `price`, the close of the last known candle.

    `made_at` is the time at which that candle closed, UTC ms. `low` and `high` are log returns from `price`, the ends
    of the 80 % interval. `expected` is the log return from the next open, the first price that could be had, which is
    shown as if it were one from `price`. `prob_up` is the probability of ending above the next open, `prob_unchanged`
    that of ending at it; the rest, `prob_down`, is that of ending below. Without skill (`skilled` false) only the
    interval may be shown: the expectation is then no better than none. `version` is the model's in the registry.
    """

    symbol: Symbol
    horizon: int
    made_at: int
    price: float
    expected: float
    low: float
    high: float
    prob_up: float
    skilled: bool
    version: int
    drivers: tuple[Driver, ...] = ()
    prob_unchanged: float = 0.0

    @property
    def prob_down(self) -> float:
        """Probability of ending below the next open."""
        return max(0.0, 1 - self.prob_up - self.prob_unchanged)


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Results of the champion's forecasts at one horizon in the last `days`.

    The price moved in `moves` of the `count` forecasts, and in `hits` of those in the expected direction. `skill` is 1
    minus the RMSE over that of the naive forecast; `covered` is the share inside the 80 % interval.
    """

    days: int
    count: int
    moves: int
    hits: int
    skill: float
    covered: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Public description of a model: times in UTC ms; `metrics` by name, as measured when it was trained."""

    version: int
    horizon: int
    recipe: str
    trained_at: int
    start: int
    end: int
    symbols: int
    rows: int
    features: int
    skilled: bool
    metrics: dict[str, float]
    challenger: int | None
    records: tuple[TrackRecord, ...] = ()
