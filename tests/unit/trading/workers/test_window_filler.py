"""The windows of range alerts fill whatever the candles of one symbol do."""

import asyncio
import contextlib
from decimal import Decimal

import pytest

from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol, Tick
from tests.fakes.bot_market import NOW, FakeMarket
from tests.patience import PATIENCE_SECONDS
from trading.triggers.price_ranges import RangeTrigger, RangeTriggers
from trading.workers.window_filler import fill_windows

D = Decimal
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")


class Broken(FakeMarket):
    """A market whose first symbol cannot be read; `asked` are the symbols that were asked for."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.asked: list[Symbol] = []
        self.both = asyncio.Event()

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        self.asked.append(symbol)
        if len(set(self.asked)) > 1:
            self.both.set()
        if symbol == BTC:
            raise self.error
        start = self.now() // MINUTE_MS * MINUTE_MS - count * interval.ms
        return [Candle(symbol, start + number * interval.ms, 1, 1, 1, 1, 1) for number in range(count)]


@pytest.mark.parametrize("error", [MarketUnavailable(), ValueError("value out of int64 range")])
async def test_a_symbol_whose_candles_cannot_be_read_stops_no_other(error: Exception) -> None:
    both = ((1, BTC), (2, ETH))
    waiting = [RangeTrigger(number, symbol, D("0.03"), 60 * MINUTE_MS, 0, rearm=D("0.02")) for number, symbol in both]
    triggers = RangeTriggers(waiting)
    triggers.take([Tick(symbol, NOW, "1") for _, symbol in both], fresh_from=0)
    market = Broken(error)
    filling = asyncio.create_task(fill_windows(triggers, market, poll_seconds=0.01))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.wait((filling, asyncio.create_task(market.both.wait())), return_when=asyncio.FIRST_COMPLETED)
    assert market.asked == [BTC, ETH]
    assert not filling.done()
    filling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await filling
