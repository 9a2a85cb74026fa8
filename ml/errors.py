"""Errors of training and forecasting, as data; the sentences live in the catalogs."""

from dataclasses import dataclass

from core.errors import Refused, Unavailable


@dataclass(eq=False)
class UnreadableCandles(Refused):
    """The file at `path` is not a parquet file with these columns."""

    path: str
    columns: str


@dataclass(eq=False)
class IrregularCandles(Refused):
    """The times of the `found` candles would need a grid of `places`: at least one time is wrong."""

    found: int
    places: int


@dataclass(eq=False)
class UnknownRecipe(Refused):
    """`name` is not one of the recipes `known`."""

    name: str
    known: str


@dataclass(eq=False)
class ExtraMissing(Refused):
    """The recipe `name` needs libraries of the optional `extra`, which are not installed."""

    name: str
    extra: str


@dataclass(eq=False)
class BadHorizon(Refused):
    """A horizon of `horizon` candles cannot be judged on `candles` of them; `most` is the longest that can."""

    horizon: int
    candles: int
    most: int


@dataclass(eq=False)
class NoTrainingData(Refused):
    """There are `found` candles, but at least `needed` are required."""

    found: int
    needed: int


@dataclass(eq=False)
class ReportUnwritable(Refused):
    """The report cannot be written into `folder`."""

    folder: str
    why: str


@dataclass(eq=False)
class NoModel(Unavailable):
    """No model has been trained for `horizon` minutes yet."""

    horizon: int


@dataclass(eq=False)
class ModelExpired(Unavailable):
    """The model for `horizon` minutes was trained `age_hours` ago, which is too long."""

    horizon: int
    age_hours: int


@dataclass(eq=False)
class StaleHistory(Unavailable):
    """The last candle of `symbol` closed `age_seconds` ago, or minutes before it are missing."""

    symbol: str
    age_seconds: int


@dataclass(eq=False)
class SymbolNotTrained(Refused):
    """The model was not trained on `symbol`, however long its history is."""

    symbol: str


@dataclass(eq=False)
class ShortHistory(Refused):
    """`symbol` has `found` candles, but `needed` are required."""

    symbol: str
    found: int
    needed: int


@dataclass(eq=False)
class ModelUnusable(Unavailable):
    """The stored model of `version` is damaged, foreign or of another feature list: `why` is a word of the catalogs."""

    version: int
    why: str


# -- the registry of models --------------------------------------------------------------------


@dataclass(eq=False)
class ModelTooBig(Refused):
    """The model takes `megabytes`, but at most `most` are stored."""

    megabytes: int
    most: int


@dataclass(eq=False)
class ModelNotSaved(Unavailable):
    """The new model for `horizon` minutes could not be stored: `why` is full (no room on the disk) or away."""

    horizon: int
    why: str


@dataclass(eq=False)
class UnknownModel(Refused):
    """There is no model `version`."""

    version: int


@dataclass(eq=False)
class NotPromotable(Refused):
    """Model `version` cannot become champion, for the reason `why`.

    It was rolled-back, has failed, is gone (only its row is kept), or outrun (it is no longer the challenger of the
    champion it was compared with).
    """

    version: int
    why: str


@dataclass(eq=False)
class ModelInUse(Refused):
    """Model `version` is the champion for `horizon` minutes, so it cannot be retired."""

    version: int
    horizon: int


@dataclass(eq=False)
class NoModelBefore(Refused):
    """No usable champion for `horizon` minutes came before model `version`."""

    version: int
    horizon: int


@dataclass(eq=False)
class AmbiguousMarket(Refused):
    """Several markets have models for `horizon` minutes: `markets`, with commas."""

    horizon: int
    markets: str


# -- training ----------------------------------------------------------------------------------


@dataclass(eq=False)
class TrainingBusy(Refused):
    """Another training is running on this database."""


@dataclass(eq=False)
class TrainingTooBig(Refused):
    """Training did not fit into its `memory_mib`."""

    memory_mib: int


@dataclass(eq=False)
class TrainingDiskFull(Refused):
    """There is no room for `needed_mib` in `folder`, where features are stored during training."""

    folder: str
    needed_mib: int


@dataclass(eq=False)
class TrainingEnded(Unavailable):
    """The training process ended before it was done; `how` is `killed`, or a number: its exit code."""

    how: str


@dataclass(eq=False)
class NoArchivedCandles(Refused):
    """The archive has no candles of any market, or none of the requested `market`."""

    market: str
