"""Panels of the archive on a real server: what was known at a time, and what may be believed."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from ml.data import archive_panel
from ml.data.archive_panel import panel_from
from ml.data.features import features_of
from ml.data.panel import Panel, panel_of
from ml.errors import NoTrainingData
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, Symbol
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.candles import START, frame_of, walk_closes
from tests.fakes.scripted_market import info_at
from tests.fakes.scripted_market import tick as tick_of

MARKET = "replay"
NAMES = ("BTCUSDC", "ETHUSDC", "XRPUSDC")


def candles_of(frame: Any) -> list[Candle]:
    return [
        Candle(Symbol(row.symbol), row.open_time, row.open, row.high, row.low, row.close, row.volume)
        for row in frame.itertuples()
    ]


def same(a: Panel, b: Panel) -> None:
    for field in fields(Panel):
        left, right = getattr(a, field.name), getattr(b, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right, err_msg=field.name)
        else:
            assert left == right, field.name


def at(minute: float) -> int:
    return START + int(minute * MINUTE_MS)


async def kept(pool: Any, closes: Any, names: tuple[str, ...] = NAMES, market: str = MARKET) -> Any:
    frame = frame_of(closes, names, wiggle=0.0005)
    await CandleArchive(pool).insert(market, candles_of(frame))
    return frame


@pytest.mark.parametrize("rows_a_copy", [50, 200_000])
async def test_the_panel_is_what_was_archived(pool: Any, rows_a_copy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_panel, "_ROWS_A_COPY", rows_a_copy)
    monkeypatch.setattr(archive_panel._Filler, "_PIECE", 700)
    closes = walk_closes(400, 3, seed=1)
    closes[100:130, 1] = np.nan
    closes[:40, 2] = np.nan
    frame = await kept(pool, closes)
    await kept(pool, 2 * closes, market="simulator")
    same(await panel_from(pool, MARKET, NAMES, at(0), at(400)), panel_of(frame))


async def test_a_candle_is_known_only_after_it_closed(pool: Any) -> None:
    await kept(pool, walk_closes(100, 3, seed=1))
    panel = await panel_from(pool, MARKET, NAMES, at(10.5), at(60.99))
    assert panel.times.tolist() == [at(minute) for minute in range(11, 60)]
    assert (await panel_from(pool, MARKET, NAMES, at(10), at(61))).times[-1] == at(60)


async def test_symbols_without_candles_are_empty_columns(pool: Any) -> None:
    await kept(pool, walk_closes(300, 3, seed=1))
    panel = await panel_from(pool, MARKET, ("XRPUSDC", "NEWUSDC", "BTCUSDC"), at(0), at(300))
    assert panel.symbols == ("BTCUSDC", "NEWUSDC", "XRPUSDC")
    assert np.isnan(panel.close[:, 1]).all()
    assert not panel.usable[:, 1].any()
    assert panel.usable[:, [0, 2]].all()


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 2), (400, 500), (0, 1)])
async def test_too_little_is_said_so(pool: Any, start: int, end: int) -> None:
    await kept(pool, walk_closes(100, 3, seed=1))
    with pytest.raises(NoTrainingData):
        await panel_from(pool, MARKET, NAMES, at(start), at(end))


async def test_a_close_that_the_next_candle_refuted_is_no_candle(pool: Any) -> None:
    closes = walk_closes(300, 3, seed=1)
    closes[150, 0] *= 3  # nobody dealt there
    closes[200:, 1] *= 3  # everybody did from there on
    await kept(pool, closes)
    panel = await panel_from(pool, MARKET, NAMES, at(0), at(300))
    assert np.flatnonzero(np.isnan(panel.close[:, 0])).tolist() == [150]
    assert np.isnan(panel.volume[150, 0])
    assert not np.isnan(panel.close[:, 1:]).any()
    early = await panel_from(pool, MARKET, NAMES, at(0), at(151))
    assert not np.isnan(early.close[150, 0]), "nothing refutes it yet"


async def test_listing_candles_and_frozen_markets_are_not_learnt_from(pool: Any) -> None:
    closes = walk_closes(400, 3, seed=1)
    closes[:50, 0] = np.nan
    closes[200:300, 1] = closes[200, 1]
    frame = frame_of(closes, NAMES, wiggle=0.0005)
    listed = (frame.symbol == NAMES[0]) & (frame.open_time == at(50))
    frame.loc[listed, "high"] = 50 * frame.loc[listed, "low"]
    still = (frame.symbol == NAMES[1]) & (frame.open_time > at(200)) & (frame.open_time < at(300))
    frame.loc[still, "volume"] = 0.0
    frame.loc[still, ["open", "high", "low"]] = closes[200, 1]
    await CandleArchive(pool).insert(MARKET, candles_of(frame))
    panel = await panel_from(pool, MARKET, NAMES, at(0), at(400))
    assert np.isnan(panel.close[50:55, 0]).all()
    assert panel.usable[55:, 0].all()
    assert np.flatnonzero(~panel.usable[:, 1]).tolist() == list(range(260, 300))


async def test_what_the_archive_lacks_is_built_from_points(pool: Any, redis_url: str) -> None:
    closes = walk_closes(300, 3, seed=1)
    await kept(pool, closes[:297])
    btc, eth, _ = NAMES
    async with open_redis(redis_url) as client:
        store = RedisStore(client, 1000)
        await store.start(info_at(at(300)))
        await tick(
            store,
            btc,
            (297.2, 100.0),
            (297.5, 103.0),
            (297.9, 99.0),
            (298, 101.0),
            (298.5, 7.0),
            (299, 102.0),
            (299.4, 55.0),
        )
        assert await store.prefill(Symbol(btc), [at(296), at(297)], [1.0, 2.0]) == 2
        await tick(store, eth, (297.9, 10.0), (299, 11.0), (300, 12.0), (300.5, 99.0))
        panel = await panel_from(pool, MARKET, NAMES, at(0), at(300.7), store=store)
    ohlc = np.stack([panel.open, panel.high, panel.low, panel.close])
    assert ohlc[:, 297, 0].tolist() == [100.0, 103.0, 99.0, 101.0]
    assert ohlc[:, 298, 0].tolist() == [7.0, 102.0, 7.0, 102.0]
    assert np.isnan(ohlc[:, 299, 0]).all(), "its last point is older than its minute"
    assert np.isnan(ohlc[:, 297, 1]).all(), "its points begin within it"
    assert ohlc[:, 298, 1].tolist() == [11.0] * 4
    assert ohlc[:, 299, 1].tolist() == [12.0] * 4
    assert np.isnan(ohlc[:, 297:, 2]).all()
    assert panel.close[296, 0] == closes[296, 0], "what is archived stays"
    assert np.isnan(panel.volume[297:]).all()
    assert features_of(panel).ready[299].tolist() == [False, True, False]


async def tick(store: RedisStore, name: str, *said: tuple[float, float]) -> None:
    """Ticks of minutes and prices."""
    for minute, price in said:
        await store.write([tick_of(Symbol(name), at(minute), str(price))])


async def test_points_of_another_market_are_not_joined(pool: Any, redis_url: str) -> None:
    await kept(pool, walk_closes(297, 3, seed=1), market="binance")
    async with open_redis(redis_url) as client:
        store = RedisStore(client, 1000)
        await store.start(info_at(at(300)))
        await tick(store, NAMES[0], (297, 1.0), (298, 100.0), (299, 101.0))
        panel = await panel_from(pool, "binance", NAMES, at(0), at(300), store=store)
    assert np.isnan(panel.close[297:]).all()
    assert panel.times[-1] == at(299)
