"""Signals: by their rules, without a look ahead, in any unit; and the order of findings."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.market import Candle, Interval, Symbol
from tests.unit.trading.scan.markets import END, records_of, walks
from trading.indicators.registry import INDICATORS
from trading.scan.candle_grid import FIELDS, candle_grid, is_pegged
from trading.scan.record import SignalEdge
from trading.scan.report import ScanRecord, ScanReport, SignalFinding, findings_of, ranked
from trading.scan.signals import SignalKind, signal_runs

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")


def test_a_signal_knows_no_later_candle() -> None:
    candles = next(walks(1, hours=600))
    whole = signal_runs(candles)
    for count in (30, 60, 200, 431, 599):
        for kind, run in signal_runs({name: each[:count] for name, each in candles.items()}).items():
            assert run.fired.tolist() == whole[kind].fired[:count].tolist()
            np.testing.assert_allclose(run.strengths, whole[kind].strengths[:count])


def test_the_unit_of_prices_changes_nothing() -> None:
    candles = next(walks(1, hours=600))
    tiny = {name: each * (1.0 if name == "volume" else 1e-9) for name, each in candles.items()}
    other = signal_runs(tiny)
    for kind, run in signal_runs(candles).items():
        assert run.fired.tolist() == other[kind].fired.tolist()


def test_a_breakout_is_the_first_close_above_the_channel() -> None:
    candles = next(walks(1, hours=600))
    run = signal_runs(candles)[SignalKind.BREAKOUT]
    close, high = candles["close"], candles["high"]
    above = [hour >= 20 and close[hour] > high[hour - 20 : hour].max() for hour in range(600)]
    assert run.fired.any()
    for hour in range(30, 600):
        assert run.fired[hour] == (above[hour] and not above[hour - 1])


def test_the_other_signals_by_their_rules() -> None:
    candles = next(walks(6, hours=1_500))
    close, runs = candles["close"], signal_runs(candles)
    rsi = INDICATORS["rsi"].compute(candles)["rsi"]
    bands = INDICATORS["bollinger"].compute(candles)
    keltner = INDICATORS["keltner"].compute(candles, multiple=1.5, atr_length=20)
    for hour in np.flatnonzero(runs[SignalKind.REVERSION].fired):
        assert rsi[hour] < 30
        assert close[hour] < bands["lower"][hour]
    for hour in np.flatnonzero(runs[SignalKind.VOLUME].fired):
        assert candles["volume"][hour] > 3 * candles["volume"][hour - 20 : hour].mean()
        assert close[hour] > candles["open"][hour]
    for hour in np.flatnonzero(runs[SignalKind.SQUEEZE].fired):
        assert bands["upper"][hour] < keltner["upper"][hour]
        assert bands["lower"][hour] > keltner["lower"][hour]
    for hour in np.flatnonzero(runs[SignalKind.MOMENTUM].fired):
        logs = np.diff(np.log(close[hour - 24 : hour + 1]))
        strength = logs.sum() / np.sqrt((logs**2).sum())
        assert strength > 2
        assert runs[SignalKind.MOMENTUM].strengths[hour] == pytest.approx(strength)
    assert all(run.fired.any() for run in runs.values())


def candle(hour: int, price: float) -> Candle:
    return Candle(BTC, END - hour * Interval.H1.ms, price, price * 1.1, price * 0.9, price, 5.0)


def test_candles_are_placed_on_the_grid() -> None:
    grid = candle_grid([candle(5, 1.0), candle(4, 2.0), candle(2, 3.0), candle(1, 4.0)], Interval.H1, END, 4)
    np.testing.assert_array_equal(grid["close"], [2.0, np.nan, 3.0, 4.0])
    assert set(grid) == set(FIELDS)


def test_what_moves_like_a_currency_is_pegged() -> None:
    assert is_pegged(
        candle_grid([candle(hour, 1.0 + hour % 2 / 5e3) for hour in range(60, 0, -1)], Interval.H1, END, 60),
        Interval.H1,
    )
    assert not is_pegged(next(walks(1, hours=100)), Interval.H1)
    assert is_pegged(candle_grid([candle(1, 1.0)], Interval.H1, END, 60), Interval.H1)


def test_a_frozen_market_and_a_gap_at_the_end_give_no_signal() -> None:
    frozen = {name: np.full(300, 5.0) for name in FIELDS}
    assert findings_of(BTC, Interval.H1, frozen) == []
    candles = next(walks(1, hours=600))
    for each in candles.values():
        each[-1] = np.nan
    assert findings_of(BTC, Interval.H1, candles) == []


def test_findings_of_better_kinds_come_first_then_the_stronger() -> None:
    records = records_of(walks(5))
    better = replace(records[SignalKind.VOLUME], edge=SignalEdge.BETTER)
    record = ScanRecord(END, 16, (records[SignalKind.BREAKOUT], better))
    weak, strong = (records[SignalKind.BREAKOUT].strengths[place] for place in (3, 15))
    findings = (
        SignalFinding(BTC, Interval.H1, SignalKind.BREAKOUT, weak),
        SignalFinding(ETH, Interval.H1, SignalKind.BREAKOUT, strong),
        SignalFinding(BTC, Interval.H1, SignalKind.VOLUME, 3.1),
        SignalFinding(BTC, Interval.D1, SignalKind.VOLUME, 3.1),
    )
    shown = ranked(ScanReport(END, END, 16, findings), record)
    assert [each.finding for each in shown] == [findings[place] for place in (2, 1, 0, 3)]
    assert shown[1].rank == 0.75
    assert shown[3].record is None
    only = ranked(ScanReport(END, END, 16, findings), None, SignalKind.VOLUME)
    assert [each.finding for each in only] == [findings[2], findings[3]]
