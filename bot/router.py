"""Router from one inbound line to one reply; every line gets a reply, even after an error."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from math import ceil
from typing import TypeVar

from bot.arguments.alert_levels import linked_alert
from bot.arguments.parser import CommandLine, bind, complete, find_command, names_an_order, read_line, readable_line
from bot.arguments.table import READERS
from bot.command import Command, for_everyone
from bot.commands import COMMANDS
from bot.context import Context, Services
from bot.conversation.understanding import not_understood, slashed, understand
from bot.conversation.vocabulary import Vocabulary
from bot.errors import CommandTimeout, MissingArgument, UnknownCommand
from bot.groups.errors import OF_THE_PLACE, RateLimited
from bot.groups.ports import Group
from bot.inbound import Inbound, PriceCard, Suggestion
from bot.middleware.group_permissions import asks_who_manages
from bot.middleware.leaked_link_codes import revoke
from bot.middleware.rate_limit import Cooldown, Refusal
from bot.reply import Buttons, Reply, Text, Tone
from bot.request import Request
from bot.ui.format import Formatter
from bot.ui.texts import Catalog, load_catalogs
from bot.views.buttons import button, rows
from bot.views.errors import refuse
from core.errors import DeskError, Unavailable
from core.time_zones import known_zone
from people.identity.codes import LinkCode
from people.person import Language, Person
from pipeline.errors import SymbolHalted
from trading.errors import NothingToSell

__all__ = ["COMMAND_SECONDS", "Check", "Inbound", "Router", "Suggestion"]

COMMAND_SECONDS = 20.0
_ALERT = "alert"
_ID_LIMIT = 100
_MAX_REFUSALS = 1000
_INCIDENT_BYTES = 6  # eight characters of base 64
_log = logging.getLogger(__name__)

Found = TypeVar("Found")

Check = Callable[[Command, Context], Awaitable[None]]
"""Check of whether a command may run for this user in this place; raises a DeskError that explains the refusal."""


class Router:
    """Router of inbound lines to commands; independent of platforms and drivers."""

    def __init__(
        self,
        services: Services,
        *,
        catalogs: Mapping[Language, Catalog] | None = None,
        commands: tuple[Command, ...] = COMMANDS,
        checks: tuple[Check, ...] = (),
        seconds: float = COMMAND_SECONDS,
        cooldown: Cooldown | None = None,
        rate_limit_exempt: frozenset[str] = frozenset(),
    ) -> None:
        """`checks` run before each command, in their order; `seconds` is the longest time of a command.

        `cooldown` limits the number of commands, except on the platforms that are `rate_limit_exempt`.

        Raises TypeError for a parameter that no reader reads.
        """
        self._services = services
        self._checks = checks
        self._catalogs = catalogs if catalogs is not None else load_catalogs()
        self._commands = commands
        self._for_everyone = for_everyone(commands)
        self._help = next((command for command in commands if command.name == "help"), None)
        self._vocabulary = Vocabulary(commands, self._catalogs)
        self._seconds = seconds
        self._cooldown = cooldown
        self._rate_limit_exempt = rate_limit_exempt
        self._refusals: dict[tuple[Language, int], Reply] = {}
        for command in commands:
            if unread := [entry.name for entry in command.parameters if entry.kind not in READERS]:
                raise TypeError(f"/{command.name}: nothing reads {unread}")

    async def answer(self, received: Inbound | Request) -> Reply:
        """Returns the reply; never raises. A DeskError is answered by its sentence, other errors by an incident id.

        An Inbound is read after the rate limit; an adapter that needs the command earlier passes the Request of `read`.
        """
        inbound = received.inbound if isinstance(received, Request) else received
        if refusal := self._too_fast(inbound):  # before any work
            return self._slow_down(refusal, inbound)
        request = received if isinstance(received, Request) else self.read(received)
        inbound = request.inbound
        self._charge(request)
        ctx = self._context(inbound, self._presumed(inbound))
        try:
            async with asyncio.timeout(self._seconds):
                ctx = self._context(inbound, await self._meet(inbound))
                return await self._run(ctx, request)
        except TimeoutError:
            return refuse(CommandTimeout(int(self._seconds)), ctx)
        except DeskError as error:
            return refuse(error, ctx)
        except Exception:  # noqa: BLE001 - the outermost handler: logged with its traceback, reported to the user as an incident
            incident = self._services.tokens.token_urlsafe(_INCIDENT_BYTES)
            _log.exception("incident %s", incident)
            return Reply((Text(ctx.text("incident", id=incident), Tone.WARNING),))

    async def _run(self, ctx: Context, request: Request) -> Reply:
        line, command = request.line, request.command
        try:
            line, command = await self._understood(request, ctx)
            reply = await self._checked(command, line, ctx)
        except OF_THE_PLACE as error:
            told = isinstance(error, RateLimited) and error.repeated
            # Another argument would not help.
            return replace(refuse(error, ctx, line, command), asks="", repeated=told)
        except DeskError as error:
            reply = await self._asked(error, refuse(error, ctx, line, command), ctx, line, command)
        secret = command is not None and command.private and not (command.shareable and ctx.person.public)
        return replace(reply, private=True) if secret and not reply.in_place else reply

    async def _understood(self, request: Request, ctx: Context) -> tuple[CommandLine, Command]:
        """Returns the line and its command. A line that is not understood is checked like /help, which its answer
        resembles, before the error is raised.
        """
        try:
            line = request.line or read_line(request.inbound.text)  # raises the reading error again
            if request.inbound.linked and line.name == _ALERT:
                line = replace(line, words=linked_alert(line.words, ctx))
            return line, request.command or self._command(line, ctx)
        except DeskError:
            if self._help is not None:
                await self._check(self._help, ctx)
            raise

    async def _check(self, command: Command, ctx: Context) -> None:
        for check in self._checks:
            await check(command, ctx)

    async def _checked(self, command: Command, line: CommandLine, ctx: Context) -> Reply:
        ctx = replace(ctx, words=line.words)
        await self._check(command, ctx)
        return await command.run(ctx, *bind(command, line.words, ctx))

    async def _asked(
        self, error: DeskError, plain: Reply, ctx: Context, line: CommandLine | None, command: Command | None
    ) -> Reply:
        """Returns the command's question for the missing argument; the plain one if it has none or cannot ask now."""
        if command is None or command.ask is None or line is None or not isinstance(error, MissingArgument):
            return plain
        try:
            blocks = await command.ask(replace(ctx, words=line.words), error.parameter)
        except (SymbolHalted, NothingToSell) as hopeless:  # no answer to the question would help
            return refuse(hopeless, ctx, line, command)
        except DeskError:
            return plain
        rest = (block for block in plain.blocks[1:] if not isinstance(block, Buttons))
        words, buttons = (
            tuple(block for block in blocks if isinstance(block, Buttons) is there) for there in (False, True)
        )
        return replace(plain, blocks=(*words, *rest, *buttons)) if blocks else plain

    def _command(self, line: CommandLine, ctx: Context) -> Command:
        """Returns the command of the line. Raises UnknownCommand, and NotUnderstood for words without a slash."""
        try:
            return find_command(line, ctx.commands, pressed=ctx.inbound.pressed)
        except UnknownCommand:
            if ctx.inbound.pressed or slashed(ctx.inbound.text):
                raise
            raise not_understood(ctx.inbound.text, ctx, self._vocabulary) from None

    def read(self, inbound: Inbound) -> Request:
        """Returns the command line that the written text means, given the open question; never raises, makes no query.

        Adapters that need the command before the answer call it; `answer` calls it by itself.
        """
        person = self._presumed(inbound)
        try:
            inbound, line = understand(inbound, self._context(inbound, person), self._vocabulary)
        except DeskError:  # without a market no symbol is known: the line is answered as written
            inbound = replace(inbound, open_question="", closed=inbound.open_question)
            line = readable_line(inbound.text)
        command = self._named(line, inbound)
        shown = command is None or not command.private or (command.shareable and person.public)
        return Request(inbound, line, command, shown)

    def _named(self, line: CommandLine | None, inbound: Inbound) -> Command | None:
        if line is None:
            return None
        try:
            return find_command(line, self._known_to(inbound), pressed=inbound.pressed)
        except UnknownCommand:
            return None

    def _too_fast(self, inbound: Inbound) -> Refusal | None:
        if self._cooldown is None or inbound.platform in self._rate_limit_exempt:
            return None
        return self._cooldown.refusal(inbound, self._services.clock() / 1000)

    def _charge(self, request: Request) -> None:
        weight = 1 if request.command is None else request.command.weight
        if weight > 1 and self._cooldown is not None and request.inbound.platform not in self._rate_limit_exempt:
            self._cooldown.charge(request.inbound, weight - 1, self._services.clock() / 1000)

    def _slow_down(self, refusal: Refusal, inbound: Inbound) -> Reply:
        """Returns the refusal, which is built once for each language and number of seconds, so that a flood costs no
        work.
        """
        person, seconds = self._presumed(inbound), ceil(refusal.seconds)
        known = self._refusals.get((person.language, seconds))
        if known is None:
            known = refuse(RateLimited(seconds), self._context(replace(inbound, question=""), person))
            if len(self._refusals) < _MAX_REFUSALS:
                self._refusals[person.language, seconds] = known
        again = button(self._catalogs[person.language].text("button-try-again"), inbound.text)
        # The refusal may replace the pressed button, which must stay available.
        blocks = (*known.blocks, *rows([again])) if inbound.pressed else known.blocks
        return replace(known, blocks=blocks, repeated=refusal.repeated, asks=inbound.question or inbound.open_question)

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        """Revokes link codes that others could read (see `leaked_codes`). Raises DatabaseUnavailable."""
        await revoke(codes, self._services)

    async def asks_who_manages(self, request: Request) -> bool:
        """Returns whether the answer depends on `inbound.manager`, which may cost the adapter a call; never raises."""
        inbound = request.inbound
        if request.command is None or not inbound.group:
            return False
        try:
            return await asks_who_manages(request.command, self._context(inbound, self._presumed(inbound)))
        except DeskError:
            return False

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        """Returns completions of the last word of the unfinished `inbound.text`, best first; [] for a user who types
        too fast. Never raises.
        """

        async def work(ctx: Context) -> list[Suggestion]:
            if names_an_order(inbound.text, ctx):
                services = self._services
                person_id, now = ctx.person.person_id, services.clock()
                await services.open_orders.refresh(person_id, services.desk, services.orders, now)
            return complete(inbound.text, ctx)[:limit]

        return await self._while_typing(inbound, "suggestions", work)

    async def cards(self, inbound: Inbound, limit: int) -> list[PriceCard]:
        """Returns the prices of the symbols that begin like `inbound.text`, or like its first word, without those that
        are refused. Never raises. A query counts once, and does not register an unknown user.
        """
        words = inbound.text.split() or [""]

        async def work(ctx: Context) -> list[PriceCard]:
            lines = (f"price {''.join(words)}", f"price {words[0]}")  # names have no spaces here
            found = next((found for line in lines if (found := complete(line, ctx))), [])
            return [card for symbol in found[:limit] if (card := await self._card(symbol, ctx)) is not None]

        return await self._while_typing(replace(inbound, unpictured=True), "cards", work)

    async def _card(self, symbol: Suggestion, ctx: Context) -> PriceCard | None:
        try:
            line = read_line(f"price {symbol.text}")
            reply = await self._checked(self._command(line, ctx), line, ctx)
        except DeskError:
            return None
        return None if reply.private else PriceCard(symbol, reply)

    async def _while_typing(
        self, inbound: Inbound, what: str, work: Callable[[Context], Awaitable[list[Found]]]
    ) -> list[Found]:
        cooldown = None if inbound.platform in self._rate_limit_exempt else self._cooldown
        if cooldown is not None and not cooldown.admits_typing(inbound, what, self._services.clock() / 1000):
            return []
        try:
            async with asyncio.timeout(self._seconds):
                await self._services.turnover.refresh(self._services.market, self._services.clock())
                return await work(self._context(inbound, await self._known(inbound)))
        except (DeskError, TimeoutError):
            return []
        except Exception:  # noqa: BLE001 - logged; the user can continue to type without suggestions
            _log.exception("no %s", what)
            return []

    async def _known(self, inbound: Inbound) -> Person:
        """Returns the user, or one made of the hints in `inbound` if the user is unknown or the ledger is down:
        suggestions do not register users.
        """
        try:
            found = await self._services.people.find(inbound.platform, inbound.external_id)
        except Unavailable:
            found = None
        return found or _stranger(inbound)

    async def _meet(self, inbound: Inbound) -> Person:
        found = await self._services.people.find(inbound.platform, inbound.external_id)
        person = found or await self._first_contact(inbound)
        self._services.acquaintances.remember(inbound.platform, inbound.external_id, person)
        self._services.chats.saw(person.person_id, inbound, self._services.clock())
        return person

    async def _first_contact(self, inbound: Inbound) -> Person:
        """Registers a new user, in the language and zone of the group of the first contact if the group has chosen
        them.
        """
        language, zone = inbound.language, inbound.timezone
        if inbound.group:
            place = await self._services.groups.settings(Group(inbound.platform, inbound.group))
            language, zone = place.language or language, place.timezone or zone
        return await self._services.people.meet(inbound.platform, inbound.external_id, language, known_zone(zone))

    def _presumed(self, inbound: Inbound) -> Person:
        """Returns the user as last seen, or one made of the hints in `inbound` if that was too long ago."""
        return self._services.acquaintances.recall(inbound.platform, inbound.external_id) or _stranger(inbound)

    def _known_to(self, inbound: Inbound) -> tuple[Command, ...]:
        """Returns the commands that the user knows; those of operators are unknown to all others, however they are
        looked up.
        """
        operator = self._services.operating.operators.include(inbound.platform, inbound.external_id)
        return self._commands if operator else self._for_everyone

    def _context(self, inbound: Inbound, person: Person) -> Context:
        return Context(
            inbound=inbound,
            request_id=_request_id(inbound),
            person=person,
            catalog=self._catalogs[person.language],
            catalogs=self._catalogs,
            format=Formatter(person.language, known_zone(person.timezone)),
            services=self._services,
            commands=self._known_to(inbound),
        )


def _stranger(inbound: Inbound) -> Person:
    return Person(0, inbound.language, known_zone(inbound.timezone))


def _request_id(inbound: Inbound) -> str:
    """Returns an id that is unique over the platforms, and short enough to be extended into a command id."""
    plain = f"{inbound.platform}:{inbound.command_id}"
    return plain if len(plain) <= _ID_LIMIT else hashlib.sha256(plain.encode()).hexdigest()
