"""Reasons for which data is dropped, held back or noted; they are the names of the counters."""

from enum import StrEnum


class Reason(StrEnum):
    """Reason for which data is counted. Data of the first group is dropped, that of the second waits for the next
    quotes, the third group is the outcome of the second, and data of the last group passes.
    """

    UNKNOWN_SYMBOL = "unknown-symbol"
    """Not among the source's symbols, or not a possible name of a symbol."""
    NOT_A_NUMBER = "not-a-number"
    """NaN, an exponent, foreign digits, too long: anything but a plain ASCII decimal."""
    NEGATIVE = "negative"
    ZERO_PRICE = "zero-price"
    CROSSED = "crossed"
    """The bid is above the ask."""
    FUTURE = "future"
    PAST = "past"
    """A time so long ago that its unit must be wrong, or a trade that is older than the last quote by seconds."""
    DUPLICATE = "duplicate"
    """A quote of the same time as the last one, or the same candle or trade as the last one."""
    OUT_OF_ORDER = "out-of-order"
    """A quote or a trade older than one that came before it."""
    BROKEN_CANDLE = "broken-candle"
    """High below low, off the minute, or impossible volumes."""

    SPIKE = "spike"
    """The last price jumped beyond the limit."""
    BOOK_SPIKE = "book-spike"
    """The bid or the ask jumped beyond the limit, the last price did not."""
    CANDLE_SPIKE = "candle-spike"
    TRADE_SPIKE = "trade-spike"
    """A trade far from all known prices."""

    CONFIRMED = "confirmed"
    """The next quotes confirmed the price: the market has jumped."""
    REFUTED = "refuted"
    """The next quotes did not confirm the price, which was never shown."""

    DISAGREEMENT = "disagreement"
    """The last price moved far outside bid and ask."""


DROPPED = (
    Reason.UNKNOWN_SYMBOL,
    Reason.NOT_A_NUMBER,
    Reason.NEGATIVE,
    Reason.ZERO_PRICE,
    Reason.CROSSED,
    Reason.FUTURE,
    Reason.PAST,
    Reason.DUPLICATE,
    Reason.OUT_OF_ORDER,
    Reason.BROKEN_CANDLE,
)
HELD = (Reason.SPIKE, Reason.BOOK_SPIKE, Reason.CANDLE_SPIKE, Reason.TRADE_SPIKE)
