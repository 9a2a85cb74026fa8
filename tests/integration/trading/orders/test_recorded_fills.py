"""Limit orders over recorded trades and depth: no fill that the recording does not allow."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.fill_calibration import Compared, compare, table
from tests.support.recorded_fills import TRADED, check, trades_of, violations
from trading.orders.types import Fill

TRADES, DEPTH = "trades_spot_TRXUSDT_20250304.parquet", "depthdiff_spot_TRXUSDT_20250304.parquet"


@pytest.fixture
def data(shared_dir: Path) -> Path:
    folder = shared_dir / "data"
    if not (folder / TRADES).is_file():
        pytest.skip(f"the recorded trades are not on this machine ({folder / TRADES})")
    return folder


@pytest.mark.parametrize("depth", [None, DEPTH])
def test_every_fill_is_allowed_by_the_recording(data: Path, depth: str | None) -> None:
    outcome, found = check(data / TRADES, data / depth if depth else None, 1000, seed=1)
    print(f"orders: {len(outcome.orders)}, fills: {len(outcome.fills)}, violations: {len(found)}")  # noqa: T201
    assert found == []
    assert len(outcome.orders) == 1000
    assert len(outcome.fills) > 100


def test_a_fill_that_the_recording_does_not_allow_is_found(data: Path) -> None:
    outcome, _ = check(data / TRADES, None, 50, seed=2)
    _, trades = trades_of(data / TRADES)
    fill = next(each for each in outcome.fills if each.rule in TRADED)
    outcome.fills = [replace(fill, time=outcome.orders[fill.order_id].accepted_at)]
    assert violations(outcome, [*trades])
    outcome.fills = [replace(fill, fills=(Fill(fill.fills[0].price, fill.fills[0].quantity * 10**6),))]
    assert violations(outcome, [*trades])


def test_the_model_fills_between_the_earliest_and_the_latest_possible_moment(data: Path) -> None:
    found = compare(data / TRADES, data / DEPTH, 30, seed=3)
    assert len(found) == 30
    assert not [each for each in found if each.violates]
    filled = [each for each in found if each.model is not None]
    assert len(filled) > 10
    assert len(table(found)) == 6


def test_a_fill_before_it_was_possible_is_a_violation() -> None:
    assert Compared(0, earliest=2_000, model=1_999, latest=3_000).violates
    assert Compared(0, earliest=None, model=1, latest=None).violates
    assert not Compared(0, earliest=2_000, model=2_000, latest=2_000).violates
