"""Membership changes: the bot is blocked, added, removed or given rights, or a group gets a new id."""

import logging

from bot.platforms.telegram.chats import Chats
from bot.platforms.telegram.group_admins import Managers
from bot.platforms.telegram.inbound.receive import BotAdded, Left, Rearranged, Upgraded
from bot.platforms.telegram.outbound.render import render
from bot.platforms.telegram.outbound.send import Sender
from bot.reply import Reply, Text
from bot.ui.texts import Catalog

_log = logging.getLogger(__name__)

Change = BotAdded | Left | Rearranged | Upgraded


class MembershipChanges:
    """Handler of membership changes. Raises DatabaseUnavailable."""

    def __init__(self, chats: Chats, sender: Sender, managers: Managers) -> None:
        self._chats = chats
        self._sender = sender
        self._managers = managers

    async def follow(self, change: Change, update_id: int, catalog: Catalog) -> None:
        """Applies a change. `catalog` is in the language of the user who made it."""
        match change:
            case Upgraded(old, new):
                await self._chats.moved(old, new)
            case Left(place, public):
                self._managers.forget(place.chat_id)
                reason = "thrown out of the group" if public else "blocked by the user"
                await self._chats.away(place.chat_id, update_id, reason)
            case BotAdded(place, _, public):
                await self._chats.back(place.chat_id)
                if public:
                    greeting = Reply((Text(catalog.say("telegram-joined")),))
                    await self._sender.push(place, render(greeting), silent=True)
            case Rearranged(place):
                self._managers.forget(place.chat_id)
