"""The candle archive on a real server."""

import asyncio
import random
from math import nan
from typing import Any

import asyncpg
import msgspec
import pytest

from pipeline.archive.candle_history import CandleHistory, backfill
from pipeline.archive.postgres import CandleArchive, translated
from pipeline.candles import aggregate
from pipeline.errors import MarketUnavailable, NoCandles
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol
from tests.fakes.scripted_market import BTC, COIN, ETH, START, ScriptedMarket, minute
from tests.patience import PATIENCE_SECONDS

M = MINUTE_MS
MARKET = "replay"
MAY = 1_619_827_200_000  # 2021-05-01 00:00 UTC


@pytest.fixture
def archive(pool: Any) -> CandleArchive:
    return CandleArchive(pool)


async def read(
    archive: CandleArchive, symbol: Symbol, start: int, end: int, interval: Interval = Interval.M1
) -> list[Candle]:
    return [bucket.candle for bucket in await archive.candles(MARKET, symbol, interval, start, end)]


def walk(symbol: Symbol, start: int, count: int, seed: int = 3) -> list[Candle]:
    chance = random.Random(seed)  # noqa: S311
    candles, price = [], 100.0
    for number in range(count):
        opened, price = price, price * (1 + chance.gauss(0, 0.01))
        high, low = max(opened, price) * 1.001, min(opened, price) * 0.999
        volume = chance.random()
        flow = (volume / 3 if number % 5 else None, chance.uniform(-1, 1) if number % 3 else None)
        candles.append(
            Candle(symbol, start + number * M, opened, high, low, price, volume, volume * price, number % 7, *flow)
        )
    return candles


async def test_candles_come_back_exactly_as_recorded(archive: CandleArchive) -> None:
    candles = [*walk(COIN, START, 50), Candle(COIN, START + 50 * M, 1e-9, 1e9, 1e-12, 0.1 + 0.2, 0.0)]
    assert await archive.insert(MARKET, candles) == 51
    assert await read(archive, COIN, START, START + 60 * M) == candles
    assert await read(archive, COIN, START + M, START + 3 * M) == candles[1:3]
    assert await read(archive, BTC, START, START + 60 * M) == []


async def test_redelivery_leaves_one_row_for_a_symbol_and_minute(archive: CandleArchive, pool: Any) -> None:
    candles = [*walk(BTC, START, 30), *walk(ETH, START, 30)]
    for _ in range(3):
        await archive.insert(MARKET, candles + candles[:10])
    assert await pool.fetchval("SELECT count(*) FROM candle") == 60
    assert await archive.insert(MARKET, candles) == 0


@pytest.mark.parametrize("order", [1, -1])
async def test_the_version_with_more_trades_stays_whatever_comes_first(archive: CandleArchive, order: int) -> None:
    versions = [minute(BTC, START, 1.5, trades=2), minute(BTC, START, 2.5, trades=9), minute(BTC, START, 3.5, trades=2)]
    for candle in versions[::order]:
        await archive.insert(MARKET, [candle])
    assert await read(archive, BTC, START, START + M) == [versions[1]]


async def test_of_two_equal_versions_the_first_stays(archive: CandleArchive) -> None:
    first, second = minute(BTC, START, 5.0), minute(BTC, START, 6.0)
    assert [await archive.insert(MARKET, [candle]) for candle in (first, second)] == [1, 0]
    assert await read(archive, BTC, START, START + M) == [first]


async def test_markets_do_not_mix(archive: CandleArchive) -> None:
    await archive.insert("simulator:7", [minute(BTC, START, 5.0, trades=100)])
    await archive.insert(MARKET, [minute(BTC, START, 6.0)])
    assert [c.close for c in await read(archive, BTC, START, START + M)] == [6.0]


async def test_a_broken_candle_is_left_out_and_the_others_are_archived(archive: CandleArchive) -> None:
    broken = Candle(BTC, START, nan, nan, nan, nan, 1.0)
    assert await archive.insert(MARKET, [broken, minute(BTC, START + M)]) == 1


