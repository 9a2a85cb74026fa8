"""What the market does to open orders is written once, with its money, on real PostgreSQL."""

from dataclasses import replace

import pytest

from tests.support.resting_house import GRANT, MARKET, NOON, D, RestingHouse, limit, stop
from trading.errors import IdempotencyKeyReused
from trading.ledger.order_ports import OrderState, StreamPosition
from trading.ledger.ports import BalanceConflict
from trading.orders.bookings import Amendment
from trading.orders.effects import Activated, Expired, Triggered
from trading.orders.errors import OrderNotOpen, UnknownOrderId
from trading.orders.open_orders import EndReason, ListKind, OrderEventKind, OrderStatus
from trading.orders.types import Side

E = OrderEventKind


async def test_fills_are_paid_from_the_hold_and_improvement_goes_back(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    assert await house.fill(order, "0.5", "90") == frozenset()
    part = await house.seen(account, order)
    assert (part.status, part.filled, part.average_price) == (OrderStatus.PARTIALLY_FILLED, D("0.5"), D(90))
    assert await house.money(account) == (GRANT - 45 - 150, 150)
    await house.fill(order, "1.5", "100")
    whole = await house.seen(account, order)
    assert (whole.status, whole.filled, whole.average_price) == (OrderStatus.FILLED, 2, D("97.5"))
    assert [event.kind for event in whole.events] == [E.ACCEPTED, E.FILLED, E.FILLED]
    assert await house.money(account) == (GRANT - 195, 0)
    assert await house.money(account, "BTC") == (D("1.998"), 0)
    receipt = await house.ledger.receipt(account.account_id, whole.events[1].execution_id or 0)
    assert receipt is not None
    assert (receipt.parent_id, receipt.execution.maker, receipt.execution.rule) == (order.order_id, True, "queue")


async def test_a_sale_realises_its_profit_while_another_part_is_held(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "10")
    (order,) = (await house.accept(account, limit(Side.SELL, "4", "120"))).orders
    (other,) = (await house.accept(account, limit(Side.SELL, "2", "130"))).orders
    await house.fill(order, "4", "125")
    assert (await house.money(account, "BTC"))[1] == 2
    last = (await house.seen(account, order)).events[-1]
    receipt = await house.ledger.receipt(account.account_id, last.execution_id or 0)
    assert receipt is not None
    assert receipt.realised == D("499.5") - D("400.40040040")
    await house.fill(other, "2", "130")


async def test_an_effect_repeated_with_its_command_takes_place_once(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    effects, command = [house.booked(order, "1", "100")], house.command()
    for _ in range(3):
        assert (await house.store.apply(MARKET, effects, [], None, command)).gone == frozenset()
    assert (await house.seen(account, order)).filled == 1


async def test_an_effect_on_another_version_is_gone(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    assert await house.apply(house.booked(order, "1", "100", version=1)) == frozenset()
    assert await house.apply(house.booked(order, "1", "100", version=1)) == {order.order_id}
    assert (await house.seen(account, order)).filled == 1


@pytest.mark.parametrize(("quantity", "price"), [("2.5", "100"), ("1", "100.01")], ids=["too much", "too dear"])
async def test_a_fill_that_does_not_fit_the_order_is_gone(house: RestingHouse, quantity: str, price: str) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    assert await house.fill(order, quantity, price) == {order.order_id}
    assert (await house.seen(account, order)).filled == 0


async def test_an_ended_order_takes_nothing_more(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    await house.end(order)
    assert await house.fill(order, "1", "100") == {order.order_id}
    assert await house.end(order, EndReason.FUNDS) == {order.order_id}
    ended = await house.seen(account, order)
    assert [(event.kind, event.reason) for event in ended.events[1:]] == [(E.EXPIRED, EndReason.TIME)]


async def test_a_stop_fills_only_after_its_trigger_and_triggers_once(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account)
    (order,) = (await house.accept(account, stop(Side.SELL, "2", "90"))).orders
    assert await house.fill(order, "2", "89") == {order.order_id}
    assert await house.trigger(order, "89.5") == frozenset()
    assert await house.trigger(order, "89.4") == {order.order_id}
    assert (await house.seen(account, order)).triggered
    await house.fill(order, "2", "89")
    done = await house.seen(account, order)
    assert [event.kind for event in done.events] == [E.ACCEPTED, E.TRIGGERED, E.FILLED]
    assert done.events[1].price == D("89.5")


async def test_what_the_hold_does_not_pay_expires_with_funds(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, stop(Side.BUY, "1", "100"))).orders
    await house.trigger(order, "101")
    assert await house.fill(order, "1", "106") == {order.order_id}
    ended = await house.seen(account, order)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason.FUNDS)
    assert await house.money(account) == (GRANT, 0)


async def test_a_pair_shares_its_hold_until_one_is_done(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "3")
    profit, loss = (await house.accept(account, limit(Side.SELL, "2", "120"), stop(), kind=ListKind.OCO)).orders
    await house.apply(house.booked(profit, "0.5", "120"), Expired(loss.order_id, NOON, EndReason.LIST))
    assert (await house.money(account, "BTC"))[1] == D("1.5")
    assert (await house.seen(account, loss)).events[-1].reason is EndReason.LIST
    await house.fill(profit, "1.5", "120")
    assert (await house.money(account, "BTC"))[1] == 0


async def test_the_second_leg_of_a_pair_cannot_take_what_the_first_sold(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "3")
    profit, loss = (await house.accept(account, limit(Side.SELL, "2", "120"), stop(), kind=ListKind.OCO)).orders
    await house.apply(house.booked(profit, "2", "120"), Triggered(loss.order_id, NOON, D(90)))
    assert await house.fill(loss, "2", "90") == {loss.order_id}
    assert (await house.seen(account, loss)).events[-1].reason is EndReason.FUNDS


async def test_pending_orders_hold_nothing_until_they_go_live(house: RestingHouse) -> None:
    account = await house.account()
    legs = (limit(Side.SELL, "2", "120"), stop(Side.SELL, "2", "90"))
    entry, profit, loss = (await house.accept(account, limit(), *legs, kind=ListKind.OTOCO)).orders
    assert (profit.status, profit.hold) == (OrderStatus.PENDING_NEW, None)
    assert await house.fill(profit, "1", "120") == {profit.order_id}
    gone = await house.apply(
        house.booked(entry, "2", "100"),
        Activated(profit.order_id, NOON + 5, D("1.998")),
        Activated(loss.order_id, NOON + 5, D("1.998")),
    )
    assert gone == frozenset()
    assert await house.money(account, "BTC") == (0, D("1.998"))
    live = await house.store.open_order(account.account_id, profit.order_id)
    assert live is not None
    assert (live.accepted_at, live.quantity, live.version) == (NOON + 5, D("1.998"), 2)
    assert live.priority > loss.order_id


async def test_what_was_sold_meanwhile_cannot_go_live(house: RestingHouse) -> None:
    account = await house.account()
    entry, exit_order = (await house.accept(account, limit(), limit(Side.SELL, "2", "120"), kind=ListKind.OTO)).orders
    await house.fill(entry, "2", "100")
    await house.accept(account, limit(Side.SELL, "1", "110"))
    assert await house.activate(exit_order, "1.998") == {exit_order.order_id}
    assert (await house.seen(account, exit_order)).events[-1].reason is EndReason.FUNDS


async def test_what_follows_from_an_effect_that_is_gone_is_gone_too(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account, "5")
    profit, loss = (await house.accept(account, limit(Side.SELL, "2", "120"), stop(), kind=ListKind.OCO)).orders
    entry, pending = (await house.accept(account, limit(), limit(Side.SELL, "2", "120"), kind=ListKind.OTO)).orders
    gone = await house.apply(
        house.booked(profit, "2", "120", version=7),
        Expired(loss.order_id, NOON, EndReason.LIST),
        house.booked(entry, "2", "100", version=7),
        Activated(pending.order_id, NOON, D("1.9")),
    )
    assert gone == {profit.order_id, loss.order_id, entry.order_id, pending.order_id}
    assert (await house.seen(account, loss)).status is OrderStatus.NEW
    assert (await house.seen(account, pending)).status is OrderStatus.PENDING_NEW


async def test_changes_tell_what_is_open_then_what_changed_and_what_ended(house: RestingHouse) -> None:
    account = await house.account()
    first, second = [(await house.accept(account, limit())).orders[0] for _ in range(2)]
    begin = await house.store.changes(MARKET, "")
    assert {order.order_id for order in begin.orders} == {first.order_id, second.order_id}
    assert begin.ended == frozenset()
    await house.fill(first, "1", "100")
    await house.end(second)
    (third,) = (await house.accept(account, limit())).orders
    after = await house.store.changes(MARKET, begin.cursor)
    assert {order.order_id: order.version for order in after.orders} == {first.order_id: 2, third.order_id: 1}
    assert after.ended == {second.order_id}
    filled = next(order for order in after.orders if order.order_id == first.order_id)
    assert (filled.filled, filled.received) == (1, D("0.999"))
    assert (await house.store.changes(MARKET, after.cursor)).orders == ()
    assert (await house.store.changes("elsewhere", "")).orders == ()


async def test_states_are_kept_without_a_new_version(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    await house.store.apply(MARKET, [], [OrderState(order.order_id, D(7), None, 1)], None, house.command())
    opened = await house.store.open_order(account.account_id, order.order_id)
    assert opened is not None
    assert (opened.queue_ahead, opened.version) == (7, 1)


async def test_a_state_of_another_version_is_not_written(house: RestingHouse) -> None:
    """The order is amended between the worker's look and its write. A state follows the effects written with it."""
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    await house.store.amend(account.account_id, amended(order.order_id, 1, "2", "99"), house.command())
    late = OrderState(order.order_id, D(7), None, 1)
    await house.store.apply(MARKET, [], [late], None, house.command())
    opened = await house.store.open_order(account.account_id, order.order_id)
    assert opened is not None
    assert (opened.queue_ahead, opened.version) == (3, 2)
    fill, after = house.booked(order, "1", "99", version=2), OrderState(order.order_id, D(0), None, 3)
    await house.store.apply(MARKET, [fill], [after], None, house.command())
    opened = await house.store.open_order(account.account_id, order.order_id)
    assert opened is not None
    assert (opened.queue_ahead, opened.version) == (0, 3)


async def test_a_moved_position_fences_the_slower_worker(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    first = StreamPosition("kafka:1", {}, {0: 10, 1: 5})
    command = house.command()
    assert not (await house.store.apply(MARKET, [], [], first, command)).fenced
    assert await house.store.positions(MARKET, "kafka:1") == {0: 10, 1: 5}
    assert not (await house.store.apply(MARKET, [], [], first, command)).fenced, "its own repetition"
    fill = [house.booked(order, "1", "100")]
    for before in ({}, {0: 9}, {0: 11}):
        late = StreamPosition("kafka:1", before, {0: 20})
        assert (await house.store.apply(MARKET, fill, [], late, house.command())).fenced
    half = StreamPosition("kafka:1", {0: 10, 1: 4}, {0: 20, 1: 20})
    assert (await house.store.apply(MARKET, fill, [], half, house.command())).fenced
    assert await house.store.positions(MARKET, "kafka:1") == {0: 10, 1: 5}, "nothing of a fenced write stays"
    assert (await house.seen(account, order)).filled == 0
    good = StreamPosition("kafka:1", {0: 10}, {0: 20})
    assert not (await house.store.apply(MARKET, fill, [], good, house.command())).fenced
    assert (await house.seen(account, order)).filled == 1


async def test_symbols_that_leave_the_market_lose_their_orders(house: RestingHouse) -> None:
    accounts = [await house.account(person) for person in (1, 2)]
    orders = [(await house.accept(account, limit())).orders[0] for account in accounts]
    command = house.command()
    ended = await house.store.expire(MARKET, [house.rules.symbol], EndReason.DELISTED, command)
    assert sorted(ended) == [order.order_id for order in orders]
    assert await house.store.expire(MARKET, [house.rules.symbol], EndReason.DELISTED, command) == []
    for account, order in zip(accounts, orders, strict=True):
        assert (await house.seen(account, order)).events[-1].reason is EndReason.DELISTED
        assert await house.money(account) == (GRANT, 0)


def amended(order_id: int, version: int = 1, quantity: str = "2", price: str | None = None) -> Amendment:
    wish = None if price is None else D(price)
    return Amendment(order_id, version, D(quantity), wish, None, wish, D(0), D(3), loses_place=price is not None)


async def test_an_amendment_holds_what_the_order_needs_then(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    before = await house.store.open_order(account.account_id, order.order_id)
    command = house.command()
    dearer = await house.store.amend(account.account_id, amended(order.order_id, 1, "2", "110"), command)
    assert (dearer.limit_price, dearer.terms.limit_price, dearer.status) == (110, 100, OrderStatus.NEW)
    assert await house.money(account) == (GRANT - 220, 220)
    assert await house.store.amend(account.account_id, amended(order.order_id, 1, "2", "110"), command) == dearer
    with pytest.raises(IdempotencyKeyReused):
        await house.store.amend(account.account_id, amended(order.order_id), replace(command, body=bytes(32)))
    less = await house.store.amend(account.account_id, amended(order.order_id, 2, "1"), house.command())
    assert (less.quantity, less.limit_price) == (1, 110)
    assert await house.money(account) == (GRANT - 110, 110)
    after = await house.store.open_order(account.account_id, order.order_id)
    assert before is not None
    assert after is not None
    assert before.priority < after.priority
    assert await house.fill(order, "1", "110") == frozenset()


async def test_an_amendment_of_what_changed_is_refused(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    await house.fill(order, "1", "100")
    with pytest.raises(BalanceConflict):
        await house.store.amend(account.account_id, amended(order.order_id, 1, "3"), house.command())
    await house.end(order)
    with pytest.raises(OrderNotOpen):
        await house.store.amend(account.account_id, amended(order.order_id, 2, "3"), house.command())
    with pytest.raises(UnknownOrderId):
        await house.store.amend(account.account_id, amended(99), house.command())


async def test_a_reset_cancels_what_is_open(house: RestingHouse) -> None:
    account = await house.account()
    await house.coins(account)
    orders = [(await house.accept(account, each)).orders[0] for each in (limit(), stop(Side.SELL, "2", "90"))]
    await house.ledger.reset(account, GRANT, house.command())
    assert await house.money(account) == (GRANT, 0)
    for order in orders:
        ended = await house.seen(account, order)
        assert (ended.status, ended.events[-1].reason) == (OrderStatus.CANCELED, EndReason.RESET)
    lines = (await house.ledger.history(account.account_id, 10, None)).lines
    assert [line.kind for line in lines] == ["reset", "buy", "grant"]
