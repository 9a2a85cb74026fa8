"""Inbox of updates in PostgreSQL.

An update is written before it is confirmed, taken in order, and finished after its answer.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from bot.platforms.telegram.inbound.receive import PLATFORM
from bot.platforms.telegram.inbound.turns import LANES_OF_A_SENDER, full_senders
from bot.platforms.telegram.outbound.batch import WriteBatcher
from core.database import Connection, Database
from people.identity.codes import LinkCode

CHANNEL = "inbox_telegram"
KEPT_HOURS = 48
"""Retention of finished updates. Telegram delivers an update for 24 hours, so a kept update cannot be taken twice."""

QUESTION_MINUTES = 15
_TRIMMED_AT_ONCE = 5000

MAX_WAITING = 100
"""Maximum number of waiting updates of one user.

The first one beyond is answered with a refusal, the others not at all.
"""

CHATS_WAITING = 10
"""Maximum number of waiting updates that are written in the name of one group or channel."""

# An update may be delivered again under its own id, or its content under a new one: constraints detect both.
# $7 is how many may wait, $9 how many of a group or channel. While a user's refusal is waiting, the user gets no second
# one.
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
    SELECT placed.*, place > most AS beyond, place > most + 1 OR place > most AND told AS unheard
    FROM placed CROSS JOIN LATERAL (
        SELECT CASE WHEN starts_with(sender, '-') THEN least($7::bigint, $9::bigint) ELSE $7::bigint END
    ) AS bound (most)
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

# The oldest update of every lane that is not being answered, so that a full lane does not delay the others. A sender
# has at most $5 lanes at once, including those being answered ($4), and public chats get at most $6 of what is taken.
# All groups and channels in whose name users write count as one sender: one user may have any number of them. Updates
# of a sender who has all of them ($8) are passed over, so that they stop no other member of their groups.
# In a group, members take turns: $7 has the number of the last turn by lane and sender, and the head of a lane is of
# the sender whose turn is longest ago. It is an object because joining a table with each row that waits costs ten
# times as much. Other groups and channels share one turn, as in `turn_of`; the group itself stands for its anonymous
# managers. Changes of the bot's membership keep their order.
# Only the holder of the lease takes updates, so an update that was taken before and is still pending was interrupted
# and is taken again. This need not reach the disk at once: if it is lost with the server, the update is taken once
# more.
_TAKE = """
WITH heads AS (
    SELECT DISTINCT ON (lane) update_id, CASE WHEN starts_with(sender, '-') THEN '-' ELSE sender END AS sender,
           starts_with(lane, '-') AS public
    FROM inbox
    WHERE platform = $1 AND state = 'pending' AND finished_at IS NULL AND lane <> ALL ($2::text[])
        AND (CASE WHEN starts_with(sender, '-') THEN '-' ELSE sender END <> ALL ($8::text[])
             OR starts_with(origin, 'update:'))
    ORDER BY lane, CASE WHEN starts_with(lane, '-') AND NOT starts_with(origin, 'update:')
                        THEN coalesce(($7::jsonb -> (lane || ' ' || CASE
                            WHEN starts_with(sender, '-') AND sender <> lane THEN '-' ELSE sender END))::integer, 0)
                        ELSE 0 END, update_id
), placed AS (
    SELECT update_id, public, sender = '' OR row_number() OVER (PARTITION BY sender ORDER BY update_id)
               + (SELECT count(*) FROM unnest($4::text[]) AS busy (name)
                  WHERE busy.name = sender OR sender = '-' AND starts_with(busy.name, '-')) <= $5 AS fair
    FROM heads
), allowed AS (
    SELECT update_id, public, row_number() OVER (PARTITION BY public ORDER BY update_id) AS place
    FROM placed WHERE fair
), chosen AS (
    SELECT update_id FROM allowed WHERE NOT public OR place <= $6
)
UPDATE inbox SET attempts = attempts + 1 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
WHERE platform = $1 AND update_id IN (SELECT update_id FROM chosen ORDER BY update_id LIMIT $3)
RETURNING update_id, lane, body, attempts, reason = 'interrupted' AS interrupted, reason = 'crowded' AS crowded, sender
"""

# This must reach the disk before the answer is sent: from here on a crash leaves the answer uncertain. The number of
# attempts fences: a process that lost the lease without noticing sends nothing once another has taken the update.
_BEGIN = """
UPDATE inbox SET state = 'sending' FROM unnest($2::bigint[], $3::integer[]) AS taken (update_id, attempts)
WHERE platform = $1 AND inbox.update_id = taken.update_id AND inbox.attempts = taken.attempts
    AND state IN ('pending', 'sending')
