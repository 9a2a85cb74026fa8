"""The interval of a recording's candles, and the reasons why their times cannot be played."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import BadRecording
from pipeline.market import MINUTE_MS, Interval
from pipeline.replay.recording_report import MAX_EXAMPLES, example

EARLIEST_MS = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""Earlier times are numbers in another unit, such as days, minutes or zeros."""

_MAX_OFF_GRID = 0.1
_NEAR_MS = 1000
_RUN = 20
"""So many equal steps in a row are another interval, and not gaps."""

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (MINUTE_MS, "m"), (1000, "s"), (1, "ms"))

Times = NDArray[np.int64]
Starts = NDArray[np.intp]


def check_times(path: str, name: str, times: Times) -> None:
    """Raises BadRecording if at least half of the times, UTC ms, are before 1980. `name` is the first row's symbol."""
    if 2 * np.count_nonzero(times < EARLIEST_MS) >= len(times):
        raise BadRecording(path, "times", example(name, int(times[0]), "").removesuffix(" ()"))


def interval_of(path: str, names: list[str], times: Times, starts: Starts) -> Interval:
    """Returns the shortest supported interval that occurs at least half as often as the most frequent one.

    `times` are sorted by symbol and time, and `starts` are the first rows of the symbols `names`. Raises BadRecording
    if there is none, if symbols have other intervals, or if over a tenth of the candles are off its grid.
    """
    steps = np.diff(times)
    inside = np.ones(len(steps), bool)
    inside[starts[1:] - 1] = False
    if not inside.any():
        raise BadRecording(path, "single")
    counts = {interval: int(np.count_nonzero((steps == interval.ms) & inside)) for interval in Interval}
    most = max(counts.values())
    found = [interval for interval in Interval if 2 * counts[interval] >= most > 0]
    first = f"{names[0]} {datetime.fromtimestamp(int(times[0]) / 1000, UTC).isoformat(timespec='milliseconds')[:23]}"
    if not found:
        typical = float(np.median(steps[inside]))
        near = any(abs(typical - interval.ms) < _NEAR_MS for interval in Interval)
        raise BadRecording(path, "grid", first) if near else BadRecording(path, "interval")
    if others := _others(names, steps, inside, starts, found[0]):
        raise BadRecording(path, "intervals", f"{_width(found[0].ms)}; {', '.join(others[:MAX_EXAMPLES])}")
    if np.mean(times % found[0].ms != 0) > _MAX_OFF_GRID:
        raise BadRecording(path, "grid", first)
    return found[0]


def _others(names: list[str], steps: Times, inside: NDArray[np.bool_], starts: Starts, usual: Interval) -> list[str]:
    """Returns the symbols with another interval: all their steps, or 20 in a row, are equal but not the usual ones."""
    odd = np.flatnonzero(inside & (steps != usual.ms))
    if not len(odd):
        return []
    breaks = np.flatnonzero((np.diff(odd) != 1) | (np.diff(steps[odd]) != 0)) + 1
    begins, ends = np.append(0, breaks), np.append(breaks, len(odd))
    symbols: Any = np.searchsorted(starts, odd[begins], side="right") - 1
    sizes = np.diff(np.append(starts, len(steps) + 1))[symbols] - 1
    lengths = ends - begins
    other = (lengths >= _RUN) | ((lengths == sizes) & (lengths > 1))
    found = {int(symbols[k]): int(steps[odd[begins[k]]]) for k in np.flatnonzero(other)}
    return [f"{names[symbol]} {_width(step)}" for symbol, step in found.items()]


def _width(milliseconds: int) -> str:
    size, unit = next((size, unit) for size, unit in _UNITS if milliseconds % size == 0)
    return f"{milliseconds // size}{unit}"
