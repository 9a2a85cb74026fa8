"""Orders that protect the position of a back-test: they rest in the live order engine, fed by the events of candles.

Only candles in which something can happen are fed. Of those left out, a trailing order learns the highest price.
"""

from dataclasses import replace
from decimal import Decimal
from itertools import count

import numpy as np

from pipeline.candles import Floats
from trading.backtest.account import Cause, StrategyAccount
from trading.backtest.history import History
from trading.backtest.market import CandleMarket
from trading.backtest.terms import BacktestTerms
from trading.matching.event_log import BESIDE_MS, EventLog
from trading.matching.executions import execution_of
from trading.matching.ladders import tick_of
from trading.matching.order_engine import OrderEngine
from trading.matching.order_planning import plan
from trading.matching.situation import Situation
from trading.matching.symbol_orders import REPLAYED_EVENTS, REPLAYED_MS
from trading.orders.effects import DisplayedPart, Filled, MarketEvent, MarketTrade, Triggered
from trading.orders.holds import hold_asset
from trading.orders.open_orders import Hold, ListPlace, OpenOrder, OrderStatus
from trading.orders.requests import OcoRequest, OrderRequest
from trading.orders.types import Side
from trading.triggers.trailing_stops import BASIS_POINTS

ZERO = Decimal(0)
_FIRST_BLOCK = 128
_LAST_BLOCK = 65_536
_ROUNDING = 1.0 + 1e-12
"""Widens what floats compare, so that no candle is left out that decimals would count."""


