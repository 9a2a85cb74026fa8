import asyncio
import gzip
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from core.clock import wall_clock
from pipeline.binance.backoff import Backoff
from pipeline.binance.rest import BinanceRest, reachable
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Interval, Symbol
from pipeline.settings import BinanceSettings
from tests.fakes.binance import FakeBinance
from tests.fakes.binance_spec import answer_faults

BTC = Symbol("BTCUSDC")
HURRIED = Backoff(first_seconds=0.01, cap_seconds=0.02, attempts=3)


@pytest.fixture
async def fake() -> AsyncIterator[FakeBinance]:
    async with FakeBinance() as running:
        yield running


@pytest.fixture
async def rest(fake: FakeBinance) -> AsyncIterator[BinanceRest]:
    async with ask(fake) as client:
        yield client


def ask(fake: FakeBinance) -> BinanceRest:
    settings = BinanceSettings(rest_url=fake.rest_url, ws_url=fake.ws_url)
    return BinanceRest(settings, wall_clock, random.Random(1), HURRIED)  # noqa: S311 jitter, not a secret


async def test_every_answer_is_read(fake: FakeBinance, rest: BinanceRest) -> None:
    await rest.ping()
    assert abs(await rest.server_time() - wall_clock()) < 1000
    info = await rest.exchange_info()
    assert {rules.symbol for rules in info.rules} == {"BTCUSDC", "ETHUSDC", "币安人生USDC", "ETHBTC"}
    assert {mini.symbol for mini in await rest.tickers_24h()} == {top.symbol for top in await rest.book_tickers()}
    assert len((await rest.depth(BTC)).bids) == 100
    now = rest.now()
    candles = await rest.klines(BTC, Interval.M1, now - 10 * MINUTE_MS, now)
    assert len(candles) in {9, 10}
    assert candles[-1].open_time + MINUTE_MS <= now
    assert await rest.klines(BTC, Interval.M1, now, now) == []
    assert not rest.dropped


