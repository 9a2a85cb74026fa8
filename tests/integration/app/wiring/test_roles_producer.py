"""A producer that goes on where the last one stopped, also in a replay that dies."""

from pathlib import Path

from pipeline.bus import InProcessBus, Record
from pipeline.errors import MarketUnavailable
from pipeline.flow import produce, resume
from pipeline.flow.producer import reached
from pipeline.market import Frame
from pipeline.replay.candle_source import ReplaySource
from pipeline.settings import ReplaySettings
from tests.fakes.scripted_market import BTC, START, ScriptedMarket, tick
from tests.integration.app.wiring.running_roles import SYMBOLS, M
from tests.integration.pipeline.replay.recordings import BEGINS, FakeTime, write


def said(partition: int, time: int) -> Record:
    return Record(partition, 0, Frame(time, (tick(BTC, time),)), "replay")


def test_a_producer_goes_on_where_the_partition_ends_that_is_furthest_behind() -> None:
    assert reached([said(0, 5), said(0, 9), said(1, 7)], SYMBOLS, 2) == 7


def test_a_producer_begins_anew_where_a_partition_of_its_symbols_is_empty() -> None:
    assert reached([said(0, 9)], SYMBOLS, 2) is None
    assert reached([], SYMBOLS, 1) is None
    assert reached([said(0, 9)], SYMBOLS, 1) == 9


async def test_frames_of_another_market_are_no_place_to_go_on_from() -> None:
    market, bus = ScriptedMarket(), InProcessBus(market="binance")
    await bus.publish(Frame(START, (tick(BTC, START),)))
    await resume(market, bus)
    assert market.resumed == 0


class AwayBus(InProcessBus):
    """Cannot be read the first two times."""

    away = 2

    async def tail(self, limit: int) -> tuple[Record, ...]:
        if self.away:
            self.away -= 1
            raise MarketUnavailable
        return await super().tail(limit)


async def test_a_producer_waits_for_a_bus_that_is_away() -> None:
    bus = AwayBus(market="replay")
    await resume(ScriptedMarket(), bus)
    assert bus.away == 0


async def test_a_replay_that_dies_anywhere_is_taken_over_without_a_candle_missing(tmp_path: Path) -> None:
    rows = [(symbol, n, 100.0 + n % 7, 1.0) for symbol in ("AUSDT", "BUSDT", "CUSDT") for n in range(300)]
    path = write(tmp_path / "r.parquet", rows)
    begins = ReplaySettings(speed=600, history_minutes=0, start="2021-04-03T00:00")
    bus = InProcessBus(partitions=2, capacity=10_000, market="replay:r.parquet")
    times = FakeTime()
    for dies_after in (40, 1, 7, 60, 10_000):
        async with ReplaySource(path, begins, times.clock, sleep=times.sleep) as source:
            await resume(source, bus)
            await dying(source, bus, dies_after)
    found = [candle for record in await bus.tail(10_000) for candle in record.frame.candles]
    assert {(c.symbol, c.open_time) for c in found} == {(symbol, BEGINS + n * M) for symbol, n, *_ in rows}
    assert len(found) < 3 * 300 + 5 * 3 * 30, "it began again from the beginning"


async def dying(source: ReplaySource, bus: InProcessBus, frames: int) -> None:
    """A producer that ends in the middle of a frame: only one partition has its share."""
    publish, left = bus.publish, frames

    async def publish_until_dead(frame: Frame) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            await publish(Frame(frame.time, candles=frame.candles[:1]))
            raise ConnectionAbortedError
        await publish(frame)

    bus.publish = publish_until_dead  # type: ignore[method-assign]
    try:
        await produce(source, bus)
    except ConnectionAbortedError:
        return
    finally:
        bus.publish = publish  # type: ignore[method-assign]


async def test_a_replay_that_was_at_its_end_begins_again(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("AUSDT", n, 100.0, 1.0) for n in range(30)])
    times = FakeTime()
    async with ReplaySource(path, ReplaySettings(start="2021-04-03T00:05"), times.clock, sleep=times.sleep) as source:
        began = source.info().source_ms
        for time in (BEGINS + 30 * M, BEGINS + 31 * M, BEGINS, 0):
            source.resume(time)
            assert source.info().source_ms == began
        source.resume(BEGINS + 29 * M)
        assert source.info().source_ms == BEGINS + 28 * M
