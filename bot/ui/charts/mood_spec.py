"""Spec of the mood chart, from a report."""

import math

from bot.ui.charts.specs import Appearance, MoodSpec
from bot.ui.texts import Catalog
from pipeline.market import DAY_MS
from trading.mood.index import MoodBand, band_of
from trading.mood.report import MoodReport


def mood_spec(report: MoodReport, appearance: Appearance, catalog: Catalog) -> MoodSpec:
    """Returns the spec of a report that has an index."""
    index = report.index
    if index is None:
        raise ValueError("a mood without an index cannot be drawn")
    first = report.end - (len(report.history) - 1) * DAY_MS
    return MoodSpec(
        appearance=appearance,
        title=catalog.text("mood-title"),
        value=f"{index:.0f} · {catalog.text(f'mood-band-{band_of(index)}')}",
        note=catalog.text("mood-chart-note"),
        bands=tuple(catalog.text(f"mood-band-{band}") for band in MoodBand),
        times=tuple(first + day * DAY_MS for day in range(len(report.history))),
        values=tuple(math.nan if value is None else round(value, 1) for value in report.history),
    )
