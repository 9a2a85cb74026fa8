"""Compares the prices of an order's fills with the archived candles around it. Pure.

A market order takes the best displayed price first; deeper fills are worse for the user. A candle shows trades, not
quotes, so its range is widened by a tolerance, in fractions of the price:

    better than the range, at the touch     FAVOUR, or FAVOUR_WITHOUT_TRADES where nothing traded
    worse than the range, at the touch      SPREAD
    worse than the range, deeper in a book  DEPTH

Sales at the last price of a delisted or halted symbol are compared with the candles around that last price.
"""

from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import MINUTE_MS, SourceKind
from trading.matching.price_bounds import DEPTH, FAVOUR, SPREAD
from trading.orders.types import Side

FAVOUR_WITHOUT_TRADES = Decimal("0.2")
"""Quotes of an idle symbol follow the market while its candles repeat the last trade."""

NEIGHBOURS = 1
"""Minutes before and after the fill's own minute that count as the same time."""

CLOCK_MS = 10 * MINUTE_MS
"""Milliseconds by which the price's time plus its age may differ from the time of the command."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Archived market in the minutes around a fill: the range of its prices, and the number of its trades."""

    low: Decimal
    high: Decimal
    trades: int


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """The prices of an order's fills, `lowest` and `highest`, and when they were displayed (UTC ms, market's clock).

    `shown` is None where no candle of these minutes is archived.
    """

    market: str
    side: Side
    lowest: Decimal
    highest: Decimal
    from_book: bool
    price_time: int
    price_age_ms: int
    market_time: int
    shown: Shown | None


def complaint(order: PricedOrder) -> str | None:
    """Returns the reason that an order's prices are impossible; None if they are plausible or the archive has no
    candle.
    """
    if _of_another_time(order):
        told = order.price_time + order.price_age_ms
        return f"the price is of {told}, the command of {order.market_time} (UTC ms)"
    if order.shown is None:
        return None
    lowest, highest = allowed(order.side, order.shown, from_book=order.from_book)
    touch_limit = allowed(order.side, order.shown, from_book=False)
    touch = order.lowest if order.side is Side.BUY else order.highest
    if lowest <= order.lowest and order.highest <= highest and touch_limit[0] <= touch <= touch_limit[1]:
        return None
    return (
        f"filled at {order.lowest:f} to {order.highest:f} while the market was between {order.shown.low:f} and"
        f" {order.shown.high:f}"
    )


def allowed(side: Side, shown: Shown, *, from_book: bool) -> tuple[Decimal, Decimal]:
    """Returns the lowest and highest price that a fill may have; `from_book` allows for the depth of a book."""
    favour = FAVOUR if shown.trades else FAVOUR_WITHOUT_TRADES
    against = DEPTH if from_book else SPREAD
    below, above = (favour, against) if side is Side.BUY else (against, favour)
    return EXACT.multiply(shown.low, 1 - below), EXACT.multiply(shown.high, 1 + above)


def _of_another_time(order: PricedOrder) -> bool:
    """True if the price is of another time than the command. False for a replay, whose clock is set to the recording at
    each start and may run fast, so that its times prove nothing.
    """
    if order.market.partition(":")[0] == SourceKind.REPLAY:
        return False
    return abs(order.market_time - order.price_time - order.price_age_ms) > CLOCK_MS
