"""Ports of the Discord adapter."""

from collections.abc import Callable, Collection
from typing import Protocol

from bot.inbound import Inbound, Suggestion
from bot.reply import Reply
from people.identity.codes import LinkCode
from people.person import Person

PLATFORM = "discord"

Recall = Callable[[str, str], Person | None]
"""Returns the cached user by platform and user id, without a query; None if the user is not cached."""


def no_recall(_platform: str, _external_id: str) -> Person | None:
    """`Recall` without a cache."""
    return None


class DiscordRouter(Protocol):
    """Router interface used by the adapter."""

    async def answer(self, inbound: Inbound) -> Reply:
        """Returns the answer to a line or a press. Never raises: errors are answers too."""

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        """Revokes link codes that others could read. Raises DatabaseUnavailable."""

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        """Returns completions of the line's last word. Never raises."""
