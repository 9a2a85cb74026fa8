"""Platforms of a running desk: the console, and those whose tokens are set.

Each platform is imported when it is opened: a desk without it starts faster and is smaller.
"""

import random
import sys
from functools import partial
from os import environ

from app.connections.market import market_line
from app.engines import Engines
from app.errors import NoPlatform
from app.ops.garbage import settle
from app.sentences import start_sentence
from app.settings import Settings
from app.wiring.desk import OpenDesk, open_bot, open_desk
from app.wiring.start_lines import SayLine, StartLines
from app.wiring.supervision import Supervisor
from bot.command import for_everyone
from bot.commands import COMMANDS
from bot.platforms.console.locale_hints import language_hint, timezone_hint
from core.clock import wall_clock
from people.person import Language


async def run_console(settings: Settings, engines: Engines) -> None:
    """Runs the desk in the terminal, along with the platforms; returns when the user leaves.

    Raises StartError and the error of a service that cannot continue.
    """
    from bot.platforms.console.courier import ConsoleCourier  # noqa: PLC0415
    from bot.platforms.console.handler import PLATFORM, Console, LocalUser  # noqa: PLC0415

    visitor = LocalUser(language_hint(environ, settings.bot.language), settings.bot.timezone or timezone_hint())
    async with open_desk(settings, engines, visitor.language) as desk:
        open_platforms(settings, engines, desk, supervisor_of(desk, visitor.language))
        courier = ConsoleCourier()
        desk.push.through(courier, courier.ready)
        people = desk.services.people

        async def language() -> Language:
            person = await people.find(PLATFORM, visitor.external_id)
            return person.language if person else visitor.language

        text, variables = market_line(desk.market.info(), desk.unreachable)
        console = Console(
            desk.router,
            desk.catalogs,
            visitor,
            language_of=language,
            market=desk.catalogs[await language()].text(text, **variables),
            source_note=lambda: desk.market.info().label,
            data_dir=settings.data_dir,
            clock=wall_clock,
            courier=courier,
        )
        await console.run()


async def run_platforms(settings: Settings, engines: Engines) -> None:
    """Runs the desk on its platforms, without a console, until it receives a signal to end.

    Raises NoPlatform without a token, and the error that stopped the last platform.
    """
    language = language_hint(environ, settings.bot.language)
    async with open_desk(settings, engines, language) as desk:
        say = StartLines(desk.catalogs[language], sys.stderr).add
        text, variables = market_line(desk.market.info(), desk.unreachable)
        say(text, **variables)
        supervisor = supervisor_of(desk, language)
        if not open_platforms(settings, engines, desk, supervisor, say):
            raise NoPlatform
        await supervisor.wait()


async def run_bot(settings: Settings, engines: Engines) -> None:
    """Runs the platforms only, while other processes run the pipeline.

    Raises NoPlatform without a token, and the error that stopped the last platform.
    """
    if not (settings.telegram.token.get_secret_value() or settings.discord.token.get_secret_value()):
        raise NoPlatform
    language = language_hint(environ, settings.bot.language)
    async with open_bot(settings, engines) as desk:
        say = StartLines(desk.catalogs[language], sys.stderr).add
        text, variables = market_line(desk.market.info(), desk.unreachable)
        say(text, **variables)
        supervisor = supervisor_of(desk, language)
        open_platforms(settings, engines, desk, supervisor, say)
        await supervisor.wait()


def supervisor_of(desk: OpenDesk, language: Language) -> Supervisor:
    """Returns the supervisor of the desk's platforms; `language` is that of its messages to the operator."""
    catalog = desk.catalogs[language]
    jitter = random.Random()  # noqa: S311 - spreads restarts, guards nothing
    return Supervisor(
        desk.running, desk.services.operating.platforms, jitter, lambda error: start_sentence(error, catalog)
    )


def _say_nothing(text: str, **variables: str | int) -> None:
    """Prints nothing: the console has its own greeting, and no line may interrupt its prompt."""


def open_platforms(
    settings: Settings, engines: Engines, desk: OpenDesk, supervisor: Supervisor, say: SayLine = _say_nothing
) -> int:
    """Starts the service and the notifications of each platform that has a token. Returns the number of platforms.

    `say` is called with a line about each platform that is connected.
    """
    opened = 0
    if settings.telegram.token.get_secret_value():
        _open_telegram(settings, engines, desk, supervisor, say)
        opened += 1
    if settings.discord.token.get_secret_value():
        _open_discord(settings, desk, supervisor, say)
        opened += 1
    return opened


def _open_telegram(settings: Settings, engines: Engines, desk: OpenDesk, supervisor: Supervisor, say: SayLine) -> None:
    from bot.platforms.telegram.deep_links import link_to  # noqa: PLC0415
    from bot.platforms.telegram.errors import TelegramTokenRefused  # noqa: PLC0415
    from bot.platforms.telegram.service import TelegramService  # noqa: PLC0415

    def connected(name: str) -> None:
        desk.services.addresses.on_telegram(partial(link_to, name))
        settle()
        say("start-telegram-connected", name=name)

    service = TelegramService(
        settings.telegram,
        desk.router,
        desk.services.people,
        desk.database,
        engines.postgres_dsn,
        catalogs=desk.catalogs,
        clock=wall_clock,
        language=settings.bot.language,
        timezone=settings.bot.timezone,
        operators=settings.operators.operators().on("telegram"),
        on_connected=connected,
    )
    supervisor.run("telegram", service.run, (TelegramTokenRefused,))
    desk.push.through(service.courier, service.ready, service.held)


def _open_discord(settings: Settings, desk: OpenDesk, supervisor: Supervisor, say: SayLine) -> None:
    from bot.platforms.discord.errors import DiscordRefused, DiscordTokenRefused  # noqa: PLC0415
    from bot.platforms.discord.interaction_store import RedisInteractionStore  # noqa: PLC0415
    from bot.platforms.discord.service import DiscordService  # noqa: PLC0415

    platforms = desk.services.operating.platforms

    def connected(name: str, servers: int) -> None:
        platforms.running("discord")
        desk.services.addresses.on_discord(name)
        settle()
        say("start-discord-connected", name=name, count=servers)

    service = DiscordService(
        desk.router,
        desk.catalogs,
        COMMANDS if settings.operators.discord else for_everyone(COMMANDS),
        token=settings.discord.token.get_secret_value(),
        api_url=settings.discord.api_url,
        gateway_url=settings.discord.gateway_url,
        memory=RedisInteractionStore(desk.redis, desk.codes),
        clock=wall_clock,
        quote_asset=desk.market.info().quote_asset,
        language=settings.bot.language,
        timezone=settings.bot.timezone or "UTC",
        recall=desk.services.acquaintances.recall,
        on_trouble=lambda reason: platforms.restarting("discord", reason),
        on_connected=connected,
    )
    supervisor.run("discord", service.run, (DiscordTokenRefused, DiscordRefused))
    desk.push.through(service.courier, service.ready)
