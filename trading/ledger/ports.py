"""What the desk asks of the ledger: commands that take effect once, and flat reads."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.outbox import Telling
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.orders.types import Balance, Execution, HistoryPage, Receipt
from trading.portfolio.equity_curve import AccountFlow
from trading.portfolio.positions import Holding
from trading.ports import Account, Stake

MAX_COMMAND_ID = 128


class BalanceMoved(Exception):
    """An order that was to empty a balance found another amount there: size it again. Nothing was written."""


@dataclass(frozen=True, slots=True)
class LedgerCommand:
    """An id that takes effect once, bound to `body` (SHA-256). `at` is wall time, `market_time` the market's clock."""

    command_id: str
    body: bytes
    at: datetime
    market_time: int


def body_of(*parts: object) -> bytes:
    """What a command id is bound to. The parts are joined by a character that none of them holds."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


@dataclass(frozen=True, slots=True)
class OrderNews:
    """Who is told of an order besides its answer, and where."""

    person_id: int
    market: str
    telling: Telling


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An executed order on its way into the ledger; `empties`: a sale that must leave nothing available. `news` enters
    the outbox with it."""

    account_id: int
    rules: SymbolRules
    execution: Execution
    fee_rate: Decimal
    empties: bool = False
    news: OrderNews | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """`replayed`: the command had taken effect before, and `receipt` is the first one's."""

    receipt: Receipt
    replayed: bool


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account as one read sees it; `holdings` by (symbol, base asset), those sold out in this round included."""

    cash: Balance
    holdings: Mapping[tuple[Symbol, str], Holding]
    balances: Sequence[Balance]
    granted: Decimal


class Ledger(Protocol):
    """Every method raises DatabaseUnavailable. Commands raise CommandReused; those of an account also NoAccount."""

    async def open(
        self, person_id: int, market: str, quote_asset: str, grant: Decimal, command: LedgerCommand
    ) -> Account:
        """The person's account on a market, opened with its grant by the first call."""

    async def account(self, person_id: int, market: str, quote_asset: str) -> Account | None:
        """The person's account, if opened."""

    async def place(self, order: NewOrder, command: LedgerCommand) -> Placed:
        """Raises NotEnough, NothingToSell, AmountTooLarge, BalanceMoved, TradingHalted: then nothing was written."""

    async def place_batch(
        self, orders: Sequence[NewOrder], quote_asset: str, command: LedgerCommand
    ) -> list[Receipt | None] | None:
        """Places the orders of one account together, as one command in one transaction: a receipt for each, None for
        one whose balance is not what it was. None in all where the command took effect before. Raises TradingHalted,
        NoAccount, AmountTooLarge: then nothing was written."""

    async def batch_before(self, command: LedgerCommand) -> list[Receipt]:
        """The receipts of a batch that took effect, empty where none did. Raises CommandReused."""

    async def placed_before(self, command_id: str, body: bytes) -> Receipt | None:
        """The receipt of an order command that took effect, or None. Raises CommandReused."""

    async def reset(self, account: Account, grant: Decimal, command: LedgerCommand) -> Account:
        """Everything back to the house, a fresh grant, the next round."""

    async def available(self, account_id: int, assets: Sequence[str]) -> list[Balance]:
        """What an order may use of these assets, zero where there is none, in this order. Raises TradingHalted."""

    async def state(self, account: Account) -> AccountState:
        """Balances and holdings, from one snapshot. Raises NoAccount."""

    async def receipt(self, account_id: int, order_id: int) -> Receipt | None:
        """A stored receipt of this account, or None."""

    async def former(self, account_id: int) -> list[int]:
        """The accounts that were merged into this one; their orders are its own."""

    async def history(self, account_id: int, limit: int, before: int | None) -> HistoryPage:
        """Entries, newest first."""

    async def round_start(self, account_id: int) -> int:
        """The market's time at which the account's round began. Raises NoAccount."""

    async def changes(self, account_id: int, start: int, width_ms: int, last_bucket: int) -> list[AccountFlow]:
        """Trades of the round, summed by bucket of `width_ms` after `start` and by symbol, in time order.

        A trade outside lands in the first or the last bucket.
        """

    async def stake(self, person_id: int, market: str, quote_asset: str, symbol: Symbol, since: int) -> Stake:
        """See `TradingDesk.stake`."""
