"""Outages under frames from a source: no candle is missing once PostgreSQL, Redis or the archiver is back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pipeline.errors import MarketUnavailable
from pipeline.flow import CandleArchiver, WriteBehindArchive
from pipeline.market import Candle, Frame, Tick
from tests.fakes.scripted_market import BTC, START, minute, tick
from tests.integration.pipeline.flow.flow_desk import Desk, M, has_price, holds, until


class Failing:
    """An archive or a store whose server does not answer for a while."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0
        self.stored: list[Any] = []

    async def insert(self, market: str, candles: list[Candle]) -> int:
        return await self._take(candles)

    async def write(self, ticks: tuple[Tick, ...]) -> list[str]:
        await self._take(ticks)
        return []

    async def _take(self, things: Any) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise MarketUnavailable
        self.stored += things
        return len(things)


async def test_while_postgresql_is_away_frames_flow_on_and_afterwards_no_candle_is_missing(desk: Desk) -> None:
    archive: Any = Failing(3)
    desk.deferred = WriteBehindArchive(archive)
    desk.archiver = CandleArchiver(desk.bus, desk.deferred)
    candles = [minute(BTC, START + (n - 400) * M) for n in range(300)]
    async with desk.runs():
        for n, candle in enumerate(candles):
            desk.market.say(tick(BTC, START + n), candles=[candle])
        await until(lambda: has_price(desk, START + 299))  # far more frames than the bus holds
        assert archive.stored == []

        async def all_stored() -> bool:
            return archive.stored == candles

        await until(all_stored)


async def test_no_candles_at_all_leave_the_archive_at_work() -> None:
    archive: Any = Failing(0)
    deferred = WriteBehindArchive(archive)
    running = asyncio.create_task(deferred.run())
    await deferred.insert("scripted", [])
    await asyncio.sleep(0.01)
    assert not running.done()
    await deferred.insert("scripted", [minute(BTC, START)])

    async def stored() -> bool:
        return archive.stored == [minute(BTC, START)]

    await until(stored)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_candles_that_arrive_while_others_are_being_archived_are_archived_too(desk: Desk) -> None:
    archive: Any = Failing(0)
    insert = archive.insert

    async def slow_insert(market: str, candles: list[Candle]) -> int:
        await asyncio.sleep(0.05)
        return await insert(market, candles)

    archive.insert = slow_insert
    desk.deferred = WriteBehindArchive(archive)
    desk.archiver = CandleArchiver(desk.bus, desk.deferred)
    candles = [minute(BTC, START + (n - 400) * M) for n in range(10)]
    async with desk.runs():
        for candle in candles:
            desk.market.say(candles=[candle])
            await asyncio.sleep(0.01)

        async def all_stored() -> bool:
            return archive.stored == candles

        await until(all_stored)


async def test_the_archiver_keeps_no_more_than_it_may(desk: Desk) -> None:
    archive: Any = Failing(1)
    desk.deferred = WriteBehindArchive(archive, max_pending=10)
    desk.archiver = CandleArchiver(desk.bus, desk.deferred)
    candles = [minute(BTC, START + (n - 400) * M) for n in range(50)]
    async with desk.runs():
        for candle in candles:
            desk.market.say(candles=[candle])

        async def newest_stored() -> bool:
            return archive.stored[-10:] == candles[-10:]

        await until(newest_stored)


async def test_candles_that_were_not_archived_are_delivered_to_the_next_archiver(desk: Desk) -> None:
    async def run_until(archiver: CandleArchiver, is_so: Callable[[], Awaitable[bool]]) -> None:
        running = asyncio.create_task(archiver.run())
        await until(is_so)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    async def was_asked() -> bool:
        return failing.calls > 0

    failing: Any = Failing(10**6)
    frame = Frame(START, candles=(minute(BTC, START - M),))
    await desk.bus.publish(frame)
    await run_until(CandleArchiver(desk.bus, failing), was_asked)
    await run_until(CandleArchiver(desk.bus, desk.archive), lambda: holds(desk, list(frame.candles)))


async def test_a_writer_whose_redis_is_away_skips_old_prices_rather_than_wait_forever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: Any = Failing(4)
    monkeypatch.setattr(desk.store, "write", store.write)
    async with desk.runs():
        desk.market.say(tick(BTC, START))
        desk.market.say(tick(BTC, START + 1))

        async def newest_written() -> bool:
            return bool(store.stored) and store.stored[-1].time == START + 1

        await until(newest_written)
    assert store.stored == [tick(BTC, START + 1)]
