"""What a value from the wire must be before the desk believes it; everything here is pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from core.decimals import is_plain
from pipeline.market import MINUTE_MS, Candle, Symbol

FUTURE_MS = 10_000
"""How far ahead of our clock an event's time may stand before it counts as impossible."""

_SYMBOL = re.compile(r"[\w.\-]{1,40}")

WireLevel = tuple[str, str]
"""Price and quantity of one book level, as decimal text."""


class Bad(ValueError):
    """A value that cannot be true; its text is the reason it is counted under."""


def check_symbol(text: str) -> Symbol:
    """Letters of any script, digits, `_`, `.` and `-`; raises Bad("symbol")."""
    if not _SYMBOL.fullmatch(text):
        raise Bad("symbol")
    return Symbol(text)


def check_amount(text: str) -> None:
    """A plain ASCII decimal, zero included; raises Bad."""
    if not is_plain(text):
        raise Bad("not a decimal")


def is_zero(text: str) -> bool:
    """True for `0`, `0.00` and the like (of a checked amount)."""
    return not text.strip("0.")


def check_price(text: str) -> None:
    """A plain ASCII decimal above zero; raises Bad."""
    check_amount(text)
    if is_zero(text):
        raise Bad("zero price")


def known_price(text: str) -> str:
    """The price, or "" for the zero by which the exchange says that there is none; raises Bad."""
    check_amount(text)
    return "" if is_zero(text) else text


def check_time(time: int, now: int) -> None:
    """A UTC ms time above zero and not in the future; raises Bad."""
    if time <= 0:
        raise Bad("time")
    if time > now + FUTURE_MS:
        raise Bad("future time")


def known_side(price: str, size: str) -> WireLevel:
    """One side of the top of a book; ("", "") when it is empty. Raises Bad."""
    check_amount(price)
    check_amount(size)
    if is_zero(size):
        return "", ""
    if is_zero(price):
        raise Bad("zero price")
    return price, size


def check_not_crossed(bid: str, ask: str) -> None:
    """Raises Bad when both are known and the bid stands above the ask."""
    if bid and ask and Decimal(bid) > Decimal(ask):
        raise Bad("crossed book")


def check_levels(levels: Sequence[WireLevel]) -> None:
    """Every level is a price above zero and an amount; raises Bad."""
    for price, quantity in levels:
        check_price(price)
        check_amount(quantity)


def check_book(bids: Sequence[WireLevel], asks: Sequence[WireLevel]) -> None:
    """A whole book: checked levels, bids strictly falling, asks strictly rising, not crossed; raises Bad."""
    check_levels(bids)
    check_levels(asks)
    for side, sign in ((bids, -1), (asks, 1)):
        prices = [sign * Decimal(price) for price, _ in side]
        if any(worse <= better for better, worse in pairwise(prices)):
            raise Bad("unsorted book")
    if bids and asks:
        check_not_crossed(bids[0][0], asks[0][0])


def checked_candle(
    symbol: Symbol, open_time: int, width: int, now: int, *, texts: Sequence[str], trades: int
) -> Candle:
    """A closed candle of `width` ms from (open, high, low, close, volume, quote volume) texts; raises Bad."""
    for text in texts[:4]:
        check_price(text)
    for text in texts[4:]:
        check_amount(text)
    check_time(open_time, now)
    if open_time % MINUTE_MS or trades < 0:
        raise Bad("candle")
    if open_time + width > now + FUTURE_MS:
        raise Bad("future time")
    first, high, low, last, volume, quote_volume = map(float, texts)
    if not low <= min(first, last) <= max(first, last) <= high:
        raise Bad("candle")
    return Candle(symbol, open_time, first, high, low, last, volume, quote_volume, trades)
