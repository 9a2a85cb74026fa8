"""The simulator's trades: they agree with its ticks and candles, and change neither."""

from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest

from core.decimals import is_multiple
from pipeline.market import DAY_MS, MINUTE_MS, Frame, Symbol, Trade
from pipeline.quality.inspector import Inspector
from pipeline.settings import SimulatorSettings
from pipeline.simulator import SimulatorSource
from pipeline.simulator.market import Market
from pipeline.simulator.trades import traded_steps, trades_at
from pipeline.simulator.universe import universe
from tests.unit.pipeline.simulator.test_simulator_source import FakeTime, first

NOON = 20_500 * DAY_MS + DAY_MS // 2
MIDNIGHT = NOON + DAY_MS // 2


def open_market(count: int = 60, seed: int = 7) -> Market:
    market = Market(seed, universe(count, "USDC"))
    market.prepare(NOON)
    return market


def by_symbol(trades: list[Trade]) -> dict[Symbol, list[Trade]]:
    found: dict[Symbol, list[Trade]] = defaultdict(list)
    for trade in trades:
        found[trade.symbol].append(trade)
    return found


def source(time: FakeTime, cadence_ms: int = 1000) -> SimulatorSource:
    settings = SimulatorSettings(symbols=20)
    return SimulatorSource(settings, "USDC", time.clock, cadence_ms=cadence_ms, sleep=time.sleep)


async def frames(time: FakeTime, count: int, cadence_ms: int = 1000) -> list[Frame]:
    async with source(time, cadence_ms) as market:
        return await first(market.frames(), count)


def test_the_trades_of_a_minute_are_its_candle() -> None:
    market = open_market()
    traded = by_symbol(list(market.trades(0, NOON + MINUTE_MS - 1)))
    for candle in market.closed_candles(NOON):
        trades = traded[candle.symbol]
        prices = [float(trade.price) for trade in trades]
        assert (prices[0], prices[-1]) == (candle.open, candle.close)
        assert (max(prices), min(prices)) == (candle.high, candle.low)
        assert float(sum(Decimal(trade.quantity) for trade in trades)) == pytest.approx(candle.volume, rel=1e-12)


def test_a_trade_is_at_the_last_price_of_its_second_and_within_its_quote() -> None:
    market = open_market()
    for second in range(60):
        ticks = {tick.symbol: tick for tick in market.ticks(NOON + second * 1000)}
        for trade in market.trades(NOON + second * 1000 - 1, NOON + second * 1000):
            tick = ticks[trade.symbol]
            assert (trade.price, trade.time) == (tick.price, tick.time)
            assert Decimal(tick.bid) <= Decimal(trade.price) <= Decimal(tick.ask)


def test_sizes_are_whole_steps_and_differ_between_seconds() -> None:
    market = open_market()
    rules = {listing.symbol: listing.rules() for listing in market.trading}
    traded = by_symbol(list(market.trades(0, NOON + MINUTE_MS - 1)))
    for symbol, trades in traded.items():
        assert all(is_multiple(Decimal(trade.quantity), rules[symbol].step) for trade in trades)
        assert len({trade.quantity for trade in trades}) > len(trades) // 4
        assert [trade.trade_id for trade in trades] == sorted({trade.time // 1000 for trade in trades})


def test_open_close_and_extremes_trade_first_where_there_is_little_volume() -> None:
    price = np.full((60, 3), 100, np.int64)
    price[7], price[20] = 140, 60
    steps = traded_steps(7, 1, price, np.array([1, 4, 500]))
    assert steps.sum(axis=0).tolist() == [1, 4, 500]
    assert np.flatnonzero(steps[:, 0]).tolist() == [0]
    assert np.flatnonzero(steps[:, 1]).tolist() == [0, 7, 20, 59]
    assert (steps >= 0).all()
    traded = [len(list(trades_at(universe(3, "USDC"), NOON + second * 1000, price, steps))) for second in (0, 7, 8)]
    assert traded == [3, 2, 1]


def test_trades_are_a_function_of_seed_and_time_and_of_no_other_symbol() -> None:
    few, many = list(open_market(20).trades(0, NOON + 9000)), list(open_market(60).trades(0, NOON + 9000))
    names = {trade.symbol for trade in few}
    assert [trade for trade in many if trade.symbol in names] == few
    assert list(open_market(20, seed=8).trades(0, NOON + 9000)) != few


async def test_every_second_is_traded_once_at_any_cadence_and_in_a_late_frame() -> None:
    every = [frame.trades for frame in await frames(FakeTime(NOON + 55_000), 11)]
    assert every[0] == ()
    assert all({trade.time for trade in trades} == {NOON + 56_000 + n * 1000} for n, trades in enumerate(every[1:]))
    seen = [trade for trades in every for trade in trades]
    slow = await frames(FakeTime(NOON + 55_000), 3, cadence_ms=5000)
    assert [trade for frame in slow for trade in frame.trades] == seen
    late = FakeTime(NOON + 55_000)
    async with source(late) as market:
        stream = market.frames()
        await anext(stream)
        late.now += 10_000
        assert list((await anext(stream)).trades) == seen


async def test_a_very_late_frame_has_the_trades_of_the_last_minute_only() -> None:
    time = FakeTime(MIDNIGHT - 90_000)
    async with source(time) as market:
        stream = market.frames()
        await anext(stream)
        time.now = MIDNIGHT + 10_000
        times = {trade.time for trade in (await anext(stream)).trades}
    assert (min(times), max(times), len(times)) == (MIDNIGHT - 49_000, MIDNIGHT + 10_000, 60)


async def test_a_source_that_resumes_does_not_trade_again_what_was_traded() -> None:
    time = FakeTime(NOON)
    async with source(time) as market:
        market.resume(NOON - 90_000)
        begun = await anext(market.frames())
    assert begun.trades == ()
    assert begun.candles


async def test_the_inspector_lets_every_trade_pass() -> None:
    inspector = Inspector()
    for frame in await frames(FakeTime(NOON + 50_000), 75):
        assert inspector.inspect(frame, frame.time) is frame
    assert inspector.counts.trades > 1000
    assert not inspector.counts.total
