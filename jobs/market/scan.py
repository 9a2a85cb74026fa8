"""Scans all coins for signals once an hour, and measures once a day how often such signals were right."""

import asyncio
from collections.abc import Mapping, Sequence

from pipeline.candles import Floats
from pipeline.market import Interval, SourceKind, Symbol
from pipeline.ports import MarketReader
from trading.market_reports.history import ReportCandles, for_each, reported_symbols
from trading.market_reports.store import MarketReportStore
from trading.scan.candle_grid import candle_grid, is_pegged
from trading.scan.record import SignalTally, signal_records
from trading.scan.report import ScanRecord, ScanReport, SignalFinding, findings_of

EVERY_SECONDS = 300
OFFSET_SECONDS = 75
"""Time after the hour from which its last candles are archived."""

RECENT = {Interval.H1: 300, Interval.D1: 120}
"""Candles from which the signals of the last one are computed."""

HISTORY = {Interval.H1: 4_000, Interval.D1: 1_000}
SIMULATED_HISTORY = {Interval.H1: 1_500, Interval.D1: 250}
"""Candles on which the signals are measured."""

MEASURED_MS = Interval.D1.ms

Grid = Mapping[str, Floats]


class MarketScan:
    """Job that keeps the reports of the running market; `run` may be called late, repeatedly, and by any number of
    desks.
    """

    def __init__(self, store: MarketReportStore, candles: ReportCandles, market: MarketReader) -> None:
        self._store = store
        self._candles = candles
        self._market = market

    async def run(self) -> str | None:
        """Scans if a candle has closed since the last scan, and measures if the last record is a day old. Raises
        DatabaseUnavailable and MarketUnavailable.
        """
        info, now = self._market.info(), self._market.now()
        where = (info.market, info.quote_asset)
        last, record = await self._store.scan(*where), await self._store.scan_record(*where)
        done = []
        if last is None or last.hour != _closed(now, Interval.H1):
            report = await self._scan(last, now)
            await self._store.save(*where, report)
            done.append(f"{len(report.findings)} signals of {report.coins} coins")
        if record is None or not 0 <= now - record.made < MEASURED_MS:
            record = await self._measure(now)
            await self._store.save(*where, record)
            done.append(f"signals measured on {record.coins} coins")
        return "; ".join(done) or None

    async def _scan(self, last: ScanReport | None, now: int) -> ScanReport:
        symbols = await reported_symbols(self._market)
        hour, day = _closed(now, Interval.H1), _closed(now, Interval.D1)
        hourly = await self._find(symbols, Interval.H1, hour)
        if last is not None and last.day == day:
            daily: Sequence[SignalFinding] = [each for each in last.findings if each.interval is Interval.D1]
        else:
            daily = await self._find(symbols, Interval.D1, day)
        return ScanReport(hour, day, len(symbols), (*hourly, *daily))

    async def _find(self, symbols: Sequence[Symbol], interval: Interval, end: int) -> Sequence[SignalFinding]:
        found: list[SignalFinding] = []

        def look(symbol: Symbol, grid: Grid) -> list[SignalFinding]:
            return [] if is_pegged(grid, interval) else findings_of(symbol, interval, grid)

        async def work(symbol: Symbol) -> None:
            candles = await self._candles.read(symbol, interval, RECENT[interval])
            grid = candle_grid(candles, interval, end, RECENT[interval])
            found.extend(await asyncio.to_thread(look, symbol, grid))

        await for_each(symbols, work)
        return sorted(found, key=lambda each: (each.symbol, each.kind))

    async def _measure(self, now: int) -> ScanRecord:
        symbols = await reported_symbols(self._market)
        simulated = self._market.info().source is SourceKind.SIMULATOR
        tallies = []
        for interval, count in (SIMULATED_HISTORY if simulated else HISTORY).items():
            tally = SignalTally(interval, _closed(now, interval), count)
            await self._tally(symbols, tally, count, _closed(now, interval))
            tallies.append(tally)
        return ScanRecord(now, len(symbols), await asyncio.to_thread(signal_records, tallies))

    async def _tally(self, symbols: Sequence[Symbol], tally: SignalTally, count: int, end: int) -> None:
        one = asyncio.Lock()

        def add(grid: Grid) -> None:
            if not is_pegged(grid, tally.interval):
                tally.add(grid)

        async def work(symbol: Symbol) -> None:
            candles = await self._candles.read(symbol, tally.interval, count)
            async with one:
                await asyncio.to_thread(add, candle_grid(candles, tally.interval, end, count))

        await for_each(symbols, work)


def _closed(now: int, interval: Interval) -> int:
    """Returns the end of the last closed candle."""
    return now // interval.ms * interval.ms
