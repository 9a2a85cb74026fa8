"""What every bus does."""

import asyncio
from collections.abc import Callable

import pytest

from pipeline.bus import Bus, Consumer, InProcessBus, partition_of
from pipeline.market import Frame, Symbol, Tick
from tests.fakes.scripted_market import BTC, COIN, ETH, minute, tick

OpenBus = Callable[[int], Bus]
SYMBOLS = [Symbol(f"S{number}USDC") for number in range(40)]


@pytest.fixture(params=[InProcessBus])
def open_bus(request: pytest.FixtureRequest) -> OpenBus:
    implementation: OpenBus = request.param
    return implementation


def frame(time: int, *symbols: Symbol) -> Frame:
    return Frame(time, tuple(tick(symbol, time) for symbol in symbols or (BTC,)))


async def times(consumer: Consumer, count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        found += [f.time for f in (await soon(consumer)).frames]
    return found


async def soon(consumer: Consumer):  # noqa: ANN201 - the batch
    return await asyncio.wait_for(consumer.batch(), 2)


async def is_waiting(task: "asyncio.Task[object]") -> bool:
    for _ in range(20):
        await asyncio.sleep(0)
    return not task.done()


async def test_every_group_reads_every_frame_in_order(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("one") as one, bus.consumer("two") as two:
        for time in range(5):
            await bus.publish(frame(time))
        assert await times(one, 5) == await times(two, 5) == [0, 1, 2, 3, 4]


async def test_members_of_a_group_share_the_symbols_and_none_is_in_both_shares(open_bus: OpenBus) -> None:
    bus = open_bus(4)
    async with bus.consumer("group") as one, bus.consumer("group") as two:
        await bus.publish(Frame(1, tuple(tick(s, 1) for s in SYMBOLS), (minute(SYMBOLS[0], 0),)))
        first, second = await soon(one), await soon(two)
    shares = [{t.symbol for f in batch.frames for t in f.ticks} for batch in (first, second)]
    assert shares[0] | shares[1] == set(SYMBOLS)
    assert not shares[0] & shares[1]
    assert sum(len(f.candles) for batch in (first, second) for f in batch.frames) == 1


def test_a_symbol_goes_to_the_same_partition_on_every_machine_and_in_every_version() -> None:
    assert [partition_of(symbol, 8) for symbol in (BTC, ETH, COIN)] == [6, 4, 6]
    assert {partition_of(symbol, 4) for symbol in SYMBOLS} == {0, 1, 2, 3}


async def test_an_uncommitted_batch_is_delivered_to_the_next_consumer_of_the_group(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("group") as consumer:
        await bus.publish(frame(1))
        await consumer.commit(await soon(consumer))
        await bus.publish(frame(2))
        await soon(consumer)
    await bus.publish(frame(3))
    async with bus.consumer("group") as successor:
        assert await times(successor, 2) == [2, 3]


async def test_a_committed_batch_is_not_delivered_again(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("group") as consumer:
        await bus.publish(frame(1))
        assert await consumer.commit(await soon(consumer))
    async with bus.consumer("group") as successor:
        await bus.publish(frame(2))
        assert await times(successor, 1) == [2]


async def test_committing_a_later_batch_commits_the_earlier_ones(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("group") as consumer:
        await bus.publish(frame(1))
        earlier = await soon(consumer)
        await bus.publish(frame(2))
        await consumer.commit(await soon(consumer))
        await consumer.commit(earlier)
    async with bus.consumer("group") as successor:
        await bus.publish(frame(3))
        assert await times(successor, 1) == [3]


async def test_a_commit_of_what_another_member_took_over_is_refused_and_redelivered(open_bus: OpenBus) -> None:
    bus = open_bus(2)
    async with bus.consumer("group") as early:
        await bus.publish(frame(1, *SYMBOLS))
        batch = await soon(early)
        async with bus.consumer("group") as late:
            assert not await early.commit(batch)
            taken_over = await soon(late)
    assert taken_over.frames
    assert {t.symbol for f in taken_over.frames for t in f.ticks} < set(SYMBOLS)


async def test_a_member_that_leaves_hands_its_symbols_to_those_who_stay(open_bus: OpenBus) -> None:
    bus = open_bus(2)
    async with bus.consumer("group") as stays:
        async with bus.consumer("group"):
            await bus.publish(frame(1, *SYMBOLS))
            await stays.commit(await soon(stays))
        rest = await soon(stays)
    assert {t.symbol for f in rest.frames for t in f.ticks}


async def test_a_batch_waits_for_a_frame(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("group") as consumer:
        reading = asyncio.create_task(consumer.batch())
        assert await is_waiting(reading)
        await bus.publish(frame(1))
        assert (await asyncio.wait_for(reading, 2)).frames == (frame(1),)


async def test_a_batch_is_no_longer_than_asked_for(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("group", max_frames=3) as consumer:
        for time in range(5):
            await bus.publish(frame(time))
        assert [len((await soon(consumer)).frames) for _ in range(2)] == [3, 2]


async def test_an_empty_frame_is_not_sent(open_bus: OpenBus) -> None:
    bus = open_bus(1)
    async with bus.consumer("group") as consumer:
        await bus.publish(Frame(1))
        await bus.publish(frame(2))
        assert await times(consumer, 1) == [2]


# -- the bus of one process -------------------------------------------------------------------------


async def test_a_full_bus_makes_the_producer_wait_for_the_slowest_group() -> None:
    bus = InProcessBus(capacity=3)
    async with bus.consumer("fast") as fast, bus.consumer("slow") as slow:
        for time in range(3):
            await bus.publish(frame(time))
        await fast.batch()
        publishing = asyncio.create_task(bus.publish(frame(3)))
        assert await is_waiting(publishing)
        assert await times(slow, 3) == [0, 1, 2]
        await asyncio.wait_for(publishing, 2)
        assert await times(fast, 1) == await times(slow, 1) == [3]


async def test_a_group_that_reads_on_without_committing_holds_nobody_back() -> None:
    bus = InProcessBus(capacity=3)
    async with bus.consumer("archive") as consumer:
        for time in range(50):
            await asyncio.wait_for(bus.publish(frame(time)), 2)
            assert await times(consumer, 1) == [time]


async def test_a_group_without_members_holds_nobody_back_and_finds_what_is_kept() -> None:
    bus = InProcessBus(capacity=3)
    async with bus.consumer("group"):
        pass
    for time in range(10):
        await asyncio.wait_for(bus.publish(frame(time)), 2)
    async with bus.consumer("group") as consumer:
        assert await times(consumer, 3) == [7, 8, 9]


async def test_a_waiting_producer_goes_on_when_the_slow_consumer_leaves() -> None:
    bus = InProcessBus(capacity=1)
    async with bus.consumer("slow"):
        await bus.publish(frame(1))
        publishing = asyncio.create_task(bus.publish(Frame(2, (Tick(BTC, 2, "1"),))))
        assert await is_waiting(publishing)
    await asyncio.wait_for(publishing, 2)
