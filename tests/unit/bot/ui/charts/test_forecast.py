"""The fan of a forecast: where it begins, how it widens, what is left out without skill."""

from decimal import Decimal
from math import exp, log
from typing import Any

import numpy as np
import pytest

from bot.ui.charts.drawing import numbers, style
from bot.ui.charts.forecast_fan import fan_of
from bot.ui.charts.workers.draw import render
from bot.ui.format import Formatter
from bot.views.forecasts import move_of
from ml.forecast import Forecast
from people.person import Language
from pipeline.market import Interval, Symbol
from tests.charts_specs import forecast_spec, spec_of, walk, where
from tests.charts_specs import style as looks

MADE = 1_760_000_400_000
DARK = style.PALETTES["dark"]
BTC = Symbol("BTCUSDC")


def forecast(*, expected: float = 0.004, low: float = -0.006, high: float = 0.014, skilled: bool = True) -> Forecast:
    return Forecast(BTC, 240, MADE, 50_000.0, expected, low, high, 0.6, skilled, 1)


def test_the_fan_begins_at_the_price_and_ends_at_the_interval_and_what_is_expected() -> None:
    times, low, high, middle = fan_of(forecast())
    assert (times[0], times[-1]) == (MADE, MADE + 240 * 60_000)
    assert list(times) == sorted(set(times))
    assert low[0] == high[0] == middle[0] == 50_000
    ends = [50_000 * exp(move) for move in (-0.006, 0.014, 0.004)]
    assert [low[-1], high[-1], middle[-1]] == pytest.approx(ends)


def test_the_fan_widens_with_the_root_of_time_around_a_path_that_comes_evenly() -> None:
    times, low, high, middle = (np.array(column) for column in fan_of(forecast()))
    shares = (times - times[0]) / (times[-1] - times[0])
    assert np.log(high / middle) == pytest.approx(0.01 * np.sqrt(shares), abs=1e-6)
    assert np.log(middle / low) == pytest.approx(0.01 * np.sqrt(shares), abs=1e-6)
    assert np.log(middle / 50_000) == pytest.approx(0.004 * shares, abs=1e-6)


def test_without_skill_there_is_no_path_and_the_interval_is_all_there_is() -> None:
    times, low, high, middle = fan_of(forecast(skilled=False))
    assert middle == ()
    quarter = int(np.argmin(np.abs(np.array(times) - MADE - 60 * 60_000)))
    share = (times[quarter] - MADE) / (240 * 60_000)
    assert log(high[quarter] / 50_000) == pytest.approx(0.014 * share**0.5)
    assert log(low[quarter] / 50_000) == pytest.approx(-0.006 * share**0.5)


def spec(**others: Any) -> Any:
    return forecast_spec(walk(180, Interval.M1, spread=0.0006), 60, "1 hour", **others)


def test_the_expected_path_is_drawn_and_named_with_skill_only() -> None:
    assert len(where(render(spec()), DARK.lines[0])[0]) > 200
    assert len(where(render(spec(skilled=False)), DARK.lines[0])[0]) == 0


def test_what_was_not_known_when_it_was_made_is_not_drawn_as_known() -> None:
    candles = walk(180, Interval.M1)
    known = forecast_spec(candles[:150], 60, "1 hour")
    later = spec_made_at(candles, known.ahead[0])
    assert later.times[:-1] == known.times[:-1]
    assert later.times[-2] == known.ahead[0]


def spec_made_at(candles: Any, made_at: int) -> Any:
    seen = next(candle.close for candle in candles if candle.open_time + 60_000 == made_at)
    found = Forecast(BTC, 60, made_at, seen, 0.002, -0.008, 0.012, 0.57, True, 1)  # noqa: FBT003
    return spec_of(
        lambda renderer: renderer.forecast(
            found,
            "1 hour",
            candles,
            pair="BTC/USDC",
            last=Decimal(64_000),
            now=made_at + 40_000,
            label="",
            style=looks(),
        )
    )


def test_the_price_of_now_is_the_last_point_but_never_beyond_the_horizon() -> None:
    shown = spec(later_ms=40_000)
    assert shown.times[-1] == shown.ahead[0] + 40_000
    assert shown.times[-2] == shown.ahead[0]
    late = spec(later_ms=10 * 3_600_000)
    assert late.times[-1] == late.ahead[-1]
    at_once = spec(later_ms=0)
    assert at_once.times[-1] == at_once.ahead[0]
    assert len(set(at_once.times)) == len(at_once.times)


def test_times_are_the_readers_and_go_on_to_the_end_of_the_fan() -> None:
    shown = spec(looks=looks(zone="Asia/Seoul", language="ko"))
    assert shown.zone == "KST"
    assert {*shown.offsets, *shown.ahead_offsets} == {9 * 3_600_000}
    assert shown.ahead[-1] - shown.ahead[0] == 3_600_000


@pytest.mark.parametrize("tick", [None, "0.01", "0.0001", "0.000001", "0.00000001"])
@pytest.mark.parametrize("price", [0.00000123, 0.164339, 1.23456789, 64_123.456, 987_654.3])
def test_picture_and_caption_round_alike(tick: str | None, price: float) -> None:
    """Every price of a forecast, whatever the tick."""
    step = None if tick is None else Decimal(tick)
    for index in range(40):
        made = Forecast(BTC, 240, MADE, price, 0.0004 * index, -0.003 * index, 0.0071 * index, 0.6, True, 1)  # noqa: FBT003
        spec = spec_of(
            lambda renderer, made=made: renderer.forecast(
                made,
                "1 hour",
                walk(3),
                pair="BTC/USDC",
                last=Decimal(str(price)),
                now=MADE,
                label="",
                style=looks(),
                tick=step,
            )
        )
        write = Formatter(Language.ENGLISH, "UTC")
        ends = [write.estimate(price * exp(move), step) for move in (made.low, made.high, made.expected)]
        assert [spec.low_text, spec.high_text, spec.middle_text] == ends
        assert spec.last_text == write.price(Decimal(str(price)), step)


def test_picture_and_caption_show_the_same_change() -> None:
    write = Formatter(Language.ENGLISH, "UTC")
    for index in range(-3000, 3000):
        made = forecast(expected=index * 1.00037e-6)
        _, _, _, path = fan_of(made)
        text, direction = numbers.change(path[-1] / path[0] - 1)
        said = write.percent(move_of(made), signed=True)
        assert said.lstrip("+-") == text.lstrip("▲▼ +−")
        assert direction == (said[0] == "+") - (said[0] == "-")
