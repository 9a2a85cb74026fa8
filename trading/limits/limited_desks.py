"""The desks of accounts with limits: a preview is refused by what would refuse the order."""

from core.clock import Clock
from pipeline.market import Symbol
from trading.desk import Desk
from trading.ledger.order_ports import OrderStore
from trading.ledger.ports import Ledger
from trading.limits.check import proposed, proposed_orders
from trading.limits.ports import LimitGuard
from trading.market_data import DeskMarket
from trading.matching.liquidity import Liquidity
from trading.orders.records import OrderPlan
from trading.orders.requests import AnyOrderRequest
from trading.orders.types import Preview, Side, Size
from trading.ports import Account
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings


class LimitedDesk(Desk):
    """Desk of market orders that knows limits."""

    def __init__(  # noqa: PLR0917 - each is one service
        self,
        market: DeskMarket,
        ledger: Ledger,
        settings: TradingSettings,
        clock: Clock,
        limits: LimitGuard,
        liquidity: Liquidity | None = None,
    ) -> None:
        super().__init__(market, ledger, settings, clock, liquidity=liquidity)
        self._limits = limits

    async def reset(self, account: Account, command_id: str) -> Account:
        """Renews the account; see `Desk.reset`. A limit that it has reached pauses it before, since its references
        begin anew. Raises MarketUnavailable.
        """
        await self._limits.settle(account)
        return await super().reset(account, command_id)

    async def preview(self, account: Account, side: Side, symbol: Symbol, size: Size) -> Preview:
        """Prices and checks an order without any effect. Raises LimitReached and the errors of `Desk.preview`."""
        shown = await super().preview(account, side, symbol, size)
        if side is Side.BUY:
            await self._limits.check(account, symbol, shown.execution.mid_price, proposed(shown.execution))
        return shown


class LimitedRestingDesk(RestingDesk):
    """Desk of resting orders that knows limits."""

    def __init__(  # noqa: PLR0917 - each is one service
        self,
        market: DeskMarket,
        store: OrderStore,
        ledger: Ledger,
        settings: TradingSettings,
        clock: Clock,
        liquidity: Liquidity,
        limits: LimitGuard,
    ) -> None:
        super().__init__(market, store, ledger, settings, clock, liquidity)
        self._limits = limits

    async def preview(self, account: Account, request: AnyOrderRequest) -> OrderPlan:
        """Checks a request without any effect. Raises LimitReached and the errors of `RestingDesk.preview`."""
        shown = await super().preview(account, request)
        price = (await self._market.quote(request.symbol)).price
        await self._limits.check(account, request.symbol, price, proposed_orders(shown))
        return shown
