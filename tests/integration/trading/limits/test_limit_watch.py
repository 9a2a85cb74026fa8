"""The job that watches accounts: pauses, downtime, old prices, days, resets, merges. Real PostgreSQL."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.priced_market import BTC, ETH
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.errors import NotPaused, PauseLasts
from trading.limits.types import LimitKind
from trading.orders.types import Side

D = Decimal
MINUTE = timedelta(minutes=1)


async def test_from_the_limit_to_the_resumption_by_hand(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.limit(account, LimitKind.ORDER, "500000")
    with pytest.raises(LimitReached):
        await house.buy(account, "600000")
    await house.buy(account, "500000")
    await house.rest(account, "1000", "60")
    await house.rest(account, "0.5", "150", Side.SELL)
    assert await house.watch.run() == 0
    house.pass_time(MINUTE)
    house.say("79")  # a loss of about 105,500 of 1,000,000
    assert await house.watch.run() == 1
    assert (house.told, await house.notices()) == (1, ["limit"])
    assert [order.terms.side for order in await house.resting.open_orders(account)] == [Side.SELL]
    with pytest.raises(LimitReached, match="drawdown"):
        await house.buy(account, "100")
    house.pass_time(MINUTE)
    house.say("100")  # the pause outlasts the loss
    assert await house.watch.run() == 0
    with pytest.raises(LimitReached, match="drawdown"):
        await house.rest(account, "100", "90")
    house.pass_time(timedelta(days=3))
    assert await house.watch.run() == 0
    assert await house.limits.resume(account) == (await house.desk.portfolio(account)).equity
    await house.buy(account, "100")
    assert await house.watch.run() == 0
    assert await house.notices() == ["limit"]
    with pytest.raises(NotPaused):
        await house.limits.resume(account)


async def test_a_limit_reached_while_the_desk_was_down_is_acted_on_after_the_start(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "500000")
    await house.watch.run()
    house.pass_time(timedelta(hours=20))  # past midnight, with nobody at work
    house.say("70")
    house.restart()
    assert await house.watch.run() == 1
    assert await house.notices() == ["limit"]
    house.restart()
    assert await house.watch.run() == 0
    assert await house.notices() == ["limit"]


async def test_a_day_that_began_while_the_desk_was_down_is_measured_from_what_was_known_before(
    house: LimitsHouse,
) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DAY, "0.1")
    await house.buy(account, "500000")
    await house.watch.run()
    house.pass_time(timedelta(hours=20))
    house.say("70")
    house.restart()
    assert await house.watch.run() == 1
    with pytest.raises(LimitReached, match="day"):
        await house.buy(account, "100")


async def test_the_pause_of_a_day_ends_with_the_day_of_the_user(house: LimitsHouse) -> None:
    account = await house.open(timezone="Asia/Seoul")  # 09:00 UTC is 18:00 there
    await house.limit(account, LimitKind.DAY, "0.05")
    await house.buy(account, "500000")
    house.pass_time(MINUTE)
    house.say("85")
    assert await house.watch.run() == 1
    with pytest.raises(LimitReached) as refused:
        await house.buy(account, "100")
    assert (refused.value.kind, refused.value.hours, refused.value.minutes) == ("day", 5, 59)
    with pytest.raises(PauseLasts):
        await house.limits.resume(account)
    house.pass_time(timedelta(hours=5, minutes=59))
    await house.buy(account, "100")
    assert await house.watch.run() == 0
    house.pass_time(MINUTE)
    house.say("70")
    assert await house.watch.run() == 1


async def test_an_old_price_never_triggers(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "400000")
    await house.buy(account, "50000", ETH)
    await house.watch.run()
    house.say("50")
    house.market.time += 60_000  # nobody confirmed that price for a minute
    house.at += MINUTE
    house.say("9.9", ETH)
    assert await house.watch.run() == 0
    house.say("50")
    assert await house.watch.run() == 1


async def test_a_coin_without_a_price_does_not_keep_others_from_triggering(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "400000")
    await house.buy(account, "50000", ETH)
    del house.market._quotes[ETH]
    del house.market.listed[ETH]
    house.pass_time(MINUTE)
    assert await house.watch.run() == 0
    house.say("70")
    assert await house.watch.run() == 1


async def test_a_reset_keeps_the_limits_and_begins_the_peak_anew(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "900000")
    house.say("200")
    house.pass_time(MINUTE)
    await house.watch.run()
    anew = await house.desk.reset(account, "reset")
    house.pass_time(MINUTE)
    assert await house.watch.run() == 0  # from 1,900,000 to 1,000,000 is no loss
    await house.buy(anew, "900000")
    house.pass_time(MINUTE)
    house.say("170")
    assert await house.watch.run() == 1


async def test_a_reset_ends_no_pause(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "900000")
    house.pass_time(MINUTE)
    house.say("80")
    await house.watch.run()
    anew = await house.desk.reset(account, "reset")
    with pytest.raises(LimitReached, match="drawdown"):
        await house.buy(anew, "100")
    assert await house.limits.resume(anew) == D(1_000_000)
    await house.buy(anew, "100")


async def test_accounts_without_limits_are_not_watched_and_those_of_the_desk_all_are(house: LimitsHouse) -> None:
    accounts = [await house.open(number) for number in (1, 2, 3)]
    for account in accounts:
        await house.buy(account, "500000")
    await house.limit(accounts[0], LimitKind.ORDER, "500000")
    await house.watch.run()
    assert await house.pool.fetchval("SELECT count(*) FROM account_limit_state") == 1  # where the limit was set
    await house.limits.change_desk(LimitKind.DRAWDOWN, D("0.2"))
    await house.watch.run()
    assert await house.pool.fetchval("SELECT count(*) FROM account_limit_state") == 3
    house.pass_time(MINUTE)
    house.say("50")
    assert await house.watch.run() == 3
    with pytest.raises(LimitReached) as refused:
        await house.buy(accounts[1], "100")
    assert refused.value.of_desk


async def test_desks_that_watch_at_once_pause_and_tell_once(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "500000")
    await house.rest(account, "1000", "40")
    house.pass_time(MINUTE)
    house.say("50")
    assert sum(await asyncio.gather(*(house.watch.run() for _ in range(5)))) == 1
    assert await house.notices() == ["limit"]


async def test_users_who_want_no_notices_are_paused_all_the_same(house: LimitsHouse) -> None:
    account = await house.open()
    await house.pool.execute("INSERT INTO notification_preference VALUES (1, 'limit', 'off')")
    await house.limit(account, LimitKind.DRAWDOWN, "0.1")
    await house.buy(account, "500000", BTC)
    house.pass_time(MINUTE)
    house.say("50")
    assert (await house.watch.run(), await house.notices()) == (1, [])
