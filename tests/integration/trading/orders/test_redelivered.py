"""Writes of a worker that are delivered again: the same call repeated, by another worker, late, or in another order."""

import random

import pytest

from tests.support.order_bank import Bank
from tests.support.resting_house import MARKET, RestingHouse, limit, stop
from tests.support.trading_house import owner_of
from trading.ledger.ports import LedgerCommand
from trading.orders.bookings import BookedEffect
from trading.orders.open_orders import ListKind, OrderStatus
from trading.orders.types import Side

STATE = (
    "SELECT order_id::text, version, filled FROM open_order",
    "SELECT account_id, asset, available, held, cost, realised FROM balance",
    "SELECT order_id, number, kind, status, price, quantity FROM order_event",
    "SELECT parent_id, quantity, quote_amount, received FROM orders",
    "SELECT entry_id, seq, source, target, amount FROM posting",
)


async def state(dsn: str) -> list[list[tuple[object, ...]]]:
    async with owner_of(dsn) as owner:
        return [sorted((tuple(row) for row in await owner.fetch(query)), key=str) for query in STATE]


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_delivered_again_changes_nothing(house: RestingHouse, dsn: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    bank, pair = Bank(house, dsn, seed), (limit(Side.SELL, "1", "110"), stop(Side.SELL, "1"))
    for person in range(1, 5):
        account = await house.account(person)
        await house.coins(account, "10")
        await house.accept(account, *pair, kind=ListKind.OCO)
        await house.accept(account, limit(Side.BUY, "1", "100"), *pair, kind=ListKind.OTOCO)
    sent: list[tuple[list[BookedEffect], LedgerCommand]] = []
    for _ in range(25):
        everything = (await house.store.changes(MARKET, "")).orders
        live = [order for order in everything if order.status is not OrderStatus.PENDING_NEW]
        if not live:
            break
        order = chance.choice(sorted(live, key=lambda each: each.order_id))
        effects, command = bank.effects(order, everything, chance), house.command()
        assert not (await house.store.apply(MARKET, effects, [], None, command)).gone
        sent.append((effects, command))
        after = await state(dsn)
        again = [*chance.choices(sent, k=3), sent[-1]]
        chance.shuffle(again)
        for old, known in again:
            await house.store.apply(MARKET, old, [], None, known)
            await house.store.apply(
                MARKET, old, [], None, house.command()
            )  # another worker, which had decided the same
        assert await state(dsn) == after
    assert len(sent) > 10
