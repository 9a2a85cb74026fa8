"""Screen of the monitor, a pure function of a snapshot, for a terminal of a given size."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.cli.monitor.snapshot import ArchiveSnapshot, DeskSnapshot, Down, Prices, StreamSnapshot, Unusable
from bot.platforms.console.sanitize import one_line
from bot.ui.format import UNKNOWN, Formatter
from pipeline.market import MarketInfo, SourceKind

WIDE = 116
"""Least width at which the sections are in two columns."""

Say = Callable[..., str]

_BARS = "▁▂▃▄▅▆▇█"
_GOOD, _WARN, _BAD, _QUIET = "green", "yellow", "bold red", "dim"
_LABEL_CELLS = 15
_TITLE_CELLS = 12
_TITLE_LINES = 2
_REASONS = 4
_PARTITIONS = 12
_LATE_CANDLE_MS = 180_000
_LAG_SEEN = 200
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_UNIT_STEP = 1024
_SECONDS_EXACT_MS = 10_000

Row = tuple[str, Text]
"""Label and the value next to it."""


@dataclass(frozen=True, slots=True)
class MonitorSection:
    """Section of the screen: its title, its overall state (a style), and its rows."""

    title: str
    style: str
    rows: Sequence[Row]


def view(snapshot: DeskSnapshot, say: Say, fmt: Formatter, width: int, height: int) -> RenderableType:
    """Returns the screen, which fits `width` cells and `height` lines.

    It has two columns of panels, one column, or one column without space between.
    """
    sections = _Words(snapshot, say, fmt).sections()
    head = _head(snapshot, say, fmt)
    if width >= WIDE:
        left, right = sections[::2], sections[1::2]
        grid = Table.grid(expand=True, padding=(0, 1))
        grid.add_column(ratio=1)
        grid.add_column(ratio=1)
        grid.add_row(Group(*map(_panel, left)), Group(*map(_panel, right)))
        return Group(head, grid)
    lines = _TITLE_LINES + sum(len(section.rows) for section in sections) + len(sections) - 1
    return Group(head, Text(), _column(sections, spaced=lines < height))


def _head(snapshot: DeskSnapshot, say: Say, fmt: Formatter) -> RenderableType:
    head = Table.grid(expand=True)
    head.add_column()
    head.add_column(justify="right")
    head.add_row(Text(f" {say('monitor-title')}", style="bold"), Text(f"{fmt.moment(snapshot.at)} ", style=_QUIET))
    return head


def _panel(section: MonitorSection) -> RenderableType:
    title = Text.assemble(("● ", section.style), (section.title, "bold"))
    return Panel(_grid(section), title=title, title_align="left", box=box.ROUNDED, border_style=_QUIET, padding=(0, 1))


def _column(sections: Sequence[MonitorSection], *, spaced: bool) -> RenderableType:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=_TITLE_CELLS, no_wrap=True)
    grid.add_column(ratio=1)
    for number, section in enumerate(sections):
        title = Text.assemble(("● ", section.style), (section.title, "bold"))
        below = 1 if spaced and number < len(sections) - 1 else 0
        grid.add_row(title, Padding(_grid(section), (0, 0, below, 0)))
    return Padding(grid, (0, 1))


def _grid(section: MonitorSection) -> RenderableType:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=_LABEL_CELLS, style=_QUIET, no_wrap=True, overflow="ellipsis")
    grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for label, value in section.rows:
        grid.add_row(label, value)
    return grid


class _Words:
    """Snapshot as text in one language."""

    def __init__(self, snapshot: DeskSnapshot, say: Say, fmt: Formatter) -> None:
        self._snapshot = snapshot
        self._say = say
        self._fmt = fmt

    def sections(self) -> list[MonitorSection]:
        """Returns the sections in an order in which two columns are about equally long."""
        return [self.market(), self.stream(), self.quality(), self.redis(), self.archive(), self.desk()]

    # -- sections --------------------------------------------------------------------------------

    def market(self) -> MonitorSection:
        prices, title = self._snapshot.prices, self._say("monitor-market")
        if not isinstance(prices, Prices):
            return self._without(title, prices, "Redis")
        if prices.info is None:
            return MonitorSection(
                title, _WARN, [(self._say("monitor-source"), Text(self._say("monitor-no-market"), _WARN))]
            )
        rows = [
            (self._say("monitor-source"), self._source(prices.info)),
            (self._say("monitor-symbols"), self._symbols(prices)),
            (self._say("monitor-rate"), self._rate(prices.rates)),
            (self._say("monitor-quotes"), self._ages(prices)),
        ]
        if not prices.fresh:
            return MonitorSection(title, _BAD, rows)
        return MonitorSection(title, _WARN if prices.stale else _GOOD, rows)

    def stream(self) -> MonitorSection:
        stream, title = self._snapshot.stream, self._say("monitor-stream")
        if self._snapshot.in_memory:
            return MonitorSection(
                title, _GOOD, [(self._say("monitor-lag"), Text(f"– {self._say('monitor-in-memory')}", _QUIET))]
            )
        if not isinstance(stream, StreamSnapshot):
            return self._without(title, stream, "Kafka")
        rows = [(group, self._lag(lag)) for group, lag in stream.lag.items()]
        rows = rows or [(self._say("monitor-lag"), Text(self._say("monitor-no-topic"), _WARN))]
        rows.append((self._say("monitor-refused"), self._reasons(stream.refused)))
        late = not stream.lag or any(sum(lag.values()) > _LAG_SEEN for lag in stream.lag.values())
        return MonitorSection(title, _WARN if late else _GOOD, rows)

    def quality(self) -> MonitorSection:
        prices, title = self._snapshot.prices, self._say("monitor-quality")
        if not isinstance(prices, Prices):
            return self._without(title, prices, "Redis")
        if not prices.quality:
            return MonitorSection(title, _QUIET, [(self._say("monitor-today"), Text(UNKNOWN, _QUIET))])
        today, upstream, numbers = Counter[str](), Counter[str](), Counter[str]()
        for snapshot in prices.quality.values():
            today.update(snapshot.days.get(max(snapshot.days, default=""), {}))
            upstream.update(snapshot.upstream)
            numbers.update(snapshot.numbers)
        held = [f"{self._fmt.count(numbers[name])} {self._say(f'monitor-{name}')}" for name in _CONDITIONS]
        rows = [
            (self._say("monitor-today"), self._reasons(today)),
            (self._say("monitor-unread"), self._reasons(upstream)),
            (self._say("monitor-now"), Text(" · ".join(held), _WARN if numbers["waiting"] else "")),
        ]
        return MonitorSection(title, _WARN if upstream or numbers["waiting"] else _GOOD, rows)

    def redis(self) -> MonitorSection:
        prices = self._snapshot.prices
        if not isinstance(prices, Prices):
            return self._without("Redis", prices, "Redis")
        rows = [
            (self._say("monitor-memory"), Text(self._bytes(prices.memory))),
            (self._say("monitor-keys"), Text(self._fmt.count(prices.keys))),
        ]
        return MonitorSection("Redis", _GOOD, rows)

    def archive(self) -> MonitorSection:
        archive = self._snapshot.archive
        if not isinstance(archive, ArchiveSnapshot):
            return self._without("PostgreSQL", archive, "PostgreSQL")
        age = self._candle_age(archive)
        late = age is not None and age > _LATE_CANDLE_MS * self._speed()
        newest = Text(UNKNOWN, _QUIET)
        if age is not None and archive.newest is not None:
            newest = Text(f"{self._fmt.moment(archive.newest)} ({self._age(age)})", _WARN if late else "")
        gaps = Text(UNKNOWN, _QUIET)
        if archive.missing is not None:
            said = self._say("monitor-minutes-missing", count=archive.missing, symbols=archive.gappy)
            gaps = Text(said, _WARN if archive.missing else "")
        about = f"≈ {self._fmt.count(archive.candles)} · {self._bytes(archive.candle_bytes)}"
        months = self._say("monitor-months", count=archive.months)
        rows = [
            (self._say("monitor-last-candle"), newest),
            (self._say("monitor-gaps"), gaps),
            (self._say("monitor-candles"), Text(f"{about} · {months}")),
            (self._say("monitor-database"), Text(self._bytes(archive.database_bytes))),
        ]
        return MonitorSection("PostgreSQL", _WARN if late or archive.missing else _GOOD, rows)

    def desk(self) -> MonitorSection:
        archive, title = self._snapshot.archive, self._say("monitor-desk")
        if not isinstance(archive, ArchiveSnapshot):
            return self._without(title, archive, "PostgreSQL")
        leaders = [
            f"{self._leader(leader.name)} ({self._age(self._snapshot.at - leader.since)})" for leader in archive.leaders
        ]
        rows = [
            (self._say("monitor-outbox"), self._waiting(archive.outbox)),
            (self._say("monitor-inbox"), self._waiting(archive.inbox)),
            (self._say("monitor-leaders"), Text(" · ".join(leaders) or UNKNOWN, "" if leaders else _QUIET)),
        ]
        return MonitorSection(title, _GOOD, rows)

    def _without(self, title: str, engine: Down | object, name: str) -> MonitorSection:
        if isinstance(engine, Down):
            since = self._age(self._snapshot.at - engine.since)
            return MonitorSection(title, _BAD, [(name, Text(self._say("monitor-down", since=since), _BAD))])
        if isinstance(engine, Unusable):
            return MonitorSection(title, _BAD, [(name, Text(self._say(f"monitor-{engine}"), _BAD))])
        return MonitorSection(title, _QUIET, [(name, Text("…", _QUIET))])

    # -- values ----------------------------------------------------------------------------------

    def _source(self, info: MarketInfo) -> Text:
        kind = self._say(f"monitor-source-{info.source}")
        parts = [kind, one_line(info.quote_asset)]
        if info.source is not SourceKind.BINANCE and info.label not in kind:
            parts.append(one_line(info.label))
        if info.speed != 1:
            parts.append(f"× {self._fmt.amount(Decimal(str(info.speed)))}")
        return Text(" · ".join(parts), "" if info.source is SourceKind.BINANCE else _WARN)

    def _symbols(self, prices: Prices) -> Text:
        text = Text(f"{self._fmt.count(prices.symbols)}: ")
        counts = (("fresh", _GOOD), ("stale", _WARN), ("silent", _WARN), ("halted", _QUIET))
        parts = [
            (f"{self._fmt.count(number)} {self._say(f'monitor-{name}')}", style if number else _QUIET)
            for name, style in counts
            if (number := getattr(prices, name)) or name in ("fresh", "stale", "halted")
        ]
        for number, (words, style) in enumerate(parts):
            text.append(" · " if number else "", _QUIET)
            text.append(words, style)
        return text

    def _rate(self, rates: Sequence[float]) -> Text:
        if not rates:
            return Text(UNKNOWN, _QUIET)
        now = self._fmt.count(round(sum(rates[-_AVERAGED:]) / len(rates[-_AVERAGED:])))
        return Text.assemble(self._say("monitor-per-second", count=now), "  ", (sparkline(rates, 24), "cyan"))

    def _ages(self, prices: Prices) -> Text:
        if prices.newest_ms is None or prices.oldest_ms is None:
            return Text(UNKNOWN, _QUIET)
        newest, oldest = self._age(prices.newest_ms), self._age(prices.oldest_ms)
        return Text(self._say("monitor-ages", newest=newest, oldest=oldest), _WARN if prices.stale else "")

    def _lag(self, lag: Mapping[int, int]) -> Text:
        total = sum(lag.values())
        style = _WARN if total > _LAG_SEEN else ""
        each = [self._fmt.count(lag[number]) for number in sorted(lag)]
        more = f" +{len(each) - _PARTITIONS}" if len(each) > _PARTITIONS else ""
        return Text.assemble(
            (f"{self._fmt.count(total):>6}", style), (f"   {' '.join(each[:_PARTITIONS])}{more}", _QUIET)
        )

    def _reasons(self, counts: Mapping[str, int]) -> Text:
        most = Counter(counts).most_common()
        if not most:
            return Text(self._say("monitor-none"), _QUIET)
        parts = [f"{one_line(reason)} {self._fmt.count(number)}" for reason, number in most[:_REASONS]]
        rest = f" +{len(most) - _REASONS}" if len(most) > _REASONS else ""
        return Text(" · ".join(parts) + rest)

    def _waiting(self, boxes: Mapping[str, int]) -> Text:
        if not boxes:
            return Text(self._say("monitor-none"), _QUIET)
        return Text(" · ".join(f"{one_line(name)} {self._fmt.count(number)}" for name, number in sorted(boxes.items())))

    def _leader(self, name: str) -> str:
        return self._say(f"monitor-leads-{name}") if name in _LEADERS else one_line(name)

    def _candle_age(self, archive: ArchiveSnapshot) -> int | None:
        prices = self._snapshot.prices
        if archive.newest is None or not isinstance(prices, Prices) or prices.info is None:
            return None
        return max(0, prices.info.now(self._snapshot.at) - archive.newest)

    def _speed(self) -> float:
        prices = self._snapshot.prices
        return max(1.0, prices.info.speed) if isinstance(prices, Prices) and prices.info else 1.0

    def _age(self, milliseconds: int) -> str:
        if milliseconds < _SECONDS_EXACT_MS:
            tenths = Decimal(milliseconds // 100) / 10
            return self._say("monitor-seconds", seconds=self._fmt.amount(tenths))
        return self._fmt.age(milliseconds)

    def _bytes(self, count: int) -> str:
        size, unit = Decimal(count), 0
        while size >= _UNIT_STEP and unit < len(_UNITS) - 1:
            size, unit = size / _UNIT_STEP, unit + 1
        return self._fmt.amount(round(size, 1 if unit else 0), _UNITS[unit])


_CONDITIONS = ("frozen", "disagreeing", "waiting")
_LEADERS = ("produce", "jobs", "telegram")
_AVERAGED = 5


def sparkline(values: Sequence[float], cells: int) -> str:
    """Returns the last `cells` values as bars from zero to their maximum."""
    shown = values[-cells:]
    top = max(shown, default=0) or 1
    return "".join(_BARS[min(len(_BARS) - 1, int(value / top * len(_BARS)))] for value in shown)
