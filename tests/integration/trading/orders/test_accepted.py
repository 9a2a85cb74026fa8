"""Orders are accepted, held for, filled at once and refused, on real PostgreSQL."""

from dataclasses import replace

import pytest

from tests.support.resting_house import GRANT, NOON, D, RestingHouse, limit, stop
from trading.errors import IdempotencyKeyReused, InsufficientFunds, NoAccount, NothingToSell, TradingHalted
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Activated, Expired
from trading.orders.errors import OrderNotOpen, TooManyOrders, UnknownOrderId
from trading.orders.open_orders import EndReason, ListKind, ListRole, OrderEventKind, OrderStatus
from trading.orders.types import Side


async def test_a_purchase_holds_its_limit_and_is_read_as_accepted(house: RestingHouse) -> None:
    account = await house.account()
    placed = await house.accept(account, limit(Side.BUY, "2", "100"))
    (order,) = placed.orders
    assert placed.receipt is None
    assert (order.status, order.quantity, order.filled, order.limit_price) == (OrderStatus.NEW, D(2), D(0), D(100))
    assert order.hold is not None
    assert (order.hold.asset, order.hold.amount) == ("USDC", D(200))
    assert [(balance.available, balance.held) for balance in placed.balances] == [(0, 0), (GRANT - 200, 200)]
    seen = await house.seen(account, order)
    assert [event.kind for event in seen.events] == [OrderEventKind.ACCEPTED]
    assert await house.store.open_orders(account.account_id, None) == [order]
    opened = await house.store.open_order(account.account_id, order.order_id)
    assert opened is not None
    assert (opened.version, opened.accepted_at, opened.terms, opened.hold) == (1, NOON, order.terms, order.hold)
    assert (opened.priority, opened.received, opened.amended_stop) == (order.order_id, 0, None)


async def test_a_repeated_command_accepts_once(house: RestingHouse) -> None:
    account = await house.account()
    new, command = house.new(account, limit()), house.command()
    first = await house.store.accept(new, command)
    assert await house.store.accept(new, command) == first
    assert await house.money(account) == (GRANT - 200, 200)
    with pytest.raises(IdempotencyKeyReused):
        await house.store.accept(new, replace(command, body=bytes(32)))


async def test_what_cannot_be_paid_is_refused_and_writes_nothing(house: RestingHouse) -> None:
    account = await house.account()
    with pytest.raises(InsufficientFunds) as short:
        await house.accept(account, limit(Side.BUY, "20000", "100"))
    assert (short.value.needed, short.value.available, short.value.missing) == (2_000_000, GRANT, 1_000_000)
    with pytest.raises(NothingToSell):
        await house.accept(account, limit(Side.SELL, "1", "100"))
    with pytest.raises(NoAccount):
        await house.accept(replace(account, account_id=99), limit())
    assert await house.store.open_orders(account.account_id, None) == []
    assert await house.money(account) == (GRANT, 0)


async def test_a_hold_cannot_be_spent_by_a_market_order_nor_held_twice(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "2")
    have, _ = await house.money(account, "BTC")
    await house.accept(account, limit(Side.SELL, f"{have}", "120"))
    assert await house.money(account, "BTC") == (0, have)
    with pytest.raises(InsufficientFunds):
        await house.accept(account, stop(Side.SELL, f"{have}", "90"))


async def test_open_orders_are_bounded_by_symbol_and_in_all(house: RestingHouse) -> None:
    account = await house.account()
    for _ in range(5):
        await house.accept(account, limit())
    with pytest.raises(TooManyOrders) as many:
        await house.accept(account, limit())
    assert many.value.limit == 5
    with pytest.raises(TooManyOrders) as many:
        await house.store.accept(house.new(account, limit(), max_open=3), house.command())
    assert many.value.limit == 3


async def test_a_halted_desk_accepts_nothing_and_still_cancels(house: RestingHouse, dsn: str) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    await house.ledger._database.fetch("SELECT set_trading(true, 'maintenance')")
    with pytest.raises(TradingHalted):
        await house.accept(account, limit())
    with pytest.raises(TradingHalted):
        await house.fill(order, "1", "100")
    (ended,) = await house.store.cancel(account.account_id, [order.order_id], None, house.command())
    assert ended.status is OrderStatus.CANCELED


