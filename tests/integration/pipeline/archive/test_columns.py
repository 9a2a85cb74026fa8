"""Candles of the archive in columns, on a real server."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pytest

from pipeline.archive.candle_history import CandleHistory
from pipeline.archive.columns import in_present_unit
from pipeline.archive.postgres import CandleArchive
from pipeline.archive.units import UnitChange, present_candles
from pipeline.candles import CandleColumns, aggregate
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from tests.fakes.scripted_market import BTC, COIN, ETH, START
from tests.support.backtest_markets import random_candles

M = MINUTE_MS
MARKET = "replay"


def walk(symbol: Symbol, count: int, seed: int = 3) -> list[Candle]:
    made = random_candles(np.random.default_rng(seed), count, frozen=0)
    return replace(made, open_time=START + M * np.arange(count)).candles(symbol)


@pytest.fixture
def archive(pool: Any) -> CandleArchive:
    return CandleArchive(pool)


async def test_columns_are_the_candles(archive: CandleArchive) -> None:
    candles = walk(BTC, 500)
    await archive.insert(MARKET, [*candles, *walk(ETH, 20, seed=4)])
    columns = await archive.columns(MARKET, BTC, START + 2 * M, START + 400 * M)
    assert columns.candles(BTC) == candles[2:400]
    assert len(await archive.columns(MARKET, COIN, START, START + M)) == 0
    history, end = CandleHistory(archive, None), START + 500 * M
    hours = await history.columns(MARKET, BTC, Interval.H1, (START - 10_000 * 60 * M, end), end)
    wide = aggregate(candles, Interval.H1, end)
    assert [(each.open_time, each.high, each.close) for each in hours.candles(BTC)] == [
        (each.open_time, each.high, each.close) for each in wide
    ]
    minutes = await history.columns(MARKET, BTC, Interval.M1, (START + 100 * M, START + 110 * M), end)
    assert minutes.candles(BTC) == candles[100:110]
    present = in_present_unit(
        await archive.columns(MARKET, BTC, START, end), [UnitChange(START + 250 * M, Decimal(1000))]
    )
    assert present.close[249] == candles[249].close / 1000
    assert present.volume[249] == candles[249].volume * 1000
    assert present.close[250] == candles[250].close


async def test_prices_of_before_a_redenomination_keep_their_takers_part(archive: CandleArchive) -> None:
    changes = [UnitChange(START + 2 * M, Decimal(1000))]
    candles = [msgspec.structs.replace(each, taker_volume=each.volume / 2) for each in walk(BTC, 4)]
    for given in (present_candles(candles, changes), in_present_unit(CandleColumns.of(candles), changes).candles(BTC)):
        assert [each.taker_volume for each in given] == [each.volume / 2 for each in given]
        assert given[1].volume == candles[1].volume * 1000
