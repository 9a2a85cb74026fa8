"""Price feeds: a message in a channel or topic that is edited while prices move.

There is one runner per platform; a feed's turn is claimed in the database, so that exactly one of several desks edits.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import assert_never

from bot.context import Context, Services
from bot.groups.ports import FeedState
from bot.groups.postgres import FeedTurn, PostgresGroups
from bot.inbound import Inbound
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
from bot.notifications.dispatcher import always_ready
from bot.reply import Block, Reply, Text, Tone
from bot.settings import BotSettings
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from bot.views.buttons import ROW, rows
from bot.views.prices import price_button, quotes_table, source_note, stale_note, symbol_status
from core.errors import DatabaseUnavailable, DeskError
from core.time_zones import known_zone
from people.person import Language, Person

POLL_SECONDS = 1.0
EDITS_A_SECOND = 3.0
"""Most edits a second over all feeds of a platform; far below any platform's limit, so that answers are not delayed."""

AT_ONCE = 4
MAX_POSTS = 3
"""Number of messages that could not be edited afterwards, at which a feed ends; further posts would flood the chat."""

REPOST_SECONDS = 60.0
_DELIVER_SECONDS = 120.0
_REMEMBERED = 10_000

log = logging.getLogger(__name__)


class FeedWriter:
    """Writer of the current message of a feed."""

    def __init__(self, services: Services, catalogs: Mapping[Language, Catalog]) -> None:
        self._services = services
        self._catalogs = catalogs

    async def prices(self, turn: FeedTurn) -> tuple[Reply, str]:
        """Returns the message, and a text that differs if the message is worth an edit. Raises DeskError."""
        ctx = self._context(turn)
        known = set(ctx.market.symbols())
        symbols = [symbol for symbol in turn.symbols if symbol in known]
        quotes = await ctx.market.quotes(symbols) if symbols else {}
        table = quotes_table(list(turn.symbols), quotes, ctx)
        shown = list(quotes.values())
        noted = tuple(sorted((q.symbol, q.stale, symbol_status(q.symbol, ctx)) for q in shown))
        time = ctx.format.moment(ctx.market.now())
        blocks: tuple[Block, ...] = (
            Text(ctx.text("feed-title"), Tone.TITLE),
            table,
            *stale_note(shown, ctx),
            *source_note(ctx),
            Text(ctx.text("feed-time", time=time, zone=str(ctx.format.zone)), Tone.NOTE),
            *rows([price_button(symbol, ctx) for symbol in symbols[:ROW]]),
        )
        return Reply(blocks), repr((table.rows, noted, ctx.catalog.language, str(ctx.format.zone)))

    def farewell(self, turn: FeedTurn) -> Reply:
        """Returns the last message of a feed that ended."""
        return Reply((Text(self._context(turn).text("feed-ended")),))

    def _context(self, turn: FeedTurn) -> Context:
        settings = self._services.settings
        person = Person(0, turn.language or settings.language, known_zone(turn.timezone or settings.timezone))
        request = f"feed:{turn.feed_id}"
        return Context(
            inbound=Inbound(turn.group.platform, "", request, "", chat_id=turn.chat_id, public=True),
            request_id=request,
            person=person,
            catalog=self._catalogs[person.language],
            catalogs=self._catalogs,
            format=Formatter(person.language, person.timezone),
            services=self._services,
            commands=(),
        )


