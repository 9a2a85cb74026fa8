"""One confirmation places all orders of a group, each at most once, and tells the result of every one."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from core.outbox import kind_of
from people.notifications.notices import decode
from tests.fakes.priced_market import BTC, COIN, ETH
from tests.support.group_house import HALVES, GroupHouse, told
from trading.limits.types import LimitKind
from trading.order_groups.errors import GroupInProgress
from trading.order_groups.notices import GroupPlaced
from trading.order_groups.ports import CLAIM_MS
from trading.orders.types import Side

D = Decimal
ALL_DONE = [(Side.SELL, BTC, "done"), (Side.BUY, COIN, "done")]


async def test_a_group_reaches_the_weights_of_its_preview(house: GroupHouse) -> None:
    account = await house.stocked()
    shown = await house.plan(account)
    assert await house.counts() == 2, "a preview has no effect"
    assert [(each.side, each.symbol) for each in shown.group.orders] == [(Side.SELL, BTC), (Side.BUY, COIN)]
    assert [float(shown.after[each]) for each in HALVES] == pytest.approx([0.5, 0.5], abs=0.001)
    assert shown.untraded == ()
    result = await house.groups.place(account, "group:1:a", shown.group)
    assert told(result) == ALL_DONE
    assert not result.reduced
    assert [receipt.execution.quantity for receipt in result.placed] == [each.quantity for each in shown.executions]
    again = await house.plan(account)
    assert {each: round(again.before[each], 8) for each in HALVES} == {
        each: round(shown.after[each], 8) for each in HALVES
    }


async def test_the_same_confirmation_places_nothing_again(house: GroupHouse) -> None:
    account = await house.stocked()
    group = (await house.plan(account)).group
    first = await house.groups.place(account, "group:1:a", group)
    assert await house.groups.place(account, "group:1:a", group) == first
    house.restart()
    assert await house.groups.place(account, "group:1:a", group) == first
    assert await house.counts() == 4


async def test_a_hundred_presses_at_once_place_each_order_once(house: GroupHouse) -> None:
    account = await house.stocked()
    group = (await house.plan(account)).group
    pressed = (house.groups.place(account, "group:1:a", group) for _ in range(100))
    answers = await asyncio.gather(*pressed, return_exceptions=True)
    assert {type(each) for each in answers if isinstance(each, BaseException)} <= {GroupInProgress}
    assert told(await house.groups.place(account, "group:1:a", group)) == ALL_DONE
    assert await house.counts() == 4


async def test_purchases_are_scaled_to_what_the_sales_brought(house: GroupHouse) -> None:
    account = await house.stocked()
    shown = await house.plan(account)
    house.say("99.7")
    result = await house.groups.place(account, "group:1:a", shown.group)
    sale, purchase = result.placed
    assert sale.execution.received < shown.executions[0].received
    assert result.reduced
    assert sale.execution.received - D(2) < purchase.execution.quote_amount <= sale.execution.received


async def test_a_refusal_in_the_middle_is_named_and_stops_no_other(house: GroupHouse) -> None:
    account = await house.stocked()
    group = (await house.plan(account, {BTC: D("0.4"), ETH: D("0.2"), COIN: D("0.4")})).group
    assert [(each.side, each.symbol) for each in group.orders] == [
        (Side.SELL, ETH),
        (Side.SELL, BTC),
        (Side.BUY, COIN),
    ]
    house.say("98")
    result = await house.groups.place(account, "group:1:a", group)
    expected = [(Side.SELL, ETH, "done"), (Side.SELL, BTC, "price-moved"), (Side.BUY, COIN, "done")]
    assert told(result) == expected
    bought = result.placed[-1].execution.quote_amount
    assert bought <= result.placed[0].execution.received, "only the sale of ETH pays"
    house.say("100")
    assert told(await house.groups.place(account, "group:1:a", group)) == expected, "it is not tried again"
    assert await house.counts() == 4


async def test_limits_are_named_in_the_preview_and_kept_by_the_orders(house: GroupHouse) -> None:
    account = await house.stocked()
    before = (await house.plan(account)).group
    await house.limit(account, LimitKind.ORDER, "5000")
    shown = await house.plan(account)
    assert [(each.symbol, each.reason.code()) for each in shown.untraded if each.symbol == COIN] == [
        (COIN, "limit-reached")
    ]
    assert [each.side for each in shown.group.orders] == [Side.SELL]
    result = await house.groups.place(account, "group:1:a", before)
    assert told(result) == [(Side.SELL, BTC, "done"), (Side.BUY, COIN, "limit-reached")]


async def test_coins_on_hold_are_named_and_so_are_the_purchases_that_they_would_pay(house: GroupHouse) -> None:
    account = await house.stocked()
    await house.rest(account, "1", "150", Side.SELL)
    shown = await house.plan(account, {BTC: D(0), ETH: D("0.5"), COIN: D("0.5")})
    assert shown.group.orders == ()
    assert {each.symbol: each.reason.code() for each in shown.untraded} == {
        BTC: "coin-on-hold",
        COIN: "nothing-to-pay-with",
        ETH: "nothing-to-pay-with",
    }
    assert shown.after == shown.before


async def test_a_change_below_the_minimum_is_named(house: GroupHouse) -> None:
    account = await house.stocked()
    near = (await house.plan(account, {BTC: D(0), ETH: D(0)})).before[BTC]
    weight = D(f"{near:.5f}")
    shown = await house.plan(account, {BTC: weight, ETH: 1 - weight})
    assert shown.group.orders == ()
    assert {each.reason.code() for each in shown.untraded} == {"change-too-small"}


async def test_cash_is_spent_and_kept_by_its_weight(house: GroupHouse) -> None:
    account = await house.stocked()
    shown = await house.plan(account, {BTC: D("0.6"), ETH: D("0.1")}, with_cash=True)
    assert [each.side for each in shown.group.orders] == [Side.BUY, Side.BUY]
    assert float(shown.cash_after or 0) == pytest.approx(0.3, abs=0.001)
    assert told(await house.groups.place(account, "group:1:a", shown.group))[0] == (Side.BUY, BTC, "done")
    shown = await house.plan(account, {BTC: D("0.29"), ETH: D("0.11")}, with_cash=True)
    assert shown.group.cash < 0, "the purchase of ETH leaves most of what BTC brings"
    await house.groups.place(account, "group:1:b", shown.group)
    after = await house.plan(account, {BTC: D("0.29"), ETH: D("0.11")}, with_cash=True)
    assert float(after.cash_before or 0) == pytest.approx(0.6, abs=0.001)


async def test_a_reset_meanwhile_ends_the_group(house: GroupHouse) -> None:
    account = await house.stocked()
    group = (await house.plan(account)).group
    await house.desk.reset(account, "again")
    result = await house.groups.place(account, "group:1:a", group)
    assert {outcome for *_, outcome in told(result)} == {"group-outdated"}
    assert await house.counts() == 2


async def test_a_group_that_another_process_places_is_left_to_it_until_that_is_dead(house: GroupHouse) -> None:
    account = await house.stocked()
    group = (await house.plan(account)).group
    place = house.ledger.place

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    house.ledger.place = dies  # type: ignore[assignment, method-assign]
    with pytest.raises(asyncio.CancelledError):
        await house.groups.place(account, "group:1:a", group)
    house.ledger.place = place  # type: ignore[method-assign]
    with pytest.raises(GroupInProgress):
        await house.groups.place(account, "group:1:a", group)
    assert await house.groups.resume() == 0
    house.pass_time(timedelta(milliseconds=CLAIM_MS))
    assert await house.groups.resume() == 1
    assert await house.groups.resume() == 0
    (row,) = await house.pool.fetch("SELECT kind, body FROM outbox")
    notice = decode(row["body"])
    assert isinstance(notice, GroupPlaced)
    assert row["kind"] == kind_of(notice)
    assert [(each.side, each.symbol, each.obstacle) for each in notice.orders] == [
        (Side.SELL, BTC, None),
        (Side.BUY, COIN, None),
    ]
    assert await house.counts() == 4


async def test_what_was_interrupted_too_long_ago_is_not_placed_any_more(house: GroupHouse) -> None:
    account = await house.stocked()
    shown = await house.plan(account)
    place = house.ledger.place

    async def once(*arguments: object) -> object:
        house.ledger.place = dies  # type: ignore[assignment, method-assign]
        return await place(*arguments)  # type: ignore[arg-type]

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    house.ledger.place = once  # type: ignore[assignment, method-assign]
    with pytest.raises(asyncio.CancelledError):
        await house.groups.place(account, "group:1:a", shown.group)
    house.ledger.place = place  # type: ignore[method-assign]
    house.pass_time(timedelta(minutes=11))
    result = await house.groups.place(account, "group:1:a", shown.group)
    assert told(result) == [(Side.SELL, BTC, "done"), (Side.BUY, COIN, "group-too-late")]
