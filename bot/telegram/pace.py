"""Telegram's own limits, kept before it has to say so; answers go before pushes."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Windows = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """So many messages in so many seconds: in all, in a private chat (one a second, in small bursts), in a group.

    `kept_for_answers` of all are never taken by pushes.
    """

    overall: tuple[int, float] = (30, 1.0)
    private: Windows = ((3, 3.0),)
    group: Windows = ((3, 3.0), (20, 60.0))
    kept_for_answers: int = 5


@dataclass(slots=True)
class _Lane:
    slots: deque[float] = field(default_factory=lambda: deque(maxlen=64))
    held_until: float = 0.0


class Pace:
    """`turn` returns when a message may be sent. One instance a bot."""

    MOST_LANES = 10_000

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] | None = None) -> None:
        """`clock` gives seconds that never go back; the event loop's by default."""
        self._limits = limits or Limits()
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._lanes: dict[int, _Lane] = {}
        self._sent: deque[float] = deque(maxlen=self._limits.overall[0])
        self._answers = 0

    async def turn(self, chat_id: int, *, push: bool) -> None:
        """Waits for the chat's turn and then for the bot's."""
        self._answers += not push
        try:
            slot = self._reserve(chat_id)
            while (wait := max(slot, self._lane(chat_id).held_until) - self._clock()) > 0:  # noqa: ASYNC110 - time is waited for
                await asyncio.sleep(wait)
            await self._overall(push=push)
        finally:
            self._answers -= not push

    def hold(self, chat_id: int, seconds: float) -> None:
        """Nothing goes to the chat for so long: Telegram said so."""
        lane = self._lane(chat_id)
        lane.held_until = max(lane.held_until, self._clock() + seconds)

    def _reserve(self, chat_id: int) -> float:
        lane = self._lane(chat_id)
        slot = max(self._clock(), lane.slots[-1] if lane.slots else 0.0)
        for count, seconds in self._limits.group if chat_id < 0 else self._limits.private:
            if len(lane.slots) >= count:
                slot = max(slot, lane.slots[-count] + seconds)
        lane.slots.append(slot)
        return slot

    async def _overall(self, *, push: bool) -> None:
        count, seconds = self._limits.overall
        count -= self._limits.kept_for_answers if push else 0
        while True:
            now = self._clock()
            while self._sent and self._sent[0] <= now - seconds:
                self._sent.popleft()
            if len(self._sent) < count and not (push and self._answers):
                self._sent.append(now)
                return
            oldest = self._sent[0] if self._sent else now
            await asyncio.sleep(min(max(oldest + seconds - now, 0.01), seconds))

    def _lane(self, chat_id: int) -> _Lane:
        if len(self._lanes) >= self.MOST_LANES and chat_id not in self._lanes:
            longest = max((window for _, window in (*self._limits.private, *self._limits.group)), default=0.0)
            idle = self._clock() - longest
            self._lanes = {
                key: lane
                for key, lane in self._lanes.items()
                if lane.held_until > idle or (lane.slots and lane.slots[-1] > idle)
            }
        return self._lanes.setdefault(chat_id, _Lane())
