"""Quotes of a calm market, second by second, and faults to be put into them."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from pipeline.market import MINUTE_MS, Candle, Frame, Symbol, Tick
from pipeline.quality.reasons import Reason

START = 1_618_716_000_000
SECOND = 1000
SYMBOLS = (Symbol("BTCUSDC"), Symbol("SHIBUSDC"), Symbol("币安人生USDC"))


def quote(symbol: Symbol, time: int, price: float, rng: random.Random) -> Tick:
    """A whole tick around a price of any size."""
    spread = rng.uniform(0.00001, 0.002)
    texts = [f"{value:.14f}" for value in (price, price * (1 - spread), price * (1 + spread))]
    size, volume = f"{rng.uniform(0.1, 900):.3f}", f"{rng.uniform(1, 1e9):.2f}"
    return Tick(symbol, time, texts[0], texts[1], size, texts[2], size, texts[0], texts[2], texts[1], volume)


def calm_market(seed: int, seconds: int) -> Iterator[Frame]:
    """Random walks at the most different prices, now and then silent for a while, with their candles."""
    rng = random.Random(seed)  # noqa: S311 - a test that can be repeated
    prices = {symbol: 10 ** rng.uniform(-6, 5) for symbol in SYMBOLS}
    opened = dict(prices)
    for second in range(seconds):
        time = START + second * SECOND
        for symbol in SYMBOLS:
            prices[symbol] *= 1 + rng.uniform(-0.01, 0.01)
        candles = ()
        if time % MINUTE_MS == 0 and second:
            candles = tuple(_candle(symbol, time - MINUTE_MS, opened[symbol], prices[symbol]) for symbol in SYMBOLS)
            opened = dict(prices)
        said = [symbol for symbol in SYMBOLS if rng.random() > 0.2]
        yield Frame(time, tuple(quote(symbol, time, prices[symbol], rng) for symbol in said), candles)


def _candle(symbol: Symbol, time: int, opened: float, close: float) -> Candle:
    return Candle(symbol, time, opened, max(opened, close) * 1.01, min(opened, close) * 0.99, close, 5.0, 500.0, 9)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and under what it must be counted."""

    name: str
    reason: Reason
    change: Callable[[Tick, random.Random], Tick]


def _set(**values: Any) -> Callable[[Tick, random.Random], Tick]:
    return lambda tick, _: msgspec.structs.replace(tick, **values)


def _field(names: Sequence[str], texts: Sequence[str]) -> Callable[[Tick, random.Random], Tick]:
    return lambda tick, rng: msgspec.structs.replace(tick, **{rng.choice(names): rng.choice(texts)})


def _spiked(tick: Tick, rng: random.Random) -> Tick:
    times = rng.choice((100.0, 10.0, 2.0, 1.7, 0.5, 0.1, 0.001))
    changed = {name: f"{float(getattr(tick, name)) * times:.14f}" for name in ("price", "bid", "ask")}
    return msgspec.structs.replace(tick, **changed)


def _book_spiked(tick: Tick, rng: random.Random) -> Tick:
    side, times = rng.choice((("bid", 0.5), ("ask", 2.0), ("ask", 50.0)))
    return msgspec.structs.replace(tick, **{side: f"{float(getattr(tick, side)) * times:.14f}"})


def _price_alone(tick: Tick, rng: random.Random) -> Tick:
    return msgspec.structs.replace(tick, price=f"{float(tick.price) * rng.choice((0.2, 5)):.14f}")


_ODD = ("NaN", "inf", "1e9", "0x1", "1_0", "１２", "1,2", "+1", ".", "1 ")
_NUMBERS = ("price", "bid", "bid_size", "ask", "ask_size", "open_24h", "high_24h", "low_24h", "volume_24h")
FAULTS = (
    Fault("nan", Reason.NOT_A_NUMBER, _field(_NUMBERS, _ODD)),
    Fault("negative", Reason.NEGATIVE, _field(_NUMBERS, ("-1", "-0.5"))),
    Fault("zero", Reason.ZERO_PRICE, _field(("price", "bid", "ask"), ("0.00000000", "0", "000"))),
    Fault("crossed", Reason.CROSSED, lambda tick, _: msgspec.structs.replace(tick, bid=tick.ask, ask=tick.bid)),
    Fault("ghost", Reason.UNKNOWN_SYMBOL, _set(symbol=Symbol("GHOSTUSDC"))),
    Fault("future", Reason.FUTURE, lambda t, _: msgspec.structs.replace(t, time=t.time + 20_000)),
    Fault("microseconds", Reason.FUTURE, lambda t, _: msgspec.structs.replace(t, time=t.time * 1000)),
    Fault("seconds", Reason.PAST, lambda t, _: msgspec.structs.replace(t, time=t.time // 1000)),
    Fault("late", Reason.OUT_OF_ORDER, lambda t, _: msgspec.structs.replace(t, time=t.time - 60_000)),
    Fault("spike", Reason.SPIKE, _spiked),
    Fault("price alone", Reason.SPIKE, _price_alone),
    Fault("book spike", Reason.BOOK_SPIKE, _book_spiked),
)  # fmt: skip
