"""Membership changes: the bot is blocked, added, removed or given rights, or a group gets a new id."""

import logging

from bot.platforms.telegram.chats import ChatLifecycle
from bot.platforms.telegram.group_admins import GroupAdmins
from bot.platforms.telegram.inbound.receive import BotAdded, BotRemoved, ChatMigrated, RightsChanged
from bot.platforms.telegram.outbound.render import render
from bot.platforms.telegram.outbound.send import Sender
from bot.platforms.telegram.system_messages import SystemMessages
from bot.reply import Reply, Text

_log = logging.getLogger(__name__)

Change = BotAdded | BotRemoved | RightsChanged | ChatMigrated


class MembershipChanges:
    """Handler of membership changes. Raises DatabaseUnavailable."""

    def __init__(self, chats: ChatLifecycle, sender: Sender, managers: GroupAdmins, teller: SystemMessages) -> None:
        self._chats = chats
        self._teller = teller
        self._sender = sender
        self._managers = managers

    async def follow(self, change: Change, update_id: int) -> None:
        """Applies a change. A group is greeted in the language of the user who added the bot, once a minute at most."""
        match change:
            case ChatMigrated(old, new):
                await self._chats.migrated(old, new)
            case BotRemoved(place, public):
                self._managers.forget(place.chat_id)
                reason = "thrown out of the group" if public else "blocked by the user"
                await self._chats.lost(place.chat_id, update_id, reason)
            case BotAdded(place, user, public):
                await self._chats.restored(place.chat_id)
                if public and self._teller.once(place, "telegram-joined"):
                    catalog = await self._teller.catalog(user)
                    greeting = Reply((Text(catalog.text("telegram-joined")),))
                    await self._sender.push(place, render(greeting), silent=True)
            case RightsChanged(place):
                self._managers.forget(place.chat_id)
