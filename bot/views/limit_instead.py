"""Limit orders that a refused market order may have meant: `/buy BTC 0.1 @ 50000`, `비트코인 5만에 사줘`."""

from bot.arguments.order_prices import AT, MARKERS, AtPrice, WithLimit, looks_like_price, price_span
from bot.arguments.parser import CommandLine, bind, find_command
from bot.arguments.typography import plain
from bot.context import Context
from bot.errors import MissingArgument, TooManyArguments, UnknownUnit
from bot.reply import Button
from bot.views.buttons import button
from core.errors import DeskError, NotANumber

_NAMES = ("buy", "sell")
_MARKS = (*MARKERS[AtPrice], *MARKERS[WithLimit])
_AT_ENDING = "에"
_SIZE = "size"


def limit_instead(error: DeskError, line: CommandLine, ctx: Context) -> list[Button | None]:
    """Returns a button for the limit order that a refused /buy or /sell may have meant; [] if the refused words are no
    price.
    """
    if line.name not in _NAMES:
        return []
    words = tuple(plain(word) for word in line.words)
    match error:
        case TooManyArguments(_, extra) if words[-len(extra.split()) :] == tuple(extra.split()):
            at = len(words) - len(extra.split())
        case NotANumber(text) if text in words and (text.casefold() in _MARKS or text.startswith(AT)):
            at = words.index(text)
        case UnknownUnit(text) if text in words and text.endswith(_AT_ENDING):
            at = words.index(text)
        case _:
            return []
    return _at_limit(line.name, words[:at], words[at:], ctx)


def _at_limit(name: str, before: tuple[str, ...], price: tuple[str, ...], ctx: Context) -> list[Button | None]:
    """Returns a button for a limit order at the price that the second words begin with, marked or not."""
    if price[0].casefold() in _MARKS:
        price = price[1:]
    elif price[0].startswith(AT):
        price = (price[0].removeprefix(AT), *price[1:])
    if not price or not looks_like_price(price[0]):
        return []
    words = (name, *before, AT, *price)
    try:
        bind(find_command(CommandLine("limit", words), ctx.commands, pressed=False), words, ctx)
    except MissingArgument as missing:
        if missing.parameter != _SIZE:
            return []
    except DeskError:
        return []
    shown = " ".join(price[: price_span(price, ctx)])
    return [button(ctx.text("button-at-limit", price=shown), "limit", *words)]
