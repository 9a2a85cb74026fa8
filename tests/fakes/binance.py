"""A fake Binance on 127.0.0.1: REST and websocket streams on one port, scripted to misbehave.

    async with FakeBinance(symbols=["BTCUSDC", "ETHUSDC"]) as fake:
        settings = BinanceSettings(rest_url=fake.rest_url, ws_url=fake.ws_url)
        fake.fail(429, retry_after=2)
        await fake.disconnect()

Every REST request is checked against the specification, every websocket client against the stream
limits; leaving the context raises AssertionError when a client broke a rule.

By hand: `python -m tests.fakes.binance [PORT]`, then start the desk with the URLs that it prints.
"""

import asyncio
import json
import logging
import math
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from core.clock import Clock, wall_clock
from pipeline.market import MINUTE_MS
from tests.fakes.binance_market import FakeMarket
from tests.fakes.binance_spec import parse_query, request_faults

KINDS = {"bookTicker", "kline_1m", "aggTrade", "trade", "miniTicker", "depth20", "depth@100ms"}
WEIGHTS = {"exchangeInfo": 20, "ticker/24hr": 80, "ticker/bookTicker": 4, "ticker/price": 4, "depth": 5, "klines": 2}
MAX_STREAMS = 1024
MAX_MESSAGES_A_SECOND = 5
BAN_SLACK_SECONDS = 0.01
IN_FLIGHT_SECONDS = 0.3
MAX_CONNECTS, CONNECTS_SECONDS = 300, 300.0

_quiet = logging.getLogger("tests.fakes.binance")
_quiet.setLevel(logging.CRITICAL)


@dataclass
class Failure:
    """The next `times` requests whose path holds `path` are answered with `status`."""

    status: int
    times: int
    path: str
    retry_after: int | None


@dataclass(eq=False)
class Client:
    socket: ServerConnection
    streams: set[str]
    sent_at: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES_A_SECOND + 1))
    since: int = 0
    opened: float = 0.0


