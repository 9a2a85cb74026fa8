"""How a size is written: `0.01`, `100usdc`, `$100`, `25%`, `max`. Everything else gets its own explanation."""

import re
from decimal import Decimal
from typing import assert_never

from bot.arguments.amounts import read_amount
from bot.arguments.reader import Reader
from bot.context import Context
from bot.errors import UnknownUnit
from bot.inbound import Suggestion
from pipeline.decimals import EXACT
from pipeline.errors import UnknownSymbol
from trading.errors import ShareOutOfRange
from trading.orders import BaseQuantity, QuoteAmount, Share, Size

EVERYTHING = frozenset(("max", "all", "전부", "최대"))
_UNIT = re.compile(r"[^\W\d_]+$")
_HUNDRED = Decimal(100)


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


def _read_size(text: str, ctx: Context) -> Size:
    return read_size(text.replace(" ", ""), ctx.quote_asset, _base_before(ctx))


def _size_span(words: tuple[str, ...], ctx: Context) -> int:
    """`100 usdc` is one size in two words."""
    _, *after = words
    units = (ctx.quote_asset, _base_before(ctx) or "%", "%")
    return 2 if after and after[0].casefold() in (unit.casefold() for unit in units) else 1


def _base_before(ctx: Context) -> str | None:
    try:
        return ctx.market.rules(ctx.market.resolve(ctx.words[-1])).base if ctx.words else None
    except UnknownSymbol:
        return None


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


SIZES = Reader(_read_size, _suggest_sizes, _size_span)
