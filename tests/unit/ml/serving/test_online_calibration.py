"""Ranges as they are served are those of the evaluation, whatever the desk went through meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ml.calibration.intervals import regimes_of
from ml.data.features import features_of
from ml.data.panel import Floats, Panel, columns_of, panel_of
from ml.data.rolling_panel import OPEN_ROWS, WHOLE_AGAIN_MS, RollingPanel
from ml.errors import NoTrainingData
from ml.evaluation.walk_forward import WalkForward
from ml.models.forecast_model import ForecastModel
from ml.serving import online_calibration
from ml.serving.inference import predict
from ml.serving.model_cache import LoadedModel
from ml.serving.online_calibration import OnlineCalibration
from pipeline.market import MINUTE_MS
from tests.fakes.candles import frame_of, walk_panel
from tests.fakes.models import trained_on

HORIZON = 5
TRAINED = 1700
BEGIN = 1760


def _storm(times: int = 1900, symbols: int = 12) -> Panel:
    """Walks that become three times as large after the training."""
    panel = walk_panel(times, symbols, seed=7, echo=-0.2)
    returns = np.diff(np.log(panel.close), axis=0, prepend=np.log(panel.close[:1]))
    returns[TRAINED:] *= 3
    return panel_of(frame_of(np.exp(np.cumsum(returns, axis=0)), panel.symbols, wiggle=0.0005))


@pytest.fixture(scope="module")
def candles() -> Panel:
    return _storm()


@pytest.fixture(scope="module")
def model(candles: Panel) -> ForecastModel:
    return trained_on(candles.rows(0, TRAINED), HORIZON)


def _loaded(model: ForecastModel, version: int = 1) -> LoadedModel:
    row: Any = SimpleNamespace(version=version, horizon=model.horizon)
    return LoadedModel(row, model)


@dataclass
class Desk:
    """A process that serves: what it holds begins empty. `archive` is what could be read so far."""

    archive: Panel
    loads: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rolling = RollingPanel(self._load)
        self.calibration = OnlineCalibration(self._load)

    async def _load(self, market: str, symbols: Sequence[str], start: int, end: int, *, flow: bool = False) -> Panel:
        del market, flow
        times = self.archive.times
        rows = np.flatnonzero((times >= start) & (times < end))
        self.loads.append(len(rows))
        if len(rows) < 2:
            raise NoTrainingData(len(rows), 2)
        return columns_of(self.archive.rows(int(rows[0]), int(rows[-1]) + 1), tuple(symbols))

    async def ranges(self, row: int, *models: LoadedModel) -> dict[int, Floats]:
        """Half the widths after the candle of that row, by version; NaN for a symbol without a forecast."""
        now = int(self.archive.times[0]) + (row + 1) * MINUTE_MS
        symbols = sorted({symbol for loaded in models for symbol in loaded.trained.symbols})
        panel = await self.rolling.at("replay", symbols, now)
        assert panel.times[-1] == now - MINUTE_MS
        await self.calibration.catch_up("replay", panel, models)
        seen = predict("replay", panel, models, self.calibration)
        return {version: (sight.outlook.high - sight.outlook.low) / 2 for version, sight in seen.sights.items()}

    async def run(self, rows: Iterable[int], loaded: LoadedModel) -> Floats:
        return np.stack([(await self.ranges(row, loaded))[loaded.row.version] for row in rows])


def _evaluated(panel: Panel, model: ForecastModel, begin: int, stop: int, *, since: int | None = None) -> Floats:
    """The same by the evaluation, which learns from the first row whose outcome the training did not know."""
    panel = columns_of(panel, model.symbols)
    features = features_of(panel)
    first = int((model.end - panel.times[0]) // MINUTE_MS) - model.horizon if since is None else since
    every = np.arange(first, panel.shape[0])
    found = model.estimates(features, every)
    rows, places = np.nonzero(np.isfinite(found.sizes))
    later = np.full((panel.shape[0] + model.horizon, panel.shape[1]), np.nan)
    later[: panel.shape[0]] = features.log_close
    walked = WalkForward(
        model.horizon,
        (first, panel.shape[0]),
        every[rows],
        places,
        np.ones(len(rows), np.int64),
        found.sizes[rows, places],
        later[every[rows] + model.horizon, places] - later[every[rows], places],
        later[every[rows] + model.horizon, places] - later[every[rows], places],
        np.zeros(len(rows)),
        regimes_of(features)[every[rows]],
        np.array(model.multiples),
        features.log_close,
        {"it": found.expected[rows, places]},
    )
    grid = np.full(found.sizes.shape, np.nan)
    grid[rows, places] = walked.reach("it")
    return grid[begin - first : stop - first]


def _same(one: Floats, other: Floats) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-6)


async def test_the_desk_serves_the_ranges_of_the_evaluation(candles: Panel, model: ForecastModel) -> None:
    served = await Desk(candles).run(range(BEGIN, BEGIN + 25), _loaded(model))
    _same(served, _evaluated(candles, model, BEGIN, BEGIN + 25))
    features = features_of(candles)
    outlooks = [model.outlook(features, row) for row in range(BEGIN, BEGIN + 25)]
    frozen = np.stack([outlook.high - outlook.low for outlook in outlooks]) / 2
    assert np.abs(served / frozen - 1).max() > 0.05, "the multiples have moved since the training"


@pytest.mark.parametrize("rows_a_piece", [480, 7])
async def test_a_restart_changes_nothing(
    candles: Panel, model: ForecastModel, monkeypatch: pytest.MonkeyPatch, rows_a_piece: int
) -> None:
    """Nor does it matter when anyone asked, or in how many pieces history was read."""
    monkeypatch.setattr(online_calibration, "_ROWS_A_PIECE", rows_a_piece)
    loaded = _loaded(model)
    steady = Desk(candles)
    one = await steady.run([*range(BEGIN, BEGIN + 4), BEGIN + 9 + 3 * OPEN_ROWS], loaded)
    _same(one[-1:], await Desk(candles).run([BEGIN + 9 + 3 * OPEN_ROWS], loaded))
    _same(one[-2:-1], await Desk(candles).run([BEGIN + 3], loaded))
    assert len(steady.loads) == 2 + 3 + 2, "history is read at the start and after minutes without a question"


async def test_candles_that_come_late_or_are_corrected_count_as_what_they_are(
    candles: Panel, model: ForecastModel
) -> None:
    """The volume of the newest minutes is unknown at first, and a symbol's candle is late by some."""
    loaded, desk = _loaded(model), Desk(candles)
    for row in range(BEGIN, BEGIN + 14):
        known = replace(candles, volume=candles.volume.copy(), close=candles.close.copy(), usable=candles.usable.copy())
        known.volume[row - 1 :] = np.nan
        known.close[row - 4 : row + 1, row % 12] = np.nan
        known.usable[row - 4 : row + 1, row % 12] = False
        desk.archive = known
        await desk.ranges(row, loaded)
    desk.archive = candles
    end = BEGIN + 14
    _same(await desk.run([end], loaded), _evaluated(candles, model, end, end + 1))


