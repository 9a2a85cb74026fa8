"""Forecasts as they are served, on a real archive and registry: what training saw, once a minute, never on old data."""

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import numpy as np
import pytest

from ml.data.features import HISTORY, WARM_UP, features_of
from ml.data.panel import Panel
from ml.data.rolling_panel import OPEN_ROWS
from ml.errors import ModelExpired, NoModel, ShortHistory, StaleHistory, SymbolNotTrained
from ml.models.forecast_model import ForecastModel
from pipeline.market import MINUTE_MS, Candle, Symbol
from tests.fakes.boosters import with_number
from tests.fakes.candles import walk_panel
from tests.fakes.forecast_house import HORIZON, MARKET, House, candles_of, minute
from tests.fakes.models import trained_on

BTC = Symbol("BTCUSDT")
ROWS = 1900


@pytest.fixture(scope="module")
def candles() -> Panel:
    return walk_panel(2000, 4, seed=1, echo=-0.3)


@pytest.fixture(scope="module")
def model(candles: Panel) -> ForecastModel:
    return trained_on(candles.rows(0, 1800), HORIZON)


@pytest.fixture
async def house(pool: Any, candles: Panel) -> House:
    return await House(pool, candles, ROWS).open(since=300)


async def test_what_is_served_is_what_training_would_say_of_the_same_candles(
    house: House, candles: Panel, model: ForecastModel
) -> None:
    await house.add(model)
    for _ in range(4):
        found = await house.forecaster.forecast(BTC, HORIZON)
        whole = candles.rows(house.row - HISTORY - OPEN_ROWS, house.row)
        features = features_of(whole)
        outlook = model.outlook(features, multiples=house.forecaster._calibration._known[1].multiples)
        place = model.symbols.index(BTC)
        assert found.made_at == minute(house.row)
        assert found.price == candles.close[house.row - 1, place]
        assert (found.expected, found.low, found.high, found.prob_up) == (
            outlook.expected[place],
            outlook.low[place],
            outlook.high[place],
            outlook.prob_up[place],
        )
        assert found.drivers == model.drivers(features, place)
        assert (found.version, found.skilled) == (1, model.skilled)
        await house.go_on()
    assert house.forecaster.computations == 4


async def test_the_rolling_panel_is_the_one_that_is_read_anew(
    house: House, candles: Panel, model: ForecastModel
) -> None:
    await house.add(model)
    await house.forecaster.forecast(BTC, HORIZON)
    spiked = candles_of(candles, ROWS, ROWS + 12)
    spike = spiked[4]
    spiked[4] = Candle(spike.symbol, spike.open_time, spike.open, 3 * spike.open, spike.low, 3 * spike.open, 1.0)
    wick = spiked[1]
    spiked[1] = Candle(wick.symbol, wick.open_time, wick.open, wick.high, wick.low / 3, wick.close, 1.0)
    for number in range(12):
        await house.archive.insert(MARKET, spiked[4 * number : 4 * number + 4])
        await house.go_on(archived=False)
        await house.forecaster.outlooks(HORIZON)
        rolling = house.forecaster._panel._kept.panel
        begin = minute(house.row - HISTORY - OPEN_ROWS - 5)
        anew = await house._load(MARKET, model.symbols, begin, minute(house.row))
        assert rolling.times[0] == anew.times[0]
        for name in ("times", "open", "high", "low", "close", "volume", "usable"):
            np.testing.assert_array_equal(getattr(rolling, name), getattr(anew, name), err_msg=name)
    assert np.isnan(anew.close[-11, 0])
    assert not np.isnan(anew.close[-12, 1])
    spans = [end - start for start, end in house.loads[2::2]]
    assert max(spans) < 100 * MINUTE_MS


async def test_a_restart_serves_the_ranges_that_were_served(house: House, model: ForecastModel) -> None:
    await house.add(model)
    for _ in range(3):
        served = await house.forecaster.outlooks(HORIZON)
        await house.go_on()
    served = await house.forecaster.outlooks(HORIZON)
    again = House(house.pool, house.panel, house.row)
    for one, other in zip(served, await again.forecaster.outlooks(HORIZON), strict=True):
        assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-6)
    assert house.forecaster._calibration._known[1].multiples != pytest.approx(model.multiples, rel=1e-3)


async def test_a_hundred_who_ask_at_once_share_one_computation(house: House, model: ForecastModel) -> None:
    await house.add(model)
    names = [Symbol(name) for name in model.symbols]
    found = await asyncio.gather(*(house.forecaster.forecast(names[n % 4], HORIZON) for n in range(100)))
    assert house.forecaster.computations == 1
    assert len({(one.symbol, one.expected) for one in found}) == 4
    assert len(house.loads) == 2, "the last candles, and those since the training"
    await house.go_on()
    await asyncio.gather(*(house.forecaster.ranking(HORIZON, 3) for _ in range(20)))
    assert house.forecaster.computations == 2


