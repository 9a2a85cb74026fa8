"""What Telegram needs of the desk."""

from typing import Protocol

from bot.inbound import Inbound, PriceCard
from bot.reply import Reply


class TelegramRouter(Protocol):
    """What Telegram needs of the router."""

    async def answer(self, inbound: Inbound) -> Reply:
        """The answer to a line or a press; never raises, errors are answers too."""

    async def cards(self, inbound: Inbound, limit: int) -> list[PriceCard]:
        """The prices of the symbols that begin like the line; never raises."""

    def shows(self, inbound: Inbound) -> bool:
        """Whether others may read the answer, as far as is known at once; False where in doubt."""

    async def asks_who_manages(self, inbound: Inbound) -> bool:
        """Whether the answer depends on `inbound.manager`; never raises."""

    def understand(self, inbound: Inbound) -> Inbound:
        """The line that is meant by what was written, beside the open question; never raises."""
