"""Services of the news that the bot uses."""

from collections.abc import Mapping
from dataclasses import dataclass

from ml.news.outcomes import HeadlineRecords
from pipeline.news.store import NewsReader


@dataclass(frozen=True, slots=True)
class NewsServices:
    """Stories and their records, and the feeds that the operator lists: ids of their states, and names of their
    sources.
    """

    reader: NewsReader
    records: HeadlineRecords
    sources: Mapping[str, str]
