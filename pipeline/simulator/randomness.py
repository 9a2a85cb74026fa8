"""Random numbers by address: the same (seed, stream, place) always gives the same numbers, in any order of requests.

Philox is a counter-based generator, so a stream begins anywhere at no cost. Salmon et al., "Parallel random
numbers: as easy as 1, 2, 3", SC 2011.

A seed that is a number is public: it is used unchanged as half of Philox's key. For a secret seed, each address has a
key of its own, by keyed BLAKE2b over the whole secret, so that the numbers of one day reveal nothing about another.
"""

from enum import IntEnum
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Seed = int | bytes
"""Seed of a market: a public number of at most 63 bits, or a secret of at least 16 bytes."""

_BEFORE_1970 = 2**32  # counters cannot be negative; the first days of 1970 have shocks before them
_FREEDOM = 5
_UNIT_T = ((_FREEDOM - 2) / _FREEDOM) ** 0.5


class RandomStream(IntEnum):
    """Purpose of the numbers; each has its own key."""

    DAYS = 1
    MINUTES = 2
    FACTOR = 3
    SECONDS = 4
    BOOK = 5
    TRADES = 6


def generator(seed: Seed, stream: RandomStream, place: int, time: int) -> np.random.Generator:
    """Returns the generator of `stream` at `place` (the symbol or factor) and `time` (the block, day, minute or
    second).
    """
    address = np.array((0, 0, place, time + _BEFORE_1970), np.uint64)
    if isinstance(seed, int):
        return np.random.Generator(np.random.Philox(key=np.array((seed, stream), np.uint64), counter=address))
    drawn = blake2b(address.astype("<u8").tobytes(), key=seed, salt=bytes((stream,)), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(drawn, "<u8").astype(np.uint64)))


def fat_tailed(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Returns Student t numbers with five degrees of freedom, scaled to unit variance."""
    shocks: NDArray[np.float64] = rng.standard_t(_FREEDOM, count) * _UNIT_T
    return shocks
