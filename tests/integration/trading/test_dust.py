"""Dust of every origin on real PostgreSQL: it can always be sold, alone or all at once."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from core.outbox import Chat, NotificationTarget
from pipeline.errors import StalePrice, SymbolHalted
from pipeline.market import Symbol
from pipeline.rules import DELISTED, LotSize, SymbolRules
from tests.fakes.priced_market import BTC, COIN, ETH, PricedMarket, levels, rules_for
from trading.desk import Desk
from trading.dust import MAX_DUST_SALES
from trading.errors import (
    BalanceChanged,
    IdempotencyKeyReused,
    NoDust,
    NothingToSell,
    NothingToSpend,
    PriceMoved,
    SaleTooSmall,
    TradingHalted,
)
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.ports import Account

D = Decimal
ALL = Share(D(1))


async def holdings(desk: Desk, account: Account) -> dict[str, Decimal]:
    return {balance.asset: balance.total for balance in (await desk.balances(account))[1:]}


async def crumb(desk: Desk, account: Account, symbol: Symbol = BTC, worth: str = "5") -> None:
    """Buys for the minimum: what is left of it after the fee is worth less."""
    await desk.place(account, f"crumb-{symbol}", Side.BUY, symbol, QuoteAmount(D(worth)))


# -- origins -----------------------------------------------------------------------------------


async def sold_out(desk: Desk, account: Account, symbol: Symbol = BTC) -> None:
    previewed = await desk.preview(account, Side.SELL, symbol, ALL)
    assert previewed.balances_after[0].available == 0
    receipt = await desk.place(account, f"all-{symbol}", Side.SELL, symbol, ALL)
    assert receipt.execution.received == previewed.execution.received
    assert receipt.balances[0].total == 0
    assert await holdings(desk, account) == {}
    portfolio = await desk.portfolio(account)
    assert (portfolio.profit, portfolio.unrealised) == (portfolio.realised, 0)


async def test_dust_of_the_fee_can_be_sold(desk: Desk, account: Account) -> None:
    await crumb(desk, account)
    await sold_out(desk, account)


async def test_dust_of_a_fallen_price_can_be_sold(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, QuoteAmount(D(100)))
    market.say(BTC, "0.02", "0.03")
    await sold_out(desk, account)


async def test_dust_of_a_thin_book_can_be_sold(desk: Desk, account: Account, market: PricedMarket) -> None:
    market.show_book(BTC, levels(("99.99", "10")), levels(("100.01", "0.00002")))
    bought = await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    assert bought.execution.unfilled > 0
    await sold_out(desk, account)


async def test_dust_of_a_partly_filled_sale_can_be_sold(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    market.pass_time(1000)
    market.show_book(BTC, levels(("99.99", "0.99")), levels(("100.01", "1")))
    part = await desk.place(account, "most", Side.SELL, BTC, ALL)
    assert 0 < part.execution.unfilled == part.balances[0].available
    market.pass_time(1000)
    market.show_book(BTC, levels(("99.99", "1")), levels(("100.01", "1")))
    await sold_out(desk, account)


async def test_dust_of_a_partial_sale_can_be_sold(desk: Desk, account: Account) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    await desk.place(account, "most", Side.SELL, BTC, BaseQuantity(D("0.99")))
    await sold_out(desk, account)


async def test_dust_below_one_step_can_be_sold(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D("0.1")))
    market.listed[BTC] = rules_for("BTC", step="1")
    await sold_out(desk, account)


async def test_dust_below_the_minimum_quantity_can_be_sold(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D("0.1")))
    lot = LotSize(D(50), D(9000), D("0.00001"))
    market.listed[BTC] = replace(market.listed[BTC], market_lot=lot)
    await sold_out(desk, account)


async def test_dust_that_is_worth_nothing_leaves_for_nothing(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    free = SymbolRules(BTC, "BTC", "USDC", quote_scale=2, tick_size=D("0.01"))
    market.listed[BTC] = free
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D("0.1")))
    await desk.place(account, "most", Side.SELL, BTC, BaseQuantity(D("0.09989")))
    receipt = await desk.place(account, "all", Side.SELL, BTC, ALL)
    assert (receipt.execution.quote_amount, receipt.execution.fee, receipt.execution.received) == (0, 0, 0)
    assert await holdings(desk, account) == {}
    assert await desk.receipt(account, receipt.order_id) == receipt


async def test_a_typed_quantity_that_is_all_there_is_sells_all(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await crumb(desk, account)
    there = (await holdings(desk, account))["BTC"]
    previewed = await desk.preview(account, Side.SELL, BTC, BaseQuantity(there))
    assert previewed.whole_balance
    assert (await desk.confirm(account, "yes", previewed)).balances[0].total == 0
    market.pass_time(1000)
    await desk.place(account, "again", Side.BUY, ETH, BaseQuantity(D("1.00001")))
    there = (await holdings(desk, account))["ETH"]  # between two steps
    assert (await desk.place(account, "typed", Side.SELL, ETH, BaseQuantity(there))).balances[0].total == 0


# -- parts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "smallest"),
    [(Share(D("0.5")), "0.05001"), (BaseQuantity(D("0.0001")), "0.05001"), (QuoteAmount(D(1)), "0.05001")],
)
async def test_a_part_below_the_minimum_names_the_smallest_one(
    desk: Desk, account: Account, size: Share | BaseQuantity | QuoteAmount, smallest: str
) -> None:
    await crumb(desk, account)
    for attempt in (
        desk.preview(account, Side.SELL, BTC, size),
        desk.place(account, "part", Side.SELL, BTC, size),
    ):
        with pytest.raises(SaleTooSmall) as refused:
            await attempt
        assert (refused.value.symbol, refused.value.asset, refused.value.smallest) == (BTC, "BTC", D(smallest))


async def test_a_share_below_one_step_names_the_smallest_part(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D("0.1")))
    market.listed[BTC] = rules_for("BTC", step="1")
    for fraction in ("0.5", "0.00000001"):
        with pytest.raises(SaleTooSmall) as refused:
            await desk.preview(account, Side.SELL, BTC, Share(D(fraction)))
        assert refused.value.smallest == 1


async def test_nobody_without_a_holding_is_told_of_minimums(desk: Desk, account: Account) -> None:
    with pytest.raises(NothingToSell):
        await desk.preview(account, Side.SELL, BTC, BaseQuantity(D("0.0001")))


async def test_a_share_of_no_money_buys_nothing(desk: Desk, account: Account, market: PricedMarket) -> None:
    market.listed[BTC] = SymbolRules(BTC, "BTC", "USDC", tick_size=D("0.01"))
    market.say(BTC, "100", "100", size="1000000")
    await desk.place(account, "all", Side.BUY, BTC, ALL)
    assert (await desk.balances(account))[0].asset == "BTC"
    for size in (ALL, Share(D("0.5"))):
        with pytest.raises(NothingToSpend):
            await desk.preview(account, Side.BUY, BTC, size)


# -- all at once -------------------------------------------------------------------------------


async def three_crumbs(desk: Desk, account: Account) -> None:
    for symbol in (BTC, ETH, COIN):
        await crumb(desk, account, symbol)


async def test_all_dust_is_sold_by_one_command(desk: Desk, account: Account, market: PricedMarket) -> None:
    market.listed[Symbol("XUSDC")] = rules_for("X")
    market.say(Symbol("XUSDC"), "1", "1.01")
    await desk.place(account, "keep", Side.BUY, Symbol("XUSDC"), QuoteAmount(D(50)))
    await three_crumbs(desk, account)
    previewed = await desk.preview_dust(account)
    assert [crumb.asset for crumb in previewed.crumbs] == ["BTC", "ETH", "币安人生"]
    before = (await desk.balances(account))[0].available
    sold = await desk.sell_dust(account, "dust", previewed.crumbs)
    assert sold.kept == ()
    assert sold.received == previewed.received == (await desk.balances(account))[0].available - before
    assert await holdings(desk, account) == {"X": D("49.45544505")}
    assert sold.realised == sum(receipt.realised or 0 for receipt in sold.receipts)
    lines = (await desk.history(account, 10)).lines
    assert [line.order_id for line in lines[:3]] == [receipt.order_id for receipt in reversed(sold.receipts)]
    assert [await desk.receipt(account, each.order_id) for each in sold.receipts] == list(sold.receipts)


async def test_a_repeated_sale_of_dust_gets_its_first_answer(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await three_crumbs(desk, account)
    first = await desk.sell_dust(account, "dust")
    market.pass_time(1000)
    await desk.place(account, "new", Side.BUY, BTC, QuoteAmount(D(5)))
    again = await desk.sell_dust(account, "dust")
    assert again.receipts == first.receipts
    assert list(await holdings(desk, account)) == ["BTC"]
    market.down = True
    assert (await desk.sell_dust(account, "dust")).receipts == first.receipts


async def test_copies_of_one_sale_of_dust_make_its_orders_once(desk: Desk, account: Account) -> None:
    await three_crumbs(desk, account)
    agreed = (await desk.preview_dust(account)).crumbs
    sold = await asyncio.gather(*(desk.sell_dust(account, "dust", agreed) for _ in range(5)))
    assert {each.receipts for each in sold} == {sold[0].receipts}
    assert len(sold[0].receipts) == 3
    assert await holdings(desk, account) == {}


async def test_a_sale_of_dust_with_another_wish_is_refused(desk: Desk, account: Account) -> None:
    await three_crumbs(desk, account)
    agreed = (await desk.preview_dust(account)).crumbs
    await desk.sell_dust(account, "dust", agreed)
    other = await desk.open(2, "start-2")
    for attempt in (desk.sell_dust(account, "dust"), desk.sell_dust(other, "dust", agreed)):
        with pytest.raises(IdempotencyKeyReused):
            await attempt


async def test_only_what_was_agreed_to_is_sold(desk: Desk, account: Account, market: PricedMarket) -> None:
    await crumb(desk, account, BTC)
    await crumb(desk, account, ETH)
    agreed = (await desk.preview_dust(account)).crumbs
    market.pass_time(1000)
    await crumb(desk, account, COIN)
    await desk.place(account, "more", Side.BUY, ETH, QuoteAmount(D(50)))
    sold = await desk.sell_dust(account, "dust", agreed)
    assert [receipt.execution.symbol for receipt in sold.receipts] == [BTC]
    assert [(kept.asset, type(kept.reason)) for kept in sold.kept] == [("ETH", BalanceChanged)]
    assert sorted(await holdings(desk, account)) == ["ETH", "币安人生"]


async def test_dust_that_cannot_be_sold_is_named(desk: Desk, account: Account, market: PricedMarket) -> None:
    await three_crumbs(desk, account)
    agreed = (await desk.preview_dust(account)).crumbs
    market.pass_time(60_000)
    market.say(BTC, "99", "100")
    market.listed[ETH] = replace(market.listed[ETH], status="BREAK")
    previewed = await desk.preview_dust(account)
    assert [crumb.asset for crumb in previewed.crumbs] == ["BTC", "币安人生"]
    assert [(kept.asset, type(kept.reason)) for kept in previewed.kept] == [("ETH", SymbolHalted)]
    market.time += 60_000
    market.say(BTC, "99", "100")
    sold = await desk.sell_dust(account, "dust", agreed[1:])
    assert sold.receipts == ()


async def test_dust_of_a_delisted_symbol_goes_at_its_last_price(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await crumb(desk, account)
    market.pass_time(1000)
    market.listed[BTC] = replace(market.listed[BTC], status=DELISTED, last_price=D("80"))
    previewed = await desk.preview_dust(account)
    assert [crumb.price for crumb in previewed.crumbs] == [80]
    sold = await desk.sell_dust(account, "dust", previewed.crumbs)
    assert (sold.kept, await holdings(desk, account)) == ((), {})


async def test_nothing_to_sweep_is_refused(desk: Desk, account: Account, market: PricedMarket) -> None:
    assert (await desk.preview_dust(account)).crumbs == ()
    with pytest.raises(NoDust):
        await desk.sell_dust(account, "none")
    await crumb(desk, account)
    agreed = (await desk.preview_dust(account)).crumbs
    market.say(BTC, "50", "51")
    moved = await desk.sell_dust(account, "moved", agreed)
    assert (moved.receipts, [type(kept.reason) for kept in moved.kept]) == ((), [PriceMoved])
    market.time += 60_000
    kept = (await desk.preview_dust(account)).kept
    assert [(each.asset, type(each.reason)) for each in kept] == [("BTC", StalePrice)]
    assert list(await holdings(desk, account)) == ["BTC"]


async def test_a_price_that_fell_keeps_its_crumb_back(desk: Desk, account: Account, market: PricedMarket) -> None:
    await three_crumbs(desk, account)
    agreed = (await desk.preview_dust(account)).crumbs
    market.say(ETH, "9.50", "10.01")
    sold = await desk.sell_dust(account, "dust", agreed)
    assert [(kept.asset, type(kept.reason)) for kept in sold.kept] == [("ETH", PriceMoved)]
    assert len(sold.receipts) == 2


async def test_a_halt_keeps_all_dust(desk: Desk, account: Account, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    await three_crumbs(desk, account)
    agreed = (await desk.preview_dust(account)).crumbs
    await pool.fetchval("SELECT set_trading(true, 'maintenance')")
    for attempt in (desk.preview_dust(account), desk.sell_dust(account, "dust", agreed)):
        with pytest.raises(TradingHalted):
            await attempt
    await pool.fetchval("SELECT set_trading(false, '')")
    assert len((await desk.sell_dust(account, "dust", agreed)).receipts) == 3


async def test_one_command_sells_a_bounded_number(desk: Desk, account: Account, market: PricedMarket) -> None:
    for number in range(MAX_DUST_SALES + 2):
        symbol = Symbol(f"C{number}USDC")
        market.listed[symbol] = rules_for(f"C{number}")
        market.say(symbol, "99.99", "100.01")
    await asyncio.gather(*(crumb(desk, account, Symbol(f"C{number}USDC")) for number in range(MAX_DUST_SALES + 2)))
    previewed = await desk.preview_dust(account)
    assert (len(previewed.crumbs), previewed.more) == (MAX_DUST_SALES, 2)
    assert len((await desk.sell_dust(account, "dust", previewed.crumbs)).receipts) == MAX_DUST_SALES
    assert len(await holdings(desk, account)) == 2
    assert (await desk.preview_dust(account)).more == 0


async def test_a_sale_of_dust_is_told_in_the_chosen_chat(
    desk: Desk, account: Account, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    person = await pool.fetchval("INSERT INTO person (language, timezone) VALUES ('en', 'UTC') RETURNING id")
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'console', 'me', false)",
        person,
    )
    mine = await desk.open(person, "start-mine")
    await three_crumbs(desk, mine)
    await desk.sell_dust(mine, "dust", notify=NotificationTarget(Chat("console", "me")))
    assert await pool.fetchval("SELECT count(*) FROM outbox WHERE kind = 'fill'") == 3
