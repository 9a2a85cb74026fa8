"""Market of a candle: the quote at its open, the path of its price, and the quote at its close. Pure.

The open is the first price that an order can have. The path is that of replays (`pipeline.replay.candle_path`), and so
are the events: trades along it, which show what the candle before displayed, and a quote at the close, which shows the
volume of the candle itself.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import Level, Quote
from pipeline.replay.candle_path import candle_path
from trading.backtest.history import History
from trading.backtest.terms import BacktestTerms
from trading.matching.ladders import ImpactLevels, Ladder, mid_price, tick_of
from trading.orders.effects import BestQuote, MarketEvent, MarketTrade, PathStep
from trading.orders.types import BaseQuantity, QuoteAmount, Side

ZERO = Decimal(0)


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

    def high(self, index: int) -> Decimal:
        """Returns the highest price."""
        return _exact(self._history.candles.high[index])

    def close(self, index: int) -> Decimal:
        """Returns the close."""
        return _exact(self._history.candles.close[index])

    def displayed(self, index: int) -> Decimal:
        """Returns the size displayed during a candle: by the volume of the last candle before it that traded."""
        last = int(self._history.last_traded[index])
        if last < 0:
            return ZERO
        return self._terms.displayed(float(self._history.candles.volume[last]), self._history.interval)

    def opening(self, index: int) -> Quote:
        """Returns the quote at the open, as the desk reads it."""
        price, time = self.open(index), self.time(index)
        best = self._step(price, self.displayed(index)).quote(time, price)
        rules = self._terms.rules
        return Quote(rules.symbol, time, 0, 0, price, best.bid, best.bid_size, best.ask, best.ask_size)

    def ladder(self, side: Side, index: int, size: BaseQuantity | QuoteAmount | None = None) -> Ladder:
        """Returns the liquidity that a market order takes at the open: the published size-impact rule. An order of a
        `size` that the first level holds gets that level alone, which is the same and faster.
        """
        price, shown, time = self.open(index), self.displayed(index), self.time(index)
        touch = mid = price
        if self._spread:
            best = self._step(price, shown).quote(time, price)
            touch, mid = best.ask if side is Side.BUY else best.bid, mid_price(best.bid, best.ask)
        rule = ImpactLevels(side, touch, shown, self._tick)
        levels: Iterable[Level] = rule
        if size is not None and shown > 0:
            first = next(iter(rule), None)
            if first is not None:
                held = shown if isinstance(size, BaseQuantity) else EXACT.multiply(first.price, shown)
                levels = (first,) if size.amount <= held else tuple(rule)
        return Ladder(levels, mid, time, 0, from_book=False)

    def events(self, index: int) -> Iterator[MarketEvent]:
        """Yields the events of a candle with volume: the trades along its path, and the quote at its close."""
        candles, shown = self._history.candles, self.displayed(index)
        sides = (candles.open, candles.high, candles.low, candles.close)
        opened, high, low, close = (float(side[index]) for side in sides)
        volume = float(candles.volume[index])
        path = candle_path(self.time(index), self._history.interval.ms, (opened, high, low, close), volume)
        for time, start, price, quantity in path:
            yield MarketTrade(time, _exact(price), _exact(quantity), self._step(_exact(start), shown))
        yield self.closing(index)

    def closing(self, index: int) -> BestQuote:
        """Returns the quote at the close of a candle with volume."""
        shown = self._terms.displayed(float(self._history.candles.volume[index]), self._history.interval)
        price = self.close(index)
        return self._step(price, shown).quote(self.time(index) + self._history.interval.ms, price)

    def _step(self, start: Decimal, shown: Decimal) -> PathStep:
        return PathStep(start, shown, self._spread, self._tick)


def _exact(number: float) -> Decimal:
    return Decimal(repr(float(number)))
