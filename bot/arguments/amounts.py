"""Reader of amounts: `0.01`, `1500`, `1 000`, `70k`, `1.5m`, `50만`.

Text that could be another amount, such as `1,000` or `0,5`, is refused with its own explanation. The forms:

    plain       digits, and a point before decimals                     1000.5
    grouped     groups of three, set apart by spaces, or by commas
                where they cannot be decimal commas                     1 000 000   1,000,000   1,000.50
    shortened   a plain number and a word for a power of ten            70k   1.5m   50만   1억 5천만
"""

import re
import unicodedata
from decimal import Decimal
from types import MappingProxyType

from bot.errors import DecimalComma, ExponentNotation, ForeignDigits, NotAChoice, ThousandsSeparator, TooManyDigits
from core.decimals import EXACT, is_plain, parse_decimal
from core.errors import NotPositive

DIGITS = 18
"""Most digits on each side of the point."""

POWERS = MappingProxyType(
    dict.fromkeys(("k", "thousand"), 3)
    | dict.fromkeys(("m", "mn", "mil", "million", "millions"), 6)
    | dict.fromkeys(("b", "bn", "billion", "billions"), 9)
    | {"백": 2, "천": 3, "만": 4, "십만": 5, "백만": 6, "천만": 7, "억": 8, "십억": 9, "백억": 10, "천억": 11, "조": 12}
)
"""Words for powers of ten behind a number, in lower case."""

LONGEST_POWERS = tuple(sorted(POWERS, key=len, reverse=True))

_NEGATIVE = re.compile(r"-[0-9.,]*[0-9][0-9.,]*")
_EXPONENT = re.compile(r"[0-9.]+([eE][+-]?[0-9]+|(\^|\*\*)[0-9]+)")
_SPACED = re.compile(r"[1-9][0-9]{0,2}( [0-9]{3})+(\.[0-9]+)?")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}((,[0-9]{3}){2,}(\.[0-9]+)?|,[0-9]{3}\.[0-9]+)")
_ONE_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_ONE_POINT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{2}0")
"""`1.000` and `2.500` are thousands in much of the world; Paperdesk itself writes no such zeros."""
_THOUSANDS = re.compile(
    r"[1-9][0-9]{0,2}([,_'][0-9]{3})+(\.[0-9]+)?"
    r"|[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}(\.[0-9]+)?|[1-9][0-9]*(_[0-9]+)+(\.[0-9]+)?"
)
"""Groups begin with a digit above zero: the comma of `0,001` stands before decimals."""
_EUROPEAN = re.compile(r"([1-9][0-9]{0,2}(?:[. ][0-9]{3})+)(?:,([0-9]+))?")
_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_SHORT_COMMA = re.compile(r"([0-9]+),([0-9]+)( ?[^\W\d_]+)")
"""`1,5k`: a decimal comma, unless three digits follow it."""
_OPEN_POINT = re.compile(r"(\.[0-9]{1,18}|[0-9]{1,18}\.)")
"""`.5` is 0.5 and `5.` is 5."""

_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")
_SHORTENED = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([^\W\d_]+)")
_KOREAN = re.compile(
    r"([0-9]+)억 ?(?:([0-9]{1,4})만|([0-9])천만)|([0-9]+)만 ?(?:([0-9])천|([0-9]{4}))|([0-9])천 ?([0-9])백"
)
_GROUP_DIGITS = 3
_KOREAN_WEIGHTS = (10**8, 10**4, 10**7, 10**4, 10**3, 1, 10**3, 10**2)


def read_quantity(text: str) -> Decimal:
    """Returns a quantity of coins, as `read_amount` does. Raises NotAChoice for `1.500`, which may be 1500 or 1.5."""
    if _ONE_POINT.fullmatch(text):
        raise _either(text)
    return read_amount(text)


def _either(text: str) -> NotAChoice:
    return NotAChoice(text, (text.replace(".", ""), text.rstrip("0").rstrip(".")))


def read_amount(text: str, *, money: bool = False) -> Decimal:
    """Returns an amount above zero. With `money`, which has no three decimals, `1,000` is read as a thousand; `1.000`
    is then refused with NotAChoice.

    Raises the one of NotANumber, NotPositive, ThousandsSeparator, DecimalComma, ForeignDigits, ExponentNotation and
    TooManyDigits that explains the mistake in `text`.
    """
    if _OPEN_POINT.fullmatch(text):
        text = f"0{text}" if text.startswith(".") else text.rstrip(".")
    if _NEGATIVE.fullmatch(text):
        raise NotPositive(text)
    if money and _ONE_COMMA.fullmatch(text):
        return parse_decimal(text.replace(",", ""))
    if money and _ONE_POINT.fullmatch(text):
        raise _either(text)
    value = next((value for read in _FORMS if (value := read(text)) is not None), None)
    if value is None:
        _explain(text)
        value = parse_decimal(text)
    if value == 0:
        raise NotPositive(text)
    if value >= Decimal(10) ** DIGITS:
        raise TooManyDigits(text, DIGITS)
    return value


def _grouped(text: str) -> Decimal | None:
    if not (_SPACED.fullmatch(text) or _COMMAS.fullmatch(text)):
        return None
    digits = re.sub("[ ,]", "", text)
    if not is_plain(digits):
        raise TooManyDigits(text, DIGITS)
    return parse_decimal(digits)


def _shortened(text: str) -> Decimal | None:
    found = _SHORTENED.fullmatch(text)
    if found is None or found[2].casefold() not in POWERS:
        return None
    if not is_plain(found[1]):
        raise TooManyDigits(text, DIGITS)
    return EXACT.scaleb(parse_decimal(found[1]), POWERS[found[2].casefold()])


def _korean(text: str) -> Decimal | None:
    """Reads `1억5천만`, `3만5천`, `1만 5000`, `3천5백`; None for other text.

    `1억5천` is refused: in speech it is 1억 5천만."""
    found = _KOREAN.fullmatch(text)
    if found is None:
        return None
    if max(len(digits or "") for digits in found.groups()) > DIGITS:
        raise TooManyDigits(text, DIGITS)
    return Decimal(sum(int(part or 0) * weight for part, weight in zip(found.groups(), _KOREAN_WEIGHTS, strict=True)))


_FORMS = (_grouped, _shortened, _korean)


def _explain(text: str) -> None:
    """Raises the error that names the mistake, if it has one; any other text is a number, or makes parse_decimal raise
    NotANumber.
    """
    if any(character.isdecimal() and not character.isascii() for character in text):
        digits = (str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)
        raise ForeignDigits(text, "".join(digits))
    if _EXPONENT.fullmatch(text):
        raise ExponentNotation(text)
    if not is_plain(text) and (european := _EUROPEAN.fullmatch(text)):
        whole, decimals = re.sub(r"[. ]", "", european[1]), european[2]
        raise ThousandsSeparator(text, f"{whole}.{decimals}" if decimals else whole)
    if _THOUSANDS.fullmatch(text):
        raise ThousandsSeparator(text, re.sub(r"[,_']", "", text))
    if (short := _SHORT_COMMA.fullmatch(text)) and short[3].strip().casefold() in POWERS:
        if len(short[2]) == _GROUP_DIGITS:
            raise ThousandsSeparator(text, text.replace(",", ""))
        raise DecimalComma(text, text.replace(",", "."))
    if comma := _COMMA.fullmatch(text):
        raise DecimalComma(text, f"{comma[1].lstrip('0') or '0'}.{comma[2]}")
    if _DIGITS.fullmatch(text) and max(map(len, text.split("."))) > DIGITS:
        raise TooManyDigits(text, DIGITS)
