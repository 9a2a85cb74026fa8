"""How an amount of money or of an asset is written: `0.01`, `1500`. Everything else gets its own explanation."""

import re
import unicodedata
from decimal import Decimal

from bot.errors import DecimalComma, ExponentNotation, ForeignDigits, ThousandsSeparator, TooManyDigits
from pipeline.decimals import parse_decimal
from pipeline.errors import NotPositive

DIGITS = 18

_NEGATIVE = re.compile(r"[-−][0-9.,]*[0-9][0-9.,]*")
_EXPONENT = re.compile(r"[0-9.]+([eE][+-]?[0-9]+|(\^|\*\*)[0-9]+)")
_THOUSANDS = re.compile(r"[0-9]{1,3}([,_'][0-9]{3})+(\.[0-9]+)?|[0-9]+(_[0-9]+)+(\.[0-9]+)?")
_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")


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
