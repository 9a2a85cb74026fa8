"""What came in, in PostgreSQL: written before it is confirmed, taken in order, finished after it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.platforms.telegram.inbound.receive import PLATFORM
from bot.platforms.telegram.outbound.batch import WriteBatcher
from core.database import Connection, Database

CHANNEL = "inbox_telegram"
KEPT_HOURS = 48
"""Telegram delivers an update for 24 hours; what is remembered that long cannot be taken twice."""

QUESTION_MINUTES = 15
_TRIMMED_AT_ONCE = 5000

MAX_WAITING = 100
"""Updates of one person that may wait; the first one beyond is answered with a sentence, the others not at all."""

# An update may come again under its own id, or what it carries under a new one: both are known by their constraints.
# $7 is how many may wait. While somebody's sentence waits, they get no second one.
_WRITE = """
WITH waiting AS (
    SELECT sender, count(*) AS count, bool_or(reason = 'crowded') AS told FROM inbox
    WHERE platform = $1 AND finished_at IS NULL AND sender = ANY ($5::text[]) AND sender <> ''
    GROUP BY sender
), placed AS (
    SELECT arrived.*, coalesce(told, false) AS told,
           CASE WHEN sender = '' THEN 0 ELSE coalesce(count, 0) - CASE WHEN told THEN 1 ELSE 0 END
               + row_number() OVER (PARTITION BY sender ORDER BY update_id) END AS place
    FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
         AS arrived (update_id, origin, lane, sender, body)
    LEFT JOIN waiting USING (sender)
), judged AS (
    SELECT placed.*, place > $7::bigint AS beyond, place > $7::bigint + 1 OR place > $7::bigint AND told AS unheard
    FROM placed
), written AS (
    INSERT INTO inbox (platform, update_id, origin, lane, sender, body, state, reason, finished_at)
    SELECT $1, update_id, origin, CASE WHEN unheard THEN '-' ELSE lane END, CASE WHEN unheard THEN '' ELSE sender END,
           CASE WHEN unheard THEN '{}' ELSE body END, CASE WHEN unheard THEN 'dead' ELSE 'pending' END,
           CASE WHEN beyond THEN 'crowded' ELSE '' END, CASE WHEN unheard THEN now() END
    FROM judged
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT count(*) AS fresh, CASE WHEN $8 <> '' THEN pg_notify($8, '') END FROM written
"""

# The oldest of every lane that is not being answered: no lane can keep the others waiting, however full it is. Only the
# holder of the lease takes, so what was taken before and is still pending was cut off and is taken again.
# This has not to reach the disk at once: were it lost with the server, the update would be taken once more.
_TAKE = """
WITH chosen AS (
    SELECT DISTINCT ON (lane) update_id FROM inbox
    WHERE platform = $1 AND state = 'pending' AND finished_at IS NULL AND lane <> ALL ($2::text[])
    ORDER BY lane, update_id
)
UPDATE inbox SET attempts = attempts + 1 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
WHERE platform = $1 AND update_id IN (SELECT update_id FROM chosen ORDER BY update_id LIMIT $3)
RETURNING update_id, lane, body, attempts, reason = 'interrupted' AS interrupted, reason = 'crowded' AS crowded
"""

# This has to reach the disk before the answer leaves: from here on a crash leaves the answer uncertain.
_BEGIN = (
    "UPDATE inbox SET state = 'sending' WHERE platform = $1 AND update_id = ANY ($2::bigint[]) AND state = 'pending'"
)

_INTERRUPTED = "UPDATE inbox SET state = 'pending', reason = 'interrupted' WHERE platform = $1 AND state = 'sending'"

# Were this lost with the server, the person would be told that the answer may be missing.
_FINISH = """
UPDATE inbox SET state = ended.state, reason = ended.reason, finished_at = now()
FROM unnest($2::bigint[], $3::text[], $4::text[]) AS ended (update_id, state, reason),
    (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
WHERE platform = $1 AND inbox.update_id = ended.update_id
"""

_TRIM = """
DELETE FROM inbox WHERE ctid IN (
    SELECT ctid FROM inbox WHERE platform = $1 AND finished_at < now() - make_interval(hours => $2) LIMIT $3
)
"""

_TRIM_QUESTIONS = "DELETE FROM question WHERE platform = $1 AND asked_at < now() - make_interval(mins => $2)"

_ASK = """
INSERT INTO question (platform, chat, external_id, message_id, line) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (platform, chat, external_id)
DO UPDATE SET message_id = excluded.message_id, line = excluded.line, asked_at = now(), closed_by = NULL
"""

_ASKERS = "SELECT DISTINCT external_id FROM question WHERE platform = $1"

# An update that is handled again, since the process ended in the middle, finds what it closed itself.
_CLOSE = """
WITH closed AS (
    UPDATE question SET closed_by = $4
    WHERE platform = $1 AND external_id = $3 AND (closed_by IS NULL OR closed_by = $4)
        AND ($5::bigint = 0 OR (chat = $2 AND message_id = $5))
    RETURNING chat, message_id, line, asked_at
)
SELECT message_id, line FROM closed WHERE chat = $2 AND asked_at > now() - make_interval(mins => $6)
"""


class UpdateState(StrEnum):
    """How an update ended: answered, perhaps answered, or given up."""

    DONE = "done"
    UNCERTAIN = "uncertain"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update on its way in: `origin` is what it is under any id, `lane` what it is in order with, `sender` whose it
    is, empty where that is unknown."""

    update_id: int
    origin: str
    lane: str
    body: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class ClaimedUpdate:
    """An update to answer, for the `attempts`th time. `interrupted`: a process that ended was sending the answer.
    `crowded`: too many updates of its sender waited, so it is not carried out."""

    update_id: int
    lane: str
    body: str
    attempts: int
    interrupted: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class PendingPrompt:
    """`line` lacks its next word; it was asked for in `message_id`."""

    message_id: int
    line: str


class Inbox:
    """The tables `inbox` and `question`. Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database, *, max_waiting: int = MAX_WAITING) -> None:
        """Of one person at most `max_waiting` updates wait."""
        self._database = database
        self._max_waiting = max_waiting
        self._begun: WriteBatcher[int] = WriteBatcher(self._write_begun)
        self._ended: WriteBatcher[tuple[int, str, str]] = WriteBatcher(self._write_ended)
        self._askers: set[str] | None = None

    def take_over(self) -> None:
        """This process answers from now on: until now another one may have asked questions."""
        self._askers = None

    async def write(self, arrivals: Sequence[Arrival], *, tell: bool = True) -> int:
        """Writes all in one transaction; how many were not known yet. `tell` wakes who answers, in any process."""
        columns = (
            [entry.update_id for entry in arrivals],
            [entry.origin for entry in arrivals],
            [entry.lane for entry in arrivals],
            [entry.sender for entry in arrivals],
            [entry.body for entry in arrivals],
        )

        async def work(connection: Connection) -> int:
            return int(
                await connection.fetchval(_WRITE, PLATFORM, *columns, self._max_waiting, CHANNEL if tell else "")
            )

        return await self._database.run(work)

    async def take(self, busy: Sequence[str], most: int) -> list[ClaimedUpdate]:
        """The oldest update of every lane but the busy ones, at most so many. Only for the holder of the lease."""

        async def work(connection: Connection) -> list[ClaimedUpdate]:
            return [ClaimedUpdate(*row) for row in await connection.fetch(_TAKE, PLATFORM, list(busy), most)]

        return await self._database.run(work)

    async def begin(self, update_id: int) -> None:
        """Its answer is about to leave; returns when that is on the disk."""
        await self._begun.add(update_id)

    async def interrupt(self) -> None:
        """What was being sent when a process ended is taken again, as interrupted. Only for who comes to hold the
        lease, before it takes anything."""
        await self._execute(_INTERRUPTED, PLATFORM)

    async def finish(self, update_id: int, state: UpdateState, reason: str = "") -> None:
        """It was answered, or never will be; the database forgets what it said, and knows it by its id."""
        await self._ended.add((update_id, state.value, reason[:500]))

    async def _write_begun(self, updates: list[int]) -> None:
        await self._execute(_BEGIN, PLATFORM, updates)

    async def _write_ended(self, ended: list[tuple[int, str, str]]) -> None:
        await self._execute(_FINISH, PLATFORM, *map(list, zip(*ended, strict=True)))

    async def trim(self) -> None:
        """Forgets what cannot come again."""
        await self._execute(_TRIM, PLATFORM, KEPT_HOURS, _TRIMMED_AT_ONCE)
        await self._execute(_TRIM_QUESTIONS, PLATFORM, QUESTION_MINUTES)
        self._askers = None

    async def ask(self, chat: str, external_id: str, question: PendingPrompt) -> None:
        """A question to one person in a chat; it replaces the last one."""
        if self._askers is not None:
            self._askers.add(external_id)
        await self._execute(_ASK, PLATFORM, chat, external_id, question.message_id, question.line)

    async def close(self, chat: str, external_id: str, update_id: int, only: int = 0) -> PendingPrompt | None:
        """Closes every question to the person, in whatever chat, and returns the one of this chat. With `only` it
        closes nothing but the question of that message. Who was asked nothing costs no call."""
        if self._askers is None:
            self._askers = await self._database.run(_askers)
        if external_id not in self._askers:
            return None

        async def work(connection: Connection) -> PendingPrompt | None:
            row = await connection.fetchrow(_CLOSE, PLATFORM, chat, external_id, update_id, only, QUESTION_MINUTES)
            return PendingPrompt(row["message_id"], row["line"]) if row else None

        question = await self._database.run(work)
        if not only and self._askers is not None:
            self._askers.discard(external_id)
        return question

    async def _execute(self, statement: str, *values: object) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute(statement, *values)

        await self._database.run(work)


async def _askers(connection: Connection) -> set[str]:
    return {row["external_id"] for row in await connection.fetch(_ASKERS, PLATFORM)}
