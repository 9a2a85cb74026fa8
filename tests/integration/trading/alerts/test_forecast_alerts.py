"""Alerts on forecasts in PostgreSQL: made, fired with their notice in one transaction, pushed, taken along."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.reply import Buttons, Fields, Picture, Reply, Text
from core.outbox import Chat
from jobs.alerts.forecast_alerts import watch_forecasts
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.forecasting import FakeForecasting
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
)
from trading.alerts.errors import TooManyForecastAlerts, UnknownForecastAlert
from trading.alerts.forecast_alerts import ForecastDirection, NewForecastAlert
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.alerts.ports import AlertState

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

ELSEWHERE = Chat("fake", "elsewhere")
THEN = datetime(2021, 4, 1, 18, tzinfo=UTC)


def wish(
    person_id: int,
    number: int = 1,
    chance: str = "0.65",
    way: ForecastDirection = ForecastDirection.UP,
    *,
    chat: Chat = HOME,
    repeat: bool = False,
    ready: bool = True,
    symbol: Symbol = BTC,
) -> NewForecastAlert:
    command = f"wish-{person_id}-{number}"
    return NewForecastAlert(command, person_id, chat, MARKET, symbol, 60, way, Decimal(chance), repeat, ready)


def store_of(pool: "Pool", most: int = 10) -> PostgresForecastAlerts:
    return PostgresForecastAlerts(pool, jitter=CALM, max_alerts=most)


async def look(pool: "Pool", rising: float, now: datetime = THEN) -> int:
    forecasting = FakeForecasting({BTC: 58_000.0}, rising={BTC: rising})
    return await watch_forecasts(store_of(pool), forecasting, MARKET, now=now, on_fired=lambda: None)


async def test_the_same_command_makes_one_alert_and_its_chat_can_be_reached(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(wish(person))
    assert await store.create(wish(person)) == made
    assert await store.waiting(person, MARKET) == [made]
    assert await store.waiting(person, "binance") == []
    assert (made.horizon, made.way, made.chance, made.state) == (
        60,
        ForecastDirection.UP,
        Decimal("0.65"),
        AlertState.ARMED,
    )
    assert await pool.fetchval("SELECT count(*) FROM notification_chat WHERE person_id = $1", person) == 1


async def test_there_is_room_for_so_many_also_when_they_come_at_once(pool: "Pool") -> None:
    store, person = store_of(pool, most=3), await somebody(pool)
    done = await asyncio.gather(*(store.create(wish(person, n)) for n in range(8)), return_exceptions=True)
    assert sum(isinstance(one, TooManyForecastAlerts) for one in done) == 5
    first = (await store.waiting(person, MARKET))[-1]
    await store.cancel(person, first.alert_id)
    with pytest.raises(UnknownForecastAlert):
        await store.repeat(person, first.alert_id)
    await store.create(wish(person, 9))


async def test_it_fires_once_with_one_notice_however_many_look(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(wish(person))
    assert await look(pool, 0.64) == 0
    assert sum(await asyncio.gather(*(look(pool, 0.66) for _ in range(6)))) == 1
    assert await look(pool, 0.9) == 0
    (row,) = await pool.fetch("SELECT key, kind, person_id, chat_id FROM outbox")
    assert tuple(row) == (f"forecast:{made.alert_id}:1", "forecast", person, "home")
    assert await store.waiting(person, MARKET) == []
    with pytest.raises(UnknownForecastAlert):
        await store.cancel(person, made.alert_id)


async def test_a_repeating_one_tells_again_after_the_chance_came_down(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(wish(person, repeat=True))
    assert [await look(pool, rising) for rising in (0.66, 0.7, 0.5, 0.7)] == [1, 0, 0, 1]
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 2
    assert (await store.waiting(person, MARKET))[0].firings == 2
    await store.cancel(person, made.alert_id)
    assert await look(pool, 0.5) == 0
    assert await look(pool, 0.9) == 0


async def test_the_margin_and_the_pause_of_an_alert_are_kept(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(replace(wish(person, repeat=True), margin=Decimal("0.1"), pause_minutes=15))
    assert (made.margin, made.pause_minutes, made.fired_at) == (Decimal("0.1"), 15, None)
    assert [await look(pool, rising) for rising in (0.66, 0.57, 0.66, 0.5, 0.7)] == [1, 0, 0, 0, 0]
    assert (await store.waiting(person, MARKET))[0].fired_at == THEN
    later = [await look(pool, 0.7, THEN + timedelta(minutes=minutes)) for minutes in (14, 15)]
    assert later == [0, 1]


async def test_all_that_were_shown_are_cancelled(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    other = await somebody(pool, "other")
    shown = [await store.create(wish(person, number)) for number in range(3)]
    kept = [await store.create(wish(other)), await store.create(wish(person, 9))]
    assert await store.cancel_all(person, MARKET, shown[-1].alert_id) == 3
    assert await store.cancel_all(person, "binance", kept[-1].alert_id) == 0
    assert [*await store.waiting(other, MARKET), *await store.waiting(person, MARKET)] == kept


async def test_one_that_fired_can_be_set_to_every_time_and_waits_for_the_chance_to_come_down(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    made = await store.create(wish(person))
    await look(pool, 0.7)
    again = await store.repeat(person, made.alert_id)
    assert (again.state, again.repeat, again.ready) == (AlertState.ARMED, True, False)
    assert [await look(pool, rising) for rising in (0.7, 0.6, 0.7)] == [0, 0, 1]


async def test_where_the_notice_cannot_be_written_it_has_not_fired(pool: "Pool", dsn: str) -> None:
    store, person = store_of(pool), await somebody(pool)
    await store.create(wish(person))
    owner = await asyncpg.connect(dsn)
    await owner.execute("ALTER TABLE outbox ADD CONSTRAINT no_more CHECK (kind <> 'forecast')")
    with pytest.raises(asyncpg.CheckViolationError):
        await look(pool, 0.7)
    assert (await store.waiting(person, MARKET))[0].firings == 0
    await owner.execute("ALTER TABLE outbox DROP CONSTRAINT no_more")
    await owner.close()
    assert await look(pool, 0.7) == 1


@pytest.mark.parametrize("language", list(Language))
async def test_the_notice_arrives_with_the_chart_of_now(pool: "Pool", language: Language) -> None:
    person = await somebody(pool, language=language)
    await store_of(pool).create(wish(person))
    await look(pool, 0.663)
    bot, courier = FakeDeskBot(language), FakeCourier()
    bot.forecasting.rising[BTC] = 0.58
    market = await pool.fetchval(
        "UPDATE outbox SET body = jsonb_set(body, '{notice,market}', $1) RETURNING 1", _market(bot)
    )
    assert market == 1
    async with running(dispatcher(pool, courier, bot=bot).run()):
        assert await settled(pool) == {"sent": 1}
    (reply,) = courier.replies
    assert "66.3%" in _title(reply)
    assert [block for block in reply.blocks if isinstance(block, Picture)]
    (fields,) = [block for block in reply.blocks if isinstance(block, Fields)]
    assert fields.rows[0][1] == "≥ 65%"
    presses = [b.press for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]
    assert presses == ["forecast BTC 1h", "chart BTC", "forecastalert_repeat 1", "forecastalert"]


def _market(bot: FakeDeskBot) -> str:
    return f'"{bot.market.info().market}"'


def _title(reply: Reply) -> str:
    block = reply.blocks[0]
    assert isinstance(block, Text)
    return block.body


async def test_the_notice_arrives_without_a_forecast_of_now_and_of_another_market_without_a_chart(pool: "Pool") -> None:
    person = await somebody(pool)
    await store_of(pool).create(wish(person))
    await look(pool, 0.7)
    bot, courier = FakeDeskBot(forecasting=False), FakeCourier()
    async with running(dispatcher(pool, courier, bot=bot).run()):
        assert await settled(pool) == {"sent": 1}
    assert not [block for block in courier.replies[0].blocks if isinstance(block, Picture)]


async def test_it_goes_along_with_a_person_who_is_joined_and_goes_with_one_who_leaves(pool: "Pool", dsn: str) -> None:
    store, ann, bob = store_of(pool), await somebody(pool, "ann"), await somebody(pool, "bob")
    made = await store.create(wish(bob))
    owner = await asyncpg.connect(dsn)
    await owner.execute("SELECT reassign_person($1, $2)", bob, ann)
    assert [one.alert_id for one in await store.waiting(ann, MARKET)] == [made.alert_id]
    await owner.execute("DELETE FROM identity WHERE person_id = $1", ann)
    await owner.execute("SELECT delete_person($1)", ann)
    assert await pool.fetchval("SELECT count(*) FROM forecast_alert") == 0
    await owner.close()


@pytest.mark.parametrize("other", [True, False])
async def test_unlinking_moves_it_to_another_chat_or_ends_it(pool: "Pool", dsn: str, other: bool) -> None:  # noqa: FBT001
    store, person = store_of(pool), await somebody(pool, "1")
    owner = await asyncpg.connect(dsn)
    await owner.execute("INSERT INTO identity VALUES ('other', '2', $1)", person)
    await store.create(wish(person, chat=Chat("fake", "1")))
    if other:
        await owner.execute(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'other', '2', false)",
            person,
        )
    row = await pool.fetchrow("SELECT * FROM unlink_identity($1, 'fake', '1')", person)
    assert row is not None
    assert (row["outcome"], row["ended"]) == ("done", 0 if other else 1)
    (kept,) = await pool.fetch("SELECT platform, chat_id, state FROM forecast_alert")
    assert tuple(kept) == (("other", "2", "armed") if other else ("fake", "1", "cancelled"))
    await owner.close()


async def test_a_chat_that_is_gone_hands_its_alerts_on(pool: "Pool") -> None:
    store, person = store_of(pool), await somebody(pool)
    await store.create(wish(person))
    await store.create(wish(person, 2, "0.9", chat=ELSEWHERE))
    await look(pool, 0.7)
    outbox = outbox_of(pool)
    (parcel,) = await outbox.claim("fake", 5)
    await outbox.retire(parcel, "blocked")
    rows = await pool.fetch("SELECT chat_id FROM forecast_alert")
    assert {row["chat_id"] for row in rows} == {"elsewhere"}


async def test_what_has_long_been_over_is_forgotten_and_what_waits_is_not(pool: "Pool", dsn: str) -> None:
    store, person = store_of(pool), await somebody(pool)
    gone = await store.create(wish(person))
    await store.create(wish(person, 2))
    await store.cancel(person, gone.alert_id)
    owner = await asyncpg.connect(dsn)
    await owner.execute(
        "UPDATE forecast_alert SET created_at = now() - interval '1 year', ended_at = ended_at - interval '1 year'"
    )
    await owner.close()
    await outbox_of(pool).tidy()
    assert await pool.fetchval("SELECT array_agg(id) FROM forecast_alert") == [gone.alert_id + 1]


@pytest.mark.parametrize(
    "change", ["chance = 0.5", "chance = 'NaN'", "chance = 1", "horizon = 30", "way = 'sideways'", "state = 'muted'"]
)
async def test_the_table_keeps_what_cannot_be(pool: "Pool", dsn: str, change: str) -> None:
    store, person = store_of(pool), await somebody(pool)
    await store.create(wish(person))
    owner = await asyncpg.connect(dsn)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(f"UPDATE forecast_alert SET {change}")  # noqa: S608
    await owner.close()


async def test_the_application_cannot_change_what_was_asked_for(pool: "Pool") -> None:
    person = await somebody(pool)
    await store_of(pool).create(wish(person))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("UPDATE forecast_alert SET chance = 0.51")
