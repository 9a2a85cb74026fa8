"""What the bus of one process does beside what every bus does."""

import asyncio

from pipeline.bus import InProcessBus, partition_of
from pipeline.market import Frame, Tick
from tests.contract.pipeline.bus.test_bus import SYMBOLS, frame, is_waiting, read, times
from tests.fakes.scripted_market import BTC, trade
from tests.patience import PATIENCE_SECONDS


async def test_a_full_bus_makes_the_producer_wait_for_the_slowest_group() -> None:
    bus = InProcessBus(capacity=3)
    async with bus.consumer("fast") as fast, bus.consumer("slow") as slow:
        for time in range(3):
            await bus.publish(frame(time))
        await fast.batch()
        publishing = asyncio.create_task(bus.publish(frame(3)))
        assert await is_waiting(publishing)
        assert await times(slow, 3) == [0, 1, 2]
        await asyncio.wait_for(publishing, PATIENCE_SECONDS)
        assert await times(fast, 1) == await times(slow, 1) == [3]


async def test_a_group_that_reads_on_without_committing_holds_nobody_back() -> None:
    bus = InProcessBus(capacity=3)
    async with bus.consumer("archive") as consumer:
        for time in range(50):
            await asyncio.wait_for(bus.publish(frame(time)), PATIENCE_SECONDS)
            assert await times(consumer, 1) == [time]


async def test_a_group_without_members_holds_nobody_back_and_finds_what_is_kept() -> None:
    bus = InProcessBus(capacity=3)
    async with bus.consumer("group"):
        pass
    for time in range(10):
        await asyncio.wait_for(bus.publish(frame(time)), PATIENCE_SECONDS)
    async with bus.consumer("group") as consumer:
        assert await times(consumer, 3) == [7, 8, 9]


async def test_a_waiting_producer_goes_on_when_the_slow_consumer_leaves() -> None:
    bus = InProcessBus(capacity=1)
    async with bus.consumer("slow"):
        await bus.publish(frame(1))
        publishing = asyncio.create_task(bus.publish(Frame(2, (Tick(BTC, 2, "1"),))))
        assert await is_waiting(publishing)
    await asyncio.wait_for(publishing, PATIENCE_SECONDS)


async def test_trades_alone_are_published_with_the_partition_of_their_symbol() -> None:
    bus = InProcessBus(4)
    async with bus.consumer("group") as consumer:
        await bus.publish(Frame(9))
        await bus.publish(Frame(9, trades=tuple(trade(symbol, time) for time in (7, 8) for symbol in SYMBOLS)))
        records = [record for batch in await read(consumer, 4) for record in batch.records]
    heard = {symbol: [t.time for r in records for t in r.frame.trades if t.symbol == symbol] for symbol in SYMBOLS}
    assert heard == {symbol: [7, 8] for symbol in SYMBOLS}
    assert all(partition_of(t.symbol, 4) == record.partition for record in records for t in record.frame.trades)
