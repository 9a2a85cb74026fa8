"""Accounts, buys and refusals of the desk on real PostgreSQL, at prices the test says."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from core.decimals import down_to_step
from pipeline.errors import (
    ExchangeFilterViolation,
    MarketUnavailable,
    NoPriceYet,
    StalePrice,
    SymbolHalted,
    UnknownSymbol,
)
from pipeline.market import Symbol
from tests.fakes.priced_market import BTC, COIN, ETH, PricedMarket, rules_for
from tests.integration.trading.desk_figures import GRANT, WALL, rows_written
from trading.desk import Desk
from trading.errors import (
    AmountTooLarge,
    BelowMinimumQuantity,
    InsufficientFunds,
    NoAccount,
    NoLiquidity,
    NothingToSell,
    ShareOutOfRange,
    UnsupportedQuoteAsset,
)
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal


async def test_an_account_opens_once_however_many_ask_at_once(desk: Desk) -> None:
    opened = await asyncio.gather(*(desk.open(7, f"start-{i}") for i in range(20)))
    assert len({account.account_id for account in opened}) == 1
    assert opened[0] == await desk.account(7)
    assert (opened[0].round, opened[0].granted, opened[0].quote_asset) == (1, GRANT, "USDC")
    assert [balance.available for balance in await desk.balances(opened[0])] == [GRANT]


async def test_each_market_has_an_account_of_its_own(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(Decimal(1)))
    market.identity = "another"
    with pytest.raises(NoAccount):
        await desk.account(1)
    with pytest.raises(UnknownSymbol):
        await desk.place(account, "sell at other prices", Side.SELL, BTC, Share(Decimal(1)))
    fresh = await desk.open(1, "start anew")
    assert [balance.available for balance in await desk.balances(fresh)] == [GRANT]
    market.identity = ""
    assert (await desk.account(1)).account_id == account.account_id
    assert len(await desk.balances(account)) == 2


async def test_who_has_not_opened_an_account_has_none(desk: Desk, account: Account) -> None:
    with pytest.raises(NoAccount):
        await desk.account(2)
    stranger = replace(account, account_id=account.account_id + 999)
    for attempt in (
        desk.place(stranger, "x", Side.BUY, BTC, BaseQuantity(D(1))),
        desk.reset(stranger, "y"),
        desk.portfolio(stranger),
        desk.balances(stranger),
    ):
        with pytest.raises(NoAccount):
            await attempt


async def test_a_buy_moves_money_and_its_receipt_is_kept_as_it_was(desk: Desk, account: Account) -> None:
    receipt = await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    assert receipt.execution.quote_amount == D("200.02")
    assert receipt.execution.received == D("1.998")
    bitcoin, cash = receipt.balances
    assert (bitcoin.asset, bitcoin.available, bitcoin.held) == ("BTC", D("1.998"), 0)
    assert (cash.asset, cash.available) == ("USDC", D("999799.98"))
    assert receipt.realised is None
    assert receipt.at.timestamp() * 1000 == WALL
    assert await desk.receipt(account, receipt.order_id) == receipt
    assert [balance.asset for balance in await desk.balances(account)] == ["USDC", "BTC"]


async def test_a_receipt_is_shown_to_its_account_only(desk: Desk, account: Account) -> None:
    receipt = await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    other = await desk.open(2, "start-2")
    assert await desk.receipt(other, receipt.order_id) is None
    assert await desk.receipt(account, receipt.order_id + 1) is None


async def test_ten_buys_of_a_tenth_can_be_sold_again_to_exactly_zero(desk: Desk, account: Account) -> None:
    for number in range(10):
        await desk.place(account, f"buy-{number}", Side.BUY, BTC, BaseQuantity(D("0.1")))
    receipt = await desk.place(account, "sell", Side.SELL, BTC, Share(D(1)))
    assert receipt.execution.quantity == D("0.999")
    assert receipt.balances[0].available == 0
    portfolio = await desk.portfolio(account)
    assert portfolio.positions == ()
    assert portfolio.realised == portfolio.profit == receipt.realised
    assert [balance.asset for balance in await desk.balances(account)] == ["USDC"]


async def test_ten_buys_of_a_tenth_add_up_without_a_fee(
    market: PricedMarket, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    desk = Desk(market, PostgresLedger(pool), TradingSettings(fee_rate=D(0)), lambda: WALL)
    account = await desk.open(1, "start")
    for number in range(10):
        await desk.place(account, f"buy-{number}", Side.BUY, BTC, BaseQuantity(D("0.1")))
    receipt = await desk.place(account, "sell", Side.SELL, BTC, BaseQuantity(D(1)))
    assert receipt.balances[0].available == 0
    assert receipt.execution.fee == 0


async def test_what_is_missing_is_said(desk: Desk, account: Account, market: PricedMarket) -> None:
    market.say(ETH, "999.99", "1000.01", size="9000")
    with pytest.raises(InsufficientFunds) as refused:
        await desk.place(account, "c1", Side.BUY, ETH, BaseQuantity(D(1001)))
    error = refused.value
    assert (error.asset, error.available) == ("USDC", GRANT)
    assert error.missing == error.needed - GRANT > 0
    await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))
    with pytest.raises(InsufficientFunds) as refused:
        await desk.place(account, "c3", Side.SELL, BTC, BaseQuantity(D(1)))
    error = refused.value
    assert (error.asset, error.needed, error.available, error.missing) == ("BTC", 1, D("0.999"), D("0.001"))


async def test_refusals_write_no_row(
    desk: Desk, account: Account, market: PricedMarket, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    market.listed[Symbol("HALTUSDC")] = rules_for("HALT", status="HALT")
    market.listed[Symbol("NEWUSDC")] = rules_for("NEW")
    market.listed[Symbol("EURUSDT")] = replace(rules_for("EUR"), quote="USDT")
    market.say(COIN, "0.50", "0.51", size="0")
    before = await rows_written(pool)
    for number, (side, symbol, size, error) in enumerate(
        [
            (Side.BUY, Symbol("HALTUSDC"), BaseQuantity(D(1)), SymbolHalted),
            (Side.BUY, Symbol("NEWUSDC"), BaseQuantity(D(1)), NoPriceYet),
            (Side.BUY, Symbol("NONEUSDC"), BaseQuantity(D(1)), UnknownSymbol),
            (Side.BUY, Symbol("EURUSDT"), BaseQuantity(D(1)), UnsupportedQuoteAsset),
            (Side.BUY, COIN, BaseQuantity(D(100)), NoLiquidity),
            (Side.BUY, BTC, BaseQuantity(D("0.0000000001")), BelowMinimumQuantity),
            (Side.BUY, BTC, BaseQuantity(D("0.0001")), ExchangeFilterViolation),
            (Side.BUY, BTC, BaseQuantity(D(10) ** 30), AmountTooLarge),
            (Side.BUY, BTC, QuoteAmount(D(10) ** 30), AmountTooLarge),
            (Side.BUY, BTC, Share(D("1.01")), ShareOutOfRange),
            (Side.BUY, BTC, Share(D(0)), ShareOutOfRange),
            (Side.BUY, BTC, Share(D("NaN")), ShareOutOfRange),
            (Side.SELL, BTC, Share(D(1)), NothingToSell),
            (Side.SELL, BTC, BaseQuantity(D(1)), NothingToSell),
            (Side.SELL, BTC, QuoteAmount(D(100)), NothingToSell),
        ]
    ):
        with pytest.raises(error):
            await desk.place(account, f"c{number}", side, symbol, size)
        with pytest.raises(error):
            await desk.preview(account, side, symbol, size)
    market.time += 15_001
    with pytest.raises(StalePrice):
        await desk.place(account, "stale", Side.BUY, BTC, BaseQuantity(D(1)))
    assert await rows_written(pool) == before


async def test_a_command_id_has_a_length(desk: Desk, account: Account) -> None:
    for command_id in ("", "x" * 129):
        with pytest.raises(ValueError, match="a command id has 1 to 128 characters"):
            await desk.place(account, command_id, Side.BUY, BTC, BaseQuantity(D(1)))
    await desk.place(account, "x" * 128, Side.BUY, BTC, BaseQuantity(D(1)))


async def test_a_share_is_of_what_is_available(desk: Desk, account: Account) -> None:
    bought = await desk.place(account, "c1", Side.BUY, BTC, Share(D("0.05")))
    assert D("49998.99") < bought.execution.quote_amount <= D(50_000)
    half = await desk.place(account, "c2", Side.SELL, BTC, Share(D("0.5")))
    assert half.execution.quantity == down_to_step(bought.execution.received / 2, D("0.00001"))
    assert half.balances[0].available == bought.execution.received - half.execution.quantity


async def test_a_share_of_everything_while_the_balance_changes_still_ends_at_zero(desk: Desk, account: Account) -> None:
    await desk.place(account, "c0", Side.BUY, BTC, BaseQuantity(D("1.00001")))
    bought, sold = await asyncio.gather(
        desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D("0.33333"))),
        desk.place(account, "c2", Side.SELL, BTC, Share(D(1))),
    )
    left = (await desk.portfolio(account)).positions
    assert not left or left[0].quantity == bought.execution.received
    assert sold.realised is not None


async def test_an_account_can_be_opened_and_reset_while_the_market_is_silent(desk: Desk, market: PricedMarket) -> None:
    market.down = True
    account = await desk.open(5, "start-5")
    assert (await desk.reset(account, "reset-5")).round == 2
    with pytest.raises(MarketUnavailable):
        await desk.place(account, "c", Side.BUY, BTC, BaseQuantity(D(1)))