async def test_a_candle_that_closes_while_it_is_on_its_way_is_not_whole(
    rest: BinanceRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rest.keep_time()
    real_get, real_now, late = rest._get, rest.now, [0]
    begun = real_now() // MINUTE_MS * MINUTE_MS - 3 * MINUTE_MS

    async def slow(*asked: Any, **options: Any) -> bytes:
        body = await real_get(*asked, **options)
        late[0] = MINUTE_MS
        return body

    monkeypatch.setattr(rest, "_get", slow)
    monkeypatch.setattr(rest, "now", lambda: real_now() + late[0])
    now = rest.now()
    candles = await rest.klines(BTC, Interval.M1, begun, now + MINUTE_MS)
    assert candles
    assert all(candle.open_time + MINUTE_MS <= now + 10_000 for candle in candles)


async def test_the_fake_answers_as_the_specification_says(fake: FakeBinance) -> None:
    market, now = fake.market, wall_clock()
    info = market.exchange_info(now)
    for symbol in info["symbols"]:  # the specification takes every filter for a PRICE_FILTER
        symbol["filters"] = [f for f in symbol["filters"] if f["filterType"] == "PRICE_FILTER"]
    assert answer_faults("/api/v3/exchangeInfo", info) == []
    assert answer_faults("/api/v3/depth", market.depth(BTC, now, 5)) == []
    assert answer_faults("/api/v3/ticker/24hr", [market.ticker(BTC, now, full=True)]) == []
    assert answer_faults("/api/v3/ticker/bookTicker", [market.book_ticker(BTC, now)]) == []
    assert answer_faults("/api/v3/klines", market.klines({"symbol": BTC, "interval": "1m", "limit": "3"}, now)) == []


async def test_the_fake_objects_to_what_the_specification_forbids(shared_dir: object) -> None:
    strict = FakeBinance()
    async with strict, ask(strict) as rest:
        with pytest.raises(MarketUnavailable):
            await rest._get("klines", {"interval": "2m", "colour": "red", "limit": "many"}, weight=2)
        faults, strict.violations = strict.violations, []
    assert {fault.partition(": ")[2].partition(":")[0] for fault in faults} == {
        "unknown parameter colour",
        "symbol is missing",
        "interval",
        "limit",
    }


async def test_5xx_is_tried_again(fake: FakeBinance, rest: BinanceRest) -> None:
    fake.fail(503, times=2)
    await rest.ping()
    assert len(fake.requests) == 3


async def test_tries_are_bounded(fake: FakeBinance, rest: BinanceRest) -> None:
    fake.fail(500, times=100)
    with pytest.raises(MarketUnavailable):
        await rest.ping()
    assert len(fake.requests) == HURRIED.attempts


@pytest.mark.parametrize("status", [400, 403, 404, 451])
async def test_a_refusal_is_not_asked_again(fake: FakeBinance, rest: BinanceRest, status: int) -> None:
    fake.fail(status)
    with pytest.raises(MarketUnavailable):
        await rest.ping()
    assert len(fake.requests) == 1


@pytest.mark.parametrize("status", [429, 418])
async def test_a_ban_stops_every_request_until_it_is_over(fake: FakeBinance, rest: BinanceRest, status: int) -> None:
    fake.fail(status, path="time", retry_after=1)
    began = time.monotonic()
    asking = asyncio.create_task(rest.server_time())
    await asyncio.sleep(0.1)
    await asyncio.gather(rest.ping(), rest.ping())
    assert time.monotonic() - began >= 1
    await asking
    assert [path for path, _ in fake.requests[:1]] == ["/api/v3/time"]
    assert [path for path, _ in fake.requests].count("/api/v3/ping") == 2


async def test_nobody_waits_for_a_long_ban(fake: FakeBinance, rest: BinanceRest) -> None:
    fake.fail(418, retry_after=600)
    async with asyncio.timeout(120):  # a fifth of the ban
        for _ in range(3):
            with pytest.raises(MarketUnavailable):
                await rest.ping()
    assert len(fake.requests) == 1


async def test_a_ban_without_a_length_is_taken_for_a_minute(fake: FakeBinance, rest: BinanceRest) -> None:
    fake.fail(429)
    with pytest.raises(MarketUnavailable):
        await rest.ping()
    with pytest.raises(MarketUnavailable):
        await rest.ping()
    assert len(fake.requests) == 1


async def test_request_weight_stays_below_the_limit(fake: FakeBinance) -> None:
    frozen = wall_clock()
    settings = BinanceSettings(rest_url=fake.rest_url)
    fake.clock = lambda: frozen
    rng = random.Random(1)  # noqa: S311 jitter
    async with BinanceRest(settings, lambda: frozen, rng, HURRIED, steady=lambda: frozen) as rest:
        allowed = int(6000 * 0.9) // 80
        for _ in range(allowed):
            await rest.tickers_24h()
        with pytest.raises(MarketUnavailable):
            await rest.tickers_24h()
    assert len(fake.requests) == allowed


async def test_weight_that_others_use_counts(fake: FakeBinance) -> None:
    frozen = wall_clock()
    fake.clock = lambda: frozen
    fake._weight = (frozen // MINUTE_MS, 5_990)
    rng = random.Random(1)  # noqa: S311 jitter
    settings = BinanceSettings(rest_url=fake.rest_url)
    async with BinanceRest(settings, lambda: frozen, rng, HURRIED, steady=lambda: frozen) as rest:
        await rest.ping()
        with pytest.raises(MarketUnavailable):
            await rest.book_tickers()
    assert len(fake.requests) == 1


TIME = b'{"serverTime":1617647700000}'
TWICE = gzip.compress(gzip.compress(TIME))
LONG = TIME + b" " * (1 << 20)
NONSENSE = {
    "a page": b"\r\n<html></html>",
    "packed twice": b"Content-Encoding: gzip, gzip\r\n\r\n" + TWICE,
    "long once unpacked": b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(LONG),
}


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[BinanceRest]:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with BinanceRest(BinanceSettings(rest_url=url), wall_clock, random.Random(1), HURRIED) as rest:  # noqa: S311
            yield rest


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
async def test_nonsense_means_the_market_is_down(answer: bytes) -> None:
    async with answering(answer) as rest:
        with pytest.raises(MarketUnavailable):
            await rest.server_time()


async def test_rules_of_millions_of_values_are_not_read() -> None:
    flood = gzip.compress(b'{"symbols":[' + b"1," * 4_000_001 + b"1]}", 1)
    async with answering(b"Content-Encoding: gzip\r\n\r\n" + flood) as rest:
        with pytest.raises(MarketUnavailable):
            await rest.exchange_info()
        assert not rest.dropped


async def test_reachable_says_in_a_few_words_why_not(fake: FakeBinance) -> None:
    settings = BinanceSettings(rest_url=fake.rest_url, reach_timeout_seconds=10)
    assert await reachable(settings) is None
    fake.fail(451)
    assert await reachable(settings) == "it answered 451"
    async with await asyncio.start_server(keep_silent, "127.0.0.1", 0) as silent:
        url = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
        assert await reachable(BinanceSettings(rest_url=url, reach_timeout_seconds=0.3)) == "no answer within 0.3 s"
    assert await reachable(BinanceSettings(rest_url=url, reach_timeout_seconds=10)) == "connect error"


async def test_reachable_reads_no_body() -> None:
    closed = asyncio.Event()

    async def never_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n{")
        await keep_silent(reader, writer)
        closed.set()

    async with await asyncio.start_server(never_end, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert await reachable(BinanceSettings(rest_url=url, reach_timeout_seconds=10)) is None
        await closed.wait()


async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()
    await writer.wait_closed()
