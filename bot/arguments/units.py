"""Units of amounts: `100usdc`, `$ 100`, `10$`, `50만원`; and the number of words in an amount."""

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from babel import Locale

from bot.arguments.amounts import LONGEST_POWERS, POWERS
from bot.errors import OtherCurrency, UnknownUnit
from core.errors import NotANumber

_WORDS = MappingProxyType(
    dict.fromkeys(("$", "us$", "usd$", "dollar", "dollars", "buck", "bucks", "달러", "불"), "USD")
    | dict.fromkeys(("€", "euro", "euros", "유로"), "EUR")
    | dict.fromkeys(("₩", "won", "원"), "KRW")
    | dict.fromkeys(("£", "pound", "pounds", "파운드"), "GBP")
    | dict.fromkeys(("¥", "yen", "엔", "円"), "JPY")
    | dict.fromkeys(("yuan", "위안", "元"), "CNY")
    | dict.fromkeys(("₹", "rupee", "rupees", "루피"), "INR")
    | {"₽": "RUB", "₺": "TRY", "₫": "VND", "฿": "THB", "tether": "USDT", "테더": "USDT", "₿": "BTC"}
)
_STABLE = MappingProxyType(
    dict.fromkeys(("USDC", "USDT", "BUSD", "FDUSD", "TUSD", "USDP", "USD1", "DAI", "RLUSD", "XUSD"), "USD")
    | dict.fromkeys(("EURI", "AEUR", "EURC"), "EUR")
)
"""Stablecoins, with the currency that each represents."""

_FRONT = re.compile(r"([^\d+\-.,']*)(.*)", re.DOTALL)
_BEHIND = re.compile(r"(.*?)([^\d\s.,'+\-]*)", re.DOTALL)
_DIGIT = re.compile(r"\d")
_FIRST_GROUP = re.compile(r"[^\d]*[1-9][0-9]{0,2}")
_NEXT_GROUP = re.compile(r"[0-9]{3}")
_LAST_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?[^\d\s.,]*")
_KOREAN_PART = re.compile(r"[0-9.]+[백천만억조]+")
_MILLI = "m"


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount as text, and its unit: the quote asset, the base asset, or "" if none is written."""

    number: str
    unit: str


def currency_of(word: str) -> str | None:
    """Returns the code of the currency or coin that `word` names next to an amount: `USD`, `KRW`, `USDT`; None if it
    names none.
    """
    code = word.upper()
    if code in _STABLE or code in _codes():
        return code
    return _WORDS.get(word.casefold())


def is_worth(quote: str, currency: str) -> bool:
    """Returns whether an amount in `currency` counts as one in the quote asset: USD does if everything is priced in
    USDC.
    """
    return currency in (quote, _STABLE.get(quote))


def is_stable(asset: str, quote: str) -> bool:
    """Returns whether the asset is a stablecoin of the currency that the quote asset represents."""
    return asset in _STABLE and _STABLE[asset] == _STABLE.get(quote, quote)


@cache
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


def priced(text: str, quote: str, base: str | None) -> Priced:
    """Returns the number and the unit in `text`. Raises NotANumber, UnknownUnit, OtherCurrency."""
    parts = _FRONT.fullmatch(text)
    if parts is None or not _DIGIT.search(parts[2]):
        raise NotANumber(text)
    front, rest = parts.groups()
    number, behind = _behind(rest, base)
    number, behind = _without_power(number, behind, quote, base)
    units = {_unit(word, text, quote, base) for word in (front.strip(), behind.strip()) if word.strip()}
    if len(units) > 1:
        raise UnknownUnit(text, behind.strip(), quote)
    return Priced(number.strip(), units.pop() if units else "")


def _behind(rest: str, base: str | None) -> tuple[str, str]:
    """Splits off the unit at the end. A base asset that begins with a digit (1INCH), or that follows an m (elsewhere
    thousandths), counts as one only after a space.
    """
    if base is not None and rest.casefold().endswith(base.casefold()):
        number = rest[: -len(base)]
        glued = base[0].isdigit() or number[-1:].casefold() == _MILLI
        if number[-1:].isspace() or (number and not glued):
            return number, rest[len(number) :]
    parts = _BEHIND.fullmatch(rest)
    return (parts[1], parts[2]) if parts else (rest, "")


def _without_power(number: str, behind: str, quote: str, base: str | None) -> tuple[str, str]:
    """Moves the `k` of `70kusdc` to the number. `5mbtc` is not five million: elsewhere it is five thousandths."""
    if not behind or _named(behind, quote, base):
        return number, behind
    for power in LONGEST_POWERS:
        if behind.casefold().startswith(power):
            unit = behind[len(power) :]
            milli = power == _MILLI and base is not None and unit.casefold() == base.casefold()
            if not unit or (_named(unit, quote, base) and not milli):
                return number + behind[: len(power)], unit
    return number, behind


def _named(word: str, quote: str, base: str | None) -> bool:
    return word.casefold() in (quote.casefold(), (base or quote).casefold()) or currency_of(word) is not None


def _unit(word: str, text: str, quote: str, base: str | None) -> str:
    if base is not None and word.casefold() == base.casefold():
        return base
    if word.casefold() == quote.casefold():
        return quote
    currency = currency_of(word)
    if currency is None and not word.isalpha():
        raise NotANumber(text)
    if currency is None:
        raise UnknownUnit(text, word, quote)
    if is_worth(quote, currency):
        return quote
    if currency == base:
        return base
    raise OtherCurrency(text, currency, quote)


def amount_span(words: tuple[str, ...], quote: str, base: str | None) -> int:
    """Returns how many of the words form one amount: `1 000 usdc`, `$ 10`, `1억 5천만 원`, `25 %`; at least one."""
    at = 2 if len(words) > 1 and not _DIGIT.search(words[0]) and _beside(words[0], words[1], quote, base) else 1
    if not _DIGIT.search(words[at - 1]):
        return at
    if _FIRST_GROUP.fullmatch(words[at - 1]):
        at = _groups(words, at)
    while at < len(words) and _KOREAN_PART.fullmatch(words[at - 1]) and words[at][:1].isdigit():
        at += 1
    if at < len(words) and words[at].casefold() in POWERS:
        at += 1
    return at + 1 if at < len(words) and _is_unit(words[at], quote, base) else at


def _beside(first: str, second: str, quote: str, base: str | None) -> bool:
    return _named(first, quote, base) and _DIGIT.search(second) is not None


def _groups(words: tuple[str, ...], at: int) -> int:
    while at < len(words) and _NEXT_GROUP.fullmatch(words[at]):
        at += 1
    return at + 1 if at < len(words) and _LAST_GROUP.fullmatch(words[at]) else at


def _is_unit(word: str, quote: str, base: str | None) -> bool:
    number, unit = _without_power("", word, quote, base)
    return word.casefold() in PERCENT or (_named(unit, quote, base) if unit else bool(number))


PERCENT = ("%", "percent", "pct", "퍼센트", "프로")
"""Words for hundredths, in lower case."""
