"""Websocket connection to Binance."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect

_MAX_FRAME_BYTES = 4 << 20


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[ClientConnection]:
    """Opens a connection and closes it with the context, at the latest one second after its end.

    Python 3.11.2, of Debian 12, raises CancelledError where a time limit expires in a cancelled task. websockets then
    leaves the connection open, so it is aborted here.
    """
    socket: ClientConnection | None = None
    try:
        async with connect(
            url,
            compression=None,
            open_timeout=10,
            close_timeout=1,
            ping_interval=None,
            max_size=_MAX_FRAME_BYTES,
        ) as socket:
            yield socket
    finally:
        if socket is not None:
            socket.transport.abort()
