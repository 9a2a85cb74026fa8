"""What every bus does, in one process and on Kafka."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from pipeline.bus import Batch, Bus, Consumer, InProcessBus, partition_of
from pipeline.bus.kafka import open_kafka_bus
from pipeline.market import Frame, Symbol
from tests.fakes.kafka_server import Server
from tests.fakes.kafka_topics import dead_letters
from tests.fakes.scripted_market import BTC, COIN, ETH, minute, tick, trade
from tests.patience import PATIENCE_SECONDS

OpenBus = Callable[[int], AbstractAsyncContextManager[Bus]]
SYMBOLS = [Symbol(f"S{number}USDC") for number in range(40)]
SOON = 20.0
STAND_IN_KNOWS = {
    "test_every_group_reads_every_frame_in_order",
    "test_each_symbols_ticks_keep_their_order_over_many_partitions",
}
"""What can be tested where Apache Kafka cannot run: the stand-in lets nobody join a group that was left before."""


@asynccontextmanager
async def in_process(partitions: int) -> AsyncIterator[Bus]:
    yield InProcessBus(partitions)


@pytest.fixture(params=["in process", pytest.param("on kafka", marks=pytest.mark.xdist_group("kafka"))])
def open_bus(request: pytest.FixtureRequest) -> OpenBus:
    if request.param == "in process":
        return in_process
    server: Server = request.getfixturevalue("kafka")
    if request.node.originalname not in STAND_IN_KNOWS:
        server.needs_real("how members come back to a group, dead letters and lag")
    settings = server.settings()

    def on_kafka(partitions: int) -> AbstractAsyncContextManager[Bus]:
        return open_kafka_bus(settings.model_copy(update={"partitions": partitions}), "replay")

    return on_kafka


def frame(time: int, *symbols: Symbol) -> Frame:
    return Frame(time, tuple(tick(symbol, time) for symbol in symbols or (BTC,)))


async def soon(consumer: Consumer) -> Batch:
    return await asyncio.wait_for(consumer.batch(), SOON)


async def times(consumer: Consumer, count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        found += [f.time for f in (await soon(consumer)).frames]
    return found


async def read(consumer: Consumer, count: int) -> list[Batch]:
    """Batches that hold `count` frames together."""
    batches: list[Batch] = []
    while sum(len(batch.frames) for batch in batches) < count:
        batches.append(await soon(consumer))
    return batches


async def pieces(bus: Bus, partitions: int, time: int) -> int:
    """Publishes a frame of all symbols; how many records that makes."""
    await bus.publish(frame(time, *SYMBOLS))
    return len({partition_of(symbol, partitions) for symbol in SYMBOLS})


def symbols_in(*batches: Batch) -> list[Symbol]:
    return [t.symbol for batch in batches for f in batch.frames for t in f.ticks]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():  # noqa: ASYNC110 - Kafka's client works in tasks of its own
            await asyncio.sleep(0.05)


async def is_waiting(task: "asyncio.Task[object]") -> bool:
    for _ in range(20):
        await asyncio.sleep(0)
    return not task.done()


# -- order and sharing --------------------------------------------------------------------------


async def test_every_group_reads_every_frame_in_order(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus, bus.consumer("one") as one, bus.consumer("two") as two:
        for time in range(5):
            await bus.publish(frame(time))
        assert await times(one, 5) == await times(two, 5) == [0, 1, 2, 3, 4]


async def test_each_symbols_ticks_keep_their_order_over_many_partitions(open_bus: OpenBus) -> None:
    async with open_bus(4) as bus, bus.consumer("group", max_frames=5) as consumer:
        count = 0
        for time in range(12):
            count += await pieces(bus, 4, time)
        heard: dict[Symbol, list[int]] = {}
        for batch in await read(consumer, count):
            for f in batch.frames:
                for t in f.ticks:
                    heard.setdefault(t.symbol, []).append(t.time)
    assert heard == {symbol: list(range(12)) for symbol in SYMBOLS}


async def test_what_arrives_is_what_was_published(open_bus: OpenBus) -> None:
    sent = Frame(7, (tick(COIN, 7), tick(BTC, 6)), (minute(COIN, 0), minute(ETH, 60_000, 0.1 + 0.2)), (trade(BTC, 5),))
    async with open_bus(1) as bus, bus.consumer("group") as consumer:
        await bus.publish(sent)
        (record,) = (await soon(consumer)).records
    assert (record.frame, record.partition, record.offset) == (sent, 0, 0)


async def test_members_of_a_group_share_the_symbols_and_none_is_in_both_shares(open_bus: OpenBus) -> None:
    async with open_bus(4) as bus, bus.consumer("group") as one, bus.consumer("group") as two:
        await bus.publish(Frame(1, tuple(tick(s, 1) for s in SYMBOLS), (minute(SYMBOLS[0], 0),)))
        found = [*await read(one, 2), *await read(two, 2)]
    assert sorted(symbols_in(*found)) == sorted(SYMBOLS)
    assert sum(len(f.candles) for batch in found for f in batch.frames) == 1


def test_a_symbol_goes_to_the_same_partition_on_every_machine_and_in_every_version() -> None:
    assert [partition_of(symbol, 8) for symbol in (BTC, ETH, COIN)] == [6, 4, 6]
    assert {partition_of(symbol, 4) for symbol in SYMBOLS} == {0, 1, 2, 3}


# -- commits and redelivery ---------------------------------------------------------------------


async def test_an_uncommitted_batch_is_delivered_to_the_next_consumer_of_the_group(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        async with bus.consumer("group") as consumer:
            await bus.publish(frame(1))
            await consumer.commit(await soon(consumer))
            await bus.publish(frame(2))
            await soon(consumer)
        await bus.publish(frame(3))
        async with bus.consumer("group") as successor:
            assert await times(successor, 2) == [2, 3]


async def test_a_committed_batch_is_not_delivered_again(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        async with bus.consumer("group") as consumer:
            await bus.publish(frame(1))
            assert await consumer.commit(await soon(consumer))
        async with bus.consumer("group") as successor:
            await bus.publish(frame(2))
            assert await times(successor, 1) == [2]


async def test_a_commit_of_one_group_does_not_touch_another(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        await bus.publish(frame(1))
        async with bus.consumer("one") as one:
            await one.commit(await soon(one))
        async with bus.consumer("two") as two:
            assert await times(two, 1) == [1]


async def test_committing_a_later_batch_commits_the_earlier_ones(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        async with bus.consumer("group") as consumer:
            await bus.publish(frame(1))
            earlier = await soon(consumer)
            await bus.publish(frame(2))
            assert await consumer.commit(await soon(consumer))
            assert await consumer.commit(earlier)
        async with bus.consumer("group") as successor:
            await bus.publish(frame(3))
            assert await times(successor, 1) == [3]


async def test_committing_a_later_batch_commits_earlier_ones_of_other_partitions(open_bus: OpenBus) -> None:
    async with open_bus(4) as bus:
        async with bus.consumer("group") as consumer:
            count = await pieces(bus, 4, 1)
            await read(consumer, count)
            await bus.publish(frame(2))
            assert await consumer.commit((await read(consumer, 1))[-1])
        async with bus.consumer("group") as successor:
            await bus.publish(frame(3))
            assert await times(successor, 1) == [3]


# -- rebalances ---------------------------------------------------------------------------------


async def test_a_commit_of_what_another_member_took_over_is_refused_and_redelivered(open_bus: OpenBus) -> None:
    async with open_bus(2) as bus, bus.consumer("group") as early:
        await bus.publish(frame(1, *SYMBOLS))
        batch = (await read(early, 2))[-1]
        async with bus.consumer("group") as late:
            assert not await early.commit(batch)
            taken_over = await read(late, 1)
    assert set(symbols_in(*taken_over)) < set(SYMBOLS)


async def test_a_member_that_leaves_hands_its_symbols_to_those_who_stay(open_bus: OpenBus) -> None:
    async with open_bus(2) as bus, bus.consumer("group") as stays:
        async with bus.consumer("group"):
            await bus.publish(frame(1, *SYMBOLS))
            kept = (await read(stays, 1))[-1]
            assert await stays.commit(kept)
        rest = await read(stays, 1)
    assert sorted([*symbols_in(kept), *symbols_in(*rest)]) == sorted(SYMBOLS)


async def test_members_come_and_go_and_every_frame_is_done_at_least_once(open_bus: OpenBus) -> None:
    done: set[tuple[Symbol, int]] = set()
    committed_by_somebody: set[tuple[Symbol, int]] = set()
    last: dict[Symbol, int] = {}
    joins = 0

    async def work(bus: Bus, frames: int) -> None:
        nonlocal joins
        async with bus.consumer("group", max_frames=3) as consumer:
            joins += 1
            committed = 0
            while committed < frames:
                batch = await consumer.batch()
                effects = [(t.symbol, t.time) for f in batch.frames for t in f.ticks]
                done.update(effects)  # before the commit, whose answer may be lost after it took effect
                if await consumer.commit(batch):
                    for symbol, time in effects:
                        begin = last.get(symbol, -1) + 1
                        assert {(symbol, each) for each in range(begin, time)} <= done, "nothing is skipped"
                        last[symbol] = max(begin - 1, time)
                    assert not committed_by_somebody & set(effects), "what is committed is not repeated"
                    committed_by_somebody.update(effects)
                    committed += len(batch.records)

    async with open_bus(4) as bus:
        for time in range(60):
            await bus.publish(frame(time, *SYMBOLS))
            if time == 0:
                workers = [asyncio.create_task(work(bus, 1000)), asyncio.create_task(work(bus, 30))]
            if time == 30:
                workers.append(asyncio.create_task(work(bus, 20)))
            await asyncio.sleep(0.02)
        await until(lambda: joins == 3 and len(done) == 60 * len(SYMBOLS))
        for worker in workers:
            worker.cancel()
        results = await asyncio.gather(*workers, return_exceptions=True)
    assert [r for r in results if isinstance(r, AssertionError)] == []


class Told:
    """Notes what it is told, and starts where it was told to."""

    def __init__(self, starts: Mapping[int, int] | None = None) -> None:
        self.starts = starts or {}
        self.events: list[tuple[str, frozenset[int]]] = []

    async def revoked(self, partitions: frozenset[int]) -> None:
        self.events.append(("revoked", partitions))

    async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
        if self.starts:
            await asyncio.sleep(0.3)  # as one does who asks a database; the consumer could have read on meanwhile
        self.events.append(("assigned", partitions))
        return {number: self.starts[number] for number in partitions & self.starts.keys()}


async def test_a_listener_is_told_what_is_its_own(open_bus: OpenBus) -> None:
    told, whole = Told(), frozenset({0, 1})
    async with open_bus(2) as bus, bus.consumer("group", listener=told):
        assert told.events[-1] == ("assigned", whole)
        async with bus.consumer("group"):
            await until(lambda: told.events[-1][0] == "assigned" and len(told.events[-1][1]) == 1)
            assert told.events[-2] == ("revoked", whole)
        await until(lambda: told.events[-1] == ("assigned", whole))


async def test_a_listener_may_go_on_from_an_offset_it_stored_itself(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        for time in range(5):
            await bus.publish(frame(time))
        async with bus.consumer("group", listener=Told({0: 3})) as consumer:
            assert await times(consumer, 2) == [3, 4]


# -- batches ------------------------------------------------------------------------------------


async def test_a_batch_waits_for_a_frame(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus, bus.consumer("group") as consumer:
        reading = asyncio.create_task(consumer.batch())
        assert await is_waiting(reading)
        await bus.publish(frame(1))
        assert (await asyncio.wait_for(reading, SOON)).frames == (frame(1),)


async def test_a_batch_is_no_longer_than_asked_for(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        for time in range(8):
            await bus.publish(frame(time))
        await bus.flush()
        async with bus.consumer("group", max_frames=3) as consumer:
            lengths = [len(batch.frames) for batch in await read(consumer, 8)]
    assert sum(lengths) == 8
    assert max(lengths) <= 3


async def test_an_empty_frame_is_not_sent(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus, bus.consumer("group") as consumer:
        await bus.publish(Frame(1))
        await bus.publish(frame(2))
        assert await times(consumer, 1) == [2]


async def test_what_cannot_be_processed_becomes_a_dead_letter_and_the_stream_goes_on(open_bus: OpenBus) -> None:
    async with open_bus(1) as bus:
        async with bus.consumer("group") as consumer:
            for time in range(3):
                await bus.publish(frame(time))
            for batch in await read(consumer, 3):
                for record in batch.records:
                    if record.frame.time == 1:
                        await consumer.refuse(record, "no-such-thing")
                assert await consumer.commit(batch)
        async with bus.consumer("group") as successor:
            await bus.publish(frame(3))
            assert await times(successor, 1) == [3]
        assert bus.refused == {"no-such-thing": 1}
        assert await dead_letters(bus, 1) == [("no-such-thing", 0, 1, frame(1))]


async def test_the_lag_is_what_was_not_committed(open_bus: OpenBus) -> None:
    async with open_bus(2) as bus:
        where = partition_of(BTC, 2)
        for time in range(3):
            await bus.publish(frame(time))
        await bus.flush()
        assert await bus.lag("group") == {where: 3, 1 - where: 0}
        async with bus.consumer("group", max_frames=2) as consumer:
            batch = await soon(consumer)
            assert await bus.lag("group") == {where: 3, 1 - where: 0}
            await consumer.commit(batch)
            assert await bus.lag("group") == {where: 3 - len(batch.frames), 1 - where: 0}
        assert await bus.lag("never seen") == {where: 3, 1 - where: 0}
