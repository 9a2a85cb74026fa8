"""What a training process is told on its standard input, and what it tells, a line of JSON each, on its standard
output."""

from typing import Any, ClassVar

import msgspec

from core.errors import DeskError
from ml.errors import (
    ModelNotSaved,
    ModelTooBig,
    NoTrainingData,
    TrainingBusy,
    TrainingDiskFull,
    TrainingTooBig,
)
from pipeline.errors import MarketDown

LOCK = "training"
"""Of whoever trains on a database."""


class Lesson(msgspec.Struct, frozen=True):
    """Which models to train, and with which means.

    `symbols` are the candidates, the most wanted first; candles are those of `market` that closed between `start` and
    `end` (UTC ms). `folder` is where features are kept while learning, empty for in memory.
    """

    dsn: str
    redis_url: str
    market: str
    horizons: tuple[int, ...]
    symbols: tuple[str, ...]
    start: int
    end: int
    threads: int
    memory_mib: int
    rows: int
    folder: str = ""
    seed: int = 20210402


class Told(msgspec.Struct, frozen=True, tag=True):
    """One line."""


class Read(Told, frozen=True, tag="read"):
    """The panel is there: times x symbols."""

    times: int
    symbols: int


class FoldTrained(Told, frozen=True, tag="step"):
    """A recipe begins to learn; `fold` counts from 1 and the last one, of `folds`, is the model itself."""

    horizon: int
    recipe: str
    fold: int
    folds: int


class ModelSaved(Told, frozen=True, tag="kept"):
    """A model is in the registry."""

    horizon: int
    version: int
    skilled: bool
    skill: float
    seconds: float


class Skipped(Told, frozen=True, tag="skipped"):
    """No model for this horizon, and the error that says why."""

    horizon: int
    code: str
    details: dict[str, Any]


class Failed(Told, frozen=True, tag="failed"):
    """Nothing more comes: the error that says why."""

    code: str
    details: dict[str, Any]


class Fewer(Told, frozen=True, tag="fewer"):
    """The memory allowed is enough for so many days only."""

    days: float


Line = Read | FoldTrained | ModelSaved | Skipped | Failed | Fewer

_LINES = msgspec.json.Decoder(Line)


class Errors:
    """The errors that may cross between the processes."""

    KNOWN: ClassVar[dict[str, type[DeskError]]] = {
        kind.code(): kind
        for kind in (
            ModelNotSaved,
            ModelTooBig,
            NoTrainingData,
            TrainingBusy,
            TrainingDiskFull,
            TrainingTooBig,
            MarketDown,
        )
    }

    @classmethod
    def of(cls, said: Skipped | Failed) -> DeskError:
        """As it was raised. Raises KeyError for one that may not cross."""
        return cls.KNOWN[said.code](**said.details)


def read_line(line: bytes) -> Line | None:
    """None for what a library wrote there."""
    try:
        found: Line = _LINES.decode(line)
    except msgspec.MsgspecError:
        return None
    return found
