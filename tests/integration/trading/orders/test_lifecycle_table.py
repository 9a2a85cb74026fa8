"""The table of transitions in the database is that of trading.orders.lifecycle, and nothing gets around it."""

import asyncpg
import pytest

from tests.support.resting_house import D, RestingHouse, limit
from tests.support.trading_house import owner_of
from trading.orders.lifecycle import TRANSITIONS
from trading.orders.open_orders import EndReason, OrderStatus

Pool = asyncpg.Pool

EVENT = (
    "INSERT INTO order_event"
    " (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms, reason)"
    " VALUES ($1, $2, $3, $4, $5, 'forged', now(), 1, $6)"
)


async def test_the_tables_are_one(pool: Pool) -> None:
    rows = await pool.fetch("SELECT previous, kind, status FROM order_transition")
    assert {tuple(row) for row in rows} == {
        ("-" if before is None else before.value, kind.value, status.value)
        for (before, kind), following in TRANSITIONS.items()
        for status in following
    }


@pytest.mark.parametrize(
    "forged",
    [
        (3, "CANCELED", "expired", "EXPIRED", "time"),
        (3, "NEW", "expired", "EXPIRED", "time"),
        (2, "NEW", "expired", "EXPIRED", "time"),
        (4, "NEW", "expired", "EXPIRED", "time"),
        (1, "-", "accepted", "NEW", None),
        (3, "NEW", "triggered", "FILLED", None),
    ],
    ids=["after the end", "beside the end", "instead", "beyond", "again", "unknown"],
)
async def test_a_life_that_ended_cannot_go_on_even_for_the_owner(
    house: RestingHouse, dsn: str, forged: tuple[object, ...]
) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    await house.store.cancel(account.account_id, [order.order_id], None, house.command())
    async with owner_of(dsn) as owner:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await owner.execute(EVENT, order.order_id, *forged)


async def test_the_application_cannot_write_orders_by_hand(house: RestingHouse, pool: Pool) -> None:
    account = await house.account()
    (order,) = (await house.accept(account, limit())).orders
    for statement in (
        "UPDATE order_terms SET quantity = 1",
        "DELETE FROM order_event",
        "UPDATE open_order SET filled = 1",
        "DELETE FROM order_hold",
        "UPDATE match_position SET next_offset = 0",
        "INSERT INTO order_transition VALUES ('FILLED', 'expired', 'EXPIRED')",
        "SELECT release_holds(1, '{1}', 'c', NULL, now(), 1)",
        f"SELECT end_all_orders({account.account_id}, 'reset', 'c', now(), 1)",
        "SELECT apply_effect('{}', 0, 1, 'c', NULL, now())",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)
    assert (await house.seen(account, order)).quantity == D(2)


async def test_every_reason_of_an_end_is_known_to_the_database(house: RestingHouse) -> None:
    account = await house.account()
    for reason in EndReason:
        (order,) = (await house.accept(account, limit())).orders
        await house.end(order, reason)
        seen = await house.seen(account, order)
        assert (seen.status, seen.events[-1].reason) == (OrderStatus.EXPIRED, reason)
