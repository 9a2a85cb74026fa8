"""Rules that peek are caught, those that do not are not: next candle, same bar, whole sample, and a centred window."""

import csv
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.candles import Floats
from tests.published import PUBLISHED, needs_published, published
from trading.backtest.look_ahead import Decisions, KnownAt, look_ahead
from trading.indicators.registry import INDICATORS

Candles = Mapping[str, Floats]
Bools = NDArray[np.bool_]


def made_candles(seed: int = 4, count: int = 1500) -> dict[str, Floats]:
    """A random walk without drift: nothing can be earned in it."""
    draws = np.random.default_rng(seed).normal(0, 0.01, (3, count))
    close = 100 * np.exp(draws[0].cumsum())
    opened = np.concatenate([[100.0], close[:-1]])
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    return {
        "open_time": np.arange(count) * 3_600_000.0,
        "open": opened,
        "high": high * np.exp(np.abs(draws[1])),
        "low": low * np.exp(-np.abs(draws[2])),
        "close": close,
        "volume": np.full(count, 10.0),
    }


def recorded_candles() -> dict[str, Floats]:
    rows = list(csv.DictReader((PUBLISHED / "backtest_GOOG.csv").read_text().splitlines()))
    named = {name.lower(): np.array([float(row[name]) for row in rows]) for name in ("Open", "High", "Low", "Close")}
    return named | {"open_time": np.arange(len(rows)) * 86_400_000.0, "volume": np.full(len(rows), 1.0)}


def rsi(candles: Candles, length: int) -> Floats:
    return INDICATORS["rsi"].compute(candles, length=length)["rsi"]


def above_50(candles: Candles) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(rsi(candles, 8) > 50)


def lagged(values: Bools) -> Bools:
    return np.concatenate([[False], values[:-1]])


def next_close(candles: Candles) -> Bools:
    rises = np.diff(candles["close"], append=candles["close"][-1]) > 0
    return np.asarray(rises)


def z_score(candles: Candles) -> Bools:
    close = candles["close"]
    return np.asarray(close < close.mean() - close.std())


def centred(candles: Candles) -> Bools:
    close = candles["close"]
    smooth = np.convolve(close, np.ones(5) / 5, mode="same")
    return np.asarray(close < smooth)


def rare_peek(candles: Candles) -> Bools:
    """Peeks at a handful of candles alone."""
    found = np.zeros(len(candles["close"]), dtype=bool)
    jumps = np.flatnonzero(np.diff(np.log(candles["close"])) > 0.031)
    found[jumps] = True
    return found


def one(function: Callable[[Candles], Bools]) -> Decisions:
    return lambda candles: (function(candles),)


@pytest.mark.parametrize("peeking", [next_close, z_score, centred, rare_peek])
@pytest.mark.parametrize("seed", range(5))
def test_signals_that_peek_are_caught(peeking: Callable[[Candles], Bools], seed: int) -> None:
    candles = made_candles()
    found = look_ahead(one(peeking), candles, seed=seed)
    assert found.peeks
    assert found.changed is not None
    assert found.end is not None
    short = {name: values[: found.end] for name, values in candles.items()}
    assert peeking(short)[found.changed] != peeking(candles)[found.changed]


@pytest.mark.parametrize("seed", range(5))
def test_signals_of_closed_candles_are_not(seed: int) -> None:
    found = look_ahead(lambda candles: (above_50(candles), lagged(above_50(candles))), made_candles(), seed=seed)
    assert not found.peeks
    assert found.cuts >= 20


def test_one_peeking_array_of_two_is_enough() -> None:
    assert look_ahead(lambda candles: (above_50(candles), next_close(candles)), made_candles(), seed=1).peeks


def earned(held: Bools, candles: Candles) -> float:
    """Annual Sharpe ratio of daily closes while the coin was held."""
    returns = np.diff(candles["close"], prepend=candles["open"][0]) / np.concatenate([[1e9], candles["close"][:-1]])
    kept = np.where(held, returns, 0.0)
    return float(kept.mean() / kept.std() * np.sqrt(252))


def check_same_bar(candles: Candles) -> None:
    """RSI(8) > 50 held during the bar whose close it is computed from: far better than with a lag, and impossible."""
    assert earned(above_50(candles), candles) > 4
    assert earned(lagged(above_50(candles)), candles) < 1.5
    for seed in range(5):
        assert look_ahead(one(above_50), candles, seed=seed, known=KnownAt.OPEN).peeks
        late = look_ahead(lambda each: (lagged(above_50(each)),), candles, seed=seed, known=KnownAt.OPEN)
        assert not late.peeks


def test_the_same_bar_trap_on_made_candles() -> None:
    check_same_bar(made_candles())


@needs_published
def test_the_published_same_bar_trap() -> None:
    """Sharpe ratio +10.38 on the same bar, -0.74 with one bar of lag, on other candles."""
    assert "RSI(8)>50" in published("backtest")["same_bar_trap"]["fact"]
    check_same_bar(recorded_candles())


def fills(candles: Candles) -> tuple[Floats, Floats]:
    """Position and fill price of a rule that trades at the close of its signal."""
    held = above_50(candles)
    return held.astype(float), np.where(held, candles["close"], np.nan)


def test_fills_at_the_close_of_the_signal_are_caught() -> None:
    assert look_ahead(fills, made_candles(), seed=1, known=KnownAt.OPEN).peeks

    def next_open(candles: Candles) -> tuple[Floats, Floats]:
        held = lagged(above_50(candles))
        return held.astype(float), np.where(held, candles["open"], np.nan)

    found = look_ahead(next_open, made_candles(), seed=1, known=KnownAt.OPEN)
    assert not found.peeks
    assert found.cuts >= 40


def test_the_work_is_bounded() -> None:
    sizes: list[int] = []

    def counted(candles: Candles) -> tuple[Bools]:
        sizes.append(len(candles["close"]))
        return (above_50(candles),)

    found = look_ahead(counted, made_candles(), seed=1, budget=4000)
    assert sum(sizes[1:]) <= 4000
    assert 1 < found.cuts == len(sizes) - 1 < 24


def test_short_histories_are_checked_as_far_as_they_go() -> None:
    for count in (1, 2, 3):
        candles = {name: values[:count] for name, values in made_candles().items()}
        assert not look_ahead(one(above_50), candles, seed=1).peeks
    candles = {name: values[:3] for name, values in made_candles(seed=12).items()}
    assert look_ahead(one(next_close), candles, seed=1).cuts