async def test_archivers_that_are_given_the_same_at_once_leave_the_best_of_each(pool: Any) -> None:
    chance = random.Random(9)  # noqa: S311
    versions = [
        minute(Symbol(f"S{n}"), START + at * M, 5.0 + t, trades=t)
        for n in range(40)
        for at in range(20)
        for t in (1, 7, 3)
    ]

    async def deliver(seed: int) -> None:
        mine = random.Random(seed).sample(versions, len(versions))  # noqa: S311
        for start in range(0, len(mine), 300):
            await CandleArchive(pool).insert(MARKET, mine[start : start + 300])

    await asyncio.gather(*(deliver(chance.randrange(1000)) for _ in range(6)))
    rows = await pool.fetch("SELECT symbol, open_time, trades, close FROM candle")
    assert len(rows) == len({(row["symbol"], row["open_time"]) for row in rows}) == 800
    assert {(row["trades"], row["close"]) for row in rows} == {(7, 12.0)}


async def test_of_a_batch_that_is_partly_there_only_what_is_new_or_better_is_counted(archive: CandleArchive) -> None:
    candles = walk(BTC, START, 100)
    await archive.insert(MARKET, candles[:60])
    better = msgspec.structs.replace(candles[10], trades=99)
    assert await archive.insert(MARKET, [*candles[5:100], better]) == 41
    assert await read(archive, BTC, START, START + 100 * M) == [*candles[:10], better, *candles[11:]]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "0"])
async def test_the_table_itself_refuses_prices_that_are_none(archive: CandleArchive, pool: Any, value: str) -> None:
    await archive.insert(MARKET, [minute(BTC, START)])
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "UPDATE candle SET open = $1::float8, high = $1::float8, low = $1::float8, close = $1::float8", float(value)
        )


# -- partitions --------------------------------------------------------------------------------------


