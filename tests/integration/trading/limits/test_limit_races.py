"""A hundred orders at once never pass a limit, whichever way they reach the ledger. Real PostgreSQL."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import DeskError
from tests.fakes.priced_market import BTC
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.types import LimitKind
from trading.ports import Account

D = Decimal
AT_ONCE = 100


async def _raced(house: LimitsHouse, account: Account, amount: str) -> tuple[int, list[LimitReached]]:
    """Half of the orders at the market and half as limit orders below it; how many were done, and the refusals."""
    answers = await asyncio.gather(
        *(house.buy(account, amount) if number % 2 else house.rest(account, amount, "90") for number in range(AT_ONCE)),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, LimitReached)]
    done = [answer for answer in answers if not isinstance(answer, BaseException)]
    others = [answer for answer in answers if isinstance(answer, DeskError) and not isinstance(answer, LimitReached)]
    assert not others, others
    assert len(done) + len(refused) == AT_ONCE
    return len(done), refused


async def test_a_coin_never_passes_its_share(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.COIN, "0.1")
    done, refused = await _raced(house, account, "20000")
    assert done in (4, 5)  # 100,000 of about a million, less fees
    assert refused[0].kind == LimitKind.COIN
    assert refused[0].allowed < 20_000
    row = await house.pool.fetchrow(
        "SELECT coalesce((SELECT sum(available + held) FROM balance WHERE account_id = $1 AND asset = 'BTC'), 0) * 100"
        " + coalesce((SELECT sum(quantity * hold_price) FROM open_order WHERE account_id = $1), 0)"
        " <= 0.1 * (SELECT sum((available + held) * CASE asset WHEN 'BTC' THEN 100 ELSE 1 END) FROM balance"
        "           WHERE account_id = $1)",
        account.account_id,
    )
    assert row[0]


async def test_no_order_is_above_the_largest(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDER, "1000")
    done, refused = await _raced(house, account, "1100")
    assert (done, {(each.kind, each.limit) for each in refused}) == (0, {(LimitKind.ORDER, D(1000))})
    assert (await _raced(house, account, "900"))[0] == AT_ONCE


async def test_no_more_orders_are_open_than_allowed(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDERS, "7")
    done, refused = await _raced(house, account, "100")
    assert (done, len(refused)) == (AT_ONCE // 2 + 7, AT_ONCE // 2 - 7)
    assert await house.pool.fetchval("SELECT count(*) FROM open_order") == 7


async def test_fees_never_carry_a_day_past_its_loss(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.DAY, "0.001")  # 1,000; a purchase of 100,000 costs about 110
    answers = await asyncio.gather(*(house.buy(account, "50000") for _ in range(AT_ONCE)), return_exceptions=True)
    done = sum(not isinstance(answer, BaseException) for answer in answers)
    assert 10 < done < AT_ONCE
    equity = (await house.desk.portfolio(account)).equity
    assert equity > D(999_000)


@pytest.mark.parametrize("kind", [LimitKind.DAY, LimitKind.DRAWDOWN])
async def test_nothing_is_bought_once_the_loss_is_reached(house: LimitsHouse, kind: LimitKind) -> None:
    account = await house.open()
    await house.limit(account, kind, "0.1")
    await house.buy(account, "500000")
    house.pass_time(timedelta(minutes=5))
    house.say("70")
    done, refused = await _raced(house, account, "100")
    assert (done, {each.kind for each in refused}) == (0, {kind})


@pytest.mark.parametrize(("kind", "value"), [(LimitKind.STREAK, "2"), (LimitKind.LOSS, "0.05")])
async def test_nothing_is_bought_in_a_cool_down(house: LimitsHouse, kind: LimitKind, value: str) -> None:
    account = await house.open()
    await house.limit(account, kind, value)
    for _ in range(2 if kind is LimitKind.STREAK else 1):
        house.say("100")
        await house.buy(account, "1000")
        house.say("90")
        await house.sell(account)
    done, refused = await _raced(house, account, "100")
    assert (done, {(each.kind, each.hours, each.minutes) for each in refused}) == (0, {(kind, 1, 0)})
    house.pass_time(timedelta(minutes=60))
    assert (await house.buy(account, "100")).execution.symbol == BTC
