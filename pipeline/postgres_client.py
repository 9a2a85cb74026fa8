"""Connections to PostgreSQL that tell no password to a program that only pretends to be the server.

A server may ask for the password in clear, and asyncpg answers. A program that took the server's port while it was
stopped needs no more than that. libpq can be told to refuse, so it knocks first, where nothing else proves the server.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg

_VERIFIED = ("verify-ca", "verify-full")
_KNOCK_SECONDS = 10
_SAID: tuple[tuple[str, type[Exception]], ...] = (
    ("password authentication failed", asyncpg.InvalidPasswordError),
    ("the database system is", asyncpg.CannotConnectNowError),
    ("Connection refused", ConnectionRefusedError),
)
"""What asyncpg raises for what libpq says: libpq's errors of a connection bear no code."""


class CleartextRefused(ConnectionError):
    """The server asked for the password in clear and has not proved who it is."""


async def connect(dsn: str, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection as asyncpg.connect opens it. Raises what that raises."""
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(dsn, password=_guarded(dsn), **options)
    return connection


def create_pool(dsn: str, **options: Any) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool as asyncpg.create_pool makes it."""
    pool: asyncpg.Pool[asyncpg.Record] = asyncpg.create_pool(dsn, password=_guarded(dsn), **options)
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
    """What follows the question mark of an address, with names in small letters."""
    return {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}


def _guarded(dsn: str) -> Callable[[], Awaitable[str]] | None:
    """What asyncpg asks for the password before each connection; None where the driver may find and send it."""
    password = _password(dsn)
    if not password or is_proved(dsn):
        return None

    async def knock() -> str:
        await _knock(dsn)
        return password

    return knock


async def _knock(dsn: str) -> None:
    """Logs in by libpq and leaves. Raises CleartextRefused, and what asyncpg raises for what else can go wrong."""
    import psycopg  # noqa: PLC0415 - the servers of a desk's own ask for no password

    try:
        knocking = psycopg.AsyncConnection.connect(dsn, connect_timeout=_KNOCK_SECONDS, **required_auth(dsn))
        await (await knocking).close()
    except psycopg.OperationalError as error:
        said = str(error)
        if "authentication method requirement" in said:
            raise CleartextRefused from error
        raise next((kind for words, kind in _SAID if words in said), ConnectionError)(said) from error
    except psycopg.Error as error:  # the address is none
        raise ValueError(str(error)) from error


def _password(dsn: str) -> str:
    login, _, _ = urlsplit(dsn).netloc.rpartition("@")
    named = unquote(login.partition(":")[2])
    return named or options_of(dsn).get("password") or os.environ.get("PGPASSWORD", "")
