"""Rolling panel of the last minutes of a market: loaded in full once, then only the minutes that closed since."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from ml.data.features import HISTORY, WARM_UP
from ml.data.panel import MAX_HOLES, Panel, columns_of, panel_of_grids
from pipeline.market import MINUTE_MS
from pipeline.quality.outlier_limit import RECENT

CHANGING = 10
"""Rows that are read again: candles arrive late, Redis has a minute before its volume is known, and the next candle may
refute a price.
"""

_BEFORE = RECENT + 10
"""Extra rows that are read, so that the rows read again are judged by the same history as in a full panel."""

WHOLE_AGAIN_MS = 15 * MINUTE_MS
"""Interval at which a panel with missing candles is read in full again, in case they have been filled."""

SOON_AGAIN_MS = 2 * MINUTE_MS
"""The same interval if most symbols have no forecast because of missing candles, as after hours without a running
process, while they are being filled.
"""

_MAX_SHARE = 0.5
_WHOLE_SHARE = 0.9
_LATE_ROWS = 5
"""Largest number of rows at the end that may still be incomplete."""

OPEN_ROWS = CHANGING + _LATE_ROWS
"""Rows at the end that a later call may return changed, without a full read."""


class Load(Protocol):
    """`ml.data.archive_panel.panel_from`, bound to its database and store."""

    def __call__(
        self, market: str, symbols: Sequence[str], start: int, end: int, *, flow: bool = False
    ) -> Awaitable[Panel]:
        """Returns the panel, with its order flow if `flow`. Raises NoTrainingData and MarketUnavailable."""


@dataclass(frozen=True, slots=True)
class _CachedPanel:
    """Panel that is kept between calls.

    `read` is the time of the last full read (UTC ms). `again` is the delay in ms after which a full read is due, 0 for
    never. `settled` is the part that is returned to callers.
    """

    market: str
    panel: Panel
    settled: Panel
    read: int
    again: int


class RollingPanel:
    """Panel of the last `rows` minutes of one market at a time. Supports one caller at a time.

    The default determines the features of the last row and of the `OPEN_ROWS` rows before it. With `flow`, the panel
    has the order flow.
    """

    def __init__(self, load: Load, rows: int = HISTORY + OPEN_ROWS, *, flow: bool = False) -> None:
        self._load = partial(load, flow=True) if flow else load
        self._rows = rows
        self._kept: _CachedPanel | None = None

    async def at(self, market: str, symbols: Sequence[str], now: int) -> Panel:
        """Returns the minutes that had closed at `now` (UTC ms of the market's clock), columns in alphabetical order.

        The last row is the newest minute that nearly all symbols have; the minute that has just closed arrives symbol
        by symbol. Returns the same object as long as there is nothing new. Raises NoTrainingData and MarketUnavailable.
        """
        end = now // MINUTE_MS * MINUTE_MS
        begin = end - (self._rows + _LATE_ROWS) * MINUTE_MS
        names = tuple(sorted(set(symbols)))
        kept = self._kept
        if kept is None or not self._rolls_on(kept, market, names, end):
            panel = await self._load(market, names, begin, end)
            kept = _CachedPanel(market, panel, self._settled(panel), end, _again(panel))
        else:
            since = min(end, _end(kept.panel)) - CHANGING * MINUTE_MS
            fresh = await self._load(market, names, max(begin, since - _BEFORE * MINUTE_MS), end)
            panel = await asyncio.to_thread(rolled, kept.panel, fresh, since, begin)
            settled = self._settled(panel)
            kept = replace(kept, panel=panel, settled=kept.settled if _same(kept.settled, settled) else settled)
        self._kept = kept
        return kept.settled

    def _settled(self, panel: Panel) -> Panel:
        """Cuts the panel to its length, without last rows that have clearly fewer candles than those before them."""
        counts = (~np.isnan(panel.close[-_LATE_ROWS:])).sum(axis=1)
        whole = np.flatnonzero(counts >= _WHOLE_SHARE * counts.max())
        stop = len(panel.times) - len(counts) + 1 + int(whole[-1])
        return panel.rows(max(0, stop - self._rows), stop)

    def _rolls_on(self, kept: _CachedPanel, market: str, names: tuple[str, ...], end: int) -> bool:
        """Returns whether the kept panel can be extended.

        False also if the clock was set back, or is so far ahead that little of the kept panel would remain.
        """
        ahead = end - _end(kept.panel)
        near = -CHANGING * MINUTE_MS < ahead < self._rows // 2 * MINUTE_MS
        stale = kept.again and end - kept.read >= kept.again
        return near and not stale and kept.market == market and kept.panel.symbols == names


def rolled(kept: Panel, fresh: Panel, since: int, begin: int) -> Panel:
    """Joins `kept` before `since` and `fresh` from there on, starting at `begin`.

    Both panels have the same symbols; times are UTC ms.
    """
    end = max(_end(fresh), since)
    times = np.arange(max(begin, int(kept.times[0])), end, MINUTE_MS, dtype=np.int64)
    grids = [np.full((len(times), len(kept.symbols)), np.nan) for _ in kept.grids]
    for part, first, last in ((kept, int(times[0]), since), (fresh, since, end)):
        rows = np.flatnonzero((part.times >= first) & (part.times < last))
        if len(rows):
            into = (part.times[rows] - times[0]) // MINUTE_MS
            for grid, values in zip(grids, part.grids, strict=True):
                grid[into] = values[rows]
    return panel_of_grids(times, kept.symbols, MINUTE_MS, grids)


def first_change(before: Panel, after: Panel, symbols: tuple[str, ...]) -> int | None:
    """Returns the opening time of the first candle that both panels know of and that differs, None if there is none.

    Candles of symbols other than `symbols` may count too.
    """
    if before.symbols != after.symbols:
        before, after = columns_of(before, symbols), columns_of(after, symbols)
    first = max(int(before.times[0]), int(after.times[0]))
    stop = min(_end(before), _end(after))
    one, other = (
        panel.rows(*((time - int(panel.times[0])) // MINUTE_MS for time in (first, max(first, stop))))
        for panel in (before, after)
    )
    differs = np.zeros(len(one.times), bool)
    for mine, theirs in zip(one.grids, other.grids, strict=True):
        differs |= (mine.view(np.int64) != theirs.view(np.int64)).any(axis=1)  # NaN equals NaN, and it is fast
    rows = np.flatnonzero(differs)
    return int(one.times[rows[0]]) if len(rows) else None


def _end(panel: Panel) -> int:
    return int(panel.times[-1]) + MINUTE_MS


def _same(one: Panel, other: Panel) -> bool:
    """Returns whether the times and the last `CHANGING` rows are equal; no other rows can have changed."""
    return np.array_equal(one.times, other.times) and all(
        np.array_equal(mine[-CHANGING:], theirs[-CHANGING:], equal_nan=True)
        for mine, theirs in zip(one.grids, other.grids, strict=True)
    )


def _again(panel: Panel) -> int:
    """Returns the delay in ms until the next full read, 0 for never.

    The delay depends on the minutes missing after each symbol's first candle.
    """
    there = ~np.isnan(panel.close)
    holes = np.maximum.accumulate(there, axis=0) & ~there
    silenced = holes[-WARM_UP:].mean(axis=0) > MAX_HOLES
    if silenced.mean() > _MAX_SHARE:
        return SOON_AGAIN_MS
    return WHOLE_AGAIN_MS if holes.any() else 0
