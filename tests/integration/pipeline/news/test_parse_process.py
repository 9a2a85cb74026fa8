"""The process that reads a document: ended when it takes too long, and never a danger to the desk."""

import asyncio
import time

import pytest

from pipeline.news.errors import FeedFault, FeedRefused
from pipeline.news.parse_process import parse
from pipeline.news.records import FetchedFeed
from tests.fakes.feed_server import item, rss


def fetched(body: bytes) -> FetchedFeed:
    return FetchedFeed(body, "application/rss+xml", "https://news.example.org/rss")


async def test_entries_come_back() -> None:
    (entry,) = await parse(fetched(rss(item("비트코인 급등"))))
    assert (entry.title, entry.link) == ("비트코인 급등", "https://news.example.org/a")


async def test_a_document_that_takes_too_long_is_given_up() -> None:
    begun = time.monotonic()
    with pytest.raises(FeedRefused) as refused:
        await parse(fetched(b"<rss>" * 100_000), limit_seconds=1.5)
    assert refused.value.fault is FeedFault.UNREADABLE
    assert time.monotonic() - begun < 10


async def test_a_refusal_comes_back_with_its_reason() -> None:
    with pytest.raises(FeedRefused) as refused:
        await parse(fetched(b'<!DOCTYPE rss [<!ENTITY a "b">]>'))
    assert refused.value.fault is FeedFault.DTD


async def test_a_cancelled_reading_leaves_no_process() -> None:
    task = asyncio.create_task(parse(fetched(b"<rss>" * 100_000)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
