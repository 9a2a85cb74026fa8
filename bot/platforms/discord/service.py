"""Discord service: logs in, maintains the gateway connection, and restarts after failures."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.command import Command
from bot.platforms.discord.courier import DiscordCourier
from bot.platforms.discord.endpoints import allow_no_mentions, point_library_at
from bot.platforms.discord.errors import DiscordRefused, DiscordTokenRefused
from bot.platforms.discord.handler import InteractionHandler
from bot.platforms.discord.identify_limit import IdentifyBudget
from bot.platforms.discord.inbound.slash_commands import CommandTranslator, fill, fingerprint
from bot.platforms.discord.interaction_store import InteractionStore
from bot.platforms.discord.ports import DiscordRouter, Recall, no_recall
from bot.platforms.discord.rate_limit import LONGEST_WAIT, install_rate_limits
from bot.platforms.discord.refusals import ProxyRefusal, install_refusals
from bot.ui.texts import Catalog
from core.clock import Clock
from people.person import Language

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_HOOK_SECONDS = 45.0
"""Time limit of the hook: the library gives a shard a minute to connect and to receive the greeting."""

_HEARTBEAT_SECONDS = 60.0
_LONGEST_RATE_LIMIT = 3600.0
_TOKEN_REFUSED = 4004
_UNAUTHORISED = 401
_FEW_SESSIONS = 5
_INSIST_SECONDS = 5.0
_log = logging.getLogger(__name__)


class DiscordService:
    """Discord bot. `run` is a task of the application; `courier` delivers notifications."""

    def __init__(
        self,
        router: DiscordRouter,
        catalogs: Mapping[Language, Catalog],
        commands: tuple[Command, ...],
        *,
        token: str,
        api_url: str,
        gateway_url: str,
        memory: InteractionStore,
        clock: Clock,
        quote_asset: str,
        language: Language = Language.ENGLISH,
        timezone: str = "UTC",
        jitter: random.Random | None = None,
        first_pause: float = _FIRST_PAUSE,
        heartbeat_seconds: float = _HEARTBEAT_SECONDS,
        recall: Recall = no_recall,
        on_trouble: Callable[[str], None] = lambda _reason: None,
        on_connected: Callable[[str, int], None] = lambda _name, _servers: None,
    ) -> None:
        """`language` and `timezone` apply to users whose client names none. `jitter` spreads restarts.

        `recall` returns a cached user without a query. `on_trouble` is called with the error that ended a session.
        `on_connected` is called with the bot's name and its number of servers whenever the gateway is ready. A gateway
        that is silent for `heartbeat_seconds` is considered dead, even if its connection appears open.
        """
        self._token = token
        self._urls = (api_url, gateway_url)
        self._adapter = InteractionHandler(
            router,
            catalogs,
            commands,
            memory,
            clock,
            language=language,
            timezone=timezone,
            unit=quote_asset.lower(),
            recall=recall,
        )
        self._catalogs = catalogs
        self._commands = commands
        self._memory = memory
        self._language = language
        self._unit = quote_asset.lower()
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads restarts, guards nothing
        self._first_pause = first_pause
        self._heartbeat_seconds = heartbeat_seconds
        self._on_trouble = on_trouble
        self._on_connected = on_connected
        self._budget = IdentifyBudget(time.monotonic())
        self._client: _Client | None = None
        self._logged_in = asyncio.Event()
        self.courier = DiscordCourier(lambda: self._client)

    async def run(self) -> None:
        """Serves until cancelled. Raises DiscordTokenRefused and DiscordRefused, which a restart cannot fix."""
        _keep_secrets_out_of_logs()
        point_library_at(*self._urls)
        install_rate_limits()
        install_refusals()
        pause = self._first_pause
        while True:
            started = time.monotonic()
            wanted = await _to_its_end(self._session())
            if time.monotonic() - started > _LONGEST_PAUSE:
                pause = self._first_pause
            await asyncio.sleep(max(wanted, pause * self._jitter.uniform(0.5, 1.0)))
            pause = min(_LONGEST_PAUSE, 2 * pause)

    async def ready(self) -> None:
        """Waits until the bot is logged in; earlier notifications would fail."""
        await self._logged_in.wait()

    async def _session(self) -> float:
        """Runs one client from login to its end. Returns the seconds to wait as requested by Discord.

        Raises DiscordTokenRefused and DiscordRefused. Errors of the library for an unreadable payload end the session
        and lead to a new one.
        """
        client = _Client(self._adapter, self._budget, self._memory, self._heartbeat_seconds, self._on_connected)
        translator = CommandTranslator(self._catalogs, self._unit)
        await client.tree.set_translator(translator)
        adapter = self._adapter
        fill(
            client.tree,
            self._commands,
            self._catalogs[self._language],
            self._unit,
            run=adapter.run,
            suggest=adapter.suggest,
        )
        try:
            async with client:
                try:
                    await client.login(self._token)
                    self._client = client
                    self._logged_in.set()
                    await client.connect()
                finally:
                    await adapter.close()
        except discord.LoginFailure as error:
            self._on_trouble(_refused_by(error))
            _log.warning("discord: a proxy refused the login, restarting")
        except discord.PrivilegedIntentsRequired:
            raise DiscordRefused(4014) from None
        except discord.ConnectionClosed as error:
            if error.code == _TOKEN_REFUSED:
                raise DiscordTokenRefused from None
            raise DiscordRefused(error.code) from None
        except discord.HTTPException as error:
            if error.status == _UNAUTHORISED and not isinstance(error, ProxyRefusal):
                raise DiscordTokenRefused from None
            self._on_trouble(f"HTTP {error.status}")
            _log.warning("discord: %s, restarting", error.status)
        except discord.RateLimited as error:
            self._on_trouble(type(error).__name__)
            _log.warning("discord: %r, restarting", error)
            return min(error.retry_after, _LONGEST_RATE_LIMIT)
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            self._on_trouble(type(error).__name__)
            _log.warning("discord: %r, restarting", error)
        except Exception as error:  # noqa: BLE001 - any error of the library for a payload is handled by a new session
            self._on_trouble(type(error).__name__)
            _log.exception("discord: %s, restarting", type(error).__name__)
        finally:
            self._client = None
            self._logged_in.clear()
        return 0.0


def _refused_by(error: discord.LoginFailure) -> str:
    """Returns the name of a proxy's refusal of the login. Raises DiscordTokenRefused for one of Discord."""
    if not isinstance(error.__cause__, ProxyRefusal):
        raise DiscordTokenRefused from None
    return type(error.__cause__).__name__


