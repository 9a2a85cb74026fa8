"""Order flow of candles in the archive, on a real server."""

from typing import Any

import asyncpg
import msgspec
import pytest

from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, Interval
from tests.fakes.scripted_market import BTC, START, minute

M = MINUTE_MS
MARKET = "binance"


@pytest.fixture
def archive(pool: Any) -> CandleArchive:
    return CandleArchive(pool)


async def read(archive: CandleArchive) -> list[Candle]:
    return [bucket.candle for bucket in await archive.candles(MARKET, BTC, Interval.M1, START, START + M)]


async def test_the_same_candle_again_adds_order_flow(archive: CandleArchive) -> None:
    plain = minute(BTC, START, trades=9)
    taken = msgspec.structs.replace(plain, taker_volume=0.5)
    both = msgspec.structs.replace(taken, quote_imbalance=-0.25)
    counts = [await archive.insert(MARKET, [candle]) for candle in (plain, taken, plain, both, taken)]
    assert counts == [1, 1, 0, 1, 0]
    assert await read(archive) == [both]
    await archive.insert(MARKET, [msgspec.structs.replace(plain, trades=8, taker_volume=0.1)])
    assert await read(archive) == [both]
    await archive.insert(MARKET, [better := minute(BTC, START, trades=10)])
    assert await read(archive) == [better]


@pytest.mark.parametrize("flow", ["taker_volume = 'NaN'", "taker_volume = -1", "quote_imbalance = 1.5"])
async def test_the_table_itself_refuses_order_flow_that_is_none(archive: CandleArchive, pool: Any, flow: str) -> None:
    await archive.insert(MARKET, [minute(BTC, START)])
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(f"UPDATE candle SET {flow}")  # noqa: S608 - one of those above
