"""Indicators candle by candle are those over arrays, published figures come out, and no unit of prices matters."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.charts_specs import walk
from tests.paths import PROJECT
from trading.indicators import batch, streaming
from trading.indicators.streaming import Indicator

PUBLISHED = PROJECT.parent / "shared" / "golden"
"""Expected values of DaveSkender/Stock.Indicators (Apache-2.0); absent in a clone."""

BOTH: dict[str, tuple[Callable[[batch.Floats, int], batch.Floats], Callable[[int], Indicator]]] = {
    "sma": (batch.sma, streaming.Sma),
    "ema": (batch.ema, streaming.Ema),
    "rsi": (batch.rsi, streaming.RelativeStrength),
    "volatility": (batch.realised_volatility, streaming.RealisedVolatility),
    "high": (batch.donchian_high, streaming.DonchianHigh),
    "low": (batch.donchian_low, streaming.DonchianLow),
    "volume": (batch.relative_volume, streaming.RelativeVolume),
    "lagged": (batch.lagged, streaming.Lagged),
}
FIRST = {"sma": -1, "ema": -1, "high": -1, "low": -1}
"""Index of the first figure, as a difference to the period; 0 for all others."""
UNITLESS = ("rsi", "volatility", "volume")


def closes(count: int) -> batch.Floats:
    return np.array([candle.close for candle in walk(count)])


def followed(indicator: Indicator, values: batch.Floats) -> list[float]:
    return [indicator.add(value) for value in values.tolist()]


@pytest.mark.parametrize("period", [1, 2, 14, 50])
@pytest.mark.parametrize("name", BOTH)
def test_one_by_one_gives_the_numbers_of_the_array(name: str, period: int) -> None:
    over_array, one_by_one = BOTH[name]
    for count in (0, 1, period, period + 1, 200):
        prices = closes(count)
        expected = over_array(prices, period)
        assert followed(one_by_one(period), prices) == pytest.approx(expected.tolist(), rel=1e-12, nan_ok=True)
        assert np.isnan(expected).sum() == min(count, period + FIRST.get(name, 0)), "NaN while it warms up, never 0"


@pytest.mark.parametrize("name", BOTH)
def test_prices_of_a_billionth_change_nothing(name: str) -> None:
    over_array, one_by_one = BOTH[name]
    prices, unit = closes(200), 1.0 if name in UNITLESS else 1e-9
    expected = pytest.approx((over_array(prices, 14) * unit).tolist(), rel=1e-9, abs=0, nan_ok=True)
    assert over_array(prices * 1e-9, 14).tolist() == expected
    assert followed(one_by_one(14), prices * 1e-9) == expected


def test_what_is_no_price_and_no_volume_is_unknown() -> None:
    prices = np.array([1.0, 2.0, 0.0, 4.0, 4.0, 4.0])
    for found in (batch.realised_volatility(prices, 2).tolist(), followed(streaming.RealisedVolatility(2), prices)):
        assert np.isnan(found[:5]).all()
        assert found[5] == 0
    quiet = np.array([0.0, 0.0, 3.0, 3.0])
    for found in (batch.relative_volume(quiet, 2).tolist(), followed(streaming.RelativeVolume(2), quiet)):
        assert np.isnan(found[:3]).all()
        assert found[3] == 2


def test_a_volatility_by_hand() -> None:
    """Returns of e, 1/e and 1 within three candles: the root of 1 + 1 + 0."""
    prices = np.exp(np.array([0.0, 1.0, 0.0, 0.0]))
    assert batch.realised_volatility(prices, 3)[-1] == pytest.approx(2**0.5)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published figures are not part of a clone")
@pytest.mark.parametrize(
    ("call", "values", "name", "period"),
    [("ToRsi()", "Rsi", "rsi", 14), ("ToSma(20)", "Sma", "sma", 20), ("ToEma(20)", "Ema", "ema", 20)],
)
def test_published_figures_come_out(call: str, values: str, name: str, period: int) -> None:
    figures = _published(values, call)
    prices = _quotes("close")
    over_array, one_by_one = BOTH[name]
    for found in (over_array(prices, period), followed(one_by_one(period), prices)):
        assert {row: round(found[row], 4) for row in figures} == pytest.approx(figures, abs=1e-4)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published figures are not part of a clone")
def test_the_published_channel_is_that_of_the_candles_before() -> None:
    figures = json.loads((PUBLISHED / "indicators_expected.json").read_text())["Donchian"][0]["values_by_row_index"]
    high, low = batch.donchian_high(_quotes("high"), 20), batch.donchian_low(_quotes("low"), 20)
    for row, expected in figures.items():
        assert round(high[int(row) - 1], 3) == expected["UpperBand"][0]
        assert round(low[int(row) - 1], 3) == expected["LowerBand"][0]


def _published(name: str, call: str) -> dict[int, float]:
    every = json.loads((PUBLISHED / "indicators_expected.json").read_text())[name]
    rows = next(each["values_by_row_index"] for each in every if each["call"] == call)
    return {int(row): found[name][0] for row, found in rows.items()}


def _quotes(column: str) -> batch.Floats:
    path: Path = PUBLISHED / "indicators_quotes_default.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return np.array([float(row[column]) for row in csv.DictReader(lines)])
