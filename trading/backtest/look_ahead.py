"""Check for look-ahead: what a rule decides must not change when the candles after the decision do.

A signal is known at the close of its candle, a position at the open of the candle during which it is held. The check
computes them again on histories that end earlier, and compares what both have in common.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats

Decisions = Callable[[Mapping[str, Floats]], Sequence[NDArray[np.generic]]]
"""Function of candles, an array for each field, to arrays of as many elements: signals or positions."""

CUTS = 24
"""Histories that are computed again."""

CANDLES = 4_000_000
"""Candles that all of them may have together."""

SHOCK = 0.2
"""Move of the altered candle, as a fraction of its open."""


class KnownAt(IntEnum):
    """Moment at which element i of a decision must be known: the number of later candles that it may not use."""

    CLOSE = 0
    """Signals: from candles 0 to i."""
    OPEN = 1
    """Positions held during candle i, and fills at its open: from candles 0 to i - 1 and the open of candle i."""


@dataclass(frozen=True, slots=True)
class LookAhead:
    """Result of the check: the number of histories, and the first decision that changed.

    `changed` is the index of its candle, `end` that of the first candle that the shorter history lacks; both None if
    nothing changed.
    """

    cuts: int
    changed: int | None = None
    end: int | None = None

    @property
    def peeks(self) -> bool:
        """True if a decision depends on candles after it."""
        return self.changed is not None


def look_ahead(
    decide: Decisions,
    candles: Mapping[str, Floats],
    *,
    seed: int,
    known: KnownAt = KnownAt.CLOSE,
    cuts: int = CUTS,
    budget: int = CANDLES,
) -> LookAhead:
    """Checks decisions on histories that end at seeded places, up to a number of histories and of candles in all.

    A peek shows where a decision is made, therefore every other history ends just after an element that differs from
    the one before. With KnownAt.OPEN the history has one candle more, of which all but the open is altered, once up and
    once down.
    """
    whole = decide(candles)
    length = len(next(iter(candles.values())))
    checked = 0
    for end in _ends(whole, length, known, cuts=cuts, budget=budget, generator=np.random.default_rng(seed)):
        for history in _histories(candles, end, known):
            part = decide(history)
            checked += 1
            size = end + known
            places = [
                int(np.argmax(differs))
                for full, short in zip(whole, part, strict=True)
                if (differs := ~_equal(full[:size], short[:size])).any()
            ]
            if places:
                return LookAhead(checked, min(places), end)
    return LookAhead(checked)


def _ends(
    whole: Sequence[NDArray[np.generic]],
    length: int,
    known: KnownAt,
    *,
    cuts: int,
    budget: int,
    generator: np.random.Generator,
) -> list[int]:
    """Returns the lengths of the histories, as many as the budget allows."""
    last = length - 1
    if last < 1:
        return []
    turns = np.unique(np.concatenate([np.flatnonzero(~_equal(each[1:], each[:-1])) + 1 for each in whole]))
    # A signal of candle i is tried on the history that ends with it, a position of candle i with the candle before.
    turns = turns + 1 - known
    turns = turns[(turns >= 1) & (turns <= last)]
    chosen = generator.permutation(turns)[: cuts // 2]
    others = generator.integers(1, last + 1, cuts - len(chosen))
    mixed = np.unique(np.concatenate([chosen, others]))
    ends: list[int] = []
    for end in generator.permutation(mixed):
        cost = int(end + known) * (1 + known)
        if cost <= budget:
            budget -= cost
            ends.append(int(end))
    return ends


def _histories(candles: Mapping[str, Floats], end: int, known: KnownAt) -> list[dict[str, Floats]]:
    if known is KnownAt.CLOSE:
        return [{name: values[:end] for name, values in candles.items()}]
    return [_altered(candles, end, move) for move in (1.0 + SHOCK, 1.0 - SHOCK)]


def _altered(candles: Mapping[str, Floats], end: int, move: float) -> dict[str, Floats]:
    """Returns the candles up to `end`, the last of which opens as it did and then moves."""
    found = {name: np.array(values[: end + 1]) for name, values in candles.items()}
    start = float(candles["open"][end])
    found["close"][end] = start * move
    found["high"][end] = start * max(1.0, move)
    found["low"][end] = start * min(1.0, move)
    for name in ("volume", "quote_volume", "trades"):
        if name in found:
            found[name][end] *= 2  # without volume nothing trades, which the open tells
    return found


def _equal(first: NDArray[np.generic], second: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Returns where the elements are equal, unknown ones (NaN) among themselves."""
    same = first == second
    if first.dtype.kind == "f":
        same |= np.isnan(first) & np.isnan(second)
    return np.asarray(same)
