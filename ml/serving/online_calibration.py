"""Multiples of the intervals of the models that serve, which go on learning from the candles since their training.

A model is stored with the multiples that the outcomes known at the end of its training gave. From there on, each row is
learnt as in the evaluation (`ml.calibration.intervals.AdaptiveMultiples`): the model's own forecast of it, then its
outcome. The multiples are a function of the model, the archived candles and the time alone. Therefore nothing is
stored: after a restart, or in another process, they are computed again, and a candle that arrives late or is corrected
takes what was learnt from it back.
"""

import logging
import threading
from asyncio import to_thread
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ml.calibration.intervals import AdaptiveMultiples, regimes_of
from ml.data.features import HISTORY, Features, features_of
from ml.data.panel import Floats, Panel, columns_of
from ml.data.rolling_panel import OPEN_ROWS, Load, first_change
from ml.errors import NoTrainingData
from ml.models.forecast_model import Estimates, ForecastModel
from ml.serving.model_cache import LoadedModel
from pipeline.market import MINUTE_MS

log = logging.getLogger(__name__)

DAYS = 2
"""Whole days before the present one that are learnt at most; before them, a model keeps its trained multiples."""

_DAY_MS = 86_400_000
_ROWS_A_PIECE = 480
_MAX_MODELS = 20


