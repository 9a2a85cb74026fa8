"""The picture of a grid: every value of the parameters is named, the best is framed, any shape is readable."""

import itertools

import numpy as np
import pytest

from bot.ui.charts.kinds.parameter_grid import draw, scale_of
from bot.ui.charts.ports import ParameterGrid
from bot.ui.charts.specs import ParameterGridSpec
from bot.ui.charts.workers.draw import render
from people.person import Theme
from tests.charts_ruler import Ruler
from tests.charts_specs import colours, pixels, spec_of, style


def grid(rows: int, columns: int, *, name: str = "rsi(5..20) < 30") -> ParameterGrid:
    values = np.random.default_rng(1).normal(0, 1.4, (rows, columns))
    best = np.unravel_index(values.argmax(), values.shape)
    return ParameterGrid(
        row_name=name if rows > 1 else "",
        column_name=name,
        rows=tuple(str(each) for each in range(rows)) if rows > 1 else ("",),
        columns=tuple(str(100 + each) for each in range(columns)),
        values=tuple(tuple(row) for row in values.tolist()),
        best=(int(best[0]), int(best[1])),
    )


def spec(made: ParameterGrid, theme: str = "dark", language: str = "en") -> ParameterGridSpec:
    look = style(theme, language)
    found: ParameterGridSpec = spec_of(lambda charts: charts.parameter_grid(made, label="SIMULATION", style=look))
    return found


@pytest.mark.parametrize("shape", [(2, 2), (5, 8), (16, 16), (20, 20), (2, 200), (200, 2), (1, 2), (1, 16), (1, 400)])
def test_texts_never_touch_and_stay_inside(shape: tuple[int, int]) -> None:
    sheet = Ruler()
    draw(sheet, spec(grid(*shape)))
    assert sheet.outside() == []
    lines: dict[float, list[tuple[float, float]]] = {}
    for _, left, bottom, right, _ in sheet.texts:
        lines.setdefault(bottom, []).append((left, right))
    for found in lines.values():
        for (_, right), (left, _) in itertools.pairwise(sorted(found)):
            assert right <= left
    assert max(sheet.size) <= 1400


def test_small_grids_have_their_figures_and_large_ones_a_legend() -> None:
    small, large = Ruler(), Ruler()
    draw(small, spec(grid(5, 8)))
    draw(large, spec(grid(16, 16)))
    assert sum("." in text and ".." not in text for text, *_ in small.texts) == 40
    assert [text for text, *_ in large.texts if text.startswith(("≤", "≥"))] == ["≤ −4.0", "≥ 4.0"]


def test_names_are_never_trusted_and_unknown_values_are_drawn() -> None:
    made = grid(3, 3, name="\u202e$\x00" + "x" * 300)
    holes = ParameterGrid(made.row_name, made.column_name, made.rows, made.columns, ((None,) * 3,) * 3, (0, 0))
    assert scale_of(spec(holes)) == 0.5
    for each in (made, holes):
        assert colours(pixels(render(spec(each)))) > 2
    bars = ParameterGrid("", "n", ("",), ("1", "2"), ((None, 0.0),), (0, 1))
    assert render(spec(bars))


@pytest.mark.parametrize("theme", list(Theme))
def test_the_best_is_framed(theme: Theme) -> None:
    made = grid(4, 4)
    other = ParameterGrid(made.row_name, made.column_name, made.rows, made.columns, made.values, (3, 3))
    both = [pixels(render(spec(each, theme, "ko"))) for each in (made, other)]
    assert both[0].shape == both[1].shape
    assert (both[0] != both[1]).any()
