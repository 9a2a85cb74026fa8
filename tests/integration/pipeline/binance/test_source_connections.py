"""Connections of the source on a fake Binance: renewed, taken over by a successor, split within the limits."""

import asyncio

import pytest

from pipeline.binance.source import SourcePace
from tests.fakes.binance import FakeBinance
from tests.integration.pipeline.binance.source_desk import desk_on, only_the_stream_speaks, until
from tests.patience import PATIENCE_SECONDS


async def test_a_shutdown_notice_brings_a_new_connection_before_the_old_one_ends() -> None:
    async with FakeBinance() as fake, desk_on(fake):
        await until(lambda: fake.connected)
        await asyncio.sleep(0.3)
        await fake.announce_shutdown()
        connected = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while fake.opened < 2 or fake.connected != 1:
                await asyncio.sleep(0)
                connected.append(fake.connected)
        assert (min(connected), max(connected)) == (1, 2)


async def test_a_successor_confirms_at_once_what_its_forerunner_knew() -> None:
    """Books that stay silent and no REST: only an unbroken handover goes on confirming."""
    async with FakeBinance() as fake, desk_on(fake, stall_seconds=10) as desk:
        await until(lambda: fake.connected)
        await only_the_stream_speaks(fake, desk)
        fake.books_silent = True
        await fake.announce_shutdown()
        await until(lambda: fake.opened >= 2 and fake.connected == 1)
        await asyncio.sleep(1)
        await until(lambda: desk.age_ms() < 300, seconds=30)


async def test_a_successor_of_a_silent_connection_confirms_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old connection may have missed something before the new one was live."""
    monkeypatch.setattr("pipeline.binance.stream._HANDOVER_SECONDS", 0.4)
    async with FakeBinance() as fake, desk_on(fake, stall_seconds=10) as desk:
        await until(lambda: fake.connected)
        await only_the_stream_speaks(fake, desk)
        fake.stalled = fake.books_silent = True
        silent = fake.clock()
        await fake.announce_shutdown()
        await until(lambda: fake.opened >= 2 and fake.connected == 1)
        fake.stalled = False
        await asyncio.sleep(1)
        assert desk.source.health().live
        assert max(tick.time for tick in desk.ticks) <= silent + 200


async def test_a_successor_that_cannot_open_leaves_the_old_connection_at_work() -> None:
    async with FakeBinance() as fake, desk_on(fake, stall_seconds=10) as desk:
        await until(lambda: fake.connected)
        await only_the_stream_speaks(fake, desk)
        fake.refuse_streams = True
        await fake.announce_shutdown()
        await asyncio.sleep(0.7)
        assert (fake.opened, fake.connected) == (1, 1)
        fake.refuse_streams = False
        await until(lambda: fake.opened >= 2)


async def test_connections_are_renewed_before_they_grow_old() -> None:
    pace = SourcePace(lifetime_seconds=0.7, subscribe_gap=0.2, sweep_seconds=5)
    async with FakeBinance() as fake, desk_on(fake, pace=pace) as desk:
        await until(lambda: fake.opened >= 3)
        assert fake.connected in {1, 2}
        await until(lambda: desk.age_ms() < 500)


async def test_many_symbols_are_split_over_connections_within_the_limits() -> None:
    pace = SourcePace(symbols_per_connection=40)
    symbols = [f"C{number}USDC" for number in range(100)]
    async with FakeBinance(symbols, tick_seconds=0.3) as fake, desk_on(fake, pace=pace, stall_seconds=3) as desk:
        await until(lambda: fake.connected == 3)
        await asyncio.sleep(1)
        latest = {tick.symbol: tick.time for tick in desk.ticks}
        assert len(latest) == 100
        assert desk.source.info().source_ms - min(latest.values()) < 3000
