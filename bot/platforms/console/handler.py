"""Console session: input lines become commands and button presses, replies become text."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from bot.inbound import Inbound, Suggestion
from bot.platforms.console.buttons import NoSuchButton, buttons_of, pressed
from bot.platforms.console.courier import PLATFORM, ConsoleCourier
from bot.platforms.console.files import FileStore, NoViewer, Viewer
from bot.platforms.console.receive import PROMPT, Line, UnreadableLine, piped_lines, reader
from bot.platforms.console.render import Say
from bot.platforms.console.sanitize import one_line
from bot.platforms.console.send import OutputWriter, ReaderLeft, Terminal
from bot.reply import Button, Buttons, Reply, Text, Tone
from bot.ui.texts import Catalog
from core.clock import Clock
from core.errors import DeskError
from people.person import Language

__all__ = ["PLATFORM", "Console", "ConsoleRouter", "LocalUser", "Streams"]

_LEAVE = frozenset(("exit", "quit"))
_MAX_BUTTONS = 99


class ConsoleRouter(Protocol):
    """Router interface used by the console."""

    async def answer(self, inbound: Inbound) -> Reply:
        """Returns the answer to a line or a press. Never raises: errors are answers too."""

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        """Returns completions of the line's last word within a bounded time. Never raises."""


@dataclass(frozen=True, slots=True)
class LocalUser:
    """User of the console. `language` and `timezone` are hints of the system for the first contact."""

    language: Language
    timezone: str
    external_id: str = "local"


@dataclass(frozen=True, slots=True)
class Streams:
    """File descriptors of input and output, and the environment."""

    stdin: int = 0
    stdout: int = 1
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


