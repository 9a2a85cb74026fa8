"""Trades of one minute: at most one a second and symbol, at the second's last price.

The quantities of a minute add up to its candle's volume, and its open, high, low and close are traded as long as the
volume has a step for each. They have random numbers of their own, so prices and quotes do not depend on them.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.market import MINUTE_MS, Trade
from pipeline.simulator.randomness import RandomStream, Seed, generator
from pipeline.simulator.seconds import SECONDS, decimal_text
from pipeline.simulator.universe import SimulatedSymbol

Integers = NDArray[np.int64]

_UNEVEN = 0.9
"""Standard deviation of the logarithm of a second's share of the volume."""


def traded_steps(seed: Seed, number: int, price: Integers, volume: Integers) -> Integers:
    """Returns the steps traded in each second (60 x symbols) of minute `number` since 1970.

    `price` are the ticks by second (60 x symbols), `volume` the steps of the minute, at least 1 a symbol.
    """
    rng = generator(seed, RandomStream.TRADES, 0, number)
    shares = np.exp(_UNEVEN * rng.standard_normal((len(volume), SECONDS)))  # symbols first, as in `minute_of`
    prices = price.T
    marks = [np.zeros(len(volume), np.int64), np.full(len(volume), SECONDS - 1), prices.argmax(1), prices.argmin(1)]
    steps = np.zeros(shares.shape, np.int64)
    left = volume.copy()
    for mark in marks:  # a step for each before the rest is shared out
        places = np.arange(len(volume))
        due = ((steps[places, mark] == 0) & (left > 0)).astype(np.int64)
        steps[places, mark] += due
        left -= due
    reached = np.floor(np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True) * left[:, None]).astype(np.int64)
    reached[:, -1] = left
    steps += np.diff(reached, axis=1, prepend=0)
    return np.ascontiguousarray(steps.T)


def trades_at(listings: Sequence[SimulatedSymbol], time: int, price: Integers, steps: Integers) -> Iterator[Trade]:
    """Yields the trades of the second that begins at `time` (UTC ms), of the symbols that trade in it. The id of a
    trade is the number of its second since 1970.
    """
    second = time % MINUTE_MS // 1000
    columns = (listings, price[second].tolist(), steps[second].tolist())
    for listing, ticks, traded in zip(*columns, strict=True):
        if traded:
            texts = (decimal_text(ticks, listing.price_scale), decimal_text(traded, listing.step_scale))
            yield Trade(listing.symbol, time // 1000 * 1000, *texts, time // 1000)
