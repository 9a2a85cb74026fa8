"""Ports of the Telegram adapter."""

from typing import Protocol

from bot.inbound import Inbound, PriceCard
from bot.reply import Reply


class TelegramRouter(Protocol):
    """Router interface used by the adapter."""

    async def answer(self, inbound: Inbound) -> Reply:
        """Returns the answer to a line or a press. Never raises: errors are answers too."""

    async def cards(self, inbound: Inbound, limit: int) -> list[PriceCard]:
        """Returns the prices of symbols that begin with the line. Never raises."""

    def shows(self, inbound: Inbound) -> bool:
        """True if others may read the answer, as far as known without a query; False if in doubt."""

    async def asks_who_manages(self, inbound: Inbound) -> bool:
        """Returns whether the answer depends on `inbound.manager`. Never raises."""

    def understand(self, inbound: Inbound) -> Inbound:
        """Returns the line meant by the text, given the open question. Never raises."""
