"""Two matching workers share four partitions of a real Kafka broker, and one after the other is killed.

`PAPERDESK_TESTS_KILLS=200` makes that many kills; each takes about 12 s, in which the broker waits for the dead member.
"""

import asyncio
import os
import random
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from pipeline.bus.kafka import KafkaBus, open_kafka_bus
from pipeline.market import Frame, Symbol, Trade
from pipeline.settings import KafkaSettings
from tests.fakes.kafka_server import Server
from tests.fakes.priced_market import NOON
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.matching_fire import COINS, list_coins
from tests.support.matching_house import MARKET, MatchingHouse
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import Filled, MarketTrade
from trading.orders.open_orders import OpenOrder, OrderEventKind, OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Side

pytestmark = pytest.mark.long

D = Decimal
KILLS = int(os.environ.get("PAPERDESK_TESTS_KILLS", "2"))
PARTITIONS = 4
MEMBERS = 2
LIMITS = ("97", "95", "93", "91", "89", "87")
TRADES_A_CHUNK = 40

Event = tuple[Symbol, MarketTrade]
Execution = tuple[Decimal, Decimal]


def events_of(chance: random.Random, chunks: int) -> list[list[Event]]:
    """Trades of all coins around 95, 10 ms apart, in chunks; the last ones fill what is left."""
    time, found = NOON, []
    for _ in range(chunks):
        chunk = []
        for _ in range(TRADES_A_CHUNK):
            time += 10
            quantity = D(chance.randint(1, 40)) / 1000
            chunk.append((chance.choice(COINS), MarketTrade(time, D(chance.randint(86, 104)), quantity)))
        found.append(chunk)
    found[-1] += [(coin, MarketTrade(time + 10, D(80), D(1000))) for coin in COINS]
    return found


def undisturbed(house: MatchingHouse, orders: list[OpenOrder], events: list[Event]) -> dict[int, list[Execution]]:
    """The price and quantity of each fill of each order when nothing is killed."""
    books = {coin: SymbolOrders(coin, house.market.listed[coin]) for coin in COINS}
    fills: dict[int, list[Execution]] = {order.order_id: [] for order in orders}
    for order in orders:
        books[order.terms.symbol].put(order)
    for coin, event in events:
        for effect in books[coin].take(event):
            assert isinstance(effect, Filled)
            fills[effect.order_id] += [(fill.price, fill.quantity) for fill in effect.fills]
    return fills


async def start(dsn: str, settings: KafkaSettings) -> Process:
    program = (sys.executable, "-m", "tests.support.matching_fire", dsn, settings.model_dump_json())
    return await asyncio.create_subprocess_exec(*program, cwd=PROJECT)


@asynccontextmanager
async def members(dsn: str, settings: KafkaSettings) -> AsyncIterator[list[Process]]:
    """Workers in processes of their own. A killed one is replaced in the list; none ends by itself."""
    processes = [await start(dsn, settings) for _ in range(MEMBERS)]
    try:
        yield processes
        assert [each.returncode for each in processes] == [None] * MEMBERS, "a worker ended by itself"
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def publish(bus: KafkaBus, events: list[Event], first: int) -> None:
    for number, (coin, event) in enumerate(events, start=first):
        trade = Trade(coin, event.time, str(event.price), str(event.quantity), number)
        await bus.publish(Frame(event.time, trades=(trade,)))
    await bus.flush()


async def executed(house: MatchingHouse, orders: list[OrderRecord]) -> dict[int, list[Execution]]:
    """The fills of each order that are booked."""
    records = [await house.record(order) for order in orders]
    return {
        record.order_id: [
            (event.price, event.quantity)
            for event in record.events
            if event.kind is OrderEventKind.FILLED and event.price is not None and event.quantity is not None
        ]
        for record in records
    }


async def booked(house: MatchingHouse, orders: list[OrderRecord], at_least: int) -> None:
    """Waits until there are so many fills."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while sum(map(len, (await executed(house, orders)).values())) < at_least:  # noqa: ASYNC110 - a database
            await asyncio.sleep(0.05)


async def test_members_fill_once_however_often_one_is_killed(
    postgres_house: MatchingHouse, dsn: str, kafka: Server
) -> None:
    kafka.needs_real("members that are killed")
    house, settings, chance = postgres_house, kafka.settings(PARTITIONS), random.Random(KILLS)  # noqa: S311
    list_coins(house.market)
    chunks = events_of(chance, KILLS + 1)
    each = D(TRADES_A_CHUNK * len(chunks)) / 5000  # most orders are open until the end
    orders = [
        (await house.rest(OrderTerms(coin, Side.BUY, OrderType.LIMIT, each, D(limit)), queue="0.05"))[0]
        for coin in COINS
        for limit in LIMITS
    ]
    opened = [await house.store.open_order(house.account_id, order.order_id) for order in orders]
    known = [order for order in opened if order is not None]
    published: list[Event] = []
    async with open_kafka_bus(settings, MARKET) as bus, members(dsn, settings) as processes:
        for chunk in chunks:
            await publish(bus, chunk, len(published))
            before = sum(map(len, undisturbed(house, known, published).values()))
            published += chunk
            if chunk is chunks[-1]:
                break
            after = sum(map(len, undisturbed(house, known, published).values()))
            await booked(house, orders, chance.randint(before, after))
            victim = chance.randrange(MEMBERS)
            processes[victim].kill()
            await processes[victim].wait()
            processes[victim] = await start(dsn, settings)
        expected = undisturbed(house, known, published)
        await booked(house, orders, sum(map(len, expected.values())))
    assert await executed(house, orders) == expected
    assert {(await house.record(order)).status for order in orders} == {OrderStatus.FILLED}
