"""Ticks of a symbol on which many orders rest: ticks that fire nothing, and ticks of which each fires one.

The same ticks are taken with few orders and with many. A tick costs what it fires, so the many must cost about as much.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from bench.figure import Figure
from pipeline.bus import Record
from pipeline.market import Frame, SourceKind, Symbol, Tick, Trade
from pipeline.rules import LotSize, SymbolRules
from trading.ledger.order_ports import OpenOrderChanges
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import BestQuote, MarketEvent, MarketTrade
from trading.orders.open_orders import Hold, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Side
from trading.workers.matched_orders import MatchedOrders

_SYMBOL = Symbol("BTCUSDC")
_STEP = Decimal("0.001")
_RULES = SymbolRules(
    _SYMBOL, "BTC", "USDC", tick_size=Decimal("0.01"), lot=LotSize(_STEP, Decimal(9_000), _STEP)
)  # fmt: skip
_FEW = 10
_KINDS = (
    (OrderType.LIMIT, Side.BUY, -1),
    (OrderType.LIMIT, Side.SELL, 1),
    (OrderType.STOP_LOSS, Side.SELL, -1),
    (OrderType.TAKE_PROFIT, Side.SELL, 1),
)


@dataclass(frozen=True, slots=True)
class Size:
    """Orders that rest, ticks of a round, and rounds, of which the best counts."""

    orders: int
    ticks: int
    rounds: int


FULL = Size(orders=10_000, ticks=3_000, rounds=5)
SMALL = Size(orders=200, ticks=100, rounds=1)


def run(size: Size = FULL) -> list[Figure]:
    quiet = quiet_ticks(size.ticks)
    many = _rate(size, lambda: spread_orders(size.orders), quiet)
    few = _rate(size, lambda: spread_orders(_FEW), quiet)
    level = _rate(size, lambda: _one_level(size.orders), quiet)
    trailing = _rate(size, lambda: _trailing(size.orders), quiet)
    few_trailing = _rate(size, lambda: _trailing(_FEW), quiet)
    touched = _frames_at(1, size.ticks), _frames_at(size.orders, size.ticks)
    fires = min(size.ticks, size.orders // 4)
    firing = _rate(size, lambda: spread_orders(size.orders), _firing(fires))
    n = f"{size.orders:,}"
    return [
        Figure(f"ticks past {n} open orders of a symbol", many, "ticks/s"),
        Figure(f"a tick past {n} orders, against {_FEW}", few / many, "x", at_most=1.5),
        Figure(f"a tick at the price of {n} queued orders, against {_FEW}", few / level, "x", at_most=2),
        Figure(f"a tick that {n} trailing orders follow, against {_FEW}", few_trailing / trailing, "x", at_most=2),
        Figure(f"a frame at the price of {n} queued orders, against one", touched[1] / touched[0], "x", at_most=3),
        Figure(f"ticks that fill one of {n} orders each", firing, "ticks/s"),
    ]


def _rate(size: Size, make: Callable[[], SymbolOrders], events: Sequence[MarketEvent]) -> float:
    """Returns ticks a second; a tick is a trade and a quote."""
    best = 0.0
    for _ in range(size.rounds):
        orders = make()
        orders.take(MarketTrade(1, Decimal(100_000)))
        start = time.perf_counter()
        for event in events:
            orders.take(event)
        best = max(best, len(events) / 2 / (time.perf_counter() - start))
    return best


def _frames_at(count: int, ticks: int) -> float:
    """Returns the seconds of the median frame of a trade and a quote at the price of the orders, as the worker takes
    it: their states are built later, once for many frames.
    """
    orders = MatchedOrders(1, lambda _: _RULES, SourceKind.SIMULATOR)
    orders.own([0])
    made = (_order(n + 1, Side.BUY, OrderType.LIMIT, Decimal(99_999), ahead=Decimal(10_000 + n)) for n in range(count))
    orders.load(OpenOrderChanges(tuple(made), frozenset(), ""), 0)
    taken: list[float] = []
    for number in range(1, ticks + 1):
        tick = Tick(_SYMBOL, number, "99999", "99999", "30000", "100000", "8")
        frame = Frame(number, (tick,), trades=(Trade(_SYMBOL, number, "99999", "0.001", number),))
        start = time.perf_counter()
        orders.take(Record(0, number, frame), number)
        taken.append(time.perf_counter() - start)
    return median(taken)


def quiet_ticks(ticks: int) -> list[MarketEvent]:
    """Ticks that trade at 99,999 and 100,000 and reach nothing else; each is above or at the last."""
    events: list[MarketEvent] = []
    for tick in range(ticks):
        time_ms = 2 + tick * 100
        price = Decimal(99_999) + Decimal(tick % 100) / 100
        events += (
            MarketTrade(time_ms, price, _STEP),
            BestQuote(time_ms, Decimal(99_999), Decimal(8), Decimal(100_000), Decimal(8)),
        )
    return events


def _firing(ticks: int) -> list[MarketEvent]:
    """Ticks that fall by one order each."""
    events: list[MarketEvent] = []
    for tick in range(ticks):
        time_ms, price = 2 + tick * 100, Decimal(99_989) - tick
        quote = BestQuote(time_ms, price, Decimal(8), price + 1, Decimal(8))
        events += (MarketTrade(time_ms, price, Decimal(8)), quote)
    return events


def spread_orders(count: int) -> SymbolOrders:
    """Returns orders of four kinds around 100,000, one a price."""
    orders = SymbolOrders(_SYMBOL, _RULES)
    for number in range(count):
        kind, side, sign = _KINDS[number % len(_KINDS)]
        price = Decimal(100_000 + sign * (10 + number // len(_KINDS)))
        orders.put(_order(number + 1, side, kind, price))
    return orders


def _one_level(count: int) -> SymbolOrders:
    """Returns purchases at 99,999, each behind a different quantity that no trade of the bench exhausts."""
    orders = SymbolOrders(_SYMBOL, _RULES)
    for number in range(count):
        order = _order(number + 1, Side.BUY, OrderType.LIMIT, Decimal(99_999), ahead=Decimal(1_000 + number))
        orders.put(order)
    return orders


def _trailing(count: int) -> SymbolOrders:
    """Returns trailing sales with deltas of 1 to 20 %."""
    orders = SymbolOrders(_SYMBOL, _RULES)
    for number in range(count):
        orders.put(_order(number + 1, Side.SELL, OrderType.STOP_LOSS, None, delta=100 + number % 1_900))
    return orders


def _order(
    number: int,
    side: Side,
    kind: OrderType,
    price: Decimal | None,
    *,
    ahead: Decimal | None = None,
    delta: int | None = None,
) -> OpenOrder:
    limit, stop = (None, price) if kind.waits else (price, None)
    terms = OrderTerms(_SYMBOL, side, kind, Decimal(1), limit, stop, delta)
    hold = Hold(number, "BTC", Decimal(1)) if side is Side.SELL else Hold(number, "USDC", Decimal(200_000))
    return OpenOrder(
        number, 1, terms, OrderStatus.NEW, 1, 0, Decimal(1), Decimal(0), limit, hold, _STEP, number, queue_ahead=ahead
    )
