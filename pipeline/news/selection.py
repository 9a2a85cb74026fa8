"""Choice of the stories that are new: dates within bounds, each once; and of those that are shown. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pipeline.market import DAY_MS
from pipeline.news.links import link_key
from pipeline.news.records import FeedEntry
from pipeline.news.titles import LEAST_SHARE, same_story, title_words

OLDEST_MS = 14 * DAY_MS
"""Age of entries that are left out: feeds list what they published long ago."""

MOST_AHEAD_MS = DAY_MS
"""Distance of a date in the future up to which it is a wrong clock or time zone; entries beyond are left out."""

COMPARED_MS = 2 * DAY_MS
"""Age of stories with whose titles new ones are compared."""

MAX_COMPARED = 5_000


class Sourced(Protocol):
    """Headline with the host of its feed."""

    @property
    def source(self) -> str:
        """Host of the feed."""


S = TypeVar("S", bound=Sourced)


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """Entry with the time of its publication (UTC ms), which is at most the time at which it was read."""

    entry: FeedEntry
    published: int


def dated(entries: Iterable[FeedEntry], now: int) -> list[DatedEntry]:
    """Returns the entries with dates up to `now` (UTC ms). One without a date, or with one up to a day ahead, is dated
    now; one further ahead, or older than 14 days, is left out.
    """
    found = ((entry, now if entry.published is None else entry.published) for entry in entries)
    return [DatedEntry(entry, min(at, now)) for entry, at in found if now - OLDEST_MS <= at <= now + MOST_AHEAD_MS]


class KnownTitles:
    """Titles of recent stories, with an index by word, so that a new title meets only those that share words."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._words: list[frozenset[str]] = []
        self._index: dict[str, list[int]] = {}
        for title in titles:
            self._add(title_words(title))

    def add(self, title: str) -> bool:
        """Adds a title. Returns False, and does nothing, if a known title tells the same story."""
        words = title_words(title)
        # Two titles of a story share at least that share of the words of each, so one of the rarest others is shared.
        rarest = sorted(words, key=lambda word: len(self._index.get(word, ())))
        needed = len(words) - math.ceil(LEAST_SHARE * len(words)) + 1
        near = {place for word in rarest[:needed] for place in self._index.get(word, ())}
        if any(same_story(words, self._words[place]) for place in near):
            return False
        self._add(words)
        return True

    def _add(self, words: frozenset[str]) -> None:
        for word in words:
            self._index.setdefault(word, []).append(len(self._words))
        self._words.append(words)


def new_entries(entries: Sequence[DatedEntry], keys: AbstractSet[str], titles: KnownTitles) -> list[DatedEntry]:
    """Returns the entries whose link is not among `keys` and whose title tells no known story, oldest first; `titles`
    learns theirs.
    """
    found: dict[str, DatedEntry] = {}
    for each in sorted(entries, key=lambda entry: entry.published):
        key = link_key(each.entry.link)
        if key not in keys and key not in found and titles.add(each.entry.title):
            found[key] = each
    return list(found.values())


def shared_out(headlines: Sequence[S], limit: int) -> list[S]:
    """Returns the first `limit` headlines, of which one source has at most half, rounded up. Where others have too few,
    it has what they leave. The order stays.
    """
    most, counted = -(-limit // 2), Counter[str]()
    first, beyond = list[int](), list[int]()
    for place, headline in enumerate(headlines):
        counted[headline.source] += 1
        (first if counted[headline.source] <= most else beyond).append(place)
    return [headlines[place] for place in sorted([*first, *beyond][:limit])]
