"""The naive model of open orders catches faults that are planted in the engine."""

import importlib.util
from pathlib import Path

import pytest

from tests.support.order_model import play
from tests.support.planted_faults import FAULTS, Fault, caught

QUICK = (
    "comparison of limits reversed",
    "fee not taken",
    "hold of a purchase rounded down",
    "event from before the acceptance of a known order counts",
    "pair does not end its other order",
    "traded quantity used twice",
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_has_one_place_in_source(fault: Fault) -> None:
    found = importlib.util.find_spec(fault.module)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).read_text(encoding="utf-8").count(fault.before) == 1


@pytest.mark.parametrize("name", QUICK)
def test_planted_fault_is_caught(name: str) -> None:
    number = next(number for number, fault in enumerate(FAULTS) if fault.name == name)
    result = caught(number, lives=100)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "AssertionError" in result.stdout


def test_lives_of_seeds_agree() -> None:
    assert play(20, 0).lives == 20
