"""Plots of an evaluation, as PNGs."""

import io

import core.system.isolated_matplotlib  # noqa: F401 - before matplotlib, which reads the working directory

# isort: split
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ml.calibration.intervals import COVERAGE, REGIMES
from ml.data.panel import Floats
from ml.evaluation.backtest import CoverageSeries, Evaluation
from ml.evaluation.calibration_tables import TOLERANCE
from ml.evaluation.horizon_texts import horizon_text

_COLORS = ("#4c78a8", "#f58518", "#54a24b", "#b279a2", "#9d755d", "#72b7b2", "#e45756", "#79706e")
_WORST_SHOWN = -0.02
_MAX_POINTS = 20
_MIN_TIMES = 60
_HORIZONS = 4
_MIN_SHOWN = 70.0
_DPI = 110


def skill_plot(evaluation: Evaluation) -> bytes:
    """Draws the skill by recipe and horizon with its 95 % interval; recipes far below zero are only named."""
    names = [name for name in dict.fromkeys(line.recipe for line in evaluation.lines) if name != "naive"]
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes: Axes = figure.add_subplot()
    beyond: list[str] = []
    for number, name in enumerate(names):
        lines = [evaluation.line(horizon, name) for horizon in evaluation.horizons]
        near = [(place, line) for place, line in enumerate(lines) if line.score.rmse_skill.value >= _WORST_SHOWN]
        if len(near) < len(lines):
            beyond.append(name)
        if not near:
            continue
        skills = [line.score.rmse_skill for _, line in near]
        places = [place + (number - (len(names) - 1) / 2) * 0.8 / len(names) for place, _ in near]
        values = np.array([100 * skill.value for skill in skills])
        errors = np.array([[100 * (each.value - each.low), 100 * (each.high - each.value)] for each in skills]).T
        axes.errorbar(places, values, np.maximum(errors, 0), fmt="o", color=_COLORS[number % 8], capsize=3, label=name)
    axes.axhline(0, color="#333333", linewidth=1)
    axes.set_xticks(range(len(evaluation.horizons)))
    axes.set_xticklabels([horizon_text(horizon, evaluation.interval_ms) for horizon in evaluation.horizons])
    axes.set_ylabel("RMSE skill against naive, %")
    axes.set_ylim(bottom=max(axes.get_ylim()[0], 200 * _WORST_SHOWN))
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    if axes.get_legend_handles_labels()[0]:
        figure.legend(fontsize=8, loc="outside right upper")
    note = f"\nbelow {_WORST_SHOWN:.0%} at some or all horizons: {', '.join(beyond)}" if beyond else ""
    axes.set_title(f"Skill, with 95 % intervals{note}", fontsize=10)
    return _png(figure)


def calibration_plot(evaluation: Evaluation) -> bytes:
    """Draws the predicted probability of rising against the share that rose, for the leading recipe."""
    figure = Figure(figsize=(5.5, 5), layout="constrained")
    axes: Axes = figure.add_subplot()
    axes.axline((50, 50), slope=1, color="#333333", linewidth=1)
    axes.set_aspect("equal", adjustable="datalim")
    for number, horizon in enumerate(evaluation.horizons):
        odds = evaluation.line(horizon, evaluation.leading).odds
        if odds is not None:
            label = horizon_text(horizon, evaluation.interval_ms)
            axes.plot(
                100 * odds.predicted, 100 * odds.observed, "o-", color=_COLORS[number % 8], markersize=4, label=label
            )
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8)
    axes.set_xlabel("said: probability of rising, %")
    axes.set_ylabel("rose, %")
    axes.set_title(f"Calibration of {evaluation.leading}", fontsize=10)
    return _png(figure)


def coverage_plot(evaluation: Evaluation) -> bytes:
    """Draws the coverage over time by regime: each point is the mean of an equal share of the times of that regime.

    Outcomes over long horizons overlap, so a point covers at least as much time as four of them.
    """
    count = len(evaluation.horizons)
    figure = Figure(figsize=(9, 1.2 + 2 * count), layout="constrained")
    grid = figure.subplots(count, 1, sharex=True, squeeze=False)
    for horizon, axes in zip(evaluation.horizons, grid[:, 0], strict=True):
        axes.axhspan(100 * (COVERAGE - TOLERANCE), 100 * (COVERAGE + TOLERANCE), color="#dddddd")
        least = _MIN_SHOWN
        for regime, name in enumerate(REGIMES):
            times, covered = _parts(evaluation.courses[horizon], regime, max(_MIN_TIMES, _HORIZONS * horizon))
            axes.plot(times, 100 * covered, "o:", color=_COLORS[regime], markersize=4, linewidth=1, label=name)
            least = min(least, 100 * float(covered.min(initial=1)))
        axes.set_ylim(least - 2, 101)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(axes.xaxis.get_major_locator()))  # type: ignore[no-untyped-call]
        axes.set_ylabel("covered, %")
        axes.set_title(horizon_text(horizon, evaluation.interval_ms), fontsize=9, loc="left")
    handles = figure.axes[0].get_legend_handles_labels() if figure.axes else ([], [])
    figure.legend(*handles, fontsize=8, ncols=len(REGIMES), loc="outside lower center")
    title = f"80 % intervals of {evaluation.leading} over time, UTC (grey: within 2 points)"
    figure.suptitle(title, fontsize=10)
    return _png(figure)


def _parts(course: CoverageSeries, regime: int, min_size: int) -> tuple[NDArray[np.datetime64], Floats]:
    own = np.flatnonzero(course.regimes == regime)
    parts = [part for part in np.array_split(own, max(1, min(_MAX_POINTS, len(own) // min_size))) if len(part)]
    times = np.array([int(course.times[part].mean()) for part in parts], "datetime64[ms]")
    return times, np.array([course.inside[part].mean() for part in parts])


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI)
    return out.getvalue()
