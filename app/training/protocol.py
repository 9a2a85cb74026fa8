"""Messages between a training process and its launcher.

The process reads a request from its standard input, and writes one line of JSON for each message to its standard
output.
"""

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
from pipeline.errors import MarketUnavailable

LOCK = "training"
"""Name of the lock that a training holds on its database."""


class TrainingRequest(msgspec.Struct, frozen=True):
    """Models to train and resources for it.

    `symbols` are the candidates, the most wanted first. Candles are those of `market` that closed between `start` and
    `end` (UTC ms), with their order flow if `flow`. `folder` holds the features during training; empty for in memory.
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
    flow: bool = False


class TrainingEvent(msgspec.Struct, frozen=True, tag=True):
    """Message of one line."""


class DataLoaded(TrainingEvent, frozen=True, tag="read"):
    """The panel is loaded: times x symbols."""

    times: int
    symbols: int


class FoldTrained(TrainingEvent, frozen=True, tag="step"):
    """The training of a recipe begins. `fold` counts from 1; the last of `folds` is the model itself."""

    horizon: int
    recipe: str
    fold: int
    folds: int


class ModelSaved(TrainingEvent, frozen=True, tag="kept"):
    """A model is in the registry."""

    horizon: int
    version: int
    skilled: bool
    skill: float
    seconds: float


class HorizonSkipped(TrainingEvent, frozen=True, tag="skipped"):
    """There is no model for this horizon; the error is the reason."""

    horizon: int
    code: str
    details: dict[str, Any]


class NewsTrained(TrainingEvent, frozen=True, tag="news"):
    """The model of headlines is stored: it was tested on `events`, and is `shown` if it beat the base rate there."""

    events: int
    shown: bool


class TrainingFailed(TrainingEvent, frozen=True, tag="failed"):
    """The process ends; the error is the reason."""

    code: str
    details: dict[str, Any]


class WindowShortened(TrainingEvent, frozen=True, tag="fewer"):
    """The allowed memory suffices for `days` days only."""

    days: float


TrainingMessage = (
    DataLoaded | FoldTrained | ModelSaved | HorizonSkipped | NewsTrained | TrainingFailed | WindowShortened
)

_LINES = msgspec.json.Decoder(TrainingMessage)


class Errors:
    """Errors that may be passed between the processes."""

    KNOWN: ClassVar[dict[str, type[DeskError]]] = {
        kind.code(): kind
        for kind in (
            ModelNotSaved,
            ModelTooBig,
            NoTrainingData,
            TrainingBusy,
            TrainingDiskFull,
            TrainingTooBig,
            MarketUnavailable,
        )
    }

    @classmethod
    def of(cls, message: HorizonSkipped | TrainingFailed) -> DeskError:
        """Returns the error as it was raised. Raises KeyError for an error that may not be passed."""
        return cls.KNOWN[message.code](**message.details)


def read_line(line: bytes) -> TrainingMessage | None:
    """Returns the message. None for output of a library."""
    try:
        found: TrainingMessage = _LINES.decode(line)
    except msgspec.MsgspecError:
        return None
    return found
