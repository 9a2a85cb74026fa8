"""Prices by minute, for any symbol and any UTC day, computed independently of other days.

The model, in logarithms around the listing's level:

- Days. A day opens at a moving average of the 256 daily shocks before it, with weights 0.98**k: it returns to its
  level, and needs no beginning of time. A shock is market + sector + own part, each Student t.
- Minutes. The same three parts, Student t, each with its own slowly varying volatility; their sum is bridged so
  that the day ends where the next one opens.
- The extremes of a minute are those of a Brownian bridge between its open and close: with E exponential,
  high = (o + c + sqrt((o - c)^2 + 2 s^2 E)) / 2. Glasserman, "Monte Carlo Methods in Financial Engineering", 6.4.

Every symbol's day is computed separately with arrays of one fixed length, so that a request for one symbol gives, to
the last bit, the same values as a request for all of them.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import MINUTE_MS
from pipeline.simulator.randomness import RandomStream, Seed, fat_tailed, generator
from pipeline.simulator.universe import SimulatedSymbol

MINUTES = 1440
FEWEST_TICKS = 40
"""Minimum price in ticks, so that there is room for a book below it."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Ticks = NDArray[np.int32]

_MARKET = 2**32  # the place of the market's factor; sectors follow, symbols lie below
_BLOCK = 256
_DECAY = 0.98 ** np.arange(_BLOCK)

_KNOTS = 97  # one every fifteen minutes
_KNOT_DECAY = 0.93 ** np.arange(48)
_KNOT_SPREAD = 0.55 / float(np.sqrt(np.sum(_KNOT_DECAY**2)))
_MINUTE = np.arange(MINUTES)
_KNOT_MINUTE = np.linspace(0, MINUTES, _KNOTS)
_RAMP = (_MINUTE + 1) / MINUTES
_SEASON = 1 + 0.35 * np.cos(2 * np.pi * (_MINUTE / MINUTES - 15 / 24))  # busiest at 15:00 UTC
_SEASON_VOLATILITY = np.sqrt(_SEASON)
_TRADE_VALUE = 350.0


@dataclass(frozen=True, slots=True, eq=False)
class DayPath:
    """One symbol's day: arrays of 1440, prices in ticks, volume in steps."""

    open: Ticks
    high: Ticks
    low: Ticks
    close: Ticks
    volume: Integers

    def minutes(self, start: int, stop: int) -> "DayPath":
        """Returns the minutes start <= m < stop, as views."""
        cut = slice(start, stop)
        return DayPath(self.open[cut], self.high[cut], self.low[cut], self.close[cut], self.volume[cut])

    def columns(self, listing: SimulatedSymbol, begins: int) -> CandleColumns:
        """Returns the path as candles, the first of which opens at `begins` (UTC ms)."""
        tick, step = 10**listing.price_scale, 10**listing.step_scale
        volume = self.volume / step
        value = volume * ((self.open + self.high + self.low + self.close) / (4 * tick))
        return CandleColumns(
            open_time=begins + _MINUTE[: len(self.close)] * MINUTE_MS,
            open=self.open / tick,
            high=self.high / tick,
            low=self.low / tick,
            close=self.close / tick,
            volume=volume,
            quote_volume=value,
            trades=1 + (value / _TRADE_VALUE).astype(np.int64),
        )


def day_path(seed: Seed, listing: SimulatedSymbol, day: int) -> DayPath:
    """Returns the minutes of `listing` on `day`."""
    rng = generator(seed, RandomStream.MINUTES, listing.place, day)
    shares = (listing.market_share, listing.sector_share, 1 - listing.market_share - listing.sector_share)
    parts = (
        _factor(seed, _MARKET, day),
        _factor(seed, _MARKET + 1 + listing.sector, day),
        _shocks(rng),
    )
    pace = listing.volatility / MINUTES**0.5 * _SEASON_VOLATILITY
    moves = pace * sum(share**0.5 * moved for share, (moved, _) in zip(shares, parts, strict=True))
    width = pace * np.sqrt(sum(share * wide**2 for share, (_, wide) in zip(shares, parts, strict=True)))

    begins, ends = _day_open(seed, listing, day), _day_open(seed, listing, day + 1)
    walk = np.cumsum(moves)
    levels = begins + walk + _RAMP * (ends - begins - walk[-1])
    close = _ticks(listing, levels)
    before = int(_ticks(listing, np.array([begins]))[0])
    opened, high, low = _extremes(rng, np.concatenate(([before], close[:-1])), close, width * close)
    volume = _volume(listing, rng, close, np.abs(moves) / pace)
    return DayPath(opened, high, low, close, volume)


