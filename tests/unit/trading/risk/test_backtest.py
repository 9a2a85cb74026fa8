"""Nightly forecasts over a series are those that each night alone would give, and a sound method covers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.cli.coverage import daily_closes, judged, run_coverage
from ml.data.panel import read_candles
from trading.risk.backtest import equal_weight_returns, nightly_forecasts
from trading.risk.tables import CONFIDENCES, METHODS, MIN_DAYS, RiskMethod, var_table

START = 1_617_235_200_000
RETURNS = np.random.default_rng(8).standard_t(5, size=700) / 50


def test_every_night_knows_only_the_days_before_it() -> None:
    forecasts = nightly_forecasts(RETURNS, window=200)
    assert np.isnan(forecasts[:MIN_DAYS]).all()
    for night in (MIN_DAYS, 120, 199, 200, 201, 455, 699):
        alone = var_table(RETURNS[max(0, night - 200) : night])
        assert forecasts[night] == pytest.approx(alone, nan_ok=True), night
    assert nightly_forecasts(RETURNS[:10]).shape == (10, len(METHODS), len(CONFIDENCES))


def test_a_sound_method_covers_and_a_wrong_one_is_found() -> None:
    rows = {(row.method, row.confidence): row for row in judged(RETURNS)}
    assert rows[RiskMethod.HISTORICAL, 0.95].kupiec > 0.05
    assert rows[RiskMethod.HISTORICAL, 0.95].nights == 700 - MIN_DAYS
    storms = np.concatenate([RETURNS[:100], 4 * RETURNS[:60]])
    assert {row.method: row.kupiec for row in judged(storms) if row.confidence == 0.99}[RiskMethod.GAUSSIAN] < 0.05


def test_coins_count_from_their_listing_in_equal_parts() -> None:
    returns = np.array([[0.1, np.nan], [0.1, 0.3], [np.nan, np.nan], [-0.2, 0.0]])
    assert equal_weight_returns(returns) == pytest.approx([0.1, 0.2, -0.1])


def test_the_command_prints_the_table_of_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hours = np.arange(60 * 24)
    rows = [
        pd.DataFrame({"symbol": symbol, "open_time": START + hours * 3_600_000, "close": 100 + np.sin(hours / step)})
        for symbol, step in (("AAA", 9), ("BBB", 31))
    ]
    frame = pd.concat(rows).assign(volume=1.0)
    for name in ("open", "high", "low"):
        frame[name] = frame.close
    file = tmp_path / "candles.parquet"
    frame.to_parquet(file)
    closes = daily_closes(read_candles(file))
    assert closes.shape == (60, 2)
    assert closes[0, 0] == pytest.approx(100 + np.sin(23 / 9))
    assert run_coverage(file, ["BBB"]) == 0
    said = capsys.readouterr().out
    assert "1 coins in equal parts, 59 daily returns" in said
    assert said.count("historical") == 2
