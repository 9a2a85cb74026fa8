"""Reader of sizes: `0.01`, `100usdc`, `$100`, `70k usdc`, `25%`, `half`, `max`."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from bot.arguments.amounts import read_amount, read_quantity
from bot.arguments.reader import Reader, begins
from bot.arguments.sides import side_of
from bot.arguments.spoken_numbers import in_digits
from bot.arguments.symbols import symbol_before
from bot.arguments.units import PERCENT, amount_span, currency_of, priced
from bot.coins.names import coin_names
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from core.decimals import EXACT
from pipeline.rules import SymbolRules
from trading.errors import ShareOutOfRange
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side, Size

EVERYTHING = frozenset(("max", "all", "everything", "전부", "최대", "전량", "전체", "모두", "다", "몽땅"))
HALF = frozenset(("half", "절반", "반", "반만", "절반만"))

_HUNDRED = Decimal(100)
_TEN = Decimal(10)
_SMALLEST = Decimal("1E-18")
_AMOUNTS = (100, 1000, 10_000, 100_000)
_USUAL_AMOUNTS = 2
_MAX_USUAL = 5
_FOR = ("for", "with", "worth")
"""Words before an amount of money: `for 100` counts the quote asset."""
_WORTH = ("어치", "worth")
"""Words behind an amount of money: `100어치`, `100 worth`."""
_ENDED = re.compile(r"(?<=[^\W\d_]|%)\.$")
"""The full stop of a sentence: `100usdc.`"""
_PIECES = ("개", "coin", "coins")
"""Words that count coins of any kind."""
_BARE = re.compile(r"[0-9.,']*(?:[0-9][백천만억조]*|[백천만억조])")
_COUNTED = re.compile(r"([0-9.,' 백천만억조]*[0-9][백천만억조]*) ?([^\W\d_].*)")
_ZEROS = 6
"""Number of powers of ten by which a typed number is extended in suggestions."""
_TYPED = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,8})?)([a-z]*)")


def read_size(text: str, quote: str, base: str | None, *, worth: bool = False) -> Size:
    """Returns the size of an order for a symbol with the base asset `base`, if that is known; orders are in
    `quote`. `100usdc` and `$100` are amounts of the quote asset, and so is a bare number if a word of `worth` is with
    it; otherwise it is a quantity of the base asset. A number in words is refused with its digits.

    Raises NotAChoice, UnknownUnit, OtherCurrency, ShareOutOfRange and the errors of `read_amount`.
    """
    text = _ENDED.sub("", " ".join(text.split())).removeprefix("+").lstrip()
    folded = text.casefold()
    if folded in EVERYTHING:
        return Share(Decimal(1))
    if folded in HALF:
        return Share(Decimal("0.5"))
    if (digits := in_digits(text)) is not None:
        raise NotAChoice(text, (digits,))
    if sign := next((sign for sign in PERCENT if folded.endswith(sign) and folded != sign), None):
        return _share(text, text[: -len(sign)].rstrip())
    found = priced(text, quote, base)
    if found.unit == quote or (worth and not found.unit):
        return QuoteAmount(read_amount(found.number, money=True))
    return BaseQuantity(read_quantity(found.number))


def _share(text: str, number: str) -> Share:
    percent = read_amount(number)
    if percent > _HUNDRED:
        raise ShareOutOfRange(text)
    return Share(EXACT.divide(percent, _HUNDRED))


def typed_size(size: Size, quote: str) -> str:
    """Returns the size as a user would type it, for buttons."""
    match size:
        case BaseQuantity(amount):
            return f"{EXACT.normalize(amount):f}"
        case QuoteAmount(amount):
            return f"{EXACT.normalize(amount):f}{quote.lower()}"
        case Share(fraction) if fraction == 1:
            return "max"
        case Share(fraction):
            return f"{EXACT.normalize(EXACT.multiply(fraction, _HUNDRED)):f}%"
        case _:
            assert_never(size)


def looks_like_size(word: str, following: str = "") -> bool:
    """Returns whether a word in the place of a symbol begins a size: `10`, `$100`, `half`."""
    if word.casefold() in EVERYTHING | HALF or word[:1].isdigit():
        return True
    sign = word.rstrip("0123456789.,")
    return currency_of(sign) is not None and (sign != word or following[:1].isdigit())


def size_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of one size: two for `100 usdc`."""
    base = _base_before(ctx)
    front = 1 if len(words) > 1 and words[0].casefold() in _FOR else 0
    at = front + amount_span(words[front:], ctx.quote_asset, base)
    at += 1 if words[at : at + 1] and words[at].casefold() in _WORTH else 0
    if base is None:
        return at
    if at > 1 and words[at - 1].casefold() == base.casefold():
        return at - 1 + max(1, _named_span(words[at - 1 :], base))
    return at + (_named_span(words[at:], base) if _BARE.fullmatch(words[at - 1]) else 0)


