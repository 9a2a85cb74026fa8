"""The market store on a real server."""

import asyncio
import random
import tracemalloc
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import redis.exceptions as failures
from redis import Redis

from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol, Tick
from pipeline.store import codec
from pipeline.store.redis import RedisStore, answered, open_store
from tests.fakes.scripted_market import BTC, COIN, ETH, START, info_at, rules_of, tick
from tests.patience import PATIENCE_SECONDS

POINTS = 1000


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    async with open_store(redis_url, POINTS) as opened:
        yield opened


@pytest.fixture
def server(redis_url: str) -> Any:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


async def history(store: RedisStore, symbol: Symbol = BTC) -> list[tuple[int, float]]:
    return [tuple(point) for point in (await store.histories([symbol]))[symbol].tolist()]


async def test_a_frame_is_under_the_keys_everyone_knows(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START, "57000.10"), tick(COIN, START, "0.05")])
    assert server.hgetall("current_prices") == {BTC: "57000.10", COIN: "0.05"}
    assert server.hgetall("last_update") == {BTC: str(START), COIN: str(START)}
    assert server.strlen(f"price_history:{COIN}") == POINTS * 16
    assert await history(store) == [(START, 57000.10)]


async def test_a_frame_written_twice_is_written_once(store: RedisStore, server: Any) -> None:
    for _ in range(2):
        await store.write([tick(BTC, START, "1"), tick(ETH, START, "2")])
        await store.write([tick(BTC, START + 1, "3")])
    assert await history(store) == [(START, 1.0), (START + 1, 3.0)]
    assert await store.count(BTC) == 2
    assert server.hget("current_prices", BTC) == "3"


async def test_an_older_tick_does_not_overwrite_a_newer_one(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START, "2")])
    await store.write([tick(BTC, START - 1, "1"), tick(ETH, START - 1, "9")])
    assert server.hgetall("current_prices") == {BTC: "2", ETH: "9"}
    assert await history(store) == [(START, 2.0)]


async def test_a_frame_may_hold_a_symbol_more_than_once(store: RedisStore, server: Any) -> None:
    times = (0, 2, 1, 3)
    await store.write([tick(BTC, START + time, str(time + 1)) for time in times])
    assert await history(store) == [(START, 1.0), (START + 2, 3.0), (START + 3, 4.0)]
    assert server.hgetall("current_prices") == {BTC: "4"}
    assert await store.count(BTC) == 3


async def test_the_store_agrees_with_a_naive_one_on_any_order_of_ticks(store: RedisStore, server: Any) -> None:
    chance = random.Random(5)  # noqa: S311
    symbols = (BTC, ETH, COIN)
    kept: dict[Symbol, deque[tuple[int, float]]] = {symbol: deque(maxlen=POINTS) for symbol in symbols}
    for step in range(150):
        frame = [
            tick(symbol, START + step * 20 + chance.randrange(-40, 40), str(chance.randrange(1, 10**6)))
            for symbol in chance.choices(symbols, k=30)
        ]
        await store.write(frame)
        for t in frame:
            if not kept[t.symbol] or t.time > kept[t.symbol][-1][0]:
                kept[t.symbol].append((t.time, float(t.price)))
    for symbol in symbols:
        assert await history(store, symbol) == list(kept[symbol])
        assert float(server.hget("current_prices", symbol)) == kept[symbol][-1][1]


async def test_many_points_of_a_symbol_in_one_call_go_round_its_ring(store: RedisStore) -> None:
    for first, count in ((0, 990), (990, 30), (1020, 2300)):
        await store.write([tick(BTC, START + n, str(n + 1)) for n in range(first, first + count)])
        stop = first + count
        assert await history(store) == [(START + n, n + 1.0) for n in range(max(0, stop - POINTS), stop)]
        assert await store.count(BTC) == stop


async def test_points_that_are_delivered_again_with_newer_ones_are_not_kept_twice(store: RedisStore) -> None:
    ticks = [tick(BTC, START + n, str(n + 1)) for n in range(8)]
    await store.write(ticks[:5])
    await store.write(ticks[2:])
    await store.write(ticks)
    assert await history(store) == [(START + n, n + 1.0) for n in range(8)]
    assert await store.count(BTC) == 8


async def test_the_newest_thousand_points_stay(store: RedisStore) -> None:
    for first in range(0, 2500, 250):
        await store.write([tick(BTC, START + first + n, str(first + n + 1)) for n in range(250)])
    assert [price for _, price in await history(store)] == [float(n + 1) for n in range(1500, 2500)]


