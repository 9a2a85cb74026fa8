"""Market of a candle: the quote at its open, and the path of its price. Pure.

The open is the first price that an order can have. The path is open, low, high, close: the worst comes first, so a
candle that reaches both a stop and a take profit reaches the stop. Each of the four has a quarter of the volume.
"""

from collections.abc import Iterable
from decimal import Decimal

from core.decimals import EXACT, down_to_step, up_to_step
from pipeline.market import Level, Quote
from trading.backtest.history import History
from trading.backtest.terms import BacktestTerms
from trading.matching.ladders import ImpactLevels, Ladder, mid_price, tick_of
from trading.orders.effects import BestQuote
from trading.orders.types import BaseQuantity, QuoteAmount, Side

ZERO = Decimal(0)
_POINTS = 4


class CandleMarket:
    """Prices, sizes and times of the candles of a back-test, as exact decimals."""

    def __init__(self, history: History, terms: BacktestTerms) -> None:
        self._history = history
        self._terms = terms
        self._tick = tick_of(terms.rules)
        self._spread = terms.spread
        self._times = history.candles.open_time

    def time(self, index: int) -> int:
        """Returns the open time of a candle, UTC ms."""
        return int(self._times[index])

    def open(self, index: int) -> Decimal:
        """Returns the open."""
        return _exact(self._history.candles.open[index])

    def close(self, index: int) -> Decimal:
        """Returns the close."""
        return _exact(self._history.candles.close[index])

    def displayed(self, index: int) -> Decimal:
        """Returns the size displayed during a candle: by the volume of the last candle before it that traded."""
        last = int(self._history.last_traded[index])
        if last < 0:
            return ZERO
        return self._terms.displayed(float(self._history.candles.volume[last]), self._history.interval)

    def quote(self, index: int, price: Decimal, time: int) -> BestQuote:
        """Returns the best quote around a price: half of the spread away on both sides, on ticks."""
        bid = ask = price
        if self._spread:
            bid = down_to_step(EXACT.multiply(price, 1 - self._spread), self._tick)
            ask = up_to_step(EXACT.multiply(price, 1 + self._spread), self._tick)
        size = self.displayed(index)
        return BestQuote(time, bid, size, ask, size)

    def opening(self, index: int) -> Quote:
        """Returns the quote at the open, as the desk reads it."""
        price, time = self.open(index), self.time(index)
        best = self.quote(index, price, time)
        rules = self._terms.rules
        return Quote(rules.symbol, time, 0, 0, price, best.bid, best.bid_size, best.ask, best.ask_size)

    def ladder(self, side: Side, index: int, size: BaseQuantity | QuoteAmount | None = None) -> Ladder:
        """Returns the liquidity that a market order takes at the open: the published size-impact rule. An order of a
        `size` that the first level holds gets that level alone, which is the same and faster.
        """
        price, shown, time = self.open(index), self.displayed(index), self.time(index)
        touch = mid = price
        if self._spread:
            best = self.quote(index, price, time)
            touch, mid = best.ask if side is Side.BUY else best.bid, mid_price(best.bid, best.ask)
        rule = ImpactLevels(side, touch, shown, self._tick)
        levels: Iterable[Level] = rule
        if size is not None and shown > 0:
            first = next(iter(rule), None)
            if first is not None:
                held = shown if isinstance(size, BaseQuantity) else EXACT.multiply(first.price, shown)
                levels = (first,) if size.amount <= held else tuple(rule)
        return Ladder(levels, mid, time, 0, from_book=False)

    def path(self, index: int) -> tuple[tuple[int, Decimal], ...]:
        """Returns times (UTC ms) and prices of the path of a candle."""
        candles, width, time = self._history.candles, self._history.interval.ms, self.time(index)
        prices = (candles.open[index], candles.low[index], candles.high[index], candles.close[index])
        times = (time, time + width // 3, time + 2 * width // 3, time + width - 1)
        return tuple((at, _exact(price)) for at, price in zip(times, prices, strict=True))

    def traded(self, index: int) -> Decimal:
        """Returns the quantity that trades at each point of the path."""
        return _exact(self._history.candles.volume[index] / _POINTS)

    def on_tick(self, price: Decimal) -> Decimal:
        """Returns the price rounded down to the tick."""
        return down_to_step(price, self._tick)


def _exact(number: float) -> Decimal:
    return Decimal(repr(float(number)))
