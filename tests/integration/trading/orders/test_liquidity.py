"""What a lost or a refused order leaves of the displayed quantity, on real PostgreSQL."""

from collections.abc import Sequence
from decimal import Decimal

import asyncpg
import pytest

from core.errors import DatabaseUnavailable
from tests.fakes.priced_market import BTC, ETH, PricedMarket
from trading.desk import Desk
from trading.errors import InsufficientFunds
from trading.ledger.ports import LedgerCommand, NewOrder, Placed
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, Fill, QuoteAmount, Receipt, Side
from trading.settings import TradingSettings

D = Decimal
TOUCH = D("100.01")
FIVE = BaseQuantity(D(5))


class LosingLedger(PostgresLedger):
    """Commits, and loses the answer while `lost`."""

    lost = False

    async def place(self, order: NewOrder, command: LedgerCommand) -> Placed:
        placed = await super().place(order, command)
        if self.lost:
            raise DatabaseUnavailable
        return placed

    async def place_batch(
        self, orders: Sequence[NewOrder], quote_asset: str, command: LedgerCommand
    ) -> list[Receipt | None] | None:
        placed = await super().place_batch(orders, quote_asset, command)
        if self.lost:
            raise DatabaseUnavailable
        return placed


@pytest.fixture
def market() -> PricedMarket:
    shown = PricedMarket()
    shown.say(BTC, "99.99", "100.01", size="5")
    return shown


@pytest.fixture
def ledger(pool: "asyncpg.Pool[asyncpg.Record]") -> LosingLedger:
    return LosingLedger(pool)


@pytest.fixture
def desk(market: PricedMarket, ledger: LosingLedger) -> Desk:
    return Desk(market, ledger, TradingSettings(), lambda: 1_700_000_000_000)


async def test_a_lost_order_keeps_what_it_took(desk: Desk, ledger: LosingLedger) -> None:
    account = await desk.open(1, "start")
    ledger.lost = True
    with pytest.raises(DatabaseUnavailable):
        await desk.place(account, "lost", Side.BUY, BTC, FIVE)
    ledger.lost = False
    behind = await desk.place(account, "second", Side.BUY, BTC, FIVE)
    assert behind.execution.fills == (Fill(D("100.04"), D(5)),)
    found = await desk.place(account, "lost", Side.BUY, BTC, FIVE)
    assert found.execution.fills == (Fill(TOUCH, D(5)),)


async def test_a_refused_order_gives_back_what_it_took(desk: Desk, market: PricedMarket) -> None:
    account = await desk.open(1, "start")
    market.say(BTC, "199999", "200000", size="5")
    with pytest.raises(InsufficientFunds):
        await desk.place(account, "refused", Side.BUY, BTC, BaseQuantity(D(10)))
    second = await desk.place(account, "second", Side.BUY, BTC, BaseQuantity(D(4)))
    assert second.execution.fills == (Fill(D(200_000), D(4)),)


async def test_a_lost_sale_of_dust_keeps_what_it_took(desk: Desk, ledger: LosingLedger, market: PricedMarket) -> None:
    account = await desk.open(1, "start")
    await desk.place(account, "dust", Side.BUY, BTC, QuoteAmount(D(5)))
    await desk.place(account, "much", Side.BUY, ETH, BaseQuantity(D(1)))
    market.say(BTC, "99.99", "100.01", size="0.04")
    ledger.lost = True
    with pytest.raises(DatabaseUnavailable):
        await desk.sell_dust(account, "sweep")
    ledger.lost = False
    sold = await desk.sell_dust(account, "sweep")
    assert len(sold.receipts) == 1
    await desk.place(account, "rest", Side.BUY, BTC, BaseQuantity(D("0.06")))
    after = await desk.place(account, "all", Side.SELL, BTC, BaseQuantity(D("0.051")))
    assert after.execution.fills[0].price < D("99.99")
