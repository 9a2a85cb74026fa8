"""What Binance says, as bytes, and a market source that hears it without a network."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from core.clock import steady_clock, wall_clock
from pipeline.binance.events import BookTop, MiniTicker
from pipeline.binance.live_market import LiveMarket
from pipeline.binance.stream_parse import parse_frame
from pipeline.market import Candle, Frame, Interval, MarketInfo, SourceKind, Symbol, Tick
from pipeline.rules import SymbolRules

_STALE_MS = 15_000
_SPREAD = 0.0002


@dataclass(frozen=True, slots=True)
class Said:
    """At one moment: the raw frames, and whom they are about."""

    symbols: tuple[Symbol, ...]
    raw: tuple[bytes, ...]


def symbols(count: int) -> list[Symbol]:
    """So many, quoted in USDC."""
    return [Symbol(f"S{number:04d}USDC") for number in range(count)]


def market_info() -> MarketInfo:
    """Binance's, by this machine's clock."""
    now = wall_clock()
    return MarketInfo(SourceKind.BINANCE, "USDC", 1000, _STALE_MS, now, now)


def speech(count: int, moments: int, parts: int) -> list[Said]:
    """At each moment one of the parts of all symbols: a frame of their mini tickers, and of each its best quotes."""
    names, chance, now = symbols(count), random.Random(1), wall_clock()
    mids = {name: 10.0 ** chance.uniform(-2, 4) for name in names}
    said = []
    for number in range(moments):
        part = names[number % parts :: parts]
        prices = {name: mids[name] * (1 + chance.uniform(-0.0001, 0.0001)) for name in part}
        rows = ",".join(_mini(name, price, now) for name, price in prices.items())
        minis = f'{{"stream":"!miniTicker@arr","data":[{rows}]}}'
        books = (_book(name, price, number + 1) for name, price in prices.items())
        said.append(Said(tuple(part), tuple(text.encode() for text in (*books, minis))))
    return said


def _mini(symbol: Symbol, price: float, now: int) -> str:
    day = f'"o":"{price * 0.99:.8f}","h":"{price * 1.01:.8f}","l":"{price * 0.98:.8f}"'
    volume = f'"v":"{1e6 / price:.8f}","q":"1000000.00000000"'
    return f'{{"e":"24hrMiniTicker","E":{now},"s":"{symbol}","c":"{price:.8f}",{day},{volume}}}'


def _book(symbol: Symbol, price: float, update: int) -> str:
    bid, ask = price * (1 - _SPREAD), price * (1 + _SPREAD)
    sides = f'"b":"{bid:.8f}","B":"31.21000000","a":"{ask:.8f}","A":"40.66000000"'
    return f'{{"stream":"{symbol.lower()}@bookTicker","data":{{"u":{update},"s":"{symbol}",{sides}}}}}'


class Times:
    """UTC ms that rise by one at least, whoever asks."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Now, or just after the last one."""
        self._last = max(wall_clock(), self._last + 1)
        return self._last


def frames(count: int, number: int, times: Times) -> list[Frame]:
    """Parsed: every symbol's market at so many times, all fields known, as long as Binance writes them."""
    chance, names, found = random.Random(1), symbols(count), []
    mids = [10.0 ** chance.uniform(-2, 4) for _ in names]
    for _ in range(number):
        time_ms, moved = times.next(), 1 + chance.uniform(-0.0001, 0.0001)
        found.append(Frame(time_ms, tuple(_ticks(names, mids, moved, time_ms))))
    return found


def _ticks(names: Sequence[Symbol], mids: Sequence[float], moved: float, time_ms: int) -> Iterator[Tick]:
    for name, mid in zip(names, mids, strict=True):
        price = mid * moved
        bid, ask = f"{price * (1 - _SPREAD):.8f}", f"{price * (1 + _SPREAD):.8f}"
        day = (f"{price * 0.99:.8f}", f"{price * 1.01:.8f}", f"{price * 0.98:.8f}", "1000000.00000000")
        yield Tick(name, time_ms, f"{price:.8f}", bid, "31.21000000", ask, "40.66000000", *day)


class HeardMarket:
    """A market source: each moment's raw frames are parsed and merged as the product does it, and given on at once
    (the product gathers for `refresh_seconds` first). `sent` is when each frame's bytes were in hand, ns by its time.
    """

    def __init__(self, said: Sequence[Said], times: Times, every_seconds: float = 0.0) -> None:
        self._said = said
        self._times = times
        self._every_seconds = every_seconds
        self._market = LiveMarket()
        self._dropped: Counter[str] = Counter()
        self._names = sorted({name for each in said for name in each.symbols})
        self.sent: dict[int, int] = {}

    def info(self) -> MarketInfo:
        """Binance's."""
        return market_info()

    async def rules(self) -> Sequence[SymbolRules]:
        """Every symbol trades."""
        return [SymbolRules(name, name.removesuffix("USDC"), "USDC") for name in self._names]

    def resume(self, time: int) -> None:
        """Nothing was said before."""

    async def frames(self) -> AsyncIterator[Frame]:
        """A frame of each moment, in time or as fast as they are taken."""
        self._market.offer(self._names, self._names)
        begun = time.monotonic()
        for number, said in enumerate(self._said):
            if self._every_seconds:
                await asyncio.sleep(max(0.0, begun + number * self._every_seconds - time.monotonic()))
            yield self._frame(said)
        if self._dropped:
            raise AssertionError(f"all of it can be read: {self._dropped}")

    def _frame(self, said: Said) -> Frame:
        in_hand, heard, moment = time.time_ns(), self._times.next(), steady_clock()
        self.sent[heard] = in_hand
        for raw in said.raw:
            for event in parse_frame(raw, heard, self._dropped):
                if isinstance(event, MiniTicker):
                    self._market.take_mini(event, moment)
                elif isinstance(event, BookTop):
                    self._market.take_top(event, moment)
        self._market.confirm(dict.fromkeys(said.symbols, 1), heard, moment)
        return Frame(heard, self._market.ticks())

    async def candles(self, _symbol: Symbol, _interval: Interval, _start: int, _end: int) -> list[Candle]:
        """None."""
        return []

    async def order_book(self, _symbol: Symbol, after: int = 0) -> None:
        """None."""
