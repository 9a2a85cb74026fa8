"""People's choices about notices in dictionaries."""

from dataclasses import replace

from core.outbox import Chat, NotificationTarget
from people.notifications.errors import UnknownChat
from people.notifications.preferences import DigestSchedule, NotificationPreferences
from people.notifications.preferences_postgres import notification_target
from people.notifications.quiet_hours import DeliveryMode, QuietHours


class MemoryNotices:
    """`reached` are the chats in which people were seen, the newest last."""

    def __init__(self) -> None:
        self.chosen: dict[int, NotificationPreferences] = {}
        self.reached: dict[int, list[Chat]] = {}

    async def choices(self, person_id: int) -> NotificationPreferences:
        own = [chat for chat in self.reached.get(person_id, []) if not chat.public]
        return replace(self.chosen.get(person_id, NotificationPreferences()), own=own[-1] if own else None)

    async def set_mode(self, person_id: int, kind: str, mode: DeliveryMode) -> None:
        there = await self.choices(person_id)
        self.chosen[person_id] = replace(there, modes={**there.modes, kind: mode})

    async def set_quiet_hours(self, person_id: int, quiet_hours: QuietHours | None) -> None:
        self.chosen[person_id] = replace(await self.choices(person_id), quiet_hours=quiet_hours)

    async def set_digest(self, person_id: int, plan: DigestSchedule | None) -> None:
        self.chosen[person_id] = replace(await self.choices(person_id), digest=plan)

    async def reach(self, person_id: int, chat: Chat) -> None:
        self.reached.setdefault(person_id, []).append(chat)

    async def set_home(self, person_id: int, chat: Chat | None) -> None:
        known = {(seen.platform, seen.chat_id): seen for seen in self.reached.get(person_id, [])}
        if chat is not None and (chat.platform, chat.chat_id) not in known:
            raise UnknownChat
        home = None if chat is None else known[chat.platform, chat.chat_id]
        if home is not None and home.public and not (chat is not None and chat.public):
            raise UnknownChat
        self.chosen[person_id] = replace(await self.choices(person_id), home=home)

    async def notification_target(self, person_id: int) -> NotificationTarget | None:
        return notification_target(await self.choices(person_id))

    def forget(self, person_id: int) -> None:
        """Nothing is cached."""
