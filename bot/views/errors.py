"""The one place where an error becomes an answer: its sentence, and buttons that lead on."""

from collections.abc import Mapping
from decimal import Decimal

from bot.arguments.bare_sizes import BareSize, bare_size
from bot.arguments.parser import CommandLine, suggestions_for
from bot.arguments.symbols import pair_of, short_name
from bot.arguments.usage import examples, usage
from bot.command import Command
from bot.context import Context
from bot.errors import (
    AmbiguousCoin,
    AmbiguousTimeZone,
    DecimalComma,
    EmptyLine,
    ForeignDigits,
    MissingArgument,
    NotAChoice,
    NotUnderstood,
    PosixTimeZone,
    ThousandsSeparator,
    TooManyArguments,
    UnknownCommand,
    UnknownOffset,
    UnknownTimeZone,
)
from bot.inbound import Suggestion
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.buttons import ROW, ROWS, button, grid
from core.errors import DatabaseUnavailable, DeskError, Refused, Unavailable
from core.text import clean
from people.notifications.errors import ZonedTime
from people.operators.ports import REASON_LIMIT
from pipeline.errors import MarketDown, RuleBroken, UnknownSymbol
from pipeline.market import Symbol
from trading.errors import AmountTooLarge, NoAccount, NotEnough, SaleTooSmall

QUOTED_LIMIT = 40
"""Characters of the person's own words that a refusal repeats."""

NONE = "none"
"""Stands for an empty tuple or text in a sentence, so that a selector can name it."""

_FRACTIONS = frozenset(("tolerance", "share"))
_SUMS = frozenset(("needed", "available", "missing"))
"""Of the quote asset they are written as money, of a coin to the last digit."""

_PRICES = frozenset(("previewed", "now", "bid", "ask"))
_NAMES = frozenset(("parameter",))
_SYMBOLS = frozenset(("symbol", "symbols", "nearest"))
"""What may name symbols: those that the market has are written as pairs."""

_REASONS = frozenset(("reason",))
_TOO_MUCH = (NotEnough, AmountTooLarge, RuleBroken)
_MOST_BUTTONS = 5
_MOST_CHOICES = ROW * ROWS


def sentence(error: DeskError, ctx: Context) -> str:
    """The error in the person's words."""
    return said(error.code(), error.details(), ctx)


def said(code: str, details: Mapping[str, object], ctx: Context) -> str:
    """The same of an error that is kept as data."""
    variables = {name: _variable(name, value, ctx) for name, value in details.items()}
    sums = {name: value for name in _SUMS if isinstance(value := details.get(name), Decimal)}
    if sums and _counts_money(details, ctx):
        variables |= {name: ctx.format.money(value) for name, value in sums.items()}
    return ctx.catalog.say(f"error-{code}", **variables)


def _counts_money(details: Mapping[str, object], ctx: Context) -> bool:
    try:
        return details.get("asset") == ctx.quote_asset
    except MarketDown:
        return False


def _variable(name: str, value: object, ctx: Context) -> str | int:
    match value:
        case Decimal():
            return _figure(name, value, ctx)
        case int() if not name.endswith("_id"):
            return value
        case tuple():
            return ", ".join(clean(_word(name, str(entry), ctx), QUOTED_LIMIT) for entry in value) or NONE
        case _ if name in _NAMES:
            return ctx.say(f"parameter-{value}")
        case _:
            return clean(_word(name, str(value), ctx), REASON_LIMIT if name in _REASONS else QUOTED_LIMIT) or NONE


def _word(name: str, value: str, ctx: Context) -> str:
    return pair_of(Symbol(value), ctx) if name in _SYMBOLS else value


def _figure(name: str, value: Decimal, ctx: Context) -> str:
    if name in _FRACTIONS:
        return ctx.format.percent(value)
    return ctx.format.price(value) if name in _PRICES else ctx.format.amount(value)


def refuse(error: DeskError, ctx: Context, line: CommandLine | None = None, command: Command | None = None) -> Reply:
    """The answer to an error raised for `line`, as far as that was understood."""
    blocks: list[Block] = [_first_words(error, ctx)]
    if command is not None and not command.hidden and isinstance(error, MissingArgument | TooManyArguments):
        blocks.append(_how_to(command, ctx))
    buttons = _ways_on(error, ctx, line, command)
    if line is not None and (bare := _meant_as_money(error, line, ctx)) is not None:
        blocks.append(Text(bare_size_note(bare, ctx)))
        buttons.append(button(bare_size_label(bare, ctx), line.with_word(bare.text, bare.as_money)))
    return Reply((*blocks, *grid(buttons)), asks=_asked(error, ctx, line), aside=True)


