"""Errors that keep a job from being done, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass

from core.errors import Unavailable


@dataclass(eq=False)
class NoDumpProgram(Unavailable):
    """There is no `program` of PostgreSQL on this machine: neither the embedded engine's nor one in PATH."""

    program: str


@dataclass(eq=False)
class DumpProgramOld(Unavailable):
    """The `program` of PostgreSQL at `path` would send the password in clear to any server that requests it: its
    version, `found`, lacks the option to require another login.
    """

    program: str
    path: str
    found: str


@dataclass(eq=False)
class BackupFolderUnwritable(Unavailable):
    """Backups cannot be kept in `folder`."""

    folder: str


@dataclass(eq=False)
class BackupFolderForeign(Unavailable):
    """`folder` belongs to `owner`, another user, who could replace the backups in it; none was made."""

    folder: str
    owner: str


@dataclass(eq=False)
class BackupFolderExposed(Unavailable):
    """Every user can write to `folder` and could replace the backups in it; none was made."""

    folder: str


@dataclass(eq=False)
class BackupDiskFull(Unavailable):
    """There is no room for a backup in `folder`; nothing was left behind."""

    folder: str


@dataclass(eq=False)
class BackupFailed(Unavailable):
    """No backup was made; `why` are the last words of PostgreSQL's program, or a short English phrase."""

    why: str
