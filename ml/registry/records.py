"""Records of the registry: models, their states and the changes of those."""

from dataclasses import dataclass
from enum import StrEnum


class ModelState(StrEnum):
    """State of a model, with the states that can follow it.

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
class ModelMetadata:
    """Facts about a model that are fixed by its training.

    Times are UTC ms. The model was trained on `rows` rows of candles that opened at start <= open_time < end.
    `features` are in the order of the model's inputs.
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
    """Version of a model: its facts and its state. `horizon` is in minutes, `size` is that of the artifact in bytes.

    A version is `barred` if it was rolled back or failed; it never becomes champion again. `kept` is true while its
    artifact is stored.
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
    """Change of a version's state at `at` (UTC ms).

    `change` is added, promoted, replaced, rolled-back, returned, failed or retired; `state` is the state after it.
    """

    version: int
    at: int
    change: str
    state: ModelState
    who: str
    reason: str
