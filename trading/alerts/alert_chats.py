"""Chats of alerts of every kind."""

from collections.abc import Mapping

from core.database import Connection, Database
from core.outbox import Chat


async def bring_alert(
    database: Database, queries: Mapping[str, str], person_id: int, alert_id: int, chat: Chat
) -> None:
    """Moves an alert to the chat, away from another public one, by the queries `seen` and `bring` of its store."""

    async def work(connection: Connection) -> None:
        async with connection.transaction():
            await connection.execute(queries["seen"], person_id, chat.platform, chat.chat_id, chat.public)
            await connection.execute(queries["bring"], person_id, alert_id, chat.platform, chat.chat_id)

    await database.run(work)