RETURNING inbox.update_id
"""

_INTERRUPTED = "UPDATE inbox SET state = 'pending', reason = 'interrupted' WHERE platform = $1 AND state = 'sending'"

# If this is lost with the server, the user is notified that the answer may be missing. The number of attempts fences
# here too: what another process has taken since is finished by that process alone.
_FINISH = """
UPDATE inbox SET state = ended.state, reason = ended.reason, finished_at = now()
FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::text[]) AS ended (update_id, attempts, state, reason),
    (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
WHERE platform = $1 AND inbox.update_id = ended.update_id AND inbox.attempts = ended.attempts
"""

_TRIM = """
DELETE FROM inbox WHERE ctid IN (
    SELECT ctid FROM inbox WHERE platform = $1 AND finished_at < now() - make_interval(hours => $2) LIMIT $3
)
"""

_TRIM_QUESTIONS = "DELETE FROM pending_prompt WHERE platform = $1 AND asked_at < now() - make_interval(mins => $2)"

_ASK = """
INSERT INTO pending_prompt (platform, chat, external_id, message_id, line) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (platform, chat, external_id)
DO UPDATE SET message_id = excluded.message_id, line = excluded.line, asked_at = now(), closed_by = NULL
"""

_ASKERS = "SELECT DISTINCT external_id FROM pending_prompt WHERE platform = $1"

# An update that is handled again after its process ended finds the question that it closed itself.
_CLOSE = """
WITH closed AS (
    UPDATE pending_prompt SET closed_by = $4
    WHERE platform = $1 AND external_id = $3 AND (closed_by IS NULL OR closed_by = $4)
        AND ($5::bigint = 0 OR (chat = $2 AND message_id = $5))
    RETURNING chat, message_id, line, asked_at
)
SELECT message_id, line FROM closed WHERE chat = $2 AND asked_at > now() - make_interval(mins => $6)
"""


Revoke = Callable[[Collection[LinkCode]], Awaitable[None]]
"""Revokes link codes. Raises DatabaseUnavailable."""


class UpdateState(StrEnum):
    """Final state of an update: answered, perhaps answered, or abandoned."""

    DONE = "done"
    UNCERTAIN = "uncertain"
    DEAD = "dead"


class TakenByAnother(Exception):
    """Another process holds the lease and has taken the update since: it answers, and this one must not."""


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """An incoming update.

    `origin` identifies its content under any update id, `lane` is the sequence in which its order is kept, and `sender`
    is the user's id, empty if unknown. `codes` are the link codes in it that others can read.
    """

    update_id: int
    origin: str
    lane: str
    body: str
    sender: str = ""
    codes: frozenset[LinkCode] = frozenset()


@dataclass(frozen=True, slots=True)
class ClaimedUpdate:
    """An update to answer, for the `attempts`th time.

    `interrupted`: a process ended while it was sending the answer. `crowded`: too many updates of its sender were
    waiting, so it is not executed.
    """

    update_id: int
    lane: str
    body: str
    attempts: int
    interrupted: bool = False
    crowded: bool = False
    sender: str = ""


@dataclass(frozen=True, slots=True)
class PendingPrompt:
    """An open question: `line` lacks its next word, which message `message_id` requested."""

    message_id: int
    line: str


class Inbox:
    """Store of the tables `inbox` and `question`. Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database, *, max_waiting: int = MAX_WAITING, revoke: Revoke | None = None) -> None:
        """`max_waiting` is the maximum number of waiting updates of one user. `revoke` revokes link codes."""
        self._database = database
        self._revoke = revoke
        self._max_waiting = max_waiting
        self._begun: WriteBatcher[tuple[int, int]] = WriteBatcher(self._write_sending)
        self._sending: set[int] = set()
        self._ended: WriteBatcher[tuple[int, int, str, str]] = WriteBatcher(self._write_ended)
        self._askers: set[str] | None = None

    def take_over(self) -> None:
        """Clears the cache of users with open questions, because another process may have asked some before."""
        self._askers = None

    async def write(self, arrivals: Sequence[IncomingUpdate], *, notify: bool = True) -> int:
        """Writes all updates in one transaction and returns the number of new ones.

        Link codes that others can read are revoked first, whether or not their updates will be answered. `notify`
        notifies the process that answers.
        """
        codes = frozenset[LinkCode]().union(*(entry.codes for entry in arrivals))
        if codes and self._revoke is not None:
            await self._revoke(codes)
        columns = (
            [entry.update_id for entry in arrivals],
            [entry.origin for entry in arrivals],
            [entry.lane for entry in arrivals],
            [entry.sender for entry in arrivals],
            [entry.body for entry in arrivals],
        )

        async def work(connection: Connection) -> int:
            return int(
                await connection.fetchval(
                    _WRITE, PLATFORM, *columns, self._max_waiting, CHANNEL if notify else "", CHATS_WAITING
                )
            )

        return await self._database.run(work)

    async def take(
        self,
        left_out: Sequence[str],
        limit: int,
        *,
        senders: Sequence[str] = (),
        public_limit: int | None = None,
        served: Sequence[tuple[str, str]] = (),
    ) -> list[ClaimedUpdate]:
        """Takes one update of every other lane, at most `limit`, of public chats `public_limit`. Requires the lease.

        `senders` are those of the updates being answered, one for each. `served` are turns (see `turn_of`) in the order
        in which they were last: a lane's update is the oldest of those whose sender has waited longest for a turn.
        """
        bounds = (list(senders), LANES_OF_A_SENDER, limit if public_limit is None else public_limit)
        full = sorted(full_senders(senders))
        turns = msgspec.json.encode({" ".join(each): turn for turn, each in enumerate(served, 1)}).decode()

        async def work(connection: Connection) -> list[ClaimedUpdate]:
            rows = await connection.fetch(_TAKE, PLATFORM, list(left_out), limit, *bounds, turns, full)
            return [ClaimedUpdate(*row) for row in rows]

        return await self._database.run(work)

    async def mark_sending(self, taken: ClaimedUpdate) -> None:
        """Marks the answer as being sent, and returns when the mark is on disk. Raises TakenByAnother."""
        await self._begun.add((taken.update_id, taken.attempts))
        if taken.update_id not in self._sending:
            raise TakenByAnother
        self._sending.discard(taken.update_id)

    async def interrupt(self) -> None:
        """Marks updates whose answer was being sent when a process ended as pending and interrupted.

        Requires the lease, and is called before any update is taken.
        """
        await self._execute(_INTERRUPTED, PLATFORM)

    async def finish(self, taken: ClaimedUpdate, state: UpdateState, reason: str = "") -> None:
        """Marks an update as finished, unless another process has taken it since.

        The database keeps its id, and a trigger deletes its content.
        """
        await self._ended.add((taken.update_id, taken.attempts, state.value, reason[:500]))

    async def _write_sending(self, taken: list[tuple[int, int]]) -> None:
        async def work(connection: Connection) -> set[int]:
            rows = await connection.fetch(_BEGIN, PLATFORM, *map(list, zip(*taken, strict=True)))
            return {row["update_id"] for row in rows}

        self._sending |= await self._database.run(work)

    async def _write_ended(self, ended: list[tuple[int, int, str, str]]) -> None:
        await self._execute(_FINISH, PLATFORM, *map(list, zip(*ended, strict=True)))

    async def trim(self) -> None:
        """Deletes finished updates that cannot be delivered again, and old questions."""
        await self._execute(_TRIM, PLATFORM, KEPT_HOURS, _TRIMMED_AT_ONCE)
        await self._execute(_TRIM_QUESTIONS, PLATFORM, QUESTION_MINUTES)
        self._askers = None

    async def ask(self, chat: str, external_id: str, question: PendingPrompt) -> None:
        """Stores a question to one user in a chat. It replaces the previous one."""
        if self._askers is not None:
            self._askers.add(external_id)
        await self._execute(_ASK, PLATFORM, chat, external_id, question.message_id, question.line)

    async def close(self, chat: str, external_id: str, update_id: int, only: int = 0) -> PendingPrompt | None:
        """Closes all questions to the user in every chat, and returns the one of this chat.

        With `only`, closes only the question of that message. No query is made for a user without questions.
        """
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
