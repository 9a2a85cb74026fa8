"""Parts of a PostgreSQL address as libpq reads it, and a check that asyncpg reads the same.

libpq parses an address in conninfo_uri_parse_options of fe-connect.c: the login ends at the first `@` before the first
`/`, and `#` has no special meaning. asyncpg parses an address as urllib does.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, unquote_to_bytes, urlsplit

UNTOLD = ("sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
"""Secret options for which libpq has no environment variable."""

SECRETS = ("password", *UNTOLD)

Ambiguity = Literal["mark", "host", "hostaddr", "option", "service", "twice", "nowhere", "system"]
"""Reason that an address is refused.

mark: a character is not percent-encoded. host: the two libraries read different hosts. hostaddr: the host is given by
this option. option: an option has no value, has capital letters, or is a secret that asyncpg does not know. service: a
service file cannot hold the secret. twice: a part is given twice. nowhere: no host is given, so each library looks for
a server in places of its own. system: sslrootcert is `system`, which asyncpg reads as the name of a file.
"""

_UNKNOWN = UNTOLD[1:]
"""Secrets that asyncpg mistakes for server settings and sends to the server unchanged."""

_SHARED = (
    *("user", "host", "port", "dbname", "passfile", "service", "require_auth", "sslmode", "sslnegotiation", "sslcert"),
    *("sslkey", "sslrootcert", "sslcrl", "ssl_min_protocol_version", "ssl_max_protocol_version"),
)
_KNOWN = (*SECRETS, *_SHARED, "hostaddr")
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})|%00")
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::([0-9]+))?")
_PORTS = re.compile("[0-9,]+")
_LONGEST = 900  # bytes: libpq reads lines of at most 1,023 from a service file


class AmbiguousAddress(ValueError):
    """libpq and asyncpg would read the address differently. The message contains no part of the address."""

    def __init__(self, why: Ambiguity) -> None:
        super().__init__(f"the address can be read in two ways ({why})")
        self.why = why


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """Parts of an address as written, percent escapes included. `login` is None if there is no `@`."""

    scheme: str
    login: str | None
    hosts: str
    path: str
    query: str

    @classmethod
    def of(cls, dsn: str) -> "PostgresAddress":
        """Splits an address as libpq reads it."""
        scheme, _, rest = dsn.partition("://")
        login: str | None = None
        if "@" in rest.partition("/")[0]:
            login, _, rest = rest.partition("@")
        location, _, query = rest.partition("?")
        hosts, slash, path = location.partition("/")
        return cls(scheme, login, hosts, slash + path, query)

    @property
    def netloc(self) -> str:
        """Part between the scheme and the path: the login, if there is one, and the hosts."""
        return self.hosts if self.login is None else f"{self.login}@{self.hosts}"

    def options(self) -> Iterator[tuple[str, str, str]]:
        """Yields the text, the decoded name and the value as written of each option."""
        for text in filter(None, self.query.split("&")):
            name, _, value = text.partition("=")
            yield text, unquote(name), value

    def secrets(self) -> dict[str, str]:
        """Returns the secrets as written, by name in lower case. If a password is given twice, returns the one in the
        query.
        """
        _, colon, password = (self.login or "").partition(":")
        found = {"password": password} if colon else {}
        return found | {name.lower(): value for _, name, value in self.options() if name.lower() in SECRETS}

    def bare(self) -> str:
        """Returns the address without its secrets."""
        kept = [text for text, name, _ in self.options() if name.lower() not in SECRETS]
        user = "" if self.login is None else f"{self.login.partition(':')[0]}@"
        return f"{self.scheme}://{user}{self.hosts}{self.path}{'?' if kept else ''}{'&'.join(kept)}"


def hosts_of(dsn: str) -> list[str]:
    """Returns the hosts of an address, or those of PGHOST if it has none. A host that begins with `/` is the folder of
    a socket. Empty if neither has one, as with a service.
    """
    address = PostgresAddress.of(dsn)
    try:
        named, _ = _checked_hosts(address.hosts)
    except AmbiguousAddress:
        return []
    options = {name: unquote(value) for _, name, value in address.options()}
    told = named or options.get("host", "") or os.environ.get("PGHOST", "")
    return told.split(",") if told else []


def names_service(dsn: str) -> bool:
    """Returns whether a service file completes the address."""
    return any(name == "service" for _, name, _ in PostgresAddress.of(dsn).options()) or bool(
        os.environ.get("PGSERVICE")
    )


def is_socket(host: str) -> bool:
    """Returns whether a host is a socket on this machine: the folder of one, or an abstract name."""
    return host.startswith(("/", "@"))


def meant(written: str) -> str:
    """Decodes the percent escapes of a part byte by byte, as a value for an environment variable."""
    return os.fsdecode(unquote_to_bytes(written))


def check_address(dsn: str) -> None:
    """Raises AmbiguousAddress if libpq and asyncpg would read different hosts, logins or databases."""
    address = PostgresAddress.of(dsn)
    if not dsn.isprintable() or " " in dsn:
        raise AmbiguousAddress("mark")
    try:
        parts = urlsplit(dsn)
    except ValueError:  # brackets
        raise AmbiguousAddress("mark") from None
    if (address.netloc, address.path, address.query, "") != (parts.netloc, parts.path, parts.query, parts.fragment):
        raise AmbiguousAddress("mark")
    if "@" in address.hosts + address.path:
        raise AmbiguousAddress("mark")
    options = _checked_options(address)
    hosts, ports = _checked_hosts(address.hosts)
    _check_query_hosts(options)
    user, _, password = (address.login or "").partition(":")
    first = {"user": _checked(user), "password": _checked(password), "host": hosts, "port": ports}
    first["dbname"] = _checked(address.path[1:])
    for name, value in first.items():
        told = value or (name == "port" and hosts) or (name == "dbname" and address.path)
        if told and options.get(name, value) != value:
            raise AmbiguousAddress("twice")
    told_hosts = hosts_of(dsn)
    if not (told_hosts or names_service(dsn)) or "" in told_hosts:
        raise AmbiguousAddress("nowhere")
    over_tls = not told_hosts or not all(map(is_socket, told_hosts))
    if over_tls and (options.get("sslrootcert") or os.environ.get("PGSSLROOTCERT")) == "system":
        raise AmbiguousAddress("system")


def _checked(written: str) -> str:
    """Returns the decoded part. Raises AmbiguousAddress if its escapes are invalid or not UTF-8."""
    if _BAD_ESCAPE.search(written):
        raise AmbiguousAddress("mark")
    try:
        return unquote(written, errors="strict")
    except UnicodeDecodeError:
        raise AmbiguousAddress("mark") from None


def _checked_options(address: PostgresAddress) -> dict[str, str]:
    options: dict[str, str] = {}
    for text in address.query.split("&") if address.query else ():
        written, _, value = text.partition("=")
        name = _checked(written)
        known = name.lower() in _KNOWN
        if text.count("=") != 1 or (known and "+" in text) or ("@" in text and not known):
            raise AmbiguousAddress("mark")
        if known and (name != name.lower() or name in _UNKNOWN or not value):
            raise AmbiguousAddress("option")
        if known and name in options:
            raise AmbiguousAddress("twice")
        options[name] = _checked(value)
    if "hostaddr" in options:
        raise AmbiguousAddress("hostaddr")
    secret = options.get("sslpassword")
    if secret is not None and ("service" in options or not _fits_a_line(secret)):
        raise AmbiguousAddress("service")
    return options


def _fits_a_line(secret: str) -> bool:
    """True if a line of a service file can hold the secret."""
    return secret.isprintable() and secret == secret.strip() and len(secret.encode()) <= _LONGEST


def _checked_hosts(written: str) -> tuple[str, str]:
    """Returns the hosts and the ports before the path, each as a list with commas. The ports are empty if none is
    given.
    """
    hosts, ports = [], []
    for each in written.split(",") if written else ():
        if each.startswith("["):
            found = _BRACKETED.fullmatch(each)
            host, port = (found[1], found[2] or "") if found else ("", "")
        else:
            host, _, port = each.partition(":")
        host = _checked(host)
        if not host or "," in host or host.startswith("@"):
            raise AmbiguousAddress("host")
        if port and not (port.isascii() and port.isdigit()):
            raise AmbiguousAddress("mark")
        hosts.append(host)
        ports.append(port)
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _check_query_hosts(options: dict[str, str]) -> None:
    for host in options["host"].split(",") if "host" in options else ():
        if not host.startswith("/") and (not host or host[0] in "@[" or ":" in host):
            raise AmbiguousAddress("host")
    if "port" in options and not _PORTS.fullmatch(options["port"]):
        raise AmbiguousAddress("host")
