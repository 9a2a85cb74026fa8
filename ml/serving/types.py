"""Records of the forecast log: errors by hour, losses and drifts."""

from dataclasses import dataclass
from enum import StrEnum


class DriftKind(StrEnum):
    """Subject of a drift: the features or the errors."""

    FEATURES = "features"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class HourlyErrors:
    """Results of a model's forecasts of one hour (UTC ms): `squares` and `naive` are sums of squared errors."""

    hour: int
    count: int
    covered: int
    squares: float
    naive: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Drift of a model.

    `what` is the feature that is farthest out, or the kind of errors that have grown. `amount` is its size and `bound`
    the largest size without drift. `since` is UTC ms of the market's clock.
    """

    market: str
    horizon: int
    version: int
    kind: DriftKind
    what: str
    amount: float
    bound: float
    since: int

    def __str__(self) -> str:
        found = f"{self.what} {self.amount:.2f} of {self.bound:.2f} since {self.since}"
        return f"{self.kind} of model {self.version} ({self.horizon} minutes): {found}"


@dataclass(frozen=True, slots=True)
class PairedLosses:
    """Losses of champion and challenger at one time (UTC ms).

    They are mean squares in half widths of the champion's intervals.
    """

    made_at: int
    champion: float
    challenger: float
