"""Features and training beside the original's way of doing it, in one run; then the large set: time and memory.

The peer is the original project's feature building, written anew from its description: a Python loop over every symbol
and every row that collects the ten last prices and asks the label encoder for the symbol's number. A second figure
leaves the encoder out of the loop, which the original could have done too; it has no target.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
import psutil
import xgboost
from sklearn.preprocessing import LabelEncoder

from app.training.threads import usable_threads
from bench.figure import Figure
from ml.data.features import features_of
from ml.data.panel import Panel, panel_of
from ml.evaluation.walk_forward import MAX_ROWS_NEXT
from ml.models.base import TrainingResources
from ml.models.original_baseline import PARAMETERS, PRICES, ROUNDS
from ml.models.samples import TrainingWindow
from ml.models.xgboost import Boosted

_TRAIN_SHARE = 0.8
_MINUTE = 60_000
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Size:
    """Symbols and points of the set that both learn from and of the large one; of `rounds` and `trainings` the best
    counts, on both sides: threads that wait for each other suffer much from other processes."""

    symbols: int
    points: int
    many_symbols: int
    many_points: int
    rounds: int
    trainings: int


FULL = Size(250, 1000, 64, 27_000, rounds=5, trainings=3)
SMALL = Size(4, 1000, 4, 1600, rounds=1, trainings=1)


def run(size: Size = FULL) -> list[Figure]:
    large = _large(size.many_symbols, size.many_points)  # first: what the loops below leave behind is not its memory
    panel = made_up(size.symbols, size.points)
    loop, lags = _timed(lambda: original_features(panel), 1)
    lean, _ = _timed(lambda: original_features(panel, encode=False), 1)
    ours, _ = _timed(lambda: features_of(panel), size.rounds)
    original, _ = _timed(lambda: original_training(lags), size.trainings)
    training, _ = _timed(lambda: our_training(panel), size.trainings)
    shape = f"{size.symbols} symbols x {size.points}"
    return [
        Figure(f"the original's features, {shape}", loop, "s"),
        Figure(f"features, {shape}", ours, "s", note=f"best of {size.rounds}"),
        Figure("features: times faster than the original's", loop / ours, "x", at_least=100),
        Figure("features: times faster than such a loop without its encoder", lean / ours, "x"),
        Figure(f"the original's features and training, {shape}", loop + original, "s"),
        Figure(f"features and training of one horizon, {shape}", training, "s"),
        Figure("training: share of the original's time", training / (loop + original), "x", at_most=1),
        *large,
    ]


def made_up(symbols: int, points: int) -> Panel:
    """Seeded random walks."""
    chance = np.random.default_rng(1)
    closes = 100 * np.exp(np.cumsum(0.001 * chance.standard_normal((points, symbols)), axis=0))
    opens = np.vstack([closes[:1], closes[:-1]])
    frame = pd.DataFrame(
        {
            "symbol": np.tile([f"S{number:03}USDT" for number in range(symbols)], points),
            "open_time": np.repeat(_MINUTE * np.arange(points, dtype=np.int64), symbols),
            "open": opens.ravel(),
            "high": 1.0005 * np.maximum(opens, closes).ravel(),
            "low": np.minimum(opens, closes).ravel() / 1.0005,
            "close": closes.ravel(),
            "volume": chance.exponential(10, points * symbols),
        }
    )
    return panel_of(frame)


def original_features(panel: Panel, *, encode: bool = True) -> pd.DataFrame:
    """Ten lagged prices, the symbol's number and the price to expect, row by row."""
    encoder = LabelEncoder().fit(panel.symbols)
    rows: list[dict[str, float]] = []
    for place, symbol in enumerate(panel.symbols):
        prices = panel.close[:, place].tolist()
        for row in range(PRICES, len(prices)):
            features: dict[str, float] = {f"lag_{lag}": prices[row - lag] for lag in range(1, PRICES + 1)}
            features["symbol"] = encoder.transform([symbol])[0] if encode else place
            features["target"] = prices[row]
            rows.append(features)
    return pd.DataFrame(rows)


def original_training(frame: pd.DataFrame) -> xgboost.Booster:
    """The first four fifths, with the original's parameters."""
    part = frame.iloc[: int(len(frame) * _TRAIN_SHARE)]
    matrix = xgboost.DMatrix(part.drop(columns="target"), part["target"])
    return xgboost.train({**PARAMETERS, "nthread": usable_threads()}, matrix, ROUNDS)


def our_training(panel: Panel) -> object:
    """Features, the spread and a model of the next candle on the same share of the rows."""
    ground = TrainingWindow(panel, features_of(panel), 1)
    stop = int(panel.shape[0] * _TRAIN_SHARE)
    spread = ground.fit_volatility(stop, limit=MAX_ROWS_NEXT)
    return Boosted().fit(ground.known_sample(stop, spread, limit=MAX_ROWS_NEXT), TrainingResources(usable_threads(), 1))


def _large(symbols: int, points: int) -> list[Figure]:
    """Features and the training of the next candle on a set as large as the recorded one."""
    panel = made_up(symbols, points)
    features, found = _timed(lambda: features_of(panel), 1)
    matrix = found.table.nbytes
    ground = TrainingWindow(panel, found, 1)
    stop = int(points * _TRAIN_SHARE)

    def train() -> None:
        spread = ground.fit_volatility(stop, limit=MAX_ROWS_NEXT)
        Boosted().fit(ground.known_sample(stop, spread, limit=MAX_ROWS_NEXT), TrainingResources(usable_threads(), 1))

    training, _ = _timed(train, 1)
    peak = _peak()
    size = f"{symbols} symbols x {points:,}"
    return [
        Figure(f"features, {size}", features, "s"),
        Figure(f"training of one horizon, {size}", training, "s"),
        Figure(f"float32 matrix, {size}", matrix / 2**20, "MiB"),
        Figure("peak memory of the process", peak / 2**20, "MiB"),
        Figure("peak memory over the float32 matrix", peak / matrix, "x", at_most=3),
    ]


def _peak() -> int:
    """In bytes."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return int(psutil.Process().memory_info().peak_wset)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _timed(work: Callable[[], _Found], rounds: int) -> tuple[float, _Found]:
    """The best time in seconds, and what came of it."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - begun)
    return best, found
