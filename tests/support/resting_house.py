"""What the tests of resting orders on PostgreSQL share: orders to accept, and effects with their executions."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from pipeline.market import SourceKind
from pipeline.rules import SymbolRules
from tests.fakes.priced_market import NOON
from tests.support.trading_house import AT, FEE, GRANT, RULES, opened
from trading.ledger.order_ports import NewOrders
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.ports import LedgerCommand, OrderNotification, body_of
from trading.ledger.postgres import PostgresLedger
from trading.matching.executions import execution_of
from trading.orders.bookings import BookedEffect, NewRestingOrder
from trading.orders.effects import Activated, Expired, Filled, FillRule, OrderEffect, Triggered
from trading.orders.holds import hold_asset, hold_price_of, need_of
from trading.orders.open_orders import EndReason, ListKind, ListRole, OpenOrder, OrderStatus
from trading.orders.records import LAST_EVENTS, OrderRecord, PlacedOrders
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Fill, Side
from trading.ports import Account

D = Decimal
MARKET = "simulator:test"

__all__ = ["GRANT", "MARKET", "NOON", "D", "RestingHouse", "limit", "stop"]


def limit(side: Side = Side.BUY, quantity: str = "2", price: str = "100") -> OrderTerms:
    return OrderTerms(RULES.symbol, side, OrderType.LIMIT, D(quantity), limit_price=D(price))


def stop(side: Side = Side.SELL, quantity: str = "2", price: str = "90") -> OrderTerms:
    return OrderTerms(RULES.symbol, side, OrderType.STOP_LOSS, D(quantity), stop_price=D(price))


@dataclass
class RestingHouse:
    """The store, and a market that says what happens to orders. Each call has a command of its own."""

    store: PostgresOrderStore
    ledger: PostgresLedger
    rules: SymbolRules = RULES
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def command(self, name: str = "") -> LedgerCommand:
        name = name or f"command-{next(self.numbers)}"
        return LedgerCommand(name, body_of(name), AT, NOON)

    async def account(self, person: int = 1) -> Account:
        return await opened(self.ledger, person)

    def new(
        self,
        account: Account,
        *terms: OrderTerms,
        kind: ListKind | None = None,
        effects: tuple[BookedEffect, ...] = (),
        notification: OrderNotification | None = None,
        max_open: int = 200,
    ) -> NewOrders:
        roles: dict[ListKind | None, tuple[ListRole | None, ...]] = {
            None: (None,),
            ListKind.OCO: (ListRole.LIMIT, ListRole.STOP),
            ListKind.OTO: (ListRole.WORKING, ListRole.LIMIT),
            ListKind.OTOCO: (ListRole.WORKING, ListRole.LIMIT, ListRole.STOP),
        }
        orders = tuple(
            NewRestingOrder(each, role, hold_price_of(each, D(100)))
            for each, role in zip(terms, roles[kind], strict=True)
        )
        live = orders if kind is ListKind.OCO else orders[:1]
        needs = [need_of(each.terms.side, each.terms.quantity, each.hold_price, self.rules) for each in live]
        asset = hold_asset(terms[0].side, self.rules)
        return NewOrders(
            account.account_id,
            MARKET,
            self.rules,
            orders,
            kind,
            asset,
            max(needs),
            FEE,
            5,
            max_open,
            effects,
            notification,
        )

    async def accept(self, account: Account, *terms: OrderTerms, kind: ListKind | None = None) -> PlacedOrders:
        return await self.store.accept(self.new(account, *terms, kind=kind), self.command())

    async def coins(self, account: Account, quantity: str = "10") -> None:
        """Buys base assets at 100 by an order that fills at once."""
        placed = await self.accept(account, limit(Side.BUY, quantity, "100"))
        await self.fill(placed.orders[0], quantity, "100")

    def filled(self, order: OpenOrder | OrderRecord, quantity: str, price: str) -> Filled:
        return Filled(order.order_id, NOON, (Fill(D(price), D(quantity)),), D(price), maker=True, rule=FillRule.QUEUE)

    def booked(
        self, order: OpenOrder | OrderRecord, quantity: str, price: str, version: int | None = None
    ) -> BookedEffect:
        effect = self.filled(order, quantity, price)
        terms = order.terms
        seen = OpenOrder(
            order.order_id, 0, terms, OrderStatus.NEW, 1, NOON, terms.quantity, D(0), terms.limit_price, None, FEE, 1
        )
        execution = execution_of(seen, effect, self.rules, SourceKind.SIMULATOR, 0)
        return BookedEffect(effect, execution, version)

    async def fill(self, order: OrderRecord, quantity: str, price: str) -> frozenset[int]:
        return await self.apply(self.booked(order, quantity, price))

    async def trigger(self, order: OrderRecord, price: str) -> frozenset[int]:
        return await self.apply(Triggered(order.order_id, NOON, D(price)))

    async def activate(self, order: OrderRecord, quantity: str) -> frozenset[int]:
        return await self.apply(Activated(order.order_id, NOON, D(quantity)))

    async def end(self, order: OrderRecord, reason: EndReason = EndReason.TIME) -> frozenset[int]:
        return await self.apply(Expired(order.order_id, NOON, reason))

    async def apply(self, *effects: OrderEffect | BookedEffect) -> frozenset[int]:
        """Applies effects as one batch; returns those that were gone."""
        batch = [each if isinstance(each, BookedEffect) else BookedEffect(each) for each in effects]
        return (await self.store.apply(MARKET, batch, [], None, self.command())).gone

    async def seen(self, account: Account, order: OrderRecord) -> OrderRecord:
        found = await self.store.order(account.account_id, order.order_id, events=LAST_EVENTS)
        assert found is not None
        return found

    async def money(self, account: Account, asset: str = "USDC") -> tuple[Decimal, Decimal]:
        """What is available and what is held."""
        state = await self.ledger.state(account)
        return next(((each.available, each.held) for each in state.balances if each.asset == asset), (D(0), D(0)))
