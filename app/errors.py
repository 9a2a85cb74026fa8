"""Errors that prevent the desk from opening, as data; the sentences live in `bot/ui/texts/*/start.ftl`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.errors import DeskError
from core.network.tls_errors import Distrust
from core.postgres.address import Ambiguity


@dataclass(eq=False)
class StartError(DeskError):
    """The desk cannot open; the user who runs it can act on it."""


# -- the data directory ------------------------------------------------------------------------


@dataclass(eq=False)
class DataDirUnwritable(StartError):
    """The data directory cannot be created or written."""

    path: str


@dataclass(eq=False)
class DataDirIsFile(StartError):
    """The path of the data directory, or a part of it, is a file."""

    path: str


@dataclass(eq=False)
class DataDirUnreachable(StartError):
    """The desk runs as root, and the account of its engines cannot enter the data directory."""

    path: str


@dataclass(eq=False)
class DataDirForeign(StartError):
    """The data directory belongs to `owner`, another user; nothing in it was opened."""

    path: str
    owner: str


@dataclass(eq=False)
class DataDirExposed(StartError):
    """Other users may write to `folder`, the data directory or one on the way to it, and could replace its content."""

    folder: str


@dataclass(eq=False)
class DataPathForeign(StartError):
    """`folder`, a folder or link on the way to the data directory, belongs to `owner`, who could lead it elsewhere."""

    folder: str
    owner: str


@dataclass(eq=False)
class DataFileForeign(StartError):
    """The file at `path` in the data directory is a link, or was created by another user; it was not opened."""

    path: str


@dataclass(eq=False)
class NoIdleAccount(StartError):
    """The desk runs as root, and no account without processes is left to create PostgreSQL's cluster."""


@dataclass(eq=False)
class BadDataDirName(StartError):
    """The engines cannot use a directory of this name. Only Kafka refuses a comma."""

    path: str
    why: Literal["control", "encoding", "long", "comma"]


@dataclass(eq=False)
class DataDirLocked(StartError):
    """Another desk runs on this data directory."""

    path: str


@dataclass(eq=False)
class DeskNotRunning(StartError):
    """There is no desk to query: none runs on the data directory, and no servers are set."""

    path: str


@dataclass(eq=False)
class NoPlatform(StartError):
    """No platform has a token."""


@dataclass(eq=False)
class NoServers(StartError):
    """Roles communicate by Kafka, PostgreSQL and Redis; `missing` are the variables without a server, with commas."""

    missing: str


@dataclass(eq=False)
class MarketChanged(StartError):
    """The producer announces market `now`; this process started with market `before`."""

    before: str
    now: str


@dataclass(eq=False)
class BinanceUnreachable(StartError):
    """PAPERDESK_MARKET is set to Binance, and `address` does not answer; `reason` is a short English phrase."""

    address: str
    reason: str


# -- the embedded engines ----------------------------------------------------------------------


@dataclass(eq=False)
class EngineMissing(StartError):
    """No binary of `engine` is installed for this platform."""

    engine: str


@dataclass(eq=False)
class EngineFailed(StartError):
    """`engine` did not start, or ends repeatedly; `log` is the path of its log."""

    engine: str
    log: str


@dataclass(eq=False)
class EngineVersionMismatch(StartError):
    """The data was written by another major version of `engine`; `found` and `needed` are folder names."""

    engine: str
    found: str
    needed: str


@dataclass(eq=False)
class PortTaken(StartError):
    """Another program listens on the port."""

    port: int


@dataclass(eq=False)
class NoFreePort(StartError):
    """Every port from `first` to `last` of 127.0.0.1 is taken."""

    first: int
    last: int


@dataclass(eq=False)
class SocketPathTooLong(StartError):
    """The paths of the data directory and of the folder for temporary files are both too long for a socket."""

    folder: str


@dataclass(eq=False)
class KafkaUnavailable(StartError):
    """A local Kafka is not available here; `why` is a short English phrase."""

    why: str


@dataclass(eq=False)
class KafkaCacheExposed(StartError):
    """`path`, the folder of Kafka's programs or one on the way to it, is a link or can be changed by other users."""

    path: str


# -- servers and the database ------------------------------------------------------------------


Untrusted = Distrust | Literal["", "file", "cleartext", "scram", "iterations", "password"]
"""Reason that a server cannot be used; '' if unknown.

file: a file named in its address cannot be read. cleartext: it requests the password in clear. scram: it requests the
password by a method other than SCRAM, or its proof is wrong. iterations: it requests too few or too many iterations.
password: it refuses the login. The others are those of core.network.tls_errors.Distrust.
"""


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
    """Accounts of the database open with `allowed`, not with the setting's `amount` (both in the quote asset).

    Only the owner's login can change that.
    """

    amount: Decimal
    allowed: Decimal


@dataclass(eq=False)
class NoRoleRights(StartError):
    """`user` may not create the role `paperdesk_app`, which does not exist."""

    user: str


BOOKKEEPING = "bookkeeping"
"""Step in which the migrator reads and records the applied migrations."""


@dataclass(eq=False)
class NoSchemaRights(StartError):
    """`user` may not create tables in this database; `migration` is the one that was refused."""

    user: str
    migration: str


# -- settings ----------------------------------------------------------------------------------


@dataclass(eq=False)
class UnknownSetting(StartError):
    """The setting does not exist; `nearest` is the most similar name, or empty."""

    name: str
    nearest: str


@dataclass(eq=False)
class BadSetting(StartError):
    """The value of the variable `name` breaks `rule`; the value itself is not repeated, since it may be a secret."""

    name: str
    rule: str


@dataclass(eq=False)
class AddressUnclear(StartError):
    """The address in the variable `name` is ambiguous; no part of it is repeated, since it may be a password."""

    name: str
    why: Ambiguity


@dataclass(eq=False)
class EnvFileIgnored(StartError):
    """The file of settings belongs to another user, or others can write it; shown as a notice, never raised."""

    path: str


@dataclass(eq=False)
class EnvFileReadable(StartError):
    """The file of settings holds a secret that others can read; shown as a notice, never raised."""

    path: str


# -- reports -----------------------------------------------------------------------------------


@dataclass(eq=False)
class NoReportData(StartError):
    """`what`, a recording or a market, has no such candles; it is empty for an archive without any market."""

    what: str


@dataclass(eq=False)
class PageUnwritable(StartError):
    """The page of plots cannot be written to `path`."""

    path: str


# -- bugs --------------------------------------------------------------------------------------


@dataclass(eq=False)
class InternalError(DeskError):
    """An unexpected error occurred; `log` has its details."""

    log: str


@dataclass(eq=False)
class NoScheduler(StartError):
    """No scheduler runs that could start the job `name`."""

    name: str
