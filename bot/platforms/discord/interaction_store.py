"""What the adapter must remember over a restart, in Redis: its only file that speaks to it.

`discord:commands` is the fingerprint of the slash commands as they were sent last; `discord:pending` holds, by
interaction id, the questions that were acknowledged and are not answered yet, so that a crash loses none. Each names
the process that has it; that process lives as long as `discord:alive:PROCESS` is there, and what dead ones left is
taken over by whoever looks next.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.inbound import Inbound
from bot.platforms.discord.redis_batch import Together
from people.person import Language

_FINGERPRINT = "discord:commands"
_PENDING = "discord:pending"
_ALIVE = "discord:alive:"
_ALIVE_SECONDS = 5
_LOOK_SECONDS = 1.5
_SECONDS = 1.0
_PROCESS_BYTES = 9

# KEYS: pending, the key of the process that has it; ARGV: interaction, what is there, what shall be there.
_TAKE_OVER = """
if redis.call('exists', KEYS[2]) == 1 or redis.call('hget', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
return 1
"""

_log = logging.getLogger(__name__)
T = TypeVar("T")

_DATA = tuple(entry.name for entry in fields(Inbound) if entry.name != "link")


@dataclass(frozen=True, slots=True)
class PendingInteraction:
    """An acknowledged interaction: `token` lets its answer be written until 15 minutes after `asked_at` (UTC ms).

    `place` is a `buttons.Place`; `ephemeral` tells what the acknowledgement promised; `begun` counts the steps of the
    answer that must not be repeated.
    """

    inbound: Inbound
    interaction_id: int
    application_id: int
    token: str
    asked_at: int
    place: str
    ephemeral: bool
    begun: int = 0


class _Kept(msgspec.Struct, frozen=True):
    """A question as it is kept, with the process that has it; of what was asked everything that is data."""

    inbound: dict[str, str | bool]
    interaction_id: int
    application_id: int
    token: str
    asked_at: int
    place: str
    ephemeral: bool
    begun: int = 0
    process: str = ""

    @classmethod
    def of(cls, question: PendingInteraction, process: str) -> "_Kept":
        inbound = {name: getattr(question.inbound, name) for name in _DATA}
        others = {
            entry.name: getattr(question, entry.name) for entry in fields(PendingInteraction) if entry.name != "inbound"
        }
        return cls(inbound=inbound, process=process, **others)

    def question(self) -> PendingInteraction:
        """Raises TypeError and ValueError for another version's."""
        told: dict[str, Any] = {**self.inbound, "language": Language(str(self.inbound["language"]))}
        others = {
            entry.name: getattr(self, entry.name) for entry in fields(PendingInteraction) if entry.name != "inbound"
        }
        return PendingInteraction(inbound=Inbound(**told), **others)


class Memory(Protocol):
    """Never raises: without a memory the bot still answers. `look_seconds` lie between looks at what was left."""

    look_seconds: float

    async def fingerprint(self) -> str:
        """Of the commands that were sent last; '' where that is not known."""

    async def set_fingerprint(self, fingerprint: str) -> None:
        """Remembers what was sent."""

    async def ask(self, question: PendingInteraction) -> bool:
        """Remembers a question until it is answered; False where another process was there first."""

    async def begin(self, question: PendingInteraction) -> None:
        """Remembers how far its answer came, before the step is taken."""

    async def answered(self, question: PendingInteraction) -> None:
        """Forgets it."""

    async def unanswered(self) -> list[PendingInteraction]:
        """What processes that ended left behind, now ours; says as well that this one is alive."""

    async def leave(self) -> None:
        """What is unanswered here is for whoever looks next, this process included."""


class RedisMemory:
    """`Memory` on Redis."""

    look_seconds = _LOOK_SECONDS

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._together = Together(redis)
        self._process = secrets.token_urlsafe(_PROCESS_BYTES)

    async def fingerprint(self) -> str:
        """Of the commands that were sent last; '' where that is not known."""
        try:
            async with asyncio.timeout(_SECONDS):
                found = await self._redis.get(_FINGERPRINT)
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, "")
        return found.decode() if isinstance(found, bytes) else found or ""

    async def set_fingerprint(self, fingerprint: str) -> None:
        """Remembers what was sent."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.set(_FINGERPRINT, fingerprint)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def ask(self, question: PendingInteraction) -> bool:
        """Remembers a question until it is answered; False where another process was there first."""
        try:
            async with asyncio.timeout(_SECONDS):
                number = str(question.interaction_id)
                return bool(await self._together.command("HSETNX", _PENDING, number, self._mine(question)))
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, otherwise=True)

    async def begin(self, question: PendingInteraction) -> None:
        """Remembers how far its answer came, before the step is taken."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._together.command("HSET", _PENDING, str(question.interaction_id), self._mine(question))
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def answered(self, question: PendingInteraction) -> None:
        """Forgets it."""
        await self._forget(str(question.interaction_id))

    async def unanswered(self) -> list[PendingInteraction]:
        """What processes that ended left behind, now ours; says as well that this one is alive."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.set(_ALIVE + self._process, b"", ex=_ALIVE_SECONDS)
                kept = await self._redis.hgetall(_PENDING)
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, [])
        found = [question for key, body in kept.items() if (question := await self._taken_over(key, body))]
        return sorted(found, key=lambda question: question.interaction_id)

    async def leave(self) -> None:
        """What is unanswered here is for whoever looks next, this process included."""
        left, self._process = self._process, secrets.token_urlsafe(_PROCESS_BYTES)
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.delete(_ALIVE + left)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def _taken_over(self, key: bytes | str, body: bytes | str) -> PendingInteraction | None:
        """None where somebody who lives has it, or somebody else was faster."""
        try:
            kept = msgspec.json.decode(body, type=_Kept)
            question = kept.question()
        except (msgspec.DecodeError, LookupError, TypeError, ValueError):  # another version's: it cannot be answered
            _log.warning("interaction %r cannot be read", key)
            await self._forget(key)
            return None
        if kept.process == self._process:
            return None
        keys = (_PENDING, _ALIVE + kept.process)
        try:
            async with asyncio.timeout(_SECONDS):
                taken = await self._redis.eval(_TAKE_OVER, len(keys), *keys, key, body, self._mine(question))
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, None)
        return question if taken else None

    def _mine(self, question: PendingInteraction) -> bytes:
        return msgspec.json.encode(_Kept.of(question, self._process))

    async def _forget(self, key: str | bytes) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await self._together.command("HDEL", _PENDING, key)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)


def _unreachable(error: Exception, otherwise: T) -> T:
    _log.warning("redis: %s", type(error).__name__)
    return otherwise
