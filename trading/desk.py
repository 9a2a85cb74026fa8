"""Implementation of `trading.ports.TradingDesk`: prices, matches and books orders."""

import contextlib
from collections.abc import Sequence

from core.clock import Clock
from core.decimals import is_multiple
from core.errors import DatabaseUnavailable, DeskError
from core.outbox import NotificationTarget
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.dust import DustPosition, DustSale, DustSold
from trading.dust_sales import DustSales, sale_body
from trading.errors import (
    IdempotencyKeyReused,
    InsufficientFunds,
    NoAccount,
    NothingToSell,
)
from trading.ledger.commands import command_now
from trading.ledger.market_order_booking import MarketOrder, MarketOrders
from trading.ledger.ports import (
    BalanceConflict,
    Ledger,
    LedgerCommand,
    body_of,
)
from trading.market_data import DeskMarket, Latency
from trading.matching.ladders import Ladder
from trading.matching.liquidity import Liquidity
from trading.matching.market_orders import RequestedSize, smallest_part
from trading.matching.sizing import balances_after, refuse_penniless, refuse_short, size_wanted
from trading.orders.types import (
    Balance,
    BaseQuantity,
    HistoryPage,
    Preview,
    QuoteAmount,
    Receipt,
    Share,
    Side,
    Size,
    size_text,
)
from trading.portfolio.equity_curve import EquityPoint, equity_points, load_closes, plan_equity
from trading.portfolio.marks import marks_of
from trading.portfolio.positions import Portfolio
from trading.ports import Account, SymbolActivity
from trading.settings import TradingSettings

MAX_HISTORY = 100
MAX_EQUITY_POINTS = 1000
SIZING_ATTEMPTS = 3
"""Attempts to size an order whose balance changes meanwhile."""


