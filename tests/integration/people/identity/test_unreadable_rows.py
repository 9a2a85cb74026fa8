"""A row that this version cannot read stops nobody else's: it is passed over, and named in the log once."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from jobs.recurring_buys import RecurringBuys
from pipeline.bus import InProcessBus
from pipeline.market import Interval
from tests.integration.people.identity.person_rows import settle_in
from tests.support.people_house import ALICE, BOB, CALM, House
from tests.support.trading_house import owner_of
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.order_groups.postgres import PostgresGroupStore
from trading.ports import Account
from trading.rebalancing.postgres import PostgresTargets
from trading.recurring.postgres import PostgresPlans
from trading.rules.postgres import PostgresStrategies
from trading.rules.rule import parse_rule
from trading.rules.strategies import NewStrategy
from trading.workers.trigger_worker import TriggerWorker

MARKET = "simulator"
LATER = datetime(2100, 1, 1, tzinfo=UTC)
BODY = (
    '{"account_id": 1, "round": 1, "quote_asset": "USDC", "orders": [], "cash": "0", "weights": {}, "with_cash": true}'
)
DAILY = "every = 'daily', day = 0, minute = 540, timezone = 'UTC', next_day = '2026-11-22', next_at = '2026-11-22'"

Read = Callable[[], Awaitable[Sequence[Any]]]


def reader(house: House, table: str) -> Read:
    """Reads all rows of a kind, as the process that acts on them does."""
    pool, moment = house.pool, round(LATER.timestamp() * 1000)
    prices, ranges, conditions = PostgresAlerts(pool), PostgresRangeAlerts(pool), PostgresConditionAlerts(pool)
    plans, targets, groups = PostgresPlans(pool), PostgresTargets(pool), PostgresGroupStore(pool)
    forecasts = PostgresForecastAlerts(pool)

    async def alerts() -> Sequence[Any]:
        return (await prices.changes(MARKET, "")).armed

    async def range_alerts() -> Sequence[Any]:
        return (await ranges.changes(MARKET, "0 0")).alerts

    async def condition_alerts() -> Sequence[Any]:
        return (await conditions.changes(MARKET, "")).alerts

    ways: dict[str, Read] = {
        "alert": alerts,
        "range_alert": range_alerts,
        "condition_alert": condition_alerts,
        "forecast_alert": lambda: forecasts.armed(MARKET),
        "recurring_buy": lambda: plans.due(MARKET, LATER, 1),
        "rebalancing_target": lambda: targets.due(MARKET, LATER, 1),
        "order_group": lambda: groups.unfinished(MARKET, moment, 1),
    }
    return ways[table]


async def spoil(dsn: str, table: str, person: int, change: str, *checks: str) -> int:
    """The row of a person becomes one that this version cannot read; returns its id."""
    async with owner_of(dsn) as owner:
        for check in checks:
            await owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{check}")
        row: int = await owner.fetchval(f"UPDATE {table} SET {change} WHERE person_id = $1 RETURNING id", person)  # noqa: S608
        return row


SPOILT: dict[str, tuple[str, ...]] = {
    "alert": ("direction = 'sideways'", "direction_known"),
    "range_alert": ("state = 'of-later'", "state_known"),
    "condition_alert": ("measure = 'of-later'", "measure_known", "length_bounds"),
    "forecast_alert": ("way = 'sideways'", "way_known"),
    "recurring_buy": ("every = 'hourly'", "every_known", "day_bounds"),
    "rebalancing_target": ("every = 'hourly'", "every_known", "day_bounds"),
    "order_group": ("body = '{}'",),
}


@pytest.mark.parametrize("table", list(SPOILT))
async def test_a_row_that_cannot_be_read_stops_no_other(
    house: House, dsn: str, caplog: pytest.LogCaptureFixture, table: str
) -> None:
    broken, other = await settle_in(house, ALICE), await settle_in(house, BOB)
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE order_group SET body = $1::text::jsonb", BODY)
        await owner.execute(f"UPDATE rebalancing_target SET {DAILY}")  # noqa: S608
    row = await spoil(dsn, table, broken, *SPOILT[table])
    read = reader(house, table)
    for _ in range(3):
        found = await read()
    assert len(found) == 1, "also if one is asked for and the unreadable one comes first"
    assert f"person_id={other}" in str(found) or table == "alert"
    logged = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert logged == [f"row {row} of {table} cannot be read and is passed over"], "once"


async def test_an_alert_that_cannot_be_watched_stops_no_other(
    house: House, dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken, _ = await settle_in(house, ALICE), await settle_in(house, BOB)
    order = "measure = 'order', order_id = 1, reference = 1, level = '1e-400'::numeric"
    row = await spoil(dsn, "condition_alert", broken, order, "level_bounds")
    stores = (PostgresAlerts(house.pool), PostgresRangeAlerts(house.pool), PostgresConditionAlerts(house.pool))
    worker = TriggerWorker(InProcessBus(), TickAlerts(*stores), house.market, on_fired=lambda: None)  # type: ignore[arg-type]
    await worker.load()
    assert f"alert {row} cannot be watched" in caplog.text
    assert [len(worker._triggers.prices), len(worker._triggers.ranges), len(worker._triggers.conditions)] == [2, 2, 1]


async def test_a_strategy_of_another_version_can_be_replaced(house: House, dsn: str) -> None:
    person = await settle_in(house, ALICE)
    strategies = PostgresStrategies(house.pool, jitter=CALM)
    rule = parse_rule("when close > 5 buy 25%")
    (known,) = await strategies.of(person, MARKET)
    await strategies.save(NewStrategy(person, MARKET, "other", known.symbol, Interval.H1, rule))
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE strategy SET rule = 'rules 9: nothing known' WHERE name = 'dip'")
    assert [each.name for each in await strategies.of(person, MARKET)] == ["other"]
    saved = await strategies.save(NewStrategy(person, MARKET, "dip", known.symbol, Interval.H1, rule))
    assert (saved.strategy.rule, saved.before) == (rule, None)


async def test_a_plan_that_fails_keeps_no_other_from_its_date(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, _ = await settle_in(house, ALICE), await settle_in(house, BOB)
    account = house.desk.account

    async def failing(person_id: int) -> Account:
        if person_id == broken:
            raise ValueError("a figure out of range")
        return await account(person_id)

    monkeypatch.setattr(house.desk, "account", failing)
    at = round(datetime.now(UTC).timestamp() * 1000) + 60_000
    job = RecurringBuys(house.pool, house.desk, house.market.info, lambda: at, jitter=CALM)
    assert (await job.run()).bought == 1
    assert "recurring buy 1 cannot be executed" in caplog.text
