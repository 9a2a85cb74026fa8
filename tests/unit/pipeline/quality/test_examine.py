"""The report's checks against series whose flaws are put there by hand, and against the recordings' known truth."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.quality import QualityRequest, show
from app.cli.quality_page import draw_page
from app.cli.quality_table import checks
from pipeline.candles import CandleColumns
from pipeline.market import MINUTE_MS, Symbol
from pipeline.quality.candle_audit import SymbolQuality, examine, may_jump, missing_by_bucket
from pipeline.quality.report import Report, recording_report
from pipeline.replay.parquet_columns import read_raw_columns

START = 1_618_704_000_000
BTC = Symbol("BTCUSDT")


def series(count: int = 500) -> CandleColumns:
    """A calm market: three prices in turn, a little range, always volume."""
    times = START + np.arange(count, dtype=np.int64) * MINUTE_MS
    close = 100 + 0.1 * (np.arange(count) % 3)
    opened = np.append(close[0], close[:-1])
    low, high = np.minimum(opened, close) * 0.999, np.maximum(opened, close) * 1.001
    return CandleColumns(times, opened, high, low, close, np.ones(count), np.ones(count), np.ones(count, np.int64))


def seen(columns: CandleColumns, since: int = START) -> SymbolQuality:
    return examine(BTC, columns, MINUTE_MS, since)


def without(columns: CandleColumns, *rows: int) -> CandleColumns:
    return columns.take(np.delete(np.arange(len(columns)), rows))


def test_a_calm_market_has_no_flaw() -> None:
    quality = seen(series())
    assert (quality.rows, quality.duplicates, quality.broken, quality.missing, quality.gaps) == (500, 0, 0, 0, ())
    assert (quality.zero_volume, quality.frozen, quality.jumps, quality.wicks, quality.listing) == (0, 0, (), (), 0.0)


def test_gaps_are_found_with_their_ends_and_laid_out_by_hour() -> None:
    quality = seen(without(series(), 50, 51, 52, 118, 119, 120, 121, 300))
    minutes = [((a - START) // MINUTE_MS, (b - START) // MINUTE_MS) for a, b in quality.gaps]
    assert minutes == [(50, 53), (118, 122), (300, 301)]
    assert quality.missing == 8
    hours = START + np.arange(-1, 11, dtype=np.int64) * 60 * MINUTE_MS
    found = missing_by_bucket(quality, MINUTE_MS, hours)
    assert np.isnan(found[0])
    assert np.isnan(found[-1])
    assert found[1:-1].tolist() == [3, 2, 2, 0, 0, 1, 0, 0, 0]


def test_duplicates_and_broken_rows_are_counted_and_do_not_count_as_prices() -> None:
    columns = series().take(np.sort(np.append(np.arange(500), [7, 7, 9])))
    high = columns.high.copy()
    high[100], high[101] = np.nan, 1.0
    close = columns.close.copy()
    close[101] = 1000.0
    broken = CandleColumns(
        columns.open_time, columns.open, high, columns.low, close, columns.volume,
        columns.quote_volume, columns.trades,
    )  # fmt: skip
    quality = seen(broken)
    assert (quality.duplicates, quality.broken, quality.missing, quality.jumps) == (3, 2, 0, ())


@pytest.mark.parametrize(("after", "refuted"), [(100.1, True), (139.0, False)])
def test_a_jump_is_a_spike_when_the_next_close_is_back(after: float, *, refuted: bool) -> None:
    columns = series()
    for name, place, price in (("close", 200, 140.0), ("high", 200, 141.0), ("close", 201, after), ("high", 201, 141)):
        getattr(columns, name)[place] = price
    if not refuted:
        columns.close[202:] += 39
        columns.high[202:] += 60
    quality = seen(columns)
    (jump,) = quality.jumps
    assert (jump.time, jump.refuted, quality.spikes) == (START + 200 * MINUTE_MS, refuted, int(refuted))
    assert jump.times == pytest.approx(1.4, rel=0.01)


def test_the_longest_frozen_run_is_found_with_its_beginning() -> None:
    columns = series()
    for first, last in ((20, 30), (100, 190), (300, 340)):
        for name in ("open", "high", "low", "close"):
            getattr(columns, name)[first:last] = 100.0
    quality = seen(columns)
    assert (quality.frozen, quality.frozen_from) == (90, START + 100 * MINUTE_MS)
    assert not quality.always_frozen


def test_a_step_between_two_frozen_prices_ends_the_run() -> None:
    columns = series()
    for name in ("open", "high", "low", "close"):
        getattr(columns, name)[:] = np.where(np.arange(500) < 200, 100.0, 101.0)
    assert (seen(columns).frozen, seen(columns).frozen_from) == (300, START + 200 * MINUTE_MS)


def test_a_far_low_is_named_and_a_listing_candle_is_not_one() -> None:
    columns = series()
    columns.low[0], columns.low[250] = 10.0, 20.0
    quality = seen(columns, START - 1)
    assert quality.listing == pytest.approx(10, rel=0.02)
    assert [(wick.time, round(wick.times)) for wick in quality.wicks] == [(START + 250 * MINUTE_MS, 5)]
    assert seen(columns).listing == 0.0, "a symbol that is there from the beginning was not listed"


# -- the recordings ----------------------------------------------------------------------------------


def recording(shared_dir: Path, name: str) -> Report:
    report = recording_report(name, read_raw_columns(shared_dir / "data" / f"{name}.parquet"))
    assert report is not None
    return report


def clock(minute: str) -> int:
    return int(np.datetime64(minute, "ms").astype(np.int64))


def named(report: Report, symbol: str) -> SymbolQuality:
    return next(quality for quality in report.symbols if quality.symbol == symbol)


def test_the_minutes_of_april_2021_are_as_documented(shared_dir: Path) -> None:
    report = recording(shared_dir, "klines_1m_spot_64sym_20210402_20210420")
    assert (report.rows, len(report.symbols)) == (1_712_340, 64)
    assert (report.start, report.end) == (clock("2021-04-02T00:00"), clock("2021-04-21T00:00"))
    gap = clock("2021-04-20T02:00"), clock("2021-04-20T04:30")
    assert report.shared_gaps() == [(gap, 64)]
    assert (gap[1] - gap[0]) // MINUTE_MS == 150
    assert sum(symbol.missing for symbol in report.symbols) == 9_600
    assert np.nansum(report.missing) == 9_600
    hours = (report.buckets()[:-1][np.nansum(report.missing, axis=0) > 0] - clock("2021-04-20T00:00")) // 3_600_000
    assert hours.tolist() == [2, 3, 4]
    assert {late.symbol: late.first for late in report.late} == {
        "EPSUSDT": clock("2021-04-02T09:00"),
        "TKOUSDT": clock("2021-04-07T13:00"),
        "BTGUSDT": clock("2021-04-16T07:00"),
    }
    assert named(report, "TKOUSDT").listing == pytest.approx(100)
    assert sum(symbol.duplicates + symbol.broken for symbol in report.symbols) == 0
    assert round(100 * report.zero_share, 2) == 0.23
    assert not report.silent


def test_the_250_symbols_of_november_2022_are_as_documented(shared_dir: Path) -> None:
    report = recording(shared_dir, "klines_1m_spot_250sym_20221108_20221109")
    assert (report.rows, len(report.symbols)) == (247_189, 250)
    assert round(100 * report.zero_share, 2) == 10.25
    assert [(late.symbol, late.first, late.rows) for late in report.late] == [
        ("VIDTUSDT", clock("2022-11-09T08:00"), 430)
    ]
    assert sum(symbol.missing + symbol.duplicates for symbol in report.symbols) == 0


def test_dead_thin_and_listed_markets_are_as_documented(shared_dir: Path) -> None:
    hours = recording(shared_dir, "klines_1h_68sym_20251001_20251231")
    assert [quality.symbol for quality in hours.symbols if quality.always_frozen] == ["FTTUSDT"]
    dead = named(hours, "FTTUSDT")
    assert dead.zero_volume == dead.frozen == dead.rows == 2_208
    thin = recording(shared_dir, "klines_1m_binanceus_btc_usdt_usdc_usd_20230301_20230321")
    assert round(100 * thin.zero_share, 1) == 15.1
    days = recording(shared_dir, "klines_1d_spot_10sym_20170817_20251231")
    assert max((wick.times, quality.symbol) for quality in days.symbols for wick in quality.wicks) == (
        38_519,
        "LINKUSDT",
    )
    rows = {name: (found, where) for name, found, where in checks(hours)}
    assert rows["frozen prices"] == ("1", "FTTUSDT always")
    assert rows["duplicate candles"] == ("0", "")


def test_the_page_is_a_picture_also_when_there_is_nothing_to_draw(shared_dir: Path) -> None:
    days = recording(shared_dir, "klines_1d_spot_10sym_20170817_20251231")
    page = draw_page(days)
    assert page.startswith(b"\x89PNG")
    assert draw_page(days) == page


def test_a_row_without_a_time_is_broken_and_changes_nothing_else() -> None:
    times = np.array([-1, *(1_617_408_000_000 + minute * MINUTE_MS for minute in range(5))])
    columns = {name: np.full(6, 100.0) for name in ("open", "high", "low", "close", "volume")}
    recorded = {**columns, "open_time": times, "names": np.array(["BTCUSDT"]), "name": np.zeros(6, np.int64)}
    report = recording_report("r", recorded)
    assert report is not None
    assert (report.symbols[0].broken, report.symbols[0].missing, report.start) == (1, 0, times[1])


def test_the_page_is_written_through_no_link(shared_dir: Path, tmp_path: Path) -> None:
    days = recording(shared_dir, "klines_1d_spot_10sym_20170817_20251231")
    victim, folder = tmp_path / "victim", tmp_path / "out"
    victim.write_text("untouched")
    assert show(days, QualityRequest(1, (), folder)) == 0
    (page,) = folder.iterdir()
    page.unlink()
    page.symlink_to(victim)
    assert show(days, QualityRequest(1, (), folder)) == 0
    assert victim.read_text() == "untouched"
    assert not page.is_symlink()


NEAR = st.sampled_from([90.0, 1 / 1.1 * 100, 100 / 1.1, 95.0, 100.0, 104.0, 110.0, np.nextafter(110, 200), 121.0])


WILD = st.sampled_from([np.nan, 0.0, -1.0, np.inf, 1e-300, 1e300])


@given(st.lists(NEAR, min_size=1, max_size=12) | st.lists(NEAR | WILD, min_size=1, max_size=12))
def test_no_jump_is_found_where_none_may_be(closes: list[float]) -> None:
    close = np.array(closes)
    there = np.flatnonzero(~np.isnan(close))
    if len(there):
        times, price = START + there * MINUTE_MS, close[there]
        nothing = np.zeros(len(there))
        found = seen(CandleColumns(times, price, price, price, price, nothing, nothing, nothing.astype(np.int64)))
        assert may_jump(close[:, None])[0] or not found.jumps


def test_calm_symbols_need_no_search_for_jumps() -> None:
    calm, jumping = series().close, np.where(np.arange(500) == 250, 200.0, 100.0)
    assert may_jump(np.stack([calm, jumping, np.full(500, np.nan)], axis=1)).tolist() == [False, True, True]