async def test_a_gap_that_is_filled_is_learnt_anew(candles: Panel, model: ForecastModel) -> None:
    loaded, late = _loaded(model), slice(BEGIN - 20, BEGIN + 2)
    holes = replace(candles, close=candles.close.copy(), usable=candles.usable.copy())
    holes.close[late, 3:5] = np.nan
    holes.usable[late, 3:5] = False
    desk = Desk(holes)
    rows = range(BEGIN, BEGIN + 5)
    _same(await desk.run(rows, loaded), _evaluated(holes, model, rows.start, rows.stop))
    desk.archive = candles
    end = rows.stop + WHOLE_AGAIN_MS // MINUTE_MS + OPEN_ROWS
    _same(await desk.run([end], loaded), _evaluated(candles, model, end, end + 1))


async def test_symbols_may_appear_and_end(candles: Panel, model: ForecastModel) -> None:
    close = candles.close.copy()
    close[: BEGIN - 236, 2] = np.nan
    close[BEGIN + 3 :, 5] = np.nan
    close[BEGIN - 100 : BEGIN + 8, 7] = np.nan
    panel = replace(candles, close=close, usable=~np.isnan(close))
    served = await Desk(panel).run(range(BEGIN, BEGIN + 12), _loaded(model))
    _same(served, _evaluated(panel, model, BEGIN, BEGIN + 12))
    assert np.isnan(served[-1]).tolist() == [place == 5 for place in range(12)]


async def test_another_model_begins_with_its_own_multiples(candles: Panel, model: ForecastModel) -> None:
    """Its symbols may differ, and the former one goes on as the challenger."""
    other = replace(
        model,
        symbols=model.symbols[1:],
        seen=model.seen[1:],
        spread=replace(model.spread, known=model.spread.known[1:]),
        multiples=(1.0, 2.0, 3.0),
        end=model.end + 40 * MINUTE_MS,
    )
    old, new, desk = _loaded(model), _loaded(other, 2), Desk(candles)
    for row in range(BEGIN, BEGIN + 3):
        alone, both = await desk.ranges(row, old), await desk.ranges(row, old, new)
        _same(alone[1], both[1])
        _same(both[1], _evaluated(candles, model, row, row + 1)[0])
        _same(both[2], _evaluated(candles, other, row, row + 1)[0])


@pytest.mark.parametrize("back", [3, OPEN_ROWS + 5])
async def test_a_clock_that_is_set_back_serves_what_was_served_then(
    candles: Panel, model: ForecastModel, back: int
) -> None:
    loaded, desk = _loaded(model), Desk(candles)
    first = await desk.run([BEGIN + 24 - back, *range(BEGIN + 20, BEGIN + 25)], loaded)
    _same(await desk.run([BEGIN + 24 - back], loaded), first[:1])
    _same(await desk.run([BEGIN + 24], loaded), first[-1:])


async def test_an_old_model_learns_from_the_last_days_only(
    candles: Panel, model: ForecastModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts when: the bound lies at the beginning of a day."""
    monkeypatch.setattr(online_calibration, "DAYS", 0)
    midnight = int((86_400_000 - candles.times[0] % 86_400_000) // MINUTE_MS) % 1440
    moved = replace(candles, times=candles.times + (midnight - BEGIN) * MINUTE_MS)
    old = replace(model, end=model.end + (midnight - BEGIN) * MINUTE_MS)
    served = await Desk(moved).run(range(BEGIN - 2, BEGIN + 8), _loaded(old))
    _same(served[2:], _evaluated(moved, old, BEGIN, BEGIN + 8, since=BEGIN))
    _same(served[1:2], _evaluated(moved, old, BEGIN - 1, BEGIN, since=BEGIN - 1))
    _same(served[:1], _evaluated(moved, old, BEGIN - 2, BEGIN - 1))


async def test_without_archived_candles_the_trained_multiples_serve(candles: Panel, model: ForecastModel) -> None:
    short = candles.rows(BEGIN - 300, BEGIN + 40)
    served = await Desk(short).run([300, 301, 302 + 2 * OPEN_ROWS], _loaded(model))
    assert np.isfinite(served).all()
