"""Accounts, buys, sells, resets, repeats, moving and stale prices in any order, on real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import ClassVar, TypeVar

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.database.migrate import ROLE
from core.errors import DeskError
from pipeline.errors import StalePrice
from pipeline.market import Symbol
from tests.fakes.priced_market import BTC, COIN, ETH, PricedMarket
from trading.desk import Desk
from trading.errors import IdempotencyKeyReused
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Receipt, Share, Side, Size
from trading.ports import Account
from trading.settings import TradingSettings

GRANT = Decimal(10_000)
T = TypeVar("T")

sides = st.sampled_from(Side)
symbols = st.sampled_from([BTC, ETH, COIN])
sizes: st.SearchStrategy[Size] = st.one_of(
    st.integers(1, 20_000_000).map(lambda units: BaseQuantity(Decimal(units).scaleb(-5))),
    st.integers(1, 1_200_000).map(lambda cents: QuoteAmount(Decimal(cents).scaleb(-2))),
    st.sampled_from(["0.01", "0.3333", "0.5", "1"]).map(lambda fraction: Share(Decimal(fraction))),
)
prices = st.integers(1, 100_000).map(lambda cents: Decimal(cents).scaleb(-2))
fees = st.sampled_from(["0", "0.001", "0.0333"]).map(Decimal)

Order = tuple[Account, str, Side, Symbol, Size]


class LedgerMachine(RuleBasedStateMachine):
    """Every run begins with an empty ledger in the database `dsn`."""

    dsn: ClassVar[str]
    runner: ClassVar[asyncio.Runner]

    accounts = Bundle("accounts")
    placed = Bundle("placed")

    @initialize(fee_rate=fees)
    def begin(self, fee_rate: Decimal) -> None:
        self.market = PricedMarket()
        self.count = 0
        self.expected: dict[int, dict[str, Decimal]] = {}
        run(self._connect)
        terms = TradingSettings(opening_grant=GRANT, fee_rate=fee_rate)
        self.desk = Desk(self.market, PostgresLedger(self.pool), terms, lambda: 1_700_000_000_000)

    async def _connect(self) -> None:
        self.owner = await asyncpg.connect(self.dsn)
        await self.owner.execute("TRUNCATE account, balance, entry, posting, orders, fill RESTART IDENTITY CASCADE")
        await self.owner.execute("SELECT set_opening_grant($1)", GRANT)
        self.pool = await asyncpg.create_pool(self.dsn, min_size=1, max_size=4, server_settings={"role": ROLE})

    def teardown(self) -> None:
        if hasattr(self, "pool"):
            run(self._close)

    async def _close(self) -> None:
        try:
            assert (await audit(self.owner)).findings == []
        finally:
            await self.pool.close()
            await self.owner.close()

    def _next_id(self) -> str:
        self.count += 1
        return f"command-{self.count}"

    def _booked(self, account: Account, receipt: Receipt) -> None:
        execution = receipt.execution
        amounts = self.expected[account.account_id]
        base = self.market.listed[execution.symbol].base
        buying = execution.side is Side.BUY
        amounts["USDC"] += -execution.quote_amount if buying else execution.received
        amounts[base] = amounts.get(base, Decimal(0)) + (execution.received if buying else -execution.quantity)
        assert [balance.total for balance in receipt.balances] == [amounts[base], amounts["USDC"]]

    @rule(target=accounts, person=st.integers(1, 3))
    def open(self, person: int) -> Account:
        command_id = self._next_id()
        account = run(lambda: self.desk.open(person, command_id))
        self.expected.setdefault(account.account_id, {"USDC": GRANT})
        return account

    @rule(target=placed, account=accounts, side=sides, symbol=symbols, size=sizes)
    def order(self, account: Account, side: Side, symbol: Symbol, size: Size) -> object:
        command_id = self._next_id()
        try:
            receipt = run(lambda: self.desk.place(account, command_id, side, symbol, size))
        except DeskError:
            return multiple()
        self._booked(account, receipt)
        if side is Side.SELL and size == Share(Decimal(1)) and not receipt.execution.unfilled:
            assert receipt.balances[0].available == 0
        return ((account, command_id, side, symbol, size), receipt)

    @rule(target=placed, account=accounts, side=sides, symbol=symbols, size=sizes, price=prices)
    def confirm(self, account: Account, side: Side, symbol: Symbol, size: Size, price: Decimal) -> object:
        command_id = self._next_id()
        try:
            previewed = run(lambda: self.desk.preview(account, side, symbol, size))
            self.market.say(symbol, str(price), str(price))
            receipt = run(lambda: self.desk.confirm(account, command_id, previewed))
        except DeskError:
            return multiple()
        self._booked(account, receipt)
        before, now = previewed.execution.average_price, receipt.execution.average_price
        assert (now / before if side is Side.BUY else before / now) <= Decimal("1.0051")
        assert run(lambda: self.desk.confirm(account, command_id, previewed)) == receipt
        return multiple()

    @rule(made=placed)
    def repeat(self, made: tuple[Order, Receipt]) -> None:
        order, receipt = made
        assert run(lambda: self.desk.place(*order)) == receipt

    @rule(made=placed, size=sizes)
    def reuse(self, made: tuple[Order, Receipt], size: Size) -> None:
        (account, command_id, side, symbol, first), _ = made
        if size != first:
            try:
                run(lambda: self.desk.place(account, command_id, side, symbol, size))
            except IdempotencyKeyReused:
                return
            raise AssertionError("another body passed under a used command id")

    @rule(account=accounts, side=sides, symbol=symbols, size=sizes)
    def at_once(self, account: Account, side: Side, symbol: Symbol, size: Size) -> None:
        """Three different commands and a copy of each, all at the same time."""
        ids = [self._next_id() for _ in range(3)]

        async def place() -> list[Receipt | BaseException]:
            orders = [self.desk.place(account, command_id, side, symbol, size) for command_id in ids * 2]
            return await asyncio.gather(*orders, return_exceptions=True)

        answers = run(place)
        receipts = {answer.order_id: answer for answer in answers if isinstance(answer, Receipt)}
        assert all(isinstance(answer, Receipt | DeskError) for answer in answers)
        assert len(receipts) <= 3
        amounts = self.expected[account.account_id]
        for _, receipt in sorted(receipts.items()):
            self._booked(account, receipt)
        assert all(amount >= 0 for amount in amounts.values())

    @rule(account=accounts)
    def reset(self, account: Account) -> None:
        command_id = self._next_id()
        renewed = run(lambda: self.desk.reset(account, command_id))
        assert run(lambda: self.desk.reset(account, command_id)) == renewed
        self.expected[account.account_id] = {"USDC": GRANT}

    @rule(symbol=symbols, bid=prices, spread=st.integers(-5, 50), size=st.sampled_from(["0", "0.7", "50", "9000"]))
    def move(self, symbol: Symbol, bid: Decimal, spread: int, size: str) -> None:
        self.market.time += 500
        self.market.say(symbol, str(bid), str(max(bid + Decimal(spread).scaleb(-2), Decimal("0.01"))), size)

    @precondition(lambda self: self.expected)
    @rule(account=accounts, symbol=symbols)
    def go_stale(self, account: Account, symbol: Symbol) -> None:
        self.market.time += 20_000
        command_id = self._next_id()
        try:
            run(lambda: self.desk.place(account, command_id, Side.BUY, symbol, QuoteAmount(Decimal(10))))
        except StalePrice:
            self.market.pass_time(0)
            return
        raise AssertionError("an order filled on a stale price")

    @invariant()
    def balances_are_what_the_receipts_said(self) -> None:
        for account_id, amounts in getattr(self, "expected", {}).items():
            account = Account(account_id, 0, "simulator", "USDC", 1, GRANT, None)  # type: ignore[arg-type]
            found = {balance.asset: balance.total for balance in run(lambda of=account: self.desk.balances(of))}
            assert found == {asset: amount for asset, amount in amounts.items() if amount}
            portfolio = run(lambda of=account: self.desk.portfolio(of))
            assert portfolio.realised + portfolio.unrealised == portfolio.profit


def run(work: Callable[[], Awaitable[T]]) -> T:
    async def do() -> T:
        return await work()

    return LedgerMachine.runner.run(do())


def test_every_promise_is_kept_whatever_people_do(dsn: str) -> None:
    with asyncio.Runner() as runner:
        LedgerMachine.dsn, LedgerMachine.runner = dsn, runner
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=20,
                stateful_step_count=35,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
