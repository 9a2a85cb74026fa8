"""What is learnt from: the choice of market and symbols, and history that is fetched where the archive lacks it."""

from typing import Any

import msgspec
import pytest

from app.settings import Settings
from app.startup import Addresses
from app.training.launcher import run_training
from jobs.candles.backfill_history import backfill
from ml.data.training_universe import TrainingScope, choose
from ml.errors import NoArchivedCandles
from ml.settings import MlSettings
from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.scripted_market import BTC, COIN, ETH, START, ScriptedMarket, info_at, minute, rules_of, tick

MARKET = "replay"


def at(minutes: float) -> int:
    return START + int(minutes * MINUTE_MS)


def history(symbol: Symbol, start: int, stop: int) -> list[Candle]:
    return [minute(symbol, at(n)) for n in range(start, stop)]


@pytest.fixture
def archive(pool: Any) -> CandleArchive:
    return CandleArchive(pool)


@pytest.fixture
def market() -> ScriptedMarket:
    scripted = ScriptedMarket(at(5000))
    scripted.history[BTC, Interval.M1] = history(BTC, 0, 5000)
    scripted.history[ETH, Interval.M1] = history(ETH, 3400, 5000)
    return scripted


# -- fetching ----------------------------------------------------------------------------------


async def test_what_is_missing_is_fetched_the_newest_first(
    archive: CandleArchive, market: ScriptedMarket, pool: Any
) -> None:
    await archive.insert(MARKET, history(BTC, 2500, 3000))
    told: list[tuple[int, int]] = []
    span = at(1000), at(5000)
    written = await backfill(archive, market, MARKET, [BTC], span, progress=lambda *done: told.append(done))
    assert written == 3500
    assert await archive.minutes(MARKET, BTC, 0, at(9999)) == [at(n) for n in range(1000, 5000)]
    assert [(start, end) for *_, start, end in market.asked] == [
        (at(4000), at(5000)),
        (at(3000), at(4000)),
        (at(2000), at(2500)),
        (at(1000), at(2000)),
    ]
    assert told == [(1, 1)]
    market.asked.clear()
    assert await backfill(archive, market, MARKET, [BTC], span) == 0
    assert market.asked == [], "nothing is missing any more"


async def test_nothing_is_asked_from_before_a_symbol_was_listed(archive: CandleArchive, market: ScriptedMarket) -> None:
    assert await backfill(archive, market, MARKET, [ETH], (at(0), at(5000))) == 1600
    assert len(market.asked) == 3, "two with candles, one without, and no more"


async def test_it_stops_where_somebody_does_not_answer(
    archive: CandleArchive, market: ScriptedMarket, caplog: pytest.LogCaptureFixture
) -> None:
    market.down = True
    assert await backfill(archive, market, MARKET, [BTC, ETH], (at(0), at(5000))) == 0
    assert "0 of 2 symbols" in caplog.text


async def test_requests_are_bounded(archive: CandleArchive, market: ScriptedMarket) -> None:
    assert await backfill(archive, market, MARKET, [BTC], (at(0), at(5000)), max_requests=2) == 2000
    assert len(market.asked) == 2


async def test_a_fresh_desk_fetches_before_it_learns(
    archive: CandleArchive, market: ScriptedMarket, dsn: str, redis_url: str, tmp_path: Any
) -> None:
    async with open_redis(redis_url) as client:
        store = RedisStore(client, 1000)
        await store.start(msgspec.structs.replace(info_at(at(5000)), speed=0.0))
        await store.publish_rules(*codec.encode_rules(rules_of("BTC", "ETH")))
    settings = Settings(data_dir=tmp_path, ml=MlSettings(threads=1, memory_mib=1024, days=2, horizons="1440"))
    learnt = await run_training(settings, Addresses(dsn, redis_url), source=market)
    assert len(await archive.minutes(MARKET, BTC, 0, at(9999))) == 2 * 1440
    assert [each.horizon for each in learnt.skipped] == [1440], "two days are too few, and all that is allowed"
    assert learnt.skipped[0].details["found"] == 2 * 1440


# -- choosing ----------------------------------------------------------------------------------


async def chosen(pool: Any, redis_url: str, market: str = "", count: int = 9) -> TrainingScope:
    async with open_redis(redis_url) as client:
        return await choose(pool, RedisStore(client, 1000), lambda: 0, market=market, count=count)


async def test_of_the_running_market_what_trades_most_is_chosen(pool: Any, redis_url: str) -> None:
    halted, other = rules_of("OLD", status="BREAK"), rules_of("BTC", quote="USDT")
    turnovers = {BTC: "50", ETH: "900", COIN: "", "OLDUSDC": "9999", "BTCUSDT": "9999"}
    async with open_redis(redis_url) as client:
        store = RedisStore(client, 1000)
        await store.start(msgspec.structs.replace(info_at(at(7)), speed=0.0))
        await store.publish_rules(*codec.encode_rules([*rules_of("BTC", "ETH", "币安人生", "NEW"), *halted, *other]))
        said = [tick(Symbol(name), at(7)) for name in turnovers]
        await store.write([msgspec.structs.replace(t, volume_24h=turnovers[t.symbol]) for t in said])
    assert await chosen(pool, redis_url) == TrainingScope(MARKET, at(7), (ETH, BTC, Symbol("NEWUSDC"), COIN))
    assert (await chosen(pool, redis_url, MARKET, 2)).symbols == (ETH, BTC)
    with pytest.raises(NoArchivedCandles):
        await chosen(pool, redis_url, "binance")


async def test_without_a_running_market_the_archive_tells(pool: Any, redis_url: str, archive: CandleArchive) -> None:
    def one(symbol: Symbol, time: int, turnover: float) -> Candle:
        return Candle(symbol, time, 1.0, 1.0, 1.0, 1.0, 1.0, turnover)

    await archive.insert("binance", [one(BTC, at(0), 5.0), one(ETH, at(2), 3.0), one(BTC, at(2) - DAY_MS, 99.0)])
    await archive.insert("binance", [one(COIN, at(3), 4.0), one(ETH, at(4), 3.0)])
    await archive.insert("simulator:a", [one(BTC, at(3), 1.0)])
    assert await chosen(pool, redis_url) == TrainingScope("binance", at(5), (ETH, BTC, COIN))
    assert await chosen(pool, redis_url, "simulator:a") == TrainingScope("simulator:a", at(4), (BTC,))
    assert (await chosen(pool, redis_url, count=1)).symbols == (ETH,)


async def test_an_empty_archive_is_said_so(pool: Any, redis_url: str) -> None:
    with pytest.raises(NoArchivedCandles):
        await chosen(pool, redis_url)
