"""Months of the archive, and which may be removed: pure functions. Months are UTC and are removed whole."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.market import Candle, SourceKind

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Month that has a partition: its first moment (UTC ms) and the markets with candles in it."""

    start: int
    markets: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """First moment of the next month, UTC ms."""
        return month_before(self.start, -1)

    @property
    def name(self) -> str:
        """Name of the month, such as `2021-04`."""
        return datetime.fromtimestamp(self.start / 1000, UTC).strftime("%Y-%m")


def month_before(time: int, months: int) -> int:
    """Returns the first moment (UTC ms) of the month that is `months` before that of `time`."""
    at = datetime.fromtimestamp(time / 1000, UTC)
    years, month = divmod(at.year * _MONTHS_A_YEAR + at.month - 1 - months, _MONTHS_A_YEAR)
    return int(datetime(years, month + 1, 1, tzinfo=UTC).timestamp() * 1000)


def by_month(candles: Sequence[Candle]) -> Iterator[Sequence[Candle]]:
    """Yields the candles of each month. The candles rise by their time."""
    start = 0
    while start < len(candles):
        following = month_before(candles[start].open_time, -1)
        stop = bisect_left(candles, following, start, key=lambda candle: candle.open_time)
        yield candles[start:stop]
        start = stop


def expired(found: Iterable[Month], max_age: int, now: int, needed: Mapping[str, int]) -> list[Month]:
    """Returns the months that may be removed, oldest first.

    A month may be removed if it is more than `max_age` months old for each of its markets, and if none of them needs
    it: `needed` maps a market to the oldest time (UTC ms) that open work refers to.

    `now` is the machine's clock. The clock of a recording ends with its newest candle. A month without candles was
    created in advance, costs nothing and is kept.
    """
    months = sorted(found, key=lambda month: month.start)
    newest = {market: month.start for month in months for market in month.markets}

    def limit(market: str) -> int:
        today = newest[market] if market.startswith(SourceKind.REPLAY) else now
        return min(month_before(today, max_age), needed.get(market, now))

    oldest = {market: limit(market) for market in newest}
    return [m for m in months if m.markets and m.end <= min(oldest[market] for market in m.markets)]
