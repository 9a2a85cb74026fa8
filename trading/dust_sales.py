"""Sales of all dust of an account in one command, which takes effect once."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import DatabaseUnavailable, DeskError, Refused
from core.outbox import NotificationTarget
from pipeline.archive.units import Units
from pipeline.errors import MarketUnavailable, NoPriceYet, UnknownSymbol
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from trading.dust import MAX_DUST_SALES, DustPosition, DustSale, DustSold, UnsellableDust, is_dust
from trading.errors import BalanceChanged, IdempotencyKeyReused, NoDust, TradingHalted
from trading.ledger.ports import DisplayTaken, Ledger, LedgerCommand, NewOrder, OrderNotification, body_of
from trading.market_data import DeskMarket
from trading.matching.delisted_sale import closes_at_last_price, closing_terms
from trading.matching.ladders import Ladder, ladder_of
from trading.matching.liquidity import Liquidity, LiquidityReservation
from trading.matching.market_orders import RequestedSize, Terms, check_moved, match
from trading.orders.types import BaseQuantity, Execution, Receipt, Side
from trading.ports import Account
from trading.settings import TradingSettings

ATTEMPTS = 8
"""Attempts to match the sales while other processes take of the same displays."""


@dataclass(frozen=True, slots=True)
class _Holding:
    """Holding to be sold. `agreed` is the price of the preview, None without a preview."""

    symbol: Symbol
    asset: str
    quantity: Decimal
    agreed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Sale:
    asset: str
    rules: SymbolRules
    execution: Execution
    ladder: Ladder

    @property
    def crumb(self) -> DustPosition:
        """Sale as a preview shows it."""
        done = self.execution
        return DustPosition(done.symbol, self.asset, done.quantity, done.average_price, done.received)


class DustSales:
    """Prices, matches and books sales of holdings below the exchange's minimum, each as a whole. They fill at the
    quantity displayed at the bid: dust is smaller than the smallest order, so no order book is read.
    """

    def __init__(self, market: DeskMarket, ledger: Ledger, settings: TradingSettings, liquidity: Liquidity) -> None:
        self._market = market
        self._ledger = ledger
        self._settings = settings
        self._liquidity = liquidity

    async def preview(self, account: Account) -> DustSale:
        """Returns the sales that would be made now. Raises MarketUnavailable, DatabaseUnavailable, TradingHalted,
        UnknownSymbol.
        """
        await self._ledger.available(account.account_id, (account.quote_asset,))
        sales, kept, more = await self._find(account)
        return DustSale(tuple(sale.crumb for sale in sales), kept, more)

    async def sell(
        self,
        account: Account,
        command: LedgerCommand,
        agreed: Sequence[DustPosition] | None,
        notify: NotificationTarget | None,
    ) -> DustSold:
        """Sells the agreed holdings, or all current dust if `agreed` is None. A repeated command returns its first
        answer. Raises NoDust if there is none, IdempotencyKeyReused, and the errors of `preview`.
        """
        before = await self._before(account, command, agreed)
        if before:
            return DustSold(tuple(before))
        for _ in range(ATTEMPTS):
            if agreed is None:
                sales, kept, _ = await self._find(account)
            else:
                found = [_Holding(each.symbol, each.asset, each.quantity, each.price) for each in agreed]
                quotes = await self._market.quotes([each.symbol for each in agreed])
                sales, kept = self._priced(account, found, quotes, (await self._ledger.state(account)).units)
            with contextlib.suppress(DisplayTaken):
                return await self._book(account, command, sales, kept, notify)
        raise DatabaseUnavailable

    async def _before(
        self, account: Account, command: LedgerCommand, agreed: Sequence[DustPosition] | None
    ) -> Sequence[Receipt]:
        """Returns the receipts of the orders that the command made before, perhaps for an account since merged into
        this one.
        """
        try:
            return await self._ledger.find_batch_receipts(command)
        except IdempotencyKeyReused:
            for former in await self._ledger.merged_accounts(account.account_id):
                with contextlib.suppress(IdempotencyKeyReused):
                    return await self._ledger.find_batch_receipts(
                        LedgerCommand(command.command_id, sale_body(former, agreed), command.at, command.market_time)
                    )
            raise

    async def _find(self, account: Account) -> tuple[list[_Sale], tuple[UnsellableDust, ...], int]:
        """Returns the sales of the current dust, by symbol, the dust that cannot be sold, and the number of sales
        beyond the maximum of one command.
        """
        state = await self._ledger.state(account)
        available = {balance.asset: balance.available for balance in state.balances}
        held = [(symbol, asset) for symbol, asset in sorted(state.holdings) if available.get(asset)]
        quotes = await self._market.quotes([symbol for symbol, _ in held]) if held else {}
        found = [
            _Holding(symbol, asset, available[asset])
            for symbol, asset in held
            if self._is_dust(symbol, available[asset], quotes.get(symbol))
        ]
        sales, kept = self._priced(account, found, quotes, state.units)
        return sales[:MAX_DUST_SALES], kept, max(len(sales) - MAX_DUST_SALES, 0)

    def _is_dust(self, symbol: Symbol, quantity: Decimal, quote: Quote | None) -> bool:
        """True if the quantity is dust at the bid. False for a symbol that the market no longer lists, whose rules are
        unknown.
        """
        try:
            rules = self._market.rules(symbol)
        except UnknownSymbol:
            return False
        return is_dust(quantity, rules, None if quote is None else quote.bid)

    def _priced(
        self, account: Account, holdings: Sequence[_Holding], quotes: dict[Symbol, Quote], units: Units
    ) -> tuple[list[_Sale], tuple[UnsellableDust, ...]]:
        info = self._market.info()
        if (info.market, info.quote_asset) != (account.market, account.quote_asset):
            raise UnknownSymbol(account.quote_asset)  # another market began since the account was looked up
        sales, kept = [], []
        for holding in holdings:
            try:
                sales.append(self._sale(holding, quotes.get(holding.symbol), units))
            except MarketUnavailable:
                raise
            except DeskError as error:
                kept.append(UnsellableDust(holding.asset, error))
        return sales, tuple(kept)

    def _sale(self, holding: _Holding, quote: Quote | None, units: Units) -> _Sale:
        rules = self._market.rules(holding.symbol)
        if quote is None:
            rules.check_trading()
            raise NoPriceYet(holding.symbol)
        if closes_at_last_price(Side.SELL, rules, quote, self._settings):
            rules, ladder = closing_terms(rules, quote, units)
        else:
            rules.check_trading()
            ladder = ladder_of(Side.SELL, quote, None, rules)
        execution = self._matched(holding.quantity, ladder, rules)
        if holding.agreed is not None:
            check_moved(execution, holding.agreed, self._settings.price_tolerance)
        return _Sale(holding.asset, rules, execution, ladder)

    def _matched(self, quantity: Decimal, ladder: Ladder, rules: SymbolRules) -> Execution:
        wanted = RequestedSize(BaseQuantity(quantity), whole_balance=True)
        settings = self._settings
        terms = Terms(rules, settings.fee_rate, self._market.info().source, latency_ms=settings.latency_ms)
        return match(Side.SELL, wanted, ladder, terms, self._liquidity.used(rules.symbol, Side.SELL, ladder))

    async def _book(
        self,
        account: Account,
        command: LedgerCommand,
        sales: Sequence[_Sale],
        kept: tuple[UnsellableDust, ...],
        notify: NotificationTarget | None,
    ) -> DustSold:
        """Books the sales. Nothing is awaited between pricing and marking what is displayed as used."""
        if not sales and not kept:
            raise NoDust
        if not sales:
            return DustSold((), kept)
        news = None if notify is None else OrderNotification(account.person_id, account.market, notify)
        fee_rate = self._settings.fee_rate
        taken = [
            self._liquidity.take(sale.rules.symbol, Side.SELL, sale.ladder, sale.execution.quantity) for sale in sales
        ]
        orders = [
            NewOrder(account.account_id, sale.rules, sale.execution, fee_rate, not sale.execution.unfilled, news, part)
            for sale, part in zip(sales, taken, strict=True)
        ]
        try:
            placed = await self._ledger.place_batch(orders, account.quote_asset, command)
        except DisplayTaken as conflict:
            for part in reversed(taken):
                self._liquidity.learn(part, conflict.used.get(part.symbol, part.start))
            raise
        except (Refused, TradingHalted):
            self._give_back(taken)
            raise
        if placed is None:  # another delivery of the same command was faster
            self._give_back(taken)
            return DustSold(tuple(await self._ledger.find_batch_receipts(command)))
        self._give_back([each for each, receipt in zip(taken, placed, strict=True) if receipt is None])
        changed = [
            UnsellableDust(sale.asset, BalanceChanged(sale.asset))
            for sale, receipt in zip(sales, placed, strict=True)
            if receipt is None
        ]
        return DustSold(tuple(receipt for receipt in placed if receipt is not None), (*kept, *changed))

    def _give_back(self, taken: Sequence[LiquidityReservation]) -> None:
        for each in reversed(taken):
            self._liquidity.give_back(each)


def sale_body(account_id: int, agreed: Sequence[DustPosition] | None) -> bytes:
    """Returns the body to which the command id of a sale of dust is bound."""
    wish = ["all"] if agreed is None else [f"{each.symbol}:{each.quantity.normalize():f}" for each in agreed]
    return body_of("dust", account_id, *wish)
