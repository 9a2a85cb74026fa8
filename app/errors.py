"""Errors that keep the desk from opening, as data; the sentences live in `bot/ui/texts/*/start.ftl`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.errors import DeskError
from core.postgres.address import Ambiguity


@dataclass(eq=False)
class StartError(DeskError):
    """The desk cannot open; the person who runs it can act on it."""


# -- the data directory ------------------------------------------------------------------------


@dataclass(eq=False)
class DataDirUnwritable(StartError):
    """The data directory cannot be made or written."""

    path: str


@dataclass(eq=False)
class DataDirUnreachable(StartError):
    """Run as root, the engines drop to an account of their own, which has no way into the data directory."""

    path: str


@dataclass(eq=False)
class DataDirForeign(StartError):
    """The data directory belongs to `owner`, another user; nothing in it was opened."""

    path: str
    owner: str


@dataclass(eq=False)
class DataDirExposed(StartError):
    """Others may write to `folder`, the data directory or one on the way to it, and could exchange what lies there."""

    folder: str


@dataclass(eq=False)
class DataPathForeign(StartError):
    """`folder`, a folder or link on the way to the data directory, belongs to `owner`, who could lead it elsewhere."""

    folder: str
    owner: str


@dataclass(eq=False)
class DataFileForeign(StartError):
    """What lies at `path` in the data directory is a link, or was made by another user; it was not opened."""

    path: str


@dataclass(eq=False)
class NoIdleAccount(StartError):
    """Run as root, PostgreSQL's cluster is made under an account that runs nothing else, and there is none."""


@dataclass(eq=False)
class BadDataDirName(StartError):
    """The engines cannot work in a directory of this name. A comma is refused for Kafka only."""

    path: str
    why: Literal["control", "encoding", "long", "comma"]


@dataclass(eq=False)
class DataDirBusy(StartError):
    """Another desk runs on this data directory."""

    path: str


@dataclass(eq=False)
class NoDesk(StartError):
    """There is nothing to look at: no desk runs on the data directory, and no servers are set."""

    path: str


@dataclass(eq=False)
class NoPlatform(StartError):
    """There is nothing to serve: no platform has a token."""


@dataclass(eq=False)
class NoServers(StartError):
    """Roles meet on Kafka, PostgreSQL and Redis; `missing` are the variables that name no server, with commas."""

    missing: str


@dataclass(eq=False)
class MarketChanged(StartError):
    """The producer announces market `now`; this process began with market `before`."""

    before: str
    now: str


@dataclass(eq=False)
class BinanceUnreachable(StartError):
    """PAPERDESK_MARKET asks for Binance, and `address` cannot be asked; `reason` is a short English phrase."""

    address: str
    reason: str


# -- the embedded engines ----------------------------------------------------------------------


@dataclass(eq=False)
class EngineMissing(StartError):
    """No binary of `engine` is installed for this platform."""

    engine: str


@dataclass(eq=False)
class EngineFailed(StartError):
    """`engine` did not start, or keeps dying; `log` is the path of its log."""

    engine: str
    log: str


@dataclass(eq=False)
class OtherEngineVersion(StartError):
    """The data was written by another major version of `engine`; `found` and `needed` are folder names."""

    engine: str
    found: str
    needed: str


@dataclass(eq=False)
class PortTaken(StartError):
    """Something else listens on the port."""

    port: int


@dataclass(eq=False)
class SocketPathTooLong(StartError):
    """Neither the data directory nor the folder for temporary files has a path that is short enough for a socket."""

    folder: str


@dataclass(eq=False)
class KafkaUnavailable(StartError):
    """A local Kafka cannot be had here; `why` is a short English phrase."""

    why: str


@dataclass(eq=False)
class KafkaCacheExposed(StartError):
    """`path`, where Kafka's programs are kept or on the way there, is a link or can be changed by other users."""

    path: str


# -- servers and the database ------------------------------------------------------------------


Untrusted = Literal["", "file", "certificate", "expired", "host", "own-certificate", "no-tls", "cleartext", "password"]
"""Why a server cannot be used, as far as it is known: a file that its address names cannot be read, see
core.network.tls_errors.Distrust, it asks for the password in clear, or its login is refused."""


@dataclass(eq=False)
class DatabaseUnreachable(StartError):
    """PostgreSQL at `where` (no password in it) does not answer, or is not trusted."""

    where: str
    why: Untrusted = ""


@dataclass(eq=False)
class RedisUnreachable(StartError):
    """Redis at `where` (no password in it) does not answer, or is not trusted."""

    where: str
    why: Untrusted = ""


@dataclass(eq=False)
class Unencrypted(StartError):
    """The server at `where` is on another machine, and the variable `setting` asks for no encryption."""

    setting: str
    where: str


@dataclass(eq=False)
class Unverified(StartError):
    """The connection to `where` is encrypted, but the certificate is not checked; told, never raised."""

    setting: str
    where: str


@dataclass(eq=False)
class KafkaUnreachable(StartError):
    """The Kafka brokers at `where` do not answer."""

    where: str


@dataclass(eq=False)
class DatabaseNewer(StartError):
    """The database holds migration `found`, which this version does not know."""

    found: str


@dataclass(eq=False)
class MigrationBusy(StartError):
    """Another process has been migrating this database for `seconds`."""

    seconds: int


@dataclass(eq=False)
class GrantDiffers(StartError):
    """Accounts of the database open with `allowed`, not with the setting's `amount` (both in the quote asset), and only
    the owner's login can change that."""

    amount: Decimal
    allowed: Decimal


@dataclass(eq=False)
class NoRoleRights(StartError):
    """`user` may not create the role `paperdesk_app`, and it is not there."""

    user: str


BOOKKEEPING = "bookkeeping"
"""The step in which the migrator looks up and notes what was applied."""


@dataclass(eq=False)
class NoSchemaRights(StartError):
    """`user` may not make tables in this database; `migration` is where it was refused."""

    user: str
    migration: str


# -- settings ----------------------------------------------------------------------------------


@dataclass(eq=False)
class UnknownSetting(StartError):
    """No such setting; `nearest` is the most similar name, or empty."""

    name: str
    nearest: str


@dataclass(eq=False)
class BadSetting(StartError):
    """The value of the variable `name` breaks `rule`; the value itself is not repeated, it may be a secret."""

    name: str
    rule: str


@dataclass(eq=False)
class AddressUnclear(StartError):
    """The address in the variable `name` can be read in two ways; nothing of it is repeated, it may be a password."""

    name: str
    why: Ambiguity


@dataclass(eq=False)
class EnvFileIgnored(StartError):
    """The file of settings belongs to another user, or others can write it; told, never raised."""

    path: str


@dataclass(eq=False)
class EnvFileReadable(StartError):
    """The file of settings holds a secret that others can read; told, never raised."""

    path: str


# -- reports -----------------------------------------------------------------------------------


@dataclass(eq=False)
class NothingToReport(StartError):
    """There are no such candles in `what`, a recording or a market; empty for an archive without any market."""

    what: str


@dataclass(eq=False)
class PageUnwritable(StartError):
    """The page of plots cannot be written to `path`."""

    path: str


# -- our own mistakes --------------------------------------------------------------------------


@dataclass(eq=False)
class Crashed(DeskError):
    """Something went wrong that nobody foresaw; `log` has all of it."""

    log: str


@dataclass(eq=False)
class NoScheduler(StartError):
    """Nobody is there to run the job `name`."""

    name: str
