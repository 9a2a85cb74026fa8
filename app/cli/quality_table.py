"""Report of quality as tables in a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.platforms.console.sanitize import one_line
from pipeline.market import Interval
from pipeline.quality.candle_audit import FROZEN_CANDLES, SymbolQuality
from pipeline.quality.report import LiveQuality, Report

_NAMED = 4
_WORST = 15
_QUARANTINED = 10

Row = tuple[str, str, str]
"""Name of the check, number of findings, and their places."""


def print_report(report: Report, console: Console) -> None:
    """Prints the checks and their findings, the worst symbols, and the counters of the running desk."""
    console.print(Text(one_line(headline(report)), style="bold"))
    console.print(_grid(("check", "found", "where"), checks(report)))
    worst = sorted(filter(_flaws, report.symbols), key=_flaws, reverse=True)[:_WORST]
    if worst:
        console.print(_grid(_SYMBOL_COLUMNS, [_symbol_row(symbol) for symbol in worst], right=6))
    for role, snapshot in sorted((report.counters or {}).items()):
        today = max(snapshot.days, default="")
        counts = snapshot.days.get(today, {})
        refused = Counter({f"before: {reason}": times for reason, times in snapshot.upstream.items()})
        rows = [(reason, f"{times:,}", "") for reason, times in (Counter(counts) + refused).most_common()]
        console.print(_grid((f"{role}, {today or 'nothing counted'}", "times", ""), rows))
        newest = list(snapshot.quarantined)[: -_QUARANTINED - 1 : -1]
        console.print(
            _grid(
                ("held back", "price", "result"),
                [
                    (f"{q.symbol} {minute(q.time)}", f"{q.price} ({q.usual:.8g})", f"{q.reason}, {q.outcome}")
                    for q in newest
                ],
            )
        ) if newest else None


def headline(report: Report) -> str:
    """Returns the subject of the report in one line."""
    candles = f"{report.rows:,} candles of {interval_name(report.width)}"
    return (
        f"{report.label}: {len(report.symbols)} symbols, {candles}, {minute(report.start)} to {minute(report.end)} UTC"
    )


def checks(report: Report) -> list[Row]:
    """Returns one row for each check, even without findings."""
    return [*_candle_checks(report), *_price_checks(report), *(_live_checks(report.live) if report.live else ())]


def _candle_checks(report: Report) -> Iterator[Row]:
    symbols = report.symbols
    gaps = [
        f"{minute(start)} to {minute(end)} ({(end - start) // report.width}) in {_many(count, 'symbol')}"
        for (start, end), count in report.shared_gaps()
    ]
    yield "missing candles", f"{sum(s.missing for s in symbols):,}", _list(gaps)
    yield "duplicate candles", f"{sum(s.duplicates for s in symbols):,}", _list(_named(symbols, "duplicates"))
    yield "broken candles", f"{sum(s.broken for s in symbols):,}", _list(_named(symbols, "broken"))
    idle = sorted(symbols, key=lambda s: -s.zero_volume / s.rows)
    shares = [f"{s.symbol} {s.zero_volume / s.rows:.1%}" for s in idle if s.zero_volume]
    yield "without volume", f"{report.zero_share:.2%}", _list(shares)
    yield "begin later", str(len(report.late)), _list(f"{s.symbol} {minute(s.first)}" for s in report.late)
    yield "stale at the end", str(len(report.silent)), _list(f"{s.symbol} {minute(s.last)}" for s in report.silent)


def _price_checks(report: Report) -> Iterator[Row]:
    symbols = report.symbols
    frozen = sorted((s for s in symbols if s.frozen >= FROZEN_CANDLES), key=lambda s: -s.frozen)
    found = [f"{s.symbol} {'always' if s.always_frozen else f'{s.frozen:,} candles'}" for s in frozen]
    yield "frozen prices", str(len(frozen)), _list(found)
    jumps = [(jump, s.symbol) for s in symbols for jump in s.jumps]
    jumps.sort(key=lambda pair: -max(pair[0].times, 1 / pair[0].times))
    for name, refuted in (("spikes", True), ("jumps", False)):
        mine = [
            f"{symbol} {factor(jump.times)} {minute(jump.time)}" for jump, symbol in jumps if jump.refuted is refuted
        ]
        yield name, str(len(mine)), _list(mine)
    wicks = sorted(((wick, s.symbol) for s in symbols for wick in s.wicks), key=lambda pair: -pair[0].times)
    yield "far highs and lows", str(len(wicks)), _list(f"{s} {factor(w.times)} {minute(w.time)}" for w, s in wicks)
    listed = sorted((s for s in symbols if s.listing), key=lambda s: -s.listing)
    yield (
        "listing candles",
        str(len(listed)),
        _list(f"{s.symbol} {factor(s.listing)} {minute(s.first)}" for s in listed),
    )


def _live_checks(live: LiveQuality) -> Iterator[Row]:
    yield "stale quotes now", f"{len(live.stale)} of {live.quotes}", _list(live.stale)
    yield "crossed quotes now", f"{len(live.crossed)} of {live.quotes}", _list(live.crossed)
    outside = f"{len(live.disagreeing)} of {live.quotes}"
    yield "last price outside bid and ask", outside, _list(live.disagreeing)


_SYMBOL_COLUMNS = ("symbol", "candles", "missing", "no volume", "frozen", "spikes", "jumps")


def _symbol_row(symbol: SymbolQuality) -> Sequence[str]:
    frozen = f"{symbol.frozen:,}" if symbol.frozen >= FROZEN_CANDLES else ""
    figures = (symbol.missing, symbol.spikes, len(symbol.jumps) - symbol.spikes)
    missing, spikes, jumps = (f"{figure:,}" if figure else "" for figure in figures)
    idle = f"{symbol.zero_volume / symbol.rows:.1%}" if symbol.zero_volume else ""
    return symbol.symbol, f"{symbol.rows:,}", missing, idle, frozen, spikes, jumps


def _flaws(symbol: SymbolQuality) -> float:
    """Returns the sort key of the worst symbols: the share of the symbol's record that is spoiled."""
    spoiled = symbol.missing + symbol.broken + symbol.duplicates + 60 * len(symbol.jumps)
    still = symbol.frozen if symbol.frozen >= FROZEN_CANDLES else 0
    return (spoiled + still + symbol.zero_volume / 4) / (symbol.rows + symbol.missing)


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]], right: int = 1) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, title in enumerate(titles):
        grid.add_column(Text(one_line(title)), justify="right" if 1 <= place <= right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(one_line(cell)) for cell in row))
    return grid


def _named(symbols: Iterable[SymbolQuality], name: str) -> list[str]:
    found = sorted(((getattr(s, name), s.symbol) for s in symbols), reverse=True)
    return [f"{symbol} {count:,}" for count, symbol in found if count]


def _list(found: Iterable[str]) -> str:
    names = list(found)
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def interval_name(width: int) -> str:
    """Returns the name of an interval, such as `1m` or `15m`."""
    return next(interval.value for interval in Interval if interval.ms == width)


def factor(times: float) -> str:
    """Returns a factor as text, such as `x1.23` or `x38,519`."""
    return f"x{times:,.0f}" if times >= 100 else f"x{times:.3g}"  # noqa: PLR2004


def minute(time: int) -> str:
    """Returns a UTC ms time as text, such as `2021-04-20 02:00`."""
    return f"{datetime.fromtimestamp(time // 1000, UTC):%Y-%m-%d %H:%M}"
