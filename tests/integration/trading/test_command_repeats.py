"""Orders repeated or sent at once: one command makes one order, on real PostgreSQL."""

import asyncio
from decimal import Decimal

import pytest

from tests.fakes.priced_market import BTC, ETH, PricedMarket
from tests.integration.trading.desk_figures import GRANT
from trading.desk import Desk
from trading.errors import IdempotencyKeyReused, InsufficientFunds
from trading.orders.types import BaseQuantity, Share, Side
from trading.ports import Account

D = Decimal


async def test_the_same_command_takes_effect_once_and_gives_the_same_answer(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    first = await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    market.say(BTC, "149.99", "150.01")
    assert await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D("2.0"))) == first
    assert (await desk.balances(account))[0].available == D("999799.98")


async def test_a_repeated_command_gets_its_answer_even_where_nothing_trades_now(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(2)))
    sold = await desk.place(account, "all", Side.SELL, BTC, Share(D(1)))
    market.time += 60_000
    assert await desk.place(account, "all", Side.SELL, BTC, Share(D(1))) == sold
    market.down = True
    assert await desk.place(account, "all", Side.SELL, BTC, Share(D(1))) == sold


async def test_the_same_command_with_another_body_is_refused(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    other = await desk.open(2, "start-2")
    for again in (
        desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(3))),
        desk.place(account, "c1", Side.BUY, ETH, BaseQuantity(D(2))),
        desk.place(account, "c1", Side.SELL, BTC, BaseQuantity(D(2))),
        desk.place(other, "c1", Side.BUY, BTC, BaseQuantity(D(2))),
        desk.reset(account, "c1"),
        desk.place(account, "start", Side.BUY, BTC, BaseQuantity(D(2))),
    ):
        with pytest.raises(IdempotencyKeyReused):
            await again
    market.time += 60_000
    with pytest.raises(IdempotencyKeyReused):
        await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(3)))


async def test_copies_of_one_command_at_once_make_one_order(desk: Desk, account: Account) -> None:
    answers = await asyncio.gather(
        *(desk.place(account, "press", Side.BUY, BTC, BaseQuantity(D(1))) for _ in range(40))
    )
    assert len({answer.order_id for answer in answers}) == 1
    assert all(answer == answers[0] for answer in answers)
    assert (await desk.balances(account))[0].available == GRANT - D("100.01")


async def test_two_accounts_that_race_for_one_command_id_make_one_order(desk: Desk) -> None:
    accounts = [await desk.open(person, f"start-{person}") for person in range(8)]
    answers = await asyncio.gather(
        *(desk.place(account, "same", Side.BUY, BTC, BaseQuantity(D(1))) for account in accounts),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, IdempotencyKeyReused) for answer in answers) == 7


async def test_eight_tasks_with_a_hundred_buys_each_are_charged_exactly_or_refused(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    market.say(BTC, "3989.99", "3990.01", size="100000")
    charged, refused = [], []

    async def trader(name: int) -> None:
        for number in range(100):
            try:
                receipt = await desk.place(account, f"{name}-{number}", Side.BUY, BTC, BaseQuantity(D(1)))
                charged.append(receipt.execution.quote_amount)
            except InsufficientFunds:
                refused.append(number)

    await asyncio.gather(*map(trader, range(8)))
    assert len(charged) + len(refused) == 800
    assert len(charged) == int(GRANT / D("3990.01"))
    cash, bitcoin = await desk.balances(account)
    assert cash.available == GRANT - sum(charged)
    assert bitcoin.available == len(charged) * D("0.999")
