"""Applies migrations with yoyo on a connection of the desk. Imported only if there is something to migrate."""

import contextlib
import io
import logging
import socket
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import yoyo
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri
from yoyo.migrations import Migration

from app.database.queries import CONNECT_SECONDS, fetch, where
from app.errors import BOOKKEEPING, DatabaseUnreachable, MigrationBusy, NoRoleRights, NoSchemaRights
from app.ops.stop_signals import check_stopped
from core.postgres.client import must_prove, required_auth

TABLE = "_yoyo_migration"
LOCK_SECONDS = 60

_ROLES_MIGRATION = "0000.roles"
_LOCK_KEY = 0x7061706572  # "paper"; any number that other programs in the same database do not use

_log = logging.getLogger(__name__)


class Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """Backend that applies a migration and marks it in one transaction.

    yoyo itself uses two, and a kill between them leaves a migration that is applied but not marked. The caller holds a
    lock: yoyo's own is a row that outlives a killed process.
    """

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._ours = connection
        super().__init__(parse_uri(f"postgresql+psycopg:///{connection.info.dbname}"), TABLE)

    def connect(self, _uri: object) -> "psycopg.Connection[tuple[Any, ...]]":
        """Returns the caller's connection."""
        return self._ours

    def lock(self, timeout: float = 0) -> contextlib.AbstractContextManager[None]:
        """Does nothing: the caller holds a lock."""
        del timeout
        return contextlib.nullcontext()

    def apply_one(self, migration: Migration, **_options: object) -> None:
        """Applies a migration completely or not at all."""
        with self.transaction():
            migration.process_steps(self, "apply")
            self.mark_one(migration)

    def get_log_data(self, migration: Migration | None = None, operation: str = "apply") -> dict[str, Any]:
        """Returns the record that yoyo writes, without querying the network for the host or the system for the user."""
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration and migration.id,
            "migration_hash": migration and migration.hash,
            "username": self._ours.info.user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }


def connect(dsn: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """Opens an autocommit connection of libpq. Raises DatabaseUnreachable.

    libpq hashes as often as a server requests. A server that must authenticate by the password is therefore first
    checked by a connection of asyncpg.
    """
    if must_prove(dsn):
        fetch(dsn, "SELECT 1")
    try:
        return psycopg.connect(dsn, autocommit=True, connect_timeout=CONNECT_SECONDS, **required_auth(dsn))
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(where(dsn)) from error


@contextlib.contextmanager
def only_migrator(dsn: str) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
    """Opens a connection with a lock that PostgreSQL releases when the connection ends.

    yoyo's own lock is a row that outlives a killed process. Raises DatabaseUnreachable, MigrationBusy.
    """
    with connect(dsn) as connection:
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
        except psycopg.errors.LockNotAvailable as error:
            raise MigrationBusy(LOCK_SECONDS) from error
        try:
            yield connection
        finally:
            if not connection.broken:
                connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


def apply(connection: "psycopg.Connection[tuple[Any, ...]]", folder: Path) -> None:
    """Applies missing migrations. Raises NoRoleRights, NoSchemaRights, and between two what `check_stopped` raises."""
    backend, user = Backend(connection), connection.info.user
    step = BOOKKEEPING
    try:
        backend.ensure_internal_schema_updated()
        for migration in backend.to_apply(yoyo.read_migrations(str(folder))):
            check_stopped()
            step = migration.id
            with contextlib.redirect_stdout(io.StringIO()):  # yoyo prints the rows that a statement returns
                backend.apply_one(migration)
            _log.info("applied migration %s", step)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
        raise (NoRoleRights(user) if step == _ROLES_MIGRATION else NoSchemaRights(user, step)) from error


def show_reader(connection: "psycopg.Connection[tuple[Any, ...]]", unshown: str) -> None:
    """Executes the statements that the query `unshown` finds."""
    for (statement,) in connection.execute(unshown.encode()).fetchall():
        connection.execute(statement.encode())
