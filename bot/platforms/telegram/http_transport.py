"""Transport of Bot API calls over aiohttp, for python-telegram-bot.

It does a third of the work of the library's client. Failures before sending are distinguished from failures after which
the call may have arrived.
"""

import json
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.platforms.telegram.refusals import refusal

_FORM = "application/x-www-form-urlencoded"
UNREADABLE = "the answer cannot be read"


class _Answer(dict[str, Any]):
    """Answer of the Bot API. A missing key, such as `result`, raises TelegramError."""

    def __missing__(self, key: str) -> Any:
        raise TelegramError(UNREADABLE)


class RequestNotSent(Exception):
    """The call was not sent."""


class HttpTransport(BaseRequest):
    """HTTP client with at most `connections` connections.

    A call has `seconds` to be sent and as many to be answered. A call with files has `media_seconds` to be sent.
    """

    def __init__(self, connections: int, seconds: float, connect_seconds: float, media_seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._connect_seconds = connect_seconds
        self._media_seconds = media_seconds
        self._session: aiohttp.ClientSession | None = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parses an answer and drops parameters of an unexpected type.

        Raises TelegramError if it is not a JSON object, such as an HTML page.
        """
        told = _object(payload)
        if told is None:
            raise TelegramError(UNREADABLE)
        if "parameters" in told:
            told["parameters"] = _parameters(told["parameters"])
        return _Answer(told)

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._seconds

    async def initialize(self) -> None:
        """Opens the session. A repeated call has no effect."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=_tls())
            self._session = aiohttp.ClientSession(connector=connector, trust_env=True)

    async def shutdown(self) -> None:
        """Closes the session."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(  # noqa: PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT_NONE,
        write_timeout: ODVInput[float] = DEFAULT_NONE,
        connect_timeout: ODVInput[float] = DEFAULT_NONE,
        pool_timeout: ODVInput[float] = DEFAULT_NONE,  # noqa: ARG002 - waiting for a connection is part of connecting
    ) -> tuple[int, bytes]:
        """Performs a call and returns status and body.

        Raises RetryAfter for a 429 and ForeignAnswer for a proxy's refusal. Raises TimedOut and NetworkError, with the
        cause RequestNotSent if the call was not sent. No error contains the URL, which contains the token.
        """
        if self._session is None:
            raise NetworkError("the client is closed") from RequestNotSent()
        files = bool(request_data and request_data.contains_files)
        connect = _seconds(connect_timeout, self._connect_seconds)
        read = _seconds(read_timeout, self._seconds)
        write = _seconds(write_timeout, self._media_seconds if files else self._seconds)
        waits = aiohttp.ClientTimeout(total=connect + write + read, connect=connect, sock_read=read)
        headers = None if files else {"Content-Type": _FORM}
        try:
            async with self._session.request(
                method, url, data=_body(request_data), headers=headers, timeout=waits
            ) as answer:
                status, told, body = answer.status, answer.headers, await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise TimedOut(f"no connection: {type(error).__name__}") from RequestNotSent()
        except TimeoutError as error:
            raise TimedOut(f"no answer: {type(error).__name__}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"the connection failed: {type(error).__name__}") from error
        if (refused := refusal(status, told, _object(body))) is not None:
            raise refused
        return status, body


@cache
def _tls() -> ssl.SSLContext:
    """Returns the context that all clients share: it takes tens of milliseconds to read the certificates.

    They are the bundled ones, as in the library's own client: a container may have none.
    """
    return httpx.create_ssl_context()


def _object(payload: bytes) -> dict[str, Any] | None:
    """Parses a JSON object. None if the payload is none, such as an HTML page."""
    try:
        told = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _parameters(told: Any) -> dict[str, int]:
    """Returns the whole numbers among the parameters of a refusal: the new id of the group."""
    if not isinstance(told, dict):
        return {}
    return {name: value for name, value in told.items() if isinstance(value, int) and not isinstance(value, bool)}


def _body(data: RequestData | None) -> Any:
    if data is None:
        return None
    if not data.contains_files:
        return urlencode(data.json_parameters).encode()
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return form


def _seconds(given: ODVInput[float], otherwise: float) -> float:
    return float(given) if isinstance(given, int | float) else otherwise
