"""Candles of a database of migration 0073 are kept when order flow is added, beside a process of then that goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.database.migrate import MIGRATIONS, ROLE, migrate
from core.database import Pool
from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval
from tests.fakes.scripted_market import BTC, START

LAST = "0073"
M = MINUTE_MS
MARKET = "binance"
OLD_COLUMNS = ("market", *Candle.__struct_fields__[:9])
OLD_INSERT = """
INSERT INTO candle AS kept (market, symbol, open_time, open, high, low, close, volume, quote_volume, trades)
SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[],
                         $9::float8[], $10::bigint[])
ON CONFLICT (market, symbol, open_time) DO UPDATE
SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
    volume = excluded.volume, quote_volume = excluded.quote_volume, trades = excluded.trades
WHERE (excluded.trades, excluded.volume) > (kept.trades, kept.volume)
"""


def candle(minute: int, trades: int = 3, volume: float = 5.0) -> Candle:
    return Candle(BTC, START + minute * M, 100.0, 102.0, 99.0, 101.0, volume, 500.0, trades)


async def put_by_former(pool: Pool, candles: list[Candle]) -> None:
    """Archives as the version of migration 0073 does: COPY, and INSERT where a row is there."""
    rows = [(MARKET, *(getattr(each, name) for name in OLD_COLUMNS[1:])) for each in candles]
    await pool.execute("SELECT make_candle_partitions($1, $2)", candles[0].open_time, candles[-1].open_time)
    try:
        await pool.copy_records_to_table("candle", records=rows, columns=OLD_COLUMNS)
    except asyncpg.UniqueViolationError:
        await pool.execute(OLD_INSERT, MARKET, *(list(column) for column in list(zip(*rows, strict=True))[1:]))


@pytest.fixture
async def then(empty_dsn: str, tmp_path: Path) -> "AsyncIterator[Pool]":
    """Connections of the application to a database of then."""
    for file in MIGRATIONS.glob("*.sql"):
        if file.stem.partition(".")[0] <= LAST:
            (tmp_path / file.name).symlink_to(file)
    migrate(empty_dsn, folder=tmp_path)
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(empty_dsn, min_size=1, max_size=2, server_settings=settings) as pool:
        yield pool


async def test_a_process_of_then_goes_on_beside_one_of_now(then: "Pool", empty_dsn: str) -> None:
    before = [candle(minute) for minute in range(3)]
    await put_by_former(then, before)
    size = "SELECT pg_relation_filenode('candle_2021_04')"
    file = await then.fetchval(size)
    migrate(empty_dsn)
    assert await then.fetchval(size) == file, "the rows of before were not written again"

    archive = CandleArchive(then)
    flowing = Candle(*(getattr(candle(3), name) for name in Candle.__struct_fields__[:9]), 4.5, 0.25)
    assert await archive.insert(MARKET, [*before, flowing]) == 1
    await put_by_former(then, [candle(4)])
    await put_by_former(then, [candle(3), candle(4)])
    later = START + 45 * DAY_MS  # a month that the process of then begins
    await put_by_former(then, [candle((later - START) // M)])
    found = [each.candle for each in await archive.candles(MARKET, BTC, Interval.M1, START, START + 50 * DAY_MS)]
    assert found == [*before, flowing, candle(4), candle((later - START) // M)]

    await put_by_former(then, [candle(3, trades=4, volume=1.0)])
    (bucket,) = await archive.candles(MARKET, BTC, Interval.M1, START + 3 * M, START + 4 * M)
    assert (bucket.candle.trades, bucket.candle.volume) == (4, 1.0)
    with pytest.raises(asyncpg.CheckViolationError):
        await then.execute("UPDATE candle SET quote_imbalance = 'NaN'")