class FakeBinance:
    """`requests` lists what came by REST; `opened` counts websocket connections ever accepted."""

    def __init__(
        self,
        symbols: Iterable[str] = ("BTCUSDC", "ETHUSDC", "币安人生USDC", "ETHBTC"),
        *,
        clock: Clock = wall_clock,
        tick_seconds: float = 0.1,
        port: int = 0,
        market: FakeMarket | None = None,
        life_seconds: float = 24 * 3600.0,
    ) -> None:
        self.market = market or FakeMarket(dict.fromkeys(symbols, "TRADING"))
        self.clock = clock
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.violations: list[str] = []
        self.opened = 0
        self.stalled = False
        self.books_silent = False
        self.late_ms = 0
        self.refuse_streams = False
        self._tick_seconds = tick_seconds
        self._life_seconds = life_seconds
        self._port = port
        self._failures: list[Failure] = []
        self._clients: set[Client] = set()
        self._weight = (0, 0)
        self._connects: deque[float] = deque(maxlen=MAX_CONNECTS + 1)
        self._banned_at = self._banned_until = float("-inf")
        self._ban: tuple[int, int] | None = None

    async def __aenter__(self) -> Self:
        self._server: Server = await serve(
            self._client,
            "127.0.0.1",
            self._port,
            process_request=self._process,
            logger=_quiet,
            close_timeout=0.2,
            ping_interval=1,
            ping_timeout=5,
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ticking.cancel()
        await asyncio.gather(self._ticking, return_exceptions=True)
        left = list(self._server.connections)
        self._server.close()
        await self._server.wait_closed()
        for connection in left:  # where closing timed out in a cancelled task, Python 3.11.2 leaves it open
            connection.transport.abort()
        if kind is None:
            assert not self.violations, self.violations

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}"

    @property
    def connected(self) -> int:
        """Websocket connections open now."""
        return len(self._clients)

    # -- the script ------------------------------------------------------------------------------

    def fail(self, status: int, *, times: int = 1, path: str = "", retry_after: int | None = None) -> None:
        """Answers the next `times` matching requests with `status`."""
        self._failures.append(Failure(status, times, path, retry_after))

    def ban(self, status: int, seconds: int) -> None:
        """Answers the next request with `status` and Retry-After; whoever asks before that is over breaks the rules."""
        self._ban = (status, seconds)

    @property
    def banning(self) -> bool:
        """Whether a ban waits for its request, or is not over."""
        return self._ban is not None or asyncio.get_running_loop().time() < self._banned_until

    def recover(self) -> None:
        """Forgets the failures still to come."""
        self._failures.clear()

    def halt(self, symbol: str, status: str = "HALT") -> None:
        self.market.set_status(symbol, status, self.clock())

    def list_symbol(self, symbol: str) -> None:
        self.market.set_status(symbol, "TRADING", self.clock())

    async def inject(self, *frames: bytes) -> None:
        """Sends these bytes as frames to every websocket."""
        for client in list(self._clients):
            for frame in frames:
                await _send(client.socket, frame)

    async def disconnect(self) -> None:
        """Cuts every websocket without a closing handshake."""
        for client in list(self._clients):
            client.socket.transport.abort()

    async def announce_shutdown(self) -> None:
        """Sends `serverShutdown` to every websocket."""
        for client in list(self._clients):
            await client.socket.send(json.dumps({"e": "serverShutdown", "E": self.clock()}))

    # -- REST ------------------------------------------------------------------------------------

    def _process(self, _connection: ServerConnection, request: Request) -> Response | None:
        url = urlsplit(request.path)
        if not url.path.startswith("/api/"):
            return _answer(503, {"code": -1, "msg": "no streams now"}) if self.refuse_streams else None
        try:
            params = parse_query(parse_qsl(url.query, keep_blank_values=True))
        except ValueError:
            self.violations.append(f"a parameter twice: {request.path}")
            return _answer(400, {"code": -1101, "msg": "Duplicate values for a parameter detected."})
        self.requests.append((url.path, params))
        banned = self._banned()
        if banned is not None:
            return banned
        failure = next((f for f in self._failures if f.path in url.path and f.times > 0), None)
        if failure is not None:
            failure.times -= 1
            extra = {} if failure.retry_after is None else {"Retry-After": str(failure.retry_after)}
            return _answer(failure.status, {"code": -1003, "msg": "scripted failure"}, **extra)
        faults = request_faults(url.path, params)
        if faults:
            self.violations += faults
            return _answer(400, {"code": -1100, "msg": faults[0]})
        return self._serve(url.path.removeprefix("/api/v3/"), params)

    def _banned(self) -> Response | None:
        time = asyncio.get_running_loop().time()
        if self._ban is not None:
            (status, seconds), self._ban = self._ban, None
            self._banned_at, self._banned_until = time, time + seconds
            return _answer(status, {"code": -1003, "msg": "Way too many requests."}, **{"Retry-After": str(seconds)})
        if time < self._banned_until - BAN_SLACK_SECONDS:
            if time > self._banned_at + IN_FLIGHT_SECONDS:  # the others were on their way when the ban was told
                self.violations.append("a request during a ban")
            left = str(math.ceil(self._banned_until - time))
            return _answer(418, {"code": -1003, "msg": "Way too many requests."}, **{"Retry-After": left})
        return None

    def _serve(self, name: str, params: dict[str, str]) -> Response:
        now, statuses = self.clock(), self.market.statuses
        if params.get("symbol", next(iter(statuses))) not in statuses:
            return _answer(400, {"code": -1121, "msg": "Invalid symbol."})
        wanted = (
            [params["symbol"]] if "symbol" in params else json.loads(params.get("symbols", json.dumps(list(statuses))))
        )
        market = self.market
        bodies: dict[str, Callable[[], Any]] = {
            "ping": dict,
            "time": lambda: {"serverTime": now},
            "exchangeInfo": lambda: market.exchange_info(now),
            "klines": lambda: market.klines(params, now),
            "depth": lambda: market.depth(params["symbol"], now, int(params.get("limit", "100"))),
            "ticker/24hr": lambda: [market.ticker(s, now, full=params.get("type") != "MINI") for s in wanted],
            "ticker/bookTicker": lambda: [market.book_ticker(s, now) for s in wanted],
            "ticker/price": lambda: [{"symbol": s, "price": market.price(s, now)} for s in wanted],
        }
        if name not in bodies:
            return _answer(404, {"code": -1, "msg": "not served by the fake"})
        body = bodies[name]()
        if name.startswith("ticker/") and "symbol" in params:
            body = body[0]
        return _answer(200, body, **{"X-MBX-USED-WEIGHT-1M": str(self._used(WEIGHTS.get(name, 1), now))})

    def _used(self, weight: int, now: int) -> int:
        minute, used = self._weight
        self._weight = (now // MINUTE_MS, weight + (used if minute == now // MINUTE_MS else 0))
        if self._weight[1] > 6000:
            self.violations.append("request weight above the limit")
        return self._weight[1]

    # -- streams ---------------------------------------------------------------------------------

    async def _client(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        url = urlsplit(socket.request.path)
        if url.path != "/stream":
            self.violations.append(f"no such path: {url.path}")
            return
        names = [unquote(name) for name in url.query.removeprefix("streams=").split("/") if name]
        client = Client(socket, set(), since=self.clock(), opened=asyncio.get_running_loop().time())
        self._connects.append(client.opened)
        if len(self._connects) > MAX_CONNECTS and client.opened - self._connects[0] < CONNECTS_SECONDS:
            self.violations.append("more than 300 connections in 5 minutes")
        self._add(client, names)
        self.opened += 1
        self._clients.add(client)
        try:
            async for message in socket:
                await self._take(client, message)
        except ConnectionClosed:
            return
        finally:
            self._clients.discard(client)

    async def _take(self, client: Client, message: str | bytes) -> None:
        client.sent_at.append(asyncio.get_running_loop().time())
        if len(client.sent_at) > MAX_MESSAGES_A_SECOND and client.sent_at[-1] - client.sent_at[0] < 1:
            self.violations.append("more than 5 messages a second")
            await client.socket.close()
            return
        request = json.loads(message)
        if request["method"] == "SUBSCRIBE":
            self._add(client, request["params"])
        else:
            client.streams -= set(request["params"])
        await client.socket.send(json.dumps({"result": None, "id": request["id"]}))

    def _add(self, client: Client, names: list[str]) -> None:
        for name in names:
            symbol, _, kind = name.partition("@")
            known = name == "!miniTicker@arr" or (symbol.upper() in self.market.statuses and kind in KINDS)
            if not known or symbol != symbol.lower().replace("!miniticker", "!miniTicker"):
                self.violations.append(f"no such stream: {name}")
        client.streams |= set(names)
        if len(client.streams) > MAX_STREAMS:
            self.violations.append("more than 1024 streams on one connection")

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._tick_seconds)
            for client in list(self._clients):
                if asyncio.get_running_loop().time() - client.opened > self._life_seconds:
                    self.violations.append("a connection was kept longer than its life")
                    client.socket.transport.abort()
                elif not self.stalled:
                    await self._push(client)

    async def _push(self, client: Client) -> None:
        now, streams = self.clock() - self.late_ms, set(client.streams)
        since, client.since = client.since, now
        for stream, data in self.market.events(since, now):
            if stream in streams and not (self.books_silent and stream.endswith("@bookTicker")):
                await _send(client.socket, data if isinstance(data, bytes) else _frame(stream, data))


async def _send(socket: ServerConnection, frame: bytes) -> None:
    try:
        await socket.send(frame, text=True)
    except ConnectionClosed:
        return


def _frame(stream: str, data: object) -> bytes:
    return json.dumps({"stream": stream, "data": data}, ensure_ascii=False, separators=(",", ":")).encode()


def _answer(status: int, body: object, **extra: str) -> Response:
    data = json.dumps(body, ensure_ascii=False).encode()
    headers = Headers(
        {"Content-Type": "application/json;charset=UTF-8", "Content-Length": str(len(data)), "Connection": "close"}
        | extra
    )
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    return Response(status, phrase, headers, data)


async def serve_by_hand(port: int, wait: Callable[[], Awaitable[object]]) -> None:
    async with FakeBinance(port=port) as fake:
        sys.stdout.write(
            f"PAPERDESK_MARKET=binance PAPERDESK_BINANCE__REST_URL={fake.rest_url} "
            f"PAPERDESK_BINANCE__WS_URL={fake.ws_url}\n"
        )
        sys.stdout.flush()
        await wait()


if __name__ == "__main__":
    asyncio.run(serve_by_hand(int(sys.argv[1]) if len(sys.argv) > 1 else 0, asyncio.Event().wait))
