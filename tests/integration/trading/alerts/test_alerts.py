"""Alerts on PostgreSQL, and the worker that fires them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from core.errors import DatabaseUnavailable
from core.outbox import Chat
from people.notifications.notices import decode
from pipeline.bus import InProcessBus
from pipeline.market import Frame, MarketInfo, SourceKind, Symbol, Tick
from tests.fakes.bot import MemoryAlerts
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import (
    BTC,
    HOME,
    FakeCourier,
    dispatcher,
    firing,
    running,
    settled,
    somebody,
    until,
    wish,
)
from trading.alerts.errors import TooManyAlerts, UnknownAlert
from trading.alerts.notices import AlertFired
from trading.alerts.ports import Alert, AlertCounts, Alerts, AlertState, NewLevel
from trading.alerts.postgres import PostgresAlerts
from trading.triggers.price_levels import Direction, Firing
from trading.workers.trigger_worker import GROUP, TriggerWorker

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

MARKET = "simulator"
LOWER = NewLevel(Direction.BELOW, Decimal(50), ready=True, market_time=7)


class Market:
    """What the worker asks of a market: its name and its clock."""

    def __init__(self) -> None:
        self.time = 1_000

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, self.time, 0)

    def now(self) -> int:
        return self.time


class Desk:
    """A bus, a clock, and a worker that is running."""

    def __init__(self, alerts: PostgresAlerts) -> None:
        self.alerts = alerts
        self.bus = InProcessBus()
        self.market = Market()
        self.rung = 0
        self.worker = self.another(alerts)

    def another(self, alerts: PostgresAlerts) -> TriggerWorker:
        def ring() -> None:
            self.rung += 1

        return TriggerWorker(self.bus, alerts, self.market, on_fired=ring, poll_seconds=0.02)  # type: ignore[arg-type]

    async def price(self, *prices: str, symbol: Symbol = BTC, age: int = 0, step: int = 1_000) -> None:
        for price in prices:
            self.market.time += step
            await self.bus.publish(Frame(self.market.time, (Tick(symbol, self.market.time - age, price),)))

    async def knows(self, *ids: int) -> None:
        await until(lambda: all(number in self.worker._triggers for number in ids))

    async def caught_up(self) -> None:
        await until(
            lambda: self.bus._groups[GROUP].committed == [self.bus._logs[0].base + len(self.bus._logs[0].frames)]
        )


async def outbox(pool: "Pool") -> list[AlertFired]:
    found = [decode(row["body"]) for row in await pool.fetch("SELECT body FROM outbox ORDER BY id")]
    return [notice for notice in found if isinstance(notice, AlertFired)]


async def state_of(pool: "Pool", alert: Alert) -> str:
    state: str = await pool.fetchval("SELECT state FROM alert WHERE id = $1", alert.alert_id)
    return state


# -- the store ---------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "postgres"])
def alerts(request: pytest.FixtureRequest) -> Alerts:
    return MemoryAlerts() if request.param == "memory" else PostgresAlerts(request.getfixturevalue("pool"))


@pytest.fixture
async def person(request: pytest.FixtureRequest, alerts: Alerts) -> int:
    return 1 if isinstance(alerts, MemoryAlerts) else await somebody(request.getfixturevalue("pool"))


async def test_the_same_wish_delivered_twice_is_one_alert(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    assert await alerts.create(wish(person)) == made
    assert (await alerts.waiting(person, MARKET, 10)).alerts == (made,)
    assert (made.level, made.direction, made.state) == (Decimal(70_000), Direction.ABOVE, AlertState.ARMED)


async def test_alerts_are_bounded_and_cancelling_makes_room(alerts: Alerts, person: int) -> None:
    for number in range(50):
        await alerts.create(wish(person, number))
    with pytest.raises(TooManyAlerts):
        await alerts.create(wish(person, 50))
    newest, *_ = (await alerts.waiting(person, MARKET, 10)).alerts
    assert (await alerts.cancel(person, newest.alert_id)).state is AlertState.CANCELLED
    assert (await alerts.cancel(person, newest.alert_id)).state is AlertState.CANCELLED
    again = await alerts.create(wish(person, 51))
    muted = await alerts.mute(person, again.alert_id)
    assert muted.state is AlertState.MUTED
    await alerts.create(wish(person, 52))
    with pytest.raises(TooManyAlerts):
        await alerts.repeat(person, again.alert_id, ready=True, market_time=5)


async def test_pages_go_from_the_newest_to_the_oldest(alerts: Alerts, person: int) -> None:
    made = [await alerts.create(wish(person, number)) for number in range(7)]
    first = await alerts.waiting(person, MARKET, 4)
    second = await alerts.waiting(person, MARKET, 4, first.older)
    assert [*first.alerts, *second.alerts] == list(reversed(made))
    assert second.older is None
    assert (await alerts.waiting(person, "binance", 4)).alerts == ()


async def test_nobody_touches_another_persons_alert(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    for attempt in (
        alerts.find(person + 1, made.alert_id),
        alerts.cancel(person + 1, made.alert_id),
        alerts.mute(person + 1, made.alert_id),
        alerts.repeat(person + 1, made.alert_id, ready=True, market_time=1),
        alerts.cancel(person, made.alert_id + 1000),
    ):
        with pytest.raises(UnknownAlert):
            await attempt
    assert await alerts.find(person, made.alert_id) == made


async def test_a_cancelled_alert_stays_cancelled_and_a_muted_one_can_be_woken(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    await alerts.mute(person, made.alert_id)
    woken = await alerts.repeat(person, made.alert_id, ready=False, market_time=77)
    assert woken == replace(made, repeat=True, ready=False, market_time=77)
    await alerts.cancel(person, made.alert_id)
    with pytest.raises(UnknownAlert):
        await alerts.repeat(person, made.alert_id, ready=True, market_time=99)
    with pytest.raises(UnknownAlert):
        await alerts.mute(person, made.alert_id)


async def test_all_that_wait_are_cancelled_up_to_the_newest_that_was_shown(alerts: Alerts, person: int) -> None:
    made = [await alerts.create(wish(person, number)) for number in range(4)]
    await alerts.mute(person, made[1].alert_id)
    await alerts.cancel(person, made[0].alert_id)
    there = await alerts.count(person, MARKET)
    assert there == AlertCounts(3, 1, made[3].alert_id)
    assert await alerts.cancel_all(person + 1, MARKET, there.newest) == 0
    assert await alerts.cancel_all(person, "elsewhere", there.newest) == 0
    assert await alerts.cancel_all(person, MARKET, made[2].alert_id) == 2
    assert [alert.alert_id for alert in (await alerts.waiting(person, MARKET, 9)).alerts] == [made[3].alert_id]
    assert await alerts.cancel_all(person, MARKET, made[2].alert_id) == 0


async def test_another_level_keeps_the_alert_and_its_state(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    await alerts.mute(person, made.alert_id)
    changed = await alerts.edit(person, made.alert_id, LOWER)
    assert (changed.direction, changed.level, changed.ready, changed.market_time) == (Direction.BELOW, 50, True, 7)
    assert changed.state is AlertState.MUTED
    with pytest.raises(UnknownAlert):
        await alerts.edit(person + 1, made.alert_id, LOWER)
    await alerts.cancel(person, made.alert_id)
    with pytest.raises(UnknownAlert):
        await alerts.edit(person, made.alert_id, LOWER)


async def test_twenty_wishes_at_once_do_not_pass_the_bound(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool, max_alerts=5)
    made = await asyncio.gather(*(alerts.create(wish(person, n)) for n in range(20)), return_exceptions=True)
    assert sum(isinstance(each, Alert) for each in made) == 5
    assert sum(isinstance(each, TooManyAlerts) for each in made) == 15


async def test_changes_miss_nothing_whatever_the_order_of_commits(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    early, late = [await alerts.create(wish(person, number)) for number in range(2)]
    mark = (await alerts.changes(MARKET, "")).cursor
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(
            "UPDATE alert SET state = 'muted', changed = pg_current_xact_id() WHERE id = $1", early.alert_id
        )
        await alerts.cancel(person, late.alert_id)
        seen = await alerts.changes(MARKET, mark)
        assert [alert.alert_id for alert in seen.alerts if alert.state is AlertState.CANCELLED] == [late.alert_id]
        await transaction.commit()
    after = await alerts.changes(MARKET, seen.cursor)
    assert early.alert_id in [alert.alert_id for alert in after.alerts if alert.state is AlertState.MUTED]


# -- firing ------------------------------------------------------------------------------------


async def test_firing_and_its_notice_are_one_transaction_that_may_be_repeated(pool: "Pool") -> None:
    alerts = PostgresAlerts(pool)
    made = await alerts.create(wish(await somebody(pool)))
    assert await alerts.fire(MARKET, [firing(made)]) == {made.alert_id}
    assert await alerts.fire(MARKET, [firing(made)]) == frozenset()
    assert await state_of(pool, made) == "fired"
    (notice,) = await outbox(pool)
    assert (notice.alert_id, notice.level, notice.price) == (made.alert_id, Decimal(70_000), Decimal(70_000))
    row = await pool.fetchrow("SELECT platform, chat_id, kind, key FROM outbox")
    assert tuple(row) == ("fake", "home", "alert", f"alert:{made.alert_id}:1")


async def test_a_firing_of_a_repeating_alert_that_is_written_twice_is_one_and_then_it_waits(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    made = await alerts.create(wish(person, repeat=True))
    assert await alerts.fire(MARKET, [firing(made)])
    assert await alerts.fire(MARKET, [firing(made)]) == frozenset()
    after = await alerts.find(person, made.alert_id)
    assert after == replace(made, ready=False, firings=1, market_time=firing(made).time + 1)
    assert len(await outbox(pool)) == 1


async def test_an_outbox_that_refuses_leaves_the_alert_armed(pool: "Pool", dsn: str) -> None:
    alerts = PostgresAlerts(pool)
    made = await alerts.create(wish(await somebody(pool)))
    owner = await asyncpg.connect(dsn)
    await owner.execute("ALTER TABLE outbox ADD CONSTRAINT full_disk CHECK (id < 0)")
    with pytest.raises(asyncpg.CheckViolationError):
        await alerts.fire(MARKET, [firing(made)])
    assert await state_of(pool, made) == "armed"
    await owner.execute("ALTER TABLE outbox DROP CONSTRAINT full_disk")
    await owner.close()
    assert await alerts.fire(MARKET, [firing(made)])


async def test_a_cancelled_or_muted_alert_does_not_fire(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    one, two = [await alerts.create(wish(person, number)) for number in range(2)]
    await alerts.cancel(person, one.alert_id)
    await alerts.mute(person, two.alert_id)
    assert await alerts.fire(MARKET, [firing(one), firing(two)]) == frozenset()
    assert await outbox(pool) == []


# -- the worker --------------------------------------------------------------------------------


async def test_a_level_that_was_changed_while_the_old_one_was_reached_does_not_fire(pool: "Pool") -> None:
    store = PostgresAlerts(pool)
    person = await somebody(pool)
    alert = await store.create(wish(person))
    reached = firing(alert)
    await store.edit(person, alert.alert_id, LOWER)
    assert await store.fire(MARKET, [reached]) == frozenset()
    waiting = await store.find(person, alert.alert_id)
    assert waiting.state is AlertState.ARMED
    await store.edit(person, alert.alert_id, replace(LOWER, ready=False))
    await store.returned([replace(alert.trigger, ready=True)])
    assert not (await store.find(person, alert.alert_id)).ready, "nor is it ready because the old one was left"
    assert await outbox(pool) == []


async def test_the_worker_fires_what_the_price_reaches_once(pool: "Pool") -> None:
    person = await somebody(pool)
    desk = Desk(PostgresAlerts(pool))
    up = await desk.alerts.create(wish(person, 1, "100"))
    down = await desk.alerts.create(wish(person, 2, "90", Direction.BELOW))
    async with running(desk.worker.run()):
        await desk.knows(up.alert_id, down.alert_id)
        await desk.price("95", "99.99", "100", "150", "91", "120")
        await desk.caught_up()
    assert [(notice.alert_id, notice.price) for notice in await outbox(pool)] == [(up.alert_id, Decimal(100))]
    assert await state_of(pool, up) == "fired"
    assert await state_of(pool, down) == "armed"
    assert desk.rung == 1


async def test_alerts_made_cancelled_and_muted_while_the_worker_runs_are_learned(pool: "Pool") -> None:
    person = await somebody(pool)
    desk = Desk(PostgresAlerts(pool))
    async with running(desk.worker.run()):
        made = [await desk.alerts.create(wish(person, number, "100")) for number in range(3)]
        await desk.knows(*(alert.alert_id for alert in made))
        await desk.alerts.cancel(person, made[0].alert_id)
        await desk.alerts.mute(person, made[1].alert_id)
        await until(lambda: len(desk.worker._triggers) == 1)
        await desk.price("101")
        await desk.caught_up()
    assert [notice.alert_id for notice in await outbox(pool)] == [made[2].alert_id]


async def test_a_changed_level_is_watched_even_where_the_old_one_was_reached_at_that_moment(pool: "Pool") -> None:
    class Held(PostgresAlerts):
        """Firings wait until the test lets them go."""

        reached, go = asyncio.Event(), asyncio.Event()

        async def fire(self, market: str, firings: Sequence[Firing]) -> frozenset[int]:
            self.reached.set()
            await self.go.wait()
            return await super().fire(market, firings)

    store = Held(pool)
    desk = Desk(store)
    person = await somebody(pool)
    alert = await store.create(wish(person, level="100"))
    async with running(desk.worker.run()):
        await desk.knows(alert.alert_id)
        await desk.price("100")
        await store.reached.wait()
        await store.edit(person, alert.alert_id, replace(LOWER, market_time=desk.market.time))
        await until(lambda: desk.worker._changed)
        store.go.set()
        await desk.knows(alert.alert_id)
        await desk.price("50")
        await until(lambda: desk.rung)
    (told,) = await outbox(pool)
    assert (told.direction, told.level) == (Direction.BELOW, 50)


async def test_a_repeating_alert_fires_every_time_the_price_comes_back_and_returns(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100", repeat=True))
    async with running(desk.worker.run()):
        for prices in (["99", "101"], ["102", "103"], ["98"], ["100"]):
            await desk.knows(made.alert_id)
            await desk.price(*prices)
            await desk.caught_up()
    assert [notice.price for notice in await outbox(pool)] == [Decimal(101), Decimal(100)]
    assert await pool.fetchval("SELECT firings FROM alert") == 2


async def test_that_the_price_came_back_is_remembered_over_a_restart(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100", ready=False))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.price("120", "99")
        await desk.caught_up()
    assert await outbox(pool) == []
    desk.worker = desk.another(desk.alerts)
    async with running(desk.worker.run()):
        await desk.price("120")
        await until(lambda: desk.rung)
    assert [notice.price for notice in await outbox(pool)] == [Decimal(120)]


async def test_stale_ticks_and_ticks_of_before_the_alert_do_not_fire(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100", market_time=desk.market.time + 1_500))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.price("101")
        await desk.price("102", age=15_001)
        await desk.caught_up()
        assert await outbox(pool) == []
        await desk.price("103")
        await until(lambda: desk.rung)
    assert [notice.price for notice in await outbox(pool)] == [Decimal(103)]


async def test_a_worker_killed_between_firing_and_commit_fires_nothing_twice(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100", repeat=True))
    fired = asyncio.Event()

    class Dying(PostgresAlerts):
        async def fire(self, market: str, firings: "list[Firing]") -> frozenset[int]:  # type: ignore[override]
            await super().fire(market, firings)
            fired.set()
            await asyncio.Event().wait()
            return frozenset()

    async with running(desk.another(Dying(pool)).run()):
        await asyncio.sleep(0.05)
        await desk.price("101")
        await fired.wait()
    assert desk.bus._groups[GROUP].committed == [0], "the batch will be read again"
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.price("102", "99", "104")
        await until(lambda: desk.rung)
    assert [notice.price for notice in await outbox(pool)] == [Decimal(101), Decimal(104)]


async def test_two_workers_on_two_buses_fire_an_alert_once(pool: "Pool") -> None:
    person = await somebody(pool)
    desks = [Desk(PostgresAlerts(pool)) for _ in range(2)]
    made = [await desks[0].alerts.create(wish(person, number, "100")) for number in range(20)]
    async with running(*(desk.worker.run() for desk in desks)):
        for desk in desks:
            await desk.knows(*(alert.alert_id for alert in made))
        await asyncio.gather(*(desk.price("101") for desk in desks))
        await asyncio.gather(*(desk.caught_up() for desk in desks))
    assert sorted(notice.alert_id for notice in await outbox(pool)) == [alert.alert_id for alert in made]


async def test_while_postgresql_is_away_frames_flow_on_and_nothing_that_fired_is_lost(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100"))
    away = asyncio.Event()
    attempts = []

    class Away(PostgresAlerts):
        async def fire(self, market: str, firings: "list[Firing]") -> frozenset[int]:  # type: ignore[override]
            attempts.append(len(firings))
            if not away.is_set():
                raise DatabaseUnavailable
            return await super().fire(market, firings)

    desk.worker = desk.another(Away(pool))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await desk.price("101", *["95"] * 200, step=10)  # more than the bus keeps
        await until(lambda: len(attempts) >= 4)
        away.set()
        await until(lambda: desk.rung)
        await desk.caught_up()
    assert [notice.price for notice in await outbox(pool)] == [Decimal(101)]


async def test_ten_thousand_alerts_firing_at_once_are_all_told_once_and_in_order(pool: "Pool", dsn: str) -> None:
    people = [await somebody(pool, f"person {number}") for number in range(200)]
    rows = [
        (f"w{number}", people[number % 200], f"chat{number % 200}", Decimal(100 + number % 7))
        for number in range(10_000)
    ]
    await pool.executemany(
        "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,"
        " market_time_ms) VALUES ($1, $2, 'fake', $3, 'simulator', 'BTCUSDC', 'above', $4, false, true, 0)",
        rows,
    )
    desk, courier = Desk(PostgresAlerts(pool)), FakeCourier()
    sending = dispatcher(pool, courier)
    async with running(desk.worker.run()):
        await until(lambda: len(desk.worker._triggers) == 10_000)
        await desk.price("150")
        await desk.caught_up()
        assert await pool.fetchval("SELECT count(*) FROM outbox") == 10_000
        async with running(sending.run()):
            assert await settled(pool, 60) == {"sent": 10_000}
    assert len(courier.sent) == 200 * 2  # 50 alerts a chat, 25 in a message
    for number in range(200):
        mine = [int(nonce) for chat, nonce, _ in courier.sent if chat == f"chat{number}"]
        assert mine == sorted(mine)


async def test_the_chat_an_alert_was_made_in_is_known_from_then_on(pool: "Pool") -> None:
    person = await somebody(pool)
    await PostgresAlerts(pool).create(wish(person, chat=Chat("fake", "group", public=True)))
    await PostgresAlerts(pool).create(wish(person, 2, chat=HOME))
    rows = await pool.fetch("SELECT platform, chat_id, public FROM notification_chat ORDER BY chat_id")
    assert [tuple(row) for row in rows] == [("fake", "group", True), ("fake", "home", False)]
