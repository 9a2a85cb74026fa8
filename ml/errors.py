"""What training and forecasting refuse, as data; the sentences live in the catalogs."""

from dataclasses import dataclass

from pipeline.errors import Refused


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
