"""What Telegram needs of the desk."""

from typing import Protocol

from bot.inbound import Inbound, Suggestion
from bot.replies import Reply


class Answers(Protocol):
    """What Telegram needs of the router."""

    async def answer(self, inbound: Inbound) -> Reply:
        """The answer to a line or a press; never raises, errors are answers too."""

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        """What the line's last word may become; never raises."""
