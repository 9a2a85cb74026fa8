"""Connections to PostgreSQL that neither reveal the password to a program that pretends to be the server nor trust it.

A server may request the password in clear, and asyncpg sends it. A server may also request no password, and asyncpg
accepts it as genuine. Both are enough for a program that took the server's port while the server was stopped, and
asyncpg has no counterpart to libpq's require_auth. With SCRAM, each side proves to the other that it knows the
password, without sending it.
"""

import asyncio
import os
import re
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from asyncpg import connect_utils, protocol

from core.network.scram import MAX_ITERATIONS, MIN_ITERATIONS
from core.postgres.address import PostgresAddress, hosts_of, is_socket, names_service

_VERIFIED = ("verify-ca", "verify-full")
_AUTHENTICATION, _READY = b"R", b"Z"
_OK, _CLEARTEXT, _SASL, _SASL_CONTINUE, _SASL_FINAL = 0, 3, 10, 11, 12
_SCRAM = (_SASL, _SASL_CONTINUE, _SASL_FINAL, _OK)
"""Codes of the authentication messages of a SCRAM login, in their order."""
_NO_SCRAM = "the server does not prove by SCRAM that it knows the password"
_BY_SCRAM, _NOT_IN_CLEAR = "scram-sha-256", "!password"
_LONGEST = 65_536
"""Maximum bytes of a login message, so that an unauthenticated server cannot exhaust the memory."""
_LONGEST_LOGIN = 1 << 20
"""Maximum bytes of all messages of a login. asyncpg keeps every parameter that a server reports."""
_HEAD, _CODE = 5, 9  # bytes: a type and a length, then the authentication code
_CHALLENGE = re.compile(rb"r=[\x21-\x2b\x2d-\x7e]+,s=[A-Za-z0-9+/]+={0,2},i=([1-9][0-9]{0,9})")
"""Server-first-message of RFC 5802, in PostgreSQL's form."""

_PARSE = connect_utils._parse_connect_dsn_and_args  # type: ignore[attr-defined]  # noqa: SLF001
_TOLD_APART = (
    *("host", "port", "user", "password", "passfile", "database", "ssl", "service", "servicefile", "direct_tls"),
    *("server_settings", "target_session_attrs", "krbsrvname", "gsslib"),
)
"""Arguments of asyncpg.connect in addition to the address."""


class LoginRefused(ConnectionError):
    """The server has not proved its identity and requests the password in clear, or a login other than SCRAM."""

    why: Literal["cleartext", "scram", "iterations"] = "scram"


class CleartextRefused(LoginRefused):
    """The server requests the password in clear."""

    why = "cleartext"


class ScramRefused(LoginRefused):
    """The server requests no password, or uses a method that does not prove that the server knows the password."""


class IterationsRefused(LoginRefused):
    """The server requests fewer than `MIN_ITERATIONS` or more than `MAX_ITERATIONS` iterations of SCRAM."""

    why = "iterations"


class LoginReader:
    """Parser of a server's messages from the first byte to the end of the login, in chunks of any size.

    With `scram`, only a SCRAM login is accepted; asyncpg verifies the server's proof. asyncpg hashes in the event loop
    as often as the server requests, so the number of iterations is checked first. Source: "Message Formats" in
    PostgreSQL's documentation of its protocol.
    """

    def __init__(self, *, scram: bool = False) -> None:
        self.over = False
        self.refused: LoginRefused | None = None
        self._steps = list(_SCRAM) if scram else None
        self._held = bytearray()
        self._taken = 0

    def read(self, data: bytes) -> None:
        """Reads a chunk. Sets `over` at the end of the login.

        Sets `refused` if the server requests the password in clear, another login than allowed, or too few or too many
        iterations, or if it sends anything but a login message, or more of them than a login has.
        """
        self._held += data
        while not (self.over or self.refused) and len(self._held) >= _HEAD:
            kind, length = bytes(self._held[:1]), int.from_bytes(self._held[1:_HEAD])
            if not _HEAD - 1 <= length <= _LONGEST:
                self.refused = ScramRefused("the server sends what is no message of a login")
            if len(self._held) <= length:
                return
            if kind == _AUTHENTICATION:
                self._judge(int.from_bytes(self._held[_HEAD:_CODE]), bytes(self._held[_CODE : length + 1]))
            if kind == _READY:
                self._judge_end()
            del self._held[: length + 1]
            self._taken += length + 1
            if self._taken > _LONGEST_LOGIN and not self.over:
                self.refused = self.refused or ScramRefused("the server's login does not end")

    def _judge(self, code: int, body: bytes) -> None:
        """Checks an authentication message."""
        if code == _CLEARTEXT:
            self.refused = CleartextRefused("the server asks for the password in clear")
        elif self._steps is not None and (not self._steps or code != self._steps.pop(0)):
            self.refused = ScramRefused(_NO_SCRAM)
        elif code == _SASL_CONTINUE:
            challenge = _CHALLENGE.fullmatch(body)
            if challenge is None or not MIN_ITERATIONS <= int(challenge[1]) <= MAX_ITERATIONS:
                self.refused = IterationsRefused("the server asks for too few or too many iterations of SCRAM")

    def _judge_end(self) -> None:
        if self._steps:
            self.refused = self.refused or ScramRefused(_NO_SCRAM)
        self.over = self.refused is None


