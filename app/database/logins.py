"""Logins that a desk works under: the owner of the database, the application, and a reader.

The superuser of an embedded server creates them at each start. For an outside server the settings name them; if there
is only one address, one login is used for everything, and a warning is logged.
"""

import logging
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from app.database.errors import RoutineForeign, SchemaOpen
from app.database.queries import fetch, fetch_as_superuser

OWNER, APPLICATION, READER = "paperdesk_owner", "paperdesk_desk", "paperdesk_reader"

_SQL = Path(__file__).with_name("logins.sql")
_MAY_OWN = (
    "SELECT pg_has_role(session_user, datdba, 'MEMBER') AS may FROM pg_database WHERE datname = current_database()"
)

_IN_THE_WAY = """
SELECT session_user::text AS login,
       EXISTS (SELECT FROM pg_namespace n, pg_roles r WHERE n.nspname = 'public'
               AND r.rolname IN (session_user, 'paperdesk_app')
               AND has_schema_privilege(r.oid, n.oid, 'CREATE')) AS creates,
       (SELECT min(made) FROM (
            SELECT 'ROUTINE ' || oid::regprocedure AS made, proowner AS maker FROM pg_proc
            WHERE pronamespace = to_regnamespace('public')
            UNION ALL
            SELECT 'OPERATOR ' || oid::regoperator, oprowner FROM pg_operator
            WHERE oprnamespace = to_regnamespace('public')
        ) AS of_public WHERE pg_has_role(session_user, maker, 'MEMBER')) AS made
FROM pg_database WHERE datname = current_database() AND NOT pg_has_role(session_user, datdba, 'MEMBER')
"""
"""Functions that run as the owner take the best match of a name, also over PostgreSQL's own of other types."""

_READS_VERIFIERS = """
SELECT rolname::text AS login FROM pg_roles
WHERE rolname = $1 AND has_table_privilege(oid, 'pg_catalog.pg_authid', 'SELECT')
"""

_log = logging.getLogger(__name__)


class Logins(msgspec.Struct, frozen=True):
    """Addresses of one database under each login."""

    owner: str
    application: str
    reader: str


def separate_logins(dsn: str) -> Logins:
    """Creates or repairs the logins of an embedded server; `dsn` is its superuser's.

    They have no passwords: the server asks the kernel for the user at its socket. Raises DatabaseUnreachable.
    """
    fetch_as_superuser(dsn, _SQL.read_text(encoding="utf-8"))
    return Logins(*(_address_of(user, dsn) for user in (OWNER, APPLICATION, READER)))


def _address_of(user: str, dsn: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}"))


def warn_of_owner(application: str) -> None:
    """Logs a warning if the login of an outside server could change the ledger directly.

    Raises DatabaseUnreachable.
    """
    if any(row["may"] for row in fetch(application, _MAY_OWN)):
        _log.warning(
            "the application logs in as an owner of the database, so nothing but its own care keeps it from rewriting"
            " the ledger; give it a login of its own (docs/operations.md, Outside servers)"
        )


def check_application(application: str) -> None:
    """Logs as `warn_of_owner` does, and checks that the login can create no functions in the schema of the ledger's.

    Raises SchemaOpen, RoutineForeign, DatabaseUnreachable.
    """
    warn_of_owner(application)
    for found in fetch(application, _IN_THE_WAY):
        if found["creates"]:
            raise SchemaOpen(found["login"])
        if found["made"]:
            raise RoutineForeign(found["login"], found["made"])


def warn_of_reader(application: str, reader: str) -> None:
    """Logs a warning if the reader of an outside server can read the verifiers of all passwords.

    Raises DatabaseUnreachable.
    """
    for found in fetch(application, _READS_VERIFIERS, unquote(urlsplit(reader).username or "")):
        _log.warning(
            "the reader %s may read the verifiers of all passwords of the PostgreSQL server, with which one can log in;"
            " let an administrator run REVOKE pg_read_all_data FROM %s (docs/operations.md, Outside servers)",
            found["login"],
            found["login"],
        )
