"""Signals: arrays and single candles agree for random rules, nothing peeks, wide figures are of closed candles only."""

import numpy as np
import pytest

from pipeline.market import Interval
from tests.support.rule_fuzz import seeded_rule
from tests.unit.trading.rules.samples import Columns, candles_of, part, scaled, walk
from trading.indicators.registry import INDICATORS
from trading.rules.errors import RuleNeedsWiderInterval, RuleReachesTooFar
from trading.rules.rule import parse_rule
from trading.rules.signals import SignalStream, signals, warm_up

COUNT = 300
H1 = Interval.H1


def entries(text: str, candles: Columns, interval: Interval = H1) -> list[bool]:
    return [bool(each) for each in signals(parse_rule(f"when {text} buy max"), candles, interval).entry]


def by_close(*prices: float, **fields: tuple[float, ...]) -> Columns:
    closes = np.array(prices, float)
    columns = dict.fromkeys(("open", "high", "low", "close"), closes) | {"volume": np.ones(len(closes))}
    times = 1_700_006_400_000.0 + H1.ms * np.arange(len(closes))
    return columns | {"open_time": times} | {name: np.array(each, float) for name, each in fields.items()}


@pytest.mark.parametrize("seed", range(40))
def test_a_stream_says_what_arrays_say(seed: int) -> None:
    rule, candles = seeded_rule(seed, ("4h", "1d")), walk(COUNT, seed)
    found, stream = signals(rule, candles, H1), SignalStream(rule, H1)
    steps = np.array([stream.update(each) for each in candles_of(candles)])
    assert steps[:, 0].tolist() == found.entry.tolist(), rule.text
    assert steps[:, 1].tolist() == found.exit.tolist(), rule.text


@pytest.mark.parametrize("seed", range(40, 52))
def test_later_candles_change_nothing(seed: int) -> None:
    rule, candles = seeded_rule(seed, ("4h", "1d")), walk(COUNT, seed)
    whole = signals(rule, candles, H1)
    for stop in (1, 50, 177, COUNT - 1):
        found = signals(rule, part(candles, 0, stop), H1)
        assert found.entry.tolist() == whole.entry[:stop].tolist(), rule.text
        assert found.exit.tolist() == whole.exit[:stop].tolist(), rule.text


@pytest.mark.parametrize(
    "text",
    [
        "rsi(14) < 60 and close > sma(20)",
        "close crosses above bb(20, 1).upper or close < low[1] + 1%",
        "macd.line crosses below macd.signal and atr.percent > 0.5",
        "close > ema(10, 4h) and (high - low) / close > 0.004",
        "close > sma(2)",
        "relative_volume > 1.2 within 3 bars and not close < open",
    ],
)
def test_the_unit_of_price_changes_nothing(text: str) -> None:
    candles = walk(COUNT)
    found = entries(text, candles)
    assert any(found)
    for factor in (1e-9, 3e-5, 7e6):
        assert entries(text, scaled(candles, factor)) == found


def test_there_is_no_signal_in_the_warm_up() -> None:
    candles = walk(100)
    for text, before in (
        ("close > 0", 0),
        ("rsi(14) > 0", 14),
        ("not rsi(14) < 0", 14),
        ("close[3] > 0 or sma(9) > 0", 8),
    ):
        assert warm_up(parse_rule(f"when {text} buy"), H1) == before
        assert entries(text, candles) == [False] * before + [True] * (100 - before)


def test_what_is_not_known_is_false_and_not_true_by_not() -> None:
    """A frozen market has no stochastic: 1 / 0."""
    candles = by_close(*[5.0] * 30)
    assert not any(entries("stochastic(5) > 50", candles))
    assert not any(entries("not stochastic(5) > 50", candles))
    assert not any(entries("not (stochastic(5) > 50 within 3 bars)", candles))
    assert not any(entries("stochastic(5) > 50 and close > 0", candles))
    assert any(entries("stochastic(5) > 50 or close > 0", candles))
    assert any(entries("not (stochastic(5) > 50 and close < 0)", candles))
    assert not any(entries("1 / (close - 5) > 0", candles))


def test_crossing_is_from_at_or_below_to_above() -> None:
    candles = by_close(9, 10, 11, 12, 10, 11, 9, 11)
    assert entries("close crosses above 10", candles) == [False, False, True, False, False, True, False, True]
    assert entries("close crosses below 10", candles) == [False] * 6 + [True, False]
    assert entries("close crosses above 10 or close crosses below 10", candles)[5:] == [True, True, True]


