"""Reports on a market on real PostgreSQL: made once, kept for every process, and told once a morning."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import asyncpg
import msgspec
import numpy as np
import pytest

from core.outbox import Chat
from jobs.market.mood import MoodUpdate
from jobs.market.scan import MarketScan
from jobs.market.scan_digests import ScanDigests
from people.notifications.notices import decode
from people.notifications.preferences_postgres import PostgresPreferences
from people.notifications.quiet_hours import DeliveryMode
from pipeline.errors import MarketUnavailable, NoCandles
from pipeline.market import DAY_MS, Candle, Interval, SourceKind, Symbol
from pipeline.news.store import PostgresNews
from tests.fakes.priced_market import BTC, ETH, PricedMarket
from tests.support.push_house import CALM, HOME, somebody
from trading.market_reports.history import ReportCandles
from trading.market_reports.store import MarketReportStore
from trading.mood.components import Component
from trading.scan.notices import ScanTold
from trading.scan.outcomes import HORIZONS
from trading.scan.record import SignalEdge
from trading.scan.report import ScanReport

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

COINS = (BTC, ETH, *(Symbol(f"C{number}USDC") for number in range(5)))
MIDNIGHT = 1_617_624_000_000 // DAY_MS * DAY_MS
HOUR = Interval.H1.ms


class Recorded:
    """Candles of seeded walks, from which any interval is read; the last candle of the first coin jumps."""

    def __init__(self, market: PricedMarket) -> None:
        self.market = market
        self.reads: list[tuple[Symbol, Interval, int]] = []
        self.down = False

    async def read(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        if self.down:
            raise MarketUnavailable
        self.reads.append((symbol, interval, count))
        if symbol not in COINS:
            raise NoCandles(symbol)
        end = self.market.now() // interval.ms
        random = np.random.default_rng([COINS.index(symbol), interval.ms])
        prices = 100 * np.exp(np.cumsum(0.02 * random.standard_normal(5_000)))[-count:]
        if symbol == BTC:
            prices[-2], prices[-1] = prices[-22:].min(), prices.max() * 2
        volumes = random.lognormal(0.0, 1.0, count).tolist()
        opened = [float(prices[0]), *map(float, prices[:-1])]
        return [
            Candle(symbol, (end - count + at) * interval.ms, begin, max(begin, close), min(begin, close), close, volume)
            for at, (begin, close, volume) in enumerate(zip(opened, map(float, prices), volumes, strict=True))
        ]


class House:
    """A market of seven coins half an hour after midnight, and the jobs that report on it."""

    def __init__(self, pool: "Pool") -> None:
        self.pool = pool
        self.market = PricedMarket()
        self.market.time = MIDNIGHT + HOUR // 2
        for symbol in COINS:
            self.market.say(symbol, "99", "101")
        self.candles = Recorded(self.market)
        self.store = MarketReportStore(pool, lambda: self.market.time, jitter=CALM)
        self.notices = PostgresPreferences(pool, lambda: self.market.time, jitter=CALM)
        self.woken = 0
        reader = cast("ReportCandles", self.candles)
        self.moods = MoodUpdate(self.store, reader, self.market)
        self.scans = MarketScan(self.store, reader, self.market)

    @property
    def where(self) -> tuple[str, str]:
        info = self.market.info()
        return info.market, info.quote_asset

    def _wake(self) -> None:
        self.woken += 1

    async def digests(self, wall: datetime) -> int:
        clock = int(wall.timestamp() * 1000)
        job = ScanDigests(self.pool, self.store, self.market, lambda: clock, jitter=CALM, on_told=self._wake)
        return await job.run()

    async def told(self) -> Mapping[str, ScanTold]:
        rows = await self.pool.fetch("SELECT key, body, bulk FROM outbox WHERE kind = 'scan'")
        assert all(row["bulk"] for row in rows), "it waits behind what concerns one user"
        return {row["key"]: cast("ScanTold", decode(row["body"])) for row in rows}

    async def subscriber(self, name: str, zone: str, mode: DeliveryMode = DeliveryMode.ON, chat: Chat = HOME) -> int:
        person = await somebody(self.pool, name)
        await self.pool.execute("UPDATE person SET timezone = $2 WHERE id = $1", person, zone)
        await self.notices.reach(person, chat)
        await self.notices.set_mode(person, "scan", mode)
        return person


async def test_headlines_seen_on_a_day_count_in_the_mood_of_the_live_market(
    pool: "Pool", monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(pool)
    tones = PostgresNews(pool, jitter=CALM).daily_tones
    for number, (hours, tone) in enumerate(((-25, -1.0), (-20, 0.4), (-1, 0.8), (1, -1.0))):
        seen = datetime.fromtimestamp(MIDNIGHT / 1000, UTC) + timedelta(hours=hours)
        await pool.execute(
            "INSERT INTO news_story (link_key, title, link, source, published_at, seen_at, tone)"
            " VALUES ($1, $1, 'https://news.example/', 'news.example', $2, $2, $3)",
            f"story{number}",
            seen,
            tone,
        )
    reader = cast("ReportCandles", house.candles)
    for source, expected in ((SourceKind.SIMULATOR, None), (SourceKind.BINANCE, 0.6)):
        info = msgspec.structs.replace(house.market.info(), source=source)
        monkeypatch.setattr(house.market, "info", lambda info=info: info)
        await MoodUpdate(house.store, reader, house.market, tones).run()
        report = await house.store.mood(*house.where)
        assert report is not None
        (told,) = [each.figure for each in report.components if each.component is Component.NEWS] or [None]
        assert told == (None if expected is None else pytest.approx(expected))


async def test_the_mood_is_made_once_a_day_and_comes_back_as_it_was(pool: "Pool") -> None:
    house = House(pool)
    assert await house.store.mood(*house.where) is None
    said = await house.moods.run()
    report = await house.store.mood(*house.where)
    assert report is not None
    assert report.end == MIDNIGHT
    assert report.index is not None
    assert said == f"{report.days} days until 2021-04-05: {report.index:.0f}"
    assert report.correlation is not None
    assert len(report.correlation.symbols) == 7
    reads = len(house.candles.reads)
    assert await house.moods.run() is None
    assert len(house.candles.reads) == reads, "a report of today is not made again"
    house.market.pass_time(DAY_MS - HOUR // 2 + 60_000)
    assert await house.moods.run() is None, "the candles of the day may still be on their way"
    house.market.pass_time(180_000)
    assert await house.moods.run() is not None
    later = await house.store.mood(*house.where)
    assert later is not None
    assert later.end == MIDNIGHT + DAY_MS
    assert await house.store.mood("another", "USDC") is None


async def test_a_market_that_does_not_answer_leaves_the_last_report(pool: "Pool") -> None:
    house = House(pool)
    await house.moods.run()
    before = await house.store.mood(*house.where)
    house.market.pass_time(DAY_MS)
    house.candles.down = True
    with pytest.raises(MarketUnavailable):
        await house.moods.run()
    assert await house.store.mood(*house.where) == before


async def test_a_report_of_another_version_counts_as_none(pool: "Pool") -> None:
    house = House(pool)
    await house.moods.run()
    await pool.execute('UPDATE market_report SET body = \'{"end": "soon"}\'')
    assert await house.store.mood(*house.where) is None
    assert await house.moods.run() is not None


async def test_a_scan_finds_what_stands_out_and_measures_once_a_day(pool: "Pool") -> None:
    house = House(pool)
    assert "signals measured on 8 coins" in (await house.scans.run() or "")
    report, record = await house.store.scan(*house.where), await house.store.scan_record(*house.where)
    assert report is not None
    assert record is not None
    assert (report.hour, report.day, report.coins) == (MIDNIGHT, MIDNIGHT, 8)
    assert {each.interval for each in report.findings if each.symbol == BTC} == {Interval.H1, Interval.D1}
    assert len(record.signals) == 10
    assert {each.horizon for each in record.signals} == set(HORIZONS.values())
    assert sum(each.count > 0 for each in record.signals) >= 7
    assert any(each.edge is not SignalEdge.FEW for each in record.signals)
    assert await house.scans.run() is None
    house.candles.reads.clear()
    house.market.pass_time(HOUR)
    assert "measured" not in (await house.scans.run() or "measured")
    assert {interval for _, interval, _ in house.candles.reads} == {Interval.H1}, "the day has not ended"
    house.market.pass_time(DAY_MS)
    assert "measured" in (await house.scans.run() or "")


async def test_the_digest_is_told_once_a_morning_to_those_who_asked(pool: "Pool") -> None:
    house = House(pool)
    await house.scans.run()
    await house.subscriber("seoul", "Asia/Seoul")
    await house.subscriber("berlin", "Europe/Berlin", DeliveryMode.SILENT)
    await house.subscriber("off", "Asia/Seoul", DeliveryMode.OFF)
    await house.notices.reach(await somebody(pool, "nobody"), HOME)
    night = datetime(2021, 4, 5, 0, 30, tzinfo=UTC)
    assert await house.digests(night - timedelta(hours=1)) == 0, "08:30 in Seoul"
    assert await house.digests(night) == 1
    assert await house.digests(night + timedelta(hours=1)) == 0
    assert await house.digests(night + timedelta(hours=7)) == 1, "09:30 in Berlin, 16:30 in Seoul"
    assert house.woken == 2
    told = await house.told()
    assert {key.rpartition(":")[2] for key in told} == {"2021-04-05"}
    assert any(each.symbol == BTC for notice in told.values() for each in notice.signals)
    assert all(each.rate is not None for notice in told.values() for each in notice.signals)


async def test_an_old_scan_is_not_told(pool: "Pool") -> None:
    house = House(pool)
    morning = datetime(2021, 4, 5, 10, tzinfo=UTC)
    await house.subscriber("me", "UTC")
    assert await house.digests(morning) == 0, "nothing was scanned yet"
    await house.store.save(*house.where, ScanReport(MIDNIGHT - 3 * HOUR, MIDNIGHT, 7, ()))
    assert await house.digests(morning) == 0
    await house.store.save(*house.where, ScanReport(MIDNIGHT, MIDNIGHT, 7, ()))
    assert await house.digests(morning) == 1
    (notice,) = (await house.told()).values()
    assert (notice.total, notice.coins) == (0, 7)
