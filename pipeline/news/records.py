"""Values of the news: fetched feeds, stories, the state of feeds, and the tone of a span."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

NEUTRAL = 0.15
"""Tone (absolute) below which a headline is neutral."""


class FeedEntry(msgspec.Struct, frozen=True):
    """Entry of a feed: its title as plain text, its link, and when it claims to be published (UTC ms), if it says."""

    title: str
    link: str
    published: int | None = None


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """Body of a feed, its content type and final address, and the tags that a later request names."""

    body: bytes
    content_type: str
    address: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class FeedContent:
    """Usable entries of a feed, and the tags that the next request names."""

    entries: Sequence[FeedEntry]
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class NewStory:
    """Story before it is stored: `assets` are those that its title names, `tone` is that of the rules (-1 to 1),
    `published` is the time that the feed claims, at most `seen`, when the desk read it first (both UTC ms).
    """

    title: str
    link: str
    source: str
    published: int
    seen: int
    assets: tuple[str, ...]
    tone: float


@dataclass(frozen=True, slots=True)
class Story:
    """Stored story; see `NewStory`."""

    story_id: int
    title: str
    link: str
    source: str
    published: int
    seen: int
    assets: tuple[str, ...]
    tone: float


@dataclass(frozen=True, slots=True)
class NewsTone:
    """Mean tone of the headlines of a span, -1 (bad) to 1 (good), and their number."""

    tone: float
    count: int


@dataclass(frozen=True, slots=True)
class FeedReading:
    """State of a feed between two readings; times are UTC ms, 0 for never. `fault` is '' after a success."""

    feed_id: str
    source: str
    etag: str = ""
    modified: str = ""
    failures: int = 0
    fault: str = ""
    next_at: int = 0
    read_at: int = 0
    worked_at: int = 0


@dataclass(frozen=True, slots=True)
class NewsEvent:
    """Headline about a coin and what the coin did afterwards, for the record and the training of a model.

    `returned` is the return of the coin from the next open after `seen` (UTC ms) over the horizon.
    """

    story_id: int
    asset: str
    title: str
    tone: float
    seen: int
    returned: float
