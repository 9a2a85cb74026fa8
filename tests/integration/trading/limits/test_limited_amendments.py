"""An amendment after which more may be bought is checked like a new order, also of a purchase filled in part."""

from decimal import Decimal

import pytest

from tests.fakes.priced_market import BTC
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.types import LimitKind
from trading.orders.records import OrderRecord
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account

D = Decimal


async def filled_in_part(house: LimitsHouse, account: Account, price: str) -> OrderRecord:
    """A purchase of 990, of which 980 were filled."""
    house.market.say(BTC, str(D(price) - D("0.01")), price, "980")
    request = OrderRequest(BTC, Side.BUY, OrderType.LIMIT, BaseQuantity(D(990)), limit_price=D(price))
    (order,) = (await house.resting.place(account, "part", request)).orders
    assert 0 < order.filled < order.quantity
    return order


async def test_the_coin_limit_counts_what_is_left_and_not_what_was_filled(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.COIN, "0.10")
    order = await filled_in_part(house, account, "100")
    with pytest.raises(LimitReached, match="coin"):
        await house.resting.amend(account, "more", order.order_id, quantity=D(1970), price=D(50))
    lower = await house.resting.amend(account, "less", order.order_id, quantity=D(985), price=D(50))
    assert lower.quantity == D(985)


async def test_nothing_more_is_bought_in_a_cool_down(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.LOSS, "0.05")
    await house.buy(account, "10000")
    order = await filled_in_part(house, account, "90")
    house.say("80")
    await house.sell(account, share="0.5")
    for change in ({"quantity": D(2080), "price": D("42.8")}, {"quantity": D(991), "price": D(1)}):
        with pytest.raises(LimitReached, match="loss"):
            await house.resting.amend(account, f"more-{change}", order.order_id, **change)
    lower = await house.resting.amend(account, "less", order.order_id, quantity=D(989), price=D(50))
    assert lower.quantity == D(989)


async def test_the_limit_of_an_order_counts_what_it_has_spent(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDER, "100000")
    order = await filled_in_part(house, account, "100")
    with pytest.raises(LimitReached, match="order"):
        await house.resting.amend(account, "more", order.order_id, quantity=D(1970), price=D(50))
    assert (await house.resting.amend(account, "a few", order.order_id, quantity=D(1000), price=D(50))).quantity == 1000
