"""What the adapter must remember over a restart, in Redis: its only file that speaks to it.

`discord:commands` is the fingerprint of the slash commands as they were sent last; `discord:pending` holds, by
interaction id, the questions that were acknowledged and are not answered yet, so that a crash loses none.
"""

import asyncio
import logging
from typing import Protocol, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.inbound import Inbound

_FINGERPRINT = "discord:commands"
_PENDING = "discord:pending"
_SECONDS = 1.0
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Question(msgspec.Struct, frozen=True):
    """An acknowledged interaction: `token` lets its answer be written until 15 minutes after `asked_at` (UTC ms).

    `place` is a `buttons.Place`; `ephemeral` tells what the acknowledgement promised.
    """

    inbound: Inbound
    interaction_id: int
    application_id: int
    token: str
    asked_at: int
    place: str
    ephemeral: bool


class Memory(Protocol):
    """Never raises: without a memory the bot still answers."""

    async def fingerprint(self) -> str:
        """Of the commands that were sent last; '' where that is not known."""

    async def set_fingerprint(self, fingerprint: str) -> None:
        """Remembers what was sent."""

    async def ask(self, question: Question) -> None:
        """Remembers a question until it is answered."""

    async def answered(self, question: Question) -> None:
        """Forgets it."""

    async def unanswered(self) -> list[Question]:
        """What a process that ended left behind."""


class RedisMemory:
    """`Memory` on Redis."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

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

    async def ask(self, question: Question) -> None:
        """Remembers a question until it is answered."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.hset(_PENDING, str(question.interaction_id), msgspec.json.encode(question))
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def answered(self, question: Question) -> None:
        """Forgets it."""
        await self._forget(str(question.interaction_id))

    async def unanswered(self) -> list[Question]:
        """What a process that ended left behind."""
        try:
            async with asyncio.timeout(_SECONDS):
                kept = await self._redis.hgetall(_PENDING)
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, [])
        found: list[Question] = []
        for key, body in kept.items():
            try:
                found.append(msgspec.json.decode(body, type=Question))
            except msgspec.DecodeError:  # another version's: no answer can be made of it
                _log.warning("interaction %r cannot be read", key)
                await self._forget(key)
        return found

    async def _forget(self, key: str | bytes) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.hdel(_PENDING, key)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)


def _unreachable(error: Exception, otherwise: T) -> T:
    _log.warning("redis: %s", type(error).__name__)
    return otherwise
