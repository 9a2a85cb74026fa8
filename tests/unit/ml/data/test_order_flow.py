"""Features of the order flow beside a naive reference, in both forms, and where nothing is known of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from ml.data.features import HISTORY, feature_names, features_of
from ml.data.order_flow import ORDER_FLOW, SPANS
from ml.data.panel import Floats, Panel, columns_of, panel_of_grids, read_candles
from ml.data.rolling_panel import rolled
from ml.data.windows import TAIL, rolling_sum
from ml.errors import UnreadableCandles
from tests.fakes.candles import MINUTE, START, frame_of, walk_closes

NAMES = ("ADAUSDT", "BTCUSDT", "ETHUSDT")
_USUAL = 60


def flow_panel(times: int, *, seed: int, holes: float = 0.05) -> Panel:
    """Random walks with order flow, of which some is unknown or impossible, with still and with missing candles."""
    chance = np.random.default_rng(seed)
    closes = walk_closes(times, len(NAMES), seed=seed)
    shape = closes.shape
    opens = np.vstack([closes[:1], closes[:-1]])
    volume = np.where(chance.random(shape) < 0.1, 0.0, chance.lognormal(0, 3, shape))
    trades = np.where(volume > 0, chance.integers(1, 500, shape), 0).astype(float)
    taken = volume * chance.random(shape)
    trades[(chance.random(shape) < holes) & (volume > 0)] = 0.0
    taken[chance.random(shape) < holes] = np.nan
    taken[5, 0] = 2 * volume[5, 0] + 1
    taken[6, 0], trades[7, 0] = -1.0, np.nan
    grids = [opens, np.maximum(opens, closes) * 1.001, np.minimum(opens, closes) * 0.999, closes, volume, trades, taken]
    gone = chance.random(shape) < holes
    gone[0] = gone[-1] = False
    for grid in grids:
        grid[gone] = np.nan
    return panel_of_grids(START + MINUTE * np.arange(times, dtype=np.int64), NAMES, MINUTE, grids)


def naive(panel: Panel, place: int) -> Iterator[tuple[str, Floats]]:
    """Yields the features of one symbol, row by row from their definitions."""
    assert panel.trades is not None
    assert panel.taken is not None
    volume, close = panel.volume[:, place], panel.close[:, place]
    trades, taken = panel.trades[:, place].copy(), panel.taken[:, place].copy()
    trades[(volume > 0) & ~(trades > 0)] = np.nan
    trades[volume == 0] = 0
    taken[~((taken >= 0) & (taken <= volume))] = np.nan
    for span in SPANS:
        found = np.full(len(volume), np.nan)
        for row in range(len(volume)):
            part = slice(max(0, row + 1 - span), row + 1)
            known = ~np.isnan(taken[part])
            whole, bought = volume[part][known].sum(), taken[part][known].sum()
            if known.any():
                found[row] = (bought - (whole - bought)) / whole if whole > 0 else 0.0
        yield f"taker_{span}", found
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.log(np.where((trades > 0) & (volume > 0), volume * close / trades, np.nan))
    for name, values in (("trade_count", np.log1p(trades)), ("trade_size", size)):
        usual = np.full(len(values), np.nan)
        for row in range(len(values)):
            part = values[max(0, row + 1 - TAIL * _USUAL) : row + 1]
            weights = 0.5 ** (np.arange(len(part))[::-1] / _USUAL)
            known = ~np.isnan(part)
            if known.any():
                usual[row] = np.average(part[known], weights=weights[known])
        yield name, values - usual


def test_the_features_are_those_of_their_definitions() -> None:
    panel = flow_panel(500, seed=1)
    features = features_of(panel)
    for place in range(len(NAMES)):
        said = dict(naive(panel, place))
        assert tuple(said) == ORDER_FLOW == features.names[-len(ORDER_FLOW) :]
        for name, values in said.items():
            np.testing.assert_allclose(features.named(name)[:, place], values, rtol=1e-5, atol=1e-5, err_msg=name)
    assert np.isfinite(features.table[features.names.index("taker_60"), 60:]).all()
    shares = features.table[[features.names.index(f"taker_{span}") for span in SPANS]]
    assert np.nanmax(np.abs(shares)) <= 1 + 1e-6


@pytest.mark.parametrize("window", [1, 2, 5, 15, 60, 1000])
def test_a_rolling_sum_is_that_of_pandas_whatever_has_left_the_window(window: int) -> None:
    values = np.random.default_rng(2).random((300, 3))
    values[np.random.default_rng(3).random(values.shape) < 0.2] = np.nan
    wanted = pd.DataFrame(values).rolling(window, min_periods=0).sum().to_numpy()
    np.testing.assert_allclose(rolling_sum(values, window), wanted, rtol=1e-12, atol=1e-12)
    huge = values.copy()
    huge[:100] = 1e18
    np.testing.assert_array_equal(
        rolling_sum(huge, window)[100 + window :], rolling_sum(values, window)[100 + window :]
    )


@pytest.mark.parametrize("rows", [1, 16])
def test_serving_computes_what_training_saw(rows: int) -> None:
    panel = flow_panel(HISTORY + 60, seed=4)
    trained = features_of(panel)
    served = features_of(panel.rows(61 - rows, HISTORY + 60), rows=rows)
    assert served.names == trained.names == feature_names(flow=True)
    count = len(ORDER_FLOW)
    np.testing.assert_allclose(served.table[-count:], trained.table[-count:, -rows:], rtol=1e-6, atol=1e-6)
    again = rolled(
        panel.rows(0, HISTORY + 50), panel.rows(HISTORY + 40, HISTORY + 60), START + (HISTORY + 45) * MINUTE, 0
    )
    np.testing.assert_array_equal(features_of(again, rows=rows).table, features_of(panel, rows=rows).table)


@pytest.mark.parametrize("cut", [30, 250, 418])
def test_what_comes_later_changes_nothing(cut: int) -> None:
    panel = flow_panel(420, seed=5)
    later = [grid.copy() for grid in panel.grids]
    for grid, factor in zip(later, (3, 3, 3, 3, 0.5, 7, 0.1), strict=True):
        grid[cut:] *= factor
    changed = panel_of_grids(panel.times, NAMES, MINUTE, later)
    np.testing.assert_array_equal(features_of(changed).table[:, :cut], features_of(panel).table[:, :cut])


def test_without_order_flow_there_are_the_features_of_before() -> None:
    panel = flow_panel(400, seed=6)
    with_flow, without = features_of(panel), features_of(replace(panel, trades=None, taken=None))
    assert without.names == feature_names() == with_flow.names[: -len(ORDER_FLOW)]
    np.testing.assert_array_equal(without.table, with_flow.table[: len(without.names)])
    for name in ("own", "shared", "volatility", "ready"):
        np.testing.assert_array_equal(getattr(without, name), getattr(with_flow, name))


def test_of_order_flow_that_is_not_known_nothing_is_said() -> None:
    panel = flow_panel(300, seed=7)
    nothing = np.full(panel.shape, np.nan)
    moving = np.where(panel.volume == 0, np.nan, panel.volume)
    features = features_of(replace(panel, volume=moving, trades=nothing, taken=nothing))
    assert np.isnan(features.table[-len(ORDER_FLOW) :]).all()
    unknown = features_of(columns_of(panel, ("BTCUSDT", "NEWUSDT")))
    assert np.isnan(unknown.table[-len(ORDER_FLOW) :, :, 1]).all()
    np.testing.assert_array_equal(unknown.named("taker_5")[:, 0], features_of(panel).named("taker_5")[:, 1])


def test_a_recording_has_order_flow_if_it_has_the_columns(tmp_path: Path) -> None:
    frame = frame_of(walk_closes(50, 2, seed=8), NAMES[:2]).assign(trades=5, taker_base=2.5)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    parquet.write_table(table, tmp_path / "whole.parquet")
    parquet.write_table(table.drop_columns(["taker_base"]), tmp_path / "counts.parquet")
    parquet.write_table(table.drop_columns(["trades", "taker_base"]), tmp_path / "prices.parquet")
    whole, counts = (read_candles(tmp_path / f"{name}.parquet", flow=True) for name in ("whole", "counts"))
    for panel, taken in ((whole, 2.5), (counts, np.nan)):
        np.testing.assert_array_equal(panel.grids[5], np.full(panel.shape, 5.0))
        np.testing.assert_array_equal(panel.grids[6], np.full(panel.shape, taken))
    assert len(read_candles(tmp_path / "whole.parquet").grids) == 5
    with pytest.raises(UnreadableCandles):
        read_candles(tmp_path / "prices.parquet", flow=True)
