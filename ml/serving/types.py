"""What the log of forecasts tells: errors by hour, losses, and drifts that were found."""

from dataclasses import dataclass
from enum import StrEnum


class DriftKind(StrEnum):
    """What drifted."""

    FEATURES = "features"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class Hour:
    """What became of a model's forecasts of one hour (UTC ms): `squares` and `naive` are sums of squared errors."""

    hour: int
    count: int
    covered: int
    squares: float
    naive: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Of a model: `what` is the feature that is farthest out, or which errors have grown; `amount` is by how much and
    `bound` what would have been no drift; `since` is UTC ms of the market's clock."""

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
class Losses:
    """Of champion and challenger at one time (UTC ms): mean squares in half widths of the champion's intervals."""

    made_at: int
    champion: float
    challenger: float
