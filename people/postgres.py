"""Users and their identities in PostgreSQL."""

import asyncpg

from core.database import Connection, Database
from core.errors import DatabaseUnavailable
from people.person import Language, Person, Theme

_FIND = """
SELECT person.id, person.language, person.timezone, person.confirm, person.theme, person.public
FROM identity JOIN person ON person.id = identity.person_id
WHERE identity.platform = $1 AND identity.external_id = $2
"""

# Of two concurrent first contacts, one inserts the identity; the other waits, inserts nothing, and then finds it.
# The reference to person is checked at the end of the statement, so the identity may be inserted first and no row of
# person is left over.
_MEET = """
WITH claimed AS (
    INSERT INTO identity (platform, external_id, person_id)
    SELECT $1, $2, nextval('person_id_seq')
    ON CONFLICT (platform, external_id) DO NOTHING
    RETURNING person_id
)
INSERT INTO person (id, language, timezone)
SELECT person_id, $3, $4 FROM claimed
RETURNING id, language, timezone, confirm, theme, public
"""

_UPDATE = """
UPDATE person SET language = $2, timezone = $3, confirm = $4, theme = $5, public = $6 WHERE id = $1
"""

_MEETINGS = 5
"""Attempts at creating or finding a user: an existing user may delete their data before the query finds them."""


class PostgresPeople:
    """`people.person.People` on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, platform: str, external_id: str) -> Person | None:
        """Returns the user of an identity, or None if the identity is unknown. Raises DatabaseUnavailable."""

        async def work(connection: Connection) -> Person | None:
            return _person(await connection.fetchrow(_FIND, platform, external_id))

        return await self._database.run(work)

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:
        """Returns the user of an identity and creates one on first contact. Raises DatabaseUnavailable."""

        async def work(connection: Connection) -> Person:
            for _ in range(_MEETINGS):
                made = _person(await connection.fetchrow(_MEET, platform, external_id, language.value, timezone))
                met = made or _person(await connection.fetchrow(_FIND, platform, external_id))
                if met is not None:
                    return met
            raise DatabaseUnavailable  # the user was deleted after every attempt

        return await self._database.run(work)

    async def update(self, person: Person) -> None:
        """Stores the user's settings. Raises DatabaseUnavailable."""
        settings = (person.language.value, person.timezone, person.confirm, person.theme.value, person.public)

        async def work(connection: Connection) -> None:
            await connection.execute(_UPDATE, person.person_id, *settings)

        await self._database.run(work)


def _person(row: "asyncpg.Record | None") -> Person | None:
    if row is None:
        return None
    return Person(
        row["id"], Language(row["language"]), row["timezone"], row["confirm"], Theme(row["theme"]), row["public"]
    )
