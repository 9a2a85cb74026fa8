"""Which entries of a feed are new stories, when they count as published, and which of them are shown."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from pipeline.market import DAY_MS
from pipeline.news.records import FeedEntry
from pipeline.news.selection import (
    MOST_AHEAD_MS,
    OLDEST_MS,
    DatedEntry,
    KnownTitles,
    dated,
    new_entries,
    shared_out,
)

NOW = 1_617_278_400_000


def entry(number: int, title: str = "", published: int | None = NOW) -> FeedEntry:
    return FeedEntry(title or f"Headline with the number {number}", f"https://example.org/{number}", published)


def test_dates_in_the_future_become_now_or_are_left_out() -> None:
    found = dated(
        [entry(1, published=NOW + 1), entry(2, published=NOW + MOST_AHEAD_MS + 1), entry(3, published=None)], NOW
    )
    assert [(each.entry.link[-1], each.published) for each in found] == [("1", NOW), ("3", NOW)]


def test_old_entries_are_left_out() -> None:
    found = dated(
        [entry(1, published=NOW - OLDEST_MS), entry(2, published=NOW - OLDEST_MS - 1), entry(3, published=0)], NOW
    )
    assert [each.entry.link[-1] for each in found] == ["1"]


def test_a_story_of_several_feeds_is_one() -> None:
    same = [
        DatedEntry(entry(1, "Exchange halts withdrawals after attack"), NOW),
        DatedEntry(entry(2, "Exchange halted withdrawals after attack - Example"), NOW + 1),
        DatedEntry(FeedEntry("Something else entirely happened", "https://www.example.org/1/", NOW), NOW + 2),
        DatedEntry(entry(3, "Bitcoin unchanged at noon"), NOW - DAY_MS),
    ]
    assert [each.entry.link[-1] for each in new_entries(same, set(), KnownTitles())] == ["3", "1"]


def test_known_links_and_titles_are_not_new() -> None:
    titles = KnownTitles(["Exchange halts withdrawals after attack"])
    known = [DatedEntry(entry(1), NOW), DatedEntry(entry(2, "Exchange halts withdrawals after attack"), NOW)]
    assert new_entries(known, {"example.org/1"}, titles) == []


def test_many_entries_are_compared_quickly() -> None:
    titles = KnownTitles(f"Headline with the number {n} and word{n % 97}" for n in range(5_000))
    found = new_entries([DatedEntry(entry(n), NOW) for n in range(6_000, 6_200)], set(), titles)
    assert len(found) == 200


class Told(NamedTuple):
    """Headline as `shared_out` sees it."""

    number: int
    source: str


@given(st.lists(st.sampled_from("aaab"), max_size=30), st.integers(0, 12))
def test_one_source_has_at_most_half_unless_others_have_too_few(sources: list[str], limit: int) -> None:
    told = [Told(number, source) for number, source in enumerate(sources)]
    shown = shared_out(told, limit)
    assert len(shown) == min(limit, len(told))
    assert shown == sorted(shown)
    for source in set(sources):
        mine, others = (
            [each for each in found if (each.source == source) == own] for found, own in ((shown, True), (told, False))
        )
        assert mine == [each for each in told if each.source == source][: len(mine)], "its first ones"
        assert len(mine) <= max(-(-limit // 2), limit - len(others))


def test_what_others_leave_is_taken() -> None:
    assert shared_out([Told(0, "a"), Told(1, "a"), Told(2, "a"), Told(3, "b")], 4) == [
        (0, "a"),
        (1, "a"),
        (2, "a"),
        (3, "b"),
    ]
    assert shared_out([Told(0, "a"), Told(1, "a"), Told(2, "a"), Told(3, "b")], 2) == [(0, "a"), (3, "b")]
