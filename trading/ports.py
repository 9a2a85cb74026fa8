"""What the floors above ask of trading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.outbox import Telling
from pipeline.market import Symbol
from trading.dust import Crumb, DustSale, DustSold
from trading.orders.types import Balance, HistoryPage, Preview, Receipt, Side, Size
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.positions import Portfolio


@dataclass(frozen=True, slots=True)
class Account:
    """A person's trading account on one market (`MarketInfo.market`) in one quote asset; `round` counts resets, from 1.

    Each market has its own: what was bought at simulated prices is never valued at real ones.
    """

    account_id: int
    person_id: int
    market: str
    quote_asset: str
    round: int
    granted: Decimal
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTrade:
    """An order of an account as it was filled: `time` is UTC ms of the market's clock, `price` the average of its
    fills."""

    order_id: int
    time: int
    side: Side
    price: Decimal


@dataclass(frozen=True, slots=True)
class Stake:
    """What an account has to do with a symbol in its round: the average cost of what it holds, fees included (None
    where it holds nothing), and its trades, oldest first."""

    average_cost: Decimal | None = None
    trades: tuple[OwnTrade, ...] = ()


class TradingDesk(Protocol):
    """The one door to trading. Every method raises DatabaseUnavailable when PostgreSQL does not answer; those that
    price also raise what MarketReader raises. A `command_id` (at most 128 characters) takes effect once: repeated with
    the same body it returns the first answer, with another body it raises CommandReused."""

    async def open(self, person_id: int, command_id: str) -> Account:
        """The person's account on the running market, opened with its grant at the first call."""

    async def account(self, person_id: int) -> Account:
        """Raises NoAccount."""

    async def preview(self, account: Account, side: Side, symbol: Symbol, size: Size) -> Preview:
        """Prices and checks an order without any effect; raises what `place` raises, CommandReused aside."""

    async def place(
        self,
        account: Account,
        command_id: str,
        side: Side,
        symbol: Symbol,
        size: Size,
        *,
        telling: Telling | None = None,
    ) -> Receipt:
        """A market order now; `telling` is where it is told of besides the answer, in the same
        transaction. Raises NotEnough, NothingToSell, TooSmall, AmountTooLarge, RuleBroken, SymbolHalted, StalePrice,
        CrossedQuote, NoLiquidity, TradingHalted, CommandReused: then nothing was written."""

    async def confirm(
        self, account: Account, command_id: str, previewed: Preview, *, telling: Telling | None = None
    ) -> Receipt:
        """Places a previewed order at the price of now; PriceMoved when that is worse by more than the tolerance."""

    async def preview_dust(self, account: Account) -> DustSale:
        """What selling all dust would do now (`trading.dust` says what that is), without any effect. Raises
        TradingHalted."""

    async def sell_dust(
        self,
        account: Account,
        command_id: str,
        agreed: Sequence[Crumb] | None = None,
        *,
        telling: Telling | None = None,
    ) -> DustSold:
        """Sells the crumbs of a preview, or all dust of now, each as a whole and all in one transaction. The command id
        has at most 120 characters. What changed, halted or moved against the person meanwhile is left out and named.
        Raises NoDust where there is none, TradingHalted, CommandReused: then nothing was written."""

    async def receipt(self, account: Account, order_id: int) -> Receipt | None:
        """A stored receipt of this account, or None."""

    async def balances(self, account: Account) -> Sequence[Balance]:
        """Non-zero balances, the quote asset first, then by asset."""

    async def portfolio(self, account: Account) -> Portfolio:
        """Positions valued at the last known prices."""

    async def equity(self, account: Account, points: int) -> Sequence[EquityPoint]:
        """Equity since the last reset, oldest first, from fills and archived candles; at most `points`."""

    async def history(self, account: Account, limit: int, before: int | None = None) -> HistoryPage:
        """Orders, grants and resets, newest first; `before` is a cursor of an earlier page."""

    async def stake(self, person_id: int, symbol: Symbol, since: int) -> Stake:
        """The person's trades of a symbol at `since` (UTC ms of the market's clock) or later, and what the holding
        cost; empty without an account. Only the newest thousand trades of the account are looked through."""

    async def reset(self, account: Account, command_id: str) -> Account:
        """Returns everything to the house and grants anew; history stays."""