async def test_who_gives_up_waiting_does_not_end_it_for_the_others(house: House, model: ForecastModel) -> None:
    await house.add(model)
    first = asyncio.create_task(house.forecaster.forecast(BTC, HORIZON))
    second = asyncio.create_task(house.forecaster.forecast(BTC, HORIZON))
    while house.forecaster._renewing is None:  # noqa: ASYNC110 - nothing says so
        await asyncio.sleep(0)
    first.cancel()
    assert (await second).symbol == BTC
    assert house.forecaster.computations == 1


async def test_nothing_is_computed_anew_while_the_next_candles_have_not_come(
    house: House, model: ForecastModel
) -> None:
    await house.add(model)
    before = await house.forecaster.forecast(BTC, HORIZON)
    await house.go_on(archived=False)
    for _ in range(3):
        assert (await house.forecaster.forecast(BTC, HORIZON)).made_at == before.made_at
    assert house.forecaster.computations == 1
    assert len(house.loads) == 3
    await house.archive.insert(MARKET, candles_of(house.panel, house.row - 1, house.row))
    house.ticks.seconds += 2
    assert (await house.forecaster.forecast(BTC, HORIZON)).made_at == before.made_at + MINUTE_MS


async def test_a_minute_that_only_some_symbols_have_waits_for_the_others(house: House, model: ForecastModel) -> None:
    await house.add(model)
    await house.archive.insert(MARKET, candles_of(house.panel, house.row, house.row + 1)[:1])
    await house.go_on(archived=False)
    assert {made.made_at for made in await house.forecaster.outlooks(HORIZON)} == {minute(house.row - 1)}


async def test_stale_data_has_no_forecast(house: House, model: ForecastModel) -> None:
    await house.add(model)
    await house.forecaster.forecast(BTC, HORIZON)
    await house.go_on(4, archived=False)
    with pytest.raises(StaleHistory) as refused:
        await house.forecaster.forecast(BTC, HORIZON)
    assert refused.value.age_seconds == 240
    assert await house.forecaster.ranking(HORIZON, 5) == []
    assert await house.forecaster.live() is None


async def test_when_the_hours_without_the_desk_are_filled_there_are_forecasts_soon(
    pool: Any, candles: Panel, model: ForecastModel
) -> None:
    close = candles.close.copy()
    close[ROWS - 90 : ROWS - 5] = np.nan
    house = await House(pool, replace(candles, close=close), ROWS).open(since=300)
    await house.add(model)
    with pytest.raises(StaleHistory):
        await house.forecaster.forecast(BTC, HORIZON)
    await house.archive.insert(MARKET, candles_of(candles, ROWS - 90, ROWS - 5))
    await house.go_on(2)
    assert (await house.forecaster.forecast(BTC, HORIZON)).made_at == minute(ROWS + 2)


async def test_where_there_is_no_candle_at_all_nothing_is_ranked(house: House, model: ForecastModel) -> None:
    await house.add(model)
    await house.go_on(2 * HISTORY, archived=False)
    assert await house.forecaster.ranking(HORIZON, 5) == []
    with pytest.raises(StaleHistory):
        await house.forecaster.forecast(BTC, HORIZON)


async def test_a_symbol_that_fell_silent_has_none_and_the_others_have(
    pool: Any, candles: Panel, model: ForecastModel
) -> None:
    close = candles.close.copy()
    close[ROWS - 10 :, 2] = np.nan
    close[ROWS - 100 : ROWS - 60, 3] = np.nan
    house = await House(pool, replace(candles, close=close), ROWS).open(since=300)
    await house.add(model)
    with pytest.raises(StaleHistory) as refused:
        await house.forecaster.forecast(Symbol(candles.symbols[2]), HORIZON)
    assert refused.value.age_seconds == 600
    with pytest.raises(StaleHistory) as refused:
        await house.forecaster.forecast(Symbol(candles.symbols[3]), HORIZON)
    assert refused.value.age_seconds == 0
    assert {made.symbol for made in await house.forecaster.ranking(HORIZON, 9)} == set(candles.symbols[:2])


async def test_what_no_model_can_say_is_refused_by_its_reason(house: House, model: ForecastModel) -> None:
    with pytest.raises(NoModel):
        await house.forecaster.forecast(BTC, HORIZON)
    house.models.invalidate()
    await house.add(replace(model, seen=(True, True, True, False)))
    with pytest.raises(NoModel):
        await house.forecaster.forecast(BTC, 60)
    with pytest.raises(SymbolNotTrained):
        await house.forecaster.forecast(Symbol("NEWUSDT"), HORIZON)
    with pytest.raises(SymbolNotTrained):
        await house.forecaster.forecast(Symbol(model.symbols[3]), HORIZON)
    assert (await house.forecaster.forecast(BTC, HORIZON)).symbol == BTC


