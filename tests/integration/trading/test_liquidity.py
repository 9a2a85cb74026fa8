"""Liquidity that orders use: no displayed quantity is used twice, no book before the quote fills."""

from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from pipeline.market import Level, OrderBook, Symbol
from tests.fakes.priced_market import BTC, ETH, PricedMarket, levels
from tests.integration.trading.desk_figures import rows_written
from trading.desk import Desk
from trading.errors import BookDisagrees, InsufficientFunds, NoLiquidity, NothingToSell, PriceMoved
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.ports import Account

D = Decimal


async def test_the_same_displayed_quantity_is_not_used_twice(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2"), ("101", "2")))
    first = await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    second = await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))
    assert (first.execution.average_price, second.execution.average_price) == (100, 101)
    third = await desk.place(account, "c3", Side.BUY, BTC, BaseQuantity(D(9)))
    assert (third.execution.quantity, third.execution.unfilled) == (1, 8)
    with pytest.raises(NoLiquidity):
        await desk.place(account, "c4", Side.BUY, BTC, BaseQuantity(D(1)))
    market.pass_time(1000)
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2")))
    assert (await desk.place(account, "c5", Side.BUY, BTC, BaseQuantity(D(1)))).execution.average_price == 100


async def test_a_display_that_is_confirmed_again_is_not_used_again(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2"), ("101", "2")))
    began = market.time
    assert (await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))).execution.average_price == 100
    market.pass_time(300_000)
    market.books[BTC] = replace(market.books[BTC], time=market.time, since=began)
    second = await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))
    assert (second.execution.average_price, second.execution.price_age_ms) == (101, 0)


async def test_a_book_far_from_the_quote_fills_nothing(
    desk: Desk, account: Account, market: PricedMarket, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    market.show_book(BTC, levels(("0.00096", "5000")), levels(("0.00097", "5000")))
    before = await rows_written(pool)
    with pytest.raises(BookDisagrees):
        await desk.preview(account, Side.BUY, BTC, QuoteAmount(D(1000)))
    with pytest.raises(BookDisagrees):
        await desk.place(account, "c1", Side.BUY, BTC, QuoteAmount(D(1000)))
    assert await rows_written(pool) == before


async def test_no_order_fills_at_a_book_before_the_quote(
    desk: Desk, account: Account, market: PricedMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that remembers its book, as Binance's does, while the market leaps by 1.2 % to and fro."""
    remembered: list[tuple[int, OrderBook]] = []

    async def cached(symbol: Symbol, after: int) -> OrderBook:
        if not remembered or remembered[-1][0] < after:
            remembered.append((after, replace(market.books[symbol], time=market.time)))
        return remembered[-1][1]

    def leap(price: str) -> None:
        market.pass_time(100)
        middle = D(price)
        market.say(BTC, f"{middle - D('0.01')}", f"{middle + D('0.01')}")
        market.show_book(BTC, *([Level(middle + step, D(900))] for step in (D("-0.01"), D("0.01"))))

    monkeypatch.setattr(market, "order_book", cached)
    leap("100")
    await desk.place(account, "c0", Side.BUY, BTC, BaseQuantity(D(1)))
    previewed = await desk.preview(account, Side.BUY, BTC, QuoteAmount(D(200_000)))
    leap("101.2")
    with pytest.raises(PriceMoved):
        await desk.confirm(account, "c1", previewed)
    assert (await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))).execution.average_price == D("101.21")
    agreed = await desk.preview(account, Side.SELL, BTC, BaseQuantity(D(1)))
    leap("101")
    sold = await desk.confirm(account, "c3", agreed)
    assert sold.execution.average_price == D("100.99"), "a fresh book that agrees with the quote fills at once"
    assert len(remembered) == 3


async def test_an_account_without_money_asks_for_no_book(
    desk: Desk, account: Account, market: PricedMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.say(BTC, "999.99", "1000")
    await desk.place(account, "all", Side.BUY, BTC, BaseQuantity(D(1000)))

    async def asked(symbol: Symbol, _after: int) -> None:
        raise AssertionError(symbol)

    monkeypatch.setattr(market, "order_book", asked)
    for size, needed in ((QuoteAmount(D(50)), D(50)), (BaseQuantity(D(2)), D(2000))):
        with pytest.raises(InsufficientFunds) as refused:
            await desk.preview(account, Side.BUY, BTC, size)
        assert (refused.value.asset, refused.value.needed, refused.value.available) == ("USDC", needed, 0)
    with pytest.raises(NothingToSell):
        await desk.preview(account, Side.SELL, ETH, BaseQuantity(D(1)))


async def test_refused_and_repeated_orders_use_no_liquidity(desk: Desk, account: Account, market: PricedMarket) -> None:
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2000")))
    await desk.place(account, "spent", Side.BUY, BTC, BaseQuantity(D(2000)))
    market.pass_time(1000)
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2"), ("104", "8000")))
    with pytest.raises(InsufficientFunds):
        await desk.place(account, "c0", Side.BUY, BTC, BaseQuantity(D(8000)))
    for _ in range(3):
        await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(1)))
    await desk.preview(account, Side.BUY, BTC, BaseQuantity(D(1)))
    assert (await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))).execution.average_price == 100
