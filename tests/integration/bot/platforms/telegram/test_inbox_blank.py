"""Updates that an older version had finished are blanked by the migration."""

import asyncpg

from app.database.migrate import MIGRATIONS

BLANK = "0027.inbox_blank.sql"


async def test_finished_updates_of_an_older_version_are_blanked(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("DROP TRIGGER inbox_blank ON inbox; DROP FUNCTION blank_update")
        await connection.execute(
            "INSERT INTO inbox (platform, update_id, origin, lane, body, state, finished_at) VALUES"
            " ('telegram', 1, 'a', '7', 'old words', 'done', now()), ('telegram', 2, 'b', '7', 'dead', 'dead', now()),"
            " ('telegram', 3, 'c', '7', 'waiting', 'pending', NULL), ('telegram', 4, 'd', '7', 'left', 'sending', NULL)"
        )
        await connection.execute((MIGRATIONS / BLANK).read_text(encoding="utf-8"))
        rows = await connection.fetch("SELECT body, lane FROM inbox ORDER BY update_id")
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == [("{}", "-"), ("{}", "-"), ("waiting", "7"), ("left", "7")]
