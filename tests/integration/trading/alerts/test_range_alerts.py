"""Range alerts in PostgreSQL, and the worker that fires them: also after a restart, a gap and a delisting."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.platforms.telegram.chats import ChatLifecycle
from core.database import Database
from core.outbox import Chat
from people.notifications.notices import decode
from pipeline.bus import InProcessBus
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, MarketInfo, SourceKind, Symbol, Tick
from tests.fakes.condition_alerts import MemoryConditionAlerts
from tests.support.push_house import (
    BTC,
    CALM,
    HOME,
    MARKET,
    FakeCourier,
    dispatcher,
    outbox_of,
    running,
    settled,
    somebody,
    until,
)
from tests.support.push_house import wish as price_wish
from trading.alerts.errors import TooManyRangeAlerts, UnknownAlert
from trading.alerts.notices import RangeFired
from trading.alerts.ports import AlertState
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_alerts import NewRangeAlert, RangeAlert
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.triggers.price_ranges import PriceRange, RangeFiring
from trading.workers.trigger_worker import TriggerWorker

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

START = 100 * 60 * MINUTE_MS
ELSEWHERE = Chat("fake", "elsewhere")


def wish(
    person_id: int, number: int = 1, *, chat: Chat = HOME, repeat: bool = False, ready: bool = True
) -> NewRangeAlert:
    command = f"range-{person_id}-{number}"
    return NewRangeAlert(command, person_id, chat, MARKET, BTC, Decimal("0.03"), 60, repeat, ready, market_time=0)


def store_of(pool: "Pool", most: int = 10) -> PostgresRangeAlerts:
    return PostgresRangeAlerts(pool, jitter=CALM, max_alerts=most)


def firing(alert: RangeAlert) -> RangeFiring:
    return RangeFiring(alert.trigger, PriceRange(Decimal(100), Decimal(103)), Decimal(103), START)


class Market:
    """A clock, and the candles of the time before."""

    def __init__(self) -> None:
        self.time = START
        self.past: list[Candle] = []
        self.asked = 0
        self.failure: Exception | None = None

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, self.time, 0)

    def now(self) -> int:
        return self.time

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        assert (symbol, interval) == (BTC, Interval.M1)
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return self.past[-count:]

    def passed(self, *prices: float) -> None:
        """One closed candle for each minute up to now, the last of them with the last price."""
        start = self.time // MINUTE_MS * MINUTE_MS - len(prices) * MINUTE_MS
        self.past = [Candle(BTC, start + n * MINUTE_MS, p, p, p, p, 1.0) for n, p in enumerate(prices)]


class Desk:
    """A bus and a market whose worker can be started again."""

    def __init__(self, pool: "Pool") -> None:
        self.store = store_of(pool)
        self.alerts = TickAlerts(PostgresAlerts(pool, jitter=CALM), self.store, MemoryConditionAlerts())
        self.bus = InProcessBus()
        self.market = Market()
        self.fired = 0
        self.worker = self.again()

    def again(self) -> TriggerWorker:
        self.worker = TriggerWorker(
            self.bus,
            self.alerts,
            self.market,  # type: ignore[arg-type]
            on_fired=self._ring,
            poll_seconds=0.02,
        )
        return self.worker

    def _ring(self) -> None:
        self.fired += 1

    async def knows(self, alert: RangeAlert) -> None:
        await until(lambda: alert.alert_id in self.worker._triggers)

    async def price(self, price: str, *, after: int = 1000) -> None:
        self.market.time += after
        await self.bus.publish(Frame(self.market.time, (Tick(BTC, self.market.time, price),)))


async def told(pool: "Pool") -> list[RangeFired]:
    rows = await pool.fetch("SELECT body FROM outbox ORDER BY id")
    return [notice for row in rows if isinstance(notice := decode(row["body"]), RangeFired)]


async def test_the_same_command_makes_one_alert(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(wish(person))
    assert await store.create(wish(person)) == made
    assert await store.waiting(person, MARKET) == [made]
    assert await store.waiting(person, "binance") == []
    assert (made.rearm, made.state) == (Decimal("0.024"), AlertState.ARMED)
    assert await pool.fetchval("SELECT count(*) FROM notification_chat WHERE person_id = $1", person) == 1


async def test_a_number_names_an_alert_of_one_kind(pool: "Pool") -> None:
    prices, ranges, person = PostgresAlerts(pool, jitter=CALM), store_of(pool), await somebody(pool)
    numbers = []
    for number in range(3):
        numbers.append((await prices.create(price_wish(person, number))).alert_id)
        numbers.append((await ranges.create(wish(person, number))).alert_id)
    assert len(set(numbers)) == 6
    assert numbers == sorted(numbers)


async def test_there_is_room_for_so_many_at_once(pool: "Pool") -> None:
    store, person = store_of(pool, most=3), await somebody(pool)
    done = await asyncio.gather(*(store.create(wish(person, n)) for n in range(8)), return_exceptions=True)
    assert sum(isinstance(one, TooManyRangeAlerts) for one in done) == 5
    first = (await store.waiting(person, MARKET))[-1]
    await store.cancel(person, first.alert_id)
    with pytest.raises(UnknownAlert):
        await store.repeat(person, first.alert_id, market_time=START)
    await store.create(wish(person, 9))


async def test_several_workers_fire_it_once(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(wish(person))
    fired = await asyncio.gather(*(store.fire(MARKET, [firing(made)]) for _ in range(6)))
    assert sorted(map(len, fired)) == [0, 0, 0, 0, 0, 1]
    (row,) = await pool.fetch("SELECT key, kind, person_id, chat_id FROM outbox")
    assert tuple(row) == (f"range:{made.alert_id}:1", "range", person, "home")
    with pytest.raises(UnknownAlert):
        await store.cancel(person, made.alert_id)
    again = await store.repeat(person, made.alert_id, market_time=START + 5)
    assert (again.state, again.ready, again.repeat, again.market_time) == (AlertState.ARMED, False, True, START + 5)


async def test_changes_tell_of_every_write(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    seen = await store.changes(MARKET, "")
    assert seen.alerts == ()
    made = await store.create(wish(person, repeat=True))
    for change in (
        lambda: store.fire(MARKET, [firing(made)]),
        lambda: store.returned([firing(made).rearmed().returned(START + 2)]),
        lambda: store.cancel(person, made.alert_id),
    ):
        seen = await store.changes(MARKET, seen.cursor)
        assert [one.alert_id for one in seen.alerts] == [made.alert_id]
        await change()
    (last,) = (await store.changes(MARKET, seen.cursor)).alerts
    assert (last.state, last.ready, last.firings) == (AlertState.CANCELLED, True, 1)


async def test_a_join_hands_over_no_range_alert_that_ended_long_ago(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    old, armed = await store.create(wish(person, 1)), await store.create(wish(person, 2))
    await store.cancel(person, old.alert_id)
    await pool.execute("UPDATE range_alert SET ended_at = now() - interval '2 hours' WHERE id = $1", old.alert_id)
    mark = (await store.changes(MARKET, "")).cursor
    await pool.execute("UPDATE range_alert SET changed = pg_current_xact_id()")
    assert [alert.alert_id for alert in (await store.changes(MARKET, mark)).alerts] == [armed.alert_id]


async def test_ticks_fire_it_and_the_message_arrives(pool: "Pool") -> None:
    desk, person, courier = Desk(pool), await somebody(pool), FakeCourier()
    made = await desk.store.create(wish(person))
    async with running(desk.worker.run(), dispatcher(pool, courier).run()):
        await desk.knows(made)
        for price in ("100", "102", "103"):
            await desk.price(price)
        await until(lambda: desk.fired)
        assert await settled(pool) == {"sent": 1}
    (notice,) = await told(pool)
    assert (notice.alert_id, notice.low, notice.high, notice.price) == (made.alert_id, 100, 103, 103)
    assert "BTC/USDC moved across 3% within 1 hour" in str(courier.replies)


async def test_a_restart_keeps_the_window(pool: "Pool") -> None:
    desk, person = Desk(pool), await somebody(pool)
    made = await desk.store.create(wish(person))
    async with running(desk.worker.run()):
        await desk.knows(made)
        await desk.price("100")
        await until(lambda: desk.market.asked)
    before, desk.market.time = desk.market.asked, desk.market.time + 10 * MINUTE_MS
    desk.market.passed(*[100.0] * 50, *[101.0] * 10)
    async with running(desk.again().run()):
        await desk.knows(made)
        await desk.price("102.9")
        await until(lambda: desk.market.asked > before)
        await desk.price("102.9")
        assert not await told(pool)
        await desk.price("103")
        await until(lambda: desk.fired)
    (notice,) = await told(pool)
    assert (notice.low, notice.high) == (100, 103)


async def test_a_repeat_is_not_armed_by_a_restart(pool: "Pool") -> None:
    desk, person = Desk(pool), await somebody(pool)
    made = await desk.store.create(wish(person, repeat=True))
    await desk.store.fire(MARKET, [firing(made)])
    desk.market.failure = MarketUnavailable()
    async with running(desk.worker.run()):
        await desk.knows(made)
        for _ in range(3):
            await desk.price("103")
        await until(lambda: desk.market.asked)
        (waiting,) = await desk.store.waiting(person, MARKET)
        assert not waiting.ready, "a window without its past looks calm"
        desk.market.failure = None
        desk.market.time += MINUTE_MS
        desk.market.passed(*[103.0] * 61)
        await desk.price("103")
        await until(lambda: not desk.worker._triggers.ranges.unfilled())
        await desk.price("103")
        await until(lambda: (known := desk.worker._triggers.ranges.get(made.alert_id)) is not None and known.ready)
    assert len(await told(pool)) == 1


async def test_a_market_without_candles_fills_by_ticks(pool: "Pool") -> None:
    desk, person = Desk(pool), await somebody(pool)
    made = await desk.store.create(wish(person))
    desk.market.failure = MarketUnavailable()
    async with running(desk.worker.run()):
        await desk.knows(made)
        await desk.price("100")
        await until(lambda: desk.market.asked)
        await desk.price("97")
        await until(lambda: desk.fired)
    assert len(await told(pool)) == 1


async def test_a_retired_chat_moves_it(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    await store.create(wish(person, 1))
    await store.create(wish(person, 2, chat=ELSEWHERE))
    await store.fire(MARKET, [firing((await store.waiting(person, MARKET))[1])])
    outbox = outbox_of(pool)
    (parcel,) = await outbox.claim("fake", 5)
    await outbox.retire(parcel, "gone")
    chats = await pool.fetch("SELECT DISTINCT chat_id FROM range_alert")
    assert [row["chat_id"] for row in chats] == ["elsewhere"]


async def test_a_lost_telegram_chat_moves_it_and_tells(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    await store.create(wish(person, 1, chat=Chat("telegram", "-5/7", public=True)))
    seen = "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'discord', 'd7', false)"
    await pool.execute(seen, person)
    chats = ChatLifecycle(Database(pool, jitter=CALM))
    await chats.migrated(-5, -6)
    assert await pool.fetchval("SELECT chat_id FROM range_alert") == "-6/7"
    await chats.lost(-6, 1, "blocked")
    assert await pool.fetchval("SELECT platform || chat_id FROM range_alert") == "discordd7"
    assert await pool.fetchval("SELECT array_agg(kind) FROM outbox") == ["chat-gone"]


@pytest.mark.parametrize("other", [True, False], ids=["another chat", "no other chat"])
async def test_unlinking_moves_or_ends_it(pool: "Pool", dsn: str, *, other: bool) -> None:
    store, person = store_of(pool), await somebody(pool, "1")
    await store.create(wish(person, chat=Chat("fake", "1")))
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("INSERT INTO identity (platform, external_id, person_id) VALUES ('else', '9', $1)", person)
        if other:
            await owner.execute(
                "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'else', '9', false)",
                person,
            )
    finally:
        await owner.close()
    row = await pool.fetchrow("SELECT * FROM unlink_identity($1, 'fake', '1')", person)
    assert (row["outcome"], row["ended"]) == ("done", 0 if other else 1)
    kept = await pool.fetchrow("SELECT platform, chat_id, state FROM range_alert")
    assert tuple(kept) == (("else", "9", "armed") if other else ("fake", "1", "cancelled"))


async def test_ended_ones_are_forgotten_after_ninety_days(pool: "Pool", dsn: str) -> None:
    store, person = store_of(pool), await somebody(pool)
    gone = await store.create(wish(person, 1))
    await store.create(wish(person, 2))
    await store.cancel(person, gone.alert_id)
    await pool.execute("UPDATE range_alert SET ended_at = now() - interval '91 days' WHERE state = 'cancelled'")
    await outbox_of(pool).tidy()
    assert await pool.fetchval("SELECT array_agg(state) FROM range_alert") == ["armed"]
