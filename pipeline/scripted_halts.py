"""Halts that a simulation or a recording plays: of each, the time, what follows it, and a source that plays it.

`SOLUSDC 10m 5m x1000` halts SOLUSDC ten minutes after the start for five minutes; it returns at a thousand times its
price, as after a redenomination or as another coin. With `gone` it does not return, with `as SOLXUSDC` it returns
under another name.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from pipeline.market import MINUTE_MS, Candle, Frame, Interval, MarketInfo, OrderBook, Symbol, Tick, Trade
from pipeline.ports import MarketSource
from pipeline.rules import HALTED, SymbolRules

MAX_HALTS = 50

_HALT = re.compile(
    r"(?P<symbol>\S{1,64}) (?P<after>[0-9]{1,6})(?P<after_unit>[smh]) (?P<lasts>[0-9]{1,6})(?P<lasts_unit>[smh]) "
    r"(?:x(?P<factor>[0-9]{1,9}(?:\.[0-9]{1,9})?)|(?P<gone>gone)|as (?P<name>\S{1,64}))"
)
_UNITS = {"s": 1000, "m": MINUTE_MS, "h": 60 * MINUTE_MS}
_PRICES = ("price", "bid", "ask", "open_24h", "high_24h", "low_24h")


@dataclass(frozen=True, slots=True)
class ScriptedHalt:
    """Halt of a symbol, in ms after the start of the source."""

    symbol: Symbol
    after_ms: int
    lasts_ms: int
    factor: Decimal | None = None
    name: Symbol | None = None


def read_halts(text: str) -> list[ScriptedHalt]:
    """Returns the halts of a setting, separated by semicolons. Raises ValueError."""
    halts = []
    for part in filter(None, (" ".join(each.split()) for each in text.split(";"))):
        found = _HALT.fullmatch(part)
        if found is None or (found["factor"] and not Decimal(found["factor"])):
            raise ValueError(f"{part!r} is no halt such as: SOLUSDC 10m 5m x1000, or gone, or as SOLXUSDC")
        halts.append(
            ScriptedHalt(
                Symbol(found["symbol"]),
                int(found["after"]) * _UNITS[found["after_unit"]],
                int(found["lasts"]) * _UNITS[found["lasts_unit"]],
                Decimal(found["factor"]) if found["factor"] else None,
                Symbol(found["name"]) if found["name"] else None,
            )
        )
    if len(halts) > MAX_HALTS or len({halt.symbol for halt in halts}) < len(halts):
        raise ValueError(f"at most {MAX_HALTS} halts, one for each symbol")
    return halts


class HaltedSource:
    """`MarketSource` over another one that plays halts, counted from its creation."""

    def __init__(self, source: MarketSource, halts: Sequence[ScriptedHalt]) -> None:
        self._source = source
        self._start = source.info().source_ms
        self._halts = {halt.symbol: halt for halt in halts}

    def info(self) -> MarketInfo:
        """Returns the running market."""
        return self._source.info()

    def resume(self, time: int) -> None:
        """See `MarketSource.resume`."""
        self._source.resume(time)

    async def rules(self) -> list[SymbolRules]:
        """Returns the rules: a halted symbol has the status HALT, a returned one its new name."""
        now, listed = self._source.info().source_ms, []
        for rules in await self._source.rules():
            halt = self._halts.get(rules.symbol)
            since = None if halt is None else now - self._start - halt.after_ms
            if halt is None or since is None or since < 0:
                listed.append(rules)
            elif since < halt.lasts_ms:
                listed.append(replace(rules, status=HALTED))
            elif halt.name is not None:
                listed.append(replace(rules, symbol=halt.name, base=halt.name.removesuffix(rules.quote)))
            elif halt.factor is not None:
                listed.append(rules)
        return listed

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Returns candles from before the halt."""
        halt = self._halts.get(symbol)
        end = end if halt is None else min(end, self._start + halt.after_ms)
        return await self._source.candles(symbol, interval, start, end) if start < end else []

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """Returns no book of a symbol that a halt changes."""
        return None if symbol in self._halts else await self._source.order_book(symbol, after)

    async def frames(self) -> AsyncIterator[Frame]:
        """Yields the frames with the halts played."""
        async for frame in self._source.frames():
            ticks, candles = map(self._tick, frame.ticks), map(self._candle, frame.candles)
            trades = map(self._trade, frame.trades)
            yield Frame(
                frame.time,
                tuple(each for each in ticks if each is not None),
                tuple(each for each in candles if each is not None),
                tuple(each for each in trades if each is not None),
            )

    def _after(self, symbol: Symbol, time: int) -> tuple[Symbol, Decimal] | None:
        """Returns the name and the factor at a time; None while the symbol is halted or gone."""
        halt = self._halts.get(symbol)
        since = -1 if halt is None else time - self._start - halt.after_ms
        if halt is None or since < 0:
            return symbol, Decimal(1)
        if since < halt.lasts_ms or (halt.factor is None and halt.name is None):
            return None
        return halt.name or symbol, halt.factor or Decimal(1)

    def _tick(self, tick: Tick) -> Tick | None:
        if tick.symbol not in self._halts:
            return tick
        now = self._after(tick.symbol, tick.time)
        if now is None:
            return None
        prices = {name: _times(value, now[1]) for name in _PRICES if (value := getattr(tick, name))}
        return msgspec.structs.replace(tick, symbol=now[0], **prices)

    def _candle(self, candle: Candle) -> Candle | None:
        now = self._after(candle.symbol, candle.open_time)
        if now is None or now == (candle.symbol, Decimal(1)):
            return None if now is None else candle
        factor = float(now[1])
        prices = {name: getattr(candle, name) * factor for name in ("open", "high", "low", "close")}
        return msgspec.structs.replace(candle, symbol=now[0], **prices)

    def _trade(self, trade: Trade) -> Trade | None:
        now = self._after(trade.symbol, trade.time)
        if now is None:
            return None
        prices = {name: _times(value, now[1]) for name in ("price", "path_from") if (value := getattr(trade, name))}
        return msgspec.structs.replace(trade, symbol=now[0], **prices)


def _times(text: str, factor: Decimal) -> str:
    return text if factor == 1 else f"{(Decimal(text) * factor).normalize():f}"