async def test_too_short_a_history_is_told_with_its_length(pool: Any, candles: Panel, model: ForecastModel) -> None:
    house = await House(pool, candles, ROWS).open(since=ROWS - 100)
    await house.add(model)
    with pytest.raises(ShortHistory) as refused:
        await house.forecaster.forecast(BTC, HORIZON)
    assert (refused.value.found, refused.value.needed) == (100, WARM_UP)


@pytest.mark.parametrize("what", ["trained", "learnt"])
async def test_a_model_expires_by_the_day_it_was_trained_and_by_what_it_learnt_from(
    house: House, model: ForecastModel, what: str
) -> None:
    old = house.clock.now_ms - 73 * 3_600_000
    await house.add(model, trained_at=old if what == "trained" else None, end=old if what == "learnt" else None)
    for ask in (
        house.forecaster.forecast(BTC, HORIZON),
        house.forecaster.ranking(HORIZON, 1),
        house.forecaster.card(HORIZON),
    ):
        with pytest.raises(ModelExpired) as refused:
            await ask
        assert refused.value.age_hours == 73


async def test_what_learnt_what_is_still_to_come_serves_nobody(house: House, model: ForecastModel) -> None:
    await house.add(model, end=house.clock.now_ms + 3_600_000)
    with pytest.raises(NoModel):
        await house.forecaster.forecast(BTC, HORIZON)


@pytest.mark.parametrize("damage", ["bytes", "features", "numbers"])
async def test_a_damaged_champion_gives_way_to_the_newest_usable_one(
    house: House, model: ForecastModel, dsn: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    await house.add(model)
    hostile = with_number(model.trees.raw, "left_children", 0, 900_000_000)  # XGBoost reads outside its memory
    bad = {
        "bytes": model,
        "features": replace(model, names=("other", *model.names[1:]), reference=None),
        "numbers": replace(model, trees=replace(model.trees, raw=hostile)),
    }[damage]
    second = await house.add(bad, trained_at=house.clock.now_ms + 1)
    await house.registry.promote(second, who="test", reason="")
    if damage == "bytes":
        owner = await asyncpg.connect(dsn)
        await owner.execute("UPDATE model SET artifact = set_byte(artifact, 3000, 255 - get_byte(artifact, 3000))")
        await owner.execute(
            "UPDATE model SET artifact = set_byte(artifact, 3000, 255 - get_byte(artifact, 3000)) WHERE version = 1"
        )
        await owner.close()
    assert (await house.forecaster.forecast(BTC, HORIZON)).version == 1
    assert f"model {second} " in caplog.text
    why = {"bytes": "damaged", "features": "features", "numbers": "foreign"}[damage]
    assert f"cannot be used: {why}" in caplog.text
    champion = await house.registry.champion(MARKET, HORIZON)
    assert champion is not None
    assert champion.version == 1


async def test_a_promotion_is_noticed_within_half_a_minute(house: House, model: ForecastModel) -> None:
    await house.add(model)
    assert (await house.forecaster.forecast(BTC, HORIZON)).version == 1
    await house.registry.promote(await house.add(model, trained_at=house.clock.now_ms + 1), who="test", reason="")
    house.ticks.seconds += 29
    assert (await house.forecaster.forecast(BTC, HORIZON)).version == 1
    house.ticks.seconds += 1
    assert (await house.forecaster.forecast(BTC, HORIZON)).version == 2


async def test_a_clock_that_is_set_back_forecasts_from_what_was_known_then(house: House, model: ForecastModel) -> None:
    await house.add(model)
    await house.forecaster.forecast(BTC, HORIZON)
    house.clock.now_ms -= 30 * MINUTE_MS
    found = await house.forecaster.forecast(BTC, HORIZON)
    assert found.made_at == minute(ROWS - 30)
    place = model.symbols.index(BTC)
    assert found.price == house.panel.close[ROWS - 31, place]
    features = features_of(house.panel.rows(ROWS - 30 - HISTORY - OPEN_ROWS, ROWS - 30))
    assert found.expected == model.outlook(features).expected[place]


async def test_the_card_is_of_the_champion(house: House, model: ForecastModel) -> None:
    await house.add(model)
    await house.add(model, trained_at=house.clock.now_ms + 1)
    card = await house.forecaster.card(HORIZON)
    assert (card.version, card.challenger, card.horizon) == (1, 2, HORIZON)
    assert (card.symbols, card.features, card.rows) == (4, len(model.names), model.rows)
    assert card.metrics == model.metrics
    assert card.records == ()
