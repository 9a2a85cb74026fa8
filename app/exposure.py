"""Checks that connections to servers on other machines are encrypted, unless the network between is trusted.

A server that pretends to be PostgreSQL may request the password in clear, and the drivers send it. An attacker between
the desk and Redis or Kafka can set the prices, as can a user who creates a socket at the path of one of them.
"""

import os
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import asyncpg
from pydantic import SecretStr

from app.errors import StartError, Untrusted
from app.server_errors import RedisWithoutPassword, SocketExposed, Unencrypted, Unverified
from core.network.platform_address import is_loopback
from core.network.tls_errors import causes, distrust
from core.postgres.address import hosts_of, is_socket
from core.postgres.client import LoginRefused, is_proved, options_of, ssl_mode
from core.system.folders import others_may_put

if TYPE_CHECKING:
    from app.settings import Settings

REDIS, KAFKA = "PAPERDESK_REDIS__URL", "PAPERDESK_KAFKA__SECURITY_PROTOCOL"

_ENCRYPTED = ("require", "verify-ca", "verify-full")
_PASSWORD = (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)
_FALSE_PROOF = "could not verify server signature"  # asyncpg's text
_NO = ("0", "F", "FALSE", "N", "NO")  # as redis-py reads it
_AUTHORITIES = ("sslrootcert", "ssl_ca_certs")
_OWN_FILES = ("sslcert", "sslkey", "ssl_certfile", "ssl_keyfile")


_REPORTED = (Unverified, RedisWithoutPassword)
"""Exposures that are reported at the start; all others prevent the desk from opening."""


def check_exposure(settings: "Settings") -> None:
    """Raises Unencrypted for the first server on another machine without encryption, SocketExposed for a server whose
    socket another user could replace.
    """
    for found in _exposures(settings):
        if not isinstance(found, _REPORTED):
            raise found


def exposure_notices(settings: "Settings") -> list[StartError]:
    """Returns the servers whose certificate is not checked, and a Redis on a port without a password."""
    return [found for found in _exposures(settings) if isinstance(found, _REPORTED)]


def wants_tls(dsn: str) -> bool:
    """Returns whether connections to PostgreSQL at this address are always encrypted."""
    return ssl_mode(dsn) in _ENCRYPTED


def why(error: BaseException, address: str) -> Untrusted:
    """Returns the reason that the server at `address` cannot be used, empty if it is not known."""
    if any(_is_unreadable(name, path) for name, path in options_of(address).items()):
        return "file"
    if reason := distrust(error):
        return reason
    for each in causes(error):
        if isinstance(each, LoginRefused):
            return each.why
    if any(_FALSE_PROOF in str(each) for each in causes(error)):
        return "scram"
    if isinstance(error, _PASSWORD) or "AuthenticationError" in type(error).__name__:
        return "password"
    return "no-tls" if "rejected SSL upgrade" in str(error) else ""


def _is_unreadable(option: str, path: str) -> bool:
    try:
        if option in _AUTHORITIES:
            ssl.create_default_context(cafile=path)
    except OSError:  # ssl.SSLError is one
        return True
    return option in _OWN_FILES and not os.access(path, os.R_OK)


def _exposures(settings: "Settings") -> Iterator[StartError]:
    if settings.trust_network:
        return
    for name in ("dsn", "owner_dsn", "reader_dsn"):
        yield from _exposed_postgres(f"PAPERDESK_POSTGRES__{name.upper()}", getattr(settings.postgres, name))
    url = settings.redis.url.get_secret_value()
    if url.startswith("unix:") and (path := unquote(urlsplit(url).path) or options_of(url).get("path", "")):
        yield from _exposed_socket(REDIS, str(Path(path).parent))
    if url and (host := _distant_redis(url)):
        options = options_of(url)
        if not url.startswith("rediss://"):
            yield Unencrypted(REDIS, host)
        elif not _is_checked(options):
            yield Unverified(REDIS, host)
    if url and not url.startswith("unix://") and not _has_password(url):
        yield RedisWithoutPassword(
            unquote(urlsplit(url).netloc.rpartition("@")[2]) or options_of(url).get("host", "localhost")
        )
    kafka = settings.kafka
    if kafka.bootstrap and not kafka.local and not kafka.encrypted:
        yield Unencrypted(KAFKA, kafka.bootstrap)


def _exposed_socket(setting: str, folder: str) -> Iterator[StartError]:
    if not folder.startswith("/") or others_may_put(Path(folder)):
        yield SocketExposed(setting, folder)


def _exposed_postgres(setting: str, secret: SecretStr) -> Iterator[StartError]:
    dsn = secret.get_secret_value()
    for place in filter(is_socket, hosts_of(dsn) if dsn else ()):
        yield from _exposed_socket(setting, place)
    host = _distant_postgres(dsn) if dsn else ""
    if host and not wants_tls(dsn):
        yield Unencrypted(setting, host)
    elif host and not is_proved(dsn):
        yield Unverified(setting, host)


def _distant_postgres(dsn: str) -> str:
    """Returns the first host that is not this machine, or the service that may name one. Empty if there is none."""
    options = options_of(dsn)
    named = unquote(urlsplit(dsn).netloc.rpartition("@")[2])
    hosts = _hosts(named, options.get("host", "")) or _hosts(os.environ.get("PGHOST", ""))
    hosts += _hosts(options.get("hostaddr") or os.environ.get("PGHOSTADDR", ""))
    if service := options.get("service") or os.environ.get("PGSERVICE"):
        hosts.append(f"service {service}")
    return next((host for host in hosts if not host.startswith(("/", "@")) and not is_loopback(host)), "")


def _hosts(*lists: str) -> list[str]:
    return [host for text in lists for each in text.split(",") if (host := _host(each))]


def _distant_redis(url: str) -> str:
    if url.startswith("unix://"):
        return ""
    host = unquote(urlsplit(url).hostname or "") or options_of(url).get("host", "")
    return "" if not host or is_loopback(host) else host


def _is_checked(options: Mapping[str, str]) -> bool:
    """Returns whether the certificate of Redis is checked, and the name in it."""
    named = options.get("ssl_check_hostname", "true").upper() not in _NO
    return named and options.get("ssl_cert_reqs", "required").lower() in ("required", "cert_required")


def _has_password(url: str) -> bool:
    return bool(urlsplit(url).password or options_of(url).get("password"))


def _host(address: str) -> str:
    """Returns the host of `host:port` or `[::1]:port`; a path is returned unchanged."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address if address.startswith("/") else address.partition(":")[0]
