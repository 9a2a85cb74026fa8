"""Why something was dropped, held back or remarked on: the names under which it is counted."""

from enum import StrEnum


class Reason(StrEnum):
    """The first group is dropped for good, the second waits for the next quotes, the third is what became of those,
    the last passes with a remark."""

    UNKNOWN_SYMBOL = "unknown-symbol"
    """Not among the source's symbols, or no name that a symbol can have."""
    NOT_A_NUMBER = "not-a-number"
    """NaN, an exponent, foreign digits, too long: anything but a plain ASCII decimal."""
    NEGATIVE = "negative"
    ZERO_PRICE = "zero-price"
    CROSSED = "crossed"
    """The bid stands above the ask."""
    FUTURE = "future"
    PAST = "past"
    """So long ago that the unit of the time must be wrong."""
    DUPLICATE = "duplicate"
    """Of the time, or the same candle, that came last."""
    OUT_OF_ORDER = "out-of-order"
    """A quote older than what passed before it."""
    BROKEN_CANDLE = "broken-candle"
    """High below low, off the minute, volumes that cannot be."""

    SPIKE = "spike"
    """The last price jumped beyond the limit."""
    BOOK_SPIKE = "book-spike"
    """The bid or the ask did, the last price did not."""
    CANDLE_SPIKE = "candle-spike"

    CONFIRMED = "confirmed"
    """The next quotes said the same: the market did jump."""
    REFUTED = "refuted"
    """The next quotes did not: nobody ever saw the price."""

    DISAGREEMENT = "disagreement"
    """The last price began to stand far outside bid and ask."""


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
