"""Settings of a group or server, and changes of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from bot.command import Audience, Command
from people.person import Language

MAX_CHANNELS = 50
MAX_RULES = 100
LONGEST_COOLDOWN = 3600

NOTHING: Mapping[str, str] = MappingProxyType({})


class Permission(StrEnum):
    """Users who may use a command in a group."""

    EVERYONE = "everyone"
    MANAGERS = "managers"
    OFF = "off"


class CommandGroup(StrEnum):
    """Commands that share a rule."""

    TRADING = "trading"
    ACCOUNT = "account"
    ALERTS = "alerts"
    PRICES = "prices"


class GroupTopic(StrEnum):
    """Setting of a group."""

    LANGUAGE = "language"
    TIMEZONE = "timezone"
    CHANNEL = "channel"
    ALLOW = "allow"
    COOLDOWN = "cooldown"
    FEED = "feed"


FAMILIES: Mapping[str, CommandGroup] = {
    "bot.commands.trade": CommandGroup.TRADING,
    "bot.commands.dust": CommandGroup.TRADING,
    "bot.commands.resting": CommandGroup.TRADING,
    "bot.commands.open_orders": CommandGroup.TRADING,
    "bot.commands.robots": CommandGroup.TRADING,
    "bot.commands.account": CommandGroup.ACCOUNT,
    "bot.commands.records": CommandGroup.ACCOUNT,
    "bot.commands.performance": CommandGroup.ACCOUNT,
    "bot.commands.checkup": CommandGroup.ACCOUNT,
    "bot.commands.allocation": CommandGroup.ACCOUNT,
    "bot.commands.risk": CommandGroup.ACCOUNT,
    "bot.commands.statement": CommandGroup.ACCOUNT,
    "bot.commands.strategies": CommandGroup.ACCOUNT,
    "bot.commands.order_groups": CommandGroup.TRADING,
    "bot.commands.rebalance": CommandGroup.TRADING,
    "bot.commands.backtests": CommandGroup.ACCOUNT,
    "bot.commands.alerts": CommandGroup.ALERTS,
    "bot.commands.waiting_alerts": CommandGroup.ALERTS,
    "bot.commands.condition_alerts": CommandGroup.ALERTS,
    "bot.commands.forecast_alerts": CommandGroup.ALERTS,
    "bot.commands.range_alerts": CommandGroup.ALERTS,
    "bot.commands.prices": CommandGroup.PRICES,
    "bot.commands.charts": CommandGroup.PRICES,
    "bot.commands.mood": CommandGroup.PRICES,
    "bot.commands.scan": CommandGroup.PRICES,
    "bot.commands.forecast": CommandGroup.PRICES,
    "bot.commands.news": CommandGroup.PRICES,
}
"""Kind of a command, by the module that defines it. Commands of other modules have rules by name only."""

_SENT_BY: Mapping[str, tuple[str, str]] = MappingProxyType(
    dict.fromkeys(("alert", "range", "condition", "delisted"), ("alert", CommandGroup.ALERTS.value))
    | {"forecast": ("forecastalert", CommandGroup.ALERTS.value)}
)
"""Rules that apply to a kind of notification: that of the command which asks for it, and that of its kind. All other
kinds are ruled by `notifications`.
"""

ALWAYS_ALLOWED = frozenset(("start", "start_with", "help", "settings", "group"))
"""Commands that work everywhere: otherwise users could not find out why another one does not."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """Settings of a group. `channels` are the chats in which the bot answers, with their names (none: all). `rules`
    define the users who may use a command or a kind of command. `cooldown` is the time in seconds between two lines of
    one user in one chat.
    """

    language: Language | None = None
    timezone: str = ""
    channels: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    rules: Mapping[str, Permission] = field(default_factory=dict)
    cooldown: int = 0

    def open_in(self, chat_id: str, parent: str = "") -> bool:
        """Returns whether the bot answers in the chat; a thread or topic counts as its `parent` too."""
        return not self.channels or chat_id in self.channels or parent in self.channels

    def who_may(self, command: Command) -> Permission:
        """Returns the command's own rule, which covers its buttons, else that of its kind."""
        if command.name in ALWAYS_ALLOWED or command.audience is not Audience.EVERYONE:
            return Permission.EVERYONE
        kind = kind_of(command)
        otherwise = self.rules.get(kind.value, Permission.EVERYONE) if kind else Permission.EVERYONE
        name = command.name.partition("_")[0] if command.hidden else command.name  # `alert_edit` is a button of `alert`
        return self.rules.get(name, otherwise)

    def receives(self, notice: str, chat_id: str, parent: str = "") -> bool:
        """Returns whether notifications of this kind, which users asked for before, may still be sent to the chat."""
        rules = [self.rules[name] for name in _SENT_BY.get(notice, ("notifications",)) if name in self.rules]
        return self.open_in(chat_id, parent) and rules[:1] != [Permission.OFF]

    def with_channel(self, chat_id: str, name: str) -> "GroupSettings":
        """Returns the settings with the channel added to those in which the bot answers."""
        return replace(self, channels={**self.channels, chat_id: name})

    def without_channel(self, chat_id: str) -> "GroupSettings":
        """Returns the settings without the channel; without any channel, the bot answers everywhere again."""
        return replace(self, channels={key: name for key, name in self.channels.items() if key != chat_id})

    def with_rule(self, name: str, who: Permission) -> "GroupSettings":
        """Returns the settings with a rule for a command or a kind of command. For a kind, EVERYONE is the default and
        removes the rule.
        """
        others = {key: rule for key, rule in self.rules.items() if key != name}
        unsaid = who is Permission.EVERYONE and name in tuple(CommandGroup)
        return replace(self, rules=others if unsaid else {**others, name: who})


def kind_of(command: Command) -> CommandGroup | None:
    """Returns the kind of the command; None for commands that have rules by their name only."""
    return FAMILIES.get(command.run.__module__)


def ruled(commands: tuple[Command, ...]) -> list[str]:
    """Returns everything that a rule may be given for: the kinds, then the commands."""
    names = [
        entry.name
        for entry in commands
        if not entry.hidden and entry.name not in ALWAYS_ALLOWED and entry.audience is Audience.EVERYONE
    ]
    return [*(kind.value for kind in CommandGroup if kind.value not in names), *names]
