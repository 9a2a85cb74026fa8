"""Brings the database's schema up to date: the numbered SQL files in `app/database/migrations`, applied by yoyo."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from app.database.queries import fetch
from app.errors import BOOKKEEPING, DatabaseNewer, NoSchemaRights

MIGRATIONS = Path(__file__).with_name("migrations")
ROLE = "paperdesk_app"
UNSHOWN = MIGRATIONS.with_name("reader.sql").read_text(encoding="utf-8")

_APPLIED = "SELECT migration_id FROM _yoyo_migration"


def noop() -> None:
    """Does nothing; the default of `on_work`."""


def migrate(dsn: str, *, folder: Path = MIGRATIONS, on_work: Callable[[], None] = noop) -> None:
    """Applies missing migrations, each in one transaction together with its mark; waits for another migrator.

    Then grants the login paperdesk_reader, if it exists, its missing read rights. `on_work` is called if there is
    something to apply. Raises DatabaseUnreachable, DatabaseNewer, MigrationBusy, NoRoleRights, NoSchemaRights.
    """
    known = sorted(path.stem for path in folder.glob("*.sql"))
    if not _missing(dsn, known) and not fetch(dsn, UNSHOWN):
        return
    from app.database.migrator import apply, only_migrator, show_reader  # noqa: PLC0415  # an up-to-date database does without it

    with only_migrator(dsn) as connection:
        if _missing(dsn, known):  # unless another migrator applied them first
            on_work()
            apply(connection, folder)
        show_reader(connection, UNSHOWN)


def _missing(dsn: str, known: list[str]) -> list[str]:
    """Returns the known migrations that the database does not have.

    Raises DatabaseNewer for an unknown one, DatabaseUnreachable, NoSchemaRights.
    """
    try:
        applied = {row["migration_id"] for row in fetch(dsn, _APPLIED)}
    except asyncpg.UndefinedTableError:
        return known
    except asyncpg.InsufficientPrivilegeError as error:
        raise NoSchemaRights(urlsplit(dsn).username or "", BOOKKEEPING) from error
    if unknown := applied.difference(known):
        raise DatabaseNewer(max(unknown))
    return [migration_id for migration_id in known if migration_id not in applied]
