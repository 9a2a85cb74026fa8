"""Interface of the reports on a market."""

from typing import Protocol

from trading.mood.report import MoodReport
from trading.scan.report import ScanRecord, ScanReport


class MarketReports(Protocol):
    """Newest reports of a market in a quote asset; None until a job has made the first. Methods raise
    DatabaseUnavailable.
    """

    async def mood(self, market: str, quote_asset: str) -> MoodReport | None:
        """Returns the mood of the last day."""

    async def scan(self, market: str, quote_asset: str) -> ScanReport | None:
        """Returns what the last scan found."""

    async def scan_record(self, market: str, quote_asset: str) -> ScanRecord | None:
        """Returns how often the signals of the scan were right."""
