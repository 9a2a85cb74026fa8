"""Buttons in words: `/dca pause 1` presses Pause of recurring buy 1, `/watch remove BTC` removes BTC."""

import re
from types import MappingProxyType

from bot.arguments.parser import CommandLine
from bot.arguments.typography import plain
from bot.context import Context
from bot.conversation.vocabulary import Vocabulary

PRESSES = MappingProxyType(
    {
        "dca": ("dca_pause", "dca_resume", "dca_remove"),
        "alert": ("alert_cancel", "alert_edit", "alert_mute"),
        "alerts": ("alert_cancel", "alert_edit", "alert_mute"),
        "forecastalert": ("forecastalert_cancel",),
        "orders": ("cancel_order", "amend"),
        "order": ("cancel_order", "amend"),
        "watch": ("unwatch",),
    }
)
"""Buttons of a command that take the number of an entry; the texts `verbs-NAME` list their words. `unwatch` takes
names.
"""

_LISTS = MappingProxyType({"alert": "alerts", "order": "orders"})
"""Commands that list the entries of a command."""

_WITHOUT_NUMBER = MappingProxyType({"cancel_order": "cancel"})
"""Commands that ask for the entry of a button."""

_ORDERS = frozenset(("order", "주문"))
_NUMBER = re.compile(r"#?([0-9]{1,18})(?:번|번째)?", re.ASCII)


def press_of(line: CommandLine, ctx: Context, vocabulary: Vocabulary) -> str | None:
    """Returns the press that the line means in words; if no number selects an entry, the command that lists the entries
    or asks for one. None for every other line. `/alert order 12 1%` presses Alert on the card of order 12.
    """
    known = {command.name for command in ctx.commands}
    if line.name == "alert" and len(line.words) > 1 and line.words[0].casefold() in _ORDERS:
        return " ".join(("alert_order", *line.words[1:]))
    words = [plain(word) for word in line.words]
    verbs = [name for word in words if (name := vocabulary.verb_of(word, PRESSES.get(line.name, ())))]
    numbers = [found[1] for word in words if (found := _NUMBER.fullmatch(word))]
    if verbs == ["unwatch"]:
        names = (word for word in line.words if not vocabulary.verb_of(plain(word), verbs))
        return " ".join(("unwatch", *names))
    if len(verbs) != 1 or len(verbs) + len(numbers) != len(words) or verbs[0] not in known:
        return None
    match numbers:
        case [number]:
            return f"{verbs[0]} {number}"
        case []:
            return _WITHOUT_NUMBER.get(verbs[0], _LISTS.get(line.name, line.name))
        case _:
            return None
