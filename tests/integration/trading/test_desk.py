"""The desk on real PostgreSQL, at prices the test says."""

import asyncio
from collections.abc import AsyncIterator
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
from pipeline.market import Candle, Level, OrderBook, Symbol
from tests.fakes.priced_market import BTC, COIN, ETH, NOON, PricedMarket, levels, rules_for
from trading.desk import Desk
from trading.errors import (
    AmountTooLarge,
    BelowMinimumQuantity,
    BookDisagrees,
    IdempotencyKeyReused,
    InsufficientFunds,
    NoAccount,
    NoLiquidity,
    NothingToSell,
    PriceMoved,
    ShareOutOfRange,
    UnsupportedQuoteAsset,
)
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal
GRANT = D(1_000_000)
WALL = 1_700_000_000_000


@pytest.fixture
def market() -> PricedMarket:
    return PricedMarket()


@pytest.fixture
async def desk(market: PricedMarket, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[Desk]:
    yield Desk(market, PostgresLedger(pool), TradingSettings(), lambda: WALL)
    owner = await asyncpg.connect(dsn)
    try:
        assert (await audit(owner)).findings == []
    finally:
        await owner.close()


@pytest.fixture
async def account(desk: Desk) -> Account:
    return await desk.open(1, "start")


async def rows_written(pool: "asyncpg.Pool[asyncpg.Record]") -> int:
    return await pool.fetchval(  # type: ignore[no-any-return]
        "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM posting)"
    )


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


async def test_the_same_command_takes_effect_once_and_gives_the_same_answer(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    first = await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    market.say(BTC, "149.99", "150.01")
    assert await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D("2.0"))) == first
    assert (await desk.balances(account))[0].available == D("999799.98")


async def test_a_repeated_command_gets_its_answer_even_where_nothing_trades_now(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(2)))
    sold = await desk.place(account, "all", Side.SELL, BTC, Share(D(1)))
    market.time += 60_000
    assert await desk.place(account, "all", Side.SELL, BTC, Share(D(1))) == sold
    market.down = True
    assert await desk.place(account, "all", Side.SELL, BTC, Share(D(1))) == sold


async def test_the_same_command_with_another_body_is_refused(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    other = await desk.open(2, "start-2")
    for again in (
        desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(3))),
        desk.place(account, "c1", Side.BUY, ETH, BaseQuantity(D(2))),
        desk.place(account, "c1", Side.SELL, BTC, BaseQuantity(D(2))),
        desk.place(other, "c1", Side.BUY, BTC, BaseQuantity(D(2))),
        desk.reset(account, "c1"),
        desk.place(account, "start", Side.BUY, BTC, BaseQuantity(D(2))),
    ):
        with pytest.raises(IdempotencyKeyReused):
            await again
    market.time += 60_000
    with pytest.raises(IdempotencyKeyReused):
        await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(3)))


async def test_copies_of_one_command_at_once_make_one_order(desk: Desk, account: Account) -> None:
    answers = await asyncio.gather(
        *(desk.place(account, "press", Side.BUY, BTC, BaseQuantity(D(1))) for _ in range(40))
    )
    assert len({answer.order_id for answer in answers}) == 1
    assert all(answer == answers[0] for answer in answers)
    assert (await desk.balances(account))[0].available == GRANT - D("100.01")


async def test_two_accounts_that_race_for_one_command_id_make_one_order(desk: Desk) -> None:
    accounts = [await desk.open(person, f"start-{person}") for person in range(8)]
    answers = await asyncio.gather(
        *(desk.place(account, "same", Side.BUY, BTC, BaseQuantity(D(1))) for account in accounts),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, IdempotencyKeyReused) for answer in answers) == 7


async def test_eight_tasks_with_a_hundred_buys_each_are_charged_exactly_or_refused(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    market.say(BTC, "3989.99", "3990.01", size="100000")
    charged, refused = [], []

    async def trader(name: int) -> None:
        for number in range(100):
            try:
                receipt = await desk.place(account, f"{name}-{number}", Side.BUY, BTC, BaseQuantity(D(1)))
                charged.append(receipt.execution.quote_amount)
            except InsufficientFunds:
                refused.append(number)

    await asyncio.gather(*map(trader, range(8)))
    assert len(charged) + len(refused) == 800
    assert len(charged) == int(GRANT / D("3990.01"))
    cash, bitcoin = await desk.balances(account)
    assert cash.available == GRANT - sum(charged)
    assert bitcoin.available == len(charged) * D("0.999")


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
    market.show_book(BTC, levels(("99", "2")), levels(("100", "2"), ("149", "8000")))
    with pytest.raises(InsufficientFunds):
        await desk.place(account, "c0", Side.BUY, BTC, BaseQuantity(D(8000)))
    for _ in range(3):
        await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(1)))
    await desk.preview(account, Side.BUY, BTC, BaseQuantity(D(1)))
    assert (await desk.place(account, "c2", Side.BUY, BTC, BaseQuantity(D(1)))).execution.average_price == 100


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


