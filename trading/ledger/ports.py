"""Interface of the ledger for `TradingDesk`: commands that take effect once, and flat reads."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.outbox import NotificationTarget
from pipeline.archive.units import Units
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.matching.liquidity import LiquidityReservation
from trading.orders.types import Balance, Execution, HistoryPage, Receipt
from trading.portfolio.equity_curve import AccountFlow
from trading.portfolio.positions import Holding, Mark, Portfolio, value_portfolio
from trading.ports import Account, SymbolActivity

MAX_COMMAND_ID = 128


class BalanceConflict(Exception):
    """The balance that an order was to empty has changed, so the order must be sized again. Nothing was written."""


class DisplayTaken(Exception):
    """Others took of a display what an order was to take; `used` is what all took of it, by symbol. The order must be
    matched again. Nothing was written.
    """

    def __init__(self, used: Mapping[str, Decimal]) -> None:
        super().__init__(used)
        self.used = used


@dataclass(frozen=True, slots=True)
class LedgerCommand:
    """Command that takes effect once. Its id is bound to `body` (SHA-256). `at` is wall time, `market_time` the time of
    the market's clock. It has no effect on an account that does not belong to `person_id`; None compares nothing.
    """

    command_id: str
    body: bytes
    at: datetime
    market_time: int
    person_id: int | None = None


def body_of(*parts: object) -> bytes:
    """Returns the hash to which a command id is bound. The parts are joined by a character that none of them holds."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


@dataclass(frozen=True, slots=True)
class OrderNotification:
    """Recipient of the notifications about an order, in addition to its reply."""

    person_id: int
    market: str
    target: NotificationTarget


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Executed order to be booked. `closes_position` marks a sale that must leave nothing available. `notification`
    enters the outbox with it. `taken` is the part of the display that it uses (None: nothing that others could use).
    """

    account_id: int
    rules: SymbolRules
    execution: Execution
    fee_rate: Decimal
    closes_position: bool = False
    notification: OrderNotification | None = None
    taken: LiquidityReservation | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Booked order. If `replayed`, the command had taken effect before, and `receipt` is that of the first call."""

    receipt: Receipt
    replayed: bool


@dataclass(frozen=True, slots=True)
class AccountState:
    """Snapshot of an account; `holdings` by (symbol, base asset) include those sold completely in this round. `units`
    are the changes of their units that the holdings have been through.
    """

    cash: Balance
    holdings: Mapping[tuple[Symbol, str], Holding]
    balances: Sequence[Balance]
    granted: Decimal
    units: Units = field(default_factory=dict)

    def valued(self, marks: Mapping[Symbol, Mark]) -> Portfolio:
        """Returns the account valued at `marks`."""
        held = (self.cash.total, self.granted, self.holdings)
        return value_portfolio(self.cash.asset, *held, marks, units=self.units)


class Ledger(Protocol):
    """Ledger of all accounts. Every method raises DatabaseUnavailable. Commands raise IdempotencyKeyReused; those of an
    account also NoAccount and AccountReassigned.
    """

    async def open(
        self, person_id: int, market: str, quote_asset: str, grant: Decimal, command: LedgerCommand
    ) -> Account:
        """Returns the user's account on a market, opened with its grant by the first call."""

    async def account(self, person_id: int, market: str, quote_asset: str) -> Account | None:
        """Returns the user's account, or None if it is not opened."""

    async def place(self, order: NewOrder, command: LedgerCommand) -> Placed:
        """Books an order. Raises InsufficientFunds, NothingToSell, AmountTooLarge, BalanceConflict, DisplayTaken,
        TradingHalted: then nothing was written.
        """

    async def place_batch(
        self, orders: Sequence[NewOrder], quote_asset: str, command: LedgerCommand
    ) -> list[Receipt | None] | None:
        """Books the orders of one account together, as one command in one transaction. Returns a receipt for each
        order, None for an order whose balance changed; returns None if the command took effect before. Raises
        TradingHalted, NoAccount, AmountTooLarge, DisplayTaken: then nothing was written.
        """

    async def find_batch_receipts(self, command: LedgerCommand) -> list[Receipt]:
        """Returns the receipts of a batch that took effect, empty if none did. Raises IdempotencyKeyReused."""

    async def find_receipt(self, command_id: str, body: bytes) -> Receipt | None:
        """Returns the receipt of an order command that took effect, or None. Raises IdempotencyKeyReused."""

    async def reset(self, account: Account, grant: Decimal, command: LedgerCommand) -> Account:
        """Returns all balances to the house, grants the opening amount and begins the next round."""

    async def available(self, account_id: int, assets: Sequence[str]) -> list[Balance]:
        """Returns the balances of these assets that an order may use, in this order, zero if there is none. Raises
        TradingHalted.
        """

    async def state(self, account: Account) -> AccountState:
        """Returns balances and holdings, from one snapshot. Raises NoAccount."""

    async def receipt(self, account_id: int, order_id: int) -> Receipt | None:
        """Returns a stored receipt of this account, or None."""

    async def merged_accounts(self, account_id: int) -> list[int]:
        """Returns the accounts that were merged into this one; their orders count as its own."""

    async def history(self, account_id: int, limit: int, before: int | None) -> HistoryPage:
        """Returns entries, newest first."""

    async def round_start(self, account_id: int) -> int:
        """Returns the market's time at which the account's round began. Raises NoAccount."""

    async def changes(self, account_id: int, start: int, width_ms: int, last_bucket: int) -> list[AccountFlow]:
        """Returns the trades of the round, summed by bucket of `width_ms` after `start` and by symbol, in time order.

        A trade outside counts in the first or the last bucket.
        """

    async def symbol_activity(
        self, person_id: int, market: str, quote_asset: str, symbol: Symbol, since: int
    ) -> SymbolActivity:
        """See `TradingDesk.symbol_activity`."""
