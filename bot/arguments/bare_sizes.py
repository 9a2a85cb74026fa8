"""Amounts that may have been meant otherwise: `100` of `/buy BTC 100` is 100 BTC, and may have been meant as 100 USDC;
`100 200` is 100,200, and may have been two numbers.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from bot.arguments.amounts import POWERS, read_amount
from bot.arguments.sizes import size_span, typed_size
from bot.arguments.symbols import read_symbol, symbol_span
from bot.arguments.typography import plain
from bot.context import Context
from core.errors import DeskError
from trading.orders.types import QuoteAmount

_ALONE = re.compile(rf"[0-9.,' ]*[0-9][0-9.,' ]*(?:{'|'.join(POWERS)})?", re.IGNORECASE)
_MIN_AMOUNT = Decimal(1)
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")
_BEFORE_GROUP = re.compile(r"[^0-9.,]?[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class BareSize:
    """A size without a unit: `text` as it was typed, `quantity` of `base`. The same number as an amount of money is
    `amount` of the quote asset, typed as `as_money`.
    """

    text: str
    quantity: Decimal
    base: str
    amount: Decimal
    as_money: str


def is_doubtful(ctx: Context) -> bool:
    """Returns whether the words may have meant another order, which is previewed for every user: words without a slash
    that were guessed, and digits set apart by a blank.
    """
    return ctx.inbound.doubtful or bool(digits_apart(ctx.words))


def digits_apart(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the first words that are one number set apart by blanks, such as `100 200usdc`; () without any."""
    told = tuple(plain(word) for word in words)
    for at in range(len(told) - 1):
        if _BEFORE_GROUP.fullmatch(told[at]) and _GROUP.match(told[at + 1]):
            others = takewhile(_GROUP.match, told[at + 1 :])
            return (told[at], *others)
    return ()


def bare_size(words: tuple[str, ...], ctx: Context) -> BareSize | None:
    """Returns the size among the arguments of an order if it has no unit and could be an amount of money that the
    exchange accepts; None otherwise.
    """
    told = tuple(plain(word) for word in words)
    if len(told) < 2:  # noqa: PLR2004 - a symbol and a size
        return None
    count = symbol_span(told, ctx)
    named, rest = told[:count], told[count:]
    text = " ".join(rest[: size_span(rest, replace(ctx, words=named))]) if rest else ""
    if not _ALONE.fullmatch(text):
        return None
    try:
        rules = ctx.market.rules(read_symbol(" ".join(named), ctx))
        quantity, amount = read_amount(text), read_amount(text, money=True)
    except DeskError:
        return None
    least = rules.notional.minimum if rules.notional is not None else _MIN_AMOUNT
    if rules.quote != ctx.quote_asset or amount < least:
        return None
    return BareSize(text, quantity, rules.base, amount, typed_size(QuoteAmount(amount), rules.quote))
