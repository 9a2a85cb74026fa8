"""Checks of one symbol's quotes, which pass or wait until the next quotes confirm them.

A quote is SUSPECT if its last price, bid or ask is beyond the limit both from the one before it and from the median of
the recent ones (`outlier_limit`). It is then HELD, and the next quote decides:

- The next quote is back at the old price level: the held quote is REFUTED and never shown.
- The next quote agrees with the held one, is not a mere repetition (a field other than its time differs), and its last
  price is not far outside its own bid and ask: the held quote is CONFIRMED, and the next quote passes.
- The next quote only repeats the held one: it is confirmed after STANDING_MS, or after MAX_HELD_MS if the last price is
  far outside bid and ask.
- The next quote is at yet another price: it replaces the held one. A market that has not returned to the old level for
  MAX_HELD_MS and FEWEST_HELD quotes is accepted, so that no symbol waits for ever.

A candle that arrived with the quote confirms it at once if it traded over the whole range from the previous price to
the quote's, within a factor of two, because it is a second statement of the source about the same prices.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.market import MINUTE_MS, Candle, Tick
from pipeline.quality.counters import Quarantined
from pipeline.quality.outlier_limit import CEILING, FLOOR, RECENT, centre_and_limit, distance, widening
from pipeline.quality.reasons import Reason

STANDING_MS = 5_000
MAX_HELD_MS = 60_000
FEWEST_HELD = 4

OUTSIDE = 1.10
"""Factor outside bid and ask from which a last price disagrees with them."""

SUPPORTED_MOVE = math.log(2.0)

LOWEST, HIGHEST = math.exp(-FLOOR), math.exp(FLOOR)
"""Bounds of the ratio to the previous price within the floor."""


@dataclass(slots=True)
class QuarantinedQuote:
    """Suspect quote that waits. `since` is the time of the first quote at this price, `first` the time at which holding
    began.
    """

    tick: Tick
    first: int
    since: int
    entry: Quarantined
    quotes: int = 1


@dataclass(slots=True)
class QuoteState:
    """Last quote of a symbol that passed, as text and as numbers (0.0: not known), and the quote that waits."""

    tick: Tick
    time: int
    price: float
    bid: float
    ask: float
    moved: int
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))
    held: QuarantinedQuote | None = None
    disagrees: bool = False


def numbers(tick: Tick) -> tuple[float, float, float]:
    """Returns the last price, bid and ask; 0.0 if not known."""
    return float(tick.price), float(tick.bid or 0), float(tick.ask or 0)


def start_tracking(tick: Tick) -> QuoteState:
    """Returns the state after a symbol's first quote."""
    price, bid, ask = numbers(tick)
    known = QuoteState(tick, tick.time, price, bid, ask, tick.time)
    known.recent.append(price)
    return known


def is_stable(known: QuoteState, price: float, bid: float, ask: float) -> bool:
    """True if nothing moved beyond the floor, which holds for almost every quote."""
    if not LOWEST < price / known.price < HIGHEST:
        return False
    if bid and not (known.bid and LOWEST < bid / known.bid < HIGHEST) and not LOWEST < bid / known.price < HIGHEST:
        return False
    return not (
        ask and not (known.ask and LOWEST < ask / known.ask < HIGHEST) and not LOWEST < ask / known.price < HIGHEST
    )


def outlier_reason(known: QuoteState, tick: Tick, max_gap_ms: int) -> Reason | None:
    """Returns the reason that the quote must wait, or None."""
    price, bid, ask = numbers(tick)
    if is_stable(known, price, bid, ask):
        return None
    # squared: a quote that arrives once an hour could not be confirmed soon, so it may move as far as a random walk
    wider = widening(tick.time - known.time, max_gap_ms) ** 2
    recent = centre_and_limit(known.recent, wider)

    def far(value: float, before: float) -> bool:
        if not value:
            return False
        near_one = any(distance(value, usual) <= FLOOR * wider for usual in (before, known.price) if usual)
        return not near_one and (recent is None or abs(math.log(value) - recent[0]) > recent[1])

    if far(price, known.price):
        return Reason.SPIKE
    return Reason.BOOK_SPIKE if far(bid, known.bid) or far(ask, known.ask) else None


def supported_by_candles(known: QuoteState, tick: Tick, candles: Iterable[Candle]) -> bool:
    """True if one of the candles traded from the previous price to the quote's, within a factor of two, and has just
    closed.
    """
    price, bid, ask = numbers(tick)
    sides = [side for side in (bid, ask) if side]
    return distance(price, known.price) <= SUPPORTED_MOVE and any(
        0 <= tick.time - candle.open_time - MINUTE_MS < MINUTE_MS
        and candle.volume > 0
        and reaches(candle, known.price)
        and all(candle.low <= value <= candle.high for value in (price, *sides))
        for candle in candles
        if candle.symbol == tick.symbol
    )


def reaches(candle: Candle, price: float) -> bool:
    """True if the candle's range, widened by the floor, contains the price."""
    return candle.low * LOWEST <= price <= candle.high * HIGHEST


def outside_its_book(price: float, bid: float, ask: float) -> bool:
    """True if the last price is far outside bid and ask."""
    return price * OUTSIDE < bid or (0.0 < ask * OUTSIDE < price)


def same_statement(held: Tick, tick: Tick) -> bool:
    """True if the quote's price, bid and ask are near the held one's. They need not be equal, because a fast market
    moves meanwhile.
    """
    return all(
        (not a and not b) or (a > 0 and b > 0 and distance(a, b) <= CEILING)
        for a, b in zip(numbers(held), numbers(tick), strict=True)
    )


def confirms(held: QuarantinedQuote, tick: Tick) -> bool:
    """True if the quote, which is not back at the old price level, confirms the move."""
    if tick.time - held.first >= MAX_HELD_MS and held.quotes + 1 >= FEWEST_HELD:
        return True
    if not same_statement(held.tick, tick):
        return False
    stood = tick.time - held.since
    if outside_its_book(*numbers(tick)):
        return stood >= MAX_HELD_MS
    return stood >= STANDING_MS or quote_fields(tick) != quote_fields(held.tick)


def quote_fields(tick: Tick) -> tuple[str, ...]:
    """Returns all fields of the quote except its time."""
    texts = (tick.price, tick.bid, tick.bid_size, tick.ask, tick.ask_size)
    return (*texts, tick.open_24h, tick.high_24h, tick.low_24h, tick.volume_24h)