class Protections:
    """Resting orders of one position at a time."""

    def __init__(self, history: History, market: CandleMarket, terms: BacktestTerms) -> None:
        self._history = history
        self._market = market
        self._terms = terms
        self._ids = count(1)
        self._engine, self._log = self._new()
        self._placed: dict[int, OpenOrder] = {}
        self._fed = 0
        self._highest = ZERO
        self._taken: list[DisplayedPart] = []

    def place(self, request: OrderRequest | OcoRequest, account: StrategyAccount, index: int) -> None:
        """Accepts the orders at the open of a candle, whose path they then follow. Raises the errors of `plan`."""
        quote, (base, funds) = self._market.opening(index), account.balances()
        ladder = self._market.ladder(Side.SELL, index)
        terms = self._terms
        situation = Situation(
            terms.rules, quote, ladder, ZERO, quote.time, base, funds, terms.fee, terms.source
        )  # fmt: skip
        planned = plan(request, situation)
        self.cancel()
        numbers = [next(self._ids) for _ in planned.orders]
        hold = Hold(numbers[0], hold_asset(Side.SELL, terms.rules), planned.hold_amount)
        for number, new in zip(numbers, planned.orders, strict=True):
            kind, role = planned.list_kind, new.role
            self._placed[number] = OpenOrder(
                number,
                0,
                new.terms,
                OrderStatus.NEW,
                1,
                quote.time,
                new.terms.quantity,
                ZERO,
                new.terms.limit_price,
                hold,
                terms.fee,
                number,
                None if kind is None or role is None else ListPlace(numbers[0], kind, role),
                queue_ahead=new.queue_ahead,
                hold_price=new.hold_price,
                received=ZERO,
            )
        self._engine, self._log = self._new()
        for order in self._live():
            self._engine.insert(order)
        self._fed, self._highest = index, quote.price

    def cancel(self) -> None:
        """Cancels what rests."""
        self._placed.clear()

    @property
    def active(self) -> bool:
        """True while an order rests."""
        return bool(self._placed)

    def next_event(self, stop: int) -> int | None:
        """Returns the first candle before `stop` that was not fed and in which something can happen, or None."""
        if not self._placed:
            return None
        begin, size = int(self._history.next_traded[min(self._fed, len(self._history))]), _FIRST_BLOCK
        if begin >= stop:
            return None
        if any(order.triggered for order in self._live()):
            return begin
        highest = float(self._highest)
        while begin < stop:
            end = min(begin + size, stop)
            found, highest = self._possible(begin, end, highest)
            hits = np.flatnonzero(found)
            if hits.size:
                return begin + int(hits[0])
            begin, size = end, min(2 * size, _LAST_BLOCK)
        return None

    def feed(self, index: int, account: StrategyAccount) -> None:
        """Applies the events of a candle, after those before it, and books what they fill."""
        self._skip(index)
        self._taken.clear()
        for event in self._market.events(index):
            self._apply(event)
            self._book(index, account)
            if not self._placed:
                break
        self._highest = max(self._highest, self._market.high(index))
        self._fed = index + 1

    def taken(self, index: int) -> Decimal:
        """Returns what the orders took of the bids at the open of a candle within the second before: a market order
        finds the rest.
        """
        if not self._taken:
            return ZERO
        quote = self._market.opening(index)
        parts = (each for each in self._taken if each.price == quote.bid and each.time >= quote.time - BESIDE_MS)
        return sum((part.quantity for part in parts), ZERO)

    def _live(self) -> list[OpenOrder]:
        return list(self._placed.values())

    def _possible(self, begin: int, end: int, highest: float) -> tuple[Floats, float]:
        """Returns the candles in which an order can trigger or fill, and the highest price with them."""
        candles = self._history.candles
        low, high = candles.low[begin:end], candles.high[begin:end]
        found = np.zeros(end - begin, np.bool_)
        for order in self._live():
            delta = order.terms.trailing_delta
            if delta is not None:
                share = (1.0 - delta / BASIS_POINTS) * _ROUNDING
                tops = np.maximum.accumulate(np.concatenate([[highest], high]))
                before = np.maximum(tops[:-1], candles.open[begin:end])
                found |= (low <= before * share) | (candles.close[begin:end] <= tops[1:] * share)
                highest = float(tops[-1])
            elif order.limit_price is not None:
                # Beyond the limit, the ask at a close (half of the spread above it) empties the queue ahead.
                spread = float(self._terms.spread)
                above = float(tick_of(self._terms.rules)) if spread else 0.0
                found |= high * (1.0 + spread) * _ROUNDING + above >= float(order.limit_price)
            elif order.stop_price is not None:
                found |= low <= float(order.stop_price)
        return np.asarray(found & self._history.traded[begin:end]), highest

    def _skip(self, index: int) -> None:
        """Tells of the candles that are left out: a trailing order of their highest price, and the market where they
        ended.
        """
        last = int(self._history.last_traded[index])
        if last < self._fed:
            return
        if any(order.terms.trailing_delta is not None for order in self._live()):
            used = slice(self._fed, index)
            highs = np.where(self._history.traded[used], self._history.candles.high[used], 0.0)
            self._highest = max(self._highest, Decimal(repr(float(highs.max()))))
            self._apply(MarketTrade(self._market.closing(last).time, self._highest))
        self._apply(self._market.closing(last))

    def _new(self) -> tuple[OrderEngine, EventLog]:
        """Returns the engine of one position and the log of its events, which knows the displays."""
        return OrderEngine(self._terms.rules, self._terms.max_slippage), EventLog(REPLAYED_MS, REPLAYED_EVENTS)

    def _apply(self, event: MarketEvent) -> None:
        self._engine.apply(self._log.add(event))

    def _book(self, index: int, account: StrategyAccount) -> None:
        for effect in self._engine.effects():
            order = self._placed[effect.order_id]
            if isinstance(effect, Filled):
                execution = execution_of(order, effect, self._terms.rules, self._terms.source, 0)
                account.book(execution, index, effect.time, _cause(order))
                self._taken += [] if effect.display is None else [effect.display]
            if isinstance(effect, Triggered):
                self._placed[effect.order_id] = replace(order, triggered=True)
        for order_id in self._placed.keys() - self._engine.orders.keys():
            del self._placed[order_id]


def _cause(order: OpenOrder) -> Cause:
    if order.terms.trailing_delta is not None:
        return Cause.TRAILING
    return Cause.STOP if order.terms.type.waits else Cause.TAKE_PROFIT
