"""A desk of resting orders with its worker: from the request to the money, once, whatever is repeated or races."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.outbox import NotificationTarget
from tests.fakes.order_store import MemoryOrderStore
from tests.fakes.priced_market import BTC
from tests.support.matching_house import HOME, MatchingHouse, memory_account, resting_desk, running, until
from trading.errors import IdempotencyKeyReused, InsufficientFunds, PriceMoved
from trading.orders.errors import AmendNothing, OrderNotOpen, TooManyOrders, UnknownOrderId
from trading.orders.open_orders import EndReason, OrderEventKind, OrderStatus
from trading.orders.requests import BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, RelativePrice, TimeInForce
from trading.orders.types import BaseQuantity, Share, Side
from trading.settings import TradingSettings

D = Decimal
TOLD = NotificationTarget(HOME)


def limit(side: Side = Side.BUY, quantity: str = "1", price: str = "90", **more: object) -> OrderRequest:
    return OrderRequest(BTC, side, OrderType.LIMIT, BaseQuantity(D(quantity)), D(price), **more)  # type: ignore[arg-type]


def stop_loss(price: str = "90") -> OrderRequest:
    return OrderRequest(BTC, Side.SELL, OrderType.STOP_LOSS, BaseQuantity(D(1)), stop_price=D(price))


async def test_a_preview_has_no_effect(house: MatchingHouse) -> None:
    desk = house.desk
    plan = await desk.orders.preview(desk.account, limit())
    assert (plan.hold_asset, plan.hold_amount, plan.immediate) == ("USDC", D(90), None)
    assert (await desk.balance("USDC")).held == 0
    assert await desk.orders.open_orders(desk.account) == []


async def test_an_order_rests_fills_and_gives_its_hold_back(house: MatchingHouse) -> None:
    desk = house.desk
    before = await desk.balance("USDC")
    async with running(house.worker):
        placed = await desk.orders.place(desk.account, "buy", limit(), notify=TOLD)
        (order,) = placed.orders
        assert (order.status, placed.receipt) == (OrderStatus.NEW, None)
        assert await desk.balance("USDC") == placed.balances[1]
        assert placed.balances[1].held == 90
        await house.trade(("89", "5"))
        await until(lambda: house.rung > 0)
    after = await desk.balance("USDC")
    assert (after.held, before.total - after.total) == (D(0), D(90))
    assert (await house.record(order)).status is OrderStatus.FILLED
    assert house.rung


async def test_a_limit_within_the_market_fills_at_once(house: MatchingHouse) -> None:
    desk = house.desk
    house.market.pass_time(1)  # another desk bought the coins at the quote before
    house.market.say(BTC, "99.99", "100.01", "0.4")
    placed = await desk.orders.place(desk.account, "buy", limit(price="100.01"), notify=TOLD)
    (order,) = placed.orders
    assert placed.receipt is not None
    assert placed.receipt.parent_id == order.order_id
    assert (order.status, order.filled) == (OrderStatus.PARTIALLY_FILLED, D("0.4"))
    again = await desk.orders.place(desk.account, "more", limit(price="100.01"))
    assert again.orders[0].filled == 0, "what is displayed fills once"


async def test_a_repeated_command_gets_its_first_answer(house: MatchingHouse) -> None:
    desk = house.desk
    first = await desk.orders.place(desk.account, "one", stop_loss())
    house.market.pass_time(1_000)
    house.market.say(BTC, "85", "85.1")  # now the stop would be on the wrong side
    again = await desk.orders.place(desk.account, "one", stop_loss())
    assert [order.order_id for order in again.orders] == [order.order_id for order in first.orders]
    assert len(await desk.orders.open_orders(desk.account)) == 1
    with pytest.raises(IdempotencyKeyReused):
        await desk.orders.place(desk.account, "one", stop_loss("80"))


async def test_more_than_the_account_has_is_refused(house: MatchingHouse) -> None:
    desk = house.desk
    await desk.orders.place(desk.account, "most", limit(quantity="9000"))
    with pytest.raises(InsufficientFunds):
        await desk.orders.place(desk.account, "more", limit(quantity="9000"))
    assert (await desk.balance("USDC")).held == 810_000


async def test_a_share_sizes_by_what_is_available(house: MatchingHouse) -> None:
    desk = house.desk
    await desk.orders.place(desk.account, "first", limit(Side.SELL, "0.5", "110"))
    request = OrderRequest(BTC, Side.SELL, OrderType.LIMIT, Share(D(1)), D(110))
    placed = await desk.orders.place(desk.account, "rest", request)
    balance = await desk.balance("BTC")
    assert placed.orders[0].quantity == balance.held - D("0.5")


async def test_a_cancelled_order_returns_its_hold_once(house: MatchingHouse) -> None:
    desk = house.desk
    before = await desk.balance("USDC")
    (order,) = (await desk.orders.place(desk.account, "buy", limit())).orders
    for _ in range(2):
        (ended,) = await desk.orders.cancel(desk.account, "cancel", order.order_id)
        assert ended.status is OrderStatus.CANCELED
    assert await desk.balance("USDC") == before
    with pytest.raises(OrderNotOpen):
        await desk.orders.cancel(desk.account, "cancel again", order.order_id)
    with pytest.raises(UnknownOrderId):
        await desk.orders.cancel(desk.account, "cancel other", 999_999)


async def test_all_orders_are_cancelled_together(house: MatchingHouse) -> None:
    desk = house.desk
    for number in range(3):
        await desk.orders.place(desk.account, f"buy {number}", limit())
    ended = await desk.orders.cancel_all(desk.account, "all", BTC)
    assert [order.order_id for order in ended] == sorted((order.order_id for order in ended), reverse=True)
    assert len(ended) == 3
    assert (await desk.balance("USDC")).held == 0


async def test_an_amendment_moves_the_hold_and_is_made_once(house: MatchingHouse) -> None:
    desk = house.desk
    (order,) = (await desk.orders.place(desk.account, "buy", limit())).orders
    house.market.pass_time(1_000)
    for _ in range(2):
        amended = await desk.orders.amend(desk.account, "lower", order.order_id, price=D(80))
        assert (amended.limit_price, (await desk.balance("USDC")).held) == (D(80), D(80))
    await desk.orders.amend(desk.account, "less", order.order_id, quantity=D("0.5"))
    assert (await desk.balance("USDC")).held == 40
    with pytest.raises(UnknownOrderId):
        await desk.orders.amend(desk.account, "other", 999_999, price=D(80))


async def test_an_amended_order_is_matched_at_its_new_price(house: MatchingHouse) -> None:
    desk = house.desk
    (order,) = (await desk.orders.place(desk.account, "buy", limit())).orders
    async with running(house.worker):
        await house.knows(order)
        house.market.pass_time(1_000)
        await desk.orders.amend(desk.account, "lower", order.order_id, price=D(80))
        await house.trade(("85", "5"), ("79", "5"))
        await house.caught_up()
    assert (await house.record(order)).average_price == 80


async def test_too_many_orders_are_refused(house: MatchingHouse) -> None:
    desk = resting_desk(house, house.desk.account, house.desk.ledger, TradingSettings(open_orders=1))
    await desk.orders.place(desk.account, "one", limit())
    with pytest.raises(TooManyOrders):
        await desk.orders.place(desk.account, "two", limit())


async def test_a_pair_has_one_hold_and_one_end(house: MatchingHouse) -> None:
    desk = house.desk
    request = OcoRequest(BTC, Side.SELL, BaseQuantity(D(1)), D(110), D(90))
    profit, loss = (await desk.orders.place(desk.account, "pair", request)).orders
    assert (await desk.balance("BTC")).held == 1
    async with running(house.worker):
        await house.knows(profit, loss)
        await house.trade(("89", "1"))
        await house.show("88", "88.1")
        await house.caught_up()
    assert (await house.record(loss)).average_price == 88
    ended = await house.record(profit)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason.LIST)
    assert (await desk.balance("BTC")).held == 0


async def test_a_bracket_goes_live_when_its_entry_fills(house: MatchingHouse) -> None:
    desk = house.desk
    rise, fall = RelativePrice(D("0.1")), RelativePrice(D("-0.05"))
    request = BracketRequest(BTC, Side.BUY, BaseQuantity(D(1)), rise, fall, entry_price=D(90))
    entry, profit, loss = (await desk.orders.place(desk.account, "bracket", request)).orders
    assert {profit.status, loss.status} == {OrderStatus.PENDING_NEW}
    async with running(house.worker):
        await house.knows(entry, profit, loss)
        await house.trade(("89", "5"))
        await house.caught_up()
    assert (await house.record(entry)).status is OrderStatus.FILLED
    live = await house.record(profit)
    assert [event.kind for event in live.events] == [OrderEventKind.ACCEPTED, OrderEventKind.ACTIVATED]
    assert (await desk.balance("BTC")).held == live.quantity
    house.worker = house.another()
    async with running(house.worker):
        await house.knows(profit, loss)
        await house.trade(("100", "5"))
        await house.caught_up()
    assert (await house.record(profit)).status is OrderStatus.FILLED
    assert (await house.record(loss)).events[-1].reason is EndReason.LIST
    assert (await desk.balance("BTC")).held == 0


async def test_an_order_that_takes_or_ends_leaves_no_hold(house: MatchingHouse) -> None:
    desk = house.desk
    house.market.pass_time(1)  # another desk bought the coins at the quote before
    house.market.say(BTC, "99.99", "100.01", "0.4")
    request = limit(price="100.01", time_in_force=TimeInForce.IOC)
    (order,) = (await desk.orders.place(desk.account, "now", request)).orders
    assert (order.status, order.filled) == (OrderStatus.EXPIRED, D("0.4"))
    assert (await desk.balance("USDC")).held == 0


async def test_a_race_of_sizes_is_sized_again() -> None:
    """Another order takes the balance between the plan and the acceptance."""
    store = MemoryOrderStore()
    store.fund(1, "BTC", "2")
    house = MatchingHouse(store)

    class Racing:
        def __init__(self) -> None:
            self.raced = False

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def accept(self, *arguments: object) -> object:
            if not self.raced:
                self.raced = True
                store.money[1, "BTC"] -= 1
            return await store.accept(*arguments)  # type: ignore[arg-type]

    house.store = Racing()  # type: ignore[assignment]
    desk = resting_desk(house, memory_account(), store)
    request = OrderRequest(BTC, Side.SELL, OrderType.LIMIT, Share(D(1)), D(110))
    (order,) = (await desk.orders.place(desk.account, "all", request)).orders
    assert order.quantity == 1


async def test_a_previewed_entry_at_the_market_is_refused_once_the_price_has_moved(house: MatchingHouse) -> None:
    desk = house.desk
    exits = (RelativePrice(D("0.1")), RelativePrice(D("-0.1")))
    request = BracketRequest(BTC, Side.BUY, BaseQuantity(D("0.1")), *exits)
    house.market.say(BTC, "99.99", "100.00", "5")
    plan = await desk.orders.preview(desk.account, request)
    assert plan.immediate is not None
    agreed = replace(request, previewed_price=plan.immediate.average_price)
    house.market.say(BTC, "100.59", "100.60", "5")
    with pytest.raises(PriceMoved):
        await desk.orders.place(desk.account, "moved", agreed)
    house.market.say(BTC, "100.39", "100.40", "5")
    placed = await desk.orders.place(desk.account, "moved", agreed)
    house.market.say(BTC, "119.99", "120.00", "5")
    again = await desk.orders.place(desk.account, "moved", agreed)
    assert [order.order_id for order in again.orders] == [order.order_id for order in placed.orders]


async def test_an_amended_stop_is_what_is_shown(house: MatchingHouse) -> None:
    desk = house.desk
    (order,) = (await desk.orders.place(desk.account, "stop", stop_loss("90"))).orders
    shown = await desk.orders.preview_amendment(desk.account, order.order_id, price=D(92))
    assert (shown.present.stop_price, (await house.record(order)).present.stop_price) == (92, 90)
    changed = await desk.orders.amend(desk.account, "change", order.order_id, price=D(92))
    assert (changed.present.stop_price, changed.terms.stop_price) == (92, 90)
    (listed,) = await desk.orders.open_orders(desk.account)
    assert listed.present.stop_price == 92
    with pytest.raises(AmendNothing):
        await desk.orders.preview_amendment(desk.account, order.order_id, price=D(92))
