"""The worker that fires alerts, on PostgreSQL: once, in order, and over kills and outages."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from core.errors import DatabaseUnavailable
from pipeline.market import Frame, Tick, Trade
from tests.integration.trading.alerts.alert_worker import LOWER, Desk, outbox, state_of
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import BTC, FakeCourier, dispatcher, running, settled, somebody, until, wish
from trading.alerts.postgres import PostgresAlerts
from trading.triggers.price_levels import Direction, Firing
from trading.workers.trigger_worker import GROUP

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


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


async def test_a_price_that_was_only_traded_fires(pool: "Pool") -> None:
    """Between two last prices the market traded at the level."""
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100"))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        desk.market.time += 1_000
        traded = tuple(Trade(BTC, desk.market.time - 500 + n, price, "1", n) for n, price in enumerate(("99", "101")))
        await desk.bus.publish(Frame(desk.market.time, (Tick(BTC, desk.market.time, "98"),), trades=traded))
        await until(lambda: desk.rung)
    assert [notice.price for notice in await outbox(pool)] == [Decimal(101)]


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


async def test_what_was_traded_while_the_worker_was_away_fires_with_its_price_and_time(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100"))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.price("95")
        await desk.caught_up()
    await desk.price("95", "101", "95")
    then = desk.market.time - 1_000
    desk.market.time += 60_000
    async with running(desk.another(desk.alerts).run()):
        await until(lambda: desk.rung)
    assert [(notice.price, notice.time) for notice in await outbox(pool)] == [(Decimal(101), then)]


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


async def test_what_is_dated_in_the_future_fires_nothing_and_goes_among_the_dead_letters(pool: "Pool") -> None:
    desk = Desk(PostgresAlerts(pool))
    made = await desk.alerts.create(wish(await somebody(pool), level="100"))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        far = desk.market.time + 86_400_000
        await desk.bus.publish(
            Frame(desk.market.time, (Tick(BTC, far, "150"),), trades=(Trade(BTC, far, "150", "1", 1),))
        )
        await desk.price("95")
        await desk.caught_up()
    assert (desk.rung, desk.bus.refused) == (0, {"future": 1})