def test_within_remembers_the_last_candles() -> None:
    candles = by_close(1, 9, 1, 1, 1, 9)
    assert entries("close > 5 within 3 bars", candles) == [False, True, True, True, False, True]
    assert entries("not (close > 5 within 3 bars)", candles) == [False] * 4 + [True, False]


def test_equal_figures_are_equal_however_they_were_added_up() -> None:
    candles = by_close(*[0.1, 0.2, 0.3] * 10)
    assert not any(entries("sma(3) > 0.2", candles)[2:])
    assert all(entries("sma(3) >= 0.2", candles)[2:])
    assert all(entries("close * 3 - close - close <= close", candles))


def test_percentages_are_shares_of_what_is_before_them() -> None:
    candles = by_close(100, 102, 102.1)
    assert entries("close > open[1] + 2%", candles | {"open": np.full(3, 100.0)}) == [False, False, True]
    assert entries("close > low[1] * 102%", candles) == [False, False, False]
    assert entries("close - close[1] >= 2% * close[1]", candles) == [False, True, False]


def test_a_wide_figure_is_that_of_closed_candles() -> None:
    """Hours from midnight: that of 4 hours is known at the close of the fourth."""
    closes = [float(each) for each in range(1, 13)]
    candles = by_close(*closes)
    assert entries("close@4h >= 4", candles) == [False] * 3 + [True] * 9
    assert entries("close@4h >= 8", candles) == [False] * 7 + [True] * 5
    assert entries("open@4h >= 5", candles) == [False] * 7 + [True] * 5
    assert entries("volume@4h >= 4 and high@4h[1] >= 4", candles) == [False] * 7 + [True] * 5


def test_a_wide_candle_without_its_end_closes_with_the_next_candle() -> None:
    whole = by_close(*range(1, 13))
    candles = {name: np.delete(each, [3, 4]) for name, each in whole.items()}
    assert entries("close@4h >= 3", candles) == [False] * 3 + [True] * 7
    late = part(whole, 2, 12)  # its beginning is missing: left out
    assert entries("close@4h > 0", late) == [False] * 5 + [True] * 5


def test_wide_figures_are_those_of_wide_candles() -> None:
    """Each signal of a rule of one day stands where the hour closes that closes the day."""
    hours = walk(24 * 60, 3, gaps=False)
    hours = {name: each[np.argmax(hours["open_time"] % 86_400_000 == 0) :] for name, each in hours.items()}
    first = np.arange(0, len(hours["close"]) - 23, 24)
    days = {
        "open_time": hours["open_time"][first],
        "open": hours["open"][first],
        "high": np.array([hours["high"][at : at + 24].max() for at in first]),
        "low": np.array([hours["low"][at : at + 24].min() for at in first]),
        "close": hours["close"][first + 23],
        "volume": np.array([hours["volume"][at : at + 24].sum() for at in first]),
    }
    for name in ("rsi(5)", "supertrend(3, 2).direction", "vwap(week)", "atr(4).percent", "obv"):
        narrow = np.array(entries(f"{name}@1d > 50", hours))
        assert narrow[first + 23].tolist() == entries(f"{name} > 50", days, Interval.D1)


def test_an_own_interval_is_no_other() -> None:
    candles = walk(COUNT)
    assert entries("rsi(5)@1h < 40", candles) == entries("rsi(5) < 40", candles)
    with pytest.raises(RuleNeedsWiderInterval):
        entries("rsi(5)@15m < 40", candles)


def test_the_reach_is_bounded() -> None:
    rule = parse_rule("when close > sma(1000)@1d buy max")
    assert warm_up(rule, Interval.D1) == 999
    with pytest.raises(RuleReachesTooFar):
        warm_up(rule, H1)


def test_every_indicator_can_be_named() -> None:
    for name, indicator in INDICATORS.items():
        for output in indicator.outputs():
            rule = parse_rule(f"when {name}.{output} > 0 buy max")
            assert warm_up(rule, H1) == indicator.warm_up()[output]


def test_another_field_takes_the_place_of_the_close() -> None:
    candles = by_close(*[1.0] * 6, volume=(1, 1, 1, 1, 1, 9))
    assert entries("volume > 2 * sma(volume, 4)", candles) == [False] * 5 + [True]


def test_no_candles_give_no_signals() -> None:
    rule = parse_rule("when rsi(14)@4h < 30 buy when close crosses above sma(20) sell")
    found = signals(rule, walk(0), H1)
    assert len(found.entry) == len(found.exit) == 0
