"""File with every forecast of an evaluation and its outcome, from which the report can be computed again.

`docs/forecasts.md` describes the columns. The file is written horizon by horizon, so one horizon is in memory at most.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from ml.calibration.intervals import REGIMES
from ml.data.panel import Panel
from ml.evaluation.walk_forward import WalkForward

_NAME = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("horizon", pa.int32()),
        ("recipe", _NAME),
        ("fold", pa.int32()),
        ("symbol", _NAME),
        ("made_at", pa.int64()),
        ("price", pa.float64()),
        ("expected", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("prob_up", pa.float64()),
        ("regime", _NAME),
        ("rival", _NAME),
        ("rival_expected", pa.float64()),
        ("outcome", pa.float64()),
        ("move", pa.float64()),
    ]
)
_ROWS = 250_000


class ForecastFile:
    """Writer of the forecasts of one panel, one horizon after the other. Use it as a context manager."""

    def __init__(self, path: Path, panel: Panel) -> None:
        """Creates the file. Raises OSError."""
        self._panel = panel
        self._writer = parquet.ParquetWriter(path, SCHEMA, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._writer.close()

    def write(self, walked: WalkForward, names: tuple[str, ...]) -> None:
        """Writes the forecasts of these recipes at one horizon that have an outcome. Raises OSError."""
        known = np.flatnonzero(walked.known)
        chosen, rival = walked.best_rivals()
        for name in names:
            expected, reach, prob_up = (
                walked.expected[name].astype(np.float64),
                walked.reach(name),
                walked.prob_up(name),
            )
            for start in range(0, len(known), _ROWS):
                own = known[start : start + _ROWS]
                rows, places, folds = walked.rows[own], walked.symbol_index[own], walked.folds[own]
                columns = [
                    np.full(len(own), walked.horizon, np.int32),
                    _names(np.zeros(len(own), np.int32), (name,)),
                    folds.astype(np.int32),
                    _names(places, self._panel.symbols),
                    self._panel.times[rows] + self._panel.interval_ms,
                    self._panel.close[rows, places],
                    expected[own],
                    (expected - reach)[own],
                    (expected + reach)[own],
                    prob_up[own],
                    _names(walked.regimes[own], REGIMES),
                    _names(folds, chosen),
                    rival[own],
                    walked.outcomes[own],
                    walked.moves[own],
                ]
                self._writer.write_table(pa.table(columns, schema=SCHEMA))


def _names(indices: np.ndarray, names: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), pa.array(names))
