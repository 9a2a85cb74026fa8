"""Condition alerts on PostgreSQL: the store, the worker with restarts, chats, ends and orders."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.platforms.telegram.chats import ChatLifecycle
from core.database import Database
from core.outbox import Chat
from jobs.alerts.alert_expiry import AlertExpiry
from people.notifications.notices import decode
from pipeline.bus import InProcessBus
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, Symbol, Tick
from tests.fakes.range_alerts import MemoryRangeAlerts
from tests.integration.trading.alerts.alert_worker import Market as Clock
from tests.support.condition_wishes import RSI, condition_wish
from tests.support.push_house import (
    BTC,
    CALM,
    MARKET,
    FakeCourier,
    dispatcher,
    outbox_of,
    running,
    settled,
    somebody,
    until,
    wish,
)
from trading.alerts.condition_alerts import ConditionAlert, NewCondition
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.errors import SameAlert, TooManyConditionAlerts, UnknownAlert
from trading.alerts.notices import AlertFired, ConditionFired
from trading.alerts.ports import AlertState
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.triggers.conditions import Condition, ConditionFiring, Measure
from trading.triggers.price_levels import Direction, Firing
from trading.workers.trigger_worker import TriggerWorker

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

START = 1_617_235_200_000
D = Decimal


def store_of(pool: "Pool", most: int = 10) -> PostgresConditionAlerts:
    return PostgresConditionAlerts(pool, jitter=CALM, max_alerts=most)


def firing(alert: ConditionAlert, time: int = START) -> ConditionFiring:
    return ConditionFiring(alert.trigger, 25.0, 0.0, 100.0, time)


def other(level: int) -> Condition:
    return replace(RSI, level=D(level))


class Market(Clock):
    """A clock, and the 1-minute candles that the archive has."""

    def __init__(self) -> None:
        super().__init__()
        self.time = START
        self.past: list[Candle] = []
        self.asked = 0

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        self.asked += 1
        assert interval is Interval.M1
        return self.past[-count:]


class Desk:
    """A bus and a market whose worker can be started again."""

    def __init__(self, pool: "Pool") -> None:
        self.store = store_of(pool)
        self.alerts = TickAlerts(PostgresAlerts(pool, jitter=CALM), MemoryRangeAlerts(), self.store)
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

    async def knows(self, alert: ConditionAlert) -> None:
        await until(lambda: alert.alert_id in self.worker._triggers)

    async def filled(self) -> None:
        """Waits until the archive was read, after a price has shown that the symbol is here."""
        await self.price(100.0)
        before = self.market.asked
        await until(lambda: self.market.asked > before or not self.worker._triggers.conditions.unfilled())
        await until(lambda: not self.worker._triggers.conditions.unfilled())

    async def price(self, price: float) -> None:
        self.market.time += 1
        await self.bus.publish(Frame(self.market.time, (Tick(BTC, self.market.time, str(price)),)))

    async def closes(self, *prices: float, heard: bool = True) -> None:
        """A minute passes for each price; unheard candles are archived only."""
        for price in prices:
            start = self.market.time // MINUTE_MS * MINUTE_MS
            candle = Candle(BTC, start, price, price, price, price, 1.0)
            self.market.time = start + MINUTE_MS
            self.market.past.append(candle)
            if heard:
                await self.bus.publish(Frame(self.market.time, (), (candle,)))


async def told(pool: "Pool") -> list[ConditionFired]:
    rows = await pool.fetch("SELECT body FROM outbox ORDER BY id")
    return [notice for row in rows if isinstance(notice := decode(row["body"]), ConditionFired)]


# -- the store ---------------------------------------------------------------------------------


async def test_the_same_command_makes_one_alert_and_another_for_the_same_is_refused(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(condition_wish(person))
    assert await store.create(condition_wish(person)) == made
    with pytest.raises(SameAlert) as same:
        await store.create(condition_wish(person, 2))
    assert same.value.alert_id == made.alert_id
    assert await store.waiting(person, MARKET) == [made]
    assert (made.condition, made.rearm, made.note, made.state) == (RSI, D(32), "half of it", AlertState.ARMED)


async def test_commands_at_once_do_not_pass_the_limit(pool: "Pool") -> None:
    store, person = store_of(pool, 3), await somebody(pool)
    wishes = [condition_wish(person, number, other(number + 10)) for number in range(8)]
    done = await asyncio.gather(*(store.create(each) for each in wishes), return_exceptions=True)
    assert sum(isinstance(one, TooManyConditionAlerts) for one in done) == 5


async def test_a_firing_is_written_once_with_its_notice_and_note(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(condition_wish(person, repeat=True))
    assert await store.fire(MARKET, [firing(made)]) == {made.alert_id}
    assert await store.fire(MARKET, [firing(made)]) == frozenset()
    (notice,) = await told(pool)
    assert (notice.alert_id, notice.figure, notice.note, notice.repeat) == (made.alert_id, 25.0, "half of it", True)
    again = await store.find(person, made.alert_id)
    assert (again.state, again.ready, again.firings, again.market_time) == (AlertState.ARMED, False, 1, START + 1)
    await store.returned([replace(again.trigger, since=START + 5)])
    assert (await store.find(person, made.alert_id)).ready


async def test_a_condition_that_was_changed_meanwhile_is_not_met(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(condition_wish(person))
    changed = await store.edit(person, made.alert_id, NewCondition(other(20), D(22), ready=True, market_time=START))
    assert changed.condition == other(20)
    assert await store.fire(MARKET, [firing(made)]) == frozenset()
    assert await store.fire(MARKET, [firing(changed)]) == {made.alert_id}


async def test_a_muted_one_does_not_fire_until_it_is_resumed(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(condition_wish(person))
    assert (await store.mute(person, made.alert_id)).state is AlertState.MUTED
    assert await store.fire(MARKET, [firing(made)]) == frozenset()
    again = await store.repeat(person, made.alert_id, ready=False, market_time=START)
    assert (again.state, again.repeat, again.ready, again.market_time) == (AlertState.ARMED, True, False, START)
    await store.cancel(person, made.alert_id)
    with pytest.raises(UnknownAlert):
        await store.repeat(person, made.alert_id, ready=True, market_time=START)


async def test_nothing_fires_after_its_end_which_a_job_writes(pool: "Pool") -> None:
    store, prices, person = store_of(pool), PostgresAlerts(pool, jitter=CALM), await somebody(pool)
    market = Market()
    name = market.info().market
    made = await store.create(condition_wish(person, market=name, expires_at=START))
    price = await prices.create(replace(wish(person), market=name, note="sell", expires_at=START))
    late = Firing(price.trigger, price.level, START)
    assert await store.fire(name, [firing(made)]) == frozenset()
    assert await prices.fire(name, [late]) == frozenset()
    assert await prices.fire(name, [replace(late, time=START - 1)]) == {price.alert_id}
    (fired,) = [decode(row["body"]) for row in await pool.fetch("SELECT body FROM outbox")]
    assert isinstance(fired, AlertFired)
    assert fired.note == "sell"
    job = AlertExpiry(pool, market, jitter=CALM)  # type: ignore[arg-type]
    market.time = START - 1
    assert await job.run() == 0
    market.time = START
    assert [await job.run(), await job.run()] == [1, 0]
    assert (await store.find(person, made.alert_id)).state is AlertState.CANCELLED


# -- the worker --------------------------------------------------------------------------------


async def test_a_candle_that_closes_fires_it_and_the_message_arrives(pool: "Pool") -> None:
    desk, person, courier = Desk(pool), await somebody(pool), FakeCourier()
    await desk.closes(100, 110, 120, heard=False)
    made = await desk.store.create(condition_wish(person, since=desk.market.time))
    async with running(desk.worker.run()), running(dispatcher(pool, courier).run()):
        await desk.knows(made)
        await desk.filled()
        await desk.closes(110, 60)
        await until(lambda: desk.fired)
        assert await settled(pool) == {"sent": 1}
    (notice,) = await told(pool)
    assert (notice.time, notice.price) == (START + 5 * MINUTE_MS, 60.0)
    assert "BTC/USDC: RSI(2) ≤ 30 (1m)" in str(courier.replies)
    assert "half of it" in str(courier.replies)


async def test_a_candle_that_closed_while_the_worker_was_dead_fires_it_once(pool: "Pool") -> None:
    desk, person = Desk(pool), await somebody(pool)
    await desk.closes(100, 110, 120, heard=False)
    made = await desk.store.create(condition_wish(person, since=desk.market.time))
    async with running(desk.worker.run()):
        await desk.knows(made)
        await desk.filled()
    await desk.closes(60, 100, 120, heard=False)
    for _ in range(2):
        async with running(desk.again().run()):
            await desk.price(120.0)
            await until(lambda: desk.fired)
            await desk.filled()
    (notice,) = await told(pool)
    assert (notice.time, notice.price) == (START + 4 * MINUTE_MS, 60.0)


async def test_a_repeat_fires_again_only_after_the_figure_returned(pool: "Pool") -> None:
    desk, person = Desk(pool), await somebody(pool)
    await desk.closes(100, 110, 120, heard=False)
    made = await desk.store.create(condition_wish(person, since=desk.market.time, repeat=True))
    async with running(desk.worker.run()):
        await desk.knows(made)
        await desk.filled()
        await desk.closes(60, 50)
        await until(lambda: desk.fired)
        await desk.knows(made)
        await desk.filled()
        await desk.closes(120, 30)
        await until(lambda: desk.fired > 1)
    assert [notice.price for notice in await told(pool)] == [60.0, 30.0]


# -- chats -------------------------------------------------------------------------------------


async def test_lost_chats_move_it(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    await store.create(condition_wish(person, chat=Chat("telegram", "-5/7", public=True)))
    seen = "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'discord', 'd7', false)"
    await pool.execute(seen, person)
    chats = ChatLifecycle(Database(pool, jitter=CALM))
    await chats.migrated(-5, -6)
    assert await pool.fetchval("SELECT chat_id FROM condition_alert") == "-6/7"
    await chats.lost(-6, 1, "blocked")
    assert await pool.fetchval("SELECT platform || chat_id FROM condition_alert") == "discordd7"
    assert await pool.fetchval("SELECT array_agg(kind) FROM outbox") == ["chat-gone"]


async def test_a_retired_chat_moves_it_and_unlinking_ends_it(pool: "Pool", dsn: str) -> None:
    store, person = store_of(pool), await somebody(pool, "1")
    first = await store.create(condition_wish(person, 1, chat=Chat("fake", "gone")))
    await store.create(condition_wish(person, 2, other(20), chat=Chat("fake", "1")))
    await store.fire(MARKET, [firing(first)])
    outbox = outbox_of(pool)
    (parcel,) = await outbox.claim("fake", 5)
    await outbox.retire(parcel, "gone")
    assert {row[0] for row in await pool.fetch("SELECT chat_id FROM condition_alert")} == {"1"}
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("INSERT INTO identity (platform, external_id, person_id) VALUES ('else', '9', $1)", person)
    finally:
        await owner.close()
    row = await pool.fetchrow("SELECT * FROM unlink_identity($1, 'fake', '1')", person)
    assert (row["outcome"], row["ended"]) == ("done", 1)


async def test_ended_ones_are_forgotten_after_ninety_days(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    gone = await store.create(condition_wish(person, 1))
    kept = await store.create(condition_wish(person, 2, other(20)))
    await store.cancel(person, gone.alert_id)
    await pool.execute("UPDATE condition_alert SET ended_at = now() - interval '91 days' WHERE state = 'cancelled'")
    await outbox_of(pool).tidy()
    assert [row[0] for row in await pool.fetch("SELECT id FROM condition_alert")] == [kept.alert_id]


def near(order_id: int, price: int) -> Condition:
    return Condition(Measure.ORDER, Direction.BELOW, D("0.01"), order_id=order_id, reference=D(price))
