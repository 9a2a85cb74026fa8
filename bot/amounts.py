"""How a size is written: `0.01`, `100usdc`, `$100`, `25%`, `max`. Everything else gets its own explanation."""

import re
import unicodedata
from decimal import Decimal
from typing import assert_never

from bot.errors import DecimalComma, ExponentNotation, ForeignDigits, ThousandsSeparator, TooManyDigits, UnknownUnit
from pipeline.decimals import EXACT, parse_decimal
from pipeline.errors import NotPositive
from trading.errors import ShareOutOfRange
from trading.orders import BaseQuantity, QuoteAmount, Share, Size

EVERYTHING = frozenset(("max", "all", "전부", "최대"))
DIGITS = 18

_NEGATIVE = re.compile(r"[-−][0-9.,]*[0-9][0-9.,]*")
_EXPONENT = re.compile(r"[0-9.]+([eE][+-]?[0-9]+|(\^|\*\*)[0-9]+)")
_THOUSANDS = re.compile(r"[0-9]{1,3}([,_'][0-9]{3})+(\.[0-9]+)?|[0-9]+(_[0-9]+)+(\.[0-9]+)?")
_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")
_UNIT = re.compile(r"[^\W\d_]+$")
_HUNDRED = Decimal(100)


def read_amount(text: str) -> Decimal:
    """An amount above zero; raises the refusal that explains what is wrong with `text`."""
    if _NEGATIVE.fullmatch(text):
        raise NotPositive(text)
    _explain(text)
    value = parse_decimal(text)
    if value == 0:
        raise NotPositive(text)
    return value


def _explain(text: str) -> None:
    """Raises where the mistake has a name; what is left is a number, or NotANumber for parse_decimal to raise."""
    if any(character.isdecimal() and not character.isascii() for character in text):
        digits = (str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)
        raise ForeignDigits(text, "".join(digits))
    if _EXPONENT.fullmatch(text):
        raise ExponentNotation(text)
    if _THOUSANDS.fullmatch(text):
        raise ThousandsSeparator(text, re.sub(r"[,_']", "", text))
    if _COMMA.fullmatch(text):
        raise DecimalComma(text, text.replace(",", "."))
    if _DIGITS.fullmatch(text) and max(map(len, text.split("."))) > DIGITS:
        raise TooManyDigits(text, DIGITS)


def read_size(text: str, quote: str, base: str | None) -> Size:
    """`quote` is the desk's quote asset, `base` the symbol's base asset where it is known."""
    if text.casefold() in EVERYTHING:
        return Share(Decimal(1))
    if text.endswith(("%", "％")):  # the full-width sign comes from Korean keyboards
        return _share(text)
    if text.startswith("$"):
        return QuoteAmount(read_amount(_without(text[1:], quote)))
    if (number := _without(text, quote)) != text:
        return QuoteAmount(read_amount(number))
    if base is not None:
        text = _without(text, base)
    unit = _UNIT.search(text)
    if unit and text[: unit.start()][-1:].isdigit():
        raise UnknownUnit(text, unit.group(), quote)
    return BaseQuantity(read_amount(text))


def _share(text: str) -> Share:
    percent = read_amount(text[:-1])
    if percent > _HUNDRED:
        raise ShareOutOfRange(text)
    return Share(EXACT.divide(percent, _HUNDRED))


def _without(text: str, unit: str) -> str:
    """`100usdc` without its unit, in any case of letters; a bare unit stays, so that it is named in the refusal."""
    number = text[: -len(unit)]
    return number if number and text[len(number) :].casefold() == unit.casefold() else text


def typed_size(size: Size, quote: str) -> str:
    """The size as a person would type it, for buttons."""
    match size:
        case BaseQuantity(amount):
            return f"{amount.normalize(EXACT):f}"
        case QuoteAmount(amount):
            return f"{amount.normalize(EXACT):f}{quote.lower()}"
        case Share(fraction) if fraction == 1:
            return "max"
        case Share(fraction):
            return f"{EXACT.multiply(fraction, _HUNDRED).normalize(EXACT):f}%"
        case _:
            assert_never(size)
