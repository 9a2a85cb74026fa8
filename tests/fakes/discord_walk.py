"""Someone who tries everything: each command as its help shows it, every button and choice behind it, every option.

    walker = Walker(fake, fake.person("ko"), Language.KOREAN)
    await walker.commands(COMMANDS, "usdc")
    assert walker.faults == []

Works on any bot behind the fake, in this process or another: it reads nothing but what people see.
"""

import io
import json
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image

from bot.arguments.usage import examples
from bot.command import Audience, Command
from people.person import Language
from tests.fakes.bot import CATALOGS
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Control, Exchange, Person, Shown
from tests.patience import PATIENCE_SECONDS

PARTS = ("", "b", "1", "?")
"""What is typed into an option to see its choices."""

WRITTEN = "10"
"""Into a form, unless the walker knows better."""

CHOOSING = ("settings", "start_with", "group", "notifications")
"""Of these every choice counts."""

ENDINGS = ("reset_now", "settings", "start_with", "group", "privacy_delete", "forget_me")
"""What changes the answers to everything else: tried in this order when there is nothing else left."""

EVERYBODY = frozenset((Audience.EVERYONE, Audience.MANAGERS))

_WHOSE = re.compile(r"\S{12,}|\d+|\b[A-Z]{2,}\b|[^\x00-\x7f]+")
_HANGUL = re.compile("[가-힣]")


@dataclass
class Walker:
    """`faults` are sentences about what was wrong; `pressed` are the kinds of presses that were tried.

    Presses that differ in a number, a token or a symbol only are one kind.
    """

    fake: FakeDiscord
    person: Person
    language: Language
    dm: bool = False
    seconds: float = PATIENCE_SECONDS
    most: int = 600
    never: tuple[str, ...] = ()
    faults: list[str] = field(default_factory=list)
    pressed: set[str] = field(default_factory=set)
    pictures: int = 0
    answers: int = 0
    audiences: frozenset[Audience] = EVERYBODY
    _one_language: bool = True
    _waiting: deque[tuple[Shown, Control]] = field(default_factory=deque)
    _last: list[tuple[Shown, Control]] = field(default_factory=list)

    async def commands(self, commands: Iterable[Command], unit: str) -> None:
        """Every example of every command, and everything that can be pressed in the answers."""
        typed = list(lines(commands, self.language, unit, self.audiences))
        changing = [line for line in typed if line.command.name == "group" or "language" in line.options.values()]
        for line in typed:
            if line not in changing:
                await self.say(line.command, line.options)
        self._one_language = False
        for line in changing:
            await self.say(line.command, line.options)
        await self.rest()

    async def say(self, command: Command, options: dict[str, str]) -> Shown | None:
        """One command; what its answer offers is tried, nearest first."""
        if self.dm and command.audience is Audience.MANAGERS:
            return None
        where = f"/{command.name} {' '.join(options.values())}"
        shown = await self._answered(where, await self.person.slash(command.name, dm=self.dm, **options))
        await self._press_all()
        return shown

    async def rest(self) -> None:
        """The presses that were put off because they change what the others show."""
        while self._last:
            self._last.sort(key=lambda one: ENDINGS.index(one[1].press.partition(" ")[0]))
            await self._use(*self._last.pop(0))
            await self._press_all()

    async def suggestions(self, commands: Iterable[Command], unit: str) -> int:
        """Types into every option of every command; returns how many choices there were."""
        found = 0
        for command in commands:
            if command.hidden or command.audience not in self.audiences:
                continue
            first = next(iter(lines([command], self.language, unit, self.audiences)))
            for parameter in command.typed:
                for part in PARTS:
                    given = {**first.options, parameter.name: part}
                    found += len(await self.person.type(command.name, parameter.name, dm=self.dm, **given))
        return found

    async def _press_all(self) -> None:
        while self._waiting:
            await self._use(*self._waiting.popleft())

    async def _use(self, shown: Shown, control: Control) -> None:
        if control not in shown.controls or len(self.pressed) >= self.most:
            self.pressed.discard(_kind(control))  # the page was turned meanwhile: perhaps it comes again
            return
        exchange = await (await self.person.use(shown, control)).answered(self.seconds)
        if exchange.form is not None:
            exchange = await self.person.submit(exchange, WRITTEN)
        await self._answered(f"[{control.label}] {control.press}", exchange)

    async def _answered(self, where: str, exchange: Exchange) -> Shown | None:
        try:
            await exchange.answered(self.seconds)
        except TimeoutError:
            self.faults.append(f"{where}: no answer")
            return None
        self.answers += 1
        for shown in exchange.shown():
            self._read(where, shown)
            if self._one_language and shown.text and not in_language(shown.text, self.language):
                self.faults.append(f"{where}: not in {self.language}: {shown.text[:200]}")
            for control in shown.controls:
                self._plan(shown, control)
        return exchange.answer

    def _plan(self, shown: Shown, control: Control) -> None:
        name, _, _ = control.press.partition(" ")
        kind = _kind(control)
        if kind in self.pressed or name in self.never:
            return
        self.pressed.add(kind)
        (self._last if name in ENDINGS else self._waiting).append((shown, control))

    def _read(self, where: str, shown: Shown) -> None:
        if not shown.text and not shown.files:
            self.faults.append(f"{where}: nothing to see")
        if "discord:" in shown.text or "incident" in shown.text.lower():
            self.faults.append(f"{where}: {shown.text[:200]}")
        for name, data in shown.files.items():
            self._file(where, name, data)

    def _file(self, where: str, name: str, data: bytes) -> None:
        try:
            if name.endswith(".png"):
                with Image.open(io.BytesIO(data)) as image:
                    image.load()
                self.pictures += 1
            elif name.endswith(".json"):
                json.loads(data)
            else:
                data.decode()
        except (OSError, ValueError) as error:
            self.faults.append(f"{where}: {name} cannot be read: {error!r}")


@dataclass(frozen=True)
class Typed:
    """A command with its options."""

    command: Command
    options: dict[str, str]


def lines(
    commands: Iterable[Command], language: Language, unit: str, audiences: frozenset[Audience]
) -> Iterable[Typed]:
    """Every example of every command's help, as a client would send it."""
    for command in commands:
        if not command.hidden and command.audience in audiences:
            for line in examples(command, CATALOGS[language], unit):
                yield Typed(command, options_of(command, line.split()[1:]))


def options_of(command: Command, words: list[str]) -> dict[str, str]:
    """Words as options: the last takes all that are left."""
    names = [entry.name for entry in command.typed]
    last = len(names) - 1
    return {name: " ".join(words[n:] if n == last else words[n : n + 1]) for n, name in enumerate(names) if words[n:]}


def _kind(control: Control) -> str:
    name, _, words = control.press.partition(" ")
    return control.press if name in CHOOSING else f"{name} {_WHOSE.sub('#', words)}".strip()


def in_language(text: str, language: Language) -> bool:
    """Whether a text of the desk reads as if it were in this language."""
    return bool(_HANGUL.search(text.replace("한국어", ""))) is (language is Language.KOREAN)