async def test_a_batch_may_cross_the_end_of_a_month(archive: CandleArchive, pool: Any) -> None:
    candles = walk(BTC, MAY - 3 * M, 6)
    await archive.insert(MARKET, candles)
    assert await read(archive, BTC, MAY - 3 * M, MAY + 3 * M) == candles
    where = await pool.fetch("SELECT tableoid::regclass::text AS part, count(*) AS n FROM candle GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in where] == [("candle_2021_04", 3), ("candle_2021_05", 3)]


async def test_the_next_month_is_there_days_before_it_begins(archive: CandleArchive, pool: Any) -> None:
    await archive.insert(MARKET, [minute(BTC, MAY - 2 * DAY_MS)])
    assert await pool.fetchval("SELECT to_regclass('candle_2021_05') IS NOT NULL")


async def test_partitions_made_by_many_at_once_are_made_once(pool: Any) -> None:
    for month in range(5):  # each time none of them knows it yet
        first = MAY + month * 70 * DAY_MS
        together = (CandleArchive(pool).insert(MARKET, [minute(Symbol(f"S{n}"), first)]) for n in range(8))
        assert await asyncio.gather(*together) == [1] * 8
    assert await pool.fetchval("SELECT count(*) FROM candle") == 40


async def test_a_partition_can_be_made_while_another_transaction_writes(archive: CandleArchive, pool: Any) -> None:
    await archive.insert(MARKET, [minute(BTC, START)])
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE candle SET trades = 99")
        assert await asyncio.wait_for(archive.insert(MARKET, [minute(BTC, MAY + 40 * DAY_MS)]), PATIENCE_SECONDS) == 1


async def test_a_month_that_was_dropped_is_made_again(archive: CandleArchive, dsn: str) -> None:
    await archive.insert(MARKET, [minute(BTC, START)])
    owner = await asyncpg.connect(dsn)
    await owner.execute("DROP TABLE candle_2021_04")
    await owner.close()
    assert await archive.insert(MARKET, [minute(BTC, START)]) == 1


async def test_partitions_are_bounded(pool: Any) -> None:
    for first, last in ((-1, 5), (5, 4), (0, 4_102_444_800_001), (0, 20 * 366 * DAY_MS)):
        with pytest.raises(asyncpg.InvalidParameterValueError):
            await pool.execute("SELECT make_candle_partitions($1, $2)", first, last)


async def test_the_application_may_not_delete_candles_or_change_the_table(archive: CandleArchive, pool: Any) -> None:
    await archive.insert(MARKET, [minute(BTC, START)])
    for statement in (
        "DELETE FROM candle",
        "TRUNCATE candle",
        "DROP TABLE candle_2021_04",
        "CREATE TABLE mine (x int)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


# -- wider candles -----------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", list(Interval))
async def test_wider_candles_equal_those_built_outside_the_database(archive: CandleArchive, interval: Interval) -> None:
    start = MAY - DAY_MS
    chance = random.Random(11)  # noqa: S311
    candles = [c for c in walk(BTC, start, 2 * 1440) if chance.random() > 0.02 and not 0 <= c.open_time - MAY < 700 * M]
    await archive.insert(MARKET, [*candles, *walk(ETH, start, 100)])
    found = await archive.candles(MARKET, BTC, interval, start, start + 2 * DAY_MS)
    expected = aggregate(candles, interval, start + 2 * DAY_MS)
    assert [
        (b.candle.open_time, b.candle.open, b.candle.high, b.candle.low, b.candle.close, b.candle.trades) for b in found
    ] == [(c.open_time, c.open, c.high, c.low, c.close, c.trades) for c in expected]
    assert [b.candle.volume for b in found] == pytest.approx([c.volume for c in expected], rel=1e-12)
    assert [b.candle.quote_volume for b in found] == pytest.approx([c.quote_volume for c in expected], rel=1e-12)
    for name in ("taker_volume", "quote_imbalance"):
        flow = [[getattr(c, name) for c in each] for each in ((b.candle for b in found), expected)]
        assert [each is None for each in flow[0]] == [each is None for each in flow[1]]
        known = [[each for each in one if each is not None] for one in flow]
        assert known[0] == pytest.approx(known[1], rel=1e-9, abs=1e-12)
    there = {c.open_time for c in candles}
    for bucket in found:
        first = bucket.candle.open_time
        assert bucket.complete == all(time in there for time in range(first, first + interval.ms, M))


# -- gaps and the source -----------------------------------------------------------------------------


@pytest.fixture
def market() -> ScriptedMarket:
    market = ScriptedMarket(START + 120 * M)
    for symbol in (BTC, ETH):
        market.history[symbol, Interval.M1] = walk(symbol, START, 120)
        market.history[symbol, Interval.H1] = [
            minute(symbol, START - 3_600_000),
            *aggregate(walk(symbol, START, 120), Interval.H1, market.time),
        ]
    return market


async def test_gaps_of_the_last_minutes_are_filled_from_the_source(
    archive: CandleArchive, market: ScriptedMarket
) -> None:
    candles = market.history[BTC, Interval.M1]
    await archive.insert(MARKET, candles[70:80])
    seen: list[tuple[int, int]] = []
    assert (
        await backfill(archive, market, [BTC, ETH, COIN], 60, progress=lambda done, total: seen.append((done, total)))
        == 50 + 60
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert await read(archive, BTC, START, START + DAY_MS) == candles[60:]
    assert (BTC, Interval.M1, START + 60 * M, START + 70 * M) in market.asked
    market.asked.clear()
    assert await backfill(archive, market, [BTC, ETH], 60) == 0
    assert market.asked == []


async def test_a_backfill_ends_quietly_when_the_source_falls_silent(
    archive: CandleArchive, market: ScriptedMarket
) -> None:
    market.down = True
    assert await backfill(archive, market, [BTC, ETH], 60) == 0
    assert len(market.asked) <= 4


async def test_long_gaps_are_asked_for_in_pieces(archive: CandleArchive, market: ScriptedMarket) -> None:
    market.time = START + 2500 * M
    market.history[BTC, Interval.M1] = walk(BTC, START, 2500)
    assert await backfill(archive, market, [BTC], 2500) == 2500


async def test_what_the_archive_lacks_comes_from_the_source_and_is_archived(
    archive: CandleArchive, market: ScriptedMarket
) -> None:
    history = CandleHistory(archive, market)
    await archive.insert(MARKET, market.history[BTC, Interval.M1][100:])
    assert await history.candles(MARKET, BTC, Interval.M1, 50, market.time) == market.history[BTC, Interval.M1][70:]
    assert market.asked == [(BTC, Interval.M1, START + 70 * M, START + 100 * M)]
    assert await read(archive, BTC, START, START + DAY_MS) == market.history[BTC, Interval.M1][70:]


async def test_wider_candles_are_the_archives_where_complete_and_the_sources_elsewhere(
    archive: CandleArchive, market: ScriptedMarket
) -> None:
    history = CandleHistory(archive, market)
    minutes = market.history[BTC, Interval.M1]
    await archive.insert(MARKET, minutes[60:])
    before, first, _ = market.history[BTC, Interval.H1]
    found = await history.candles(MARKET, BTC, Interval.H1, 3, market.time)
    assert found[:2] == [before, first]
    assert found[2].close == minutes[-1].close
    assert market.asked == [(BTC, Interval.H1, START - 3_600_000, START + 3_600_000)]


async def test_a_source_that_knows_no_more_is_not_asked_again_at_once(
    archive: CandleArchive, market: ScriptedMarket
) -> None:
    history = CandleHistory(archive, market)
    for _ in range(3):
        await history.candles(MARKET, BTC, Interval.M1, 500, market.time)
    assert len(market.asked) == 1
    await history.candles(MARKET, BTC, Interval.M1, 500, market.time + 10 * M)
    assert len(market.asked) == 2


async def test_the_archive_alone_answers_while_the_source_is_silent(
    archive: CandleArchive, market: ScriptedMarket
) -> None:
    history = CandleHistory(archive, market)
    await archive.insert(MARKET, market.history[BTC, Interval.M1][100:])
    market.down = True
    assert len(await history.candles(MARKET, BTC, Interval.M1, 50, market.time)) == 20
    with pytest.raises(MarketUnavailable):
        await history.candles(MARKET, ETH, Interval.M1, 50, market.time)
    with pytest.raises(NoCandles):
        await CandleHistory(archive, None).candles(MARKET, ETH, Interval.M1, 50, market.time)


async def test_the_source_alone_answers_while_postgresql_is_away(pool: Any, market: ScriptedMarket) -> None:
    await pool.close()
    history = CandleHistory(CandleArchive(pool), market)
    assert len(await history.candles(MARKET, BTC, Interval.M1, 50, market.time)) == 50
    market.down = True
    with pytest.raises(MarketUnavailable):
        await history.candles(MARKET, ETH, Interval.M1, 50, market.time)


async def test_a_close_is_known_when_its_minute_has_ended(archive: CandleArchive) -> None:
    await archive.insert(MARKET, [minute(BTC, START + n * M, 10.0 + n) for n in range(5)])
    assert await archive.closes(MARKET, BTC, START + 3 * M, 2) == ([START + 2 * M, START + 3 * M], [11.0, 12.0])
    assert await archive.closes(MARKET, BTC, START + 3 * M - 1, 2) == ([START + M, START + 2 * M], [10.0, 11.0])


async def test_the_open_minute_is_no_candle_yet(archive: CandleArchive, market: ScriptedMarket) -> None:
    found = await CandleHistory(archive, market).candles(MARKET, BTC, Interval.M1, 2, START + 10 * M + 59_999)
    assert [c.open_time for c in found] == [START + 8 * M, START + 9 * M]


@pytest.mark.parametrize(
    "failure",
    [asyncpg.ConnectionDoesNotExistError(), asyncpg.CannotConnectNowError(), asyncpg.AdminShutdownError(),
     asyncpg.TooManyConnectionsError(), asyncpg.DiskFullError(), asyncpg.DeadlockDetectedError(),
     asyncpg.InterfaceError(""), OSError(), TimeoutError()],
)  # fmt: skip
def test_every_way_of_not_answering_means_the_market_is_down(failure: Exception) -> None:
    with pytest.raises(MarketUnavailable), translated():
        raise failure


def test_a_mistake_of_ours_stays_a_mistake() -> None:
    for failure in (asyncpg.DataError(), asyncpg.UndefinedTableError()):
        with pytest.raises(type(failure)), translated():
            raise failure
