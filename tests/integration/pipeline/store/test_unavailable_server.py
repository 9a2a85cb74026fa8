"""The market store on a server that is missing, silent or no Redis."""

import asyncio

import pytest

from pipeline.errors import MarketUnavailable
from pipeline.store.redis import open_store
from tests.fakes.scripted_market import BTC, START, tick

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
