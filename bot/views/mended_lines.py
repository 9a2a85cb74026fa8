"""Buttons that correct a line. A line that its command would still refuse for the same reason is not offered."""

from dataclasses import replace

from bot.arguments.parser import CommandLine, bind, find_command, read_line
from bot.arguments.symbols import is_symbol, short_name
from bot.context import Context
from bot.errors import (
    AmbiguousCoin,
    DecimalComma,
    ForeignDigits,
    MissingArgument,
    ThousandsSeparator,
)
from bot.inbound import Suggestion
from bot.reply import Button
from bot.views.buttons import PRESS_LIMIT, button
from core.errors import DeskError, Refused
from people.notifications.errors import ZonedTime
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from trading.errors import AmbiguousShare, SaleTooSmall
from trading.rules.errors import RuleProblem, RuleSyntaxError

_CORRECTED = (UnknownSymbol, AmbiguousCoin, AmbiguousShare, ThousandsSeparator, DecimalComma, ForeignDigits, ZonedTime)
"""Refusals that come with buttons of their own."""


def is_mended(press: str, error: DeskError, ctx: Context) -> bool:
    """Returns whether the command accepts the words of a press, asks for more of them, or refuses another word that can
    be corrected as well.
    """
    refusal = _refusal(press, ctx)
    if not isinstance(refusal, Refused) or isinstance(refusal, MissingArgument):
        return True
    return isinstance(refusal, _CORRECTED) and refusal.details() != error.details()


def is_accepted(press: str, ctx: Context) -> bool:
    """Returns whether the command accepts the words of a press, or asks for more of them."""
    refusal = _refusal(press, ctx)
    return not isinstance(refusal, Refused) or isinstance(refusal, MissingArgument)


def _refusal(press: str, ctx: Context) -> DeskError | None:
    line, pressed = read_line(press), replace(ctx, inbound=replace(ctx.inbound, text=press, pressed=True))
    try:
        bind(find_command(line, ctx.commands, pressed=True), line.words, pressed)
    except DeskError as error:
        return error
    return None


def mended(
    error: DeskError, line: CommandLine, text: str, choices: tuple[str, ...], ctx: Context
) -> list[tuple[str, str]]:
    """Returns those of the choices that correct the line in the place of `text`, each with its press. A line that no
    button can send is not read again.
    """
    presses = zip(choices, line.corrected(text, choices), strict=False)
    return [(choice, press) for choice, press in presses if _fits(press) and is_mended(press, error, ctx)]


def _fits(press: str) -> bool:
    return len(press.encode()) <= PRESS_LIMIT


def named_button(name: str, asked: str, line: CommandLine, ctx: Context) -> Button | None:
    """Returns a button for a similar command, with the words of the line if that command accepts them. `asked` is the
    command whose argument the name is, '' for none.
    """
    plain = name.removeprefix("/")
    if asked:
        return button(name, asked, plain)
    whole = " ".join((plain, *line.words))
    return button(name, whole if _fits(whole) and is_accepted(whole, ctx) else plain)


def price_button(line: CommandLine, ctx: Context) -> Button | None:
    """Returns a button for the price of a coin that was typed as a command: `/btc`; None for other commands."""
    if not is_symbol(line.name, ctx):
        return None
    symbol = short_name(ctx.market.resolve(line.name), ctx) if ctx.market.find(line.name) else line.name
    return button(f"/price {symbol}", "price", symbol)


def rule_buttons(error: RuleSyntaxError, line: CommandLine) -> list[Button | None]:
    """Returns buttons for what a number of a rule may mean; none for other mistakes."""
    words = " ".join(line.words)
    end = error.position + len(error.word)
    if error.problem is not RuleProblem.NUMBER or words.count(error.text) != 1:
        return []
    ways = ((each, error.text[: error.position] + each + error.text[end:]) for each in error.allowed)
    return [button(each, line.name, words.replace(error.text, rule)) for each, rule in ways]


def suggested(entry: Suggestion, line: CommandLine, ctx: Context, *, first: bool) -> Button | None:
    """Returns a button for the line with a missing argument, `first` if it comes before the others; None if the command
    would refuse it.
    """
    before = line.words[:-1] if begun(entry, line) else line.words
    press = line.press(*((entry.text, *line.words) if first else (*before, entry.text)))
    return button(entry.label, press) if is_accepted(press, ctx) else None


def begun(suggestion: Suggestion, line: CommandLine) -> bool:
    """Returns whether the line ends with the first of the words that are suggested: `up` of `up 55`."""
    return " " in suggestion.text and suggestion.text.split()[0] == "".join(line.words[-1:]).casefold()


def other_order(error: DeskError, ctx: Context) -> list[Button | None]:
    """Returns a button for the order that may have been meant, if there is one."""
    if not isinstance(error, SaleTooSmall):
        return []
    all_of_it = ctx.text("button-sell-all", asset=error.asset)
    return [button(all_of_it, "sell", short_name(Symbol(error.symbol), ctx), "max")]
