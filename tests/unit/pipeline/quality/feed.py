"""A feed of quotes and candles through the inspector."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.market import MINUTE_MS, Candle, Frame, Symbol, Tick
from pipeline.quality.inspector import Inspector

BTC, COIN = Symbol("BTCUSDC"), Symbol("币安人生USDC")
START = 1_618_716_000_000
SECOND = 1000


def quote(second: float, at: float = 100.0, /, **changes: Any) -> Tick:
    bid, ask = at * 0.999, at * 1.001
    time = START + int(second * SECOND)
    tick = Tick(BTC, time, f"{at:.6f}", f"{bid:.6f}", "2", f"{ask:.6f}", "3", "99", "103", "98", "1234.5")
    return msgspec.structs.replace(tick, **changes)


def minute(number: int, close: float = 100.0, **changes: Any) -> Candle:
    candle = Candle(BTC, START + number * MINUTE_MS, close, close * 1.01, close * 0.99, close, 5.0, 500.0, 7)
    return msgspec.structs.replace(candle, **changes)


class Feed:
    """Says frames to an inspector on the source's clock."""

    def __init__(self, *symbols: Symbol) -> None:
        self.inspector = Inspector()
        self.inspector.set_symbols(symbols or (BTC, COIN))

    def say(self, *ticks: Tick, candles: Sequence[Candle] = (), now: int | None = None) -> list[Tick]:
        time = now or max([tick.time for tick in ticks] or [START])
        return list(self.inspector.inspect(Frame(time, ticks, tuple(candles)), time).ticks)

    def candles(self, *candles: Candle) -> list[Candle]:
        now = max(candle.open_time for candle in candles) + MINUTE_MS
        return list(self.inspector.inspect(Frame(now, (), candles), now).candles)

    def calm(self, seconds: int = 60) -> None:
        for second in range(seconds):
            assert self.say(quote(second, 100 + second % 3 * 0.1))

    @property
    def counted(self) -> dict[str, int]:
        return dict(self.inspector.counts.total)
