"""Client of Binance's keyless REST endpoints. Requests are bounded, stay below the limits, and stop during bans."""

import asyncio
import logging
import random
from collections import Counter
from types import TracebackType
from typing import Self

import httpx

from core.clock import Clock, steady_clock
from core.network.bounded_body import read_body
from pipeline.binance.backoff import Backoff
from pipeline.binance.events import BookTop, DepthSnapshot, MiniTicker
from pipeline.binance.exchange_info import ExchangeInfo, read_exchange_info
from pipeline.binance.request_weight import ASKED_SHARE, USED_SHARE, RequestBudget
from pipeline.binance.rest_parse import (
    read_book_tickers,
    read_depth,
    read_klines,
    read_prices,
    read_server_time,
    read_tickers,
)
from pipeline.errors import MarketUnavailable
from pipeline.market import Candle, Interval, Symbol
from pipeline.settings import BinanceSettings

log = logging.getLogger(__name__)

REST_BACKOFF = Backoff(first_seconds=0.25, cap_seconds=4.0, attempts=4)
MAX_ROWS = 1000
"""Maximum number of rows of one klines call."""

BOOK_LEVELS = 100
_BODY_BYTES = {"exchangeInfo": 64 << 20, "ticker/24hr": 8 << 20, "ticker/price": 8 << 20, "ticker/bookTicker": 8 << 20}
_SHORT_BODY_BYTES = 512 << 10
"""Maximum bytes of any other body, three times those of 1000 candles. Reading millions of short values takes seconds of
the event loop and gigabytes.
"""

_MAX_VALUES = 4_000_000
"""Maximum number of values in exchangeInfo, several times those of 3,000 symbols."""

_REQUEST_SECONDS = 15.0
_LONGEST_WAIT_SECONDS = 5.0
_DEFAULT_BAN_SECONDS = 60.0
_LONGEST_BAN_SECONDS = 3 * 86_400.0
_SKEW_MS = 1_000
_LONGEST_TRIP_MS = 2_000
_MEASUREMENTS = 3
_MEASURE_AGAIN_MS = 600_000

_BANS = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.IM_A_TEAPOT, httpx.codes.FORBIDDEN})
"""Statuses of too many requests, of a ban after further requests, and of Binance's firewall for both."""

DAY_WEIGHT = 80
PRICES_WEIGHT = 4
BOOKS_WEIGHT = 4
DEPTH_WEIGHT = 5

Params = dict[str, str | int]