def _extremes(rng: np.random.Generator, previous: Ticks, close: Ticks, width: Floats) -> tuple[Ticks, Ticks, Ticks]:
    """Returns open, high and low of minutes from `previous` to `close` that move by about `width` (all in ticks)."""
    jitter = rng.standard_normal(MINUTES) * width * 60**-0.5
    opened = np.maximum(np.rint(previous + (close - previous) / 60 + jitter), FEWEST_TICKS)
    middle, apart = opened + close, (opened - close) ** 2
    high = np.rint((middle + np.sqrt(apart + 2 * width**2 * rng.standard_exponential(MINUTES))) / 2)
    low = np.rint((middle - np.sqrt(apart + 2 * width**2 * rng.standard_exponential(MINUTES))) / 2)
    return opened.astype(np.int32), high.astype(np.int32), np.maximum(low, FEWEST_TICKS).astype(np.int32)


def _volume(listing: SimulatedSymbol, rng: np.random.Generator, close: Ticks, activity: Floats) -> Integers:
    """Returns the steps traded in each minute: more at busy hours and when the price moves."""
    value = listing.day_value / MINUTES * _SEASON * (0.4 + 0.6 * activity) * np.exp(0.7 * rng.standard_normal(MINUTES))
    steps = np.rint(value / close * 10.0 ** (listing.price_scale + listing.step_scale))
    return np.maximum(steps, 1).astype(np.int64)


def _ticks(listing: SimulatedSymbol, levels: Floats) -> Ticks:
    prices = np.rint(listing.price * np.exp(levels) * 10**listing.price_scale)
    ticks: Ticks = np.maximum(prices, FEWEST_TICKS).astype(np.int32)
    return ticks


def _shocks(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Returns a day of minute shocks of about unit variance, and the volatility that each was drawn with."""
    noise = np.convolve(rng.standard_normal(_KNOTS + len(_KNOT_DECAY) - 1), _KNOT_DECAY, "valid") * _KNOT_SPREAD
    volatility = np.exp(np.interp(_MINUTE, _KNOT_MINUTE, noise) - 0.55**2)
    return fat_tailed(rng, MINUTES) * volatility, volatility


@lru_cache(maxsize=64)
def _factor(seed: Seed, place: int, day: int) -> tuple[Floats, Floats]:
    """Returns the shocks of a day that many symbols share."""
    return _shocks(generator(seed, RandomStream.FACTOR, place, day))


@lru_cache(maxsize=32)
def _daily(seed: Seed, place: int, block: int) -> Floats:
    """Returns the daily shocks of a block of days that many symbols share."""
    return fat_tailed(generator(seed, RandomStream.DAYS, place, block), _BLOCK)


def _day_open(seed: Seed, listing: SimulatedSymbol, day: int) -> float:
    """Returns the distance of the listing's opening on `day` from its level, in logarithms."""
    block, place = divmod(day, _BLOCK)
    return float(_day_opens(seed, listing, block)[place])


@lru_cache(maxsize=4096)
def _day_opens(seed: Seed, listing: SimulatedSymbol, block: int) -> Floats:
    blocks = (block - 1, block)
    own = np.concatenate([fat_tailed(generator(seed, RandomStream.DAYS, listing.place, b), _BLOCK) for b in blocks])
    market = np.concatenate([_daily(seed, _MARKET, b) for b in blocks])
    sector = np.concatenate([_daily(seed, _MARKET + 1 + listing.sector, b) for b in blocks])
    rest = 1 - listing.market_share - listing.sector_share
    shocks = listing.market_share**0.5 * market + listing.sector_share**0.5 * sector + rest**0.5 * own
    return listing.volatility * np.convolve(shocks[:-1], _DECAY, "valid")
