"""A market that is archived at each midnight, for histories of many days in a moment."""

import msgspec

from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, MINUTE_MS, Candle, MarketInfo, Symbol
from tests.fakes.priced_market import PricedMarket


class DailyMarket(PricedMarket):
    """Its clock is the wall clock, as of a live market. `closes` are what was archived."""

    def __init__(self, archive: CandleArchive) -> None:
        super().__init__()
        self.archive = archive
        self.closes: dict[tuple[Symbol, int], float] = {}

    def wall(self) -> int:
        return self.time

    def info(self) -> MarketInfo:
        return msgspec.structs.replace(super().info(), wall_ms=self.time)

    async def close(self, at: int, **prices: float) -> None:
        """The minute up to `at` closes at these prices, which are quoted from then on."""
        self.pass_time(at - self.time)
        candles = []
        for name, price in prices.items():
            symbol = Symbol(name)
            self.say(symbol, f"{price * 0.9995:.2f}", f"{price * 1.0005:.2f}")
            self.closes[symbol, at] = price
            candles.append(Candle(symbol, at - MINUTE_MS, *[price] * 4, 1.0, 1.0, 1))
        await self.archive.insert(self.info().market, candles)

    def midnight(self) -> int:
        """The next midnight."""
        return (self.time // DAY_MS + 1) * DAY_MS
