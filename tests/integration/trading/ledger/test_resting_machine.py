"""The ledger's machine with orders that rest: accepted, filled in part, amended, cancelled and expired in any order."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from core.errors import DeskError
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from tests.fakes.priced_market import BTC, ETH
from tests.integration.trading.ledger.test_machine import LedgerMachine, fees, run, sides, sizes, symbols
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.ports import LedgerCommand, body_of
from trading.ledger.postgres import PostgresLedger
from trading.matching.executions import execution_of
from trading.matching.liquidity import Liquidity
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Expired, Filled, FillRule, OrderEffect, Triggered
from trading.orders.holds import step_of
from trading.orders.open_orders import EndReason, ListRole, OpenOrder, OrderStatus
from trading.orders.requests import OcoRequest, OrderRequest
from trading.orders.terms import OrderType, RelativePrice
from trading.orders.types import Fill, Receipt, Share, Side, Size
from trading.ports import Account
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings

shares = st.sampled_from(["-0.2", "-0.03", "-0.001", "0.001", "0.03", "0.2"]).map(
    lambda text: RelativePrice(Decimal(text))
)
picks = st.integers(0, 10_000)


def _at() -> datetime:
    return datetime(2023, 11, 14, tzinfo=UTC)


class RestingMachine(LedgerMachine):
    """`expected` are the totals, held amounts included; the hold of each order is compared by the audit."""

    @initialize(fee_rate=fees)
    def begin(self, fee_rate: Decimal) -> None:
        super().begin(fee_rate)
        terms = TradingSettings(fee_rate=fee_rate)
        self.store = PostgresOrderStore(self.pool)
        ledger = PostgresLedger(self.pool)
        self.resting = RestingDesk(self.market, self.store, ledger, terms, lambda: 1_700_000_000_000, Liquidity())

    def _open(self) -> list[OpenOrder]:
        found = run(lambda: self.store.changes(self.market.info().market, "")).orders
        return sorted(found, key=lambda each: each.order_id)

    def _some(self, account: Account) -> list[OpenOrder]:
        """Returns the open orders; where there are none, the account places some."""
        if not self._open():
            for symbol, limit in ((BTC, "-0.03"), (ETH, "-0.2"), (BTC, "-0.001")):
                price = RelativePrice(Decimal(limit))
                self._rest(account, OrderRequest(symbol, Side.BUY, OrderType.LIMIT, Share(Decimal("0.2")), price))
        return self._open()

    def _rest(self, account: Account, request: OrderRequest) -> None:
        command_id = self._next_id()
        try:
            placed = run(lambda: self.resting.place(account, command_id, request))
        except DeskError:
            return
        self._took(account.account_id, placed.receipt)
        again = run(lambda: self.resting.place(account, command_id, request))
        assert [order.order_id for order in again.orders] == [order.order_id for order in placed.orders]

    def _took(self, account_id: int, receipt: Receipt | None) -> None:
        if receipt is not None:
            self._booked(Account(account_id, 0, "", "USDC", 1, Decimal(0), None), receipt)  # type: ignore[arg-type]

    @rule(account=LedgerMachine.accounts, side=sides, symbol=symbols, size=sizes, limit=shares)
    def rest(self, account: Account, side: Side, symbol: Symbol, size: Size, limit: RelativePrice) -> None:
        self._rest(account, OrderRequest(symbol, side, OrderType.LIMIT, size, limit))

    @rule(account=LedgerMachine.accounts, symbol=symbols, size=sizes)
    def rest_pair(self, account: Account, symbol: Symbol, size: Size) -> None:
        command_id = self._next_id()
        request = OcoRequest(
            symbol, Side.SELL, size, RelativePrice(Decimal("0.05")), RelativePrice(Decimal("-0.05"))
        )  # fmt: skip
        try:
            run(lambda: self.resting.place(account, command_id, request))
        except DeskError:
            return

    @precondition(lambda self: self.expected)
    @rule(
        account=LedgerMachine.accounts,
        pick=picks,
        part=st.sampled_from(["0.25", "0.5", "1"]),
        stale=st.booleans(),
        twice=st.booleans(),
    )
    def fill_resting(self, account: Account, pick: int, part: str, stale: bool, twice: bool) -> None:  # noqa: FBT001
        """What a matching worker writes; `stale`: of a version that has passed."""
        orders = [order for order in self._some(account) if order.status is not OrderStatus.PENDING_NEW]
        if not orders:
            return
        order = orders[pick % len(orders)]
        rules, version = self.market.listed[order.terms.symbol], order.version - stale
        step = step_of(order.terms.type, rules)
        quantity = max(order.remaining * Decimal(part) // step * step, min(step, order.remaining))
        price = order.limit_price or order.stop_price or Decimal(1)
        effects: list[tuple[OrderEffect, int]] = []
        if order.terms.type.waits and not order.triggered:
            effects.append((Triggered(order.order_id, self.market.time, price), version))
        fill = Filled(
            order.order_id, self.market.time, (Fill(price, quantity),), price, maker=True, rule=FillRule.QUEUE
        )  # fmt: skip
        effects.append((fill, version + len(effects)))
        for mate in orders:
            if order.place and mate.place and mate != order and mate.place.list_id == order.place.list_id:
                assert mate.place.role is not ListRole.WORKING
                effects.append((Expired(mate.order_id, self.market.time, EndReason.LIST), mate.version))
        self._apply(order, effects, rules, twice=twice, gone=stale)

    def _apply(
        self, order: OpenOrder, effects: list[tuple[OrderEffect, int]], rules: SymbolRules, *, twice: bool, gone: bool
    ) -> None:
        source = self.market.info().source
        fills = [
            execution_of(order, each, rules, source, 0) if isinstance(each, Filled) else None for each, _ in effects
        ]
        booked = [BookedEffect(each, fill, version) for (each, version), fill in zip(effects, fills, strict=True)]
        command_id = self._next_id()
        command = LedgerCommand(command_id, body_of(command_id), _at(), self.market.time)
        market = self.market.info().market
        for _ in range(1 + twice):
            applied = run(lambda: self.store.apply(market, booked, [], None, command))
            assert bool(applied.gone) is gone
        done = [each.execution for each in booked if each.execution is not None]
        if gone:
            return
        amounts = self.expected[order.account_id]
        for execution in done:
            buying = execution.side is Side.BUY
            amounts["USDC"] += -execution.quote_amount if buying else execution.received
            amounts[rules.base] = amounts.get(rules.base, Decimal(0)) + (
                execution.received if buying else -execution.quantity
            )

    @precondition(lambda self: self.expected)
    @rule(
        account=LedgerMachine.accounts,
        pick=picks,
        price=st.none() | shares,
        quantity=st.sampled_from([None, "0.3", "0.9", "1.4"]),
    )
    def amend_resting(self, account: Account, pick: int, price: RelativePrice | None, quantity: str | None) -> None:
        orders = self._some(account)
        if not orders:
            return
        order, command_id = orders[pick % len(orders)], self._next_id()
        wanted = None if quantity is None else order.quantity * Decimal(quantity)
        owner = self._account(order)
        try:
            run(lambda: self.resting.amend(owner, command_id, order.order_id, price=price, quantity=wanted))
        except DeskError:
            return

    @precondition(lambda self: self.expected)
    @rule(account=LedgerMachine.accounts, pick=picks, everything=st.booleans())
    def cancel_resting(self, account: Account, pick: int, everything: bool) -> None:  # noqa: FBT001
        orders = self._some(account)
        if not orders:
            return
        order, command_id = orders[pick % len(orders)], self._next_id()
        owner = self._account(order)
        if everything:
            run(lambda: self.resting.cancel_all(owner, command_id))
        else:
            run(lambda: self.resting.cancel(owner, command_id, order.order_id))
        assert order.order_id not in {each.order_id for each in self._open()}

    @precondition(lambda self: self.expected)
    @rule(symbol=symbols)
    def expire_resting(self, symbol: Symbol) -> None:
        command_id = self._next_id()
        command = LedgerCommand(command_id, body_of(command_id), _at(), self.market.time)
        run(lambda: self.store.expire(self.market.info().market, [symbol], EndReason.DELISTED, command))
        assert symbol not in {order.terms.symbol for order in self._open()}

    @invariant()
    def every_order_holds_what_it_needs(self) -> None:
        if not getattr(self, "expected", None):
            return
        short = run(
            lambda: self.owner.fetch(
                "SELECT o.order_id FROM open_order o JOIN order_terms t ON t.id = o.order_id"
                " JOIN order_hold h ON h.id = o.hold_id"
                " WHERE h.amount < (o.quantity - o.filled) * CASE t.side WHEN 'buy' THEN o.hold_price ELSE 1 END"
            )
        )
        assert short == []

    def _account(self, order: OpenOrder) -> Account:
        info = self.market.info()
        whose = "SELECT person_id FROM account WHERE id = $1"
        person = run(lambda: self.owner.fetchval(whose, order.account_id))
        return Account(
            order.account_id, person, info.market, info.quote_asset, 1, Decimal(0), _at()
        )  # fmt: skip


def test_every_promise_is_kept_whatever_rests(dsn: str) -> None:
    with asyncio.Runner() as runner:
        LedgerMachine.dsn, LedgerMachine.runner = dsn, runner
        run_state_machine_as_test(
            RestingMachine,
            settings=settings(
                max_examples=15,
                stateful_step_count=35,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
