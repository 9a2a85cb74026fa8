"""The picture of correlations: every figure in its cell, whatever the names are."""

import itertools

import numpy as np
import pytest

from bot.ui.charts.kinds.correlation import draw
from bot.ui.charts.workers.draw import render
from people.person import Theme
from tests.charts_ruler import Ruler
from tests.charts_specs import colours, pixels, spec_of, style

NAMES = ("BTC", "ETH", "币安人生", "1000CHEEMS", "\u202e$\x00" + "x" * 300, "", "SOL", "DOGE", "XRP", "PAXG")


@pytest.mark.parametrize("count", [2, 3, 10])
def test_figures_stay_in_their_cells_and_names_are_never_trusted(count: int) -> None:
    returns = np.random.default_rng(1).normal(size=(60, count))
    values = np.corrcoef(returns.T).tolist()
    spec = spec_of(lambda charts: charts.correlation(NAMES[:count], values, label="SIMULATION", style=style()))
    assert spec.values[0][0] == 1
    sheet = Ruler()
    draw(sheet, spec)
    figures = sorted((bottom, left, right) for text, left, bottom, right, _ in sheet.texts if "." in text)
    assert len(figures) == count**2
    for (bottom, _, right), (next_bottom, left, _) in itertools.pairwise(figures):
        assert bottom != next_bottom or right <= left
    assert max(pixels(render(spec)).shape[:2]) <= 1100


@pytest.mark.parametrize("theme", list(Theme))
def test_both_themes_are_drawn(theme: Theme) -> None:
    square = [[1.0, -0.5], [-0.5, 1.0]]
    spec = spec_of(lambda charts: charts.correlation(("A", "B"), square, label="", style=style(theme)))
    assert colours(pixels(render(spec))) > 2
