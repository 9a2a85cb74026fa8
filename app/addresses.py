"""Checks of the addresses of outside servers in the settings, and the passwords in those addresses."""

from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus, urlsplit

from app.errors import AddressUnclear
from core.postgres.address import SECRETS, AmbiguousAddress, PostgresAddress, check_address

_LOGIN = ("username", "password")


def check_postgres(setting: str, dsn: str) -> None:
    """Raises AddressUnclear, which names the variable `setting`, if libpq and asyncpg read the address differently."""
    try:
        check_address(dsn)
    except AmbiguousAddress as error:
        raise AddressUnclear(setting, error.why) from None


def check_redis(setting: str, url: str) -> None:
    """Raises AddressUnclear if a part of the password would be read as the host, port or database, or if an option is
    given twice: redis-py takes the first, and others the last.
    """
    if not _is_clear(url):
        raise AddressUnclear(setting, "mark")
    names = [unquote_plus(pair.partition("=")[0]) for pair in urlsplit(url).query.split("&") if pair]
    if len(names) != len(set(names)):
        raise AddressUnclear(setting, "twice")


def passwords_in(address: str) -> list[str]:
    """Returns the passwords of an address, before its host or in its query, both encoded and decoded.

    Every reading of an address counts: that of libpq, that of urllib, and that in which the last `@` ends the login.
    """
    return [form for written in _written(address) for form in (written, unquote(written), unquote_plus(written))]


def _written(address: str) -> Iterator[str]:
    logins = [PostgresAddress.of(address).login or "", address.partition("://")[2].rpartition("@")[0]]
    yield from filter(None, (login.partition(":")[2] for login in logins))
    queries = [address.partition("?")[2], PostgresAddress.of(address).query, address.rpartition("?")[2]]
    for pair in (pair for query in queries for pair in (*query.split("&"), *query.partition("#")[0].split("&"))):
        name, _, value = pair.partition("=")
        if value and unquote(name).lower() in SECRETS:
            yield value


def _is_clear(url: str) -> bool:
    """Returns whether no part of a password of Redis is in the place of its host, port or database."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme == "unix":
        return True
    strays = [pair for pair in parts.query.split("&") if "@" in pair and pair.partition("=")[0] not in _LOGIN]
    return "@" not in parts.path + parts.fragment and not strays
