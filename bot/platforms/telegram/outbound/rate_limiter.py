"""Telegram's rate limits, observed before Telegram enforces them. Answers have priority over notifications."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CHATS_OF_THE_BOT = 5
"""Number of chats held at once that indicates a limit of the whole bot rather than of the chats."""

PRIVATE_CHATS_OF_THE_BOT = 2
"""Number of private chats among them: one user may have any number of groups, but only one private chat."""

Windows = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class SendLimits:
    """Maximum numbers of messages in a number of seconds: in all, in a private chat (one a second, in bursts), in a
    group.

    `kept_for_answers` of the overall limit are never taken by notifications.
    """

    overall: tuple[int, float] = (30, 1.0)
    private: Windows = ((3, 3.0),)
    group: Windows = ((3, 3.0), (20, 60.0))
    kept_for_answers: int = 5


@dataclass(slots=True)
class _Lane:
    slots: deque[float] = field(default_factory=lambda: deque(maxlen=64))
    held_until: float = 0.0


class RateLimiter:
    """Rate limiter of one bot. A message may be sent within `turn`.

    A message counts from its start until a second after its response, so that no second at Telegram's end exceeds the
    limit, however long the message was under way.
    """

    MAX_LANES = 10_000

    def __init__(self, limits: SendLimits | None = None, clock: Callable[[], float] | None = None) -> None:
        """`clock` returns monotonic seconds; by default it is the event loop's clock."""
        self._limits = limits or SendLimits()
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._lanes: dict[int, _Lane] = {}
        self._ahead: dict[int, float] = {}
        self._ended: deque[float] = deque()
        self._under_way = 0
        self._answers = 0
        self._holds: dict[int, float] = {}
        self._held_until = 0.0
        self._may_probe = False

    @asynccontextmanager
    async def turn(self, chat_id: int, *, push: bool) -> AsyncIterator[None]:
        """Waits for the limit of the chat and then for that of the bot."""
        slot = self._reserve(chat_id)
        while (wait := max(slot, self._lane(chat_id).held_until) - self._clock()) > 0:  # noqa: ASYNC110 - time is waited for
            await asyncio.sleep(wait)
        probing = await self._overall(chat_id, push=push)
        try:
            yield
            if probing:  # it arrived, so Telegram limits the chats and not the bot
                self._held_until = 0.0
        finally:
            self._under_way -= 1
            self._ended.append(self._clock())

    def hold(self, chat_id: int, seconds: float) -> None:
        """Blocks sending to the chat for a time requested by Telegram.

        Telegram does not report whether the chat or the bot is limited. If several chats are held at once, of several
        users, the bot is assumed to be limited, and sending to all chats is blocked. One message to another private
        chat is still sent: if it arrives, the bot is not limited.
        """
        lane, now = self._lane(chat_id), self._clock()
        lane.held_until = max(lane.held_until, now + seconds)
        self._ahead[chat_id] = max(self._next(chat_id, lane), lane.held_until)
        self._holds = {chat: until for chat, until in self._holds.items() if until > now} | {chat_id: lane.held_until}
        private = sum(chat > 0 for chat in self._holds)
        if len(self._holds) >= CHATS_OF_THE_BOT and private >= PRIVATE_CHATS_OF_THE_BOT:
            self._held_until = max(self._held_until, now + seconds)
            self._may_probe = True
            self._holds.clear()

    def ahead(self) -> dict[int, float]:
        """Returns the chats that may not be written to yet, with the time of their next turn."""
        now = self._clock()
        self._ahead = {chat: slot for chat, slot in self._ahead.items() if slot > now}
        return dict(self._ahead)

    def now(self) -> float:
        """Returns the time of the limiter's clock."""
        return self._clock()

    def _reserve(self, chat_id: int) -> float:
        lane = self._lane(chat_id)
        slot = self._next(chat_id, lane)
        lane.slots.append(slot)
        following = max(self._next(chat_id, lane), lane.held_until)
        if following > self._clock():
            self._ahead[chat_id] = following
        if len(self._ahead) > self.MAX_LANES:
            self.ahead()
        return slot

    def _next(self, chat_id: int, lane: _Lane) -> float:
        """Returns the time of the chat's next turn."""
        slot = max(self._clock(), lane.slots[-1] if lane.slots else 0.0)
        for count, seconds in self._limits.group if chat_id < 0 else self._limits.private:
            if len(lane.slots) >= count:
                slot = max(slot, lane.slots[-count] + seconds)
        return slot

    async def _overall(self, chat_id: int, *, push: bool) -> bool:
        """Waits for the limit of the bot. Returns whether the message probes a hold."""
        count, seconds = self._limits.overall
        count -= self._limits.kept_for_answers if push else 0
        self._answers += not push
        try:
            while True:
                held = self._clock() < self._held_until
                probing = held and self._may_probe and chat_id > 0
                if self._room(count, seconds) and not (push and self._answers) and (probing or not held):
                    break
                oldest = self._ended[0] if self._ended else self._clock()
                until = max(oldest + seconds, self._held_until)
                await asyncio.sleep(min(max(until - self._clock(), 0.01), seconds))
            self._under_way += 1
            self._may_probe = self._may_probe and not probing
        finally:
            self._answers -= not push
        return probing

    def _room(self, count: int, seconds: float) -> bool:
        now = self._clock()
        while self._ended and self._ended[0] <= now - seconds:
            self._ended.popleft()
        return self._under_way + len(self._ended) < count

    def _lane(self, chat_id: int) -> _Lane:
        if len(self._lanes) >= self.MAX_LANES and chat_id not in self._lanes:
            longest = max((window for _, window in (*self._limits.private, *self._limits.group)), default=0.0)
            idle = self._clock() - longest
            self._lanes = {
                key: lane
                for key, lane in self._lanes.items()
                if lane.held_until > idle or (lane.slots and lane.slots[-1] > idle)
            }
        return self._lanes.setdefault(chat_id, _Lane())


class Postponed:
    """Chats that are left out until they may be written to.

    A chat is left out until the time known when it was first left out, even if others have taken its turns since: then
    its message waits for a turn in order.
    """

    def __init__(self, pace: RateLimiter) -> None:
        self._pace = pace
        self._until: dict[str, float] = {}

    def chats(self) -> list[str]:
        """Returns the chats that are left out now."""
        slots = {str(chat): slot for chat, slot in self._pace.ahead().items()}
        self._until = {chat: self._until.get(chat, slot) for chat, slot in slots.items()}
        now = self._pace.now()
        return [chat for chat, until in self._until.items() if until > now]

    def seconds(self, otherwise: float) -> float:
        """Returns the time until the first of them may be taken; `otherwise` if there is none."""
        now = self._pace.now()
        return min((until - now for until in self._until.values() if until > now), default=otherwise)

    def taken(self, chat: str) -> None:
        """Records that something of the chat was taken: it may be left out again."""
        self._until.pop(chat, None)
