"""Reads the feeds that are due, and stores their new stories.

A feed that fails is read again after a pause that doubles with each failure, up to six hours; its neighbours go on. The
state of each feed is in the database, so a restart neither forgets a pause nor reads what has not changed.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from core.clock import Clock
from ml.news.tone import headline_tones
from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.news.coins import CoinMatcher
from pipeline.news.errors import FeedRefused
from pipeline.news.links import link_key, source_name
from pipeline.news.records import FeedContent, FeedReading, NewStory
from pipeline.news.selection import COMPARED_MS, MAX_COMPARED, DatedEntry, KnownTitles, dated, new_entries
from pipeline.news.settings import NewsSettings
from pipeline.news.store import PostgresNews

EVERY_SECONDS = 60
LONGEST_PAUSE_MS = 6 * 60 * MINUTE_MS
_AT_ONCE = 4
_DOUBLINGS = 10

log = logging.getLogger(__name__)


ReadFeed = Callable[[str, str, str], Awaitable[FeedContent | None]]
"""Function from an address and the tags of the last reading to the content of a feed; None if it has not changed.
Raises FeedRefused.
"""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Address of a feed, the id under which its state is stored, and the name of its source."""

    address: str
    feed_id: str
    source: str


def feed_addresses(settings: NewsSettings) -> list[FeedAddress]:
    """Returns the feeds of the settings. An id is a hash, because an address may contain a key."""
    return [
        FeedAddress(address, hashlib.sha256(address.encode()).hexdigest()[:16], source_name(address))
        for address in settings.addresses
    ]


def next_reading(now: int, every_ms: int, failures: int, retry_after: float, chance: float) -> int:
    """Returns the time of the next reading (UTC ms): after the usual interval, which doubles with each failure up to
    six hours, or after the pause in seconds that the server asked for. `chance` (0 to 1) spreads it by up to a tenth.
    """
    pause = min(every_ms << min(failures, _DOUBLINGS), max(LONGEST_PAUSE_MS, every_ms))
    return now + round(max(pause * (1 + chance / 10), retry_after * 1000))


@dataclass(frozen=True, slots=True)
class NewsReport:
    """Number of feeds that were read, of those that failed, and of new stories."""

    read: int = 0
    failed: int = 0
    stories: int = 0

    def __str__(self) -> str:
        return f"{self.read} feeds read, {self.failed} failed; {self.stories} new stories"


class NewsCollection:
    """Job that reads the feeds. `matcher` returns the matcher of the coins of the running market."""

    def __init__(
        self,
        store: PostgresNews,
        settings: NewsSettings,
        matcher: Callable[[], CoinMatcher],
        read: ReadFeed,
        clock: Clock,
        *,
        jitter: random.Random,
    ) -> None:
        self._store = store
        self._settings = settings
        self._feeds = feed_addresses(settings)
        self._matcher = matcher
        self._read_feed = read
        self._clock = clock
        self._jitter = jitter

    async def run(self) -> NewsReport:
        """Reads the feeds that are due. Raises DatabaseUnavailable."""
        now = self._clock()
        ids = [feed.feed_id for feed in self._feeds]
        known = await self._store.feeds(ids)
        states = [(feed, known.get(feed.feed_id, FeedReading(feed.feed_id, feed.source))) for feed in self._feeds]
        due = [(feed, state) for feed, state in states if state.next_at <= now]
        if not due:
            return NewsReport()
        turns = asyncio.Semaphore(_AT_ONCE)

        async def read(feed: FeedAddress, state: FeedReading) -> tuple[FeedReading, list[tuple[str, DatedEntry]]]:
            async with turns:
                return await self._read(feed, state)

        found = await asyncio.gather(*(read(feed, state) for feed, state in due))
        entries = [entry for _, entries in found for entry in entries]
        stories = await self._add(entries, now)
        for state, _ in found:  # after the stories: what was not stored is read again
            await self._store.save_feed(state)
        await self._store.forget_feeds(ids)
        await self._store.trim(now - self._settings.keep_days * DAY_MS)
        return NewsReport(len(due), sum(1 for state, _ in found if state.fault), stories)

    async def _read(self, feed: FeedAddress, state: FeedReading) -> tuple[FeedReading, list[tuple[str, DatedEntry]]]:
        now, every = self._clock(), self._settings.every_minutes * MINUTE_MS
        try:
            content = await self._read_feed(feed.address, state.etag, state.modified)
        except FeedRefused as refused:
            failures = state.failures + 1
            log.warning("the feed of %s was not read (%d in a row): %s", feed.source, failures, refused.fault)
            pause = next_reading(now, every, failures, refused.retry_after, self._jitter.random())
            failed = replace(state, failures=failures, fault=refused.fault.value, next_at=pause, read_at=now)
            return failed, []
        tags = (state.etag, state.modified) if content is None else (content.etag, content.modified)
        following = next_reading(now, every, 0, 0.0, self._jitter.random())
        read = FeedReading(feed.feed_id, feed.source, *tags, 0, "", following, now, now)
        return read, [(feed.source, entry) for entry in dated(content.entries if content else (), now)]

    async def _add(self, entries: Sequence[tuple[str, DatedEntry]], now: int) -> int:
        """Stores the entries that tell something new. Returns their number."""
        if not entries:
            return 0
        sources = {link_key(each.entry.link): source for source, each in reversed(entries)}
        keys = await self._store.known(list(sources))
        titles = KnownTitles(await self._store.titles(now - COMPARED_MS, MAX_COMPARED))
        matcher = self._matcher()

        def choose() -> list[NewStory]:
            chosen = new_entries([each for _, each in entries], keys, titles)
            tones = headline_tones([each.entry.title for each in chosen])
            return [
                NewStory(
                    each.entry.title,
                    each.entry.link,
                    sources[link_key(each.entry.link)],
                    min(each.published, now),
                    now,
                    matcher.assets(each.entry.title),
                    tone,
                )
                for each, tone in zip(chosen, tones, strict=True)
            ]

        return await self._store.add(await asyncio.to_thread(choose))
