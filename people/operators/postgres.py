"""Operator actions in PostgreSQL.

A command and its line in the log are one transaction. The key of the log makes a repeated command have no effect.
"""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from core.database import Connection, Database, Pool
from core.outbox import encode, kind_of
from people.notices import Broadcast
from people.operators.action_log import SQL, ActionLog, last_number
from people.operators.errors import BroadcastExpired, OperatorProtected, TooLongToAudit, UnknownPerson
from people.operators.members import OperatorList
from people.operators.ports import (
    BroadcastStatus,
    DeskCounts,
    Engine,
    Halt,
    OperatorAction,
    OperatorLogEntry,
    PersonRef,
    Reach,
)
from trading.ledger.account_report import MAX_ENTRIES, AccountReport, dossier

DRAFT_SECONDS = 300.0

_AUDIT_SECONDS = 15.0


class PostgresOperations:
    """The part of `people.operators.ports.Operations` that needs only the database."""

    def __init__(self, pool: Pool, operators: OperatorList, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._patient = Database(pool, jitter=jitter or random.SystemRandom(), call_seconds=_AUDIT_SECONDS)
        self._operators = operators
        self._log = ActionLog(self._database)

    # -- trading -------------------------------------------------------------------------------

    async def halt(self, use: OperatorAction, reason: str) -> bool:
        """Halts trading and returns once no order can be accepted any more. False if nothing changed."""

        async def work(connection: Connection) -> tuple[str, bool]:
            changed = await connection.fetchval(SQL["set_trading"], True, reason)  # noqa: FBT003
            return ("halted" if changed else "halted already"), bool(changed)

        return await self._log.once(use, work, again=lambda result: result == "halted")

    async def resume(self, use: OperatorAction) -> bool:
        """Resumes trading. False if trading was open."""

        async def work(connection: Connection) -> tuple[str, bool]:
            changed = await connection.fetchval(SQL["set_trading"], False, "")  # noqa: FBT003
            return ("resumed" if changed else "open already"), bool(changed)

        return await self._log.once(use, work, again=lambda result: result == "resumed")

    # -- users ---------------------------------------------------------------------------------

    async def ban(self, use: OperatorAction, who: PersonRef, reason: str) -> int:
        """Bans a user and returns the user's number. Raises UnknownPerson and OperatorProtected."""

        async def work(connection: Connection) -> tuple[str, int]:
            person = await _find(connection, who)
            identities = await connection.fetch(SQL["identities"], person)
            if any(self._operators.include(row["platform"], row["external_id"]) for row in identities):
                raise OperatorProtected(str(who))
            await connection.execute(SQL["ban"], person, reason, who.platform, who.external_id)
            return f"banned {person}", person

        return await self._log.once(use, work, again=last_number, of_person=True)

    async def unban(self, use: OperatorAction, who: PersonRef) -> tuple[int, bool]:
        """Lifts a ban.

        Returns the user's number, 0 for a user who deleted their data, and False if they were not banned. Raises
        UnknownPerson.
        """

        async def work(connection: Connection) -> tuple[str, tuple[int, bool]]:
            try:
                person = await _find(connection, who)
            except UnknownPerson:
                if who.platform and await connection.fetchval(SQL["unban_identity"], who.platform, who.external_id):
                    return "unbanned 0", (0, True)
                raise
            freed = await connection.fetchval(SQL["unban"], person)
            return f"{'unbanned' if freed else 'not banned'} {person}", (person, freed)

        return await self._log.once(
            use, work, again=lambda result: (last_number(result), result.startswith("unbanned")), of_person=True
        )

    async def banned(self) -> Mapping[int, str]:
        """Returns the reason of every ban, by user."""
        return {row["person_id"]: row["reason"] for row in await self._fetch("banned")}

    # -- broadcasts ----------------------------------------------------------------------------

    async def draft(self, use: OperatorAction, token: str, text: str) -> Reach:
        """Stores a broadcast for five minutes. Returns the users that it would reach now."""

        async def work(connection: Connection) -> tuple[str, Reach | None]:
            await connection.execute(SQL["forget_drafts"])
            await connection.execute(SQL["draft"], token, use.person_id, text, DRAFT_SECONDS)
            reach = _reach(await connection.fetch(SQL["reached"]))
            return f"drafted for {reach.people}", reach

        return await self._log.once(use, work, again=lambda _: None) or _reach(await self._fetch("reached"))

    async def send(self, use: OperatorAction, token: str) -> int:
        """Puts the draft into the outbox, once. Returns the number of recipients. Raises BroadcastExpired."""

        async def work(connection: Connection) -> tuple[str, int]:
            draft = await connection.fetchrow(SQL["claim"], token, use.person_id)
            if draft is None:
                raise BroadcastExpired
            notice = Broadcast(draft["body"])
            rows = await connection.fetch(SQL["spread"], draft["id"], encode(notice), kind_of(notice))
            ids = [row["id"] for row in rows]
            await connection.execute(SQL["sent"], draft["id"], len(ids), min(ids, default=None), max(ids, default=None))
            return f"sent to {len(ids)}", len(ids)

        return await self._log.once(use, work, again=last_number)

    async def drop(self, use: OperatorAction, token: str) -> None:
        """Deletes the draft. Raises BroadcastExpired."""

        async def work(connection: Connection) -> tuple[str, None]:
            if await connection.fetchval(SQL["drop"], token, use.person_id) is None:
                raise BroadcastExpired
            return "dropped", None

        await self._log.once(use, work, again=lambda _: None)

    # -- reads ---------------------------------------------------------------------------------

    async def note(self, use: OperatorAction, result: str) -> None:
        """Logs a use that changes nothing in the database."""
        await self._log.note(use, result)

    async def log(self, limit: int) -> Sequence[OperatorLogEntry]:
        """Returns the last uses, newest first."""
        return [OperatorLogEntry(**row) for row in await self._fetch("last", limit)]

    async def counts(self) -> DeskCounts:
        """Returns the counts of stored and of waiting rows."""

        async def work(connection: Connection) -> DeskCounts:
            row = _there(await connection.fetchrow(SQL["counts"]))
            outbox = await connection.fetch(SQL["outbox"])
            sending = await connection.fetch(SQL["sending"])
            return DeskCounts(
                people=row["people"],
                banned=row["banned"],
                accounts=row["accounts"],
                orders_today=row["orders_today"],
                outbox={entry["state"]: entry["count"] for entry in outbox},
                inbox_waiting=row["inbox_waiting"],
                alerts_waiting=row["alerts_waiting"],
                halt=Halt(row["reason"], row["since"]) if row["halted"] else None,
                sending=_sending(sending),
            )

        return await self._database.run(work)

    async def engine(self) -> Engine:
        """Returns the latency (ms) of the database and its size (bytes)."""

        async def work(connection: Connection) -> Engine:
            begun = time.perf_counter()
            await connection.fetchval("SELECT 1")
            latency = (time.perf_counter() - begun) * 1000
            return Engine(latency, await connection.fetchval(SQL["size"]))

        return await self._database.run(work)

    async def account_report(self, who: PersonRef) -> tuple[int, AccountReport]:
        """Returns the user's number and the audit of their accounts. Raises UnknownPerson and TooLongToAudit."""

        async def work(connection: Connection) -> tuple[int, AccountReport]:
            person = await _find(connection, who)
            return person, await dossier(connection, person)

        person, found = await self._patient.run(work)
        if not found.whole:
            raise TooLongToAudit(MAX_ENTRIES)
        return person, found

    # -- steps ---------------------------------------------------------------------------------

    async def _fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        async def work(connection: Connection) -> list[asyncpg.Record]:
            return await connection.fetch(SQL[name], *arguments)

        return await self._database.run(work)


async def _find(connection: Connection, who: PersonRef) -> int:
    """Returns the user's number. Raises UnknownPerson."""
    if who.platform:
        person = await connection.fetchval(SQL["identity"], who.platform, who.external_id)
    else:
        person = await connection.fetchval(SQL["person"], int(who.external_id))
    if person is None:
        raise UnknownPerson(str(who))
    return int(person)


def _reach(rows: Sequence[asyncpg.Record]) -> Reach:
    ways = {row["way"]: row["count"] for row in rows}
    return Reach(ways.pop("private", 0), ways.pop("direct", 0), ways)


def _sending(rows: Sequence[asyncpg.Record]) -> BroadcastStatus | None:
    if not rows:
        return None
    states = {row["state"]: row["count"] for row in rows if row["state"] is not None}
    return BroadcastStatus(rows[0]["sent_at"], rows[0]["chats"], states)


def _there(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise LookupError("the database answered without a row")
    return row
