"""The live record on a real server: direction and errors count from the next open, ranges from the price shown."""

from typing import Any

import numpy as np
import pytest

from ml.serving.forecast_log import ForecastLog, Role
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, Symbol
from tests.fakes.forecast_house import HORIZON, MARKET, minute
from tests.integration.ml.monitoring.forecasts import BTC, made, served

ETH = Symbol("ETHUSDT")


@pytest.mark.parametrize(("first_volume", "opened"), [(7.0, 101.0), (0.0, 100.6)])
async def test_a_gap_that_nobody_could_have_had_is_no_hit(pool: Any, first_volume: float, opened: float) -> None:
    """The price leaps by 1 % between close and open and then falls: it ends above the price shown, below the open.

    Without volume in the first candle, the open of the second one counts.
    """
    log, archive, at = ForecastLog(pool), CandleArchive(pool), minute(100)
    await log.append(served(made(at, expected=0.001)))
    candles = [Candle(BTC, at, 101.0, 101.0, 100.2, 100.6, first_volume)]
    candles += [
        Candle(BTC, at + n * MINUTE_MS, 100.6, 100.6, 100.5, 100.6 - 0.1 * (n == HORIZON - 1), 7.0)
        for n in range(1, HORIZON)
    ]
    await archive.insert(MARKET, candles)
    assert await log.score(MARKET, at + HORIZON * MINUTE_MS + 1) == 1
    (row,) = await pool.fetch("SELECT outcome FROM forecast")
    assert row["outcome"] == pytest.approx(np.log(100.5 / 100)), "the move from the price shown"
    (hour,) = await pool.fetch("SELECT moves, hits, covered, squares, naive FROM forecast_score_hourly")
    earned = np.log(100.5 / opened)
    assert (hour["moves"], hour["hits"], hour["covered"]) == (1, 0, 1)
    assert hour["naive"] == pytest.approx(earned**2)
    assert hour["squares"] == pytest.approx((earned - 0.001) ** 2)


async def test_where_nothing_was_traded_nothing_changed(pool: Any) -> None:
    log, archive, at = ForecastLog(pool), CandleArchive(pool), minute(100)
    await log.append(served(made(at, symbol=ETH), role=Role.CHAMPION))
    still = [Candle(ETH, at + n * MINUTE_MS, 100.4, 100.4, 100.4, 100.4, 0.0) for n in range(HORIZON)]
    await archive.insert(MARKET, still)
    assert await log.score(MARKET, at + HORIZON * MINUTE_MS + 1) == 1
    (hour,) = await pool.fetch("SELECT moves, hits, covered, naive FROM forecast_score_hourly")
    assert tuple(hour) == (0, 0, 1, 0.0)
