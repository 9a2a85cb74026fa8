"""Checks the numbers, texts and flags of a stored model. Every function raises ValueError for anything else."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

MAX_NUMBER = 1e12
"""Bound of a number that has no bound of its own, far above what a training makes. No sum of such numbers overflows."""


def array(values: object, dtype: DTypeLike, *, low: float = -MAX_NUMBER, high: float = MAX_NUMBER) -> NDArray[Any]:
    """Returns numbers from `low` to `high`, in nested lists of equal lengths.

    Text, flags, NaN and infinity are not numbers.
    """
    found = np.array(values)
    if not isinstance(values, list) or (found.size and found.dtype.kind not in "if"):
        raise ValueError("no list of numbers")
    wide = found.astype(np.float64)
    if not np.all((wide >= low) & (wide <= high)):
        raise ValueError("a number out of bounds")
    return found.astype(dtype)


def columns(values: object) -> NDArray[np.int64]:
    """Returns numbers of columns, each once and in order."""
    found = np.array(values)
    if not isinstance(values, list) or found.ndim != 1 or not found.size or found.dtype.kind != "i":
        raise ValueError("no list of whole numbers")
    if found[0] < 0 or not (found[1:] > found[:-1]).all():
        raise ValueError("columns that are not in order")
    return found.astype(np.int64)


def number(value: object, *, low: float = -MAX_NUMBER, high: float = MAX_NUMBER) -> float:
    """Returns a number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError("a number out of bounds")
    return float(value)


def whole(value: object, *, low: int = 0, high: int = 2**53) -> int:
    """Returns a whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError("a whole number out of bounds")
    return value


def flag(value: object) -> bool:
    """Returns the flag, which must be true or false."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004 - one error for every value that does not fit
    return value


def texts(values: object, *, limit: int, longest: int = 100) -> tuple[str, ...]:
    """Returns at least one text, at most `limit`, each once and of at most `longest` characters."""
    if not isinstance(values, list | tuple) or not 0 < len(values) <= limit:
        raise ValueError("no list of texts")
    if not all(isinstance(text, str) and len(text) <= longest for text in values) or len(set(values)) < len(values):
        raise ValueError("a text twice, or too long")
    return tuple(values)
