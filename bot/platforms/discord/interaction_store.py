"""State of the adapter that survives a restart, in Redis. No other module of the adapter uses these keys.

`discord:commands` is the fingerprint of the slash commands that were sent last. `discord:pending` holds, by interaction
id, the questions that were acknowledged and not answered yet, so that a crash loses none. Each question names the
process that handles it. A process is alive while the key `discord:alive:PROCESS` exists; the questions of an ended
process are taken over by the next process that looks. Each question is stored with an authentication code; entries
written by other programs are dropped.
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
from bot.platforms.discord.ports import PLATFORM
from bot.platforms.discord.redis_batch import CommandBatcher
from core.security.entry_codes import EntryCodes
from people.person import Language

_FINGERPRINT = "discord:commands"
_PENDING = "discord:pending"
_ALIVE = "discord:alive:"
_ALIVE_SECONDS = 5
_POLL_SECONDS = 1.5
_SECONDS = 1.0
_PROCESS_BYTES = 9
_LARGEST = 100_000  # bytes of a question: an option of Discord has 6,000 characters
_LONGEST_NUMBER = 20  # digits of an interaction
_MAX_QUESTIONS = 1000  # questions read in one poll

# KEYS: pending, the key of the process that handles it; ARGV: interaction, old value, new value.
_TAKE_OVER = """
if redis.call('exists', KEYS[2]) == 1 or redis.call('hget', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
return 1
"""

# KEYS: pending; ARGV: the maximum length of a number and of a question, and the maximum number of questions. Longer
# entries are deleted without being sent to the client.
_LEFT = """
local found = {}
for _, number in ipairs(redis.call('hkeys', KEYS[1])) do
    if #number > tonumber(ARGV[1]) or redis.call('hstrlen', KEYS[1], number) > tonumber(ARGV[2]) then
        redis.call('hdel', KEYS[1], number)
    elseif #found < 2 * tonumber(ARGV[3]) then
        found[#found + 1] = number
        found[#found + 1] = redis.call('hget', KEYS[1], number)
    end
end
return found
"""

_log = logging.getLogger(__name__)
T = TypeVar("T")

_DATA = tuple(entry.name for entry in fields(Inbound) if entry.name != "link")


@dataclass(frozen=True, slots=True)
class PendingInteraction:
    """An acknowledged interaction. `token` lets its answer be written until 15 minutes after `asked_at` (UTC ms).

    `place` is a `custom_id.ReplyTarget`. `ephemeral` is the visibility promised by the acknowledgement. `begun` counts
    the steps of the answer that must not be repeated.
    """

    inbound: Inbound
    interaction_id: int
    application_id: int
    token: str
    asked_at: int
    place: str
    ephemeral: bool
    begun: int = 0


class _StoredInteraction(msgspec.Struct, frozen=True):
    """Stored form of a question: the data fields of its request, and the process that handles it."""

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
    def of(cls, question: PendingInteraction, process: str) -> "_StoredInteraction":
        inbound = {name: getattr(question.inbound, name) for name in _DATA}
        others = {
            entry.name: getattr(question, entry.name) for entry in fields(PendingInteraction) if entry.name != "inbound"
        }
        return cls(inbound=inbound, process=process, **others)

    def question(self) -> PendingInteraction:
        """Returns the question. Raises LookupError, TypeError or ValueError if another version stored it."""
        told: dict[str, Any] = {**self.inbound, "language": Language(str(self.inbound["language"]))}
        others = {
            entry.name: getattr(self, entry.name) for entry in fields(PendingInteraction) if entry.name != "inbound"
        }
        return PendingInteraction(inbound=Inbound(**told), **others)


class InteractionStore(Protocol):
    """Store of the adapter's state. Never raises: the bot answers without it too.

    `look_seconds` is the interval at which unanswered questions are polled.
    """

    look_seconds: float

    async def fingerprint(self) -> str:
        """Returns the fingerprint of the commands that were sent last; '' if unknown."""

    async def set_fingerprint(self, fingerprint: str) -> None:
        """Stores the fingerprint of the commands that were sent."""

    async def ask(self, question: PendingInteraction) -> bool:
        """Stores a question until it is answered. False if another process stored it first."""

    async def save_progress(self, question: PendingInteraction) -> None:
        """Stores the progress of the answer, before the step is performed."""

    async def answered(self, question: PendingInteraction) -> None:
        """Deletes the question."""

    async def unanswered(self) -> list[PendingInteraction]:
        """Takes over and returns the questions of ended processes. Also marks this process as alive."""

    async def leave(self) -> None:
        """Releases this process's unanswered questions to the next process that looks, this one included."""


class RedisInteractionStore:
    """`InteractionStore` on Redis."""

    look_seconds = _POLL_SECONDS

    def __init__(self, redis: "Redis", codes: EntryCodes) -> None:
        """`redis` must return bytes."""
        self._redis = redis
        self._codes = codes
        self._together = CommandBatcher(redis)
        self._process = secrets.token_urlsafe(_PROCESS_BYTES)

    async def fingerprint(self) -> str:
        """Returns the fingerprint of the commands that were sent last; '' if unknown."""
        try:
            async with asyncio.timeout(_SECONDS):
                found = await self._redis.get(_FINGERPRINT)
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, "")
        # What another program wrote there is another fingerprint: the commands are sent again.
        return found.decode(errors="replace") if isinstance(found, bytes) else found or ""

    async def set_fingerprint(self, fingerprint: str) -> None:
        """Stores the fingerprint of the commands that were sent."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.set(_FINGERPRINT, fingerprint)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def ask(self, question: PendingInteraction) -> bool:
        """Stores a question until it is answered. False if another process stored it first."""
        try:
            async with asyncio.timeout(_SECONDS):
                number = str(question.interaction_id)
                return bool(await self._together.command("HSETNX", _PENDING, number, self._mine(question)))
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, otherwise=True)

    async def save_progress(self, question: PendingInteraction) -> None:
        """Stores the progress of the answer, before the step is performed."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._together.command("HSET", _PENDING, str(question.interaction_id), self._mine(question))
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def answered(self, question: PendingInteraction) -> None:
        """Deletes the question."""
        await self._forget(str(question.interaction_id))

    async def unanswered(self) -> list[PendingInteraction]:
        """Takes over and returns the questions of ended processes. Also marks this process as alive."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.set(_ALIVE + self._process, b"", ex=_ALIVE_SECONDS)
                kept = await self._redis.eval(_LEFT, 1, _PENDING, _LONGEST_NUMBER, _LARGEST, _MAX_QUESTIONS)
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, [])
        found = [each for pair in zip(kept[::2], kept[1::2], strict=True) if (each := await self._taken_over(*pair))]
        return sorted(found, key=lambda question: question.interaction_id)

    async def leave(self) -> None:
        """Releases this process's unanswered questions to the next process that looks, this one included."""
        left, self._process = self._process, secrets.token_urlsafe(_PROCESS_BYTES)
        try:
            async with asyncio.timeout(_SECONDS):
                await self._redis.delete(_ALIVE + left)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)

    async def _taken_over(self, key: bytes, entry: bytes) -> PendingInteraction | None:
        """Takes over a stored question. None if a live process handles it, or another process took it over first.

        An entry without a valid authentication code, of another version, or of another platform is dropped.
        """
        body = self._codes.open(_place(key.decode(errors="replace")), entry)
        if body is None:
            _log.warning("interaction %r in Redis was not written by this desk and is dropped", key)
            await self._forget(key)
            return None
        try:
            kept = msgspec.json.decode(body, type=_StoredInteraction)
            question = kept.question()
        except (
            msgspec.DecodeError,
            LookupError,
            TypeError,
            ValueError,
        ):  # stored by another version: it cannot be answered
            _log.warning("interaction %r cannot be read", key)
            await self._forget(key)
            return None
        if question.inbound.platform != PLATFORM:
            _log.warning("interaction %r is of platform %r and is dropped", key, question.inbound.platform)
            await self._forget(key)
            return None
        if kept.process == self._process:
            return None
        keys = (_PENDING, _ALIVE + kept.process)
        try:
            async with asyncio.timeout(_SECONDS):
                taken = await self._redis.eval(_TAKE_OVER, len(keys), *keys, key, entry, self._mine(question))
        except (RedisError, TimeoutError) as error:
            return _unreachable(error, None)
        return question if taken else None

    def _mine(self, question: PendingInteraction) -> bytes:
        body = msgspec.json.encode(_StoredInteraction.of(question, self._process))
        return self._codes.seal(_place(str(question.interaction_id)), body)

    async def _forget(self, key: str | bytes) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                await self._together.command("HDEL", _PENDING, key)
        except (RedisError, TimeoutError) as error:
            _unreachable(error, None)


def _place(number: str) -> str:
    return f"{_PENDING}:{number}"


def _unreachable(error: Exception, otherwise: T) -> T:
    _log.warning("redis: %s", type(error).__name__)
    return otherwise
