"""Commands that meet: one of them wins, the money is moved once, and nobody waits for the other forever."""

import asyncio
import random
from dataclasses import dataclass, field

import asyncpg
import pytest

from core.errors import Refused
from tests.support.resting_house import GRANT, MARKET, D, RestingHouse, limit, stop
from trading.ledger.order_ports import Applied, OrderState, StreamPosition
from trading.orders.errors import OrderNotOpen
from trading.orders.open_orders import EndReason, ListKind, OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.types import Side
from trading.ports import Account

ROUNDS = 12
Pool = asyncpg.Pool


async def test_a_cancel_and_a_fill_of_the_same_order(house: RestingHouse) -> None:
    account = await house.account()
    outcomes = set()
    for number in range(ROUNDS):
        (order,) = (await house.accept(account, limit(Side.BUY, "1", "100"))).orders
        cancel = house.store.cancel(account.account_id, [order.order_id], None, house.command())
        calls = [cancel, house.fill(order, "1", "100")]
        if number % 2:
            calls.reverse()
        await asyncio.gather(*calls, return_exceptions=True)
        ended = await house.seen(account, order)
        outcomes.add(ended.status)
        assert ended.status in (OrderStatus.CANCELED, OrderStatus.FILLED)
        assert len(ended.events) == 2
    assert (await house.money(account))[1] == 0
    assert outcomes


async def test_two_workers_write_the_same_fill_once(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    fill = [house.booked(order, "1", "100", version=1)]
    answers = await asyncio.gather(*(house.store.apply(MARKET, fill, [], None, house.command()) for _ in range(6)))
    assert sum(not answer.gone for answer in answers) == 1
    assert (await house.seen(account, order)).filled == 1


async def test_of_two_owners_of_a_partition_one_writes(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders

    async def write(before: dict[int, int], after: int) -> Applied:
        position = StreamPosition("log", before, {0: after, 1: after})
        return await house.store.apply(MARKET, [house.booked(order, "0.1", "100")], [], position, house.command())

    for offset in range(4):
        before = {0: offset, 1: offset} if offset else {}
        answers = await asyncio.gather(*(write(before, offset + 1) for _ in range(4)))
        assert sum(not answer.fenced for answer in answers) == 1
    assert (await house.seen(account, order)).filled == D("0.4")


async def test_no_two_acceptances_hold_the_same_money(house: RestingHouse) -> None:
    account = await house.account()
    wish = limit(Side.BUY, "6000", "100")
    answers = await asyncio.gather(*(house.accept(account, wish) for _ in range(5)), return_exceptions=True)
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert await house.money(account) == (GRANT - 600_000, 600_000)


async def test_a_command_sent_twice_at_once_accepts_once(house: RestingHouse) -> None:
    account = await house.account()
    new, command = house.new(account, limit()), house.command()
    answers = await asyncio.gather(*(house.store.accept(new, command) for _ in range(6)))
    assert len({answer.orders[0].order_id for answer in answers}) == 1
    assert await house.money(account) == (GRANT - 200, 200)


@dataclass
class Lives:
    """Steps of users and of the market, chosen by chance, that may run at once."""

    house: RestingHouse
    accounts: list[Account]
    chance: random.Random
    orders: list[tuple[Account, OrderRecord]] = field(default_factory=list)

    async def accept(self) -> None:
        account = self.chance.choice(self.accounts)
        if self.chance.random() < 0.5:
            terms, kind = (limit(self.chance.choice(list(Side)), "1.5", "100"),), None
        else:
            terms, kind = (limit(Side.SELL, "1", "120"), stop(Side.SELL, "1")), ListKind.OCO
        placed = await self.house.accept(account, *terms, kind=kind)
        self.orders.extend((account, order) for order in placed.orders)

    async def trade(self) -> None:
        chosen = self.chance.sample(self.orders, min(4, len(self.orders)))
        parts = [self.house.booked(order, self.chance.choice(["0.3", "0.5", "1"]), "100") for _, order in chosen]
        states = [OrderState(order.order_id, D(1), None, 1) for _, order in self.orders[-5:]]
        await self.house.store.apply(MARKET, parts, states, None, self.house.command())

    async def cancel(self) -> None:
        for account, order in self.orders and [self.chance.choice(self.orders)]:
            await self.house.store.cancel(account.account_id, [order.order_id], None, self.house.command())

    async def expire(self) -> None:
        symbols = [self.house.rules.symbol] if self.chance.random() < 0.3 else []
        await self.house.store.expire(MARKET, symbols, EndReason.DELISTED, self.house.command())

    async def reset(self) -> None:
        await self.house.ledger.reset(self.chance.choice(self.accounts), GRANT, self.house.command())


@pytest.mark.parametrize("seed", range(3))
async def test_many_lives_at_once_end_with_an_honest_ledger(house: RestingHouse, seed: int) -> None:
    lives = Lives(house, [await house.account(person) for person in range(1, 4)], random.Random(seed))  # noqa: S311
    for account in lives.accounts:
        await house.coins(account, "20")
    steps = [lives.accept] * 4 + [lives.trade] * 3 + [lives.cancel, lives.expire, lives.reset]
    for _ in range(15):
        chosen = [lives.chance.choice(steps)() for _ in range(6)]
        for answer in await asyncio.gather(*chosen, return_exceptions=True):
            assert answer is None or isinstance(answer, Refused), answer
    assert any([(await house.seen(account, order)).filled for account, order in lives.orders])
    for account in lives.accounts:
        holds = {order.hold for order in await house.store.open_orders(account.account_id, None) if order.hold}
        assert (await house.money(account))[1] == sum(hold.amount for hold in holds if hold.asset == "USDC")


async def test_cancelling_twice_at_once_ends_once(house: RestingHouse) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    wishes = [house.store.cancel(account.account_id, [order.order_id], None, house.command()) for _ in range(4)]
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert sum(isinstance(answer, OrderNotOpen) for answer in answers) == 3
    assert await house.money(account) == (GRANT, 0)