async def test_reset_returns_everything_and_begins_a_round(desk: Desk, account: Account) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    await desk.place(account, "c2", Side.BUY, ETH, BaseQuantity(D(2)))
    await desk.place(account, "c3", Side.SELL, BTC, BaseQuantity(D(1)))
    renewed = await desk.reset(account, "reset")
    assert (renewed.round, renewed.granted) == (2, GRANT)
    assert await desk.reset(account, "reset") == renewed
    assert await desk.account(1) == renewed
    assert [(balance.asset, balance.available) for balance in await desk.balances(account)] == [("USDC", GRANT)]
    portfolio = await desk.portfolio(renewed)
    assert (portfolio.profit, portfolio.realised, portfolio.unrealised, portfolio.positions) == (0, 0, 0, ())
    assert [line.kind for line in (await desk.history(account, 10)).lines] == ["reset", "sell", "buy", "buy", "grant"]


async def test_a_repeated_reset_answers_as_the_first_one_did(desk: Desk, account: Account) -> None:
    first = await desk.reset(account, "r1")
    await desk.reset(account, "r2")
    assert await desk.reset(account, "r1") == first
    assert (await desk.account(1)).round == 3


async def test_history_pages_backwards(desk: Desk, account: Account) -> None:
    for number in range(4):
        await desk.place(account, f"c{number}", Side.BUY, BTC, BaseQuantity(D(number + 1)))
    first = await desk.history(account, 3)
    assert [line.quantity for line in first.lines] == [4, 3, 2]
    second = await desk.history(account, 3, first.older)
    assert [(line.kind, line.quote_amount) for line in second.lines] == [("buy", D("100.01")), ("grant", GRANT)]
    assert second.older is None
    line = first.lines[0]
    assert (line.symbol, line.price, line.fee, line.fee_asset) == (BTC, D("100.01"), D("0.004"), "BTC")


async def test_positions_are_valued_at_the_last_price(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    await desk.place(account, "c2", Side.BUY, COIN, BaseQuantity(D(100)))
    market.say(BTC, "149.99", "150.01")
    market.time += 20_000
    del market.listed[COIN]
    portfolio = await desk.portfolio(account)
    bitcoin, coin = portfolio.positions
    assert (bitcoin.price, bitcoin.value, bitcoin.stale) == (150, D("299.70"), True)
    assert (coin.symbol, coin.price) == (COIN, None)
    assert portfolio.realised + portfolio.unrealised == portfolio.profit


async def test_equity_runs_from_the_grant_to_the_portfolio_of_now(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    market.pass_time(600_000)
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(10)))
    market.history[BTC] = [
        Candle(BTC, NOON + minute * 60_000, 200.0, 200.0, 200.0, 200.0 + minute, 1.0) for minute in range(30)
    ]
    market.pass_time(1_200_000)
    await desk.place(account, "c2", Side.SELL, BTC, Share(D(1)))
    market.pass_time(60_000)
    points = await desk.equity(account, 100)
    assert points[0].equity == GRANT
    assert points[0].time == NOON
    assert points[-1].equity == (await desk.portfolio(account)).equity
    assert points[-1].time == market.time
    cash = GRANT - D("1000.10")
    by_time = {(point.time - NOON) // 60_000: point.equity for point in points}
    assert by_time[9] == GRANT
    assert by_time[12] == cash + D("9.99") * 211
    assert by_time[29] == cash + D("9.99") * 228
    assert [point.time for point in points] == sorted({point.time for point in points})


async def test_equity_never_has_more_points_than_asked_for_and_reads_candles_in_bounds(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(10)))
    market.pass_time(400 * 86_400_000 + 17)
    for asked in (1, 2, 7, 50, 5000):
        points = await desk.equity(account, asked)
        assert 2 <= len(points) <= max(asked, 2)
        assert len(points) <= 1000
    assert all(count <= 1000 for _, _, count in market.candle_reads)


async def test_equity_survives_a_market_whose_clock_was_set_back(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(10)))
    market.pass_time(-86_400_000)
    points = await desk.equity(account, 10)
    assert points[0].equity == GRANT
    assert points[-1].equity == (await desk.portfolio(account)).equity


async def test_an_account_can_be_opened_and_reset_while_the_market_is_silent(desk: Desk, market: PricedMarket) -> None:
    market.down = True
    account = await desk.open(5, "start-5")
    assert (await desk.reset(account, "reset-5")).round == 2
    with pytest.raises(MarketUnavailable):
        await desk.place(account, "c", Side.BUY, BTC, BaseQuantity(D(1)))
