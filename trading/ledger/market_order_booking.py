"""Steps of a market order: its terms at the current prices, its execution, and a booking that uses a display once."""

import contextlib
from dataclasses import dataclass
from decimal import Decimal

from core.errors import DatabaseUnavailable, Refused
from core.outbox import NotificationTarget
from pipeline.errors import UnknownSymbol
from pipeline.market import Quote, Symbol
from pipeline.rules import TRADING, SymbolRules
from trading.errors import TradingHalted, UnsupportedQuoteAsset
from trading.ledger.ports import BalanceConflict, DisplayTaken, Ledger, LedgerCommand, NewOrder, OrderNotification
from trading.market_data import DeskMarket
from trading.matching.delisted_sale import closes_at_last_price, closing_terms
from trading.matching.ladders import Ladder, ladder_of
from trading.matching.liquidity import Liquidity
from trading.matching.market_orders import RequestedSize, Terms, check_moved, match
from trading.orders.types import Execution, Receipt, Side
from trading.ports import Account
from trading.settings import TradingSettings

DISPLAY_ATTEMPTS = 8
"""Attempts to match an order while other processes take of the same display."""


@dataclass(frozen=True, slots=True)
class MarketOrder:
    """Order requested by a user; `agreed` is the average price of the preview that the user confirmed, if any."""

    account: Account
    command: LedgerCommand
    side: Side
    agreed: Decimal | None = None
    notify: NotificationTarget | None = None

    @property
    def news(self) -> OrderNotification | None:
        """Notifications of the order for the ledger; None if none are wanted."""
        account = self.account
        return None if self.notify is None else OrderNotification(account.person_id, account.market, self.notify)


class MarketOrders:
    """Pricing, matching and booking of market orders. `liquidity` is the record of displayed quantity that all desks of
    the process share.
    """

    def __init__(self, market: DeskMarket, ledger: Ledger, settings: TradingSettings, liquidity: Liquidity) -> None:
        self._market = market
        self._ledger = ledger
        self._settings = settings
        self._liquidity = liquidity

    async def priced(self, account: Account, side: Side, symbol: Symbol) -> tuple[SymbolRules, Ladder]:
        """Returns the terms of a fill now. Raises the errors of `quoted` and `terms`."""
        rules, quote = await self.quoted(account, side, symbol)
        return await self.terms(account, side, rules, quote)

    async def quoted(self, account: Account, side: Side, symbol: Symbol) -> tuple[SymbolRules, Quote]:
        """Returns rules and quote of a symbol that the account may trade. Raises UnknownSymbol, UnsupportedQuoteAsset,
        SymbolHalted, and the errors of MarketReader.
        """
        rules = self._market.rules(symbol)
        info = self._market.info()
        if (info.market, info.quote_asset) != (account.market, account.quote_asset):
            raise UnknownSymbol(symbol)  # another market began since the account was looked up
        if rules.quote != account.quote_asset:
            raise UnsupportedQuoteAsset(symbol, rules.quote, account.quote_asset)
        if rules.status == TRADING or side is Side.BUY:
            rules.check_trading()
        return rules, await self._market.quote(symbol)

    async def terms(self, owner: Account, side: Side, rules: SymbolRules, quote: Quote) -> tuple[SymbolRules, Ladder]:
        """Returns the terms of a fill. A book is requested last, because the source limits the requests, and so that
        the book is newer than the quote.
        """
        if closes_at_last_price(side, rules, quote, self._settings):
            return closing_terms(rules, quote, (await self._ledger.state(owner)).units)
        rules.check_trading()
        quote.check_tradable()
        return rules, ladder_of(side, quote, await self._market.order_book(rules.symbol, quote.time), rules)

    def matched(self, side: Side, wanted: RequestedSize, ladder: Ladder, rules: SymbolRules) -> Execution:
        """Returns the execution that the order would have now, without any effect. Raises the errors of `match`."""
        settings, source = self._settings, self._market.info().source
        terms = Terms(rules, settings.fee_rate, source, settings.max_slippage, settings.latency_ms)
        return match(side, wanted, ladder, terms, self._liquidity.used(rules.symbol, side, ladder))

    async def book(self, order: MarketOrder, wanted: RequestedSize, rules: SymbolRules, ladder: Ladder) -> Receipt:
        """Matches and books the order, again if others were faster at the display. Raises PriceMoved if its price is
        worse than the agreed one, and the errors of `Ledger.place`.
        """
        for _ in range(DISPLAY_ATTEMPTS):
            with contextlib.suppress(DisplayTaken):
                return await self._book_once(order, wanted, rules, ladder)
        raise DatabaseUnavailable

    async def _book_once(
        self, order: MarketOrder, wanted: RequestedSize, rules: SymbolRules, ladder: Ladder
    ) -> Receipt:
        """Nothing is awaited between reading what is displayed and marking it used."""
        execution = self.matched(order.side, wanted, ladder, rules)
        if order.agreed is not None:
            check_moved(execution, order.agreed, self._settings.price_tolerance)
        empties = wanted.whole_balance and execution.quantity == wanted.size.amount
        taken = self._liquidity.take(rules.symbol, order.side, ladder, execution.quantity)
        rate, account_id = self._settings.fee_rate, order.account.account_id
        new = NewOrder(account_id, rules, execution, rate, empties, order.news, taken)
        try:
            placed = await self._ledger.place(new, order.command)
        except DisplayTaken as conflict:
            self._liquidity.learn(taken, conflict.used[rules.symbol])
            raise
        except (Refused, BalanceConflict, TradingHalted):
            # After any other error the outcome is unknown, so the quantity stays marked as used.
            self._liquidity.give_back(taken)
            raise
        if placed.replayed:
            self._liquidity.give_back(taken)
        return placed.receipt
