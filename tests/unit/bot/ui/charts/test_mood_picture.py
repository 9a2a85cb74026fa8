"""The picture of the mood: the bands are named, and the names stay out of the way of the line."""

from dataclasses import replace

import pytest

from bot.ui.charts.kinds.mood import draw
from bot.ui.charts.workers.draw import render
from people.person import Theme
from tests.charts_ruler import Ruler
from tests.charts_specs import colours, pixels, spec_of, style
from tests.fakes.market_reports import sample_mood

BANDS = ("Extreme fear", "Fear", "Neutral", "Greed", "Extreme greed")


def test_every_band_has_its_name_and_the_last_value_its_tag() -> None:
    spec = spec_of(lambda charts: charts.mood(sample_mood(), label="SIMULATION", style=style()))
    sheet = Ruler()
    draw(sheet, spec)
    texts = [text for text, *_ in sheet.texts]
    assert [each for each in texts if each in BANDS] == list(BANDS)
    assert "33" in texts
    assert "33 · Fear" in texts


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("days", [1, 2, 120])
def test_a_history_of_any_length_is_drawn(theme: Theme, days: int) -> None:
    report = replace(sample_mood(), history=sample_mood().history[-days:])
    spec = spec_of(lambda charts: charts.mood(report, label="", style=style(theme)))
    assert colours(pixels(render(spec))) > 5


def test_a_report_without_an_index_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="without an index"):
        spec_of(lambda charts: charts.mood(replace(sample_mood(), history=()), label="", style=style()))
