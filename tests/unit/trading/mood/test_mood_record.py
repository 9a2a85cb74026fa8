"""The record: what followed a band, told only if chance does not explain it."""

import numpy as np
import pytest

from pipeline.candles import Floats
from trading.mood.index import MoodBand
from trading.mood.record import AHEAD, Edge, mood_record

DAYS = 2_000
SEEDS = 40


def walk(seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    slow = np.convolve(random.standard_normal(DAYS + 60), np.ones(60) / 60, "valid")[:DAYS]
    return np.clip(50 + 150 * slow, 0, 100), np.exp(np.cumsum(0.03 * random.standard_normal(DAYS)))


def test_chance_is_called_chance_at_the_stated_rate() -> None:
    wrong = sum(
        any(each.edge in (Edge.HIGHER, Edge.LOWER) for each in mood_record(*walk(seed)).bands) for seed in range(SEEDS)
    )
    assert wrong <= 0.05 * SEEDS + 3


def test_a_band_that_a_rise_follows_is_found() -> None:
    index, line = walk(7)
    moves = np.diff(np.log(line), prepend=0.0)
    fearful = index < 40
    for day in np.flatnonzero(fearful[:-AHEAD]):
        moves[day + 1] += 0.02
    found = {each.band: each for each in mood_record(index, np.exp(np.cumsum(moves))).bands}
    assert found[MoodBand.FEAR].edge is Edge.HIGHER
    assert found[MoodBand.FEAR].mean.value is not None
    assert found[MoodBand.FEAR].mean.value > 0.05


def test_weeks_do_not_overlap_and_end_with_the_last_row() -> None:
    index = np.full(100, 50.0)
    line = np.ones(100)
    line[99] = 1.5
    record = mood_record(index, line)
    assert record.weeks == 14
    assert record.mean == pytest.approx(0.5 / 14)
    assert record.up == pytest.approx(1 / 14)
    assert {each.band: each.weeks for each in record.bands}[MoodBand.NEUTRAL] == 14


def test_a_band_with_few_weeks_is_not_judged() -> None:
    index = np.full(200, 50.0)
    index[::70] = 5.0
    found = {each.band: each for each in mood_record(index, np.exp(np.arange(200) / 100)).bands}
    assert found[MoodBand.EXTREME_FEAR].edge is Edge.FEW
    assert found[MoodBand.EXTREME_FEAR].mean.low is None
    assert found[MoodBand.GREED].weeks == 0
    assert found[MoodBand.GREED].mean.value is None


@pytest.mark.parametrize("days", [0, 1, 7, 8])
def test_a_record_of_nothing(days: int) -> None:
    record = mood_record(np.full(days, 50.0), np.ones(days))
    assert record.weeks == max(0, (days - 1) // 7)
