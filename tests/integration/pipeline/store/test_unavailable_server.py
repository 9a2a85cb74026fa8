"""The market store on a server that is missing, silent or no Redis."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from pipeline.errors import MarketUnavailable
from pipeline.quality.publisher import read_snapshots
from pipeline.store.redis import RedisStore, open_redis, open_store
from pipeline.store.traded_symbols import RedisTradedSymbols
from tests.fakes.scripted_market import BTC, START, info_at, tick

POINTS = 1000


async def test_a_server_that_is_not_there_means_the_market_is_down() -> None:
    async with open_store("redis://127.0.0.1:1/0", POINTS) as store:
        with pytest.raises(MarketUnavailable):
            await store.quote(BTC)
        with pytest.raises(MarketUnavailable):
            await store.write([tick(BTC, START)])


@pytest.mark.parametrize("said", [b"*4000000000\r\n", b">1\r\n+x\r\n" * 5000], ids=["list", "pushes"])
async def test_an_answer_of_no_redis_means_the_market_is_down(said: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as impostor:
        port = impostor.sockets[0].getsockname()[1]
        async with open_store(f"redis://127.0.0.1:{port}/0", POINTS) as store:
            with pytest.raises(MarketUnavailable):
                await store.head()


@pytest.mark.parametrize(
    "said",
    [
        b":1\r\n",
        b"*1\r\n:5\r\n",
        b"_\r\n",
        b"*1\r\n_\r\n",
        b"$3\r\nBTC\r\n",
        b"*1\r\n$2\r\n\xff\xff\r\n",
        b"%1\r\n:1\r\n:1\r\n",
    ],
)
async def test_answers_of_other_types_mean_the_market_is_down(said: bytes) -> None:
    """Every read gives what its type says or MarketUnavailable, whatever a server in Redis' place answers."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(1 << 16):
            for command in asked.upper().split(b"*")[1:]:
                writer.write(b"+OK\r\n" if b"CLIENT" in command else said)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as impostor:
        url = f"redis://127.0.0.1:{impostor.sockets[0].getsockname()[1]}/0"
        async with open_redis(url) as client:
            store, traded = RedisStore(client, POINTS), RedisTradedSymbols(client)
            asked: list[Callable[[], Awaitable[object]]] = [
                store.head, store.rules, store.last_updates, traded.wanted, lambda: read_snapshots(client),
                lambda: store.write([tick(BTC, START)]), lambda: store.quote(BTC), lambda: store.quotes([BTC]),
                lambda: store.quotes([BTC] * 60), lambda: store.quotes([]), lambda: store.without_price([BTC]),
                lambda: store.histories([BTC]), lambda: store.count(BTC), lambda: store.start(info_at(START)),
                lambda: store.prefill(BTC, [START], [1.0]), lambda: store.forget(BTC, START),
                lambda: store.publish_info(info_at(START)), store.sound_rules, lambda: traded.mark({BTC}),
            ]  # fmt: skip
            for ask in asked:
                with suppress(MarketUnavailable):
                    await ask()
            if not said.startswith((b"*", b"_")):
                with pytest.raises(MarketUnavailable):
                    await traded.wanted()


async def test_a_server_that_accepts_and_never_answers_means_the_market_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.store.redis.ANSWER_SECONDS", 0.1)
    held = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await held.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1")
    address = server.sockets[0].getsockname()
    async with open_store(f"redis://{address[0]}:{address[1]}/0", POINTS) as store:
        with pytest.raises(MarketUnavailable):
            await store.quote(BTC)
    held.set()
    server.close()
    await server.wait_closed()
