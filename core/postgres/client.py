"""Connections to PostgreSQL that tell no password to a program that only pretends to be the server.

A server may ask for the password in clear, and asyncpg answers; it has no counterpart to libpq's require_auth. A
program that took the server's port while it was stopped needs no more than that. SCRAM proves the password without
sending it.
"""

import asyncio
import os
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from asyncpg import connect_utils, protocol

_VERIFIED = ("verify-ca", "verify-full")
_AUTHENTICATION, _READY = b"R", b"Z"
_CLEARTEXT = 3  # AuthenticationCleartextPassword
_LONGEST = (1 << 31) - 1
_HEAD, _CODE = 5, 9  # bytes: a type and a length, then the kind of an authentication


class CleartextRefused(ConnectionError):
    """The server asked for the password in clear and has not proved who it is."""


class LoginReader:
    """Reads what a server sends from the first byte to the end of the login, in whatever pieces it comes.

    Source: "Message Formats" in PostgreSQL's documentation of its protocol.
    """

    def __init__(self) -> None:
        self.over = False
        self.refused = False
        self._held = bytearray()
        self._body = 0

    def read(self, data: bytes) -> None:
        """Sets `over` at the end of the login, and `refused` where the server asks for the password in clear, or sends
        what is no message."""
        self._held += data
        while not (self.over or self.refused):
            passed = min(self._body, len(self._held))
            del self._held[:passed]
            self._body -= passed
            if self._body or len(self._held) < _HEAD:
                return
            kind, length = bytes(self._held[:1]), int.from_bytes(self._held[1:_HEAD])
            if kind == _AUTHENTICATION:
                if len(self._held) < _CODE:
                    return
                self.refused = int.from_bytes(self._held[_HEAD:_CODE]) == _CLEARTEXT
            self.refused |= not _HEAD - 1 <= length <= _LONGEST
            self.over = kind == _READY
            self._body = length - (_HEAD - 1)
            del self._held[:_HEAD]


class _Protocol(protocol.Protocol):
    """asyncpg's, which ends a connection before it would send a password in clear to a server that is not proved."""

    def __init__(self, addr: Any, connected: "asyncio.Future[Any]", parameters: Any, *rest: Any) -> None:
        super().__init__(addr, connected, parameters, *rest)
        self._connected = connected
        proved = parameters.sslmode in (connect_utils.SSLMode.verify_ca, connect_utils.SSLMode.verify_full)
        self._login = None if proved or not parameters.password else LoginReader()

    def data_received(self, data: Any) -> None:
        if self._login is not None:
            self._login.read(data)
            if self._login.refused:
                if not self._connected.done():  # whoever waits for it closes the connection
                    self._connected.set_exception(CleartextRefused())
                return
            if self._login.over:
                self._login = None
        super().data_received(data)


# The one place where asyncpg lets nothing be passed in: it makes the protocol of every connection by this name.
connect_utils.protocol.Protocol = _Protocol  # type: ignore[attr-defined]


async def connect(dsn: str, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection as asyncpg.connect opens it. Raises what that raises, and CleartextRefused."""
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(dsn, **options)
    return connection


def create_pool(dsn: str, **options: Any) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool as asyncpg.create_pool makes it; what opens a connection raises CleartextRefused as well."""
    pool: asyncpg.Pool[asyncpg.Record] = asyncpg.create_pool(dsn, **options)
    return pool


def required_auth(dsn: str) -> dict[str, Any]:
    """The same demand as an option of libpq: every way of login but the password in clear."""
    return {} if is_proved(dsn) else {"require_auth": "!password"}


def is_proved(dsn: str) -> bool:
    """Whether the server at this address must prove itself by a certificate before anything is sent to it."""
    return ssl_mode(dsn) in _VERIFIED


def ssl_mode(dsn: str) -> str:
    """The sslmode of an address, as libpq knows it; empty where neither it nor the environment says."""
    return options_of(dsn).get("sslmode") or os.environ.get("PGSSLMODE", "")


def options_of(address: str) -> dict[str, str]:
    """What follows the question mark of an address. Names in other letters are other options to every driver."""
    return dict(parse_qsl(urlsplit(address).query))
