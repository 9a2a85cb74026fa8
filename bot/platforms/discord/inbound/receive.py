"""What Discord hands over, as lines for the router. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.command import Command
from bot.inbound import Inbound, Suggestion
from core.text import clean
from people.person import Language

PLATFORM = "discord"
CHOICE_LIMIT = 100
CHOICES = 25
PRIVATE = "dm:"
"""Before a person's id: the chat of the two of us, which need not be open yet."""

_MISSING = "?"
"""Stands for an option that is not filled yet, so that the words keep their places."""

_ZONES = {Language.KOREAN: "Asia/Seoul"}


@dataclass(frozen=True, slots=True)
class Invocation:
    """Who asks, where, and in which words Discord says so; `locale` is their client's language.

    `guild_id` is the server's, None outside of servers; a `manager` may change its settings. In a `mute` place the
    bot may answer but not write by itself. `parent_id` is the channel or forum of a thread.
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
    """`ko` or `en-US` to a language of the desk."""
    code = locale.partition("-")[0].lower()
    return next((language for language in Language if language.value == code), otherwise)


def inbound(asked: Invocation, text: str, *, pressed: bool, otherwise: Language, timezone: str) -> Inbound:
    """One line or press; `otherwise` and `timezone` are for people whose client tells nothing useful. Halves of
    characters, which JSON can carry and nothing else can, become the sign for what cannot be read."""
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
    """`/buy BTC 100usdc`: the options in the order of the declaration."""
    words = (values[entry.name] for entry in command.typed if values.get(entry.name))
    return " ".join((f"/{command.name}", *words))


def unfinished(command: Command, values: Mapping[str, str], focused: str) -> str:
    """The line as far as it is typed, ending with the last word of the option that is being typed."""
    words: list[str] = []
    for entry in command.typed:
        if entry.name == focused:
            break
        words.append((values.get(entry.name, "").split() or [_MISSING])[0])
    typed = values.get(focused, "")
    return " ".join((f"/{command.name}", *words, typed))


def choices(typed: str, suggestions: Sequence[Suggestion]) -> list[tuple[str, str]]:
    """(name, value) of at most 25 choices; a value is the whole option with its last word completed."""
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
