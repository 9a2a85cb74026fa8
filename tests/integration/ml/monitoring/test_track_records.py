"""Track records on a real server: what they cover, and what they count."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from ml.forecast import Forecast, TrackRecord
from ml.serving.forecast_log import DAY_MS, HOUR_MS
from pipeline.market import MINUTE_MS, Candle
from tests.fakes.forecast_house import HORIZON, MARKET, House
from tests.integration.ml.monitoring.forecasts import BTC, made, served


def outcome_candles(one: Forecast, came: float) -> list[Candle]:
    """The candle that opens at the price of a forecast, and the one whose close is its outcome."""
    first, last = one.price, one.price * float(np.exp(came))
    return [
        Candle(one.symbol, one.made_at, first, first, first, first, 1.0),
        Candle(one.symbol, one.made_at + (one.horizon - 1) * MINUTE_MS, last, last, last, last, 1.0),
    ]


async def test_a_record_looks_back_so_many_days_and_not_ahead(house: House) -> None:
    now = house.clock.now_ms
    ages = {1: 8, 2: 2, 3: -1}
    for version, days in ages.items():
        at = (now - days * DAY_MS) // HOUR_MS * HOUR_MS
        await house.served.append(served(made(at, version=version), made(at, version=version, symbol="S01USDT")))
    await house.pool.execute("UPDATE forecast SET outcome = 0.002")
    await house.pool.execute(
        "INSERT INTO forecast_score_hourly SELECT market, horizon, role, version, made_at, count(*), 0, 0, 0, 1, 1"
        " FROM forecast GROUP BY market, horizon, role, version, made_at"
    )
    for days, count in ((7, 1), (30, 2)):
        own, all_symbols = (
            await house.forecaster.record(HORIZON, days, BTC),
            await house.forecaster.record(HORIZON, days),
        )
        assert own == all_symbols == TrackRecord(days, count)


async def test_a_record_counts_moments_and_leaves_out_models_that_expected_nothing(house: House) -> None:
    """Of 30 hours, the last six are of a model without weight; every hour has several times and two symbols."""
    hour = house.clock.now_ms // HOUR_MS * HOUR_MS
    rng = np.random.default_rng(5)
    rows = []
    for number in range(30):
        silent = number >= 24
        for minutes, symbol in itertools.product((0, 15, 30), (BTC, "S01USDT")):
            one = made(hour - (100 - number) * HOUR_MS + minutes * MINUTE_MS, symbol=symbol, version=1 + silent)
            came = 0.0 if rng.random() < 0.2 else rng.normal(0, 0.008)
            rows.append((replace(one, expected=0.0 if silent else rng.choice([-0.001, 0.001])), came))
    await house.served.append(served(*(one for one, _ in rows)))
    await house.archive.insert(MARKET, [candle for one, came in rows for candle in outcome_candles(one, came)])
    assert await house.served.score(MARKET, house.clock.now_ms) == len(rows)
    for symbol in (None, BTC):
        own = [(one, came) for one, came in rows if symbol in {None, one.symbol}]
        said = [(one.expected, came) for one, came in own if one.expected]
        found = await house.forecaster.record(HORIZON, 7, symbol)
        assert found is not None
        assert found.moments == 30
        assert found.covered.value == pytest.approx(np.mean([one.low <= came <= one.high for one, came in own]))
        moves = [(expected, came) for expected, came in said if came]
        assert found.hits.value == pytest.approx(np.mean([expected * came > 0 for expected, came in moves]))
        assert found.unchanged == pytest.approx(1 - len(moves) / len(said))
        sums = np.zeros((12, 2))  # twelve groups of the 24 hours that expected something
        for one, came in own[: 24 * len(own) // 30]:
            group = (one.made_at - rows[0][0].made_at) // (2 * HOUR_MS)
            sums[group] += (came - one.expected) ** 2, came**2
        assert found.skill.value == pytest.approx(1 - np.sqrt((sums[:, 0] / sums[:, 1]).mean()))
