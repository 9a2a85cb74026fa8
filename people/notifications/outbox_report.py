"""Outbox report for the operator, and resending by hand."""

from datetime import UTC
from itertools import groupby
from operator import itemgetter

from core.database import Pool
from core.text import clean
from people.notifications.outbox import SQL

_SHOWN = 50
_STATES = ("pending", "sending", "sent", "uncertain", "dead")


async def outbox_report(pool: Pool) -> str:
    """Returns counts by state, counts of unsent rows by kind, and the newest 50 unsent rows with their reasons.

    Raises the errors of asyncpg.
    """
    counts = {row["state"]: row["count"] for row in await pool.fetch(SQL["counts"])}
    lines = ["  ".join(f"{state} {counts.get(state, 0)}" for state in _STATES)]
    for kind, rows in groupby(await pool.fetch(SQL["kinds"]), key=itemgetter("kind")):
        lines.append(f"  {clean(kind)}: " + "  ".join(f"{row['state']} {row['count']}" for row in rows))
    for row in await pool.fetch(SQL["unsent"], _SHOWN):
        at = row["created_at"].astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        kind, platform, chat, reason = (clean(row[name] or "") for name in ("kind", "platform", "chat_id", "reason"))
        attempts = f"{row['attempts']} attempts"
        lines.append(f"{row['id']}  {row['state']}  {kind}  {platform} {chat}  {at} UTC  {attempts}  {reason}".rstrip())
    return "\n".join(lines)


async def redrive(pool: Pool, outbox_id: int) -> bool:
    """Schedules a row that is uncertain or dead to be sent again. False if there is no such row.

    Raises the errors of asyncpg.
    """
    return await pool.fetchval(SQL["redrive"], outbox_id) is not None
