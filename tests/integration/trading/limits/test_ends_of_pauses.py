"""Pauses, days and cool-downs end when they should, whatever users do: time zones, resumptions, resets, many orders."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest

from core.database import Pool
from tests.fakes.priced_market import ETH
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.errors import PauseLasts
from trading.limits.types import LimitKind
from trading.orders.types import QuoteAmount, Side

D = Decimal
MINUTE = timedelta(minutes=1)
WESTWARD = [
    "Pacific/Kiritimati",
    "Pacific/Tongatapu",
    "Etc/GMT-12",
    "Asia/Magadan",
    "Australia/Brisbane",
    "Asia/Tokyo",
]
"""Zones whose midnights follow each other by the hour."""


async def test_a_change_of_the_time_zone_does_not_shorten_the_day_of_a_limit(house: LimitsHouse) -> None:
    account = await house.open(timezone=WESTWARD[0])
    await house.limits.change_desk(LimitKind.DAY, D("0.05"))
    bought = 0
    for hour, zone in enumerate(WESTWARD[1:]):
        await house.pool.execute("UPDATE person SET timezone = $1", zone)
        with suppress(LimitReached):
            await house.buy(account, "300000")
            bought += 1
        house.say(f"{100 * 0.8 ** (hour + 1):.2f}")
        await house.watch.run()
        house.pass_time(timedelta(hours=1))
        await house.watch.run()
    assert bought == 2, "on the hour that was left of the first day, and on the second day"
    ends = await house.pool.fetchval("SELECT day_ends FROM account_limit_state")
    assert f"{ends:%d %H:%M}" == "01 12:00", "the second day, from 11:00 UTC, ends with that of GMT-12"


async def test_days_follow_each_other_at_the_midnights_of_the_user(house: LimitsHouse) -> None:
    account = await house.open(timezone="America/New_York")
    await house.limit(account, LimitKind.DAY, "0.05")
    house.at = house.at.replace(month=3, day=6)
    house.market.pass_time(0)
    await house.pool.execute("UPDATE account_limit_state SET valued_at = $1, day_ends = $1", house.at)
    ends = []
    for _ in range(4):  # the clocks go forward on the 8th
        house.pass_time(timedelta(days=1))
        await house.watch.run()
        end = await house.pool.fetchval("SELECT day_ends FROM account_limit_state")
        ends.append(f"{end:%d %H}")
    assert ends == ["08 05", "09 04", "10 04", "11 04"]


async def test_the_resumption_of_a_drawdown_does_not_end_the_pause_of_the_day(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DAY, "0.05")
    await house.limit(account, LimitKind.DRAWDOWN, "0.08")
    await house.buy(account, "500000")
    for price, paused in (("88", 1), ("83", 1), ("92", 0)):
        house.pass_time(MINUTE)
        house.say(price)
        assert await house.watch.run() == paused
    pause = (await house.limits.overview(account)).pause
    assert pause is not None
    assert pause.kind is LimitKind.DRAWDOWN
    await house.limits.resume(account)
    await _is_paused_by_the_day(house)


async def test_a_day_that_is_lost_in_a_pause_by_the_drawdown_outlasts_the_resumption(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DAY, "0.08")
    await house.limit(account, LimitKind.DRAWDOWN, "0.05")
    await house.buy(account, "500000")
    for price, paused in (("88", 1), ("83", 1), ("83", 0), ("92", 0)):
        house.pass_time(MINUTE)
        house.say(price)
        assert await house.watch.run() == paused
    await house.limits.resume(account)
    await _is_paused_by_the_day(house)


async def _is_paused_by_the_day(house: LimitsHouse) -> None:
    account = await house.desk.account(1)
    with pytest.raises(LimitReached, match="day"):
        await house.buy(account, "1000")
    with pytest.raises(PauseLasts):
        await house.limits.resume(account)
    assert await house.watch.run() == 0
    house.pass_time(timedelta(hours=15))
    await house.buy(account, "1000")
    assert (await house.limits.overview(account)).pause is None


async def test_many_orders_do_not_hide_a_sale_at_a_loss(house: LimitsHouse, owner_pool: Pool) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.LOSS, "0.05")
    await house.limit(account, LimitKind.STREAK, "1")
    await house.buy(account, "10000")
    house.say("80")
    await house.sell(account, share="0.5")
    await owner_pool.execute(
        "INSERT INTO entry (command_id, body, kind, account_id, round, recorded_at, market_time_ms)"
        " SELECT 'amended-' || n, sha256('amended'), 'release', $1, 1, $2, 0 FROM generate_series(1, 1200) AS n",
        account.account_id,
        house.at,
    )
    for kind in (LimitKind.LOSS, LimitKind.STREAK):
        for attempt in (house.buy(account, "10"), house.desk.preview(account, Side.BUY, ETH, QuoteAmount(D(10)))):
            with pytest.raises(LimitReached) as refused:
                await attempt
            assert refused.value.kind == kind
        await house.pool.execute("DELETE FROM trading_limit WHERE kind = $1", kind)
    await house.buy(account, "10")


@pytest.mark.parametrize(
    ("kind", "value"), [(LimitKind.LOSS, "0.05"), (LimitKind.STREAK, "1"), (LimitKind.DAY, "0.05")]
)
async def test_a_reset_ends_neither_a_cool_down_nor_the_pause_of_a_day(
    house: LimitsHouse, kind: LimitKind, value: str
) -> None:
    account = await house.open()
    await house.limit(account, kind, value)
    await house.buy(account, "400000")
    house.say("80")
    await house.sell(account)
    anew = await house.desk.reset(account, "reset")  # before the job saw the loss
    for attempt in (house.buy(anew, "1000"), house.buy(anew, "1000", ETH)):
        with pytest.raises(LimitReached) as refused:
            await attempt
        assert refused.value.kind == kind
    assert await house.notices() == (["limit"] if kind is LimitKind.DAY else [])
    house.pass_time(timedelta(hours=15))
    await house.buy(anew, "1000")


async def test_a_reset_of_what_has_not_lost_pauses_nothing(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DAY, "0.05")
    await house.buy(account, "400000")
    anew = await house.desk.reset(account, "reset")
    await house.buy(anew, "1000")


async def test_a_clock_that_is_behind_values_a_coin_that_was_bought_since(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.COIN, "0.5")
    house.at += timedelta(seconds=10)  # another role, whose clock is ahead
    await house.limits.value(account.account_id)
    house.at -= timedelta(seconds=10)
    await house.buy(account, "1000")
    await house.buy(account, "1000", ETH)
