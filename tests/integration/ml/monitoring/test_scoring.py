"""The live record on a real server: made, judged once by what happened, compared, and watched."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from ml.data.panel import Panel
from ml.forecast import Forecast, TrackRecord
from ml.models.forecast_model import ForecastModel
from ml.monitoring.live_scoring import MISSING_MS
from ml.registry import ModelState
from ml.serving.forecast_log import DAY_MS, HOUR_MS, Role
from ml.serving.types import DriftKind
from pipeline.market import MINUTE_MS
from tests.fakes.forecast_house import HORIZON, MARKET, House, candles_of, minute
from tests.fakes.models import trained_on
from tests.integration.ml.monitoring.forecasts import BTC, ROWS, made, served


@pytest.fixture(scope="module")
def model(candles: Panel) -> ForecastModel:
    return trained_on(candles.rows(0, 1800), HORIZON)


# -- the live record ---------------------------------------------------------------------------


async def test_the_live_record_is_made_judged_and_summed_up(house: House, candles: Panel, model: ForecastModel) -> None:
    await house.add(model)
    await house.add(replace(model, weights=(0.0, 0.0, 0.0)), trained_at=house.clock.now_ms + 1)
    said: dict[tuple[int, str], Forecast] = {}
    for _ in range(3):
        done = await house.scoring.run()
        assert done.made == 8
        said |= {(one.made_at, one.symbol): one for one in await house.forecaster.outlooks(HORIZON)}
        await house.go_on(15)
    await house.scoring.run()

    rows = [row for row in await house.rows() if row["role"] == "champion" and row["outcome"] is not None]
    assert len(rows) == 12
    for row in rows:
        at, place = (row["made_at"] - minute(0)) // MINUTE_MS, candles.symbols.index(row["symbol"])
        assert row["price"] == candles.close[at - 1, place]
        happened = np.log(candles.close[at - 1 + HORIZON, place] / candles.close[at - 1, place])
        assert row["outcome"] == pytest.approx(happened, rel=1e-12)
        assert row["expected"] == said[row["made_at"], row["symbol"]].expected

    errors = np.array([row["outcome"] - row["expected"] for row in rows])
    came = np.array([row["outcome"] for row in rows])
    kept = await house.pool.fetch("SELECT * FROM forecast_score_hourly WHERE role = 'champion'")
    assert sum(row["count"] for row in kept) == sum(row["moves"] for row in kept) == len(rows)
    assert sum(row["hits"] for row in kept) == (came * (came - errors) > 0).sum()
    assert sum(row["covered"] for row in kept) == sum(row["low"] <= row["outcome"] <= row["high"] for row in rows)
    assert sum(row["squares"] for row in kept) == pytest.approx((errors**2).sum())
    assert sum(row["naive"] for row in kept) == pytest.approx((came**2).sum())
    for symbol in (None, BTC):
        assert await house.forecaster.record(HORIZON, 7, symbol) == TrackRecord(7, len(kept))  # too few to tell
    assert len((await house.forecaster.card(HORIZON)).records) == 2


async def test_nothing_is_judged_twice_or_before_it_is_settled(house: House, model: ForecastModel) -> None:
    await house.add(model)
    await house.scoring.run()
    await house.go_on(HORIZON)
    assert (await house.scoring.run()).judged == 0
    await house.go_on(1)
    assert (await house.scoring.run()).judged == 0
    await house.go_on(2)
    done = await asyncio.gather(*(house.served.score(MARKET, house.clock.now_ms - 2 * MINUTE_MS) for _ in range(4)))
    assert sorted(done) == [0, 0, 0, 4]
    (hour,) = await house.served.hours(MARKET, HORIZON, 1, 0)
    assert hour.count == 4


async def test_runs_soon_after_each_other_make_the_record_once(house: House, model: ForecastModel) -> None:
    await house.add(model)
    assert (await house.scoring.run()).made == 4
    await house.go_on()
    assert (await house.scoring.run()).made == 0
    assert len(await house.rows()) == 4


async def test_what_has_no_candle_waits_a_day_and_is_then_told_apart(house: House) -> None:
    at = house.clock.now_ms
    await house.served.append(served(made(at), made(at, symbol="GONEUSDT")))
    await house.go_on(20)
    done = await house.scoring.run()
    assert (done.judged, done.missing) == (1, 0)
    house.clock.now_ms = at + HORIZON * MINUTE_MS + MISSING_MS
    assert (await house.scoring.run()).missing == 0
    house.clock.now_ms += MINUTE_MS
    assert (await house.scoring.run()).missing == 1
    rows = {row["symbol"]: row for row in await house.rows()}
    assert (rows["GONEUSDT"]["outcome"], rows["GONEUSDT"]["unscored"]) == (None, "missing")
    assert rows[BTC]["unscored"] is None


async def test_what_was_due_while_the_desk_was_off_is_judged_when_its_candles_are_fetched(house: House) -> None:
    at = house.clock.now_ms
    await house.served.append(served(made(at)))
    house.clock.now_ms = at + 3 * DAY_MS
    done = await house.scoring.run()
    assert (done.judged, done.missing) == (0, 0)
    await house.archive.insert(MARKET, candles_of(house.panel, ROWS, ROWS + 20))
    assert (await house.scoring.run()).judged == 1
    record = await house.served.record(MARKET, HORIZON, 7, house.clock.now_ms)
    assert record == TrackRecord(7, 1)


async def test_the_same_forecast_is_one_row_and_the_live_record_has_it(house: House, model: ForecastModel) -> None:
    await house.add(model)
    for _ in range(3):
        await house.forecaster.forecast(BTC, HORIZON)
    await house.forecaster.ranking(HORIZON, 2)
    await house.forecaster.ranking(HORIZON, 1000)
    await house.forecaster._keeper.flush()
    rows = await house.rows()
    assert {row["role"] for row in rows} == {"asked"}
    assert 2 <= len(rows) <= 3
    await house.scoring.run()
    await house.served.append(served(*(await house.forecaster.outlooks(HORIZON)), role=Role.ASKED))
    rows = await house.rows()
    assert len(rows) == 4
    assert {row["role"] for row in rows} == {"champion"}


async def test_what_was_asked_for_is_judged_but_is_no_part_of_the_record(house: House) -> None:
    at = house.clock.now_ms
    await house.served.append(served(made(at), role=Role.ASKED))
    await house.served.append(served(made(at, symbol="S01USDT"), role=Role.CHALLENGER))
    await house.go_on(20)
    assert (await house.scoring.run()).judged == 2
    assert await house.forecaster.record(HORIZON, 7) is None
    assert await house.forecaster.record(HORIZON, 7, BTC) is None


async def test_old_forecasts_leave_and_asked_ones_stay_longer(house: House) -> None:
    at = house.clock.now_ms
    await house.served.append(served(made(at), made(at + HOUR_MS)))
    await house.served.append(served(made(at + 2 * HOUR_MS), made(at + 3 * HOUR_MS), role=Role.ASKED))
    for hours, days in ((0, 36), (1, 34), (2, 89), (3, 91)):
        await _age(house, at + hours * HOUR_MS, days)
    assert await house.served.trim(MARKET, at) == 2
    assert {row["made_at"] for row in await house.rows()} == {at + HOUR_MS, at + 2 * HOUR_MS}


async def test_each_market_trims_features_by_its_clock(house: House, model: ForecastModel) -> None:
    await house.add(model)
    hour = house.clock.now_ms // HOUR_MS * HOUR_MS
    await house.served.count_features(1, hour, [1])
    await house.served.trim("another", hour + 100 * DAY_MS)
    assert len(await house.served.feature_counts(1, 0)) == 1
    await house.served.trim(MARKET, hour + 100 * DAY_MS)
    assert await house.served.feature_counts(1, 0) == []


async def _age(house: House, made_at: int, days: int) -> None:
    await house.pool.execute(
        "WITH old AS (DELETE FROM forecast WHERE made_at = $1 RETURNING *) INSERT INTO forecast "
        "SELECT market, symbol, horizon, made_at, version, role, price, expected, low, high, rising, "
        "now() - make_interval(days => $2) FROM old",
        made_at,
        days,
    )


# -- champion and challenger -------------------------------------------------------------------


async def _contest(house: House, model: ForecastModel, better: float) -> None:
    """Three days of forecasts every quarter of an hour; the challenger's errors are `better` times the champion's."""
    await house.add(model)
    await house.add(model, trained_at=house.clock.now_ms + 1)
    chance = np.random.default_rng(3)
    rows = []
    for number in range(3 * 96):
        at = house.clock.now_ms - (number + 1) * 15 * MINUTE_MS
        error = 0.002 * (1 + chance.random())
        rows += served(made(at, expected=error)) + served(
            made(at, version=2, expected=error * better * (0.9 + 0.2 * chance.random())), role=Role.CHALLENGER
        )
    await house.served.append(rows)
    await house.pool.execute("UPDATE forecast SET outcome = 0")


async def test_a_challenger_that_wins_is_promoted_and_serves(house: House, model: ForecastModel) -> None:
    await _contest(house, model, 0.5)
    assert (await house.forecaster.forecast(BTC, HORIZON)).version == 1
    assert (await house.scoring.run()).promoted == [2]
    assert (await house.forecaster.forecast(BTC, HORIZON)).version == 2
    assert (await house.registry.one(1)).state is ModelState.RETIRED
    assert (await house.registry.changes(2))[0].reason.startswith("wins")
    back = await house.registry.rollback(MARKET, HORIZON, who="test", reason="")
    assert back.version == 1


async def test_a_challenger_that_loses_is_retired(house: House, model: ForecastModel) -> None:
    await _contest(house, model, 2.0)
    assert (await house.scoring.run()).promoted == []
    assert (await house.registry.one(2)).state is ModelState.RETIRED
    assert (await house.registry.one(1)).state is ModelState.CHAMPION


async def test_a_challenger_that_is_no_better_goes_on(house: House, model: ForecastModel) -> None:
    await _contest(house, model, 1.0)
    assert (await house.scoring.run()).promoted == []
    assert (await house.registry.one(2)).state is ModelState.CHALLENGER


async def test_a_challenger_takes_over_from_a_champion_that_expired(house: House, model: ForecastModel) -> None:
    await house.add(model, trained_at=house.clock.now_ms - 4 * DAY_MS)
    await house.add(model)
    assert (await house.scoring.run()).promoted == [2]


# -- drift -------------------------------------------------------------------------------------


async def test_errors_beyond_the_intervals_are_told_once(house: House, model: ForecastModel) -> None:
    await house.add(model)
    for hour in range(12):
        at = (house.clock.now_ms - hour * HOUR_MS) // HOUR_MS * HOUR_MS
        await house.pool.execute(
            "INSERT INTO forecast_score_hourly VALUES ($1, $2, 'champion', 1, $3, 100, 100, 50, $4, 1, 1)",
            MARKET, HORIZON, at, 80 if hour > 5 else 20,
        )  # fmt: skip
    (drift,) = (await house.scoring.run()).drifts
    assert (drift.kind, drift.what, drift.version) == (DriftKind.ERRORS, "intervals", 1)
    assert drift.since == (house.clock.now_ms - 5 * HOUR_MS) // HOUR_MS * HOUR_MS
    assert drift.amount == pytest.approx(6 * (0.8 - 0.2 - 0.05))
    assert (await house.scoring.run()).drifts == []


async def test_features_are_counted_once_an_hour_and_told_when_they_left_the_training(
    house: House, model: ForecastModel
) -> None:
    await house.add(model)
    await house.scoring.run()
    await house.scoring.run()
    hour = house.clock.now_ms // HOUR_MS * HOUR_MS
    ((counted, counts),) = await house.served.feature_counts(1, 0)
    assert counted == hour
    assert sum(counts) == 4 * len(model.names)
    extreme = np.zeros((len(model.names), 11), int)
    extreme[:, 9] = 4
    for number in range(1, 24):
        await house.served.count_features(1, hour - number * HOUR_MS, extreme.ravel().tolist())
    (drift,) = (await house.scoring.run()).drifts
    assert drift.kind is DriftKind.FEATURES
    assert drift.what in model.names
    assert drift.amount > drift.bound
    assert drift.since == hour - 23 * HOUR_MS


async def test_what_is_said_is_kept_before_and_needs_nobody_to_write_it_later(
    house: House, model: ForecastModel
) -> None:
    await house.add(model)
    said = [await house.forecaster.forecast(BTC, HORIZON), *await house.forecaster.ranking(HORIZON, 3)]
    kept = {(row["symbol"], row["expected"]) for row in await house.rows()}
    assert kept == {(one.symbol, one.expected) for one in said}
