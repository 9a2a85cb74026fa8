"""Which minutes are missing, and which candles may be archived: pure functions."""

from collections.abc import Iterable, Sequence
from math import isfinite

from pipeline.market import MINUTE_MS, Candle, Symbol

LATEST_MS = 4_102_444_800_000
"""2100-01-01: no candle is later."""


def find_gaps(times: Iterable[int], start: int, end: int, width: int = MINUTE_MS) -> list[tuple[int, int]]:
    """The spans (from, to) of start <= time < end, all multiples of `width`, that none of the rising `times` covers."""
    gaps: list[tuple[int, int]] = []
    expected = start
    for time in times:
        if time < start or time >= end:
            continue
        if time > expected:
            gaps.append((expected, time))
        expected = time + width
    if expected < end:
        gaps.append((expected, end))
    return gaps


def sound(candle: Candle) -> bool:
    """Whether the archive's constraints let it in: positive finite prices in order, volumes not negative."""
    prices = (candle.open, candle.high, candle.low, candle.close)
    volumes = (candle.volume, candle.quote_volume)
    return (
        all(map(isfinite, (*prices, *volumes)))
        and 0 < candle.low <= min(prices)
        and max(prices) <= candle.high
        and min(volumes) >= 0
        and candle.trades >= 0
        and candle.open_time % MINUTE_MS == 0
        and 0 <= candle.open_time < LATEST_MS
        and 0 < len(candle.symbol) <= 64  # noqa: PLR2004 - as in the table
    )


def best_of_each(candles: Iterable[Candle]) -> list[Candle]:
    """One candle per symbol and minute, in that order; of two the archive's rule decides: more trades, more volume."""
    best: dict[tuple[Symbol, int], Candle] = {}
    for candle in candles:
        key = (candle.symbol, candle.open_time)
        kept = best.get(key)
        if kept is None or (candle.trades, candle.volume) > (kept.trades, kept.volume):
            best[key] = candle
    return [best[key] for key in sorted(best)]


def spans(start: int, end: int, most: int) -> Sequence[tuple[int, int]]:
    """[start, end) in consecutive pieces of at most `most`."""
    return [(at, min(at + most, end)) for at in range(start, end, most)]
