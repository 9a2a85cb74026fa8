"""Declaration of commands: once, by the signature of a plain async function over domain types.

    async def price(ctx: Context, symbols: OneOrMore[Symbol]) -> Reply

The name is the function's, a parameter with a default is optional, `OneOrMore` takes all remaining words. Telegram's
menu, Discord's options, the console, /help and the reference are derived from the same `Command`; its texts are in the
catalogs under `command-<name>`.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import pairwise
from operator import or_
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.reply import Block, Reply

Value = TypeVar("Value")

Ask = Callable[[Any, str], Awaitable[tuple[Block, ...]]]
"""Function from the context and the name of the missing parameter to the question; () if the command has none of its
own.
"""

NAME = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
"""Command names that both Telegram and Discord accept."""


FORMER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "foresee": "forecastalert",
        "foresee_cancel": "forecastalert_cancel",
        "foresee_repeat": "forecastalert_repeat",
        "notify": "notifications",
        "notify_here": "notifications_here",
        "operations": "adminlog",
        "receipt_details": "receipt",
        "repeat": "dca",
        "repeat_pause": "dca_pause",
        "repeat_resume": "dca_resume",
        "repeat_remove": "dca_remove",
    }
)
"""Former names of commands and their current ones. Users type the former names, and buttons, open questions, settings
of groups and slash commands of earlier versions carry them.
"""


def current_name(name: str) -> str:
    """Returns the name that the command has now; a name that never changed stays as it is."""
    return FORMER_NAMES.get(name, name)


class OneOrMore(tuple[Value, ...], Generic[Value]):
    """One or more values: the rest of the line."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """Parameter of a command.

    `kind` is the domain type, the key of its reader; `many` marks a `OneOrMore`. `default` is the value of an optional
    one that is left out. A `pressed` one is carried by buttons only, and not offered to users who type.
    """

    name: str
    kind: Any
    many: bool
    required: bool
    default: Any = None
    pressed: bool = False


class Audience(StrEnum):
    """Audience of a command: everyone, managers of a group or server, or operators."""

    EVERYONE = "everyone"
    MANAGERS = "managers"
    OPERATORS = "operators"


class HelpTopic(StrEnum):
    """Pages of /help, in their order."""

    PRICES = "prices"
    FORECASTS = "forecasts"
    TRADING = "trading"
    ACCOUNT = "account"
    ALERTING = "alerting"
    PREFERENCES = "preferences"
    OPERATORS = "operators"


class HelpPage(StrEnum):
    """Further pages of /help, which list no commands."""

    FILLS = "fills"


@dataclass(frozen=True, slots=True)
class Command:
    """Command as declared. `ask` returns the question for a missing argument, given its parameter's name; if it returns
    none, the reader's question is used. `hidden` commands are reached by buttons only. Answers of `private` ones are
    shown to the user only, unless the command is `shareable` and the user chose to show their own money. `topic` is the
    page of /help that lists the command, None for hidden ones. `weight` is the number of commands of the user's rate
    limit that it counts for: more than one where it computes, or asks the exchange, far more than others.
    """

    name: str
    run: Callable[..., Awaitable[Reply]]
    parameters: tuple[Parameter, ...]
    hidden: bool
    private: bool
    audience: Audience = Audience.EVERYONE
    shareable: bool = False
    ask: Ask | None = None
    topic: HelpTopic | None = None
    weight: int = 1

    @property
    def typed(self) -> tuple[Parameter, ...]:
        """Parameters that users may type."""
        return tuple(entry for entry in self.parameters if not entry.pressed)


def for_everyone(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """Returns the commands without those of the operators, which are unknown to all other users."""
    return tuple(command for command in commands if command.audience is not Audience.OPERATORS)


def declare(
    function: Callable[..., Awaitable[Reply]],
    *,
    hidden: bool = False,
    private: bool = False,
    audience: Audience = Audience.EVERYONE,
    shareable: bool = False,
    pressed: tuple[str, ...] = (),
    ask: Ask | None = None,
    topic: HelpTopic | None = None,
    weight: int = 1,
) -> Command:
    """Derives the command; `pressed` names the parameters that only buttons carry. Raises TypeError if the signature is
    invalid.
    """
    name = function.__name__.rstrip("_")
    if not NAME.fullmatch(name):
        raise TypeError(f"{name} is not a command name")
    hints = get_type_hints(function)
    _, *declared = inspect.signature(function).parameters.values()
    parameters = tuple(_parameter(entry, hints[entry.name], pressed=entry.name in pressed) for entry in declared)
    for before, after in pairwise(parameters):
        if before.many or (after.required and not before.required):
            raise TypeError(f"{name}: nothing can follow {before.name}")
    return Command(name, function, parameters, hidden, private, audience, shareable, ask, topic, weight)


def _parameter(entry: inspect.Parameter, hint: Any, *, pressed: bool) -> Parameter:
    many = get_origin(hint) is OneOrMore
    kind = get_args(hint)[0] if many else _without_none(hint)
    required = entry.default is inspect.Parameter.empty
    return Parameter(entry.name, kind, many, required, None if required else entry.default, pressed)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) not in (Union, UnionType):
        return hint
    return reduce(or_, (member for member in get_args(hint) if member is not NoneType))
