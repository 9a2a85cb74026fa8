"""Updates of stored chats, alerts and settings when a chat is lost, regained, or changes its id."""

from bot.platforms.telegram.inbound.receive import PLATFORM
from core.database import Connection, Database
from core.outbox import encode, kind_of
from core.sql import load_queries
from people.notices import ChatGone

SQL = load_queries(__package__, "chats.sql")
_FOLLOW = (
    "follow_chats",
    "follow_homes",
    "follow_alerts",
    "follow_forecast_alerts",
    "follow_range_alerts",
    "follow_condition_alerts",
    "follow_outbox",
    "follow_group",
    "follow_feeds",
)
_LEAVE = ("leave_chats", "leave_questions")


class ChatLifecycle:
    """Store of chat changes. Every method raises DatabaseUnavailable and is safe to repeat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lost(self, chat_id: int, update_id: int, reason: str) -> None:
        """Retires a chat that the bot can no longer write to.

        Users with price alerts in it are notified in another chat.
        """
        notice = ChatGone(PLATFORM, str(chat_id))
        told = (encode(notice), kind_of(notice), f"{PLATFORM}:{update_id}")

        async def work(connection: Connection) -> None:
            await connection.execute(SQL["away"], PLATFORM, str(chat_id), reason, *told)

        await self._database.run(work)

    async def restored(self, chat_id: int) -> None:
        """Reactivates a chat that the bot can write to again."""

        async def work(connection: Connection) -> None:
            await connection.execute(SQL["back"], PLATFORM, str(chat_id))

        await self._database.run(work)

    async def migrated(self, old: int, new: int) -> None:
        """Redirects everything of an upgraded group and its topics to the new chat, in one transaction."""

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                for name in _FOLLOW:
                    await connection.execute(SQL[name], PLATFORM, str(old), str(new))
                for name in _LEAVE:
                    await connection.execute(SQL[name], PLATFORM, str(old))

        await self._database.run(work)