class FeedRunner:
    """Updater of the feeds of one platform."""

    def __init__(
        self,
        groups: PostgresGroups,
        writer: FeedWriter,
        courier: Courier,
        settings: BotSettings,
        *,
        ready: Callable[[], Awaitable[None]] = always_ready,
        held: PostponedChats | None = None,
        edits_a_second: float = EDITS_A_SECOND,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """`ready` is awaited before each claim. `held` are the chats that may not be written to yet."""
        self._groups = groups
        self._writer = writer
        self._courier = courier
        self._every = float(settings.feed_seconds)
        self._ready = ready
        self._held = held or NonePostponed()
        self._under_way: dict[str, str] = {}  # groups, with their keepers
        self._gap = 1 / edits_a_second
        self._poll = poll_seconds
        self._shown: OrderedDict[int, tuple[str, str]] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Runs until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._ready()
                claimed = await self._claim()
                for turn in claimed:
                    await self._turns.acquire()
                    group.create_task(self._take_safely(turn))
                    await asyncio.sleep(self._gap)
                if not claimed:
                    await asyncio.sleep(self._poll)

    async def _claim(self) -> list[FeedTurn]:
        left_out, keepers = {*self._held.chats(), *self._under_way}, list(self._under_way.values())
        try:
            claimed = await self._groups.claim(self._courier.platform, AT_ONCE, left_out, keepers)
        except DatabaseUnavailable:
            log.warning("the price feeds wait: PostgreSQL does not answer")
            return []
        for turn in claimed:
            self._held.taken(turn.group.group_id)
            self._under_way[turn.group.group_id] = turn.keeper
        return claimed

    async def _take_safely(self, turn: FeedTurn) -> None:
        """Takes the turn, and logs errors. A turn expires by itself, so one that fails here is not lost."""
        try:
            await self._take(turn)
        except DatabaseUnavailable:
            log.warning("feed %d: PostgreSQL does not answer", turn.feed_id)
        except Exception:
            log.exception("feed %d", turn.feed_id)
        finally:
            self._under_way.pop(turn.group.group_id, None)
            self._turns.release()

    async def _take(self, turn: FeedTurn) -> None:
        if turn.state is FeedState.ENDING:
            await self._end(turn)
            return
        try:
            reply, essence = await self._writer.prices(turn)
        except DeskError as error:
            log.warning("feed %d has no prices: %s", turn.feed_id, error.code())
            await self._groups.shown(turn, turn.message_id, turn.posts, self._every)
            return
        if not turn.message_id:
            await self._post(turn, reply, essence)
        elif self._shown.get(turn.feed_id) == (turn.message_id, essence):
            await self._groups.shown(turn, turn.message_id, turn.posts, self._every)
        else:
            await self._edit(turn, reply, essence)

    async def _end(self, turn: FeedTurn) -> None:
        self._shown.pop(turn.feed_id, None)
        if turn.message_id:  # the feed ends with any outcome
            await self._reach(self._courier.edit(turn.chat_id, turn.message_id, self._writer.farewell(turn)))
        await self._groups.ended(turn, "")

    async def _edit(self, turn: FeedTurn, reply: Reply, essence: str) -> None:
        outcome = await self._reach(self._courier.edit(turn.chat_id, turn.message_id, reply))
        match outcome:
            case Delivered():
                self._remember(turn.feed_id, turn.message_id, essence)
                await self._groups.shown(turn, turn.message_id, 0, self._every)
            case PermanentFailure(reason, chat_gone=True):
                await self._off(turn, reason)
            case PermanentFailure(reason) if turn.posts >= MAX_POSTS:
                await self._off(turn, reason)
            case PermanentFailure():  # deleted, or too old to be edited
                await self._post(turn, reply, essence)
            case RetryLater() | OutcomeUnknown():
                await self._groups.shown(turn, turn.message_id, turn.posts, self._later(outcome))
            case _:
                assert_never(outcome)

    async def _post(self, turn: FeedTurn, reply: Reply, essence: str) -> None:
        deliver = self._courier.deliver(turn.chat_id, reply, nonce=turn.nonce, silent=True)
        outcome = await self._reach(deliver)
        match outcome:
            case Delivered(message_id):
                self._remember(turn.feed_id, message_id, essence)
                again = turn.posts > 0 or bool(turn.message_id)
                seconds = max(REPOST_SECONDS, self._every) if again else self._every
                await self._groups.shown(turn, message_id, turn.posts + 1, seconds)
            case PermanentFailure(reason):
                await self._off(turn, reason)
            case OutcomeUnknown(reason) if turn.posts >= MAX_POSTS:
                await self._off(turn, reason)
            case OutcomeUnknown():
                await self._groups.shown(turn, turn.message_id, turn.posts + 1, self._later(outcome))
            case RetryLater():
                await self._groups.shown(turn, turn.message_id, turn.posts, self._later(outcome))
            case _:
                assert_never(outcome)

    async def _off(self, turn: FeedTurn, reason: str) -> None:
        log.warning("feed %d is off: %s", turn.feed_id, reason)
        self._shown.pop(turn.feed_id, None)
        await self._groups.ended(turn, reason)

    async def _reach(self, call: Awaitable[Outcome]) -> Outcome:
        try:
            async with asyncio.timeout(_DELIVER_SECONDS):
                return await call
        except TimeoutError:
            return OutcomeUnknown(f"no answer in {_DELIVER_SECONDS:.0f} s")

    def _later(self, outcome: RetryLater | OutcomeUnknown) -> float:
        return max(self._every, outcome.retry_seconds if isinstance(outcome, RetryLater) else REPOST_SECONDS)

    def _remember(self, feed_id: int, message_id: str, essence: str) -> None:
        self._shown[feed_id] = (message_id, essence)
        self._shown.move_to_end(feed_id)
        if len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)
