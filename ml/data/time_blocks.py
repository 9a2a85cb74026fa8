"""Blocks of time, the units of statistics."""

import numpy as np
from numpy.typing import NDArray

_MIN_BLOCK = 60
_HORIZONS_A_BLOCK = 4


def blocks_of(rows: NDArray[np.int64], horizon: int) -> NDArray[np.int64]:
    """Returns the block of each entry: a block has 60 rows, or four horizons if that is longer."""
    length = max(_MIN_BLOCK, _HORIZONS_A_BLOCK * horizon)
    numbers: NDArray[np.int64] = np.unique(rows // length, return_inverse=True)[1]
    return numbers
