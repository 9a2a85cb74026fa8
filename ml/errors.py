"""What training and forecasting refuse, as data; the sentences live in the catalogs."""

from dataclasses import dataclass

from pipeline.errors import Refused, Unavailable


@dataclass(eq=False)
class UnreadableCandles(Refused):
    """`path` is no parquet file with these columns."""

    path: str
    columns: str


@dataclass(eq=False)
class ScatteredCandles(Refused):
    """`found` candles, whose times would need a grid of `places`: a wrong time is among them."""

    found: int
    places: int


@dataclass(eq=False)
class UnknownRecipe(Refused):
    """`name` is none of the recipes `known`."""

    name: str
    known: str


@dataclass(eq=False)
class BadHorizon(Refused):
    """`horizon` candles cannot be judged on `candles` of them; `most` could be."""

    horizon: int
    candles: int
    most: int


@dataclass(eq=False)
class NoTrainingData(Refused):
    """`found` candles where at least `needed` are."""

    found: int
    needed: int


@dataclass(eq=False)
class ReportUnwritable(Refused):
    """The report cannot be written into `folder`."""

    folder: str
    why: str


@dataclass(eq=False)
class NoModel(Unavailable):
    """Nothing was trained for `horizon` minutes yet."""

    horizon: int


@dataclass(eq=False)
class ModelExpired(Unavailable):
    """The model for `horizon` minutes was trained `age_hours` ago: too long."""

    horizon: int
    age_hours: int


@dataclass(eq=False)
class StaleHistory(Unavailable):
    """The last candle of `symbol` closed `age_seconds` ago, or minutes before it are missing."""

    symbol: str
    age_seconds: int


@dataclass(eq=False)
class UnseenSymbol(Refused):
    """The model never learnt from `symbol`, or it has too short a history: `found` candles of `needed`."""

    symbol: str
    found: int
    needed: int


@dataclass(eq=False)
class ModelUnusable(Unavailable):
    """The kept model of `version` is damaged, foreign or of another feature list: `why` is a word of the catalogs."""

    version: int
    why: str
