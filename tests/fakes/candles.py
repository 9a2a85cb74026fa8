"""Candles made up for the tests of forecasts: seeded, shared by nobody."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ml.data.panel import Floats, Panel, panel_of, panel_of_grids

MINUTE = 60_000
START = 1_617_321_600_000


def frame_of(closes: Floats, symbols: tuple[str, ...], interval_ms: int = MINUTE, wiggle: float = 0.0) -> pd.DataFrame:
    """One row per candle; opens are the closes before, highs and lows `wiggle` beyond; a NaN close is no candle."""
    opens = np.vstack([closes[:1], closes[:-1]])
    opens = np.where(np.isnan(opens), closes, opens)
    frames = []
    for place, symbol in enumerate(symbols):
        high = np.maximum(opens[:, place], closes[:, place]) * (1 + wiggle)
        low = np.minimum(opens[:, place], closes[:, place]) * (1 - wiggle)
        frames.append(
            pd.DataFrame(
                {
                    "symbol": symbol,
                    "open_time": START + interval_ms * np.arange(len(closes), dtype=np.int64),
                    "open": opens[:, place],
                    "high": high,
                    "low": low,
                    "close": closes[:, place],
                    "volume": 10.0 + np.arange(len(closes)) % 7,
                }
            ).dropna()
        )
    return pd.concat(frames)


def walk_closes(times: int, symbols: int, *, seed: int, echo: float = 0.0, size: float = 0.001) -> Floats:
    """Random walks; `echo` is the share of each return that comes back in the next one."""
    chance = np.random.default_rng(seed)
    returns = size * chance.standard_normal((times, symbols))
    for row in range(1, times):
        returns[row] += echo * returns[row - 1]
    return 100 * np.exp(np.cumsum(returns, axis=0))


def bounce_panel(times: int, symbols: int, *, seed: int, spread: float = 0.002, size: float = 0.001) -> Panel:
    """Random walks whose trades are at the bid or the ask by chance, so that closes come back and opens do not."""
    chance = np.random.default_rng(seed)
    mid = np.log(walk_closes(times, symbols, seed=seed + 1_000_000, size=size))
    before = np.vstack([mid[:1], mid[:-1]])
    sides = spread / 2 * np.sign(chance.standard_normal((2, times, symbols)))
    opens, closes = np.exp(before + sides[0]), np.exp(mid + sides[1])
    names = tuple(f"S{number:02}USDT" for number in range(symbols))
    top, bottom = np.maximum(opens, closes) * 1.0005, np.minimum(opens, closes) * 0.9995
    clock = START + MINUTE * np.arange(times, dtype=np.int64)
    return panel_of_grids(clock, names, MINUTE, [opens, top, bottom, closes, np.full(closes.shape, 10.0)])


def flow_panel(times: int, symbols: int, *, seed: int, pull: float = 0.0) -> Panel:
    """Random walks whose next returns are drawn by `pull` towards the side that takers are on."""
    chance = np.random.default_rng(seed)
    side = np.clip(0.4 * chance.standard_normal((times, symbols)), -1, 1)
    drawn = pull * 0.001 * np.vstack([np.zeros((1, symbols)), side[:-1]])
    closes = walk_closes(times, symbols, seed=seed + 1) * np.exp(np.cumsum(drawn, axis=0))
    names = ("BTCUSDT", *(f"S{number:02}USDT" for number in range(1, symbols)))[:symbols]
    panel = panel_of(frame_of(closes, names, wiggle=0.0005))
    trades = chance.integers(1, 400, closes.shape).astype(float)
    return replace(panel, trades=trades, taken=panel.volume * (1 + side) / 2)


def walk_panel(times: int, symbols: int, *, seed: int, echo: float = 0.0) -> Panel:
    """Random walks of symbols of which one leads."""
    names = ("BTCUSDT", *(f"S{number:02}USDT" for number in range(1, symbols)))[:symbols]
    return panel_of(frame_of(walk_closes(times, symbols, seed=seed, echo=echo), names, wiggle=0.0005))
