"""Calls to the Bot API over aiohttp, for python-telegram-bot: a third of the work of its own client.

What failed before it left is told apart from what may have arrived.
"""

import json
import math
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_FORM = "application/x-www-form-urlencoded"


UNREADABLE = "the answer cannot be read"


class _Answer(dict[str, Any]):
    """What the Bot API answered; the library looks for `result` in it."""

    def __missing__(self, key: str) -> Any:
        raise TelegramError(UNREADABLE)


class NeverSent(Exception):
    """The call did not leave this machine."""


class Wire(BaseRequest):
    """`connections` at once. A call has `seconds` to leave and as many to be answered, one with files `media_seconds`
    to leave."""

    def __init__(self, connections: int, seconds: float, connect_seconds: float, media_seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._connect_seconds = connect_seconds
        self._media_seconds = media_seconds
        self._session: aiohttp.ClientSession | None = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer, of which only what has the right shape is kept. Raises TelegramError where it is something else,
        such as a page."""
        try:
            told = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise TelegramError(UNREADABLE) from None
        if not isinstance(told, dict):
            raise TelegramError(UNREADABLE)
        if "parameters" in told:
            told["parameters"] = _parameters(told["parameters"])
        return _Answer(told)

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._seconds

    async def initialize(self) -> None:
        """Opens; repeated, nothing."""
        if self._session is None:
            # The certificates that come along, as the library's own client does: a container may have none.
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=httpx.create_ssl_context())
            self._session = aiohttp.ClientSession(connector=connector, trust_env=True)

    async def shutdown(self) -> None:
        """Closes."""
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
        """Status and body. Raises TimedOut and NetworkError, caused by NeverSent where that is so; none names the URL,
        which holds the token."""
        if self._session is None:
            raise NetworkError("the client is closed") from NeverSent()
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
                return answer.status, await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise TimedOut(f"no connection: {type(error).__name__}") from NeverSent()
        except TimeoutError as error:
            raise TimedOut(f"no answer: {type(error).__name__}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"the connection failed: {type(error).__name__}") from error


def _parameters(told: Any) -> dict[str, int | float]:
    """Of a refusal: how long to wait, or where the group went."""
    if not isinstance(told, dict):
        return {}
    return {name: value for name, value in told.items() if isinstance(value, int | float) and math.isfinite(value)}


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