async def _to_its_end(session: Coroutine[Any, Any, float]) -> float:
    """Awaits the session. If cancelled, cancels it repeatedly until it has ended.

    One cancellation may not suffice: the library connects inside `asyncio.wait_for`, which before Python 3.12 loses a
    cancellation that arrives together with the answer (gh-86296).
    """
    task, patience = asyncio.create_task(session), _INSIST_SECONDS
    try:
        await asyncio.wait({task})
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=patience)
            patience *= 10  # connections may be closing
        if not task.cancelled():
            task.exception()  # marks the exception as retrieved, even if a cancellation is raised
    return task.result()


class _Tree(app_commands.CommandTree["_Client"]):
    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Reports commands and options that no longer exist: Discord may offer old ones for a while."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            _log.info("%s", error)
            await interaction.client.desk.gone(interaction)
        else:
            _log.error("a command failed", exc_info=error)


class _Client(discord.AutoShardedClient):
    """Client without intents: interactions arrive without any."""

    def __init__(
        self,
        desk: InteractionHandler,
        budget: IdentifyBudget,
        memory: InteractionStore,
        heartbeat_seconds: float,
        on_connected: Callable[[str, int], None],
    ) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=allow_no_mentions(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.0,
            heartbeat_timeout=heartbeat_seconds,
        )
        self.desk = desk
        self.tree = _Tree(self)
        self._budget = budget
        self._memory = memory
        self._on_connected = on_connected

    async def setup_hook(self) -> None:
        """Publishes the commands and resumes unanswered interactions, before the gateway connects."""
        limits = await self.fetch_session_start_limits()
        if limits.remaining <= _FEW_SESSIONS:
            _log.error("discord: only %d sessions left, waiting for new ones", limits.remaining)
            await asyncio.sleep(limits.reset_after / 1000)
        await self._publish()
        self.desk.resume(self)

    async def _publish(self) -> None:
        """Sends the commands if they changed. If Discord refuses them, the bot serves the old ones."""
        translator = self.tree.translator
        if translator is None:
            return
        made = f"{self.application_id}:{await fingerprint(self.tree, translator)}"
        if await self._memory.fingerprint() == made:
            return
        try:
            await self.tree.sync()
        except (discord.HTTPException, discord.RateLimited, app_commands.CommandSyncFailure):
            _log.exception("the slash commands could not be sent")
        else:
            await self._memory.set_fingerprint(made)

    async def on_ready(self) -> None:
        """Reports the connection; called by the library whenever all shards are connected."""
        self._on_connected(str(self.user), len(self.guilds))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Waits until an IDENTIFY is allowed. Raises TimeoutError, after which the library pauses."""
        await super().before_identify_hook(shard_id, initial=initial)
        wait = self._budget.wait(time.monotonic())
        if wait > _HOOK_SECONDS:
            self._budget.give_back()
            await asyncio.sleep(_HOOK_SECONDS)
            raise TimeoutError
        if wait:
            _log.warning("discord: greeting the gateway too often, waiting %.0f s", wait)
            await asyncio.sleep(wait)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Handles button presses and forms; the tree handles all other interactions."""
        if interaction.type is discord.InteractionType.component:
            await self.desk.press(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self.desk.submit(interaction)


def _keep_secrets_out_of_logs() -> None:
    """Raises the level of loggers that at DEBUG write events and addresses with interaction tokens."""
    for name in ("discord.http", "discord.gateway", "discord.webhook", "discord.webhook.async_", "discord.client"):
        logging.getLogger(name).setLevel(logging.INFO)
