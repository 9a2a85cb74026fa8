"""Checks of candles before the archive: valid candles pass unchanged, impossible ones are dropped.

A candle that is far (beyond a factor of two, wider after a silence) from the symbol's recent prices waits for the next
candle, which confirms it or makes it REFUTED. The minute of a refuted candle is a gap, which is filled from the
source's own record like any other gap. A symbol's first candle has nothing to be compared with, so listing candles
pass.
"""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from pipeline.archive.gaps import sound
from pipeline.market import MINUTE_MS, Candle, Symbol
from pipeline.quality.counters import QualityCounts, Quarantined
from pipeline.quality.outlier_limit import widening
from pipeline.quality.reasons import Reason

FAR = math.log(2.0)
WAIT_MS = 5 * MINUTE_MS
MAX_HELD = 3
"""Maximum number of held candles of a symbol. A market that stays at the new level for longer is accepted."""

_WIDEST_GAP_MS = 24 * 60 * MINUTE_MS


@dataclass(slots=True)
class _Symbol:
    """Newest candle of a symbol that passed, and those that wait."""

    last: Candle
    held: list[tuple[Candle, Quarantined]] = field(default_factory=list)


class CandleLane:
    """Checks of candles before the archive. `recent` returns the quotes of a symbol that passed recently, oldest
    first.
    """

    def __init__(self, counts: QualityCounts, recent: Callable[[Symbol], Iterable[float]]) -> None:
        self.waits = False
        self._counts = counts
        self._recent = recent
        self._symbols: dict[Symbol, _Symbol] = {}

    @property
    def size(self) -> int:
        """Number of symbols with a stored state."""
        return len(self._symbols)

    def forget_all_but(self, symbols: Collection[Symbol]) -> None:
        """Removes the state of all other symbols, which the source no longer has."""
        for symbol in self._symbols.keys() - symbols:
            del self._symbols[symbol]

    def flaw(self, candle: Candle) -> Reason | None:
        """Returns the reason that the candle is not valid, or None."""
        if not sound(candle):
            return Reason.BROKEN_CANDLE
        state = self._symbols.get(candle.symbol)
        newest = None if state is None else state.held[-1][0] if state.held else state.last
        return Reason.DUPLICATE if candle == newest else None

    def take(self, candle: Candle) -> list[Candle]:
        """Takes a valid candle. Returns the candles that pass now, oldest first."""
        state = self._symbols.get(candle.symbol)
        if state is None:
            self._symbols[candle.symbol] = _Symbol(candle)
            return [candle]
        if candle.open_time < state.last.open_time:  # an older minute, requested again from the source's own record
            return [candle]
        if self._near(state.last, candle, self._recent(candle.symbol)):
            self._refute(state, candle)
            state.last = candle
            return [candle]
        if state.held and (len(state.held) >= MAX_HELD or _follows(state.held[-1][0], candle)):
            return self._believe(state, candle)
        self._hold(state, candle)
        return []

    def overdue(self, now: int) -> list[Candle]:
        """Accepts held candles whose prices the quotes have reached meanwhile, and refutes those that waited too long.
        Returns the accepted candles.
        """
        if not self.waits:
            return []
        passed: list[Candle] = []
        for symbol, state in self._symbols.items():
            if not state.held:
                continue
            newest = state.held[-1][0]
            if self._near(state.last, newest, self._recent(symbol)):
                passed += self._believe(state, None)
            elif now - newest.open_time - MINUTE_MS > WAIT_MS:
                self._refute(state, newest)
        self.waits = any(state.held for state in self._symbols.values())
        return passed

    def _near(self, last: Candle, candle: Candle, recent: Iterable[float]) -> bool:
        wider = widening(candle.open_time - last.open_time, _WIDEST_GAP_MS)
        passed = (last.low, last.high, last.close, *recent)
        reach = math.exp(FAR * wider)
        return min(passed) / reach <= candle.low and candle.high <= max(passed) * reach

    def _hold(self, state: _Symbol, candle: Candle) -> None:
        usual, time = state.last.close, candle.open_time + MINUTE_MS
        entry = Quarantined(candle.symbol, time, Reason.CANDLE_SPIKE, repr(candle.close), "", "", usual)
        self._counts.hold(entry)
        state.held.append((candle, entry))
        self.waits = True

    def _believe(self, state: _Symbol, candle: Candle | None) -> list[Candle]:
        passed = [held for held, _ in state.held]
        newest = candle if candle is not None else passed[-1]
        for _, entry in state.held:
            self._counts.decide(entry, Reason.CONFIRMED, newest.open_time + MINUTE_MS)
        state.held.clear()
        state.last = newest
        return passed if candle is None else [*passed, candle]

    def _refute(self, state: _Symbol, candle: Candle) -> None:
        for _, entry in state.held:
            self._counts.decide(entry, Reason.REFUTED, candle.open_time + MINUTE_MS)
        state.held.clear()


def _follows(held: Candle, candle: Candle) -> bool:
    """True if the candle, within a factor of two, reaches the close of the held one."""
    reach = math.exp(FAR)
    return candle.low / reach <= held.close <= candle.high * reach
