"""Conversion of Discord's input to lines for the router. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.arguments.table import READERS
from bot.command import Command, Parameter, current_name
from bot.inbound import Inbound, Suggestion
from bot.platforms.discord.ports import PLATFORM
from core.text import clean
from people.person import Language

CHOICE_LIMIT = 100
CHOICES = 25
PRIVATE = "dm:"
"""Prefix of a user's id in the chat id of their direct messages, which need not be open yet."""

_MISSING = "?"
"""Placeholder for an empty option, so that the other words keep their positions."""

_ZONES = {Language.KOREAN: "Asia/Seoul"}


@dataclass(frozen=True, slots=True)
class Invocation:
    """User, place and locale of an interaction. `locale` is the language of the user's client.

    `guild_id` is the server's id, None outside of servers. A `manager` may change the server's settings. In a `mute`
    place the bot may answer but not write on its own. `parent_id` is the channel or forum of a thread.
    """

    interaction_id: int
    user_id: int
    channel_id: int | None
    locale: str
    public: bool
    guild_id: int | None = None
    manager: bool = False
    mute: bool = False
    channel_name: str = ""
    parent_id: int | None = None


def language_of(locale: str, otherwise: Language) -> Language:
    """Converts a locale (`ko`, `en-US`) to a supported language."""
    code = locale.partition("-")[0].lower()
    return next((language for language in Language if language.value == code), otherwise)


def inbound(asked: Invocation, text: str, *, pressed: bool, otherwise: Language, timezone: str) -> Inbound:
    """Returns one line or press for the router.

    `otherwise` and `timezone` apply if the client's locale does not determine them. Unpaired surrogates, which JSON can
    carry, are replaced by the replacement character.
    """
    language = language_of(asked.locale, otherwise)
    return Inbound(
        platform=PLATFORM,
        external_id=str(asked.user_id),
        command_id=f"interaction:{asked.interaction_id}",
        text=text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"),
        pressed=pressed,
        language=language,
        timezone=_ZONES.get(language, timezone),
        chat_id="" if asked.channel_id is None else str(asked.channel_id),
        public=asked.public,
        group="" if asked.guild_id is None else str(asked.guild_id),
        manager=asked.manager,
        parent_chat="" if asked.parent_id is None else str(asked.parent_id),
        chat_name=f"#{asked.channel_name}" if asked.channel_name else "",
        elsewhere=f"{PRIVATE}{asked.user_id}" if asked.mute else "",
    )


def line(command: Command, values: Mapping[str, str]) -> str:
    """Returns the command line `/buy BTC 100usdc`, with the options in the order of the declaration."""
    words = (_marked(entry, values[entry.name]) for entry in command.typed if values.get(entry.name))
    return " ".join((f"/{command.name}", *words))


def _marked(entry: Parameter, value: str) -> str:
    """Returns `limit 59900` for the value of an option that is recognised by its marker."""
    markers = READERS[entry.kind].markers
    return f"{markers[0]} {value}" if markers else value


def unfinished(command: Command, values: Mapping[str, str], focused: str) -> str:
    """Returns the line typed so far, ending with the option that is being typed."""
    words: list[str] = []
    for entry in command.typed:
        if entry.name == focused:
            break
        words.append((values.get(entry.name, "").split() or [_MISSING])[0])
    typed = values.get(focused, "")
    return " ".join((f"/{command.name}", *words, typed))


def choices(typed: str, suggestions: Sequence[Suggestion]) -> list[tuple[str, str]]:
    """Returns (name, value) of at most 25 choices. A value is the whole option with its last word completed."""
    last = "" if not typed or typed[-1].isspace() else typed.rsplit(maxsplit=1)[-1]
    before = typed[: len(typed) - len(last)]
    found: dict[str, str] = {}
    for suggestion in suggestions:
        value = before + suggestion.text
        label = clean(suggestion.label, CHOICE_LIMIT)
        name = value if label in ("", suggestion.text) else f"{value} · {label}"
        if value.strip() and len(value) <= CHOICE_LIMIT:
            found.setdefault(value, clean(name, CHOICE_LIMIT))
    return [(name, value) for value, name in found.items()][:CHOICES]


def command_of(text: str) -> str:
    """Returns the command of a line or a press under its current name."""
    return current_name(text.removeprefix("/").partition(" ")[0])
