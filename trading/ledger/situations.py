"""Reading of what a resting order depends on: rules, quote, balances and book."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from trading.errors import UnsupportedQuoteAsset
from trading.market_data import DeskMarket
from trading.matching.ladders import ladder_of
from trading.matching.liquidity import Liquidity
from trading.matching.situation import Situation
from trading.orders.holds import ZERO
from trading.orders.requests import AnyOrderRequest, may_fill_at_once
from trading.orders.types import Balance, Side
from trading.ports import Account
from trading.settings import TradingSettings


class BalanceReader(Protocol):
    """Part of the ledger that the desk of resting orders reads; see `trading.ledger.ports.Ledger`."""

    async def available(self, account_id: int, assets: Sequence[str]) -> list[Balance]:
        """Returns the balances of these assets. Raises TradingHalted."""

    async def merged_accounts(self, account_id: int) -> list[int]:
        """Returns the accounts that were merged into this one."""


class Situations:
    """Reader of situations over a market and the balances of a ledger."""

    def __init__(
        self, market: DeskMarket, ledger: BalanceReader, settings: TradingSettings, liquidity: Liquidity
    ) -> None:
        self._market = market
        self._ledger = ledger
        self._settings = settings
        self._liquidity = liquidity

    async def read(
        self,
        account: Account,
        symbol: Symbol,
        side: Side,
        request: AnyOrderRequest | None = None,
        *,
        with_funds: bool = True,
    ) -> Situation:
        """Reads what the order depends on: the quote first and a book last, so that the book is the newer one. Without
        `with_funds` the balances are taken for unlimited: the store checks them. Raises UnknownSymbol,
        UnsupportedQuoteAsset, SymbolHalted, StalePrice, CrossedQuote, TradingHalted, MarketUnavailable.
        """
        rules, info = self._market.rules(symbol), self._market.info()
        if (info.market, info.quote_asset) != (account.market, account.quote_asset):
            raise UnknownSymbol(symbol)  # another market began since the account was looked up
        if rules.quote != account.quote_asset:
            raise UnsupportedQuoteAsset(symbol, rules.quote, account.quote_asset)
        rules.check_trading()
        quote = await self._market.quote(symbol)
        quote.check_tradable()
        assets = (rules.base, rules.quote)
        base, funds = (
            await self._ledger.available(account.account_id, assets)
            if with_funds
            else [Balance(asset, Decimal("Infinity"), ZERO) for asset in assets]
        )
        book = (
            await self._market.order_book(symbol, quote.time)
            if request is not None and may_fill_at_once(request, quote.bid, quote.ask)
            else None
        )
        ladder = ladder_of(side, quote, book, rules)
        used = self._liquidity.used(symbol, side, ladder)
        rate, latency, now = self._settings.fee_rate, self._settings.latency_ms, self._market.now()
        return Situation(rules, quote, ladder, used, now, base, funds, rate, info.source, latency)
