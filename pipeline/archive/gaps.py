"""Missing minutes, and candles that may be archived: pure functions."""

from collections.abc import Iterable, Sequence

import msgspec

from pipeline.market import LATEST_MS, MAX_PRICE, MAX_VOLUME, MINUTE_MS, Candle, Symbol, within_bounds

MAX_TRADES = 2**63 - 1
"""Largest value of a bigint."""


def find_gaps(times: Iterable[int], start: int, end: int, width: int = MINUTE_MS) -> list[tuple[int, int]]:
    """Returns the spans (from, to) of start <= time < end, all multiples of `width`, that none of the rising `times`
    covers.
    """
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
    """True if the archive can store the candle: prices in order and within bounds, volumes not negative, takers' part
    not above the whole, all within the columns.
    """
    time = candle.open_time
    return (
        within_bounds(candle)
        and 0 <= candle.quote_volume <= MAX_PRICE * MAX_VOLUME
        and 0 <= candle.trades <= MAX_TRADES
        and (candle.taker_volume is None or 0 <= candle.taker_volume <= candle.volume)
        and (candle.quote_imbalance is None or -1 <= candle.quote_imbalance <= 1)
        and 0 <= time < LATEST_MS
        and time % MINUTE_MS == 0
        and 0 < len(candle.symbol) <= 64  # noqa: PLR2004 - as in the table
        and "\0" not in candle.symbol
    )


def best_of_each(candles: Iterable[Candle]) -> list[Candle]:
    """Returns one candle per minute and symbol, in that order. Of two candles, keeps the one with more trades, then
    with more volume, as the archive does.
    """
    best: dict[tuple[int, Symbol], Candle] = {}
    for candle in candles:
        key = (candle.open_time, candle.symbol)
        kept = best.setdefault(key, candle)
        if kept is not candle:
            best[key] = _merged(kept, candle)
    return [best[key] for key in sorted(best)]


def _merged(kept: Candle, other: Candle) -> Candle:
    """Returns the better of two candles of one minute. Of the same candle twice, it has the order flow of either."""
    if (other.trades, other.volume) > (kept.trades, kept.volume):
        return other
    taken, imbalance = kept.taker_volume, kept.quote_imbalance
    merged = msgspec.structs.replace(
        kept,
        taker_volume=other.taker_volume if taken is None else taken,
        quote_imbalance=other.quote_imbalance if imbalance is None else imbalance,
    )
    same = merged != kept and _without_flow(kept) == _without_flow(other)
    return merged if same else kept


def _without_flow(candle: Candle) -> Candle:
    return msgspec.structs.replace(candle, taker_volume=None, quote_imbalance=None)


def spans(start: int, end: int, max_length: int) -> Sequence[tuple[int, int]]:
    """Splits [start, end) into consecutive pieces of at most `max_length`."""
    return [(at, min(at + max_length, end)) for at in range(start, end, max_length)]
