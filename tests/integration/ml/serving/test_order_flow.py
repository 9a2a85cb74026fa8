"""Models of the order flow beside models of before: trained from the archive, stored, served, each on its features."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.settings import Settings
from app.startup import Addresses
from app.training.launcher import run_training
from ml.data.archive_panel import panel_from
from ml.data.features import HISTORY, feature_names, features_of
from ml.data.order_flow import ORDER_FLOW
from ml.data.panel import Panel
from ml.data.rolling_panel import OPEN_ROWS
from ml.errors import ModelUnusable
from ml.models.artifact import digest, pack
from ml.models.forecast_model import ForecastModel
from ml.registry import Registry
from ml.serving.model_cache import unpacked
from ml.settings import MlSettings
from pipeline.archive.postgres import CandleArchive
from pipeline.market import Symbol
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.candles import flow_panel
from tests.fakes.forecast_house import HORIZON, MARKET, House, candles_of, minute
from tests.fakes.models import trained_on
from tests.fakes.scripted_market import info_at
from tests.fakes.scripted_market import tick as tick_of

BTC = Symbol("BTCUSDT")
ROWS = 1900


@pytest.fixture(scope="module")
def candles() -> Panel:
    return flow_panel(2000, 4, seed=1, pull=1.5)


@pytest.fixture(scope="module")
def model(candles: Panel) -> ForecastModel:
    return trained_on(candles.rows(0, 1800), HORIZON)


@pytest.fixture(scope="module")
def former(candles: Panel) -> ForecastModel:
    return trained_on(candles.with_flow(flow=False).rows(0, 1800), HORIZON)


@pytest.fixture
async def house(pool: Any, candles: Panel) -> House:
    return await House(pool, candles, ROWS).open(since=300)


def test_a_signal_in_the_order_flow_is_found_with_it_alone(model: ForecastModel, former: ForecastModel) -> None:
    assert (model.flow, former.flow) == (True, False)
    assert model.metrics["skill"] > 0.01
    assert former.metrics["skill"] < 0.005


async def test_both_kinds_are_served_as_they_were_trained(
    house: House, candles: Panel, model: ForecastModel, former: ForecastModel
) -> None:
    await house.add(former)
    alone = await house.forecaster.forecast(BTC, HORIZON)
    assert len(house.forecaster._panel._kept.panel.grids) == 5, "order flow that no model needs is not read"
    await house.add(model)
    for _ in range(3):
        live = await house.forecaster.live()
        assert live is not None
        whole = candles.rows(house.row - HISTORY - OPEN_ROWS, house.row)
        for version, each, panel in ((1, former, whole.with_flow(flow=False)), (2, model, whole)):
            outlook = each.outlook(features_of(panel))
            sight = live.moment.sights[version]
            np.testing.assert_allclose(sight.outlook.expected, outlook.expected, rtol=1e-9)
            assert sight.features.names == each.names
        await house.go_on()
    drivers = await house.forecaster._drivers(live.moment.sights[2], BTC)
    assert "flow" in {driver.family for driver in drivers}
    again = House(house.pool, candles, ROWS)
    assert (await again.forecaster.forecast(BTC, HORIZON)).expected == alone.expected


async def test_a_minute_without_order_flow_has_a_forecast(house: House, candles: Panel, model: ForecastModel) -> None:
    await house.add(model)
    blind = replace(candles, taken=np.full(candles.shape, np.nan), trades=np.zeros(candles.shape))
    await house.archive.insert(MARKET, candles_of(blind, ROWS, ROWS + 1))
    await house.go_on(archived=False)
    found = await house.forecaster.forecast(BTC, HORIZON)
    assert found.made_at == minute(ROWS + 1)
    assert np.isfinite([found.expected, found.low, found.high, found.prob_up]).all()


async def test_the_panel_has_the_order_flow_that_was_archived(pool: Any, candles: Panel, redis_url: str) -> None:
    await CandleArchive(pool).insert(MARKET, candles_of(candles, 0, 60))
    await CandleArchive(pool).insert(MARKET, candles_of(candles.with_flow(flow=False), 60, 70))
    panel = await panel_from(pool, MARKET, candles.symbols, minute(0), minute(70), flow=True)
    for found, made in zip(panel.grids, candles.rows(0, 60).grids, strict=True):
        np.testing.assert_array_equal(found[:60], made)
    assert np.isnan(panel.grids[6][60:]).all()
    table = features_of(panel).table[-len(ORDER_FLOW) :]
    assert np.isnan(table[:, 69][[0, 1, -2, -1]]).all()
    assert np.isfinite(table[2:4, 69]).all(), "of longer windows a part is known"
    plain = await panel_from(pool, MARKET, candles.symbols, minute(0), minute(70))
    assert plain.trades is None
    async with open_redis(redis_url) as client:
        store = RedisStore(client, 1000)
        await store.start(info_at(minute(71)))
        for time, price in ((minute(70), "99"), (minute(71) - 1000, "100")):
            await store.write([tick_of(BTC, time, price)])
        panel = await panel_from(pool, MARKET, candles.symbols, minute(0), minute(71), store=store, flow=True)
    assert panel.close[70, 0] == 100.0
    assert np.isnan([grid[70, 0] for grid in panel.grids[4:]]).all()


@pytest.mark.long
async def test_a_training_learns_it_where_the_settings_say_so(
    pool: Any, candles: Panel, dsn: str, redis_url: str, tmp_path: Path
) -> None:
    await CandleArchive(pool).insert(MARKET, candles_of(candles, 0, 1600))
    ml = MlSettings(threads=1, memory_mib=1024, days=3, symbols=10, rows=10_000, order_flow=True)
    learnt = await run_training(Settings(data_dir=tmp_path / "data", ml=ml), Addresses(dsn, redis_url), horizons=(1,))
    registry = Registry(pool)
    row = await registry.one(learnt.saved[0].version)
    assert row.features == feature_names(flow=True)
    assert unpacked(await registry.blob(row.version), row).flow


def test_other_features_are_refused(model: ForecastModel) -> None:
    odd = replace(model, names=(*model.names[:-1], "moon_phase"), reference=None)
    blob = pack(odd.parts())
    row: Any = SimpleNamespace(sha256=digest(blob), version=1, horizon=HORIZON, features=odd.names, symbols=odd.symbols)
    with pytest.raises(ModelUnusable, match="features"):
        unpacked(blob, row)
