"""When a consumer counts as stuck."""

import asyncio
import logging
from collections.abc import Iterable, Mapping

import pytest

from pipeline.bus import InProcessBus
from pipeline.errors import ConsumerStuck, MarketUnavailable
from pipeline.flow.lag_watchdog import LagWatchdog, MonitoredArchive
from pipeline.market import Candle, Frame
from tests.fakes.scripted_market import BTC, ETH, START, tick
from tests.patience import PATIENCE_SECONDS

GROUP = "readers"
LIMIT = 10.0


def frame(number: int) -> Frame:
    return Frame(START + number, tuple(tick(symbol, START + number) for symbol in (BTC, ETH)))


@pytest.fixture
def bus() -> InProcessBus:
    return InProcessBus(partitions=2, capacity=1000)


def dog_of(bus: InProcessBus) -> LagWatchdog:
    return LagWatchdog(bus, GROUP, stuck_seconds=LIMIT)


async def test_a_lag_that_grows_without_a_commit_is_stuck_when_the_time_is_up(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP):
        assert dog.stuck({0: 3, 1: 0}, 0) == []
        assert dog.stuck({0: 9, 1: 0}, LIMIT - 0.1) == []
        assert dog.stuck({0: 9, 1: 0}, LIMIT) == [0]


async def test_a_lag_that_does_not_grow_is_no_reason(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP):
        for now in range(0, 100, 5):
            assert dog.stuck({0: 3, 1: 0}, now) == []


async def test_a_consumer_that_commits_is_never_stuck_however_far_behind(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP, max_frames=1) as consumer:
        for number in range(20):
            await bus.publish(frame(number))
            await consumer.commit(await consumer.batch())
            assert dog.stuck({0: 1000 * number, 1: 0}, LIMIT * number) == []


async def test_a_commit_that_moves_nothing_on_does_not_count(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP) as consumer:
        await bus.publish(frame(0))
        batch = await consumer.batch()
        assert await consumer.commit(batch)
        assert dog.stuck({0: 1, 1: 1}, 0) == []
        assert await consumer.commit(batch)
        assert dog.stuck({0: 2, 1: 2}, LIMIT) == [0, 1]


async def test_only_the_members_own_partitions_count(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP), bus.consumer(GROUP):
        assert sorted(dog.watched.progress) == [0]
        dog.stuck({0: 0, 1: 5}, 0)
        assert dog.stuck({0: 0, 1: 50}, LIMIT) == []


async def test_a_group_shared_out_anew_has_all_its_time_again(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP):
        dog.stuck({0: 1, 1: 0}, 0)
        async with bus.consumer(GROUP):
            pass
        assert dog.stuck({0: 2, 1: 0}, LIMIT) == []
        assert dog.stuck({0: 3, 1: 0}, 2 * LIMIT) == [0]


async def test_a_consumer_that_has_left_is_not_watched(bus: InProcessBus) -> None:
    dog = dog_of(bus)
    async with dog.watched.consumer(GROUP):
        dog.stuck({0: 1, 1: 0}, 0)
    assert dog.stuck({0: 2, 1: 0}, LIMIT) == []


async def test_other_groups_pass_unwatched_and_the_consumers_own_listener_is_told(bus: InProcessBus) -> None:
    told: list[tuple[str, frozenset[int]]] = []

    class Listening:
        async def revoked(self, partitions: frozenset[int]) -> None:
            told.append(("revoked", partitions))

        async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
            told.append(("assigned", partitions))
            return {0: 1}

    dog = dog_of(bus)
    await bus.publish(frame(0))
    async with dog.watched.consumer("others"):
        assert dog.watched.progress == {}
    async with dog.watched.consumer(GROUP, listener=Listening()) as consumer:
        assert told == [("assigned", frozenset((0, 1)))]
        await bus.publish(frame(1))
        assert {(r.partition, r.offset) for r in (await consumer.batch()).records if r.partition == 0} == {(0, 1)}


async def _publish(bus: InProcessBus) -> None:
    for number in range(10_000):
        await bus.publish(frame(number))
        await asyncio.sleep(0.005)


class Silent(InProcessBus):
    """Tells its lag only when asked to."""

    silent = True

    async def lag(self, group: str) -> Mapping[int, int]:
        if self.silent:
            raise MarketUnavailable
        return await super().lag(group)


async def test_it_logs_and_ends_the_process(bus: InProcessBus, caplog: pytest.LogCaptureFixture) -> None:
    dog = LagWatchdog(bus, GROUP, stuck_seconds=0.2, poll_seconds=0.02)
    async with dog.watched.consumer(GROUP):
        publishing = asyncio.create_task(_publish(bus))
        with caplog.at_level(logging.CRITICAL), pytest.raises(ConsumerStuck) as stuck:
            await asyncio.wait_for(dog.run(), PATIENCE_SECONDS)
        publishing.cancel()
    assert stuck.value.group == GROUP
    assert stuck.value.frames > 0
    assert "has not moved" in caplog.text


@pytest.mark.parametrize("why", ["the bus is silent", "the consumer waits"])
async def test_a_known_outage_is_no_reason_and_its_time_does_not_count(why: str) -> None:
    bus = Silent(capacity=10_000)
    bus.silent, waiting = why == "the bus is silent", [why == "the consumer waits"]
    dog = LagWatchdog(bus, GROUP, stuck_seconds=0.1, poll_seconds=0.02, waits=lambda: waiting[0])
    async with dog.watched.consumer(GROUP):
        tasks = [asyncio.create_task(work) for work in (_publish(bus), dog.run())]
        await asyncio.sleep(0.4)
        assert not tasks[1].done()
        bus.silent, waiting[0] = False, False
        with pytest.raises(ConsumerStuck):
            await asyncio.wait_for(tasks[1], PATIENCE_SECONDS)
        tasks[0].cancel()


async def test_an_archive_is_silent_from_when_it_did_not_answer_until_it_does() -> None:
    class Archive:
        down = False

        async def insert(self, market: str, candles: Iterable[Candle]) -> int:
            if self.down:
                raise MarketUnavailable
            return 7

    heard = MonitoredArchive(archive := Archive())
    assert (await heard.insert("replay", ()), heard.failing) == (7, False)
    archive.down = True
    with pytest.raises(MarketUnavailable):
        await heard.insert("replay", ())
    assert heard.failing
    archive.down = False
    assert (await heard.insert("replay", ()), heard.failing) == (7, False)
