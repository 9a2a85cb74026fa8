"""Report of quality as one page of plots. Pure: the same report gives the same picture."""

import io
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import core.system.isolated_matplotlib  # noqa: F401 - before matplotlib, which reads the working directory

# isort: split
import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from app.cli.quality_table import headline, interval_name, minute
from bot.ui.charts.drawing.style import PALETTES, clean, sized
from pipeline.market import DAY_MS
from pipeline.quality.report import Report

_INK = PALETTES["light"]
_RAMP = LinearSegmentedColormap.from_list("missing", ["#fde7c3", "#f0912d", "#b3251e"])
_ABSENT = "#c9d0da"
_COMPLETE = "#d7ebe3"
_UNITS = {3_600_000: "hour", 14_400_000: "four hours", DAY_MS: "day", 7 * DAY_MS: "week", 28 * DAY_MS: "four weeks"}
_ROWS = 64
_BARS = 12
_WIDTH, _TOP, _PANEL, _BETWEEN, _BOTTOM = 15.0, 1.3, 2.7, 0.95, 0.55
"""Inches."""

_DPI = 100
_TITLE, _HEAD, _NOTE = 19.0, 13.0, 9.5


def draw_page(report: Report) -> bytes:
    """Returns a PNG, 1500 pixels wide."""
    shown = _rows_shown(report)
    heights = (0.14 * max(8, len(shown)), _PANEL, _PANEL)
    height = _TOP + sum(heights) + _BETWEEN * 2 + _BOTTOM
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor=_INK.background)
    FigureCanvasAgg(figure)
    below = [height - _TOP - sum(heights[: row + 1]) - row * _BETWEEN for row in range(3)]

    def panel(row: int, left: float, right: float) -> Axes:
        sides = (left / _WIDTH, below[row] / height, (right - left) / _WIDTH, heights[row] / height)
        return figure.add_axes(sides)

    with mpl.rc_context({"text.parse_math": False}):
        first, _, second = headline(report).partition(": ")
        figure.text(0.3 / _WIDTH, 1 - 0.45 / height, first, fontproperties=sized(_TITLE, bold=True), color=_INK.ink)
        figure.text(0.3 / _WIDTH, 1 - 0.75 / height, second, fontproperties=sized(_HEAD), color=_INK.muted)
        _missing(panel(0, 1.4, 14.6), report, shown)
        share = [(s.symbol, s.zero_volume / s.rows) for s in report.symbols]
        _bars(panel(1, 1.4, 6.9), f"Candles without volume ({report.zero_share:.2%} of all)", share, percent=True)
        frozen = [(s.symbol, float(s.frozen)) for s in report.symbols]
        _bars(panel(1, 9.1, 14.6), f"Longest frozen run, in candles of {interval_name(report.width)}", frozen)
        _jumps(panel(2, 1.4, 6.9), report)
        _counters(panel(2, 9.1, 14.6), report)
        raw = io.BytesIO()
        figure.savefig(raw, format="png", metadata={"Software": None})
    return raw.getvalue()


def _rows_shown(report: Report) -> list[int]:
    """Returns the symbols of the map, none if all are complete.

    They are all symbols if they fit, else those with the most missing candles, by name.
    """
    partial = {symbol.symbol for symbol in (*report.late, *report.silent)}
    flawed = [row for row, s in enumerate(report.symbols) if s.missing or s.symbol in partial]
    if not flawed or len(report.symbols) <= _ROWS:
        return list(range(len(report.symbols))) if flawed else []
    return sorted(sorted(flawed, key=lambda row: (-report.symbols[row].missing, row))[:_ROWS])


def _missing(axes: Axes, report: Report, shown: Sequence[int]) -> None:
    missing, edges = report.missing[shown], report.buckets()
    total = sum(symbol.missing for symbol in report.symbols)
    of = f"{len(shown)} of {len(report.symbols)} symbols" if len(shown) < len(report.symbols) else "every symbol"
    key = f" ({of}; green: complete, grey: not there)" if shown else ""
    _head(axes, f"Missing candles by symbol and {_UNITS[report.bucket]}: {total:,}{key}")
    if not shown:
        _nothing(axes)
        return
    times = [datetime.fromtimestamp(edge / 1000, UTC) for edge in edges.tolist()]
    rows = np.arange(len(shown) + 1) - 0.5
    flat = np.where(np.isnan(missing), 0.0, 1.0)
    ground = LinearSegmentedColormap.from_list("ground", [_ABSENT, _COMPLETE])
    axes.pcolormesh(times, rows, flat, cmap=ground, vmin=0, vmax=1)  # type: ignore[arg-type]
    if np.nanmax(missing, initial=0.0) > 0:
        most = report.bucket / report.width
        lost = np.ma.masked_where(~(missing > 0), missing)
        mesh = axes.pcolormesh(times, rows, lost, cmap=_RAMP, norm=LogNorm(1, max(2.0, most)))  # type: ignore[arg-type]
        bar = axes.figure.colorbar(mesh, ax=axes, pad=0.01, fraction=0.018, format=FuncFormatter(lambda v, _: f"{v:g}"))
        bar.set_ticks([tick for tick in (1.0, 10.0, 100.0) if tick < most / 2] + [most])
        bar.minorticks_off()
        bar.outline.set_visible(False)
        bar.ax.tick_params(labelsize=_NOTE, color=_INK.muted, labelcolor=_INK.muted)
    axes.set_yticks(range(len(shown)), [clean(report.symbols[row].symbol) for row in shown])
    axes.invert_yaxis()
    _time_axis(axes)
    _calm(axes)


