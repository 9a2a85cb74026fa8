"""One minute by seconds: last price, best bid and ask and the quantities displayed there, for all symbols at once.

The second at 0 is the minute's open, the second at 59 its close, and between them the path touches its high and its low
exactly, so the candle agrees with the ticks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.market import MINUTE_MS, Tick
from pipeline.simulator.randomness import RandomStream, Seed, generator
from pipeline.simulator.universe import SimulatedSymbol

SECONDS = 60
_RAMP = np.arange(SECONDS) / (SECONDS - 1)

Integers = NDArray[np.int64]
Ticks = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class MinuteOhlc:
    """Open, high, low and close of a minute, in ticks: one number a symbol."""

    open: Ticks
    high: Ticks
    low: Ticks
    close: Ticks


@dataclass(frozen=True, slots=True)
class Top:
    """Best bid and ask in ticks and the steps displayed there."""

    bid: int
    bid_steps: int
    ask: int
    ask_steps: int


@dataclass(frozen=True, slots=True, eq=False)
class Minute:
    """A minute's ticks: arrays (60 x symbols), in ticks and steps; the day's open and turnover as text."""

    listings: tuple[SimulatedSymbol, ...]
    price: Integers
    bid: Integers
    bid_steps: Integers
    ask: Integers
    ask_steps: Integers
    high_24h: Integers
    low_24h: Integers
    open_24h: tuple[str, ...]
    volume_24h: tuple[str, ...]

    def top(self, place: int, time: int) -> Top:
        """Returns the best bid and ask of the symbol at `place`."""
        second = _second(time)
        sides = (self.bid, self.bid_steps, self.ask, self.ask_steps)
        return Top(*(int(side[second, place]) for side in sides))

    def ticks(self, time: int) -> tuple[Tick, ...]:
        """Returns every symbol's tick at `time`."""
        second = _second(time)
        sides = (self.price, self.bid, self.ask, self.high_24h, self.low_24h, self.bid_steps, self.ask_steps)
        columns = [side[second].tolist() for side in sides]
        rows = zip(self.listings, *columns, self.open_24h, self.volume_24h, strict=True)
        return tuple(
            Tick(
                symbol=listing.symbol,
                time=time,
                price=decimal_text(price, listing.price_scale),
                bid=decimal_text(bid, listing.price_scale),
                bid_size=decimal_text(bid_steps, listing.step_scale),
                ask=decimal_text(ask, listing.price_scale),
                ask_size=decimal_text(ask_steps, listing.step_scale),
                open_24h=open_24h,
                high_24h=decimal_text(high, listing.price_scale),
                low_24h=decimal_text(low, listing.price_scale),
                volume_24h=volume_24h,
            )
            for listing, price, bid, ask, high, low, bid_steps, ask_steps, open_24h, volume_24h in rows
        )


def decimal_text(units: int, scale: int) -> str:
    """Formats `units` of 10**-scale as plain decimal text: (12345, 2) is 123.45."""
    if scale == 0:
        return str(units)
    digits = str(units).rjust(scale + 1, "0")
    return f"{digits[:-scale]}.{digits[-scale:]}"


def minute_of(
    seed: Seed,
    listings: Sequence[SimulatedSymbol],
    number: int,
    ohlc: MinuteOhlc,
    day: tuple[Ticks, Ticks, Ticks, NDArray[np.float64]],
) -> Minute:
    """Returns minute `number` since 1970 of all `listings`; `day` is open, high, low and turnover of the 24 hours
    before it.
    """
    rng = generator(seed, RandomStream.SECONDS, 0, number)
    noise = rng.standard_normal((len(listings), 5, SECONDS))  # symbols first: more of them do not change the others
    price = _path(noise[:, 0], ohlc)
    spread = np.array([listing.spread for listing in listings])[:, None] * np.exp(0.25 * noise[:, 1])
    spread_ticks = np.maximum(np.rint(price * spread), 1).astype(np.int64)
    bid = price - (spread_ticks + (noise[:, 2] > 0)) // 2
    level = [listing.top_value * 10.0 ** (listing.price_scale + listing.step_scale) for listing in listings]
    steps = np.array(level)[:, None] / price
    opened, high, low, turnover = day
    scales = [listing.price_scale for listing in listings]
    return Minute(
        listings=tuple(listings),
        price=_by_second(price),
        bid=_by_second(bid),
        bid_steps=_by_second(_displayed(steps, noise[:, 3])),
        ask=_by_second(bid + spread_ticks),
        ask_steps=_by_second(_displayed(steps, noise[:, 4])),
        high_24h=_by_second(np.maximum(np.maximum.accumulate(price, axis=1), high[:, None])),
        low_24h=_by_second(np.minimum(np.minimum.accumulate(price, axis=1), low[:, None])),
        open_24h=tuple(map(decimal_text, opened.tolist(), scales)),
        volume_24h=tuple(f"{value:.2f}" for value in turnover.tolist()),
    )


def _second(time: int) -> int:
    return time % MINUTE_MS // 1000


def _by_second(matrix: Integers) -> Integers:
    return np.ascontiguousarray(matrix.T)


def _displayed(steps: NDArray[np.float64], noise: NDArray[np.float64]) -> Integers:
    displayed: Integers = np.maximum(np.rint(steps * np.exp(0.8 * noise)), 1).astype(np.int64)
    return displayed


def _path(noise: NDArray[np.float64], ohlc: MinuteOhlc) -> Integers:
    """Returns prices (symbols x 60) from open to close that touch high and low and never exceed them."""
    opened, high, low, close = (side[:, None] for side in (ohlc.open, ohlc.high, ohlc.low, ohlc.close))
    walk = np.cumsum(noise, axis=1)
    bridge = walk - walk[:, :1] - _RAMP * (walk[:, -1:] - walk[:, :1])
    breadth = bridge.max(axis=1, keepdims=True) - bridge.min(axis=1, keepdims=True)
    free = opened + _RAMP * (close - opened) + (high - low) * bridge / breadth
    path: Integers = np.clip(np.rint(free), low, high).astype(np.int64)
    inner = free[:, 1:-1]
    np.put_along_axis(path, inner.argmax(axis=1)[:, None] + 1, high, axis=1)
    np.put_along_axis(path, inner.argmin(axis=1)[:, None] + 1, low, axis=1)
    return path
