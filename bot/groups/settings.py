"""The settings of a group or server, and how they are changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from bot.command import Audience, Command
from people.person import Language

MOST_CHANNELS = 50
MOST_RULES = 100
LONGEST_COOLDOWN = 3600

NOTHING: Mapping[str, str] = MappingProxyType({})


class Admitted(StrEnum):
    """Who may use a command in a group."""

    EVERYONE = "everyone"
    MANAGERS = "managers"
    OFF = "off"


class CommandGroup(StrEnum):
    """Commands that are ruled together."""

    TRADING = "trading"
    ACCOUNT = "account"
    ALERTS = "alerts"
    PRICES = "prices"


class GroupTopic(StrEnum):
    """What can be set for a group."""

    LANGUAGE = "language"
    TIMEZONE = "timezone"
    CHANNEL = "channel"
    ALLOW = "allow"
    COOLDOWN = "cooldown"
    FEED = "feed"


FAMILIES: Mapping[str, CommandGroup] = {
    "bot.commands.trade": CommandGroup.TRADING,
    "bot.commands.dust": CommandGroup.TRADING,
    "bot.commands.account": CommandGroup.ACCOUNT,
    "bot.commands.alerts": CommandGroup.ALERTS,
    "bot.commands.forecast_alerts": CommandGroup.ALERTS,
    "bot.commands.prices": CommandGroup.PRICES,
    "bot.commands.charts": CommandGroup.PRICES,
    "bot.commands.forecast": CommandGroup.PRICES,
}
"""The kind of a command, by the module it is written in. Commands of other modules are ruled by name alone."""

UNRULED = frozenset(("start", "start_with", "help", "settings", "group"))
"""What works everywhere: otherwise nobody could find out why something else does not."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """`channels` are the chats in which the desk answers, with their names (none: all); `rules` who may use a command
    or a kind of command; `cooldown` the seconds between two lines of one person in one chat."""

    language: Language | None = None
    timezone: str = ""
    channels: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    rules: Mapping[str, Admitted] = field(default_factory=dict)
    cooldown: int = 0

    def open_in(self, chat_id: str, parent: str = "") -> bool:
        """Whether the desk answers there; a thread or topic counts as its `parent` too."""
        return not self.channels or chat_id in self.channels or parent in self.channels

    def who_may(self, command: Command) -> Admitted:
        """The command's own rule, else that of its kind."""
        if command.name in UNRULED or command.audience is not Audience.EVERYONE:
            return Admitted.EVERYONE
        kind = kind_of(command)
        otherwise = self.rules.get(kind.value, Admitted.EVERYONE) if kind else Admitted.EVERYONE
        return self.rules.get(command.name, otherwise)

    def with_channel(self, chat_id: str, name: str) -> "GroupSettings":
        """The desk answers there too."""
        return replace(self, channels={**self.channels, chat_id: name})

    def without_channel(self, chat_id: str) -> "GroupSettings":
        """Not there any more; without the last one it answers everywhere again."""
        return replace(self, channels={key: name for key, name in self.channels.items() if key != chat_id})

    def with_rule(self, name: str, who: Admitted) -> "GroupSettings":
        """A rule for a command or a kind of command; that everyone may is what holds for a kind without a rule."""
        others = {key: rule for key, rule in self.rules.items() if key != name}
        unsaid = who is Admitted.EVERYONE and name in tuple(CommandGroup)
        return replace(self, rules=others if unsaid else {**others, name: who})


def kind_of(command: Command) -> CommandGroup | None:
    """None for commands that are ruled by their name alone."""
    return FAMILIES.get(command.run.__module__)


def ruled(commands: tuple[Command, ...]) -> list[str]:
    """Everything a rule may be given for: the kinds, then the commands."""
    names = [
        entry.name
        for entry in commands
        if not entry.hidden and entry.name not in UNRULED and entry.audience is Audience.EVERYONE
    ]
    return [*(kind.value for kind in CommandGroup if kind.value not in names), *names]
