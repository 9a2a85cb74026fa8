"""Webhook server: accepts updates from Telegram, and closes other connections quickly.

A connection that sent the secret is genuine. Every other connection gets one answer, and may be closed to make room for
a new one.
"""

import asyncio
import hmac
import json
import logging
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from bot.platforms.telegram.inbound.inbox import IncomingUpdate
from bot.platforms.telegram.inbound.polling import arrivals_of
from core.errors import Unavailable
from core.system.folders import written_by_others

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header

_PATH = "/"
_BODY_BYTES = 1 << 20
_LINE_BYTES = 4096
_HEADERS = 64
_LINGER_SECONDS = 1.0  # data received after the answer is discarded, so that the answer arrives
_STOP_SECONDS = 5.0
_SOCKET_MODE = 0o666  # the reverse proxy may be another account; the folder restricts access to the socket

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebhookLimits:
    """Limits of one server.

    `head_seconds` run from the connection to the end of the first headers, `request_seconds` from there to the answer,
    and `idle_seconds` from an answer to the end of the next headers, which only a connection that sent the secret may
    send.
    """

    connections: int = 64
    head_seconds: float = 10.0
    request_seconds: float = 30.0
    idle_seconds: float = 150.0  # longer than the usual reverse proxies keep a connection


LIMITS = WebhookLimits()

Write = Callable[[Sequence[IncomingUpdate]], Awaitable[object]]


@asynccontextmanager
async def webhook(
    write: Write, secret: str, host: str, port: int, limits: WebhookLimits = LIMITS, *, path: str = ""
) -> AsyncIterator[int]:
    """Listens while the context is open and yields the port. With `path` it listens on that Unix socket and yields 0.

    Answers 200 only after `write` has accepted the update; otherwise Telegram sends it again. Raises OSError if the
    address cannot be used.
    """
    runner = web.ServerRunner(_Door(write, secret, limits), shutdown_timeout=_STOP_SECONDS)
    await runner.setup()
    try:
        if path:
            await web.UnixSite(runner, path).start()
            Path(path).chmod(_SOCKET_MODE)  # noqa: ASYNC240 - one call
            yield 0
        else:
            await web.TCPSite(runner, host, port).start()
            yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def is_exposed(path: str) -> bool:
    """True if an account other than this one and root could place its own socket at `path`."""
    try:
        return written_by_others(Path(path).absolute().parent)
    except OSError:
        return True


class _Door(web.Server):
    """Server that tracks connections and which of them have sent the secret.

    At the limit, the oldest connection that has not sent it is closed, then the one that was idle longest. A connection
    whose update is being written is never closed; if there are only such, the new connection is closed.
    """

    def __init__(self, write: Write, secret: str, limits: WebhookLimits) -> None:
        super().__init__(
            self._answer,
            access_log=None,
            logger=_server_log(),
            keepalive_timeout=limits.idle_seconds,
            lingering_time=_LINGER_SECONDS,
            max_line_size=_LINE_BYTES,
            max_field_size=_LINE_BYTES,
            max_headers=_HEADERS,
            auto_decompress=False,  # Telegram does not compress
        )
        self._write = write
        self._secret = secret.encode()
        self._limits = limits
        self._unproven: dict[RequestHandler, asyncio.Transport] = {}  # the oldest first
        self._idle: dict[RequestHandler, asyncio.Transport] = {}  # the longest idle first
        self._busy: dict[RequestHandler, asyncio.Transport] = {}
        self._timers: dict[RequestHandler, asyncio.TimerHandle] = {}

    # -- connections ---------------------------------------------------------------------------

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self._unproven) + len(self._idle) + len(self._busy) >= self._limits.connections:
            pool = self._unproven or self._idle
            if not pool:
                transport.abort()
                return
            self._end(pool, _quietest(pool))
        self._unproven[handler] = transport
        loop = asyncio.get_running_loop()
        self._timers[handler] = loop.call_later(self._limits.head_seconds, self._end_head, handler)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        for pool in (self._unproven, self._idle, self._busy):
            pool.pop(handler, None)
        if timer := self._timers.pop(handler, None):
            timer.cancel()

    def _end_head(self, handler: RequestHandler) -> None:
        if handler in self._unproven:
            self._end(self._unproven, handler)

    @staticmethod
    def _end(pool: dict[RequestHandler, asyncio.Transport], handler: RequestHandler) -> None:
        pool.pop(handler).abort()

    # -- requests ------------------------------------------------------------------------------

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                status = await self._judge(request)
        except TimeoutError:
            status = 408
        response = web.Response(status=status)
        if status != 200:  # noqa: PLR2004
            response.force_close()
        return response

    async def _judge(self, request: web.BaseRequest) -> int:
        """Returns the status of the answer."""
        if request.path != _PATH:
            return 404
        if request.method != "POST":
            return 405
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not self._secret or not hmac.compare_digest(given, self._secret):
            return 403
        if (request.content_length or 0) > _BODY_BYTES:
            return 413
        handler = request.protocol
        transport = self._unproven.pop(handler, None) or self._idle.pop(handler, None)
        if transport is None:
            return 503  # it was closed to make room
        self._busy[handler] = transport
        try:
            return await self._take(request)
        finally:
            if self._busy.pop(handler, None):
                self._idle[handler] = transport

    async def _take(self, request: web.BaseRequest) -> int:
        try:
            arrivals = arrivals_of([json.loads(await request.read())])
        except web.HTTPRequestEntityTooLarge:
            return 413
        except (ValueError, RecursionError, web.RequestPayloadError):
            return 400
        if not arrivals:
            return 400
        try:
            await self._write(arrivals)
        except Unavailable:
            return 503
        return 200


def _quietest(pool: dict[RequestHandler, asyncio.Transport]) -> RequestHandler:
    """Returns the oldest connection of a non-empty pool, preferring those without unread data.

    A genuine request that arrived during a flood has sent its headers already.
    """
    poll, numbers = select.poll(), dict[RequestHandler, int]()
    for handler, transport in pool.items():
        if transport.is_closing():
            return handler
        numbers[handler] = transport.get_extra_info("socket").fileno()
        poll.register(numbers[handler], select.POLLIN)
    unread = {number for number, _ in poll.poll(0)}
    return next((handler for handler, number in numbers.items() if number not in unread), next(iter(pool)))


def _server_log() -> logging.Logger:
    """Returns a logger that drops errors about invalid HTTP, which would log strangers' input with a traceback."""
    log = _log.getChild("server")
    log.addFilter(_is_ours)
    return log


def _is_ours(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
