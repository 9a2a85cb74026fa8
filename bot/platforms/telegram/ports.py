"""Ports of the Telegram adapter."""

from collections.abc import Collection
from typing import Protocol

from bot.inbound import Inbound, PriceCard
from bot.reply import Reply
from bot.request import Request
from people.identity.codes import LinkCode


class TelegramRouter(Protocol):
    """Router interface used by the adapter."""

    def read(self, inbound: Inbound) -> Request:
        """Returns the command line meant by the text, given the open question. Never raises."""

    async def answer(self, received: Request) -> Reply:
        """Returns the answer to a line or a press. Never raises: errors are answers too."""

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        """Revokes link codes that others could read. Raises DatabaseUnavailable."""

    async def cards(self, inbound: Inbound, limit: int) -> list[PriceCard]:
        """Returns the prices of symbols that begin with the line. Never raises."""

    async def asks_who_manages(self, request: Request) -> bool:
        """Returns whether the answer depends on `inbound.manager`. Never raises."""