async def test_what_fills_at_once_is_paid_from_the_hold_and_its_rest_expires(house: RestingHouse) -> None:
    account = await house.account()
    (shape,) = (await house.accept(account, limit())).orders
    at_once = house.booked(replace(shape, order_id=0), "1.5", "99")
    effects = (at_once, BookedEffect(Expired(0, NOON, EndReason.IMMEDIATE)))
    placed = await house.store.accept(house.new(account, limit(), effects=effects), house.command())
    (order,) = placed.orders
    assert placed.receipt is not None
    assert placed.receipt.parent_id == order.order_id
    assert (placed.receipt.execution.quantity, placed.receipt.execution.quote_amount) == (D("1.5"), D("148.5"))
    assert (order.status, order.filled, order.average_price) == (OrderStatus.EXPIRED, D("1.5"), D(99))
    assert order.hold is None
    # Those 200 are of the first order; the improvement and the rest of the second are free again.
    assert await house.money(account) == (GRANT - 200 - D("148.5"), 200)


async def test_a_bracket_goes_live_with_what_its_entry_received(house: RestingHouse) -> None:
    account = await house.account()
    (shape,) = (await house.accept(account, limit())).orders
    await house.store.cancel(account.account_id, None, None, house.command())
    legs = (limit(Side.SELL, "2", "120"), stop(Side.SELL, "2", "90"))
    effects = (
        house.booked(replace(shape, order_id=0), "2", "100"),
        BookedEffect(Activated(1, NOON, D("1.998"))),
        BookedEffect(Activated(2, NOON, D("1.998"))),
    )
    placed = await house.store.accept(
        house.new(account, limit(), *legs, kind=ListKind.OTOCO, effects=effects), house.command()
    )
    entry, profit, loss = placed.orders
    assert (entry.status, profit.status, loss.status) == (OrderStatus.FILLED, OrderStatus.NEW, OrderStatus.NEW)
    assert profit.hold == loss.hold
    assert profit.quantity == D("1.998")
    assert profit.place is not None
    assert (profit.place.kind, profit.place.role) == (ListKind.OTOCO, ListRole.LIMIT)
    assert await house.money(account, "BTC") == (0, D("1.998"))


async def test_a_cancelled_order_gives_back_its_money_once(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    command = house.command()
    (ended,) = await house.store.cancel(account.account_id, [order.order_id], None, command)
    assert (ended.status, ended.hold) == (OrderStatus.CANCELED, None)
    assert await house.store.cancel(account.account_id, [order.order_id], None, command) == [ended]
    assert await house.money(account) == (GRANT, 0)
    with pytest.raises(OrderNotOpen) as closed:
        await house.store.cancel(account.account_id, [order.order_id], None, house.command())
    assert closed.value.status == "CANCELED"
    with pytest.raises(UnknownOrderId):
        await house.store.cancel(account.account_id, [99], None, house.command())


async def test_the_order_of_somebody_else_is_unknown(house: RestingHouse) -> None:
    account, other = await house.account(), await house.account(2)
    (order,) = (await house.accept(account, limit())).orders
    with pytest.raises(UnknownOrderId):
        await house.store.cancel(other.account_id, [order.order_id], None, house.command())
    assert await house.store.order(other.account_id, order.order_id) is None
    assert await house.store.open_order(other.account_id, order.order_id) is None


async def test_cancelling_one_of_a_pair_ends_both(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "3")
    pair = (await house.accept(account, limit(Side.SELL, "2", "120"), stop(), kind=ListKind.OCO)).orders
    assert pair[0].hold == pair[1].hold
    assert (await house.money(account, "BTC"))[1] == 2
    ended = await house.store.cancel(account.account_id, [pair[0].order_id], None, house.command())
    assert [order.order_id for order in ended] == [pair[1].order_id, pair[0].order_id]
    seen = [await house.seen(account, order) for order in pair]
    assert [order.events[-1].reason for order in seen] == [EndReason.USER, EndReason.LIST]
    assert (await house.money(account, "BTC"))[1] == 0


async def test_all_orders_of_a_symbol_are_cancelled_together(house: RestingHouse) -> None:
    account = await house.account()
    for price in ("90", "80"):
        await house.accept(account, limit(Side.BUY, "1", price))
    command = house.command()
    ended = await house.store.cancel(account.account_id, None, house.rules.symbol, command)
    assert [order.limit_price for order in ended] == [80, 90]
    assert await house.store.cancel(account.account_id, None, house.rules.symbol, house.command()) == []
    assert await house.money(account) == (GRANT, 0)
