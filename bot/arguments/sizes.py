"""How a size is written: `0.01`, `100usdc`, `$100`, `70k usdc`, `25%`, `half`, `max`."""

from decimal import Decimal
from typing import assert_never

from bot.arguments.amounts import read_amount
from bot.arguments.reader import Reader
from bot.arguments.symbols import symbol_before
from bot.arguments.units import PERCENT, amount_span, currency_of, priced
from bot.context import Context
from bot.inbound import Suggestion
from pipeline.decimals import EXACT
from trading.errors import ShareOutOfRange
from trading.orders import BaseQuantity, QuoteAmount, Share, Size

EVERYTHING = frozenset(("max", "all", "everything", "전부", "최대", "전량", "전체", "모두"))
HALF = frozenset(("half", "절반", "반"))

_HUNDRED = Decimal(100)
_SHARES = ("25%", "50%", "75%", "max")
_AMOUNTS = (100, 1000)


def read_size(text: str, quote: str, base: str | None) -> Size:
    """The size of an order for a symbol with the base asset `base`, where that is known; the desk trades in `quote`.

    `100usdc` and `$100` are amounts of the quote asset, a bare number is a quantity of the base asset. Raises
    UnknownUnit, OtherCurrency, ShareOutOfRange and what `read_amount` raises.
    """
    text = " ".join(text.split())
    folded = text.casefold()
    if folded in EVERYTHING:
        return Share(Decimal(1))
    if folded in HALF:
        return Share(Decimal("0.5"))
    if sign := next((sign for sign in PERCENT if folded.endswith(sign)), None):
        return _share(text, text[: -len(sign)].rstrip())
    found = priced(text, quote, base)
    if found.unit == quote:
        return QuoteAmount(read_amount(found.number, money=True))
    return BaseQuantity(read_amount(found.number))


def _share(text: str, number: str) -> Share:
    percent = read_amount(number)
    if percent > _HUNDRED:
        raise ShareOutOfRange(text)
    return Share(EXACT.divide(percent, _HUNDRED))


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


def looks_like_size(word: str, following: str = "") -> bool:
    """Whether a word where a symbol is expected begins a size: `10`, `$100`, `half`."""
    if word.casefold() in EVERYTHING | HALF or word[:1].isdigit():
        return True
    sign = word.rstrip("0123456789.,")
    return currency_of(sign) is not None and (sign != word or following[:1].isdigit())


def size_span(words: tuple[str, ...], ctx: Context) -> int:
    """`100 usdc` is one size in two words."""
    return amount_span(words, ctx.quote_asset, _base_before(ctx))


def _read_size(text: str, ctx: Context) -> Size:
    return read_size(text, ctx.quote_asset, _base_before(ctx))


def _base_before(ctx: Context) -> str | None:
    symbol = symbol_before(ctx)
    return None if symbol is None else ctx.market.rules(symbol).base


def _suggest_sizes(prefix: str, ctx: Context) -> list[Suggestion]:
    quote = ctx.quote_asset
    if prefix.isascii() and prefix.replace(".", "", 1).isdigit():
        unit = f"{prefix}{quote.lower()}"
        found = [Suggestion(unit, f"{prefix} {quote}")]
        base = _base_before(ctx)
        return [*found, Suggestion(prefix, f"{prefix} {base}")] if base else found
    sizes = [
        Suggestion(f"100{quote.lower()}", f"100 {quote}"),
        Suggestion(f"1000{quote.lower()}", f"{ctx.format.count(1000)} {quote}"),
        Suggestion("25%", "25%"),
        Suggestion("max", ctx.say("choice-max")),
    ]
    return [size for size in sizes if size.text.startswith(prefix.casefold())]


SIZES = Reader(_read_size, _suggest_sizes, size_span)
