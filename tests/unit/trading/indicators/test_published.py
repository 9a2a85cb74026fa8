"""Every published figure of the indicators that we have comes out, over arrays and candle by candle."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from pipeline.candles import Floats
from tests.paths import PROJECT
from tests.unit.trading.indicators.published import MATCHES, Match
from trading.indicators.averages import ema
from trading.indicators.registry import INDICATORS
from trading.indicators.streaming import Stream

FOLDER = PROJECT.parent / "shared" / "golden"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the published figures are not part of a clone")

NOT_OURS = {
    ("Atr", "Tr"): "an indicator of its own: true_range",
    ("SmaAnalysis", "Sma"): "an indicator of its own: sma",
    ("Slope", "Intercept"): "depends on how many candles came before",
    ("Slope", "Line"): "is drawn again with each candle",
}
SMOOTHED_TWICE = {"Stoch.Extended": 100}
"""Row before which the published figures show that the first value was averaged with its own mean."""
FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%m/%d/%Y")


def _millis(text: str) -> float:
    for each in FORMATS:
        try:
            return datetime.strptime(text, each).replace(tzinfo=UTC).timestamp() * 1000
        except ValueError:
            continue
    raise AssertionError(text)


@cache
def quotes(name: str) -> dict[str, Floats]:
    with (FOLDER / f"indicators_quotes_{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = {key: np.array([float(row[key]) for row in rows]) for key in ("open", "high", "low", "close", "volume")}
    return columns | {"open_time": np.array([_millis(row["date"]) for row in rows])}


def cases() -> Iterator[tuple[str, dict[str, dict[str, tuple[float, str]]]]]:
    """The published tests that we can do, by key, with their figures by row and name."""
    if not FOLDER.exists():
        return
    for name, tests in json.loads((FOLDER / "indicators_expected.json").read_text()).items():
        for test in tests:
            begin = test["test"].partition("_")[0]
            key = name if begin == "DefaultParameters" else f"{name}.{begin}"
            if key in MATCHES:
                yield key, test["values_by_row_index"]


def tolerance(value: float, given: str) -> float:
    """Half a unit of the last decimal; an exact figure is a double, so up to its rounding."""
    digits = re.fullmatch(r"Money(\d+)", given)
    return 0.5001 * 10.0 ** -int(digits[1]) + abs(value) * 1e-13 if digits else abs(value) * 1e-12 + 1e-12


def columns(match: Match) -> dict[str, Floats]:
    """The candles of a match."""
    found = {name: values[match.first :] for name, values in quotes(match.quotes).items()}
    return found | {"close": found[match.source]}


@pytest.mark.parametrize("key", sorted({key for key, _ in cases()}))
def test_published_figures_come_out(key: str) -> None:
    match = MATCHES[key]
    candles = columns(match)
    indicator = INDICATORS[match.indicator]
    over_array = indicator.compute(candles, **match.parameters)
    stream = indicator.stream(**match.parameters)
    names = [name for name in candles if name in indicator.inputs(**match.parameters)]
    steps = [
        stream.take(**dict(zip(names, row, strict=True))) for row in zip(*(candles[n] for n in names), strict=True)
    ]
    compared = 0
    before = SMOOTHED_TWICE.get(key, 0)
    for row, figures in next(found for name, found in cases() if name == key).items():
        for name, (value, given) in figures.items():
            if int(row) < before or (key.partition(".")[0], name) in NOT_OURS:
                continue
            place = int(row) - max(match.first, 0) + match.ahead.get(name, 0)
            near = pytest.approx(value, rel=0, abs=tolerance(value, given))
            assert over_array[match.outputs[name]][place] == near, (row, name)
            assert steps[place][match.outputs[name]] == near, (row, name)
            compared += 1
    assert compared


def test_an_average_of_an_rsi_gives_the_published_figures() -> None:
    tests = json.loads((FOLDER / "indicators_expected.json").read_text())["Ema"]
    figures = next(each for each in tests if each["call"] == "ToRsi() .ToEma(20)")["values_by_row_index"]
    stream = Stream({"ema": ema(INDICATORS["rsi"].series()["rsi"], 20)})
    found = [stream.take(close=close)["ema"] for close in quotes("default")["close"].tolist()]
    for row, expected in figures.items():
        assert found[int(row)] == pytest.approx(expected["Ema"][0], rel=0, abs=tolerance(*expected["Ema"]))


def test_most_of_the_published_indicators_are_compared() -> None:
    assert len({key.partition(".")[0] for key, _ in cases()}) >= 55
