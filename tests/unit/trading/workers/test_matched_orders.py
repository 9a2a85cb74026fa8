"""What the matching worker keeps, whatever it is sent: a bounded number of events, and dates of open orders only."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.bus import Record
from pipeline.market import Frame, Symbol, Tick, Trade
from tests.fakes.priced_market import BTC, NOON, PricedMarket
from trading.ledger.order_ports import OpenOrderChanges
from trading.matching import symbol_orders
from trading.orders.open_orders import Hold, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Side
from trading.workers import matched_orders
from trading.workers.matched_orders import MatchedOrders
from trading.workers.recent_frames import RecentFrames

D = Decimal
ETH = Symbol("ETHUSDC")


def order(number: int, *, dated: bool = False, queue: str = "8") -> OpenOrder:
    """A purchase of 1 at 90."""
    force = TimeInForce.GTD if dated else TimeInForce.GTC
    expires_at = NOON + 86_400_000 if dated else None
    terms = OrderTerms(BTC, Side.BUY, OrderType.LIMIT, D(1), D(90), time_in_force=force, expires_at=expires_at)
    hold = Hold(number, "USDC", D(90))
    return OpenOrder(
        number, 1, terms, OrderStatus.NEW, 1, NOON, D(1), D(0), D(90), hold, D("0.001"), number,
        hold_price=D(90), queue_ahead=D(queue),
    )  # fmt: skip


def orders_of(*known: OpenOrder) -> MatchedOrders:
    market = PricedMarket()
    orders = MatchedOrders(1, market.rules, market.info().source)
    orders.own([0])
    orders.load(OpenOrderChanges(known, frozenset(), "1"), NOON)
    return orders


def take(orders: MatchedOrders, time: int, *trades: tuple[str, str]) -> None:
    """A frame at `time` ms after noon, with these trades."""
    made = tuple(Trade(BTC, NOON + time, price, size, time * 1000 + n) for n, (price, size) in enumerate(trades))
    orders.take(Record(0, time, Frame(NOON + time, trades=made)), NOON + time)


def test_frames_are_kept_for_a_time_and_in_a_number_of_events() -> None:
    recent = RecentFrames(max_events=100)
    for number in range(50):
        ticks = tuple(Tick(Symbol(f"A{n}"), NOON, "1", volume_24h="7") for n in range(30))
        recent.add(Frame(NOON, ticks, trades=(Trade(BTC, NOON, "1", "1", number),)))
    assert len(recent) == 93
    assert [trade.trade_id for trades, _ in recent.of(BTC) for trade in trades] == [47, 48, 49]
    assert {tick for _, ticks in recent.of(Symbol("A7")) for tick in ticks} == {Tick(Symbol("A7"), NOON, "1")}
    recent.add(Frame(NOON + 31_000))
    assert len(recent) == 0
    recent.add(Frame(NOON, tuple(Tick(BTC, NOON, "1") for _ in range(101))))
    assert len(recent) == 0


def test_events_of_one_time_are_bounded_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbol_orders, "REPLAYED_EVENTS", 4)
    orders = orders_of(order(1))
    take(orders, 1, *[("89.5", "0.1")] * 3, *[("95", "0.1")] * 4)
    assert len(orders._books[BTC].orders._log._events) == 4
    late = orders.load(OpenOrderChanges((replace(order(2), priority=2),), frozenset(), "2"), NOON)
    assert late == []


def test_dates_of_orders_that_are_gone_are_forgotten() -> None:
    orders = orders_of(order(1, dated=True))
    for number in range(2, 400):
        orders.load(OpenOrderChanges((order(number, dated=True),), frozenset(), "1"), NOON)
        orders.load(OpenOrderChanges((), frozenset({number}), "1"), NOON)
    for version in range(2, 400):
        amended = replace(order(1, dated=True), version=version, priority=1_000 + version)
        orders.load(OpenOrderChanges((amended,), frozenset(), "1"), NOON)
    engine = orders._books[BTC].orders._engine
    kept = (
        len(orders._dated[0]),
        len(engine._times._dates),
        len(engine._times._accepted),
        len(engine.places._starting),
    )
    assert max(kept) <= 2 + matched_orders.SPARE_DATES
    expired = orders.take(Record(0, 1, Frame(NOON + 2 * 86_400_000)), NOON)
    assert [each.effect.order_id for each in expired] == [1]


def test_states_of_a_price_are_built_when_they_are_asked_for_and_once() -> None:
    orders = orders_of(*(order(number, queue=str(10 * number)) for number in range(1, 4)))
    take(orders, 1, ("90", "2"))
    take(orders, 2, ("90", "3"))
    assert {each.order_id: each.queue_ahead for each in orders.states()} == {1: 5, 2: 15, 3: 25}
    assert orders.states() == []
    take(orders, 3, ("90.01", "3"))
    assert orders.states() == []
