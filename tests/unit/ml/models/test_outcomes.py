"""What a forecast is judged by: the first price that could be had, and what is known of it."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.features import features_of
from ml.data.panel import Floats, Panel
from ml.models.rivals import RIVALS, Rival, RivalModel
from ml.models.samples import TrainingWindow, moves, outcomes
from ml.models.targets import clipped
from tests.fakes.candles import bounce_panel, walk_panel


def _panel(opens: Floats, closes: Floats, volume: Floats) -> Panel:
    panel = walk_panel(len(closes), 1, seed=1)
    return replace(panel, open=opens[:, None], close=closes[:, None], volume=volume[:, None])


ROW = np.array([1])
PLACE = np.array([0])


@pytest.mark.parametrize(
    ("volume", "begin"),
    [
        ((1, 1, 1, 1, 1), 102.0),
        ((1, 1, 0, 1, 1), 103.0),
        ((1, 1, 0, 0, 1), 104.0),
        ((1, 1, 0, 0, 0), None),
        ((1, 1, np.nan, 1, 1), 102.0),
    ],
)
def test_the_outcome_begins_at_the_next_candle_that_was_traded(volume: tuple[float, ...], begin: float | None) -> None:
    panel = _panel(np.array([100.0, 101, 102, 103, 104]), np.array([90.0, 91, 92, 93, 94]), np.array(volume, float))
    found = outcomes(panel, 3, ROW, PLACE)[0]
    assert found == (0.0 if begin is None else pytest.approx(np.log(94 / begin)))
    assert moves(panel, 3, ROW, PLACE)[0] == pytest.approx(np.log(94 / 91))


def test_a_missing_candle_is_no_price_to_have_and_a_missing_end_no_outcome() -> None:
    opens, closes = np.array([100.0, 101, np.nan, 103, 104]), np.array([90.0, 91, np.nan, 93, 94])
    panel = _panel(opens, closes, np.ones(5))
    assert outcomes(panel, 3, ROW, PLACE)[0] == pytest.approx(np.log(94 / 103))
    assert np.isnan(outcomes(panel, 1, ROW, PLACE)[0])
    assert np.isnan(outcomes(panel, 4, ROW, PLACE)[0]), "after the last row"


def test_an_outcome_is_that_of_a_naive_reading_of_the_candles() -> None:
    panel = bounce_panel(200, 3, seed=2)
    chance = np.random.default_rng(3)
    panel = replace(panel, volume=np.where(chance.random(panel.shape) < 0.4, 0.0, panel.volume))
    rows, places = np.repeat(np.arange(195), 3), np.tile(np.arange(3), 195)
    found = outcomes(panel, 4, rows, places)
    for number, (row, place) in enumerate(zip(rows, places, strict=True)):
        ahead = [at for at in range(row + 1, row + 5) if panel.volume[at, place] > 0]
        begin = panel.open[ahead[0], place] if ahead else panel.close[row + 4, place]
        assert found[number] == pytest.approx(np.log(panel.close[row + 4, place] / begin))


@pytest.mark.parametrize("rival", RIVALS)
def test_a_rival_with_one_number_keeps_its_sign(rival: Rival) -> None:
    """In a market whose returns go on and one whose returns come back."""
    slopes = []
    for echo in (-0.3, 0.3):
        panel = walk_panel(2400, 3, seed=1, echo=echo)
        ground = TrainingWindow(panel, features_of(panel), 1)
        spread = ground.fit_volatility(2400, limit=100_000)
        sample = ground.known_sample(2400, spread, limit=100_000)
        model = rival.fit(sample, None)  # type: ignore[arg-type]
        assert isinstance(model, RivalModel)
        slopes.append(model.slopes)
        wanted, given = clipped(sample), rival.given(sample)
        best = np.linalg.lstsq(given, wanted, rcond=None)[0]
        if len(best) > 1 or best[0] > 0:
            np.testing.assert_allclose(model.slopes, best, atol=1e-3)
    if rival.name == "own-market":
        assert slopes[0][0] < -0.1 < 0.1 < slopes[1][0]
    else:
        assert all(each[0] > 0 for each in slopes)
    if rival.name == "reversal":
        assert slopes[0][0] > 0.1 > slopes[1][0]
