"""What the registry tells of a model."""

from dataclasses import dataclass
from enum import StrEnum


class ModelState(StrEnum):
    """What a model does now.

    challenger -> champion, retired, failed
    champion   -> retired, failed
    retired    -> champion, unless it is barred
    failed     -> (nothing)
    """

    CHALLENGER = "challenger"
    CHAMPION = "champion"
    RETIRED = "retired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a model when it has been trained.

    Times are UTC ms; it learnt from `rows` rows of candles that opened at start <= open_time < end. `features` in the
    order in which the model takes them.
    """

    recipe: str
    trained_at: int
    start: int
    end: int
    symbols: tuple[str, ...]
    rows: int
    features: tuple[str, ...]
    parameters: dict[str, object]
    code_version: str
    metrics: dict[str, float]


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One version: its facts, and what became of it. `horizon` in minutes, `size` of the artifact in bytes.

    `barred`: it was rolled back or failed, and never becomes champion again. `kept`: its artifact is still there.
    """

    version: int
    market: str
    horizon: int
    recipe: str
    state: ModelState
    barred: bool
    trained_at: int
    start: int
    end: int
    symbols: tuple[str, ...]
    rows: int
    features: tuple[str, ...]
    parameters: dict[str, object]
    code_version: str
    metrics: dict[str, float]
    sha256: str
    size: int
    kept: bool


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """Of a version's state, at `at` (UTC ms): `change` is added, promoted, replaced, rolled-back, returned, failed or
    retired, and `state` what it is since."""

    version: int
    at: int
    change: str
    state: ModelState
    who: str
    reason: str
