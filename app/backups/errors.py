"""Errors of restoring a database from a backup, as data; the sentences live in `bot/ui/texts/*/start.ftl`."""

from dataclasses import dataclass

from app.errors import StartError


@dataclass(eq=False)
class NotABackup(StartError):
    """The file at `path` cannot be restored; `why` is a short English phrase."""

    path: str
    why: str


@dataclass(eq=False)
class BackupNewer(StartError):
    """The backup at `path` holds migration `found`, which this version does not know."""

    path: str
    found: str


@dataclass(eq=False)
class BackupUnsigned(StartError):
    """The backup at `path` has no authentication code; the code belongs in the file `missing` next to it."""

    path: str
    missing: str


@dataclass(eq=False)
class BackupForeign(StartError):
    """The authentication code of the backup at `path` is of another key, or the backup was changed."""

    path: str


@dataclass(eq=False)
class BackupRenamed(StartError):
    """The backup at `path` is this desk's, but was made under another `name`, which contains its time."""

    path: str
    name: str


@dataclass(eq=False)
class DatabaseInUse(StartError):
    """The database to restore has `sessions` other sessions."""

    sessions: int


@dataclass(eq=False)
class DatabaseNotEmpty(StartError):
    """The database to restore holds `tables` tables."""

    tables: int


@dataclass(eq=False)
class RestoreFailed(StartError):
    """Nothing was restored and nothing changed; `why` is the end of the output of PostgreSQL's program."""

    why: str


@dataclass(eq=False)
class BackupFolderShared(StartError):
    """A group may replace or delete the backups in `folder`; shown as a notice, never raised."""

    folder: str