class _Protocol(protocol.Protocol):
    """asyncpg's protocol with a check of the login.

    It ends a connection before asyncpg sends a password in clear to an unauthenticated server, or accepts a server on a
    TCP port that does not prove that it knows the password. A server on a socket is authenticated by the socket's
    folder.
    """

    def __init__(self, addr: Any, connected: "asyncio.Future[Any]", parameters: Any, *rest: Any) -> None:
        super().__init__(addr, connected, parameters, *rest)
        self._connected = connected
        checked = parameters.sslmode in (connect_utils.SSLMode.verify_ca, connect_utils.SSLMode.verify_full)
        socket = isinstance(addr, str)
        proved = checked and not socket  # over a socket there is no TLS
        self._login = None if proved else LoginReader(scram=bool(parameters.password) and not socket)

    def data_received(self, data: Any) -> None:
        if self._login is not None:
            self._login.read(data)
            if self._login.refused:
                if not self._connected.done():  # its waiter closes the connection
                    self._connected.set_exception(self._login.refused)
                return
            if self._login.over:
                self._login = None
        super().data_received(data)


# asyncpg has no parameter for the protocol class: it creates the protocol of every connection by this name.
connect_utils.protocol.Protocol = _Protocol  # type: ignore[attr-defined]


async def connect(dsn: str, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """Opens a connection as asyncpg.connect does. Raises the errors of asyncpg.connect, and LoginRefused."""
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(dsn, **options)
    return connection


def create_pool(dsn: str, **options: Any) -> "asyncpg.Pool[asyncpg.Record]":
    """Returns a pool as asyncpg.create_pool does. Calls that open a connection also raise LoginRefused."""
    pool: asyncpg.Pool[asyncpg.Record] = asyncpg.create_pool(dsn, **options)
    return pool


def required_auth(dsn: str) -> dict[str, Any]:
    """Returns the same requirement as an option of libpq, which supports it since version 16."""
    if is_proved(dsn):
        return {}
    return {"require_auth": _BY_SCRAM if must_prove(dsn) else _NOT_IN_CLEAR}


def must_prove(dsn: str) -> bool:
    """Returns whether the server must authenticate by the password: one is set, and there is no other proof."""
    hosts = hosts_of(dsn)
    sockets = bool(hosts) and all(map(is_socket, hosts))
    return not (sockets or is_proved(dsn)) and has_password(dsn)


def has_password(dsn: str) -> bool:
    """Returns whether the address, the environment, a password file or a service has a password. Reads files."""
    read = _read(dsn)
    if read is not None:
        return bool(read[1].password)
    return bool(PostgresAddress.of(dsn).secrets().get("password") or os.environ.get("PGPASSWORD"))


def is_proved(dsn: str) -> bool:
    """True if the server at this address must authenticate by a certificate before anything is sent to it.

    False for a socket, over which no driver uses TLS.
    """
    hosts = hosts_of(dsn)
    named = hosts if hosts or not names_service(dsn) else _hosts_of_service(dsn)
    return ssl_mode(dsn) in _VERIFIED and bool(named) and not any(map(is_socket, named))


def _hosts_of_service(dsn: str) -> list[str]:
    """Returns the hosts of the service file as asyncpg reads it. Empty if asyncpg cannot read it."""
    read = _read(dsn)
    return [] if read is None else [each if isinstance(each, str) else each[0] for each in read[0]]


def _read(dsn: str) -> tuple[list[Any], Any] | None:
    """Returns the addresses and the parameters that asyncpg would connect with. None if it would refuse to connect."""
    try:
        read: tuple[list[Any], Any] = _PARSE(dsn=dsn, **dict.fromkeys(_TOLD_APART))
    except (ValueError, OSError, LookupError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return None
    return read


def ssl_mode(dsn: str) -> str:
    """Returns the sslmode of an address as libpq reads it. Empty if neither the address nor the environment has one."""
    return options_of(dsn).get("sslmode") or os.environ.get("PGSSLMODE", "")


def options_of(address: str) -> dict[str, str]:
    """Returns the options in the query of an address. Every driver treats option names as case-sensitive."""
    return dict(parse_qsl(urlsplit(address).query))