def _meant_as_money(error: DeskError, line: CommandLine, ctx: Context) -> BareSize | None:
    """The number without a unit that made an order too large, where as an amount of money it is affordable."""
    bare = bare_size(line.words, ctx) if isinstance(error, _TOO_MUCH) else None
    if bare is None or (isinstance(error, NotEnough) and error.asset != bare.base and error.available < bare.amount):
        return None
    return bare


def bare_size_note(bare: BareSize, ctx: Context) -> str:
    """Says what a number without a unit counts, and how an amount of money is ordered."""
    quantity = ctx.format.amount(bare.quantity, bare.base)
    return ctx.say("size-bare", quantity=quantity, button=bare_size_label(bare, ctx))


def bare_size_label(bare: BareSize, ctx: Context) -> str:
    """Of the button that takes the number as an amount of money."""
    return ctx.say("button-size-money", amount=ctx.format.amount(bare.amount, ctx.quote_asset))


def _first_words(error: DeskError, ctx: Context) -> Text:
    """What is missing is asked for: who left it out did nothing wrong."""
    match error:
        case MissingArgument(_, name) if ctx.catalog.has(question := f"error-missing-argument.{name}"):
            return Text(ctx.say(question))
        case EmptyLine():
            return Text(sentence(error, ctx), Tone.NOTE)
        case _:
            return Text(sentence(error, ctx), Tone.WARNING)


def _asked(error: DeskError, ctx: Context, line: CommandLine | None) -> str:
    """What may be answered with a word: what is missing, or again the question whose answer was no good."""
    if line is not None and isinstance(error, MissingArgument):
        return line.press(*line.words)
    return ctx.inbound.question if isinstance(error, Refused) else ""


def _how_to(command: Command, ctx: Context) -> Text:
    example = examples(command, ctx.catalog, ctx.quote_asset.lower())[0]
    return Text(ctx.say("usage-hint", usage=usage(command, ctx.catalog), example=example))


def _ways_on(error: DeskError, ctx: Context, line: CommandLine | None, command: Command | None) -> list[Button | None]:
    match error:
        case EmptyLine():
            ways = _always(ctx)
        case UnknownCommand(_, nearest) if line is not None:
            asked = command.name if command is not None else ""  # /help WORD is unknown in WORD
            ways = [_corrected(name, asked, line) for name in nearest]
        case NoAccount():
            ways = [button(ctx.say("button-start"), "start")]
        case NotUnderstood(_, nearest):
            ways = [*(button(near, *near.removeprefix("/").split()) for near in nearest), *_always(ctx)]
        case (
            UnknownSymbol(text, near)
            | AmbiguousCoin(text, near)
            | UnknownTimeZone(text, near)
            | UnknownOffset(text, near)
            | AmbiguousTimeZone(text, near)
            | PosixTimeZone(text, _, near)
            | NotAChoice(text, near)
        ) if line is not None:
            ways = [button(_word("nearest", word, ctx), line.with_word(text, word)) for word in near[:_MOST_CHOICES]]
        case ThousandsSeparator() | DecimalComma() | ForeignDigits() | ZonedTime() if line is not None:
            ways = [button(error.plain, line.with_word(error.text, error.plain))]
        case SaleTooSmall(symbol, asset):
            all_of_it = ctx.say("button-sell-all", asset=asset)
            ways = [button(all_of_it, "sell", short_name(Symbol(symbol), ctx), "max")]
        case MissingArgument(_, name) if line is not None and command is not None:
            found = suggestions_for(command, name, line.words, ctx)
            lacking = command.parameters[0]  # though a size was written: `buy BTC 100` of `buy 100`
            first = name == lacking.name and not lacking.many
            ways = [_suggested(entry, line, first=first) for entry in found[:_MOST_BUTTONS]]
        case Unavailable() if line is not None and command is not None and _repeatable(error, command):
            ways = [button(ctx.say("button-try-again"), line.press(*line.words))]
        case _:
            ways = []
    return ways


def _always(ctx: Context) -> list[Button | None]:
    """Where to begin."""
    return [button(ctx.say("button-help"), "help"), button(ctx.say("button-market"), "market")]


def _repeatable(error: Unavailable, command: Command) -> bool:
    """A press carries its own command id and may always come again; a line that was lost in the ledger may not."""
    return command.hidden or not isinstance(error, DatabaseUnavailable)


def _corrected(name: str, asked: str, line: CommandLine) -> Button | None:
    plain = name.removeprefix("/")
    return button(name, asked, plain) if asked else button(name, plain, *line.words)


def _suggested(suggestion: Suggestion, line: CommandLine, *, first: bool) -> Button | None:
    words = (suggestion.text, *line.words) if first else (*line.words, suggestion.text)
    return button(suggestion.label, line.press(*words))
