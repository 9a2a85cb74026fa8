"""Batch forms of windows and averages whose time does not depend on the length of the window.

They give the numbers of the plain forms, but for rounding: nothing is subtracted that was added before.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np

from pipeline.candles import Floats
from trading.indicators import windows

_BLOCK = 256
"""Values that an average goes through in step with those of all other blocks."""


def smooth(values: Floats, average: float, weight: float) -> Floats:
    """Returns the averages a = a + weight * (value - a) that begin with `average`; no value may be NaN.

    The recursion runs over all blocks at once, from zero, and each then gets the share of what it began with. Values
    are taken relative to the first of their block, so that equal values give exactly theirs. In a block with a zero
    they are not: there, averages of gains and losses decay without a rounding error.
    """
    count = -(-len(values) // _BLOCK)
    padded = np.zeros(count * _BLOCK)
    padded[: len(values)] = values
    padded[len(values) :] = values[-1]
    blocks = padded.reshape(count, _BLOCK)
    origins = np.where((blocks == 0).any(axis=1), 0.0, blocks[:, 0])
    steps = np.ascontiguousarray((blocks - origins[:, None]).T)
    local = np.zeros(count)
    for step in steps:
        local = local + weight * (step - local)
        step[:] = local
    decay = np.cumprod(np.full(_BLOCK, 1.0 - weight))
    begins = []
    for origin, end in zip(origins.tolist(), local.tolist(), strict=True):
        begins.append(average - origin)
        average = origin + (end + decay[-1] * (average - origin))
    found = origins[:, None] + (steps.T + np.outer(np.array(begins), decay))
    return np.asarray(found.reshape(-1)[: len(values)])


def _blocks(values: Floats, length: int) -> Floats:
    count = -(-len(values) // length) + 1
    padded = np.zeros(count * length)
    padded[: len(values)] = values
    return padded.reshape(count, length)


def _joined(combine: Any, values: Floats, length: int, *, origins: bool = False) -> Floats:
    """Returns the combination of each run of `length` values: of the end of one block and the beginning of the next.

    With `origins`, values are taken relative to the last of the block in which the run begins, which is in the run.
    """
    blocks = _blocks(values, length)
    before, after = blocks[:-1], blocks[1:]
    last = before[:, -1:] if origins else np.zeros((len(before), 1))
    ends = combine.accumulate((before - last)[:, ::-1], axis=1)[:, ::-1]
    begins = combine.accumulate(after - last, axis=1)
    found = ends
    found[:, 1:] = combine(ends[:, 1:], begins[:, :-1])
    if origins:
        found = last + found / length
    return np.asarray(found.reshape(-1)[: len(values) - length + 1])


def _mean(values: Floats, length: int) -> Floats:
    return _joined(np.add, values, length, origins=True)


def _total(values: Floats, length: int) -> Floats:
    return _joined(np.add, values, length)


def _highest(values: Floats, length: int) -> Floats:
    return _joined(np.maximum, values, length)


def _lowest(values: Floats, length: int) -> Floats:
    return _joined(np.minimum, values, length)


RUNNING: MappingProxyType[Callable[[Floats], Floats], Callable[[Floats, int], Floats]] = MappingProxyType(
    {windows.mean: _mean, windows.total: _total, windows.highest: _highest, windows.lowest: _lowest}
)
"""Functions of all runs of a length, by the function of one run that each replaces."""