class Console:
    """One console session.

    `language_of` returns the user's current language, for the console's own texts. `market` is the line of the greeting
    that names the source of prices. `source_note` returns the toolbar's note about the source ('' while it is live).
    Files are stored in `data_dir`: `console_history` and `charts/`.
    """

    def __init__(
        self,
        router: ConsoleRouter,
        catalogs: Mapping[Language, Catalog],
        visitor: LocalUser,
        *,
        language_of: Callable[[], Awaitable[Language]],
        market: str,
        source_note: Callable[[], str],
        data_dir: Path,
        clock: Clock,
        streams: Streams | None = None,
        courier: ConsoleCourier | None = None,
    ) -> None:
        """`courier` delivers notifications while the session is open."""
        self._router = router
        self._catalogs = catalogs
        self._visitor = visitor
        self._language_of = language_of
        self._market = market
        self._source_note = source_note
        self._history = data_dir / "console_history"
        self._streams = streams or Streams()
        self._terminal = Terminal.of(self._streams.stdin, self._streams.stdout, self._streams.environment)
        self._shelf = FileStore(data_dir / "charts", clock)
        self._outlet = OutputWriter(self._streams.stdout, self._terminal, self._shelf)
        self._viewer = Viewer()
        self._language = visitor.language
        self._session = uuid4().hex
        self._count = 0
        self._live: Sequence[Button] = ()
        self._question = ""
        self._courier = courier or ConsoleCourier()
        self._printing = asyncio.Lock()

    async def run(self) -> None:
        """Prints a greeting and answers line by line until the input ends, the user exits, or the output is closed."""
        try:
            await self._greet()
            with self._courier.open(self._visitor.external_id, self._push):
                await self._converse()
        except ReaderLeft:
            return

    async def _converse(self) -> None:
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                if isinstance(line, str) and _command(line) in _LEAVE:
                    return
                await self._take(line)

    async def _lines(self) -> AsyncGenerator[Line, None]:
        if self._terminal.interactive:
            from bot.platforms.console.prompt import Suggester, prompt_session, typed_lines  # noqa: PLC0415 - slow to import

            session = prompt_session(self._history, Suggester(self._suggest), self._source_note)
            async with aclosing(typed_lines(session)) as lines:
                async for line in lines:
                    yield line
            return
        async with aclosing(piped_lines(reader(self._streams.stdin))) as lines:
            async for line in lines:
                # A transcript reads like a session.
                shown = line if isinstance(line, str) else f"{line.head} ..."
                async with self._printing:
                    await self._outlet.write(f"{PROMPT}{one_line(shown)}".rstrip() + "\n")
                yield line

    async def _take(self, line: Line) -> None:
        if isinstance(line, UnreadableLine):
            await self._tell(line.fault.value)
        elif _command(line) == "open":
            await self._open()
        else:
            await self._press_or_ask(line)

    async def _press_or_ask(self, line: str) -> None:
        match pressed(line, self._live, answering=bool(self._question)):
            case NoSuchButton(number, count):
                await self._tell("console-no-such-button", number=number, count=count)
            case Button(press=press):
                await self._ask(press, pressed=True)
            case None:
                await self._ask(line)
                if _command(line) == "help":
                    await self._tell("console-help", tone=Tone.NOTE)

    async def _ask(self, text: str, *, pressed: bool = False) -> None:
        inbound = replace(self._inbound(text, pressed=pressed), open_question=self._question)
        reply = await self._router.answer(inbound)
        self._question = reply.asks
        say = await self._say()
        async with self._printing:
            buttons = buttons_of(reply)
            self._live = buttons if buttons or reply.asks else self._live
            await self._outlet.send(reply, say)
        if reply.asks:
            await self._tell("console-question", tone=Tone.NOTE)

    async def _push(self, reply: Reply) -> None:
        """Prints a notification. Raises ReaderLeft.

        Its buttons continue the numbering, so that numbers already shown keep their meaning.
        """
        say = await self._say()
        async with self._printing, self._above_the_prompt():
            buttons = buttons_of(reply)
            if len(self._live) + len(buttons) > _MAX_BUTTONS:
                buttons = ()
                reply = replace(reply, blocks=tuple(entry for entry in reply.blocks if not isinstance(entry, Buttons)))
            first = len(self._live) + 1
            self._live = (*self._live, *buttons)
            await self._outlet.send(reply, say, first=first)

    def _above_the_prompt(self) -> AbstractAsyncContextManager[None]:
        if not self._terminal.interactive:
            return nullcontext()
        from bot.platforms.console.prompt import above_the_prompt  # noqa: PLC0415 - slow to import, and no pipe has a prompt

        return above_the_prompt()

    async def _suggest(self, line: str) -> Sequence[Suggestion]:
        return await self._router.suggest(self._inbound(line))

    async def _open(self) -> None:
        path = self._shelf.last
        if path is None:
            await self._tell("console-no-picture")
            return
        try:
            await self._viewer.show(path)
        except NoViewer:
            await self._tell("console-no-viewer", path=str(path))
        else:
            await self._tell("console-opened", path=str(path))

    async def _greet(self) -> None:
        say = await self._say()
        blocks = (
            Text(say("console-greeting"), Tone.TITLE),
            Text(self._market),
            Text(say("console-hint")),
            Text(say("console-help"), Tone.NOTE),
        )
        async with self._printing:
            await self._outlet.send(Reply(blocks), say)

    async def _tell(self, message: str, *, tone: Tone = Tone.PLAIN, **variables: str | int) -> None:
        """Prints one of the console's own texts."""
        say = await self._say()
        async with self._printing:
            await self._outlet.send(Reply((Text(say(message, **variables), tone),)), say)

    async def _say(self) -> Say:
        with suppress(DeskError):  # while the database is unavailable, the last known language is used
            self._language = await self._language_of()
        return self._catalogs[self._language].text

    def _inbound(self, text: str, *, pressed: bool = False) -> Inbound:
        self._count += 1
        return Inbound(
            platform=PLATFORM,
            external_id=self._visitor.external_id,
            command_id=f"{PLATFORM}:{self._session}:{self._count}",
            text=text,
            pressed=pressed,
            language=self._visitor.language,
            timezone=self._visitor.timezone,
        )


def _command(line: str) -> str:
    """Returns the line in lower case and without its slash, for comparison with the console's own commands."""
    return line.strip().removeprefix("/").casefold()
