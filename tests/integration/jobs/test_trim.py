"""Archive, then trim, on real servers: what left the market goes when all of it is archived, and nothing before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from jobs.candles.archive_and_trim import SETTLED_MS, SILENT_MS, Trimmed, trim
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Interval, Symbol
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.scripted_market import BTC, COIN, ETH, START, ScriptedMarket, info_at, minute, rules_of, tick

M = MINUTE_MS
POINTS = 1000
GONE, DEAD = Symbol("GONEUSDC"), Symbol("DEADUSDC")
NOW = START + 2 * SILENT_MS
MARKET = info_at(NOW).market


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Any]:
    async with open_redis(redis_url) as client:
        yield client


@pytest.fixture
async def store(redis: Any) -> RedisStore:
    """GONE and DEAD were quoted every ten seconds for five minutes; two days later neither is listed, and BTC is."""
    store = RedisStore(redis, POINTS)
    await store.start(info_at(NOW))
    await store.publish_rules(*codec.encode_rules(rules_of("BTC", "ETH")))
    for step in range(30):
        await store.write([tick(symbol, START + step * 10_000, f"{100 + step}") for symbol in (GONE, DEAD)])
    await store.write([tick(BTC, NOW, "5")])
    return store


@pytest.fixture
def archive(pool: Any) -> CandleArchive:
    return CandleArchive(pool)


@pytest.fixture
def source() -> ScriptedMarket:
    market = ScriptedMarket(NOW)
    market.history[GONE, Interval.M1] = [minute(GONE, START + n * M, 100.0 + n) for n in range(3)]
    return market


async def run(archive: Any, store: Any, source: Any = None) -> Trimmed:
    return await trim(archive, store, source, lambda: 0)


async def keys_of(redis: Any, symbol: Symbol) -> list[bool]:
    hashes = [bool(await redis.hexists(name, symbol)) for name in ("current_prices", "quotes", "history_counts")]
    return [*hashes, bool(await redis.exists(codec.HISTORY_PREFIX + symbol))]


async def closes(archive: CandleArchive, symbol: Symbol) -> dict[int, tuple[float, float]]:
    found = await archive.candles(MARKET, symbol, Interval.M1, START - M, NOW)
    return {(b.candle.open_time - START) // M: (b.candle.close, b.candle.volume) for b in found}


async def test_what_left_the_market_leaves_redis_once_it_is_archived(
    archive: CandleArchive, store: RedisStore, redis: Any, source: ScriptedMarket
) -> None:
    done = await run(archive, store, source)
    assert done == Trimmed(symbols=3, points=61, archived=10, missing=0, removed=(DEAD, GONE))
    assert await keys_of(redis, GONE) == await keys_of(redis, DEAD) == [False] * 4
    assert await keys_of(redis, BTC) == [True] * 4
    assert await run(archive, store, source) == Trimmed(symbols=1, points=1)


async def test_what_the_source_knows_is_archived_as_it_says_and_the_rest_from_the_points(
    archive: CandleArchive, store: RedisStore, source: ScriptedMarket
) -> None:
    await run(archive, store, source)
    stated = {n: (100.0 + n, 1.5) for n in range(3)}
    assert await closes(archive, GONE) == stated | {3: (123.0, 0.0), 4: (129.0, 0.0)}
    assert await closes(archive, DEAD) == {n: (105.0 + 6 * n, 0.0) for n in range(5)}


async def test_a_silent_source_is_no_reason_to_stop(
    archive: CandleArchive, store: RedisStore, source: ScriptedMarket
) -> None:
    source.down = True
    assert (await run(archive, store, source)).removed == (DEAD, GONE)
    assert len(await closes(archive, GONE)) == 5


async def test_what_is_stated_later_takes_the_place_of_what_was_built_from_points(
    archive: CandleArchive, store: RedisStore, source: ScriptedMarket
) -> None:
    await run(archive, store)
    await archive.insert(MARKET, source.history[GONE, Interval.M1])
    assert (await closes(archive, GONE))[0] == (100.0, 1.5)


async def test_a_frame_delivered_again_brings_nothing_back_and_a_new_listing_begins_anew(
    archive: CandleArchive, store: RedisStore, redis: Any
) -> None:
    await run(archive, store)
    await store.write([tick(GONE, START + 290_000, "129")])
    assert await store.without_price([GONE]) == []
    assert await keys_of(redis, GONE) == [False] * 4
    assert await store.write([tick(GONE, NOW, "7")]) == [GONE]
    assert (await store.histories([GONE]))[GONE]["price"].tolist() == [7.0]


async def test_who_speaks_again_meanwhile_stays(archive: CandleArchive, store: RedisStore, redis: Any) -> None:
    class Speaking(CandleArchive):
        async def insert(self, *args: Any) -> int:
            await store.write([tick(GONE, NOW, "7")])
            return await super().insert(*args)

    done = await run(Speaking(archive._pool), store)
    assert (done.removed, done.kept) == ((DEAD,), (GONE,))
    assert await keys_of(redis, GONE) == [True] * 4


async def test_what_is_listed_or_was_heard_of_lately_stays(
    archive: CandleArchive, store: RedisStore, redis: Any
) -> None:
    await store.write([tick(ETH, START, "5"), tick(COIN, NOW - SILENT_MS + M, "5")])
    assert (await run(archive, store)).removed == (DEAD, GONE)
    assert await keys_of(redis, ETH) == await keys_of(redis, COIN) == [True] * 4


async def test_minutes_missing_of_a_symbol_that_trades_are_asked_of_the_source_and_never_made_up(
    archive: CandleArchive, store: RedisStore, source: ScriptedMarket
) -> None:
    await store.write([tick(ETH, NOW - SETTLED_MS - M, "5"), tick(BTC, NOW + 1, "5")])
    assert (await run(archive, store)).missing == 1
    source.history[ETH, Interval.M1] = [minute(ETH, NOW - SETTLED_MS - M)]
    again = await run(archive, store, source)
    assert (again.archived, again.missing) == (1, 0)


@pytest.mark.parametrize("lost", ["market:info", "market:rules"])
async def test_without_a_market_nothing_has_left_it(
    archive: CandleArchive, store: RedisStore, redis: Any, lost: str
) -> None:
    await redis.delete(lost)
    assert await run(archive, store) == Trimmed()
    assert await keys_of(redis, GONE) == [True] * 4


async def test_what_the_archive_does_not_keep_stays(archive: CandleArchive, store: RedisStore, redis: Any) -> None:
    class Forgetful(CandleArchive):
        async def insert(self, market: str, candles: Any) -> int:
            return await super().insert(market, [c for c in candles if c.symbol != GONE])

    done = await run(Forgetful(archive._pool), store)
    assert (done.removed, done.kept, done.missing) == ((DEAD,), (GONE,), 5)
    assert await keys_of(redis, GONE) == [True] * 4


# -- a failure, or the end, at every step ------------------------------------------------------------


class Steps:
    """Counts what is asked of the stores behind it, and ends badly at one step: before it, or when it is done."""

    def __init__(self, at: int, failure: Callable[[], BaseException], *, after: bool) -> None:
        self.number = 0
        self.names: list[str] = []
        self._at = at
        self._failure = failure
        self._after = after

    def over(self, store: Any) -> Any:
        steps = self

        class Stepping:
            def __getattr__(self, name: str) -> Any:
                async def step(*args: Any) -> Any:
                    steps.number += 1
                    steps.names.append(name)
                    fails = steps.number == steps._at
                    if fails and not steps._after:
                        raise steps._failure()
                    result = await getattr(store, name)(*args)
                    if fails:
                        raise steps._failure()
                    return result

                return step

        return Stepping()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("failure", [MarketUnavailable, asyncio.CancelledError])
async def test_ended_at_any_step_nothing_unarchived_has_left_and_another_run_finishes(
    archive: CandleArchive, store: RedisStore, redis: Any, failure: type[BaseException], *, after: bool
) -> None:
    histories = await store.histories([GONE, DEAD])
    for at in range(1, 40):
        steps = Steps(at, failure, after=after)
        try:
            done = await run(steps.over(archive), steps.over(store))
        except failure:
            removed = [symbol for symbol in (GONE, DEAD) if await keys_of(redis, symbol) == [False] * 4]
            untouched = [symbol for symbol in (GONE, DEAD) if await keys_of(redis, symbol) == [True] * 4]
            assert len(removed) + len(untouched) == 2
            assert "forget" in steps.names or not removed
            for symbol in removed:
                assert len(await closes(archive, symbol)) == 5
        else:
            assert at > steps.number
            assert {GONE, DEAD} >= set(done.removed)
            break
        if steps.names[-1] == "forget":
            await _again(store, histories)
    else:
        pytest.fail("it never ended")
    assert steps.names.count("forget") == 2
    assert await keys_of(redis, GONE) == await keys_of(redis, DEAD) == [False] * 4
    assert len(await closes(archive, GONE)) == len(await closes(archive, DEAD)) == 5


async def _again(store: RedisStore, histories: Any) -> None:
    """What was removed is quoted as before, so that the next step finds it."""
    await store._redis.hdel(codec.LAST_UPDATE, GONE, DEAD)  # type: ignore[misc]
    await store._redis.hdel(codec.HISTORY_COUNTS, GONE, DEAD)  # type: ignore[misc]
    for time, price in histories[GONE].tolist():
        await store.write([tick(symbol, time, str(price)) for symbol in (GONE, DEAD)])
