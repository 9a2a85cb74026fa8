"""Two commands that meet at one order: exactly one of them wins, however they meet.

`PAPERDESK_RACES` sets the number of races of each kind.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Awaitable
from typing import TYPE_CHECKING

import asyncpg
import pytest

from core.errors import Refused
from tests.support.resting_house import GRANT, MARKET, NOON, D, RestingHouse, limit, stop
from tests.support.trading_house import AT, owner_of
from trading.ledger.ports import BalanceConflict
from trading.orders.bookings import Amendment, BookedEffect
from trading.orders.effects import Activated, Expired
from trading.orders.errors import OrderNotOpen
from trading.orders.open_orders import EndReason, ListKind, OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.types import Side
from trading.ports import Account

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

RACES = int(os.environ.get("PAPERDESK_RACES", "24"))
LOST = (OrderNotOpen, BalanceConflict, Refused)
chance = random.Random(4)  # noqa: S311 - who comes first


async def met(*calls: Awaitable[object]) -> list[object]:
    """Runs calls at once, each a moment early or late; returns their answers."""

    async def late(call: Awaitable[object]) -> object:
        await asyncio.sleep(chance.choice((0, 0, 0.0005, 0.001, 0.002)))
        return await call

    answers = await asyncio.gather(*map(late, calls), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, LOST):
            raise answer
    return list(answers)


def amendment(
    order: OrderRecord,
    version: int,
    price: str | None = None,
    quantity: str | None = None,
    stop_price: str | None = None,
) -> Amendment:
    terms = order.terms
    size = terms.quantity if quantity is None else D(quantity)
    new = terms.limit_price if price is None else D(price)
    bound = new if terms.side is Side.BUY else None
    return Amendment(
        order.order_id, version, size, new, None if stop_price is None else D(stop_price), bound, D(0), None,
        loses_place=True,
    )  # fmt: skip


async def test_a_cancel_or_a_fill(house: RestingHouse) -> None:
    account, won = await house.account(), Counter[str]()
    for _ in range(RACES):
        (order,) = (await house.accept(account, limit(Side.BUY, "0.01", "100"))).orders
        fill = house.store.apply(MARKET, [house.booked(order, "0.01", "100", 1)], [], None, house.command())
        ended, applied = await met(
            house.store.cancel(account.account_id, [order.order_id], None, house.command()), fill
        )
        filled = not applied.gone  # type: ignore[attr-defined]
        assert filled is isinstance(ended, OrderNotOpen)
        seen = await house.seen(account, order)
        assert seen.status is (OrderStatus.FILLED if filled else OrderStatus.CANCELED)
        assert (await house.money(account))[1] == 0
        won["fill" if filled else "cancel"] += 1
    assert sum(won.values()) == RACES


async def test_an_amendment_or_a_fill(house: RestingHouse) -> None:
    account, won = await house.account(), Counter[str]()
    for _ in range(RACES):
        (order,) = (await house.accept(account, limit(Side.BUY, "0.02", "100"))).orders
        change = amendment(order, 1, "90")
        fill = house.store.apply(MARKET, [house.booked(order, "0.01", "100", 1)], [], None, house.command())
        amended, applied = await met(house.store.amend(account.account_id, change, house.command()), fill)
        filled = not applied.gone  # type: ignore[attr-defined]
        assert filled is isinstance(amended, BalanceConflict)
        seen = await house.seen(account, order)
        assert (seen.filled, seen.limit_price) == ((D("0.01"), 100) if filled else (0, 90))
        assert (await house.money(account))[1] == (D(1) if filled else D("1.8"))
        await house.store.cancel(account.account_id, [order.order_id], None, house.command())
        won["fill" if filled else "amendment"] += 1
    assert sum(won.values()) == RACES


async def test_a_reset_or_a_fill(house: RestingHouse) -> None:
    account, won = await house.account(), Counter[OrderStatus]()
    for _ in range(RACES):
        (order,) = (await house.accept(account, limit(Side.BUY, "0.01", "100"))).orders
        fill = house.store.apply(MARKET, [house.booked(order, "0.01", "100", 1)], [], None, house.command())
        _, applied = await met(house.ledger.reset(account, GRANT, house.command()), fill)
        seen = await house.seen(account, order)
        assert (seen.status is OrderStatus.FILLED) is not bool(applied.gone)  # type: ignore[attr-defined]
        assert seen.status in {OrderStatus.FILLED, OrderStatus.CANCELED}
        assert await house.money(account) == (GRANT, 0)
        assert await house.money(account, "BTC") == (0, 0)
        won[seen.status] += 1
    assert sum(won.values()) == RACES


@pytest.mark.parametrize("how", ["merge", "close"])
async def test_the_end_of_an_account_or_a_fill(house: RestingHouse, dsn: str, how: str) -> None:
    target, won = await house.account(), Counter[OrderStatus]()
    async with owner_of(dsn) as owner:
        for number in range(RACES):
            account = await house.account(2 + number)
            (order,) = (await house.accept(account, limit(Side.BUY, "0.01", "100"))).orders
            fill = house.store.apply(MARKET, [house.booked(order, "0.01", "100", 1)], [], None, house.command())
            before = await house.money(target)
            _, applied = await met(gone(owner, how, account, target), fill)
            status = await owner.fetchval("SELECT status FROM order_record WHERE id = $1", order.order_id)
            assert (status == OrderStatus.FILLED) is not bool(applied.gone)  # type: ignore[attr-defined]
            after = await house.money(target)
            paid = D(1) if how == "merge" and status == OrderStatus.FILLED else D(0)
            assert (before[0] - after[0], after[1]) == (paid, 0)
            won[OrderStatus(status)] += 1
    assert sum(won.values()) == RACES


async def gone(owner: "asyncpg.Connection[asyncpg.Record]", how: str, account: Account, target: Account) -> None:
    """Merges the account into another, as settle_join does, or closes it."""
    async with owner.transaction():
        numbers = [account.account_id, target.account_id]
        await owner.execute(
            "SELECT FROM balance b JOIN account a ON a.id = b.account_id AND a.quote_asset = b.asset"
            " WHERE a.id = ANY($1::bigint[]) ORDER BY a.id FOR UPDATE OF b",
            numbers,
        )
        if how == "merge":
            await owner.execute("SELECT merge_account($1, $2, $3, $4)", *numbers, AT, NOON)
        else:
            await owner.execute("SELECT close_account($1, $2, $3)", account.account_id, AT, NOON)


async def test_a_pair_sells_once_though_one_order_of_it_is_amended_meanwhile(house: RestingHouse) -> None:
    """The fill of one order ends the other, also a version of the other that the matching has not read yet."""
    account = await house.account()
    await house.coins(account, "50")
    for _ in range(RACES):
        pair = (limit(Side.SELL, "0.01", "120"), stop(Side.SELL, "0.01", "90"))
        profit, loss = (await house.accept(account, *pair, kind=ListKind.OCO)).orders
        change = amendment(loss, 1, stop_price="80")
        ends = BookedEffect(Expired(loss.order_id, NOON, EndReason.LIST), version=1)
        effects = [house.booked(profit, "0.01", "120", 1), ends]
        await met(
            house.store.amend(account.account_id, change, house.command()),
            house.store.apply(MARKET, effects, [], None, house.command()),
        )
        seen = [(await house.seen(account, order)).status for order in (profit, loss)]
        assert seen == [OrderStatus.FILLED, OrderStatus.EXPIRED]
        assert (await house.money(account, "BTC"))[1] == 0


async def test_a_bracket_goes_live_though_one_order_of_it_is_amended_meanwhile(house: RestingHouse) -> None:
    account = await house.account()
    for _ in range(RACES):
        wish = (limit(Side.BUY, "0.01", "100"), limit(Side.SELL, "0.01", "120"), stop(Side.SELL, "0.01", "90"))
        entry, profit, loss = (await house.accept(account, *wish, kind=ListKind.OTOCO)).orders
        live = [BookedEffect(Activated(each.order_id, NOON, D("0.00999")), version=1) for each in (profit, loss)]
        effects = [house.booked(entry, "0.01", "100", 1), *live]
        await met(
            house.store.amend(account.account_id, amendment(profit, 1, "130"), house.command()),
            house.store.apply(MARKET, effects, [], None, house.command()),
        )
        seen = [(await house.seen(account, order)).status for order in (profit, loss)]
        assert seen == [OrderStatus.NEW, OrderStatus.NEW]
        assert (await house.money(account, "BTC"))[1] == D("0.00999")
        await house.store.cancel(account.account_id, None, None, house.command())
