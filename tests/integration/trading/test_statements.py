"""A statement says what the desk said at that moment, whatever happened before and after it."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import msgspec
import pytest

from core.errors import Refused
from people.operators.corrections import Corrections
from people.operators.ports import OperatorAction
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, MarketInfo, Symbol
from tests.fakes.priced_market import BTC, ETH, NOON, PricedMarket
from trading.desk import Desk
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.ledger.statements import PostgresStatements
from trading.matching.liquidity import Liquidity
from trading.orders.records import OrderRecord
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import BaseQuantity, Side
from trading.portfolio.positions import Portfolio
from trading.ports import Account
from trading.reports.statement import BeforeAccount, StatedOrder, StatementTooLong
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings

D = Decimal
Told = tuple[Portfolio, list[object], list[tuple[int, Decimal, Decimal]]]


class RecordedMarket(PricedMarket):
    """Its clock is the wall clock, as of a live market; what it says is archived minute by minute."""

    def __init__(self, archive: CandleArchive) -> None:
        super().__init__()
        self.archive = archive

    def wall(self) -> int:
        return self.time

    def info(self) -> MarketInfo:
        return msgspec.structs.replace(super().info(), wall_ms=self.time)

    async def minute(self, **prices: str) -> None:
        """The next minute closes at these prices."""
        opened = self.time // MINUTE_MS * MINUTE_MS
        self.pass_time(opened + MINUTE_MS - self.time)
        for name, price in prices.items():
            self.say(Symbol(name), price, price)
        quotes = await self.quotes()
        candles = [Candle(symbol, opened, *[float(quote.price)] * 4, 1.0, 1.0, 1) for symbol, quote in quotes.items()]
        await self.archive.insert(self.info().market, candles)


@pytest.fixture
def recorded(pool: "asyncpg.Pool[asyncpg.Record]") -> RecordedMarket:
    return RecordedMarket(CandleArchive(pool))


@pytest.fixture
def statements(pool: "asyncpg.Pool[asyncpg.Record]", recorded: RecordedMarket) -> PostgresStatements:
    return PostgresStatements(pool, recorded, recorded.archive, recorded.wall)


@pytest.mark.parametrize("seed", range(4))
async def test_a_statement_is_what_the_portfolio_was(
    seed: int,
    pool: "asyncpg.Pool[asyncpg.Record]",
    owner_pool: "asyncpg.Pool[asyncpg.Record]",
    recorded: RecordedMarket,
    statements: PostgresStatements,
) -> None:
    """Random orders, cancels, corrections and resets, a minute each; then every minute is asked for again."""
    draw = random.Random(seed)  # noqa: S311 - a test's draws
    ledger, settings, used = PostgresLedger(pool), TradingSettings(), Liquidity()
    desk = Desk(recorded, ledger, settings, recorded.wall, liquidity=used)
    resting = RestingDesk(recorded, PostgresOrderStore(pool), ledger, settings, recorded.wall, used)
    corrections = Corrections(owner_pool, recorded.wall, jitter=draw)
    account = await desk.open(1, "start")
    told: dict[int, Told] = {}
    receipts: list[int] = []
    refused = 0
    for step in range(30):
        symbol, side = draw.choice((BTC, ETH)), draw.choice(list(Side))
        size = D(draw.randint(1, 300)) / 100
        use = OperatorAction(f"use-{step}", "console", "cli", 0, "paperdesk reverse")
        try:
            match draw.randrange(8):
                case 0 | 1 | 2:
                    placed = await desk.place(account, f"c-{step}", side, symbol, BaseQuantity(size))
                    receipts.append(placed.order_id)
                case 3 | 4:
                    away = D("0.9") if side is Side.BUY else D("1.1")
                    price = ((await recorded.quote(symbol)).price * away).quantize(D("0.01"))
                    await resting.place(account, f"c-{step}", limit(symbol, side, size, price))
                case 5:
                    await resting.cancel_all(account, f"c-{step}", symbol)
                case 6 if receipts:
                    await corrections.reverse(use, str(draw.choice(receipts)), "a test")
                case 7 if step == 20:
                    account, receipts = await desk.reset(account, f"c-{step}"), []
                case _:
                    await corrections.adjust(
                        use, account.account_id, D(draw.randint(-50, 50) or 1), "a test", use.command_id
                    )
        except Refused:  # the next step is another one
            refused += 1
        await recorded.minute(
            BTCUSDC=str(D(draw.randint(9000, 11000)) / 100), ETHUSDC=str(D(draw.randint(900, 1100)) / 100)
        )
        told[recorded.time] = await said(desk, resting, account)
        last = recorded.time
        recorded.pass_time(1000)
    assert refused < 20, "most steps do something"
    now = await statements.statement(account)
    assert (now.portfolio, list(now.balances), orders(now.orders)) == told[last], "now is the portfolio"
    for time, expected in told.items():
        found = await statements.statement(account, datetime.fromtimestamp(time / 1000, UTC))
        assert (found.portfolio, list(found.balances), orders(found.orders)) == expected, f"seed {seed}, {time}"


def limit(symbol: Symbol, side: Side, size: Decimal, price: Decimal) -> OrderRequest:
    return OrderRequest(symbol, side, OrderType.LIMIT, BaseQuantity(size), limit_price=price)


async def said(desk: Desk, resting: RestingDesk, account: Account) -> Told:
    balances: list[object] = list(await desk.balances(account))
    return await desk.portfolio(account), balances, orders(await resting.open_orders(account))


def orders(found: Sequence[StatedOrder | OrderRecord]) -> list[tuple[int, Decimal, Decimal]]:
    return [(each.order_id, each.quantity, each.filled) for each in found]


async def test_a_moment_without_a_price_or_an_account_is_said(
    pool: "asyncpg.Pool[asyncpg.Record]", recorded: RecordedMarket, statements: PostgresStatements
) -> None:
    desk = Desk(recorded, PostgresLedger(pool), TradingSettings(), recorded.wall)
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    recorded.time += 5000
    found = await statements.statement(account, datetime.fromtimestamp((recorded.time - 2000) / 1000, UTC))
    (position,) = found.portfolio.positions
    assert (position.price, position.value) == (None, None)
    assert found.portfolio.equity == found.portfolio.cash
    with pytest.raises(BeforeAccount):
        await statements.statement(account, datetime.fromtimestamp((NOON - 60_000) / 1000, UTC))
    bounded = PostgresStatements(pool, recorded, recorded.archive, recorded.wall, max_entries=1)
    with pytest.raises(StatementTooLong):
        await bounded.statement(account)
