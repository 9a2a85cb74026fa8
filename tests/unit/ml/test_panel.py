from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cli.coverage import daily_closes
from app.cli.mood import daily_of
from ml.data.panel import COLUMNS, Panel, columns_of, panel_of, read_candles
from ml.errors import IrregularCandles, NoTrainingData, UnreadableCandles
from pipeline.errors import BadRecording
from pipeline.market import DAY_MS
from pipeline.replay import parquet_columns
from tests.fakes.candles import MINUTE, START, frame_of, walk_closes
from trading.portfolio.daily_closes import DailyCloses


def _frame(times: int = 200) -> pd.DataFrame:
    return frame_of(walk_closes(times, 2, seed=1), ("AUSDT", "BUSDT"), wiggle=0.001)


@pytest.mark.parametrize("bound", ["MAX_ROWS", "MAX_BYTES"])
def test_a_file_that_unpacks_to_too_much_is_refused(
    bound: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, frame = tmp_path / "candles.parquet", _frame()
    frame.to_parquet(path)
    assert read_candles(path).symbols == ("AUSDT", "BUSDT")
    monkeypatch.setattr(parquet_columns, bound, len(frame) - 1)
    with pytest.raises(BadRecording) as refused:
        read_candles(path)
    assert refused.value.why == "too-big"


def test_candles_come_in_any_order_and_holes_are_nan() -> None:
    closes = walk_closes(50, 2, seed=1)
    closes[10:20, 1] = np.nan
    closes[30] = np.nan
    frame = frame_of(closes, ("BUSDT", "AUSDT")).sample(frac=1, random_state=1)
    panel = panel_of(frame)
    assert panel.symbols == ("AUSDT", "BUSDT")
    assert panel.interval_ms == MINUTE
    np.testing.assert_array_equal(panel.times, START + MINUTE * np.arange(50))
    np.testing.assert_array_equal(panel.close, closes[:, ::-1])
    np.testing.assert_array_equal(panel.usable, ~np.isnan(closes[:, ::-1]))


@pytest.mark.parametrize(
    ("column", "value"),
    [("close", np.nan), ("close", np.inf), ("low", 0.0), ("open", -1.0), ("high", 1.0), ("volume", -1.0)],
)
def test_what_cannot_be_a_candle_is_left_out(column: str, value: float) -> None:
    frame = _frame().reset_index(drop=True)
    frame.loc[7, column] = value
    panel = panel_of(frame)
    assert np.isnan(panel.close[7, 0])
    assert not panel.usable[7, 0]
    assert panel.usable.sum() == panel.usable.size - 1


def test_of_two_candles_of_one_time_the_last_counts() -> None:
    frame = _frame()
    twice = pd.concat([frame, frame.iloc[[3]].assign(volume=99.0)])
    assert panel_of(twice).volume[3, 0] == 99.0


def test_the_candles_of_a_listing_are_left_out_from_the_leap_on() -> None:
    frame = _frame().reset_index(drop=True)
    frame = frame[~((frame["symbol"] == "BUSDT") & (frame["open_time"] < START + 20 * MINUTE))]
    leap = (frame["symbol"] == "BUSDT") & (frame["open_time"] == START + 21 * MINUTE)
    frame.loc[leap, "high"] *= 3
    panel = panel_of(frame)
    np.testing.assert_array_equal(panel.usable[19:27, 1], [False, True, False, False, False, False, True, True])
    assert panel.usable[:, 0].all()


def test_a_later_leap_is_no_listing() -> None:
    frame = _frame().reset_index(drop=True)
    frame.loc[50, "high"] *= 3
    assert panel_of(frame).usable.all()


def test_an_hour_without_a_trade_is_a_frozen_market_until_it_trades_again() -> None:
    frame = _frame().reset_index(drop=True)
    quiet = (frame["symbol"] == "BUSDT") & frame["open_time"].between(START + 50 * MINUTE, START + 149 * MINUTE)
    frame.loc[quiet, ["open", "high", "low", "close"]] = 5.0
    frame.loc[quiet, "volume"] = 0.0
    usable = panel_of(frame).usable
    assert usable[:109, 1].all()
    assert not usable[109:150, 1].any()
    assert usable[150:].all()
    assert usable[:, 0].all()


def test_too_few_candles_are_refused() -> None:
    with pytest.raises(NoTrainingData) as refused:
        panel_of(_frame().head(1))
    assert refused.value.found == 1


def test_one_wrong_time_does_not_fill_the_memory() -> None:
    frame = _frame().reset_index(drop=True)
    frame.loc[0, "open_time"] = 0
    with pytest.raises(IrregularCandles):
        panel_of(frame)


@pytest.mark.parametrize("daily", [daily_closes, daily_of])
def test_a_few_candles_far_apart_make_no_grid_of_all_days_between(daily: Callable[[Panel], object]) -> None:
    symbols = np.repeat([f"A{number}USDT" for number in range(200)], 2)
    times = np.tile([START, START + 20_000 * DAY_MS], 200)
    few = pd.DataFrame({"symbol": symbols, "open_time": times, **dict.fromkeys(COLUMNS[2:], 1.0)})
    panel = panel_of(few)
    assert panel.shape == (2, 200), "as a grid of its own interval it is small"
    with pytest.raises(IrregularCandles) as refused:
        daily(panel)
    assert refused.value.places == 200 * 20_001


@pytest.mark.parametrize("daily", [daily_closes, daily_of])
def test_days_of_a_recording_are_counted_from_the_first(daily: Callable[[Panel], object]) -> None:
    found = daily(panel_of(_frame(3000)))
    closes = found.closes if isinstance(found, DailyCloses) else found
    assert np.asarray(closes).shape == (len(np.unique((START + MINUTE * np.arange(3000)) // DAY_MS)), 2)


def test_a_file_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "candles.parquet"
    frame = _frame()
    frame.assign(trades=1).to_parquet(path)
    np.testing.assert_array_equal(read_candles(path).close, panel_of(frame).close)


def test_a_file_that_is_none_or_lacks_columns_or_holds_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "candles.parquet"
    with pytest.raises(UnreadableCandles):
        read_candles(path)
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(UnreadableCandles):
        read_candles(path)
    _frame().drop(columns="volume").to_parquet(path)
    with pytest.raises(UnreadableCandles):
        read_candles(path)
    _frame().assign(close="dear").to_parquet(path)
    with pytest.raises(UnreadableCandles):
        read_candles(path)


@pytest.mark.parametrize("column", COLUMNS[1:])
def test_a_long_text_is_refused_before_it_stands_in_every_row(column: str, tmp_path: Path) -> None:
    """A file of a few KB: unpacked, the column takes 1.5 GB."""
    frame, path = _frame(750), tmp_path / "candles.parquet"
    table = pa.Table.from_pandas(frame, preserve_index=False)
    same = pa.array(np.zeros(len(frame), np.int32))
    table = table.set_column(
        table.column_names.index(column), column, pa.DictionaryArray.from_arrays(same, ["1" * 1_000_000])
    )
    pq.write_table(table, path, compression="zstd", store_schema=False, dictionary_pagesize_limit=1 << 30)
    assert path.stat().st_size < 200_000
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(UnreadableCandles):
        read_candles(path)
    assert pa.default_memory_pool().max_memory() < max(before, 200_000_000)


def test_figures_in_texts_are_read(tmp_path: Path) -> None:
    frame, path = _frame(), tmp_path / "candles.parquet"
    frame.astype({"close": str, "volume": str}).to_parquet(path)
    np.testing.assert_array_equal(read_candles(path).close, panel_of(frame).close)


def test_values_of_any_size_are_refused_before_they_are_read(tmp_path: Path) -> None:
    frame, path = _frame(20), tmp_path / "candles.parquet"
    table = pa.Table.from_pandas(frame, preserve_index=False)
    lists = pa.array([[1.0, 2.0]] * len(frame))
    pq.write_table(table.set_column(table.column_names.index("close"), "close", lists), path)
    with pytest.raises(UnreadableCandles):
        read_candles(path)


def test_columns_are_picked_by_symbol_and_unknown_ones_are_empty() -> None:
    panel = panel_of(_frame())
    picked = columns_of(panel, ("NEWUSDT", "BUSDT"))
    assert picked.symbols == ("NEWUSDT", "BUSDT")
    assert np.isnan(picked.close[:, 0]).all()
    assert not picked.usable[:, 0].any()
    np.testing.assert_array_equal(picked.close[:, 1], panel.close[:, 1])
    assert picked.rows(3, 8).shape == (5, 2)


@pytest.mark.parametrize("scale", [1, 1_000, 1_000_000])
def test_candles_of_any_unit_of_time_are_read(tmp_path: Path, scale: int) -> None:
    frame = _frame()
    frame["open_time"] *= scale
    frame.to_parquet(tmp_path / "c.parquet")
    panel = read_candles(tmp_path / "c.parquet")
    assert (panel.interval_ms, panel.times[0]) == (MINUTE, START)


def test_an_absurd_candle_is_left_out(tmp_path: Path) -> None:
    frame = _frame().reset_index(drop=True)
    frame.loc[10, "high"] = 3.4e38
    frame.loc[20, "open_time"] = -1
    frame.to_parquet(tmp_path / "c.parquet")
    assert np.isnan(read_candles(tmp_path / "c.parquet").close[[10, 20], 0]).all()
