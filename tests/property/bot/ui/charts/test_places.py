"""Labels moved apart and treemaps: whatever is asked for, nothing overlaps and nothing is lost."""

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.charts.drawing.label_placement import apart
from bot.ui.charts.drawing.treemap import Box, squarify

HALF, LOW, HIGH = 10.0, 0.0, 300.0
rows = st.lists(st.floats(LOW, HIGH), min_size=1, max_size=8)
weights = st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=60)


@given(rows)
def test_labels_keep_their_order_stand_inside_and_never_overlap(wanted: list[float]) -> None:
    places = apart(wanted, HALF, LOW, HIGH)
    ordered = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    stand = [places[index] for index in ordered]
    assert all(LOW + HALF - 1e-6 <= place <= HIGH - HALF + 1e-6 for place in stand)
    assert all(above - below >= 2 * HALF - 1e-6 for below, above in pairwise(stand))


@given(rows)
def test_labels_that_have_room_stay_where_they_are(wanted: list[float]) -> None:
    spaced = [60.0 * index + row / 30 + 40 for index, row in enumerate(sorted(wanted)[:4])]
    assert apart(spaced, HALF, LOW, HIGH) == pytest.approx(spaced)


@given(rows, st.floats(100, 200))
def test_the_fixed_label_stays_when_others_come_near(others: list[float], fixed: float) -> None:
    places = apart([fixed, *others[:4]], HALF, LOW, HIGH, fixed=0)
    assert places[0] == pytest.approx(fixed, abs=1e-3)


def test_labels_move_no_farther_than_they_must() -> None:
    assert apart([100.0, 100.0], HALF, LOW, HIGH) == [90.0, 110.0]
    assert apart([104.0, 96.0], HALF, LOW, HIGH) == [110.0, 90.0]
    assert apart([0.0, 0.0, 0.0], HALF, LOW, HIGH) == [10.0, 30.0, 50.0]
    assert apart([300.0, 295.0, 40.0], HALF, LOW, HIGH) == [290.0, 270.0, 40.0]


def test_too_many_labels_are_spread_evenly() -> None:
    places = apart([5.0] * 31, HALF, LOW, HIGH)
    assert sorted(places) == pytest.approx([10 + index * 280 / 30 for index in range(31)])
    assert apart([], HALF, LOW, HIGH) == []


@given(weights, st.floats(50, 1000), st.floats(50, 1000))
def test_a_treemap_has_the_right_areas_and_fills_its_room(weighed: list[float], width: float, height: float) -> None:
    largest_first = sorted(weighed, reverse=True)
    boxes = squarify(largest_first, Box(10.0, 20.0, 10.0 + width, 20.0 + height))
    assert len(boxes) == len(weighed)
    whole, total = width * height, math.fsum(weighed)
    for weight, box in zip(largest_first, boxes, strict=True):
        assert box.width * box.height == pytest.approx(weight / total * whole, rel=1e-6, abs=1e-6 * whole)
        assert box.left >= 10 - 1e-6
        assert box.bottom >= 20 - 1e-6
        assert box.right <= 10 + width + 1e-6
        assert box.top <= 20 + height + 1e-6


@given(weights)
def test_tiles_do_not_overlap(weighed: list[float]) -> None:
    boxes = squarify(sorted(weighed, reverse=True), Box(0.0, 0.0, 800.0, 600.0))
    for one, other in combinations(boxes, 2):
        across = min(one.right, other.right) - max(one.left, other.left)
        upwards = min(one.top, other.top) - max(one.bottom, other.bottom)
        assert min(across, upwards) < 1e-5


def test_the_papers_example_comes_out_as_in_the_paper() -> None:
    """Bruls, Huizing and van Wijk, section 3.1: 6, 6, 4, 3, 2, 2, 1 in a 6 x 4 rectangle."""
    boxes = squarify([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert boxes[0] == Box(0, 2, 3, 4)
    assert boxes[1] == Box(0, 0, 3, 2)
    assert boxes[2].width == pytest.approx(12 / 7)
    assert boxes[3].height == pytest.approx(7 / 3)


def test_the_largest_stands_at_the_top_left_and_shapes_are_near_squares() -> None:
    boxes = squarify([1 / (n + 1) for n in range(40)], Box(0, 0, 944, 872))
    assert (boxes[0].left, boxes[0].top) == (0, 872)
    shapes = sorted(max(box.width / box.height, box.height / box.width) for box in boxes)
    assert shapes[len(shapes) // 2] < 1.6
    assert shapes[-1] < 4
