"""Log of the uses of operator commands. A use is logged in the transaction of its effect."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from core.database import Connection, Database
from core.sql import load_queries
from core.text import clean
from people.operators.ports import OperatorAction

SQL = load_queries(__package__, "queries.sql")

_LINE_LIMIT = 1000
_RESULT_LIMIT = 300

T = TypeVar("T")


class ActionLog:
    """Log of operator commands on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, use: OperatorAction, result: str) -> None:
        """Logs a use that changes nothing in the database."""
        await self._database.fetch(SQL["log"], *_entry(use, result))

    async def once(
        self,
        use: OperatorAction,
        effect: Callable[[Connection], Awaitable[tuple[str, T]]],
        *,
        again: Callable[[str], T],
        of_person: bool = False,
    ) -> T:
        """Runs the effect and logs its result in one transaction.

        For a repeated command, `again` derives the answer from the result logged the first time. A line `of_person` is
        logged with the number that ends its result, and without the reason, which the ban holds.
        """

        async def work(connection: Connection) -> T:
            async with connection.transaction():
                await connection.execute(SQL["turn"], use.command_id)
                known = await connection.fetchval(SQL["logged"], use.command_id)
                if known is not None:
                    return again(known)
                result, answer = await effect(connection)
                logged = replace(use, line=f"{use.line.split()[0]} {last_number(result)}") if of_person else use
                await connection.execute(SQL["log"], *_entry(logged, result))
                return answer

        return await self._database.run(work)


def last_number(result: str) -> int:
    """Returns the number that ends a result."""
    return int(result.rpartition(" ")[2])


def _entry(use: OperatorAction, result: str) -> tuple[str, str, str, int, str, str]:
    line = clean(use.line, _LINE_LIMIT)
    return use.command_id, use.platform, use.external_id, use.person_id, line, clean(result, _RESULT_LIMIT)
