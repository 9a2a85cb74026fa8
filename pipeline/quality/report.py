"""Report of quality over many symbols, as shown in the table and on the page of plots. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, Interval, Quote, Symbol
from pipeline.quality.candle_audit import SymbolQuality, examine, missing_by_bucket
from pipeline.quality.publisher import QualitySnapshot
from pipeline.quality.quote_checks import outside_its_book

HOUR_MS = 3_600_000
_MAX_BUCKETS = 800
_BUCKETS = (HOUR_MS, 4 * HOUR_MS, DAY_MS, 7 * DAY_MS, 28 * DAY_MS)
_QUIET_CANDLES = 5


@dataclass(frozen=True, slots=True)
class LiveQuality:
    """Quotes of the store at one moment: their number, the number with a book, and the symbols with a flawed quote."""

    quotes: int
    with_book: int
    stale: tuple[Symbol, ...]
    crossed: tuple[Symbol, ...]
    disagreeing: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Quality of candles of `width` ms with `start` <= open time < `end` (UTC ms). `missing` is symbols x buckets of
    `bucket` ms, NaN where the symbol was not there; its rows are as in `symbols`, which are sorted by name.
    """

    label: str
    width: int
    start: int
    end: int
    bucket: int
    symbols: tuple[SymbolQuality, ...]
    missing: NDArray[np.float64]
    live: LiveQuality | None = None
    counters: dict[str, QualitySnapshot] | None = None

    @property
    def rows(self) -> int:
        """Total number of candles."""
        return sum(symbol.rows for symbol in self.symbols)

    @property
    def zero_share(self) -> float:
        """Share of the candles without volume, 0..1."""
        return sum(symbol.zero_volume for symbol in self.symbols) / self.rows if self.rows else 0.0

    @property
    def late(self) -> tuple[SymbolQuality, ...]:
        """Symbols that begin inside the report."""
        return tuple(symbol for symbol in self.symbols if symbol.first > self.start)

    @property
    def silent(self) -> tuple[SymbolQuality, ...]:
        """Symbols whose candles end before the report does."""
        return tuple(s for s in self.symbols if s.last < self.end - (_QUIET_CANDLES + 1) * self.width)

    def shared_gaps(self) -> list[tuple[tuple[int, int], int]]:
        """Returns each gap and the number of symbols that have it; those of most symbols first, then the longest."""
        gaps = Counter(gap for symbol in self.symbols for gap in symbol.gaps)
        return sorted(gaps.items(), key=lambda item: (-item[1], item[0][0] - item[0][1], item[0]))

    def buckets(self) -> NDArray[np.int64]:
        """Edges of the columns of `missing`, UTC ms."""
        return bucket_edges(self.start, self.end, self.bucket)


def build_report(label: str, width: int, span: tuple[int, int], symbols: Iterable[SymbolQuality]) -> Report:
    """Builds the report over [start, end) of the symbols that were examined."""
    start, end = span
    examined = sorted(symbols, key=lambda quality: quality.symbol)
    bucket = _bucket_for(end - start, width)
    edges = bucket_edges(start, end, bucket)
    rows = [missing_by_bucket(quality, width, edges) for quality in examined]
    missing = np.array(rows) if rows else np.empty((0, len(edges) - 1))
    return Report(label, width, start, end, bucket, tuple(examined), missing)


def recording_report(label: str, columns: dict[str, NDArray[Any]], only: Iterable[Symbol] = ()) -> Report | None:
    """Returns the report of a whole recording (see `recorded`); None if its candles' interval is not supported."""
    wanted = tuple(only)
    width = _width(recorded(columns, wanted))
    if width is None:
        return None
    times = columns["open_time"][columns["open_time"] >= 0]
    span = int(times.min()), int(times.max()) + width
    examined = (examine(symbol, candles, width, span[0]) for symbol, candles in recorded(columns, wanted))
    return build_report(label, width, span, examined)


def bucket_edges(start: int, end: int, bucket: int) -> NDArray[np.int64]:
    """Multiples of the bucket around [start, end)."""
    return np.arange(start // bucket * bucket, -(-end // bucket) * bucket + 1, bucket, dtype=np.int64)


def live_quality(quotes: Sequence[Quote]) -> LiveQuality:
    """Summarises the current quotes: their number, and the stale, crossed and disagreeing symbols."""
    disagreeing = [q.symbol for q in quotes if outside_its_book(float(q.price), float(q.bid), float(q.ask))]
    return LiveQuality(
        quotes=len(quotes),
        with_book=sum(quote.bid_size > 0 or quote.ask_size > 0 for quote in quotes),
        stale=tuple(quote.symbol for quote in quotes if quote.stale),
        crossed=tuple(quote.symbol for quote in quotes if quote.bid > quote.ask),
        disagreeing=tuple(disagreeing),
    )


def recorded(columns: dict[str, NDArray[Any]], only: Iterable[Symbol] = ()) -> Iterator[tuple[Symbol, CandleColumns]]:
    """Yields each symbol's candles of `pipeline.replay.parquet_columns.read_raw_columns`, sorted by time; those of
    `only`, if it has any. A symbol without a valid time is left out.
    """
    names, name = columns["names"], columns["name"]
    wanted = set(only)
    order = np.lexsort((columns["open_time"], name))
    starts = np.searchsorted(name[order], np.arange(len(names) + 1))
    for number, (begin, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
        symbol = Symbol(str(names[number]))
        rows = order[begin:end]
        if not np.any(columns["open_time"][rows] >= 0) or (wanted and symbol not in wanted):
            continue
        yield (
            symbol,
            CandleColumns(
                **{key: columns[key][rows] for key in ("open_time", "open", "high", "low", "close", "volume")},
                quote_volume=np.broadcast_to(0.0, len(rows)),
                trades=np.broadcast_to(np.int64(0), len(rows)),
            ),
        )


def _width(candles: Iterable[tuple[Symbol, CandleColumns]]) -> int | None:
    """Returns the most frequent step between two candles, in ms; None if candles of that width are not supported."""
    steps: Counter[int] = Counter()
    for _, columns in candles:
        found, times = np.unique(np.diff(columns.open_time), return_counts=True)
        steps.update(dict(zip(found.tolist(), times.tolist(), strict=True)))
    common = steps.most_common(1)[0][0] if steps else 0
    return common if common in {interval.ms for interval in Interval} else None


def _bucket_for(span: int, width: int) -> int:
    fits = [bucket for bucket in _BUCKETS if bucket >= width and span / bucket <= _MAX_BUCKETS]
    return fits[0] if fits else _BUCKETS[-1]
