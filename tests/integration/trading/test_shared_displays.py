"""One display, used by the market orders of several processes and by open orders: never by more than it shows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from core.database import Pool
from tests.fakes.priced_market import BTC, NOON, PricedMarket, levels, rules_for
from tests.integration.trading.desk_figures import WALL
from tests.support.resting_house import MARKET, RestingHouse, limit
from tests.support.trading_house import findings
from trading.desk import Desk
from trading.ledger.order_ports import Applied
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import BestQuote, DisplayedPart, Filled, FillRule
from trading.orders.open_orders import Hold, OpenOrder, OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.types import BaseQuantity, Receipt, Side
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal


@pytest.fixture
async def desks(market: PricedMarket, pool: Pool, dsn: str) -> AsyncIterator[list[Desk]]:
    """Three processes on one database."""
    yield [Desk(market, PostgresLedger(pool), TradingSettings(), lambda: WALL) for _ in range(3)]
    assert await findings(dsn) == []


async def bought(desk: Desk, account: Account, name: str, quantity: str) -> Receipt:
    return await desk.place(account, name, Side.BUY, BTC, BaseQuantity(D(quantity)))


def at_touch(receipts: list[Receipt], price: str) -> Decimal:
    return sum((each.quantity for done in receipts for each in done.execution.fills if each.price == D(price)), D(0))


async def test_processes_that_race_for_one_display_take_no_more_than_it_shows(
    desks: list[Desk], market: PricedMarket
) -> None:
    accounts = [await desks[0].open(person, f"start-{person}") for person in range(6)]
    for turn in range(6):
        market.pass_time(1000)
        market.say(BTC, "99.99", "100.01", size="3")
        receipts = await asyncio.gather(
            *(
                bought(desks[number % 3], account, f"{turn}-{number}", quantity)
                for number, (account, quantity) in enumerate(zip(accounts, "121121", strict=True))
            )
        )
        assert 1 <= at_touch(receipts, "100.01") <= 3, "some may be lost for the moment, none is used twice"
        assert at_touch(receipts, "100.04") <= 3
        assert sum(done.execution.quantity for done in receipts) == 8


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_processes_and_open_orders_do_a_display_is_used_once(
    desks: list[Desk], market: PricedMarket, matching: "Matching", seed: int
) -> None:
    """Market orders of three processes and fills of open orders, with what each of them knows or believes to know."""
    draw, shown = Random(seed), dict[int, int]()  # noqa: S311 - the seed is the test's name
    await matching.account(desks[0], market)
    others = [await desks[0].open(person, f"start-{person}") for person in range(2, 6)]
    waiting = [[others[turn % 4], others[(turn + 1) % 4]] for turn in range(8)]  # an account has few open orders
    for turn in range(8):
        market.pass_time(draw.choice((1100, 2500)))
        shown[market.time] = draw.randint(1, 5)
        market.say(BTC, "99.99", "100.01", size=f"{shown[market.time]}")
        orders = [await matching.placed(waiting[turn][side], "5") for side in range(2)]
        buys = [
            bought(desks[draw.randrange(3)], each, f"{turn}-{each.account_id}", f"{draw.randint(1, 3)}")
            for each in others
        ]
        fills = [
            matching.fill(each, f"{quantity}", f"{draw.randint(0, shown[market.time] - quantity)}", time=market.time)
            for each in orders
            for quantity in (draw.randint(1, shown[market.time]),)
        ]
        work = [*buys, *fills]
        draw.shuffle(work)
        await asyncio.gather(*work)
    used = await matching.pool.fetch(
        "SELECT time_ms, resting + coalesce((SELECT sum(fill.quantity) FROM orders JOIN fill ON order_id = orders.id"
        " WHERE price_time = time_ms AND fill.price = 100.01 AND parent_id IS NULL), 0) AS used FROM display_use"
    )
    assert {row["time_ms"] for row in used} == set(shown)
    assert [row for row in used if row["used"] > shown[row["time_ms"]]] == []


async def test_a_process_continues_behind_what_another_took_of_a_book(desks: list[Desk], market: PricedMarket) -> None:
    account = await desks[0].open(1, "start")
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2"), ("101", "2")))
    first = await bought(desks[0], account, "c1", "1")
    second = await bought(desks[1], account, "c2", "2")
    third = await bought(desks[0], account, "c3", "1")
    assert [[(fill.price, fill.quantity) for fill in done.execution.fills] for done in (first, second, third)] == [
        [(100, 1)],
        [(100, 1), (101, 1)],
        [(101, 1)],
    ]


@pytest.mark.parametrize("later_ms", [0, 500])
async def test_what_an_open_order_takes_is_not_offered_to_market_orders(
    desks: list[Desk], market: PricedMarket, matching: "Matching", later_ms: int
) -> None:
    account = await matching.account(desks[0], market)
    order = await matching.placed(account, "2")
    assert (await matching.fill(order, "2", "0")).taken == {}
    market.pass_time(later_ms)
    done = await bought(desks[0], account, "c1", "2")
    assert [(fill.price, fill.quantity) for fill in done.execution.fills] == [(D("100.01"), 1), (D("100.04"), 1)]


async def test_an_open_order_takes_nothing_that_a_market_order_has_taken(
    desks: list[Desk], market: PricedMarket, matching: "Matching"
) -> None:
    account = await matching.account(desks[0], market)
    order = await matching.placed(account, "3")
    await bought(desks[0], account, "c1", "1")
    refused = await matching.fill(order, "3", "0")
    assert (refused.gone, refused.taken) == ({order.order_id}, {0: D(1)})
    assert (await matching.fill(order, "2", "1", "again")).gone == frozenset()
    assert (await matching.fill(order, "2", "1", "again")).taken == {}, "a repeated call finds its own fill"
    rows = await matching.pool.fetch("SELECT sold, resting FROM display_use")
    assert [tuple(row.values()) for row in rows] == [(1, 2)]


def test_matching_learns_of_the_display_that_market_orders_used() -> None:
    orders = SymbolOrders(BTC, rules_for("BTC"))
    orders.take(BestQuote(NOON, D("100.01"), D(9), D("100.02"), D(3)))
    orders.put(resting(1, "5"))
    (fill,) = orders.take(BestQuote(NOON + 9, D(99), D(9), D("100.01"), D(3)))
    assert isinstance(fill, Filled)
    assert fill.display is not None
    assert (fill.display.start, fill.display.quantity, fill.fills[0].quantity) == (0, 3, 3)
    orders.learn(Side.BUY, fill.display, D(2))
    orders.remove(1)
    (again,) = orders.put(resting(2, "5"))
    assert isinstance(again, Filled)
    assert again.display is not None
    assert (again.display.start, again.fills[0].quantity) == (2, 1)


def resting(number: int, quantity: str) -> OpenOrder:
    terms = limit(Side.BUY, quantity, "100.01")
    size = D(quantity)
    hold = Hold(number, "USDC", size * 200)
    return OpenOrder(
        number, 1, terms, OrderStatus.NEW, 1, NOON, size, D(0), terms.limit_price, hold, D(0), number, hold_price=D(200)
    )


class Matching:
    """A worker that wants to fill purchases at the ask of the quote of `NOON`, which shows 3 at 100.01."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.house = RestingHouse(PostgresOrderStore(pool), PostgresLedger(pool))

    async def account(self, desk: Desk, market: PricedMarket) -> Account:
        market.identity = MARKET.partition(":")[2]
        market.say(BTC, "99.99", "100.01", size="3")
        return await desk.open(1, "start")

    async def placed(self, account: Account, quantity: str) -> OrderRecord:
        return (await self.house.accept(account, limit(Side.BUY, quantity, "100.01"))).orders[0]

    async def fill(self, order: OrderRecord, quantity: str, start: str, command: str = "", time: int = NOON) -> Applied:
        part = DisplayedPart(D("100.01"), time, time - 1000, D(start), D(quantity))
        booked = self.house.booked(order, quantity, "100.01", version=1)
        assert isinstance(booked.effect, Filled)
        effect = replace(booked.effect, rule=FillRule.QUOTE_THROUGH, display=part)
        return await self.house.store.apply(
            MARKET, [replace(booked, effect=effect)], [], None, self.house.command(command)
        )


@pytest.fixture
def matching(pool: Pool) -> Matching:
    return Matching(pool)
