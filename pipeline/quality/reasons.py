"""Reasons that data was dropped, held back or remarked on, which are the names of the counters."""

from enum import StrEnum


class Reason(StrEnum):
    """Reason that data is counted. The first group is dropped for good, the second waits for the next quotes, the third
    is the outcome of the second, the last passes with a remark.
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
    """So long ago that the unit of the time must be wrong."""
    DUPLICATE = "duplicate"
    """A quote of the same time as the last one, or the same candle as the last one."""
    OUT_OF_ORDER = "out-of-order"
    """A quote older than one that passed before it."""
    BROKEN_CANDLE = "broken-candle"
    """High below low, off the minute, or impossible volumes."""

    SPIKE = "spike"
    """The last price jumped beyond the limit."""
    BOOK_SPIKE = "book-spike"
    """The bid or the ask jumped beyond the limit, the last price did not."""
    CANDLE_SPIKE = "candle-spike"

    CONFIRMED = "confirmed"
    """The next quotes confirmed the price: the market did jump."""
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
HELD = (Reason.SPIKE, Reason.BOOK_SPIKE, Reason.CANDLE_SPIKE)
