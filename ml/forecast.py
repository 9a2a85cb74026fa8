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
    """Forecast of the return from `price`, the close of the last known candle, over `horizon` minutes.

    `made_at` is the time at which that candle closed, UTC ms. `expected`, `low` and `high` are log returns; the last
    two are the ends of the 80 % interval. `prob_up` is the probability of a higher price. Without skill (`skilled`
    false) only the interval may be shown: the expectation is then no better than none. `version` is the model's in the
    registry.
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