class Desk:
    """`trading.ports.TradingDesk` over a market, a ledger and the wall clock."""

    def __init__(
        self,
        market: DeskMarket,
        ledger: Ledger,
        settings: TradingSettings,
        clock: Clock,
        *,
        liquidity: Liquidity | None = None,
    ) -> None:
        """`liquidity` is the record of displayed quantity that is shared with the desk of resting orders."""
        self._market = market
        self._ledger = ledger
        self._settings = settings
        self._clock = clock
        used = liquidity or Liquidity()
        self._orders = MarketOrders(market, ledger, settings, used)
        self._latency = Latency(market, settings.latency_ms)
        self._dust = DustSales(market, ledger, settings, used)

    # -- accounts ------------------------------------------------------------------------------

    async def open(self, person_id: int, command_id: str) -> Account:
        """Returns the user's account on the running market, opened with its grant at the first call."""
        info = self._market.info()
        command = self._command(command_id, body_of("open", person_id, info.market, info.quote_asset))
        return await self._ledger.open(person_id, info.market, info.quote_asset, self._settings.opening_grant, command)

    async def account(self, person_id: int) -> Account:
        """Returns the user's account on the running market. Raises NoAccount."""
        info = self._market.info()
        account = await self._ledger.account(person_id, info.market, info.quote_asset)
        if account is None:
            raise NoAccount
        return account

    async def reset(self, account: Account, command_id: str) -> Account:
        """Returns all balances to the house and grants the opening amount again. The history is kept."""
        command = self._command(command_id, body_of("reset", account.account_id), account)
        return await self._ledger.reset(account, self._settings.opening_grant, command)

    # -- orders --------------------------------------------------------------------------------

    async def preview(self, account: Account, side: Side, symbol: Symbol, size: Size) -> Preview:
        """Prices and checks an order without any effect. Raises the errors of `place`, except IdempotencyKeyReused."""
        rules, shown = await self._orders.quoted(account, side, symbol)
        base, quote = await self._ledger.available(account.account_id, (rules.base, rules.quote))
        if side is Side.SELL and not base.total:
            raise NothingToSell(rules.base)
        wanted = size_wanted(side, size, rules, base, quote)
        price, short = (shown.ask, quote) if side is Side.BUY else (shown.bid, base)
        refuse_penniless(side, wanted, price, rules, short)
        rules, ladder = await self._orders.terms(account, side, rules, shown)
        execution = self._orders.matched(side, wanted, ladder, rules)
        if (quote.available < execution.quote_amount) if side is Side.BUY else (base.available < execution.quantity):
            refuse_short(side, base, quote, execution.quantity, execution.quote_amount)
        return Preview(
            side, symbol, wanted.size, wanted.whole_balance, execution, balances_after(execution, base, quote)
        )

    async def place(
        self,
        account: Account,
        command_id: str,
        side: Side,
        symbol: Symbol,
        size: Size,
        *,
        notify: NotificationTarget | None = None,
    ) -> Receipt:
        """Places a market order now; see `TradingDesk.place`."""
        await self._latency.pass_by(symbol)
        body = body_of("place", account.account_id, side, symbol, size_text(size))
        command = self._command(command_id, body, account)
        order = MarketOrder(account, command, side, notify=notify)
        # A share refers to the balance: if another order changed it first, the order is sized again.
        raced = (BalanceConflict, InsufficientFunds) if isinstance(size, Share) else (BalanceConflict,)
        try:
            for _ in range(SIZING_ATTEMPTS):
                rules, ladder = await self._orders.priced(account, side, symbol)
                wanted = await self._wanted(account, side, size, rules, ladder)
                with contextlib.suppress(*raced):
                    return await self._orders.book(order, wanted, rules, ladder)
            raise DatabaseUnavailable
        except DeskError as error:
            return await self._first_answer(order, error, "place", side, symbol, size_text(size))

    async def confirm(
        self, account: Account, command_id: str, previewed: Preview, *, notify: NotificationTarget | None = None
    ) -> Receipt:
        """Places a previewed order at the current price. Raises PriceMoved if that is worse by more
        than the tolerance.
        """
        await self._latency.pass_by(previewed.symbol)
        side, size, whole = previewed.side, previewed.size, previewed.whole_balance
        body = ("confirm", account.account_id, side, previewed.symbol, size_text(size), whole)
        command = self._command(command_id, body_of(*body), account)
        order = MarketOrder(account, command, side, previewed.execution.average_price, notify)
        try:
            rules, ladder = await self._orders.priced(account, side, previewed.symbol)
            with contextlib.suppress(BalanceConflict):
                return await self._orders.book(order, RequestedSize(size, whole), rules, ladder)
            # The quantity is no longer the whole balance, so it is rounded to a step like any other.
            return await self._orders.book(order, RequestedSize(size), rules, ladder)
        except DeskError as error:
            return await self._first_answer(order, error, "confirm", *body[2:])

    async def preview_dust(self, account: Account) -> DustSale:
        """Returns the result of a sale of all dust at the current prices, without any effect."""
        return await self._dust.preview(account)

    async def sell_dust(
        self,
        account: Account,
        command_id: str,
        agreed: Sequence[DustPosition] | None = None,
        *,
        notify: NotificationTarget | None = None,
    ) -> DustSold:
        """Sells all dust in one transaction; see `TradingDesk.sell_dust`."""
        await self._latency.pass_by()
        command = self._command(command_id, sale_body(account.account_id, agreed), account)
        return await self._dust.sell(account, command, agreed, notify)

    async def receipt(self, account: Account, order_id: int) -> Receipt | None:
        """Returns a stored receipt of this account, or None."""
        return await self._ledger.receipt(account.account_id, order_id)

    # -- balances and history ------------------------------------------------------------------

    async def balances(self, account: Account) -> Sequence[Balance]:
        """Returns the non-zero balances, the quote asset first, then by asset."""
        return (await self._ledger.state(account)).balances

    async def portfolio(self, account: Account) -> Portfolio:
        """Returns the positions valued at the last known prices."""
        state = await self._ledger.state(account)
        held = [symbol for (symbol, _), holding in state.holdings.items() if holding.quantity]
        return state.valued(await marks_of(self._market, held))

    async def equity(self, account: Account, points: int) -> Sequence[EquityPoint]:
        """Returns equity since the last reset, oldest first, from fills and archived candles; at most `points` (2 to
        1000).
        """
        portfolio = await self.portfolio(account)
        start = await self._ledger.round_start(account.account_id)
        plan = plan_equity(start, self._market.now(), min(max(points, 2), MAX_EQUITY_POINTS))
        changes = await self._ledger.changes(account.account_id, plan.start, plan.width_ms, plan.last_bucket)
        closes = await load_closes(self._market.candles, changes, plan)
        return equity_points(plan, portfolio, changes, closes)

    async def history(self, account: Account, limit: int, before: int | None = None) -> HistoryPage:
        """Returns orders, grants and resets, newest first; at most 100 lines a page."""
        return await self._ledger.history(account.account_id, min(max(limit, 1), MAX_HISTORY), before)

    async def symbol_activity(self, person_id: int, symbol: Symbol, since: int) -> SymbolActivity:
        """Returns the user's trades of a symbol since then, and the cost of the holding."""
        info = self._market.info()
        return await self._ledger.symbol_activity(person_id, info.market, info.quote_asset, symbol, since)

    # -- steps of an order ---------------------------------------------------------------------

    async def _wanted(
        self, account: Account, side: Side, size: Size, rules: SymbolRules, ladder: Ladder
    ) -> RequestedSize:
        """Resolves the size. A share requires a read of the balance, as does a quantity that can only be sold as the
        whole balance.
        """
        if not isinstance(size, Share) and not (side is Side.SELL and _only_as_whole(size, rules, ladder)):
            return RequestedSize(size)
        base, quote = await self._ledger.available(account.account_id, (rules.base, rules.quote))
        return size_wanted(side, size, rules, base, quote)

    async def _first_answer(self, order: MarketOrder, error: DeskError, kind: str, *wish: object) -> Receipt:
        """Returns the first answer of a command that took effect before; otherwise raises `error`.

        The command may have taken effect for an account that was since merged into this one. `kind` and `wish` are the
        parts of the body to which the command id is bound. DatabaseUnavailable is always raised.
        """
        if isinstance(error, DatabaseUnavailable):
            raise error
        command = order.command
        try:
            receipt = await self._ledger.find_receipt(command.command_id, command.body)
        except IdempotencyKeyReused:
            receipt = None
            for former in await self._ledger.merged_accounts(order.account.account_id):
                with contextlib.suppress(IdempotencyKeyReused):
                    receipt = await self._ledger.find_receipt(command.command_id, body_of(kind, former, *wish))
            if receipt is None:
                raise
        if receipt is None:
            raise error
        return receipt

    def _command(self, command_id: str, body: bytes, account: Account | None = None) -> LedgerCommand:
        return command_now(command_id, body, self._market, self._clock, account.person_id if account else None)


def _only_as_whole(size: BaseQuantity | QuoteAmount, rules: SymbolRules, ladder: Ladder) -> bool:
    """True if a sale of this quantity would be refused or leave a remainder, unless it is the whole balance."""
    if not isinstance(size, BaseQuantity) or not size.amount.is_finite() or size.amount <= 0:
        return False
    touch = next((level.price for level in ladder.levels), None)
    if touch is None or not is_multiple(size.amount, rules.step):
        return True
    return size.amount < smallest_part(rules, touch)
