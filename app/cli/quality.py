"""`paperdesk quality`: reports missing, frozen, spiked or doubtful prices of the archive or a recording."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from rich.console import Console

from app.cli.quality_page import draw_page
from app.cli.quality_table import print_report
from app.database.migrate import ROLE
from app.database.queries import where
from app.errors import DatabaseUnreachable, NoReportData, PageUnwritable
from app.startup import Addresses
from bot.platforms.console.sanitize import one_line
from core.clock import wall_clock
from core.postgres.client import connect
from core.system.atomic_files import made_folder, write_in
from jobs.quality_report import last_day
from pipeline.archive.postgres import translated
from pipeline.errors import BadRecording, MarketUnavailable
from pipeline.market import DAY_MS, MINUTE_MS, MarketInfo, Symbol
from pipeline.quality.archive_columns import archived_candles, archived_markets
from pipeline.quality.candle_audit import examine
from pipeline.quality.daily_summary import DailyQuality
from pipeline.quality.publisher import QualitySnapshot, read_snapshots
from pipeline.quality.report import LiveQuality, Report, build_report, live_quality, recording_report
from pipeline.replay.parquet_columns import read_raw_columns
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis

_HISTORY_POINTS = 1000


@dataclass(frozen=True, slots=True)
class QualityRequest:
    """Options of the command; no symbols means all of them."""

    days: int
    symbols: tuple[Symbol, ...]
    out: Path

    @classmethod
    def of(cls, days: int, symbols: str, out: Path) -> Self:
        """Returns the request for the arguments of the command line; `symbols` are separated by commas."""
        names = (name.strip().upper() for name in symbols.split(","))
        return cls(days, tuple(Symbol(name) for name in names if name), out.expanduser())


def report_recording(path: Path, asked: QualityRequest) -> int:
    """Reports on a whole parquet recording of candles. Raises BadRecording, NoReportData and PageUnwritable."""
    report = recording_report(path.name, read_raw_columns(path), asked.symbols)
    if report is None:
        raise NoReportData(path.name) if asked.symbols else BadRecording(str(path), "interval")
    return show(report, asked)


async def report_desk(addresses: Addresses, asked: QualityRequest) -> int:
    """Reports on the last days of the archive and on the current content of the store.

    Ends with the summary of the last nightly report. Raises DatabaseUnreachable, NoReportData and PageUnwritable.
    """
    info, live, counters = await _now_in_store(addresses.redis_url)
    try:
        report, day = await _of_archive(addresses.postgres_dsn, info, asked)
    except MarketUnavailable as error:
        raise DatabaseUnreachable(where(addresses.postgres_dsn)) from error
    if info is not None and info.market == report.label:  # otherwise the store is that of another market
        report = replace(report, live=live, counters=counters)
    code = show(report, asked)
    if day is not None:
        sys.stdout.write(one_line(_said(day)) + "\n")
    return code


def _said(day: DailyQuality) -> str:
    missing = sum(count for _, count in day.missing)
    held = f"{day.held} prices held back, {day.refuted} of them refuted"
    return f"nightly report of {day.day}: {day.candles} candles of {day.symbols} symbols, {missing} missing; {held}"


def show(report: Report, asked: QualityRequest) -> int:
    """Prints the table and writes the page. Returns 0. Raises NoReportData and PageUnwritable."""
    if not report.symbols:
        raise NoReportData(report.label)
    console = Console(file=sys.stdout, highlight=False)
    print_report(report, console)
    name = "".join(
        letter if letter.isalnum() or letter in "._-" else "-" for letter in report.label.removesuffix(".parquet")
    )
    page = asked.out / f"quality-{name}.png"
    try:
        with made_folder(asked.out) as folder:
            write_in(folder, page.name, draw_page(report))
    except OSError as error:
        raise PageUnwritable(str(page)) from error
    console.print(f"plots: {one_line(str(page))}", soft_wrap=True, markup=False)
    return 0


async def _of_archive(dsn: str, info: MarketInfo | None, asked: QualityRequest) -> tuple[Report, DailyQuality | None]:
    """Returns the report of the archive, and the last nightly report of the market, None if there is none."""
    with translated():
        connection = await connect(dsn, server_settings={"role": ROLE, "timezone": "UTC"})
    try:
        markets = {market.name: market.newest for market in await archived_markets(connection)}
        if not markets:
            raise NoReportData(info.market if info else "")
        market = info.market if info and info.market in markets else next(iter(markets))
        end = markets[market] + MINUTE_MS
        if info is not None and info.market == market:
            end = max(end, min(info.now(wall_clock()), end + asked.days * DAY_MS) // MINUTE_MS * MINUTE_MS)
        span = end - asked.days * DAY_MS, end
        candles = archived_candles(connection, market, span, asked.symbols)
        examined = [examine(symbol, columns, MINUTE_MS, span[0]) async for symbol, columns in candles]
        begins = max(span[0], min((quality.first for quality in examined), default=span[0]))  # the archive may be young
        with translated():
            day = await last_day(connection, market)
        return build_report(market, MINUTE_MS, (begins, end), examined), day
    finally:
        await connection.close()


async def _now_in_store(url: str) -> tuple[MarketInfo | None, LiveQuality | None, dict[str, QualitySnapshot]]:
    """Returns the market, the quality of its quotes and the counters in the store.

    None and empty if the store does not answer: the report is mainly about the archive.
    """
    async with open_redis(url, connections=1) as client:
        store = RedisStore(client, _HISTORY_POINTS)
        try:
            info, _ = await store.head()
            if info is None:
                return None, None, {}
            rules, _ = await store.rules()
            symbols: Sequence[Symbol] = [rule.symbol for rule in rules]
            _, raws = await store.quotes(symbols)
            now = wall_clock()
            quotes = [codec.decode_quote(symbol, raw, info, now) for symbol, raw in zip(symbols, raws, strict=True)]
            return info, live_quality([quote for quote in quotes if quote]), await read_snapshots(client)
        except MarketUnavailable:
            return None, None, {}
