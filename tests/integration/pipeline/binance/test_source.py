"""Prices, books and candles of the source on a fake Binance: fresh, late, silent, cut and banned."""

import asyncio
import time

import pytest

from core.clock import Clock, wall_clock
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Interval, SourceKind, Symbol
from tests.fakes.binance import FakeBinance
from tests.integration.pipeline.binance.source_desk import BTC, NEW, desk_on, only_the_stream_speaks, until


def fast_clock(speed: float) -> Clock:
    base, began = wall_clock(), time.monotonic()
    return lambda: base + int((time.monotonic() - began) * 1000 * speed)


async def test_prices_come_at_once_and_then_by_the_stream() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: desk.frames)
        first = desk.frames[0]
        assert {tick.symbol for tick in first.ticks} == {"BTCUSDC", "ETHUSDC", "币安人生USDC"}
        assert all(tick.bid and tick.ask and tick.open_24h and tick.volume_24h for tick in first.ticks)
        await until(lambda: fake.connected)
        seen = len(desk.frames)
        await until(lambda: len({t.price for f in desk.frames[seen:] for t in f.ticks if t.symbol == BTC}) > 1)
        times = [tick.time for tick in desk.ticks if tick.symbol == BTC]
        assert times == sorted(set(times))


async def test_the_source_says_what_it_is_and_keeps_the_exchange_s_clock() -> None:
    ahead = 3_600_000
    async with FakeBinance(clock=lambda: wall_clock() + ahead) as fake, desk_on(fake) as desk:
        info = desk.source.info()
        assert (info.source, info.label, info.quote_asset) == (SourceKind.BINANCE, "", "USDC")
        assert abs(info.source_ms - info.wall_ms - ahead) < 500
        await until(lambda: desk.age_ms() < 1000)


async def test_books_and_candles_are_asked_for_when_wanted() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        book = await desk.source.order_book(BTC)
        assert book is not None
        assert book.bids[0].price < book.asks[0].price
        now = desk.source.info().source_ms
        assert len(await desk.source.candles(BTC, Interval.H1, now - 5 * 3_600_000, now)) in {4, 5}
        assert await desk.source.candles(Symbol("NOSUCH"), Interval.H1, 0, now) == []
        assert await desk.source.order_book(Symbol("ETHBTC")) is None
        fake.fail(503, times=100)
        with pytest.raises(MarketUnavailable):
            await desk.source.order_book(Symbol("ETHUSDC"))
        with pytest.raises(MarketUnavailable):
            await desk.source.candles(BTC, Interval.H1, 0, now)


async def test_rest_keeps_prices_fresh_while_there_is_no_stream() -> None:
    async with FakeBinance() as fake:
        fake.refuse_streams = True
        async with desk_on(fake) as desk:
            ages = []
            for _ in range(20):
                await asyncio.sleep(0.1)
                ages.append(desk.age_ms())
            assert max(ages[5:]) < desk.source.info().cadence_ms + 1500
            assert sum("bookTicker" in path for path, _ in fake.requests) >= 3
            assert fake.opened == 0
            fake.refuse_streams = False
            await until(lambda: fake.connected)


async def test_a_cut_stream_comes_back() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: fake.connected)
        await fake.disconnect()
        await until(lambda: fake.opened >= 2)
        await only_the_stream_speaks(fake, desk)


async def test_after_a_break_a_snapshot_is_asked_for_until_there_is_one() -> None:
    """The books stay silent, as of quiet markets: without a snapshot nothing could be confirmed for long."""
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: fake.connected)
        fake.books_silent = True
        fake.fail(503, path="ticker", times=10_000)
        await fake.disconnect()
        await until(lambda: fake.opened >= 2 and desk.source.health().live)
        broken = fake.clock()
        await asyncio.sleep(2)
        assert max(tick.time for tick in desk.ticks) <= broken
        fake.recover()
        await until(lambda: desk.age_ms() < 500, seconds=30)


async def test_a_silent_stream_confirms_nothing_and_is_replaced() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: fake.connected)
        await only_the_stream_speaks(fake, desk)
        fake.stalled = True
        stalled_at = fake.clock()
        await until(lambda: fake.opened >= 3)
        assert max(tick.time for tick in desk.ticks) <= stalled_at + 500
        assert desk.age_ms() > 1500
        fake.stalled = False
        await until(lambda: desk.age_ms() < 300)


async def test_data_that_comes_late_is_not_taken_for_new() -> None:
    """The socket is as lively as ever: only the times in it tell."""
    async with FakeBinance() as fake, desk_on(fake, stall_seconds=5) as desk:
        await until(lambda: fake.connected)
        await only_the_stream_speaks(fake, desk)
        fake.late_ms = 3_000
        late_from = fake.clock()
        await asyncio.sleep(1)
        assert max(tick.time for tick in desk.ticks) <= late_from + 200
        fake.late_ms = 60_000
        await until(lambda: fake.opened >= 2)
        fake.late_ms = 0
        await until(lambda: desk.age_ms() < 300)


