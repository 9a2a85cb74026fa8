"""Open orders and events for tests of matching."""

from decimal import Decimal

from pipeline.market import Symbol
from pipeline.rules import LotSize, SymbolRules
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import PROTECTION, BestQuote, Filled, MarketTrade, OrderEffect
from trading.orders.holds import hold_price_of, need_of
from trading.orders.open_orders import Hold, ListPlace, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Side

SYMBOL = Symbol("BTCUSDC")
STEP = Decimal("0.001")
RULES = SymbolRules(
    SYMBOL, "BTC", "USDC", tick_size=Decimal("0.01"), lot=LotSize(STEP, Decimal(9000), STEP)
)  # fmt: skip


def orders(protection: Decimal = PROTECTION) -> SymbolOrders:
    """Returns a symbol without orders."""
    return SymbolOrders(SYMBOL, RULES, protection=protection)


def opened(
    order_id: int,
    side: Side,
    kind: OrderType,
    quantity: str,
    limit: str | None = None,
    *,
    stop: str | None = None,
    delta: int | None = None,
    at: int = 0,
    ahead: str | None = None,
    place: ListPlace | None = None,
    expires_at: int | None = None,
    status: OrderStatus = OrderStatus.NEW,
) -> OpenOrder:
    """Returns an accepted order with its hold."""
    price = None if limit is None else Decimal(limit)
    terms = OrderTerms(
        SYMBOL, side, kind, Decimal(quantity), price, None if stop is None else Decimal(stop), delta,
        TimeInForce.GTC if expires_at is None else TimeInForce.GTD, expires_at,
    )  # fmt: skip
    hold_price = hold_price_of(terms, Decimal(100_000))
    asset = "USDC" if side is Side.BUY else "BTC"
    hold = Hold(order_id, asset, need_of(side, terms.quantity, hold_price, RULES))
    return OpenOrder(
        order_id, 1, terms, status, 1, at, terms.quantity, Decimal(0), price,
        None if status is OrderStatus.PENDING_NEW else hold, Decimal("0.001"), order_id, place,
        queue_ahead=None if ahead is None else Decimal(ahead), hold_price=hold_price, received=Decimal(0),
    )  # fmt: skip


def trade(time: int, price: str, quantity: str | None = "1") -> MarketTrade:
    """Returns a trade; None for a quantity that is not known."""
    return MarketTrade(time, Decimal(price), None if quantity is None else Decimal(quantity))


def quote(time: int, bid: str, ask: str, *, bid_size: str = "10", ask_size: str = "10") -> BestQuote:
    """Returns a quote with 10 on both sides."""
    return BestQuote(time, Decimal(bid), Decimal(bid_size), Decimal(ask), Decimal(ask_size))


def filled(effects: list[OrderEffect]) -> list[tuple[int, str, str]]:
    """Returns order, price and quantity of each fill."""
    return [
        (each.order_id, f"{fill.price.normalize():f}", f"{fill.quantity.normalize():f}")
        for each in effects if isinstance(each, Filled) for fill in each.fills
    ]  # fmt: skip