class OnlineCalibration:
    """Multiples of the models of one market at a time. Candles before those of the rolling panel come from `load`, with
    order flow if `flow`.
    """

    def __init__(self, load: Load, *, flow: bool = False) -> None:
        self._load = partial(load, flow=True) if flow else load
        self._lock = threading.Lock()
        self._known: dict[int, ModelCalibration] = {}

    async def catch_up(self, market: str, panel: Panel, models: Sequence[LoadedModel]) -> None:
        """Learns the rows before those whose features `panel` determines. Raises MarketUnavailable.

        A cancelled call leaves the multiples in a valid state.
        """
        known = _end(panel) - OPEN_ROWS * MINUTE_MS
        behind = [one for one in await to_thread(self._prepare, panel, models) if one.until < known]
        if not behind:
            return
        since = min(one.until for one in behind)
        symbols = sorted({symbol for one in behind for symbol in one.model.symbols})
        try:
            history = await self._load(market, symbols, since - (HISTORY - 1) * MINUTE_MS, known)
        except NoTrainingData:
            history = None
        step = _ROWS_A_PIECE * MINUTE_MS
        for first in range(since, known, step):
            await to_thread(self._learn, history, behind, first, min(first + step, known))
        log.info("%d models learnt the ranges of %d minutes", len(behind), (known - since) // MINUTE_MS)

    def learn(
        self, loaded: LoadedModel, panel: Panel, features: Features, regimes: NDArray[np.int64]
    ) -> tuple[Floats, Estimates]:
        """Learns the rows of the panel that are new. Returns the multiples and the estimates at its last row.

        Features and regimes are those of the panel's last rows, of all that `catch_up` has left; its symbols are the
        model's. Raises ModelUnusable.
        """
        rows = len(features.volatility)
        with self._lock:
            one = self._known[loaded.row.version]
            found = one.learn(panel.times[-rows:] + MINUTE_MS, features, regimes)
            if found is None:
                found = one.model.estimates(features, np.array([rows - 1]))
            return one.multiples, found

    def _prepare(self, panel: Panel, models: Iterable[LoadedModel]) -> "list[ModelCalibration]":
        """Returns the calibrations of the models, without what they learnt from candles that the panel refutes."""
        with self._lock:
            end, changes = _end(panel), _Changes(panel)
            found = []
            for loaded in models:
                start = max(loaded.trained.end - loaded.row.horizon * MINUTE_MS, (end // _DAY_MS - DAYS) * _DAY_MS)
                one = self._known.pop(loaded.row.version, None)
                if one is None or one.start != start or not one.accept(panel, changes):
                    one = ModelCalibration(loaded.trained, start)
                    one.panel = panel
                self._known[loaded.row.version] = one
                found.append(one)
            while len(self._known) > max(_MAX_MODELS, len(found)):
                del self._known[next(iter(self._known))]
            return found

    def _learn(self, history: Panel | None, behind: "Iterable[ModelCalibration]", first: int, stop: int) -> None:
        """Learns the minutes that closed after `first` and by `stop` (UTC ms)."""
        piece = None if history is None else _between(history, first - (HISTORY - 1) * MINUTE_MS, stop)
        known: dict[tuple[tuple[str, ...], bool], tuple[Features, NDArray[np.int64]]] = {}
        with self._lock:
            for one in behind:
                if not first <= one.until < stop:  # below `first` it was taken back meanwhile
                    continue
                if piece is not None:
                    key = one.model.symbols, one.model.flow
                    if key not in known:
                        features = features_of(columns_of(piece, one.model.symbols).with_flow(flow=one.model.flow))
                        known[key] = features, regimes_of(features)
                    one.learn(piece.times + MINUTE_MS, *known[key])
                one.skip(stop)


class _Changes:
    """First changes from other panels to `panel`, each computed once."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._known: dict[tuple[int, tuple[str, ...]], int | None] = {}

    def since(self, before: Panel, symbols: tuple[str, ...]) -> int | None:
        same = before.symbols == self._panel.symbols
        key = id(before), before.symbols if same else symbols
        if key not in self._known:
            self._known[key] = None if before is self._panel else first_change(before, self._panel, symbols)
        return self._known[key]


class ModelCalibration:
    """Multiples of one model.

    It has learnt the minutes that closed after `start` and by `until` (UTC ms). `panel` is the rolling panel by which
    its last rows were checked.
    """

    def __init__(self, model: ForecastModel, start: int) -> None:
        self.model = model
        self.start = start
        self.until = start
        self.panel: Panel | None = None
        self._learner = AdaptiveMultiples(
            model.horizon, np.array(model.multiples), len(model.symbols), rewindable=OPEN_ROWS
        )

    @property
    def multiples(self) -> Floats:
        """The present multiple of each regime."""
        return self._learner.multiples

    def accept(self, panel: Panel, changes: _Changes) -> bool:
        """Takes back the rows that the panel does not confirm. Returns False if they are too many for that."""
        changed = None if self.panel is None else changes.since(self.panel, self.model.symbols)
        last = min(self.until, _end(panel), self.until if changed is None else changed)
        rows = (self.until - last) // MINUTE_MS
        if not self._learner.rewind(rows):
            return False
        self.until, self.panel = last, panel
        return True

    def learn(self, closed: NDArray[np.int64], features: Features, regimes: NDArray[np.int64]) -> Estimates | None:
        """Learns the new ones of the rows, which closed at those times (UTC ms).

        Returns the estimates at the last row, None if no row is new. Raises ModelUnusable.
        """
        rows = np.flatnonzero(closed > self.until)
        if not len(rows):
            return None
        self.skip(int(closed[rows[0]]) - MINUTE_MS)
        found = self.model.estimates(features, rows)
        self._learner.run(regimes[rows], features.log_close[rows], found.expected, found.sizes)
        self.until = int(closed[-1])
        return Estimates(found.expected[-1:], found.sizes[-1:])

    def skip(self, until: int) -> None:
        """Passes minutes of which nothing is known. After enough of them, no outcome is open."""
        rows = max(0, (until - self.until) // MINUTE_MS)
        nothing = np.full(len(self.model.symbols), np.nan)
        for _ in range(min(rows, self.model.horizon + OPEN_ROWS) if self._learner.rows else 0):
            self._learner.step(0, nothing, nothing, nothing)
        self.until = max(self.until, until)


def _between(panel: Panel, start: int, stop: int) -> Panel | None:
    """Returns the candles that opened from `start` to before `stop` (UTC ms), None if there are none."""
    begin, end = (max(0, (time - int(panel.times[0])) // MINUTE_MS) for time in (start, stop))
    return panel.rows(begin, end) if begin < end else None


def _end(panel: Panel) -> int:
    return int(panel.times[-1]) + MINUTE_MS