async def test_when_nothing_works_no_frames_come_and_nothing_is_raised() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: desk.frames)
        fake.fail(500, times=10_000)
        fake.refuse_streams = True
        await fake.disconnect()
        await asyncio.sleep(0.3)
        seen = len(desk.frames)
        await asyncio.sleep(1)
        assert len(desk.frames) == seen
        assert desk.age_ms() > 900
        fake.recover()
        fake.refuse_streams = False
        await until(lambda: desk.age_ms() < 300)


async def test_a_book_that_falls_silent_while_its_symbol_trades_is_fetched_and_the_stream_renewed() -> None:
    clock = fast_clock(speed=10)
    async with FakeBinance(clock=clock) as fake, desk_on(fake, clock=clock) as desk:
        await until(lambda: fake.connected)
        asked = len(fake.requests)
        fake.books_silent = True
        await until(lambda: fake.opened >= 2)
        await until(lambda: any("bookTicker" in path for path, _ in fake.requests[asked:]))
        await until(lambda: desk.age_ms() < 1000)


async def test_a_symbol_that_is_noticed_late_has_its_candles_from_the_beginning() -> None:
    clock = fast_clock(speed=200)
    async with FakeBinance(clock=clock) as fake, desk_on(fake, clock=clock, stall_seconds=5) as desk:
        await until(lambda: fake.connected)
        listed_at = clock()
        fake.list_symbol(NEW)
        await until(lambda: desk.candles[NEW])
        assert desk.candles[NEW][0].open_time <= listed_at


async def test_a_ban_is_obeyed_while_the_stream_goes_on() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: fake.connected)
        fake.fail(429, retry_after=60)
        await until(lambda: not any(failure.times for failure in fake._failures))
        asked = len(fake.requests)
        await asyncio.sleep(1)
        assert len(fake.requests) == asked
        await until(lambda: desk.age_ms() < 500)


async def test_halts_and_listings_appear() -> None:
    async with FakeBinance() as fake, desk_on(fake) as desk:
        await until(lambda: fake.connected)
        fake.halt(BTC)
        fake.list_symbol(NEW)
        await until(lambda: any(tick.symbol == NEW for tick in desk.ticks))
        statuses = {rules.symbol: rules.status for rules in await desk.source.rules()}
        assert (statuses[BTC], statuses[NEW]) == ("HALT", "TRADING")
        assert "ETHBTC" not in statuses


async def test_reconnects_and_backfill_leave_no_minute_missing() -> None:
    clock = fast_clock(speed=120)
    async with FakeBinance(clock=clock) as fake, desk_on(fake, clock=clock, stall_seconds=5) as desk:
        began = clock()
        await until(lambda: len(desk.candles[BTC]) >= 2)
        fake.refuse_streams = True
        await fake.disconnect()
        await asyncio.sleep(1.5)
        fake.refuse_streams = False
        seen = len(desk.candles[BTC])
        await until(lambda: fake.connected and len(desk.candles[BTC]) >= seen + 3)
        for symbol in ("BTCUSDC", "ETHUSDC", "币安人生USDC"):
            candles = desk.candles[Symbol(symbol)]
            first = candles[0].open_time
            assert first <= began
            assert [c.open_time for c in candles] == [first + n * MINUTE_MS for n in range(len(candles))]
            assert all(c.close == float(fake.market.kline(symbol, c.open_time, clock())[4]) for c in candles)


async def test_candles_have_the_takers_part_and_the_mean_of_the_quotes() -> None:
    clock = fast_clock(speed=30)
    async with FakeBinance(clock=clock) as fake, desk_on(fake, clock=clock, stall_seconds=30) as desk:
        await until(lambda: any(candle.quote_imbalance is not None for candle in desk.candles[BTC]))
        *_, candle = desk.candles[BTC]
        row = fake.market.kline(BTC, candle.open_time, clock())
        assert (candle.taker_volume, candle.trades) == (float(row[9]), row[8])
        tops = [fake.market.top(BTC, candle.open_time + second * 1000) for second in range(60)]
        sides = [(float(bid_size), float(ask_size)) for _, bid_size, _, ask_size in tops]
        known = [(bid - ask) / (bid + ask) for bid, ask in sides]
        assert min(known) <= (candle.quote_imbalance or 0.0) <= max(known)


async def test_opening_fails_when_binance_cannot_be_asked() -> None:
    async with FakeBinance() as fake:
        fake.fail(503, times=100)
        with pytest.raises(MarketUnavailable):
            async with desk_on(fake):
                pass
