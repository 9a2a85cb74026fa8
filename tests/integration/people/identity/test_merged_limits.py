"""Limits of two who link: the stricter ones hold, and a pause outlasts the merge."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.support.people_house import ALICE, BOB, BTC, House
from trading.errors import LimitReached
from trading.orders.types import QuoteAmount, Share, Side

D = Decimal
SET = (
    "INSERT INTO trading_limit (person_id, kind, value, next_value, next_at, set_at) VALUES ($1, $2, $3, $4, $5, now())"
)
LATER, BEFORE = datetime.now(UTC) + timedelta(hours=5), datetime.now(UTC) - timedelta(hours=5)


async def test_the_stricter_limit_of_two_holds_and_raises_are_dropped(house: House) -> None:
    alice, bob = await house.person(ALICE), await house.person(BOB)
    for row in (
        (alice, "order", D(1000), D(9000), LATER),
        (bob, "order", D(2000), None, None),
        (alice, "orders", D(9), None, None),
        (bob, "orders", D(5), None, LATER),
        (bob, "streak", D(3), None, None),
        (alice, "coin", D("0.2"), D("0.9"), BEFORE),
        (bob, "coin", D("0.5"), None, None),
        (bob, "loss", D("0.1"), None, BEFORE),
    ):
        await house.pool.execute(SET, *row)
    await house.linked(ALICE, BOB, "merge")
    rows = await house.fetch("SELECT kind, value, next_value, next_at FROM trading_limit WHERE person_id = $1", alice)
    assert {tuple(row) for row in rows} == {
        ("order", D(1000), None, None),
        ("orders", D(5), None, None),
        ("streak", D(3), None, None),
        ("coin", D("0.5"), None, None),
    }


@pytest.mark.parametrize("paused", [ALICE, BOB])
async def test_a_pause_of_one_account_is_that_of_both(house: House, paused: object) -> None:
    opened = {}
    for who in (ALICE, BOB):
        person = await house.person(who)
        opened[who] = await house.desk.open(person, f"open-{person}")
        await house.desk.place(opened[who], f"buy-{person}", Side.BUY, BTC, QuoteAmount(D(1000)))
    await house.pool.execute(
        "INSERT INTO account_limit_state (account_id, round, adjusted, equity, marks, valued_at, day_start, day_ends,"
        " peak, peak_at, paused_kind, paused_value, paused_desk, paused_at)"
        " VALUES ($1, 1, 0, 1, '{}', now(), 1, now(), 1, now(), 'drawdown', 0.1, false, now())",
        opened[paused].account_id,  # type: ignore[index]
    )
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(await house.person(ALICE))
    with pytest.raises(LimitReached, match="drawdown"):
        await house.desk.place(account, "after", Side.BUY, BTC, QuoteAmount(D(1000)))


@pytest.mark.parametrize("paused", [ALICE, BOB])
async def test_a_running_pause_of_the_day_outlasts_one_that_has_ended(house: House, paused: object) -> None:
    for who in (ALICE, BOB):
        person = await house.person(who)
        account = await house.desk.open(person, f"open-{person}")
        await house.pool.execute(
            "INSERT INTO account_limit_state (account_id, round, adjusted, equity, marks, valued_at, day_start,"
            " day_ends, peak, peak_at, paused_kind, paused_value, paused_desk, paused_at, paused_until)"
            " VALUES ($1, 1, 0, 1, '{}', now(), 1, now(), 1, now(), 'day', 0.1, false, now(), $2)",
            account.account_id,
            LATER if who is paused else BEFORE,
        )
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(await house.person(ALICE))
    with pytest.raises(LimitReached, match="day"):
        await house.desk.place(account, "after", Side.BUY, BTC, QuoteAmount(D(1000)))


async def test_a_cool_down_follows_the_money(house: House) -> None:
    for who in (ALICE, BOB):
        person = await house.person(who)
        account = await house.desk.open(person, f"open-{person}")
        await house.desk.place(account, f"buy-{person}", Side.BUY, BTC, QuoteAmount(D(1000)))
    await house.desk.place(account, "sale", Side.SELL, BTC, Share(D(1)))  # at a loss: fees alone are one
    await house.pool.execute("INSERT INTO desk_limit (kind, value, set_at) VALUES ('streak', 1, now())")
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(await house.person(ALICE))
    with pytest.raises(LimitReached, match="streak"):
        await house.desk.place(account, "after", Side.BUY, BTC, QuoteAmount(D(1000)))
