"""Processing of the inbox: one update of a chat at a time, different chats concurrently.

Updates of one user in a chat are answered in their order; the members of a group take turns.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.notifications.courier import Delivered, Outcome, OutcomeUnknown
from bot.platforms.telegram.departure import CURRENT, Departure
from bot.platforms.telegram.inbound.inbox import ClaimedUpdate, Inbox, TakenByAnother, UpdateState
from bot.platforms.telegram.inbound.turns import full_senders, turn_of
from bot.platforms.telegram.outbound.rate_limiter import Postponed, RateLimiter
from core.errors import Unavailable

ATTEMPTS = 10
"""Number of attempts, each ended by the end of the process, after which an update is abandoned."""

_IDLE_SECONDS = 5.0
_LINGER_SECONDS = 2.0
_PAUSE_SECONDS = 0.5
_TRIM_SECONDS = 600.0
_MOST_TURNS = 500
"""Number of last turns in groups that are remembered; a member whose turn is forgotten counts as not served yet."""

_log = logging.getLogger(__name__)

Handle = Callable[[ClaimedUpdate], Awaitable[Outcome | None]]


class Workers:
    """Workers for at most `max_workers` lanes at once. `wake` signals new updates.

    A quarter of them serve private chats only, so that no number of groups delays an answer in private. A lane waits
    in the inbox, without a worker, until its chat may be written to.
    """

    def __init__(
        self,
        inbox: Inbox,
        handle: Handle,
        give_up: Handle,
        doubt: Handle,
        refuse: Handle,
        *,
        max_workers: int,
        pace: RateLimiter | None = None,
    ) -> None:
        """`handle` answers one update and returns the outcome, None if no answer was due.

        The other functions only send a notice: `give_up` that the update could not be answered, `doubt` that it is
        unknown whether the whole answer arrived, `refuse` that too many updates of its sender are waiting. `pace` is
        the rate limiter of the answers.
        """
        self._inbox = inbox
        self._handle = handle
        self._give_up = give_up
        self._doubt = doubt
        self._refuse = refuse
        self._max_workers = max_workers
        self._most_public = max_workers - (max(1, max_workers // 4) if max_workers > 1 else 0)
        self._woken = asyncio.Event()
        self._busy: dict[str, str] = {}  # the sender of the update being answered, by lane
        self._turns: dict[tuple[str, str], None] = {}  # in public chats, the last one at the end
        self._postponed = Postponed(pace or RateLimiter())

    def wake(self) -> None:
        """Signals that there may be updates."""
        self._woken.set()

    async def run(self) -> None:
        """Processes updates until cancelled. Requires the lease."""
        await self._interrupt()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._trim())
            while True:
                self._woken.clear()
                full = full_senders(self._busy.values())
                for taken in await self._take():
                    self._busy[taken.lane] = taken.sender
                    group.create_task(self._answer(taken))
                if not full_senders(self._busy.values()) <= full:  # other members of their groups are taken now
                    self.wake()
                if not self._woken.is_set():
                    await self._sleep()

    async def _interrupt(self) -> None:
        """Marks interrupted answers before any update is taken, so that none is sent twice."""
        while True:
            try:
                return await self._inbox.interrupt()
            except Unavailable as error:
                _log.warning("the inbox cannot be read: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _sleep(self) -> None:
        """Waits for updates, at most until a lane that was left out may be taken."""
        try:
            async with asyncio.timeout(self._postponed.seconds(_IDLE_SECONDS)):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _take(self) -> list[ClaimedUpdate]:
        room = self._max_workers - len(self._busy)
        if room <= 0:
            return []
        left_out = {*self._busy, *self._postponed.chats()}
        public = sum(lane.startswith("-") for lane in self._busy)
        try:
            taken = await self._inbox.take(
                sorted(left_out),
                room,
                senders=list(self._busy.values()),
                public_limit=max(self._most_public - public, 0),
                served=list(self._turns),
            )
        except Unavailable as error:
            _log.warning("the inbox cannot be read: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)
            self.wake()
            return []
        for update in taken:
            self._postponed.taken(update.lane)
            if update.lane.startswith("-"):
                self._serve(turn_of(update.lane, update.sender))
        return taken

    def _serve(self, turn: tuple[str, str]) -> None:
        """Records the turn as the last one."""
        self._turns.pop(turn, None)
        self._turns[turn] = None
        if len(self._turns) > _MOST_TURNS:
            del self._turns[next(iter(self._turns))]

    async def _answer(self, taken: ClaimedUpdate) -> None:
        departure = Departure(lambda: self._inbox.mark_sending(taken))
        answering = asyncio.create_task(self._one(taken, departure))
        try:
            await asyncio.shield(answering)
        except asyncio.CancelledError:
            if (
                departure.leaving
            ):  # a short wait usually completes the answer, which avoids a notice that it may be missing
                await asyncio.wait({answering}, timeout=_LINGER_SECONDS)
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            raise
        finally:
            self._busy.pop(taken.lane, None)
            self.wake()

    async def _one(self, taken: ClaimedUpdate, departure: Departure) -> None:
        CURRENT.set(departure)  # of this task alone
        try:
            state, reason = await self._ended(taken)
        except TakenByAnother:
            _log.warning("update %d is answered by another process", taken.update_id)
            return
        await self._finish(taken, state, reason)

    async def _ended(self, taken: ClaimedUpdate) -> tuple[UpdateState, str]:
        given_up = taken.attempts > ATTEMPTS
        try:
            if taken.interrupted and not given_up:
                await self._doubt(taken)
                return UpdateState.UNCERTAIN, "the desk stopped while it sent the answer"
            answer = self._give_up if given_up else self._refuse if taken.crowded else self._handle
            outcome = await answer(taken)
            if isinstance(outcome, OutcomeUnknown) and answer is self._handle:
                await self._doubt(taken)
        except TakenByAnother:
            raise
        except Exception:  # noqa: BLE001 - one update must not end the others; reported by the log and its state
            _log.exception("update %d failed", taken.update_id)
            return UpdateState.DEAD, "failed"
        if given_up or taken.crowded:
            reason = "given up" if given_up else "crowded"
            _log.log(logging.ERROR if given_up else logging.WARNING, "update %d: %s", taken.update_id, reason)
            return UpdateState.DEAD, reason
        match outcome:
            case None | Delivered():
                return UpdateState.DONE, ""
            case OutcomeUnknown(reason):
                return UpdateState.UNCERTAIN, reason
            case _:
                _log.warning("the answer to update %d was not delivered: %s", taken.update_id, outcome.reason)
                return UpdateState.DEAD, outcome.reason

    async def _finish(self, taken: ClaimedUpdate, state: UpdateState, reason: str) -> None:
        """Retries until the result is written. An unfinished update would be answered again only after a restart."""
        while True:
            try:
                return await self._inbox.finish(taken, state, reason)
            except Unavailable:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _trim(self) -> None:
        while True:
            try:
                await self._inbox.trim()
            except Unavailable as error:
                _log.warning("the inbox was not trimmed: %s", type(error).__name__)
            await asyncio.sleep(_TRIM_SECONDS)
