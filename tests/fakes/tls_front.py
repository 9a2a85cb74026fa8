"""TLS before a server that has none: decrypts, and hands on to a Unix socket or a port."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""What a client of PostgreSQL says first where it wants TLS; the answer is S (yes) or N (no)."""


@contextmanager
def tls_front(behind: str | int, pair: tuple[Path, Path], *, postgres: bool = False) -> Iterator[int]:
    """The port on 127.0.0.1; `behind` is the path of a socket or a port there, `pair` the certificate and its key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    front = _Front(behind, context, postgres=postgres)
    try:
        yield asyncio.run_coroutine_threadsafe(front.open(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(front.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class _Front:
    def __init__(self, behind: str | int, context: ssl.SSLContext, *, postgres: bool) -> None:
        self._behind = behind
        self._context = context
        self._postgres = postgres
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        tls = None if self._postgres else self._context
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._between(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._postgres:
            assert await reader.readexactly(8) == SSL_REQUEST, "in clear"
            writer.write(b"S")
            await writer.start_tls(self._context)
        if isinstance(self._behind, str):
            far_reader, far_writer = await asyncio.open_unix_connection(self._behind)
        else:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        pumps = [asyncio.create_task(_pump(reader, far_writer)), asyncio.create_task(_pump(far_reader, writer))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
