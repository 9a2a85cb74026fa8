"""The performance sheet shows growth, falls, months and days, whatever the history is like."""

import io
import math
from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from PIL import Image

from bot.ui.charts.kinds.performance import height_of
from bot.ui.charts.performance_spec import MAX_POINTS, performance_spec
from bot.ui.charts.ports import ChartStyle
from bot.ui.charts.renderer import ChartRenderer
from bot.ui.charts.specs import Appearance, PerformanceSpec, Spec, decode, encode
from bot.ui.charts.workers.draw import render
from people.person import Language, Theme
from tests.fakes.bot import CATALOGS
from tests.fakes.performance import sample_report
from trading.reports.performance import PerformanceReport

NAMES = ("You +1%", "BTC +2%", "Equal weight +3%")
WORDS = {word: word for word in ("performance", "underwater", "months", "distribution", "year")}


class Drawn:
    """Draws in this process, through the encoding that the workers get."""

    spec: Spec

    async def draw(self, spec: Spec) -> bytes:
        self.spec = decode(encode(spec))
        return render(self.spec)


def spec_of(report: PerformanceReport) -> PerformanceSpec:
    return performance_spec(report, "2021", NAMES, Appearance("dark", "en", "", WORDS))


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize(("days", "trades"), [(1, 1), (3, 4), (40, 40), (400, 60)])
async def test_a_sheet_of_any_length_is_drawn(theme: Theme, days: int, trades: int) -> None:
    drawn = Drawn()
    style = ChartStyle(theme, Language.KOREAN, UTC)
    report = sample_report(days, trades)
    png = await ChartRenderer(drawn, CATALOGS).performance(report, "2021", NAMES, label="SIMULATION", style=style)
    assert isinstance(drawn.spec, PerformanceSpec)
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (1000, height_of(drawn.spec))
    assert len(png) < 300_000
    assert bool(drawn.spec.returns) == (report.ratios.count >= 30)
    assert len(drawn.spec.times) == len(drawn.spec.underwater) == len(drawn.spec.paths[0].values) <= MAX_POINTS + 2
    assert list(drawn.spec.times) == sorted(set(drawn.spec.times))


def test_the_sheet_ends_where_the_report_does() -> None:
    report = sample_report(60, 60)
    spec = spec_of(report)
    assert spec.paths[0].values[-1] == pytest.approx(report.time_weighted)
    assert spec.paths[1].values[-1] == pytest.approx(report.benchmarks[0].total)
    assert min(spec.underwater) <= 0 == max(spec.underwater)
    assert (spec.times[0], spec.times[-1]) == (report.start, report.end)


@pytest.mark.parametrize(
    "change",
    [
        {"values": (0.0, math.nan, 1e9), "under": (0.0, 0.0, 0.0)},
        {"values": (0.0, -1.0, -1.0), "under": (0.0, -1.0, -1.0)},
        {"values": (0.0, 0.0, 0.0), "under": (0.0, 0.0, 0.0)},
    ],
)
def test_extremes_are_drawn(change: dict[str, tuple[float, ...]]) -> None:
    spec = spec_of(sample_report(40, 20))
    paths = tuple(type(path)(path.label, change["values"]) for path in spec.paths)
    fields = {name: getattr(spec, name) for name in spec.__struct_fields__}
    fields |= {"times": (0, 86_400_000, 172_800_000), "paths": paths, "underwater": change["under"]}
    png = render(PerformanceSpec(**(fields | {"returns": (*change["values"][:1] * 40, 5.0, -1.0)})))
    assert np.asarray(Image.open(io.BytesIO(png))).std() > 1


def test_benchmarks_without_a_price_are_left_out_of_the_curve() -> None:
    report = sample_report(10, 5)
    days = [replace(row, bitcoin=None) for row in report.days]
    spec = spec_of(replace(report, days=days))
    assert all(math.isnan(value) for value in spec.paths[1].values[1:])
    assert render(spec)
