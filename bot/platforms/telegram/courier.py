"""Delivery of notifications to Telegram: `bot.notifications.courier.Courier`."""

from bot.notifications.courier import Outcome, PermanentFailure
from bot.platforms.telegram.inbound.receive import PLATFORM
from bot.platforms.telegram.outbound.render import render, render_one
from bot.platforms.telegram.outbound.send import Sender, read_place
from bot.reply import Reply


class TelegramCourier:
    """Courier to chats and topics. Telegram has no nonces, so an uncertain delivery stays uncertain."""

    platform = PLATFORM

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:  # noqa: ARG002
        """Sends the whole reply. `chat_id` is a chat's number, with a topic `-1001234/5`."""
        try:
            place = read_place(chat_id)
        except ValueError:
            return PermanentFailure("not a chat of Telegram", chat_gone=True)
        return await self._sender.push(place, render(reply), silent=silent)

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        """Edits a message, once. A picture may replace text; text only replaces the caption of a picture."""
        try:
            place, number = read_place(chat_id), int(message_id)
        except ValueError:
            return PermanentFailure("not a message of Telegram", chat_gone=False)
        return await self._sender.renew(place, number, render_one(reply))
