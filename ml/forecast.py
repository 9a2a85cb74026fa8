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


MIN_MOMENTS = 24
"""Independent moments below which a track record says nothing."""


MIN_BLOCKS = 8
"""Blocks of time below which the test of a model says nothing about its skill."""


def moment_minutes(horizon: int) -> int:
    """Returns the length of an independent moment: the horizon (minutes), or an hour if that is longer."""
    return max(60, horizon)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Results of the champions' forecasts at one horizon in the last `days`.

    `moments` is the number of independent moments: spans of `moment_minutes` in which forecasts were judged, however
    many symbols and forecasts are in them. With fewer than `MIN_MOMENTS`, there is no estimate.

    `covered` is the share of outcomes inside the 80 % interval. The others are of the forecasts that expected a move:
    `skill` is 1 minus the RMSE over that of the naive forecast, `hits` the share of moves in the expected direction,
    and `unchanged` the share of outcomes without a move. They are None if a move was expected in fewer than
    `MIN_MOMENTS`, and the first two also if there were none.
    """

    days: int
    moments: int
    covered: Estimate | None = None
    skill: Estimate | None = None
    hits: Estimate | None = None
    unchanged: float | None = None


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

    @property
    def opinionated(self) -> bool:
        """False if no member of the ensemble has a weight, so that it expects no change."""
        weights = [value for name, value in self.metrics.items() if name.startswith("weight_")]
        return not weights or any(weights)
