"""Dispatchers of the outbox, one per platform: in order within a chat, in parallel across chats."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.notifications.composer import Composer
from bot.notifications.courier import (
    Courier,
    Delivered,
    NonePostponed,
    Outcome,
    OutcomeUnknown,
    PermanentFailure,
    PostponedChats,
    RetryLater,
)
from bot.reply import Reply
from core.clock import Clock
from core.errors import DatabaseUnavailable
from core.time_zones import known_zone
from people.notifications.notices import UnreadableNotice
from people.notifications.outbox import Delivery, Outbox
from people.notifications.quiet_hours import DeliveryMode

IN_FLIGHT = 16
BULK_IN_FLIGHT = 8
"""Most chats that bulk messages may occupy; the others stay free for urgent ones."""

MAX_ATTEMPTS = 20
POLL_SECONDS = 0.5
DELIVER_SECONDS = 120.0
"""Timeout of a delivery; shorter than the lease, after which the outbox assumes that the process stopped."""

_TIDY_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_SETTLE_PAUSES = (0.5, 2.0, 8.0)

log = logging.getLogger(__name__)


async def always_ready() -> None:
    """Returns at once, for a platform that accepts messages at any time."""


class Dispatcher:
    """Sender of one platform's share of the outbox."""

    def __init__(
        self,
        outbox: Outbox,
        composer: Composer,
        courier: Courier,
        clock: Clock,
        *,
        jitter: random.Random,
        ready: Callable[[], Awaitable[None]] = always_ready,
        held: PostponedChats | None = None,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        """`ready` is awaited before each claim. `held` are the chats that may not be written to yet, which wait in the
        outbox. `in_flight` is the number of chats that are served at once.
        """
        self._outbox = outbox
        self._composer = composer
        self._courier = courier
        self._clock = clock
        self._jitter = jitter
        self._ready = ready
        self._held = held or NonePostponed()
        self._in_flight = in_flight
        self._sending: dict[asyncio.Task[None], Delivery] = {}
        self._wake = asyncio.Event()
        self._next_claim = 0.0

    def wake(self) -> None:
        """Reports a new entry of the outbox, which would otherwise be found within POLL_SECONDS."""
        self._wake.set()

    async def run(self) -> None:
        """Sends until cancelled. A message that is being sent then is found uncertain by the next dispatcher."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tidy())
            while True:
                await self._ready()
                for parcel in await self._claim():
                    task = group.create_task(self._send_safely(parcel))
                    self._sending[task] = parcel
                    task.add_done_callback(self._sent)
                await self._wait()

    async def _claim(self) -> list[Delivery]:
        free = self._in_flight - len(self._sending)
        now = asyncio.get_running_loop().time()
        if not free or (free < self._in_flight // 2 and now < self._next_claim):
            return []  # a claim for every chat that becomes free would ask too often
        self._next_claim = now + POLL_SECONDS
        under_way = self._sending.values()
        bulk = max(0, min(BULK_IN_FLIGHT, self._in_flight // 2) - sum(parcel.bulk for parcel in under_way))
        left_out = {*self._held.chats(), *(parcel.chat.group for parcel in under_way)}
        people = [parcel.person.person_id for parcel in under_way if not parcel.bulk]
        try:
            claimed = await self._outbox.claim(self._courier.platform, free, bulk, left_out=left_out, people=people)
        except DatabaseUnavailable:
            log.warning("the outbox waits: PostgreSQL does not answer")
            return []
        for parcel in claimed:
            self._held.taken(parcel.chat.group)
        return claimed

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._sending.pop(task, None)
        self._wake.set()

    async def _wait(self) -> None:
        try:
            now = asyncio.get_running_loop().time()
            async with asyncio.timeout_at(self._next_claim if self._next_claim > now else now + POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _tidy(self) -> None:
        while True:
            try:
                await self._outbox.tidy()
            except DatabaseUnavailable:
                log.warning("the outbox is not tidied: PostgreSQL does not answer")
            await asyncio.sleep(_TIDY_SECONDS)

    async def _send_safely(self, parcel: Delivery) -> None:
        """Sends the parcel, and logs errors. A lease expires by itself, so a parcel that fails here is not lost."""
        try:
            await self._send(parcel)
        except DatabaseUnavailable:
            log.warning("outbox %s: PostgreSQL does not answer", parcel.nonce)
        except Exception:
            log.exception("outbox %s", parcel.nonce)

    async def _send(self, parcel: Delivery) -> None:
        if parcel.banned:
            await self._outbox.dead(parcel, "the user is banned")
        elif parcel.retired:
            await self._outbox.retire(parcel, "the chat is gone")
        elif parcel.loudness.mode is DeliveryMode.OFF:
            await self._outbox.dead(parcel, "turned off by the user")
        elif parcel.attempt > MAX_ATTEMPTS:
            await self._outbox.dead(parcel, f"given up after {MAX_ATTEMPTS} attempts")
        elif not await self._composer.may_arrive(parcel):
            await self._outbox.redirect(parcel, "the rules of the group forbid it")
        else:
            try:
                reply = await self._composer.compose(parcel)
            except UnreadableNotice as error:
                await self._outbox.dead(parcel, f"unreadable: {error}")
                return
            if await self._outbox.mark_sending(parcel):
                await self._settle_patiently(parcel, await self._deliver(parcel, reply))

    async def _deliver(self, parcel: Delivery, reply: Reply) -> Outcome:
        local = datetime.fromtimestamp(self._clock() / 1000, UTC).astimezone(
            ZoneInfo(known_zone(parcel.person.timezone))
        )
        silent = parcel.loudness.silent(local)
        try:
            async with asyncio.timeout(DELIVER_SECONDS):
                return await self._courier.deliver(parcel.chat.chat_id, reply, nonce=parcel.nonce, silent=silent)
        except TimeoutError:
            return OutcomeUnknown(f"no answer in {DELIVER_SECONDS:.0f} s")
        except Exception as error:
            log.exception("outbox %s", parcel.nonce)
            return OutcomeUnknown(f"the courier failed: {type(error).__name__}")

    async def _settle_patiently(self, parcel: Delivery, outcome: Outcome) -> None:
        """Records the outcome with retries, so that it is not lost if PostgreSQL is briefly down. Raises
        DatabaseUnavailable.
        """
        for pause in _SETTLE_PAUSES:
            try:
                return await self._settle(parcel, outcome)
            except DatabaseUnavailable:
                await asyncio.sleep(pause)
        return await self._settle(parcel, outcome)

    async def _settle(self, parcel: Delivery, outcome: Outcome) -> None:
        match outcome:
            case Delivered(message_id):
                await self._outbox.sent(parcel, message_id)
            case RetryLater(reason) if parcel.attempt >= MAX_ATTEMPTS:
                await self._outbox.dead(parcel, f"given up after {MAX_ATTEMPTS} attempts: {reason}")
            case RetryLater(reason, seconds):
                await self._outbox.later(parcel, reason, max(seconds, self._pause(parcel.attempt)))
            case PermanentFailure(reason, chat_gone):
                await (self._outbox.retire if chat_gone else self._outbox.dead)(parcel, reason)
            case OutcomeUnknown(reason):
                await self._outbox.uncertain(parcel, reason)
            case _:
                assert_never(outcome)

    def _pause(self, attempt: int) -> float:
        return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempt - 1, 20)) * (0.5 + self._jitter.random() / 2)