async def test_a_frame_of_more_symbols_than_a_script_can_take_is_written_whole(store: RedisStore, server: Any) -> None:
    symbols = [Symbol(f"S{number}USDC") for number in range(2100)]
    assert len(await store.write([tick(symbol, START) for symbol in symbols])) == 2100
    assert server.hlen("current_prices") == 2100


@pytest.mark.parametrize("price", ["", "0", "-1", "abc", "nan", "inf"])
async def test_a_tick_without_a_price_changes_nothing(store: RedisStore, server: Any, price: str) -> None:
    await store.write([Tick(BTC, START, price), tick(ETH, START)])
    assert server.hkeys("current_prices") == [ETH]


async def test_a_first_frame_names_the_symbols_whose_history_begins(store: RedisStore) -> None:
    assert await store.write([tick(BTC, START), tick(COIN, START)]) == [BTC, COIN]
    assert await store.write([tick(BTC, START + 1), tick(ETH, START + 1)]) == [ETH]


async def test_older_points_go_before_the_ones_that_are_there_and_only_once(store: RedisStore) -> None:
    await store.write([tick(BTC, START, "7")])
    older = ([START - 2, START - 1, START, START + 1], [5.0, 6.0, 99.0, 99.0])
    assert [await store.prefill(BTC, *older) for _ in range(2)] == [2, 0]
    await store.write([tick(BTC, START + 1, "8")])
    assert await history(store) == [(START - 2, 5.0), (START - 1, 6.0), (START, 7.0), (START + 1, 8.0)]


async def test_older_points_take_only_the_room_there_is(store: RedisStore) -> None:
    await store.write([tick(BTC, START + n) for n in range(10)])
    many = list(range(START - 5000, START))
    assert await store.prefill(BTC, many, [1.0] * 5000) == POINTS - 10
    await store.write([tick(BTC, START + 10)])
    points = await history(store)
    assert [time for time, _ in points] == list(range(START - POINTS + 11, START + 11))
    assert await store.prefill(BTC, [1], [1.0]) == 0


async def test_a_ring_that_was_lost_alone_begins_again(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START + n) for n in range(3)])
    server.delete(f"price_history:{BTC}")
    await store.write([tick(BTC, START + 5, "5")])
    assert (await history(store))[-1] == (START + 5, 5.0)
    await store.prefill(BTC, [START], [1.0])


async def test_a_store_of_another_run_is_emptied_before_this_one_writes(store: RedisStore, server: Any) -> None:
    assert await store.start(info_at(START))
    await store.write([tick(BTC, START)])
    server.set("somebody:elses", "1")
    assert not await store.start(info_at(START + 1))
    assert server.hlen("quotes") == 1
    assert await store.start(info_at(START - 60_000))  # the recording starts again
    assert set(server.keys()) == {"somebody:elses", "market:info", "market:run"}
    await store.write([tick(BTC, START - 60_000, "3")])
    assert server.hget("current_prices", BTC) == "3"


async def test_rules_and_their_version_are_read_as_published(store: RedisStore) -> None:
    assert await store.rules() == ([], None)
    raw, version = codec.encode_rules(rules_of("BTC", "币安人生"))
    await store.publish_rules(raw, version)
    assert await store.rules() == (rules_of("BTC", "币安人生"), version)
    assert await store.publish_info(info_at(START)) == version
    assert await store.head() == (info_at(START), version)


async def test_hashes_are_tables_so_that_a_frame_stays_cheap(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START)])
    for key in ("current_prices", "last_update", "quotes", "history_counts"):
        assert server.object("encoding", key) == "hashtable"
        assert server.hkeys(key) == [BTC]


async def test_the_store_goes_on_after_the_server_forgot_its_scripts_and_data(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START)])
    server.script_flush()
    server.flushall()
    assert await store.write([tick(BTC, START)]) == [BTC]


async def test_a_cancelled_command_does_not_give_its_answer_to_the_next_one(redis_url: str) -> None:
    async with open_store(redis_url, POINTS, connections=1) as store:
        await store.write([tick(BTC, START, "1"), tick(ETH, START, "2")])
        for turns in range(12):
            reading = asyncio.create_task(store.quote(BTC))
            for _ in range(turns):
                await asyncio.sleep(0)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            _, raw = await store.quote(ETH)
            assert raw is not None
            assert raw.split(b" ")[1] == b"2"


async def test_one_round_trip_for_a_quote_and_for_a_frame(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START)])
    reads = server.info("stats")["total_reads_processed"]
    await store.quote(BTC)
    await store.write([tick(BTC, START + 1), tick(ETH, START + 1)])
    await store.quotes([BTC, ETH])
    assert server.info("stats")["total_reads_processed"] - reads == 3 + 1  # and the question itself


