"""Growth over time against benchmarks, and the drawdown under it: panes that several charts share."""

from dataclasses import replace
from typing import Protocol

import numpy as np

from bot.ui.charts.drawing import legend, numbers
from bot.ui.charts.drawing.axes import TimeScale, draw_times, draw_values, ticks_of
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane
from bot.ui.charts.drawing.style import LEAD, MARGIN
from bot.ui.charts.specs import Appearance, GrowthPath
from pipeline.market import DAY_MS

_DEPTHS = 3
MIN_SPAN = 0.002


class GrowthSpec(Protocol):
    """The part of a spec that is drawn here: see `PerformanceSpec`."""

    @property
    def appearance(self) -> Appearance:
        """Theme, language and words."""

    @property
    def times(self) -> tuple[int, ...]:
        """UTC ms."""

    @property
    def paths(self) -> tuple[GrowthPath, ...]:
        """Paths, the account's first."""

    @property
    def underwater(self) -> tuple[float, ...]:
        """Drawdown of the first path."""


def legend_height(spec: GrowthSpec) -> int:
    """Returns the height of the legend."""
    return legend.ROW * len(spec.paths) + 12


def path_colours(sheet: Canvas, spec: GrowthSpec) -> list[str]:
    """Returns the colours of the paths; the first is that of the account."""
    palette = sheet.palette
    return [palette.accent, palette.lines[0], palette.lines[2]][: len(spec.paths)]


def growth_range(spec: GrowthSpec) -> tuple[float, float]:
    """Returns the lowest and the highest value of the pane of growth."""
    values = np.concatenate([np.array(path.values) for path in spec.paths])
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), max(0.0, float(values.max(initial=0.0)))
    if high - low < MIN_SPAN:
        low, high = (low + high - MIN_SPAN) / 2, (low + high + MIN_SPAN) / 2
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def time_columns(spec: GrowthSpec, pane: Pane) -> Floats:
    """Returns the pixel columns of the times."""
    times = np.array(spec.times, float)
    share = (times - times[0]) / max(times[-1] - times[0], 1.0)
    return np.asarray(pane.left + share * (pane.right - pane.left))


def draw_axis(sheet: Canvas, spec: GrowthSpec, pane: Pane, xs: Floats, base: float) -> None:
    """Draws the times under the panes, at the row `base`."""
    local = np.array(spec.times, float)

    def place(moment: int) -> tuple[float, int]:
        return float(np.interp(moment, local, xs)), moment

    draw_times(sheet, pane, TimeScale(local, DAY_MS, place), spec.appearance.language, base=base)


def draw_growth(sheet: Canvas, spec: GrowthSpec, pane: Pane, xs: Floats, colours: list[str]) -> None:
    """Draws the paths, the first on top."""
    ticks, decimals = ticks_of(replace(pane, low=pane.low * 100, high=pane.high * 100))
    labels = [f"{numbers.fixed(tick, decimals)}%" for tick in ticks]
    draw_values(sheet, pane, [tick / 100 for tick in ticks], labels, left=True)
    zero = float(pane.y(0.0))
    sheet.lines([(pane.left, zero)], [(pane.right, zero)], sheet.palette.muted, width=2, dashed=True)
    for path, colour in reversed(list(zip(spec.paths, colours, strict=True))):
        _draw_path(sheet, path, pane, xs, colour, 4.0 if path is spec.paths[0] else 2.5)


def _draw_path(  # noqa: PLR0917
    sheet: Canvas, path: GrowthPath, pane: Pane, xs: Floats, colour: str, width: float
) -> None:
    values = np.array(path.values)
    known = np.isfinite(values)
    if known.sum() > 1:
        sheet.curve(xs[known], pane.y(values[known]), colour, width=width)


def draw_underwater(sheet: Canvas, spec: GrowthSpec, pane: Pane, xs: Floats) -> None:
    """Draws the drawdown below a line of zero."""
    ticks, decimals = numbers.ticks(pane.low * 100, 0.0, _DEPTHS)
    labels = [f"{numbers.fixed(tick, decimals)}%" for tick in ticks[:-1]]
    draw_values(sheet, pane, [tick / 100 for tick in ticks[:-1]], labels, left=True)
    ys = pane.y(np.array(spec.underwater))
    outline = np.column_stack([np.append(xs, [xs[-1], xs[0]]), np.append(ys, [pane.top, pane.top])])
    sheet.polygon(outline, sheet.palette.down, alpha=0.3)
    sheet.curve(xs, ys, sheet.palette.down, width=2.5)
    sheet.lines([(pane.left, pane.top)], [(pane.right, pane.top)], sheet.palette.muted, width=2)


def draw_title(sheet: Canvas, text: str, row: float) -> None:
    """Draws the title of a pane."""
    sheet.text(MARGIN, row, text, size=LEAD - 3, colour=sheet.palette.ink, bold=True)
