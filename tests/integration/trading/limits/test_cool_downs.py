"""Every limit on losses has a cool-down of its own: the longest of those that are reached is waited for."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.priced_market import BTC
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.types import LimitKind
from trading.orders.types import QuoteAmount, Side
from trading.ports import Account


async def refused(house: LimitsHouse, account: Account) -> tuple[str, int] | None:
    """The limit that refuses a purchase and its preview, and the minutes until it ends."""
    found: list[tuple[str, int] | None] = []
    size = QuoteAmount(Decimal(1000))
    for place in (lambda: house.desk.preview(account, Side.BUY, BTC, size), lambda: house.buy(account, "1000")):
        try:
            await place()
            found.append(None)
        except LimitReached as error:
            found.append((error.kind, 60 * error.hours + error.minutes))
    assert found[0] == found[1], "the preview is refused like the order"
    return found[0]


async def test_each_limit_waits_for_its_own_time(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.STREAK, "1")
    await house.limit(account, LimitKind.LOSS, "0.05")
    await house.pool.execute("UPDATE trading_limit SET cooldown_minutes = 90 WHERE kind = 'streak'")
    await house.pool.execute("UPDATE trading_limit SET cooldown_minutes = 30 WHERE kind = 'loss'")
    await house.buy(account, "1000")
    house.say("90")
    await house.sell(account)
    found = []
    for minutes in (1, 28, 2, 58, 2):
        house.pass_time(timedelta(minutes=minutes))
        found.append(await refused(house, account))
    assert found == [("loss", 29), ("loss", 1), ("streak", 59), ("streak", 1), None]


@pytest.mark.parametrize(("fall", "expected"), [("90", "loss"), ("97", None)])
async def test_a_small_loss_starts_no_cool_down_of_the_limit_on_large_ones(
    house: LimitsHouse, fall: str, expected: str | None
) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.LOSS, "0.05")
    await house.buy(account, "1000")
    house.say(fall)
    await house.sell(account)
    found = await refused(house, account)
    assert (found[0] if found else None) == expected
