"""Connections to PostgreSQL that send no password in clear to a program that impersonates the server.

A server may request the password in clear, and asyncpg sends it; asyncpg has no equivalent of libpq's require_auth. A
program that takes the port of a stopped server could collect the password this way. SCRAM proves the password without
sending it.
"""

import asyncio
import os
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from asyncpg import connect_utils, protocol

from core.postgres.address import hosts_of, is_socket, names_service

_VERIFIED = ("verify-ca", "verify-full")
_AUTHENTICATION, _READY = b"R", b"Z"
_CLEARTEXT = 3  # AuthenticationCleartextPassword
_LONGEST = (1 << 31) - 1
_HEAD, _CODE = 5, 9  # bytes: a type and a length, then the kind of an authentication

_PARSE = connect_utils._parse_connect_dsn_and_args  # type: ignore[attr-defined]  # noqa: SLF001
_TOLD_APART = (
    *("host", "port", "user", "password", "passfile", "database", "ssl", "service", "servicefile", "direct_tls"),
    *("server_settings", "target_session_attrs", "krbsrvname", "gsslib"),
)
"""What asyncpg.connect takes beside the address."""


class CleartextRefused(ConnectionError):
    """The server requested the password in clear and has not proved its identity."""


class LoginReader:
    """Parser of a server's messages from the first byte to the end of the login, in chunks of any size.

    Source: "Message Formats" in PostgreSQL's documentation of its protocol.
    """

    def __init__(self) -> None:
        self.over = False
        self.refused = False
        self._held = bytearray()
        self._body = 0

    def read(self, data: bytes) -> None:
        """Sets `over` at the end of the login, and `refused` if the server requests the password in clear or sends an
        invalid message.
        """
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
    """asyncpg's protocol, which ends a connection instead of sending a password in clear to an unproved server."""

    def __init__(self, addr: Any, connected: "asyncio.Future[Any]", parameters: Any, *rest: Any) -> None:
        super().__init__(addr, connected, parameters, *rest)
        self._connected = connected
        checked = parameters.sslmode in (connect_utils.SSLMode.verify_ca, connect_utils.SSLMode.verify_full)
        proved = checked and not isinstance(addr, str)  # over a socket there is no TLS
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
    """Opens a connection as asyncpg.connect does. Raises the same errors, and CleartextRefused."""
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(dsn, **options)
    return connection


def create_pool(dsn: str, **options: Any) -> "asyncpg.Pool[asyncpg.Record]":
    """Creates a pool as asyncpg.create_pool does. Operations that open a connection also raise CleartextRefused."""
    pool: asyncpg.Pool[asyncpg.Record] = asyncpg.create_pool(dsn, **options)
    return pool


def required_auth(dsn: str) -> dict[str, Any]:
    """Returns libpq options with the same requirement: any way of login but the password in clear. Empty if
    `is_proved`.
    """
    return {} if is_proved(dsn) else {"require_auth": "!password"}


def is_proved(dsn: str) -> bool:
    """Whether the server at this address must prove itself by a certificate before anything is sent to it. Over a
    socket no driver asks for one."""
    hosts = hosts_of(dsn)
    named = hosts if hosts or not names_service(dsn) else _hosts_of_service(dsn)
    return ssl_mode(dsn) in _VERIFIED and bool(named) and not any(map(is_socket, named))


def _hosts_of_service(dsn: str) -> list[str]:
    """Those of the service file, as asyncpg reads it; none where it cannot."""
    read = _read(dsn)
    return [] if read is None else [each if isinstance(each, str) else each[0] for each in read[0]]


def _read(dsn: str) -> tuple[list[Any], Any] | None:
    """The places and the parameters that asyncpg would connect with; None where it would not connect."""
    try:
        read: tuple[list[Any], Any] = _PARSE(dsn=dsn, **dict.fromkeys(_TOLD_APART))
    except (ValueError, OSError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return None
    return read


def ssl_mode(dsn: str) -> str:
    """Returns the sslmode of an address, as libpq reads it; empty if neither the address nor the
    environment has one.
    """
    return options_of(dsn).get("sslmode") or os.environ.get("PGSSLMODE", "")


def options_of(address: str) -> dict[str, str]:
    """Returns the options in the query of an address. Every driver treats option names as case-sensitive."""
    return dict(parse_qsl(urlsplit(address).query))
