"""Store of feeds and stories in PostgreSQL."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Protocol

import asyncpg

from core.database import Connection, Database, Pool
from core.sql import load_queries
from pipeline.market import DAY_MS
from pipeline.news.links import link_key
from pipeline.news.records import FeedReading, NewsTone, NewStory, Story
from pipeline.news.selection import shared_out

SQL = load_queries(__package__, "queries.sql")

MAX_STORIES = 20_000
"""Most stories that are kept."""

MAX_LISTED = 200
TONE_MS = DAY_MS
"""Span of the tone that is shown: the last 24 hours."""

_TRIMMED_A_CALL = 1_000


class NewsReader(Protocol):
    """Read access to the news. Every method raises DatabaseUnavailable."""

    async def latest(self, asset: str | None, since: int, limit: int) -> Sequence[Story]:
        """Returns the newest stories that were published since then (UTC ms), newest first; with an asset, those whose
        title names it. One source has at most half of them if others have enough.
        """

    async def tone(self, now: int, asset: str | None = None) -> NewsTone | None:
        """Returns the mean tone of the stories of the 24 hours before `now` (UTC ms); None if there is none."""

    async def feeds(self, feed_ids: Sequence[str]) -> dict[str, FeedReading]:
        """Returns the state of the feeds that were read, by their ids."""


class PostgresNews:
    """`NewsReader`, and the writing side of it, on a pool whose role is paperdesk_app. Methods may be repeated without
    harm.
    """

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())

    async def latest(self, asset: str | None, since: int, limit: int) -> Sequence[Story]:
        """See `NewsReader.latest`."""
        limit = min(limit, MAX_LISTED)
        rows = await self._database.fetch(SQL["latest"], asset, moment(since), limit)
        return shared_out([_story(row) for row in rows], limit)

    async def tone(self, now: int, asset: str | None = None) -> NewsTone | None:
        """See `NewsReader.tone`."""
        (row,) = await self._database.fetch(SQL["tone"], asset, moment(now - TONE_MS), moment(now))
        return NewsTone(row["tone"], row["count"]) if row["count"] else None

    async def daily_tones(self, since: int, until: int) -> dict[date, float]:
        """Returns the mean tone of the stories that were first seen on each day (UTC) between two midnights (ms)."""
        rows = await self._database.fetch(SQL["daily_tones"], moment(since), moment(until))
        return {row["day"]: row["tone"] for row in rows}

    async def feeds(self, feed_ids: Sequence[str]) -> dict[str, FeedReading]:
        """See `NewsReader.feeds`."""
        rows = await self._database.fetch(SQL["feeds"], list(feed_ids))
        return {row["id"]: _feed(row) for row in rows}

    async def save_feed(self, state: FeedReading) -> None:
        """Stores the state of a feed after a reading."""
        times = (moment(state.next_at), moment(state.read_at), moment(state.worked_at) if state.worked_at else None)
        said = (state.feed_id, state.source, state.etag, state.modified, state.failures, state.fault)
        await self._database.fetch(SQL["save_feed"], *said, *times)

    async def forget_feeds(self, listed: Sequence[str]) -> None:
        """Deletes the state of feeds that are not listed any more."""
        await self._database.fetch(SQL["forget_feeds"], list(listed))

    async def titles(self, since: int, limit: int) -> Sequence[str]:
        """Returns the titles of the newest stories that were seen since then (UTC ms)."""
        return [row["title"] for row in await self._database.fetch(SQL["titles"], moment(since), limit)]

    async def known(self, keys: Sequence[str]) -> set[str]:
        """Returns those of the keys of links that stories have."""
        return {row["link_key"] for row in await self._database.fetch(SQL["known"], list(keys))}

    async def add(self, stories: Sequence[NewStory]) -> int:
        """Stores stories with their assets, apart from those whose link is known. Returns the number of new ones."""
        if not stories:
            return 0
        by_key = {link_key(story.link): story for story in stories}
        columns = [
            list(by_key),
            [story.title for story in by_key.values()],
            [story.link for story in by_key.values()],
            [story.source for story in by_key.values()],
            [moment(story.published) for story in by_key.values()],
            [moment(story.seen) for story in by_key.values()],
            [story.tone for story in by_key.values()],
        ]

        async def work(connection: Connection) -> int:
            async with connection.transaction():
                rows = await connection.fetch(SQL["add"], *columns)
                named = [
                    (row["id"], asset, place)
                    for row in rows
                    for place, asset in enumerate(by_key[row["link_key"]].assets)
                ]
                await connection.execute(SQL["add_assets"], *([each[part] for each in named] for part in range(3)))
            return len(rows)

        return await self._database.run(work)

    async def trim(self, before: int) -> int:
        """Deletes stories that were seen before then (UTC ms), and the oldest beyond 20,000. Returns their number."""
        deleted = 0
        while rows := await self._database.fetch(SQL["trim"], moment(before), MAX_STORIES, _TRIMMED_A_CALL):
            deleted += len(rows)
        return deleted


def moment(at: int) -> datetime:
    """Returns UTC milliseconds as a time of the database."""
    return datetime.fromtimestamp(at / 1000, UTC)


def milliseconds(at: datetime | None) -> int:
    """Returns a time of the database as UTC milliseconds, 0 for none."""
    return 0 if at is None else round(at.timestamp() * 1000)


def _story(row: asyncpg.Record) -> Story:
    return Story(
        row["id"],
        row["title"],
        row["link"],
        row["source"],
        milliseconds(row["published_at"]),
        milliseconds(row["seen_at"]),
        tuple(row["assets"]),
        row["tone"],
    )


def _feed(row: asyncpg.Record) -> FeedReading:
    return FeedReading(
        row["id"],
        row["source"],
        row["etag"],
        row["modified"],
        row["failures"],
        row["fault"],
        milliseconds(row["next_at"]),
        milliseconds(row["read_at"]),
        milliseconds(row["worked_at"]),
    )
