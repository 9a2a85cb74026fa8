"""Levels behind the best bid and ask."""

from decimal import Decimal

import numpy as np

from core.decimals import EXACT
from pipeline.market import Level, OrderBook
from pipeline.simulator.randomness import RandomStream, Seed, generator
from pipeline.simulator.seconds import Top
from pipeline.simulator.universe import SimulatedSymbol

LEVELS = 20


def order_book(seed: Seed, listing: SimulatedSymbol, top: Top, time: int) -> OrderBook:
    """Returns twenty levels on each side (fewer bids if the price has too few ticks). The best ones are those of `top`.

    Gaps between levels are about a third of the spread, and levels farther out display more.
    """
    rng = generator(seed, RandomStream.BOOK, listing.place, time // 1000)
    gap = max((top.ask - top.bid) / 3, 0.2)
    away = 1 + np.floor(rng.standard_exponential((2, LEVELS - 1)) * gap)
    depth = (1 + 0.35 * np.arange(1, LEVELS)) * np.exp(0.6 * rng.standard_normal((2, LEVELS - 1)))
    typical = max(top.bid_steps, top.ask_steps, 1) ** 0.5 * max(min(top.bid_steps, top.ask_steps), 1) ** 0.5
    distance = np.cumsum(away, axis=1).astype(np.int64).tolist()
    steps = np.maximum(np.rint(depth * typical), 1).astype(np.int64).tolist()
    bids = [(top.bid, top.bid_steps), *zip((top.bid - d for d in distance[0]), steps[0], strict=True)]
    asks = [(top.ask, top.ask_steps), *zip((top.ask + d for d in distance[1]), steps[1], strict=True)]
    return OrderBook(
        symbol=listing.symbol,
        time=time,
        bids=tuple(_level(listing, price, size) for price, size in bids if price > 0),
        asks=tuple(_level(listing, price, size) for price, size in asks),
    )


def _level(listing: SimulatedSymbol, price: int, steps: int) -> Level:
    return Level(_scaled(price, listing.price_scale), _scaled(steps, listing.step_scale))


def _scaled(units: int, scale: int) -> Decimal:
    return EXACT.scaleb(Decimal(units), -scale)
