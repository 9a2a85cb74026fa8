"""Brings the database's schema up to date: the numbered SQL files in `app/migrations`, applied by yoyo."""

import contextlib
import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from app.errors import DatabaseNewer, DatabaseUnreachable, MigrationBusy, NoRoleRights, NoSchemaRights

MIGRATIONS = Path(__file__).with_name("migrations")
ROLE = "paperdesk_app"

_log = logging.getLogger(__name__)

_TABLE = "_yoyo_migration"
_ROLES_MIGRATION = "0000.roles"
_CONNECT_SECONDS = 10
_LOCK_SECONDS = 60
_LOCK_KEY = 0x7061706572  # "paper"; any number that other programs in the same database do not use


def nothing() -> None:
    """Nobody wants to know."""


def migrate(dsn: str, *, folder: Path = MIGRATIONS, on_work: Callable[[], None] = nothing) -> None:
    """Applies what is missing, each migration in one transaction together with its mark; waits for another migrator.

    `on_work` is called when there is something to apply. Raises DatabaseUnreachable, DatabaseNewer, MigrationBusy,
    NoRoleRights, NoSchemaRights.
    """
    known = sorted(path.stem for path in folder.glob("*.sql"))
    with connect(dsn) as connection:
        if _missing(connection, known):
            with _only_migrator(connection):
                if _missing(connection, known):  # unless another one was faster
                    on_work()
                    _apply(connection, folder)


def connect(dsn: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """An autocommit connection; raises DatabaseUnreachable."""
    try:
        return psycopg.connect(dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(where(dsn)) from error


def where(dsn: str) -> str:
    """The host, port and database of an address, without its password."""
    parts = urlsplit(dsn)
    return parts.netloc.rpartition("@")[2] + parts.path


def _missing(connection: "psycopg.Connection[tuple[Any, ...]]", known: list[str]) -> list[str]:
    """The known migrations that the database does not have; raises DatabaseNewer for one we do not know."""
    if connection.execute("SELECT to_regclass(%s)", [_TABLE]).fetchone() == (None,):
        return known
    query = sql.SQL("SELECT migration_id FROM {}").format(sql.Identifier(_TABLE))
    applied = {migration_id for (migration_id,) in connection.execute(query)}
    if unknown := applied.difference(known):
        raise DatabaseNewer(max(unknown))
    return [migration_id for migration_id in known if migration_id not in applied]


@contextlib.contextmanager
def _only_migrator(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[None]:
    """A lock that PostgreSQL drops with the connection: yoyo's own is a row that outlives a killed process."""
    connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{_LOCK_SECONDS}s"])
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
    except psycopg.errors.LockNotAvailable as error:
        raise MigrationBusy(_LOCK_SECONDS) from error
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


def _apply(connection: "psycopg.Connection[tuple[Any, ...]]", folder: Path) -> None:
    import yoyo  # noqa: PLC0415  # an up-to-date database, the usual case, does without it

    from app.yoyo_backend import Backend  # noqa: PLC0415

    backend, user = Backend(connection), connection.info.user
    step = "bookkeeping"
    try:
        backend.ensure_internal_schema_updated()
        for migration in backend.to_apply(yoyo.read_migrations(str(folder))):
            step = migration.id
            with contextlib.redirect_stdout(io.StringIO()):  # yoyo prints the rows that a statement returns
                backend.apply_one(migration)
            _log.info("applied migration %s", step)
    except psycopg.errors.InsufficientPrivilege as error:
        raise (NoRoleRights(user) if step == _ROLES_MIGRATION else NoSchemaRights(user, step)) from error
