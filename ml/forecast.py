"""What is said about what comes next, what became of it, and who says it."""

from dataclasses import dataclass

from pipeline.market import Symbol

HORIZONS = (5, 15, 60, 240, 1440)
"""Minutes ahead that are forecast."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A family of features (a key of the catalogs, like `momentum`) and the part of the expected log return it made."""

    family: str
    share: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of the return from `price`, the close of the last candle that was seen, over `horizon` minutes.

    `made_at` is when that candle closed, UTC ms. `expected`, `low` and `high` are log returns; the last two are the
    ends of the 80 % interval. `rising` is the probability of a higher price. Without skill (`skilled` false) the
    interval is all that may be shown: the expectation is then no better than none. `version` is the model's in the
    registry.
    """

    symbol: Symbol
    horizon: int
    made_at: int
    price: float
    expected: float
    low: float
    high: float
    rising: float
    skilled: bool
    version: int
    drivers: tuple[Driver, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What became of the champion's forecasts at one horizon in the last `days`.

    `moves` of the `count` forecasts saw the price move, and of those `hits` in the direction that was expected. `skill`
    is 1 minus the RMSE over that of the naive forecast; `covered` the share inside the 80 % interval.
    """

    days: int
    count: int
    moves: int
    hits: int
    skill: float
    covered: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model as people may know it: times in UTC ms; `metrics` by name, as measured when it was trained."""

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