@pytest.mark.parametrize(
    "failure",
    [
        failures.ConnectionError(), failures.TimeoutError(), failures.BusyLoadingError(), failures.ReadOnlyError(),
        failures.OutOfMemoryError(), failures.MaxConnectionsError(), failures.AuthenticationError(),
        failures.ResponseError("MISCONF the disk is full"), failures.ResponseError("LOADING"), OSError(),
        TimeoutError(),
    ],
)  # fmt: skip
async def test_every_way_of_not_answering_means_the_market_is_down(failure: Exception) -> None:
    with pytest.raises(MarketUnavailable):
        async with answered():
            raise failure


INFO_OF_NOBODY = msgspec.json.encode(info_at(START)).replace(str(START).encode(), b"9" * 400)
RULES_OF_NOBODY = codec.encode_rules([replace(rules_of("BTC")[0], tick_size=Decimal("0.01"))])[0].replace(
    b"0.01", b"1e999999"
)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((codec.INFO, raw) for raw in (b"{}", b"no json", b"\xff\xfe", b"1" * 100, INFO_OF_NOBODY)),
        *((codec.RULES, raw) for raw in (b"{}", b"[1]", b"\xff", RULES_OF_NOBODY)),
    ],
)
async def test_what_another_program_wrote_means_the_market_is_down(
    store: RedisStore, server: Any, key: str, value: bytes
) -> None:
    await store.start(info_at(START))
    server.set(key, value)
    read = store.head if key == codec.INFO else store.rules
    with pytest.raises(MarketUnavailable):
        await read()
    if key == codec.INFO:
        for look in (store.quote(BTC), store.quotes([BTC])):
            with pytest.raises(MarketUnavailable):
                await look
        assert await store.start(info_at(START))  # and it begins anew
    server.set(codec.QUOTES, "no hash")
    server.delete(key)
    with pytest.raises(MarketUnavailable):
        await store.quote(BTC)


async def test_damaged_counts_times_and_histories_raise_nothing_else(store: RedisStore, server: Any) -> None:
    await store.write([tick(BTC, START), tick(ETH, START)])
    server.set(codec.HISTORY_PREFIX + BTC, b"x" * 17)
    histories = await store.histories([BTC, ETH])
    assert (len(histories[BTC]), len(histories[ETH])) == (0, 1)
    await store.prefill(BTC, [START - 1000], [1.0])
    for raw in ("x", "-1", "9" * 5000, "1.5"):
        server.hset(codec.HISTORY_COUNTS, BTC, raw)
        server.hset(codec.LAST_UPDATE, BTC, raw)
        for look in (store.count(BTC), store.last_updates()):
            with pytest.raises(MarketUnavailable):
                await look


async def test_a_huge_value_fills_no_memory(store: RedisStore, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.bounded_parser.ANSWER_BYTES", 4 << 20)
    await store.start(info_at(START))
    for key, look in ((codec.INFO, store.head), (codec.HISTORY_PREFIX + BTC, lambda: store.histories([BTC]))):
        server.setrange(key, 100 << 20, "x")
        tracemalloc.start()
        with pytest.raises(MarketUnavailable):
            await look()
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
        tracemalloc.stop()
        server.delete(key)
    assert await store.head() == (None, None)


async def test_histories_of_many_symbols_come_in_answers_that_are_bounded(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    symbols = [Symbol(f"A{number}USDC") for number in range(25)]
    await store.write([tick(symbol, START) for symbol in symbols])
    monkeypatch.setattr("pipeline.store.redis._RINGS_BYTES", 10 * POINTS * 16)
    monkeypatch.setattr("pipeline.store.bounded_parser.ANSWER_BYTES", 11 * POINTS * 16)
    histories = await store.histories(symbols)
    assert list(histories) == symbols
    assert all(len(points) == 1 for points in histories.values())


async def test_a_mistake_of_ours_stays_a_mistake() -> None:
    with pytest.raises(failures.ResponseError):
        async with answered():
            raise failures.ResponseError("ERR wrong number of arguments")


async def test_a_cancellation_is_never_lost(redis_url: str) -> None:
    async def ask_and_go_on(store: RedisStore) -> None:
        await store.head()
        await asyncio.sleep(60)

    for steps in range(40):
        async with open_store(redis_url, POINTS) as store:
            for _ in range(2):  # a new connection, then one from the pool
                asking = asyncio.create_task(ask_and_go_on(store))
                for _ in range(steps):
                    await asyncio.sleep(0)
                asking.cancel()
                await asyncio.wait([asking], timeout=PATIENCE_SECONDS)
                assert asking.cancelled()
