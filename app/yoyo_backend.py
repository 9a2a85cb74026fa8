"""yoyo on a connection of ours; imported only when there is something to migrate."""

import contextlib
import socket
import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri
from yoyo.migrations import Migration

TABLE = "_yoyo_migration"


class Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """Applies a migration and marks it in one transaction.

    yoyo itself takes two, and a kill between them leaves a migration that is there but not marked. The caller holds a
    lock: yoyo's own is a row that outlives a killed process.
    """

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._ours = connection
        super().__init__(parse_uri(f"postgresql+psycopg:///{connection.info.dbname}"), TABLE)

    def connect(self, _uri: object) -> "psycopg.Connection[tuple[Any, ...]]":
        """The caller's connection."""
        return self._ours

    def lock(self, timeout: float = 0) -> contextlib.AbstractContextManager[None]:
        """The caller holds one."""
        del timeout
        return contextlib.nullcontext()

    def apply_one(self, migration: Migration, **_options: object) -> None:
        """All of it or nothing."""
        with self.transaction():
            migration.process_steps(self, "apply")
            self.mark_one(migration)

    def get_log_data(self, migration: Migration | None = None, operation: str = "apply") -> dict[str, Any]:
        """What yoyo records, without asking the network for our name or the system for our user."""
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration and migration.id,
            "migration_hash": migration and migration.hash,
            "username": self._ours.info.user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }
