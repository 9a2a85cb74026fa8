"""What the adapter needs of the desk."""

from collections.abc import Callable
from typing import Protocol

from bot.inbound import Inbound, Suggestion
from bot.reply import Reply
from people.person import Person

Recall = Callable[[str, str], Person | None]
"""Who somebody was when they were met last, by platform and its name for them; asks nobody."""


def nobody(_platform: str, _external_id: str) -> Person | None:
    """Where nobody is remembered."""
    return None


class DiscordRouter(Protocol):
    """What the adapter needs of the router."""

    async def answer(self, inbound: Inbound) -> Reply:
        """The answer to a line or a press; never raises, errors are answers too."""

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        """What the line's last word may become; never raises."""
