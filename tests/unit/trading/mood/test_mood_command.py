"""`paperdesk mood FILE` on small recordings."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.cli.mood import daily_of, run_mood
from ml.data.panel import read_candles
from tests.unit.trading.mood.markets import START

HOUR_MS = 3_600_000


def recording(path: Path, hours: int, every: int = 1) -> Path:
    random = np.random.default_rng(1)
    steps = np.arange(0, hours, every)
    frames = []
    for number in range(6):
        close = 100 * np.exp(np.cumsum(0.01 * random.standard_normal(len(steps))))
        times = START + steps * HOUR_MS
        row = {"symbol": f"C{number}USDT", "open_time": times, "open": close, "high": close * 1.02, "low": close / 1.02}
        frames.append(pd.DataFrame({**row, "close": close, "volume": 1.0}))
    pd.concat(frames).to_parquet(path)
    return path


def test_hours_become_days(tmp_path: Path) -> None:
    panel = read_candles(recording(tmp_path / "hours.parquet", 72))
    daily = daily_of(panel)
    assert daily.ends == tuple(START + day * 24 * HOUR_MS for day in (1, 2, 3))
    assert daily.closes[0, 0] == panel.close[23, 0]
    assert daily.opens[1, 0] == panel.open[24, 0]
    assert daily.highs[2, 1] == panel.high[48:72, 1].max()
    assert daily.lows[2, 1] == panel.low[48:72, 1].min()
    assert daily.volumes[0].tolist() == pytest.approx([24.0] * 6)


def test_a_long_recording_has_an_index_and_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_mood(recording(tmp_path / "days.parquet", 400 * 24, 24)) == 0
    said = capsys.readouterr().out
    assert "6 coins count on the last" in said
    assert "index " in said
    assert "the 7 days after: " in said
    assert "regime: " in said


def test_a_short_recording_says_how_short_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_mood(recording(tmp_path / "hours.parquet", 30 * 24)) == 0
    said = capsys.readouterr().out
    assert "no index" in said
    assert "no record" in said
