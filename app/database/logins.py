"""Logins that a desk works under: the owner of the database, the application, and a reader.

The superuser of an embedded server creates them at each start. For an outside server the settings name them; if there
is only one address, one login is used for everything, and the log says so.
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from app.database.queries import fetch, fetch_as_superuser

OWNER, APPLICATION, READER = "paperdesk_owner", "paperdesk_desk", "paperdesk_reader"

_SQL = Path(__file__).with_name("logins.sql")
_MAY_OWN = (
    "SELECT pg_has_role(session_user, datdba, 'MEMBER') AS may FROM pg_database WHERE datname = current_database()"
)

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
    """Logs a sentence if the login of an outside server could change the ledger directly.

    Raises DatabaseUnreachable.
    """
    if any(row["may"] for row in fetch(application, _MAY_OWN)):
        _log.warning(
            "the application logs in as an owner of the database, so nothing but its own care keeps it from rewriting"
            " the ledger; give it a login of its own (docs/operations.md, Outside servers)"
        )
