"""What limits refuse and what they never refuse: sales, cancellations, resting purchases, brackets and amendments."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.priced_market import BTC, ETH
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.types import LimitKind
from trading.orders.requests import BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import QuoteAmount, Share, Side

D = Decimal


async def test_sales_and_cancellations_are_never_refused(house: LimitsHouse) -> None:
    account = await house.open()
    await house.buy(account, "500000")
    placed = await house.rest(account, "1000", "90")
    for kind, value in (
        (LimitKind.ORDER, "1"),
        (LimitKind.COIN, "0.001"),
        (LimitKind.DAY, "0.01"),
        (LimitKind.DRAWDOWN, "0.01"),
        (LimitKind.LOSS, "0.01"),
        (LimitKind.STREAK, "1"),
    ):
        await house.limit(account, kind, value)
    house.say("60")
    await house.watch.run()
    with pytest.raises(LimitReached):
        await house.buy(account, "100")
    assert (await house.sell(account, share="0.5")).execution.side is Side.SELL
    assert len((await house.rest(account, "1", "80", Side.SELL)).orders) == 1
    await house.resting.cancel_all(account, "cancel all")
    assert await house.resting.open_orders(account) == []
    assert placed.orders[0].order_id


async def test_the_number_of_open_orders_counts_both_sides(house: LimitsHouse) -> None:
    account = await house.open()
    await house.buy(account, "10000")
    await house.limit(account, LimitKind.ORDERS, "2")
    await house.rest(account, "1000", "90")
    with pytest.raises(LimitReached, match="orders"):  # both orders of a pair count
        await house.resting.place(account, "pair", OcoRequest(BTC, Side.SELL, Share(D("0.5")), D(120), D(80)))
    await house.rest(account, "0.5", "120", Side.SELL)
    with pytest.raises(LimitReached, match="orders"):
        await house.rest(account, "0.2", "120", Side.SELL)
    await house.sell(account)  # an order at the market leaves none open


async def test_open_purchases_count_towards_a_coin(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.COIN, "0.1")
    await house.rest(account, "60000", "90")
    with pytest.raises(LimitReached) as refused:
        await house.rest(account, "60000", "80")
    assert D(39_000) < refused.value.allowed <= D(40_001)
    with pytest.raises(LimitReached) as refused:
        await house.buy(account, "60000")
    await house.buy(account, f"{refused.value.allowed - 100}")
    await house.rest(account, "60000", "9", symbol=ETH)  # another coin has a share of its own


async def test_a_bracket_counts_its_entry_once(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDER, "10000")
    await house.limit(account, LimitKind.COIN, "0.02")
    entry = BracketRequest(BTC, Side.BUY, QuoteAmount(D(9000)), D(120), D(80), entry_price=D(95))
    assert len((await house.resting.place(account, "bracket", entry)).orders) == 3
    dear = BracketRequest(BTC, Side.BUY, QuoteAmount(D(11000)), D(120), D(80), entry_price=D(95))
    with pytest.raises(LimitReached, match="'order'"):
        await house.resting.place(account, "dear", dear)
    with pytest.raises(LimitReached, match="'order'"):
        await house.resting.preview(account, dear)


async def test_an_amendment_that_buys_more_is_checked_like_an_order(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDER, "1000")
    (order,) = (await house.rest(account, "900", "90")).orders
    with pytest.raises(LimitReached, match="'order'"):
        await house.resting.amend(account, "more", order.order_id, quantity=D(12))
    await house.limit(account, LimitKind.ORDER, "100")
    less = await house.resting.amend(account, "less", order.order_id, quantity=D(5))
    assert less.quantity == 5
    lower = await house.resting.amend(account, "lower", order.order_id, price=D(85))
    assert lower.limit_price == 85


async def test_a_repeated_order_gets_its_first_answer_though_a_limit_came_since(house: LimitsHouse) -> None:
    account = await house.open()
    first = await house.desk.place(account, "once", Side.BUY, BTC, QuoteAmount(D(1000)))
    await house.limit(account, LimitKind.ORDER, "10")
    assert await house.desk.place(account, "once", Side.BUY, BTC, QuoteAmount(D(1000))) == first


async def test_a_preview_is_refused_like_its_order(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDER, "1000")
    with pytest.raises(LimitReached):
        await house.desk.preview(account, Side.BUY, BTC, QuoteAmount(D(2000)))
    await house.desk.preview(account, Side.BUY, BTC, QuoteAmount(D(900)))
    stop = OrderRequest(BTC, Side.BUY, OrderType.STOP_LOSS, QuoteAmount(D(2000)), stop_price=D(110))
    with pytest.raises(LimitReached):
        await house.resting.preview(account, stop)


async def test_the_strictest_of_the_user_and_the_desk_applies(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limits.change_desk(LimitKind.ORDER, D(1000))
    with pytest.raises(LimitReached) as refused:
        await house.buy(account, "2000")
    assert (refused.value.limit, refused.value.of_desk) == (D(1000), True)
    await house.limit(account, LimitKind.ORDER, "500")
    with pytest.raises(LimitReached) as refused:
        await house.buy(account, "700")
    assert (refused.value.limit, refused.value.of_desk) == (D(500), False)
    await house.limits.change_desk(LimitKind.ORDER, None)
    await house.buy(account, "400")


async def test_a_raise_waits_and_a_lower_value_applies_at_once(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.ORDER, "1000")
    change = await house.limits.change(account, LimitKind.ORDER, D(5000))
    assert change.at == house.at + timedelta(hours=24)
    house.pass_time(timedelta(hours=23))
    with pytest.raises(LimitReached):
        await house.buy(account, "2000")
    house.pass_time(timedelta(hours=1))
    await house.buy(account, "2000")
    await house.limit(account, LimitKind.ORDER, "1500")
    with pytest.raises(LimitReached):
        await house.buy(account, "2000")
    await house.limits.change(account, LimitKind.ORDER, None)
    assert (await house.limits.keep(account, LimitKind.ORDER)).next_at is None
    house.pass_time(timedelta(hours=25))
    with pytest.raises(LimitReached):
        await house.buy(account, "2000")
    await house.limits.change(account, LimitKind.ORDER, None)
    house.pass_time(timedelta(hours=24))
    await house.buy(account, "2000")
    assert (await house.limits.overview(account)).own == []


async def test_a_profit_ends_a_streak_and_parts_of_one_order_count_once(house: LimitsHouse) -> None:
    account = await house.open()
    await house.limit(account, LimitKind.STREAK, "2")
    await house.buy(account, "1000")
    house.say("90")
    await house.sell(account, share="0.3")
    house.say("120")
    await house.sell(account, share="0.3")
    house.say("90")
    await house.sell(account, share="0.3")
    await house.buy(account, "1000")
    await house.sell(account, share="0.3")
    with pytest.raises(LimitReached, match="streak"):
        await house.buy(account, "1000")
