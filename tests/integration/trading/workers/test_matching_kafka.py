"""The matching worker on a real Kafka broker: fills once, also if its process is killed in the middle."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from pipeline.bus.kafka import KafkaBus, open_kafka_bus
from pipeline.market import Frame, Trade
from pipeline.settings import KafkaSettings
from tests.fakes.kafka_server import Server
from tests.fakes.priced_market import BTC, NOON
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.matching_house import MARKET, MatchingHouse, buys, sells
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import Filled, MarketTrade, OrderEffect
from trading.orders.open_orders import OpenOrder, OrderEventKind, OrderStatus
from trading.orders.records import OrderRecord

pytestmark = pytest.mark.long

D = Decimal
TRADES = 300


def trades(seed: int) -> list[MarketTrade]:
    """Trades around 100, each a second after the one before; the last one fills what is left."""
    chance = random.Random(seed)  # noqa: S311 - data of a test
    found = [
        MarketTrade(NOON + number * 1000, D(chance.randint(88, 112)), D(chance.randint(1, 40)) / 1000)
        for number in range(1, TRADES)
    ]
    end = NOON + TRADES * 1000
    return [*found, MarketTrade(end, D(80), D(1000)), MarketTrade(end, D(120), D(1000))]


def undisturbed(house: MatchingHouse, orders: list[OpenOrder], events: list[MarketTrade]) -> dict[int, list[Decimal]]:
    """The fills of each order when nothing is killed."""
    book, effects = SymbolOrders(BTC, house.market.listed[BTC]), list[OrderEffect]()
    book.put(*orders)
    for event in events:
        effects += book.take(event)
    fills: dict[int, list[Decimal]] = {order.order_id: [] for order in orders}
    for effect in effects:
        assert isinstance(effect, Filled)
        fills[effect.order_id] += [fill.quantity for fill in effect.fills]
    return fills


@asynccontextmanager
async def matching(dsn: str, settings: KafkaSettings) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own; at the end it is killed with SIGKILL."""
    program = (sys.executable, "-m", "tests.support.matching_fire", dsn, settings.model_dump_json())
    process = await asyncio.create_subprocess_exec(*program, cwd=PROJECT)
    try:
        yield process
        assert process.returncode is None, "the worker ended by itself"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def publish(bus: KafkaBus, events: list[MarketTrade], first: int) -> None:
    for number, event in enumerate(events, start=first):
        trade = Trade(BTC, event.time, str(event.price), str(event.quantity), number)
        await bus.publish(Frame(event.time, trades=(trade,)))
    await bus.flush()


async def filled(house: MatchingHouse, orders: list[OrderRecord], at_least: int) -> None:
    """Waits until there are so many fills."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            records = [await house.record(order) for order in orders]
            events = [event for record in records for event in record.events]
            if sum(event.kind is OrderEventKind.FILLED for event in events) >= at_least:
                return
            await asyncio.sleep(0.01)


async def written(house: MatchingHouse, log: str, offset: int) -> None:
    """Waits until the position is stored."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await house.store.positions(MARKET, log) != {0: offset}:  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("kills", [0, 3])
async def test_fills_are_the_same_however_often_the_worker_is_killed(
    postgres_house: MatchingHouse, dsn: str, kafka: Server, kills: int
) -> None:
    house, settings = postgres_house, kafka.settings()
    orders = [
        (await house.rest(terms, queue=queue))[0]
        for terms, queue in (
            (buys("1", "95"), "0.05"),
            (buys("0.7", "95"), "0.1"),
            (buys("1.5", "90"), "0"),
            (sells("0.8", "105"), "0.02"),
            (sells("1.2", "110"), "0"),
        )
    ]
    opened = [await house.store.open_order(house.account_id, order.order_id) for order in orders]
    events = trades(kills)
    kafka.needs_real("members that are killed")
    known = [order for order in opened if order is not None]
    expected = undisturbed(house, known, events)
    size = -(-len(events) // (kills + 1))
    async with open_kafka_bus(settings, MARKET) as bus:
        for first in range(0, len(events), size):
            async with matching(dsn, settings):
                await publish(bus, events[first : first + size], first)
                last = first + size >= len(events)
                reached = undisturbed(house, known, events[: len(events) if last else first + size // 2])
                await filled(house, orders, sum(map(len, reached.values())))
                if last:
                    await written(house, bus.log, len(events))
    for order in orders:
        record = await house.record(order)
        found = [event.quantity for event in record.events if event.kind is OrderEventKind.FILLED]
        assert found == expected[order.order_id]
        assert record.status is OrderStatus.FILLED