def _named_span(words: tuple[str, ...], base: str) -> int:
    """Returns how many of the first words name the coin as a unit: `bitcoin`, `개`."""
    count = coin_names().length(words)
    if count and base in coin_names().assets(" ".join(words[:count])):
        return count
    return 1 if words and words[0].casefold() in _PIECES else 0


def _read_size(text: str, ctx: Context) -> Size:
    base = _base_before(ctx)
    amount, worth = _without_worth(text)
    return read_size(_with_ticker(amount, base), ctx.quote_asset, base, worth=worth)


def _without_worth(text: str) -> tuple[str, bool]:
    """Returns the amount in `for 100` and `100어치`, and whether a word says that it is money."""
    ending = next((word for word in _WORTH if text.casefold().endswith(word)), "")
    behind = text[: len(text) - len(ending)].rstrip()
    text, worth = (behind, True) if ending and behind else (text, False)
    first, _, rest = text.partition(" ")
    return (rest, True) if rest and first.casefold() in _FOR else (text, worth)


def _with_ticker(text: str, base: str | None) -> str:
    """Returns `0.1 bitcoin` and `0.1개` as `0.1 BTC`; the text as it is if no name follows a number."""
    found = _COUNTED.fullmatch(text)
    if base is None or found is None:
        return text
    named = found[2].casefold() in _PIECES or base in coin_names().assets(found[2])
    return f"{found[1]} {base}" if named else text


def _base_before(ctx: Context) -> str | None:
    rules = _rules_before(ctx)
    return None if rules is None else rules.base


def _rules_before(ctx: Context) -> SymbolRules | None:
    """Returns the rules of the symbol that the size is for; None if no symbol precedes it."""
    ends_with_side = bool(ctx.words) and side_of(ctx.words[-1]) is not None
    symbol = symbol_before(replace(ctx, words=ctx.words[:-1]) if ends_with_side else ctx)
    return None if symbol is None else ctx.market.rules(symbol)


def _suggest_sizes(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests sizes that the symbol's rules allow; for a sale, shares of the holding come first."""
    rules = _rules_before(ctx)
    selling = ctx.command == Side.SELL or (bool(ctx.words) and side_of(ctx.words[-1]) is Side.SELL)
    typed = _TYPED.fullmatch(prefix.casefold())
    if typed is None or not ctx.quote_asset.casefold().startswith(typed[2]):
        return [size for size in _usual(rules, ctx, selling=selling) if begins(size, prefix)]
    number = Decimal(typed[1])
    amounts = [_amount(number * _TEN**zeros, ctx) for zeros in range(_ZEROS) if number * _TEN**zeros >= _least(rules)]
    quantity = [Suggestion(prefix, f"{prefix} {rules.base}")] if rules and not typed[2] and _sold(number, rules) else []
    shares = [Suggestion(f"{prefix}%", f"{prefix}%")] if not typed[2] and 0 < number <= _HUNDRED else []
    return [*shares, *quantity, *amounts[:1]] if selling else [*amounts[:1], *quantity, *shares]


def _usual(rules: SymbolRules | None, ctx: Context, *, selling: bool) -> list[Suggestion]:
    shares = [Suggestion(share, share) for share in ("25%", "50%", "75%")]
    everything = Suggestion("max", ctx.text("choice-max"))
    if selling:
        return [*shares, everything]
    amounts = [_amount(Decimal(amount), ctx) for amount in _AMOUNTS if amount >= _least(rules)][:_USUAL_AMOUNTS]
    return [*amounts, *shares[: _MAX_USUAL - 1 - len(amounts)], everything]


def _amount(amount: Decimal, ctx: Context) -> Suggestion:
    label = f"{ctx.format.amount(amount)} {ctx.quote_asset}"
    return Suggestion(typed_size(QuoteAmount(amount), ctx.quote_asset), label)


def _least(rules: SymbolRules | None) -> Decimal:
    """Returns the smallest value of a market order, in the quote asset; above zero even if the exchange states none."""
    stated = rules.notional.minimum if rules and rules.notional and rules.notional.applies_to_market else Decimal(0)
    return stated or _SMALLEST


def _sold(quantity: Decimal, rules: SymbolRules) -> bool:
    return quantity >= max(rules.step, rules.lot.minimum if rules.lot else rules.step)


SIZES = Reader(_read_size, _suggest_sizes, size_span)
