"""What training and forecasting refuse, as data; the sentences live in the catalogs."""

from dataclasses import dataclass

from pipeline.errors import Refused


@dataclass(eq=False)
class UnreadableCandles(Refused):
    """`path` is no parquet file with these columns."""

    path: str
    columns: str


@dataclass(eq=False)
class NoTrainingData(Refused):
    """`found` candles where at least `needed` are."""

    found: int
    needed: int
