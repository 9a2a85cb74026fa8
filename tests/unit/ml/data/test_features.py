import numpy as np
import pandas as pd
import pytest

from ml.calibration.intervals import regime_at, regimes_of
from ml.data.features import HISTORY, MOMENTA, features_of
from ml.data.panel import columns_of, panel_of
from ml.data.windows import TAIL, across, decayed, highest, lowest, rolling_mean, shifted
from tests.fakes.candles import frame_of, walk_closes, walk_panel


def _holed(seed: int, times: int = 400, symbols: int = 4) -> np.ndarray:
    chance = np.random.default_rng(seed)
    values = chance.standard_normal((times, symbols))
    values[chance.random(values.shape) < 0.2] = np.nan
    values[:50, 0] = np.nan
    return values


@pytest.mark.parametrize("half_life", [3, 10, 60])
@pytest.mark.parametrize("holes", [True, False])
def test_an_exponential_mean_is_that_of_pandas_over_its_last_half_lives(*, half_life: int, holes: bool) -> None:
    values = _holed(1) if holes else np.random.default_rng(1).standard_normal((400, 4))
    window = TAIL * half_life
    frame = pd.DataFrame(values)
    wanted = np.stack(
        [
            frame.iloc[max(0, row + 1 - window) : row + 1].ewm(halflife=half_life).mean().ffill().iloc[-1].to_numpy()
            for row in range(len(values))
        ]
    )
    np.testing.assert_allclose(decayed(values, half_life), wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("span", [1, 2, 3, 15, 60, 240])
def test_highest_and_lowest_are_those_of_pandas(span: int) -> None:
    values = _holed(2)
    rolled = pd.DataFrame(values).rolling(span, min_periods=1)
    np.testing.assert_array_equal(highest(values, span), rolled.max().to_numpy())
    np.testing.assert_array_equal(lowest(values, span), rolled.min().to_numpy())


@pytest.mark.parametrize("window", [1, 3, 60, 1000])
def test_a_rolling_mean_is_that_of_pandas(window: int) -> None:
    values = _holed(4)
    wanted = pd.DataFrame(values).rolling(window, min_periods=1).mean().to_numpy()
    np.testing.assert_allclose(rolling_mean(values, window), wanted, rtol=1e-9, atol=1e-12)


def test_the_mean_across_symbols_leaves_out_what_is_missing() -> None:
    values = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    np.testing.assert_array_equal(across(values), [[2.0], [np.nan]])


def test_shifting_by_nothing_changes_nothing() -> None:
    values = _holed(3)
    np.testing.assert_array_equal(shifted(values, 0), values)
    np.testing.assert_array_equal(shifted(values, 2)[2:], values[:-2])
    assert np.isnan(shifted(values, 2)[:2]).all()


def test_serving_from_the_last_history_gives_what_training_saw() -> None:
    closes = walk_closes(HISTORY + 700, 5, seed=4)
    closes[HISTORY - 200 : HISTORY - 150, 2] = np.nan
    closes[HISTORY + 100 : HISTORY + 130] = np.nan
    panel = panel_of(frame_of(closes, ("ADAUSDT", "BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"), wiggle=0.001))
    trained = features_of(panel)
    for row in (HISTORY - 1, HISTORY + 150, HISTORY + 699):
        served = features_of(panel.rows(row + 1 - HISTORY, row + 1))
        assert served.names == trained.names
        np.testing.assert_allclose(served.table[:, -1], trained.table[:, row], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(served.own[:, -1], trained.own[:, row], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(served.shared[:, -1], trained.shared[:, row], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(served.volatility[-1], trained.volatility[row], rtol=1e-9)
        np.testing.assert_array_equal(served.ready[-1], trained.ready[row])


def test_one_candle_less_of_history_would_be_too_few() -> None:
    panel = walk_panel(HISTORY + 5, 3, seed=5)
    served = features_of(panel.rows(6, HISTORY + 5))
    column = served.names.index(f"momentum_{max(MOMENTA)}")
    assert np.isnan(served.table[column, -1]).all()


def test_a_short_history_has_gaps_in_long_windows_only_and_is_not_ready_at_first() -> None:
    features = features_of(walk_panel(300, 3, seed=6))
    assert not features.ready[:239].any()
    assert features.ready[240:].all()
    known = {name for name in features.names if np.isfinite(features.named(name)[-1]).all()}
    assert set(features.names) - known == {"momentum_720", "momentum_1440"}


def test_names_are_unique_and_nothing_is_infinite() -> None:
    features = features_of(panel_of(frame_of(np.full((400, 2), 7.0), ("AUSDT", "BUSDT"))))
    assert len(set(features.names)) == len(features.names) == len(features.table)
    assert not np.isinf(features.table).any()


def test_without_a_leader_its_columns_are_empty_and_a_near_name_does_not_lead() -> None:
    closes = walk_closes(300, 2, seed=7)
    led = features_of(panel_of(frame_of(closes, ("BTCSTUSDT", "BTCUSDT"))))
    np.testing.assert_array_equal(led.named("leader_0")[:, 0], led.named("return_0")[:, 1])
    alone = features_of(panel_of(frame_of(closes, ("BTCSTUSDT", "ETHUSDT"))))
    assert np.isnan(alone.named("leader_0")).all()


def test_a_symbol_that_was_never_seen_is_an_empty_column_and_not_ready() -> None:
    panel = walk_panel(300, 2, seed=8)
    features = features_of(columns_of(panel, ("BTCUSDT", "NEWUSDT", "S01USDT")))
    assert not features.ready[:, 1].any()
    assert features.ready[-1, [0, 2]].all()


def test_prices_in_another_unit_give_the_same_features() -> None:
    frame = frame_of(walk_closes(500, 3, seed=9), ("BTCUSDT", "ETHUSDT", "XRPUSDT"), wiggle=0.001)
    dear = frame.assign(**{name: frame[name] * 1000 for name in ("open", "high", "low", "close")})
    dear["volume"] = frame["volume"] / 1000
    one, other = features_of(panel_of(frame)), features_of(panel_of(dear))
    np.testing.assert_allclose(one.table, other.table, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("rows", [1, 16, 5000])
@pytest.mark.parametrize("times", [300, HISTORY + 40])
def test_the_last_rows_alone_are_those_of_all(rows: int, times: int) -> None:
    closes = walk_closes(times, 3, seed=10)
    closes[times - 40 : times - 30, 1] = np.nan
    panel = panel_of(frame_of(closes, ("ADAUSDT", "BTCUSDT", "ETHUSDT"), wiggle=0.001))
    every, last = features_of(panel), features_of(panel, rows=rows)
    count = min(rows, times)
    assert last.names == every.names
    assert last.table.shape == (len(every.names), count, 3)
    for name in ("table", "own", "shared"):
        wanted = getattr(every, name)[:, -count:]
        np.testing.assert_allclose(getattr(last, name), wanted, rtol=1e-5, atol=1e-6, err_msg=name)
    for name in ("volatility", "log_close", "ready"):
        np.testing.assert_array_equal(getattr(last, name), getattr(every, name)[-count:])
    np.testing.assert_array_equal(regimes_of(last), regimes_of(every)[-count:])
    assert regime_at(last, -1) == regime_at(every, -1) == regimes_of(every)[-1]
