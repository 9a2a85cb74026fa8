"""Telegram service: `run` ends only by an exception."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from bot.command import Command, for_everyone
from bot.commands import COMMANDS
from bot.platforms.telegram.chats import ChatLifecycle
from bot.platforms.telegram.client import Client, open_client, token_refused
from bot.platforms.telegram.command_menu import publish
from bot.platforms.telegram.courier import TelegramCourier
from bot.platforms.telegram.errors import TelegramSecretMissing, TelegramSocketExposed, TelegramTokenRefused
from bot.platforms.telegram.handler import HandlerSettings, UpdateHandler
from bot.platforms.telegram.inbound.inbox import CHANNEL, Inbox
from bot.platforms.telegram.inbound.polling import Poller
from bot.platforms.telegram.inbound.receive import KINDS
from bot.platforms.telegram.inbound.webhook import is_exposed, webhook
from bot.platforms.telegram.inbound.workers import Workers
from bot.platforms.telegram.outbound.rate_limiter import Postponed, RateLimiter
from bot.platforms.telegram.outbound.send import Sender
from bot.platforms.telegram.ports import TelegramRouter
from bot.platforms.telegram.settings import TelegramSettings
from bot.ui.texts import Catalog
from core.clock import Clock
from core.database import Database
from core.leader_election import run_as_leader
from people.person import Language, People

if TYPE_CHECKING:
    import asyncpg

_RETRY_SECONDS = 2.0
_LONGEST_RETRY = 60.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""Format of secrets that Telegram accepts."""

_log = logging.getLogger(__name__)


class TelegramService:
    """Telegram bot. `courier` delivers notifications while it is connected."""

    def __init__(
        self,
        settings: TelegramSettings,
        router: TelegramRouter,
        people: People,
        database: Database,
        dsn: str,
        *,
        catalogs: Mapping[Language, Catalog],
        clock: Clock,
        language: Language = Language.ENGLISH,
        timezone: str = "",
        commands: tuple[Command, ...] = COMMANDS,
        operators: Sequence[int] = (),
        pace: RateLimiter | None = None,
        on_connected: Callable[[str], None] = lambda _name: None,
    ) -> None:
        """`dsn` is used for the lease, on a separate connection.

        `language` and `timezone` apply to users without hints. `operators` have a separate command menu. `on_connected`
        is called with the bot's name when Telegram has accepted the token. Raises TelegramSecretMissing and
        TelegramSocketExposed.
        """
        if settings.webhook_url and not _SECRET.fullmatch(settings.webhook_secret.get_secret_value()):
            raise TelegramSecretMissing
        if settings.webhook_url and settings.webhook_socket and is_exposed(settings.webhook_socket):
            raise TelegramSocketExposed(settings.webhook_socket)
        self._settings = settings
        self._catalogs = catalogs
        self._commands = commands
        self._operators = operators
        self._language = language
        self._dsn = dsn
        self._client: Client = open_client(settings)
        self._inbox = Inbox(database, max_waiting=settings.max_waiting, revoke=router.revoke)
        chats = ChatLifecycle(database)
        self._pace = pace = pace or RateLimiter()
        sender = Sender(self._client, pace, moved=chats.migrated)
        self.courier = TelegramCourier(sender)
        answerer = UpdateHandler(
            self._client,
            sender,
            self._inbox,
            router,
            people,
            chats=chats,
            catalogs=catalogs,
            commands=for_everyone(commands),  # operator commands are not recognised in groups
            clock=clock,
            manners=HandlerSettings(settings.late_seconds * 1000, language, timezone),
        )
        self._workers = Workers(
            self._inbox,
            answerer.handle,
            answerer.give_up,
            answerer.doubt,
            answerer.refuse,
            max_workers=settings.workers,
            pace=pace,
        )
        self._connection = asyncio.Event()
        self._on_connected = on_connected

    async def run(self) -> None:
        """Connects, and answers while this process holds the lease.

        Raises TelegramTokenRefused in an exception group.
        """
        async with self._connected(), asyncio.TaskGroup() as group:
            if self._settings.webhook_url:
                group.create_task(self._serve())  # every process receives updates; the one with the lease answers them
            group.create_task(
                run_as_leader(self._dsn, f"telegram:{self._client.id}", self._answer, listen=self._listen)
            )

    async def ready(self) -> None:
        """Waits until Telegram is connected; earlier notifications would fail."""
        await self._connection.wait()

    def held(self) -> Postponed:
        """Returns a view of the chats at Telegram's limits for one consumer of notifications."""
        return Postponed(self._pace)

    async def _listen(self, connection: "asyncpg.Connection[Any]") -> None:
        """Listens for updates that any process writes to the inbox."""
        await connection.add_listener(CHANNEL, lambda *_: self._workers.wake())
        self._workers.wake()

    async def _answer(self) -> None:
        """Answers updates. Requires the lease."""
        self._inbox.take_over()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._workers.run())
            group.create_task(publish(self._client, self._commands, self._catalogs, self._language, self._operators))
            group.create_task(self._receive())

    async def _receive(self) -> None:
        if self._settings.webhook_url:
            secret = self._settings.webhook_secret.get_secret_value()
            await self._until_done(
                lambda: self._client.set_webhook(self._settings.webhook_url, secret_token=secret, allowed_updates=KINDS)
            )
            await asyncio.Event().wait()
        await self._until_done(self._client.delete_webhook)
        poller = Poller(self._client, self._inbox, seconds=self._settings.poll_seconds, arrived=self._workers.wake)
        await poller.run()

    async def _until_done(self, call: Callable[[], Awaitable[object]]) -> None:
        """Repeats a call until it succeeds. Raises TelegramTokenRefused."""
        pause = _RETRY_SECONDS
        while True:
            try:
                await call()
            except TelegramError as error:
                if token_refused(error):
                    raise TelegramTokenRefused from None  # the original error contains the token
                _log.warning("Telegram does not answer: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_RETRY)
            else:
                return

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        try:
            await self._until_done(self._client.initialize)
            self._connection.set()
            self._on_connected(self._client.username)
            yield
        finally:
            self._connection.clear()
            await self._client.shutdown()

    async def _serve(self) -> None:
        """Runs the webhook's server until cancelled."""
        settings = self._settings
        secret = settings.webhook_secret.get_secret_value()
        place = settings.webhook_host, settings.webhook_port
        async with webhook(self._inbox.write, secret, *place, path=settings.webhook_socket):
            await asyncio.Event().wait()