class BinanceRest:
    """Client of Binance's REST API. Every method raises MarketUnavailable if no request can be made now, or if the
    answer is invalid.

    Transport failures and 5xx are retried (all requests are idempotent reads). After 429, 418 or 403 nothing is sent
    until Retry-After has passed; callers wait for that at most 5 s. `now` is the server's clock as `server_time` last
    measured it, advanced by `steady`, so setting this machine's clock does not affect it.
    """

    def __init__(
        self,
        settings: BinanceSettings,
        clock: Clock,
        rng: random.Random,
        backoff: Backoff = REST_BACKOFF,
        *,
        steady: Clock = steady_clock,
    ) -> None:
        self.dropped: Counter[str] = Counter()
        self._clock = clock
        self._rng = rng
        self._backoff = backoff
        self._steady = steady
        self._ahead_ms = clock() - steady()
        self._measured_at = float("-inf")
        self._warned_ms = 0
        self._closed_until = 0.0
        self._budget = RequestBudget()
        self._client = httpx.AsyncClient(
            base_url=settings.rest_url,
            headers={"Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(10.0, connect=5.0),
            limits=httpx.Limits(max_connections=10, max_keepalive_connections=5),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def now(self) -> int:
        """Returns the time of the server's clock, UTC ms."""
        return self._steady() + self._ahead_ms

    async def ping(self) -> None:
        """Returns when Binance answers."""
        await self._get("ping", {}, weight=1)

    async def server_time(self) -> int:
        """Returns the time of the server's clock, UTC ms, and sets `now` by it.

        A slow answer is imprecise. The request is then repeated, and the fastest answer is used if it is precise, or if
        the known offset is outside its error.
        """
        measured: list[tuple[int, int]] = []
        for _ in range(_MEASUREMENTS):
            before = self._steady()
            time = read_server_time(await self._get("time", {}, weight=1))
            trip = self._steady() - before
            measured.append((trip, time - before - trip // 2))
            if trip <= _LONGEST_TRIP_MS:
                break
        trip, ahead = min(measured)
        if trip <= _LONGEST_TRIP_MS or abs(ahead - self._ahead_ms) > trip // 2:
            self._ahead_ms = ahead
        self._measured_at = self._steady()
        self._warn_of_skew()
        return time

    async def keep_time(self) -> None:
        """Measures the server's clock if that was not done in the last ten minutes."""
        if self._steady() - self._measured_at > _MEASURE_AGAIN_MS:
            await self.server_time()

    @property
    def skew_ms(self) -> int:
        """Milliseconds by which this machine's clock is ahead of Binance's."""
        return self._clock() - self.now()

    @property
    def banned_seconds(self) -> float:
        """Seconds until requests are allowed again; 0 if they are allowed now."""
        return max(0.0, self._closed_for())

    def can_spend(self, weight: int) -> bool:
        """True if requests of this total weight may be sent now."""
        return self._closed_for() <= 0 and self._budget.left(self.now()) >= weight

    def within(self, weight: int, share: float) -> bool:
        """True if a request of this weight stays within `share` of the limits. Bans are not considered."""
        return self._budget.left(self.now(), share) >= weight

    async def exchange_info(self) -> ExchangeInfo:
        """Returns the rules of every symbol, and applies the request limits from now on."""
        body = await self._get("exchangeInfo", {}, weight=20)
        if body.count(b",") > _MAX_VALUES:
            raise MarketUnavailable
        info = await asyncio.to_thread(read_exchange_info, body, self.dropped)
        if not info.rules:
            raise MarketUnavailable
        self._budget.set_limits(info.limits)
        return info

    async def tickers_24h(self) -> list[MiniTicker]:
        """Returns the last price and the rolling day of every symbol of the exchange."""
        body = await self._get("ticker/24hr", {"type": "MINI"}, weight=DAY_WEIGHT)
        return await asyncio.to_thread(read_tickers, body, self.now(), self.dropped)

    async def prices(self) -> dict[Symbol, str]:
        """Returns the last price of every symbol of the exchange, as decimal text."""
        body = await self._get("ticker/price", {}, weight=PRICES_WEIGHT)
        return await asyncio.to_thread(read_prices, body, self.dropped)

    async def book_tickers(self) -> list[BookTop]:
        """Returns the best bid and ask of every symbol of the exchange."""
        body = await self._get("ticker/bookTicker", {}, weight=BOOKS_WEIGHT)
        return await asyncio.to_thread(read_book_tickers, body, self.dropped)

    async def klines(
        self, symbol: Symbol, interval: Interval, start: int, end: int, *, share: float = ASKED_SHARE
    ) -> list[Candle]:
        """Returns closed candles with start <= open_time < end (UTC ms), oldest first, at most 1000.

        `share` is the share of the request limits that the request may use.
        """
        if end <= start:
            return []
        params: Params = {
            "symbol": symbol,
            "interval": interval.value,
            "startTime": start,
            "endTime": end - 1,
            "limit": MAX_ROWS,
        }
        await self.keep_time()  # the clock decides which candles have closed
        asked = self.now()  # a candle that closes while the answer is on its way is not whole in it
        body = await self._get("klines", params, weight=2, share=share)
        return read_klines(body, symbol, interval, asked, self.dropped, span=(start, end))

    async def depth(self, symbol: Symbol) -> DepthSnapshot:
        """Returns the best 100 levels of both sides."""
        body = await self._get("depth", {"symbol": symbol, "limit": BOOK_LEVELS}, DEPTH_WEIGHT, ASKED_SHARE)
        return read_depth(body, symbol)

    def _warn_of_skew(self) -> None:
        skew = self.skew_ms
        if abs(skew) > _SKEW_MS and abs(skew - self._warned_ms) > _SKEW_MS:
            self._warned_ms = skew
            where = "ahead of" if skew > 0 else "behind"
            log.warning("this machine's clock is %.1f s %s Binance's; Binance's clock is used", abs(skew) / 1000, where)

    async def _get(self, name: str, params: Params, weight: int, share: float = USED_SHARE) -> bytes:
        for failure in range(1, self._backoff.attempts + 1):
            await self._wait_for_leave(weight, share)
            try:
                response = await self._send(name, params)
            except (httpx.HTTPError, TimeoutError) as error:
                log.info("Binance %s: %s", name, type(error).__name__)
            else:
                if response.status_code == httpx.codes.OK:
                    return response.content
                self._judge(name, response)
            if failure < self._backoff.attempts and self._closed_for() <= 0:
                await asyncio.sleep(self._backoff.wait(failure, self._rng))
        raise MarketUnavailable

    async def _send(self, name: str, params: Params) -> httpx.Response:
        path, limit = f"/api/v3/{name}", _BODY_BYTES.get(name, _SHORT_BODY_BYTES)
        async with asyncio.timeout(_REQUEST_SECONDS), self._client.stream("GET", path, params=params) as response:
            self._budget.note(response.headers, self.now())
            body = await read_body(response, limit) if response.status_code == httpx.codes.OK else b""
            return httpx.Response(response.status_code, headers=_plain(response.headers), content=body)

    async def _wait_for_leave(self, weight: int, share: float) -> None:
        seconds = self._closed_for()
        if 0 < seconds <= _LONGEST_WAIT_SECONDS:
            await asyncio.sleep(seconds)
        if self._closed_for() > 0:
            raise MarketUnavailable
        if not self._budget.spend(weight, self.now(), share):
            log.info("Binance's request weight is used up for now")
            raise MarketUnavailable

    def _judge(self, name: str, response: httpx.Response) -> None:
        """Records a ban. Raises MarketUnavailable for an answer that a retry would not change."""
        log.warning("Binance %s answered %d", name, response.status_code)
        if response.status_code in _BANS:
            seconds = _retry_after(response.headers.get("Retry-After", ""))
            self._closed_until = max(self._closed_until, asyncio.get_running_loop().time() + seconds)
        elif response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
            raise MarketUnavailable

    def _closed_for(self) -> float:
        return self._closed_until - asyncio.get_running_loop().time()


async def reachable(settings: BinanceSettings) -> str | None:
    """Returns None if Binance answers within `reach_timeout_seconds`, else the reason in a few words."""
    seconds = settings.reach_timeout_seconds
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(base_url=settings.rest_url, timeout=seconds) as client,
            client.stream("GET", "/api/v3/ping") as response,  # its body is not read
        ):
            status = response.status_code
    except (TimeoutError, httpx.TimeoutException):
        return f"no answer within {seconds:g} s"
    except httpx.InvalidURL:
        return "its URL is not one"
    except httpx.HTTPError:
        return "connect error"
    return None if status == httpx.codes.OK else f"it answered {status}"


def _retry_after(text: str) -> float:
    if not (text.isascii() and text.isdigit()):
        return _DEFAULT_BAN_SECONDS
    return min(max(float(text[:9]), 1.0), _LONGEST_BAN_SECONDS)


def _plain(headers: httpx.Headers) -> dict[str, str]:
    kept = ("Retry-After",)
    return {name: headers[name] for name in kept if name in headers}
