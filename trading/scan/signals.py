"""Signals of the scan, as series of indicators."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from trading.indicators.program import Program
from trading.indicators.registry import INDICATORS
from trading.indicators.series import Bars, Series, apply

CHANNEL, ATR_LENGTH = 20, 14
MOMENTUM_LENGTH, MOMENTUM_FROM = 24, 2.0
RSI_LENGTH, OVERSOLD, BELOW = 14, 30.0, 2.0
VOLUME_LENGTH, VOLUME_FROM = 20, 3.0
BANDS, KELTNER_MULTIPLE = 20, 1.5


class SignalKind(StrEnum):
    """Kind of signal; the text `scan-kind-NAME` names it."""

    BREAKOUT = "breakout"
    MOMENTUM = "momentum"
    REVERSION = "reversion"
    VOLUME = "volume"
    SQUEEZE = "squeeze"


class SignalOutcome(StrEnum):
    """Claim of a signal about the next candles: that the price rises, or that it moves more than usual."""

    RISE = "rise"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class SignalRule:
    """Rule: the signal fires on the candle at which its strength comes to be above the threshold."""

    strength: Series
    threshold: float
    outcome: SignalOutcome = SignalOutcome.RISE


@dataclass(frozen=True, slots=True)
class SignalRun:
    """Strength at each candle, NaN where it is unknown, and the candles at which the signal fires."""

    strengths: Floats
    fired: NDArray[np.bool_]
    known: NDArray[np.bool_]
    """Candles at which it could have fired."""


def _rules() -> Mapping[SignalKind, SignalRule]:
    bars = Bars()
    upper = INDICATORS["donchian"].series(bars, length=CHANNEL)["upper"]
    reach = INDICATORS["atr"].series(bars, length=ATR_LENGTH)["atr"]
    moved = apply(_log_change, INDICATORS["roc"].series(bars, length=MOMENTUM_LENGTH)["roc"])
    wobble = INDICATORS["realised_volatility"].series(bars, length=MOMENTUM_LENGTH)["realised_volatility"]
    bands = INDICATORS["bollinger"].series(bars, length=BANDS)
    rsi = INDICATORS["rsi"].series(bars, length=RSI_LENGTH)["rsi"]
    keltner = INDICATORS["keltner"].series(bars, length=BANDS, multiple=KELTNER_MULTIPLE, atr_length=BANDS)
    multiple = INDICATORS["relative_volume"].series(bars, length=VOLUME_LENGTH)["relative_volume"]
    sides = (bands["upper"], bands["lower"], keltner["upper"], keltner["lower"])
    return MappingProxyType(
        {
            SignalKind.BREAKOUT: SignalRule((bars.close - upper) / reach, 0.0),
            SignalKind.MOMENTUM: SignalRule(moved / wobble, MOMENTUM_FROM),
            SignalKind.REVERSION: SignalRule(apply(_oversold, bands["z_score"], rsi), BELOW),
            SignalKind.VOLUME: SignalRule(apply(_rising, multiple, bars.open, bars.close), VOLUME_FROM),
            SignalKind.SQUEEZE: SignalRule(apply(_inside, *sides), 1.0, SignalOutcome.LARGE),
        }
    )


def _log_change(percent: Floats) -> Floats:
    return np.log1p(np.asarray(percent) / 100.0)


def _oversold(score: Floats, rsi: Floats) -> Floats:
    return -np.asarray(score) * (np.asarray(rsi) < OVERSOLD)


def _rising(multiple: Floats, opened: Floats, close: Floats) -> Floats:
    return np.asarray(multiple) * (np.asarray(close) > opened)


def _inside(upper: Floats, lower: Floats, keltner_upper: Floats, keltner_lower: Floats) -> Floats:
    """Returns how many times wider the Keltner channel is where it holds both Bollinger bands; else 0."""
    width = np.asarray(upper) - lower
    wider = np.where(width > 0, (np.asarray(keltner_upper) - keltner_lower) / np.where(width > 0, width, 1.0), np.nan)
    holds = (np.asarray(upper) < keltner_upper) & (np.asarray(lower) > keltner_lower)
    return np.where(np.isnan(wider), np.nan, np.where(holds, wider, 0.0))


RULES = _rules()


@lru_cache(maxsize=1)
def _compiled() -> tuple[Program, Mapping[SignalKind, int]]:
    program = Program()
    return program, {kind: program.add(rule.strength) for kind, rule in RULES.items()}


def signal_runs(candles: Mapping[str, Floats]) -> dict[SignalKind, SignalRun]:
    """Returns the signals of one coin over its candles."""
    program, places = _compiled()
    values = program.run(candles, places.values())
    return {kind: _run(values[place], RULES[kind].threshold) for kind, place in places.items()}


def _run(strengths: Floats, threshold: float) -> SignalRun:
    before = np.concatenate([[np.nan], strengths[:-1]]) if len(strengths) else strengths
    known = np.isfinite(strengths) & np.isfinite(before)
    return SignalRun(strengths, known & (strengths > threshold) & (before <= threshold), known)
