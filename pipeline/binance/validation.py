"""Checks of values received from the network before they are used. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from core.decimals import is_plain
from pipeline.market import MINUTE_MS, Candle, Symbol

MOST_ROWS = 20_000
"""Maximum number of rows of one answer or frame, several times the number of symbols. Judging millions of damaged rows
takes seconds of the event loop.
"""

FUTURE_MS = 10_000
"""Milliseconds by which an event's time may be ahead of Binance's clock before it counts as impossible."""

_SYMBOL = re.compile(r"[\w.\-]{1,40}")

WireLevel = tuple[str, str]
"""Price and quantity of one book level, as decimal text."""


class InvalidField(ValueError):
    """Invalid value. Its text is the reason under which it is counted."""


def check_symbol(text: str) -> Symbol:
    """Checks for letters of any script, digits, `_`, `.` and `-`, at most 40; returns the symbol.
    Raises InvalidField("symbol").
    """
    if not _SYMBOL.fullmatch(text):
        raise InvalidField("symbol")
    return Symbol(text)


def check_amount(text: str) -> None:
    """Checks for a plain ASCII decimal, zero included; raises InvalidField."""
    if not is_plain(text):
        raise InvalidField("not a decimal")


def is_zero(text: str) -> bool:
    """True for `0`, `0.00` and the like (of a checked amount)."""
    return not text.strip("0.")


def check_price(text: str) -> None:
    """Checks for a plain ASCII decimal above zero; raises InvalidField."""
    check_amount(text)
    if is_zero(text):
        raise InvalidField("zero price")


def known_price(text: str) -> str:
    """Returns the price, or "" for the zero by which the exchange reports that there is none; raises InvalidField."""
    check_amount(text)
    return "" if is_zero(text) else text


def check_time(time: int, now: int) -> None:
    """Checks for a UTC ms time above zero and not in the future; raises InvalidField."""
    if time <= 0:
        raise InvalidField("time")
    if time > now + FUTURE_MS:
        raise InvalidField("future time")


def known_side(price: str, size: str) -> WireLevel:
    """Returns one side of the top of a book; ("", "") if it is empty. Raises InvalidField."""
    check_amount(price)
    check_amount(size)
    if is_zero(size):
        return "", ""
    if is_zero(price):
        raise InvalidField("zero price")
    return price, size


def check_not_crossed(bid: str, ask: str) -> None:
    """Raises InvalidField if both are known and the bid is above the ask."""
    if bid and ask and Decimal(bid) > Decimal(ask):
        raise InvalidField("crossed book")


def check_levels(levels: Sequence[WireLevel]) -> None:
    """Checks that every level is a price above zero and an amount; raises InvalidField."""
    for price, quantity in levels:
        check_price(price)
        check_amount(quantity)


def check_book(bids: Sequence[WireLevel], asks: Sequence[WireLevel]) -> None:
    """Checks a whole book: valid levels, bids strictly falling, asks strictly rising, not crossed; raises
    InvalidField.
    """
    check_levels(bids)
    check_levels(asks)
    for side, sign in ((bids, -1), (asks, 1)):
        prices = [sign * Decimal(price) for price, _ in side]
        if any(worse <= better for better, worse in pairwise(prices)):
            raise InvalidField("unsorted book")
    if bids and asks:
        check_not_crossed(bids[0][0], asks[0][0])


def checked_candle(
    symbol: Symbol, open_time: int, width: int, now: int, *, texts: Sequence[str], trades: int, taker_volume: str = ""
) -> Candle:
    """Returns a closed candle of `width` ms from (open, high, low, close, volume, quote volume) texts; raises
    InvalidField.

    A `taker_volume` of "" or above the volume is not known.
    """
    for text in texts[:4]:
        check_price(text)
    for text in texts[4:]:
        check_amount(text)
    check_time(open_time, now)
    if open_time % MINUTE_MS or trades < 0:
        raise InvalidField("candle")
    if open_time + width > now + FUTURE_MS:
        raise InvalidField("future time")
    first, high, low, last, volume, quote_volume = map(float, texts)
    if not low <= min(first, last) <= max(first, last) <= high:
        raise InvalidField("candle")
    taken = _known_part(taker_volume, volume)
    return Candle(symbol, open_time, first, high, low, last, volume, quote_volume, trades, taken)


def _known_part(text: str, whole: float) -> float | None:
    """Returns an amount that is a part of `whole`, None if it is not known or larger. Raises InvalidField."""
    if not text:
        return None
    check_amount(text)
    part = float(text)
    return part if part <= whole else None
