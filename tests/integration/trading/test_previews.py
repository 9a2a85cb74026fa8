"""Previews and the prices that move before they are confirmed, on real PostgreSQL."""

from decimal import Decimal

import pytest

from tests.fakes.priced_market import BTC, PricedMarket
from trading.desk import Desk
from trading.errors import InsufficientFunds, NothingToSell, PriceMoved
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.ports import Account

D = Decimal


async def test_a_preview_tells_what_confirming_does(desk: Desk, account: Account) -> None:
    previewed = await desk.preview(account, Side.BUY, BTC, Share(D("0.1")))
    assert isinstance(previewed.size, QuoteAmount)
    assert previewed.size.amount == 100_000
    receipt = await desk.confirm(account, "press", previewed)
    assert receipt.execution == previewed.execution
    assert receipt.balances == previewed.balances_after
    sale = await desk.preview(account, Side.SELL, BTC, Share(D(1)))
    assert sale.whole_balance
    assert sale.balances_after[0].available == 0
    sold = await desk.confirm(account, "press-2", sale)
    assert sold.balances == sale.balances_after


@pytest.mark.parametrize(("side", "now"), [(Side.BUY, "100.52"), (Side.SELL, "99.48")])
async def test_a_price_that_moved_too_far_against_the_person_is_refused_with_the_new_one(
    side: Side, now: str, desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    previewed = await desk.preview(account, side, BTC, BaseQuantity(D(1)))
    market.say(BTC, now, now)
    with pytest.raises(PriceMoved) as refused:
        await desk.confirm(account, "press", previewed)
    error = refused.value
    assert error.previewed == previewed.execution.average_price
    assert error.now == D(now)
    assert error.tolerance == D("0.005")


@pytest.mark.parametrize(("side", "now"), [(Side.BUY, "100.51"), (Side.SELL, "99.50")])
async def test_a_price_within_the_tolerance_fills_at_the_price_of_now(
    side: Side, now: str, desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    previewed = await desk.preview(account, side, BTC, BaseQuantity(D(1)))
    market.say(BTC, now, now)
    receipt = await desk.confirm(account, "press", previewed)
    assert receipt.execution.average_price == D(now)


async def test_a_price_that_moved_in_the_persons_favour_is_theirs(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    previewed = await desk.preview(account, Side.BUY, BTC, BaseQuantity(D(1)))
    market.say(BTC, "49.99", "50.01")
    assert (await desk.confirm(account, "press", previewed)).execution.average_price == D("50.01")


async def test_one_press_makes_one_order_even_after_the_price_moved(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    previewed = await desk.preview(account, Side.BUY, BTC, BaseQuantity(D(1)))
    first = await desk.confirm(account, "press", previewed)
    market.say(BTC, "199.99", "200.01")
    assert await desk.confirm(account, "press", previewed) == first


async def test_a_previewed_whole_balance_that_grew_is_sold_as_the_quantity_it_was(desk: Desk, account: Account) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D("1.00001")))
    previewed = await desk.preview(account, Side.SELL, BTC, Share(D(1)))
    await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))
    sold = await desk.confirm(account, "press", previewed)
    assert sold.execution.quantity == D("0.99900")
    assert sold.balances[0].available == D("0.99900999") + D("0.999") - D("0.999")


async def test_a_previewed_sale_of_what_was_sold_meanwhile_is_refused(desk: Desk, account: Account) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(1)))
    previewed = await desk.preview(account, Side.SELL, BTC, Share(D(1)))
    await desk.place(account, "c2", Side.SELL, BTC, Share(D("0.5")))
    with pytest.raises(InsufficientFunds):
        await desk.confirm(account, "press", previewed)
    await desk.place(account, "c3", Side.SELL, BTC, Share(D(1)))
    with pytest.raises(NothingToSell):
        await desk.confirm(account, "press", previewed)
