"""News in memory: stories, states of feeds, events and a model that a test puts in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ml.news.headline_model import HeadlineModel
from ml.news.ports import NewsServices
from pipeline.news.records import FeedReading, NewsEvent, NewsTone, Story
from pipeline.news.selection import shared_out
from pipeline.news.store import TONE_MS

_MINUTE_MS = 60_000


def sample_stories(now: int) -> list[Story]:
    """Invented headlines of the last hours."""
    told = (
        (3, "Bitcoin climbs above $58,000 as ETF inflows return", "/etf-inflows", ("BTC",), 0.81),
        (45, "Ethereum developers set a date for the next upgrade", "/upgrade-date", ("ETH",), 0.0),
        (150, "Exchange halts withdrawals after hack, Bitcoin slips", "/withdrawals", ("BTC",), -0.88),
    )
    return [
        Story(
            number,
            title,
            f"https://news.example.org{path}",
            "news.example.org",
            now - minutes * _MINUTE_MS,
            now - minutes * _MINUTE_MS,
            assets,
            tone,
        )
        for number, (minutes, title, path, assets, tone) in enumerate(told, start=1)
    ]


@dataclass
class MemoryNews:
    """`pipeline.news.store.NewsReader` and `ml.news.outcomes.HeadlineRecords`."""

    stories: list[Story] = field(default_factory=list)
    states: dict[str, FeedReading] = field(default_factory=dict)
    judged: list[NewsEvent] = field(default_factory=list)
    trained: HeadlineModel | None = None

    async def latest(self, asset: str | None, since: int, limit: int) -> Sequence[Story]:
        found = [
            story for story in self.stories if story.published >= since and (asset is None or asset in story.assets)
        ]
        return shared_out(sorted(found, key=lambda story: (-story.published, -story.story_id)), limit)

    async def tone(self, now: int, asset: str | None = None) -> NewsTone | None:
        tones = [story.tone for story in await self.latest(asset, now - TONE_MS, len(self.stories))]
        return NewsTone(sum(tones) / len(tones), len(tones)) if tones else None

    async def feeds(self, feed_ids: Sequence[str]) -> dict[str, FeedReading]:
        return {each: self.states[each] for each in feed_ids if each in self.states}

    async def events(self, market: str) -> Sequence[NewsEvent]:
        return self.judged

    async def model(self, market: str) -> HeadlineModel | None:
        return self.trained

    def services(self) -> NewsServices:
        return NewsServices(self, self, {"a" * 16: "news.example.org", "b" * 16: "other.example.org"})