def _bars(axes: Axes, title: str, values: Sequence[tuple[str, float]], *, percent: bool = False) -> None:
    _head(axes, title)
    worst = sorted((pair for pair in values if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))[:_BARS]
    if not worst:
        _nothing(axes)
        return
    places = range(len(worst))
    axes.barh(places, [value for _, value in worst], color=_INK.accent, height=0.66)
    axes.set_yticks(places, [clean(name) for name, _ in worst])
    axes.set_ylim(_BARS - 0.5, -0.5)
    axes.set_xlim(0, worst[0][1] * 1.15)
    for place, (_, value) in enumerate(worst):
        text = f"{value:.1%}" if percent else f"{value:,.0f}"
        axes.text(value, place, f" {text}", va="center", fontproperties=sized(_NOTE), color=_INK.ink)
    _calm(axes)
    axes.set_xticks([])


def _jumps(axes: Axes, report: Report) -> None:
    jumps = [(jump.time, jump.times, jump.refuted) for s in report.symbols for jump in s.jumps]
    kinds = (
        ("spike, back with the next close", "v", _INK.down, [(t, x) for t, x, refuted in jumps if refuted]),
        ("jump, confirmed", "o", _INK.accent, [(t, x) for t, x, refuted in jumps if not refuted]),
        ("far high or low", "x", _INK.muted, [(w.time, w.times) for s in report.symbols for w in s.wicks]),
        ("listing, high over low", "*", _INK.badge, [(s.first, s.listing) for s in report.symbols if s.listing]),
    )
    _head(axes, "Prices beyond the robust limit, as a multiple")
    if not any(points for *_, points in kinds):
        _nothing(axes)
        return
    for name, mark, colour, points in kinds:
        if points:
            times = [datetime.fromtimestamp(time / 1000, UTC) for time, _ in points]
            label = f"{name}: {len(points)}"
            axes.scatter(times, [x for _, x in points], marker=mark, s=40, alpha=0.8, color=colour, label=label)  # type: ignore[arg-type]
    axes.set_yscale("log")
    axes.axhline(1, color=_INK.grid, zorder=0)
    all_times = [times for *_, points in kinds for _, times in points]
    low, high = min(0.8, min(all_times) / 1.1), max([1.25, *all_times])
    axes.set_ylim(low, high * (high / low) ** 0.45)  # room for the legend
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high / low > 30 else (1.0, 2.0, 5.0)))  # noqa: PLR2004
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}x"))
    axes.minorticks_off()
    axes.set_xlim(*(datetime.fromtimestamp(edge / 1000, UTC) for edge in (report.start, report.end)))  # type: ignore[arg-type]
    axes.legend(prop=sized(_NOTE), frameon=False, loc="upper right", ncols=2)
    _time_axis(axes)
    _calm(axes)


def _counters(axes: Axes, report: Report) -> None:
    counts: Counter[str] = Counter()
    for snapshot in (report.counters or {}).values():
        for day in snapshot.days.values():
            counts.update(day)
        counts.update(snapshot.upstream)
    if counts:
        _bars(axes, "Counted on arrival, by reason", [(reason, float(times)) for reason, times in counts.items()])
        return
    _head(axes, "Gaps, those shared by most symbols first")
    gaps = report.shared_gaps()[:_BARS]
    if not gaps:
        _nothing(axes)
        return
    for place, ((start, end), count) in enumerate(gaps):
        size = f"{(end - start) // report.width:,} candles, {count} symbol{'s' * (count > 1)}"
        for left, text in ((0.0, f"{minute(start)} to {minute(end)}"), (0.6, size)):
            font = sized(_HEAD - 1.5)
            axes.text(left, 0.96 - place / _BARS, text, transform=axes.transAxes, fontproperties=font, va="top")
    axes.set_axis_off()


def _head(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontproperties=sized(_HEAD, bold=True), color=_INK.ink, pad=8)


def _nothing(axes: Axes) -> None:
    axes.text(
        0.5, 0.5, "nothing found", transform=axes.transAxes, ha="center", fontproperties=sized(_HEAD), color=_INK.muted
    )
    axes.set_xticks([])
    axes.set_yticks([])
    _calm(axes)


def _time_axis(axes: Axes) -> None:
    locator = AutoDateLocator(tz=UTC, minticks=4, maxticks=12)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=UTC))  # type: ignore[no-untyped-call]


def _calm(axes: Axes) -> None:
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, colors=_INK.muted)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(sized(_NOTE))
        label.set_color(_INK.ink)
