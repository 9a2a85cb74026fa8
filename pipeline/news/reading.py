"""Reading of a feed: fetched within limits, then parsed in a process of its own."""

from pipeline.news.fetch import FeedClient
from pipeline.news.parse_process import parse
from pipeline.news.records import FeedContent


class FeedReader:
    """Reader of feeds over one client."""

    def __init__(self, client: FeedClient) -> None:
        self._client = client

    async def read(self, address: str, etag: str, modified: str) -> FeedContent | None:
        """Returns the content of a feed; None if it has not changed since these tags. Raises FeedRefused."""
        fetched = await self._client.fetch(address, etag, modified)
        if fetched is None:
            return None
        return FeedContent(await parse(fetched), fetched.etag, fetched.modified)
