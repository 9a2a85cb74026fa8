"""Answers to errors: the sentence of an error, and buttons for the next step. Errors become answers only here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from bot.arguments.bare_sizes import BareSize, bare_size
from bot.arguments.order_lines import before_value
from bot.arguments.parser import CommandLine, suggestions_for
from bot.arguments.symbols import pair_of
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
    TrailingDistanceWithoutUnit,
    UnknownCommand,
    UnknownFigure,
    UnknownOffset,
    UnknownTimeZone,
)
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.buttons import ROW, ROWS, button, grid
from bot.views.limit_instead import limit_instead
from bot.views.mended_lines import begun, mended, named_button, other_order, price_button, rule_buttons, suggested
from bot.views.rules import marked_rule
from core.errors import DatabaseUnavailable, DeskError, Refused, Unavailable
from core.text import clean
from people.notifications.errors import ZonedTime
from people.operators.ports import REASON_LIMIT
from pipeline.errors import ExchangeFilterViolation, MarketUnavailable, UnknownSymbol
from pipeline.market import Symbol
from trading.errors import AmbiguousShare, AmountTooLarge, InsufficientFunds, LimitReached, NoAccount
from trading.recurring.notices import FORMER_CODES, Obstacle
from trading.rules.errors import RuleSyntaxError, UnknownStrategy

QUOTED_LIMIT = 40
"""Most characters of the user's own words that a refusal repeats."""

_LINE_LIMIT = 200
"""Most characters of the user's line that a refusal repeats."""

NONE = "none"
"""Placeholder for an empty tuple or text in a sentence, so that a selector can name it."""

_FRACTIONS = frozenset(("tolerance", "share"))
_SUMS = frozenset(("needed", "available", "missing"))
"""Details that are written as money if they are of the quote asset, and with every digit if they are of a coin."""

_PRICES = frozenset(("previewed", "now", "bid", "ask", "last_price", "best_price"))
_NAMES = frozenset(("parameter",))
_SYMBOLS = frozenset(("symbol", "symbols", "nearest"))
"""Details that may name symbols: those that the market has are written as pairs."""

_REASONS = frozenset(("reason",))
_BASIS_POINTS = frozenset(("delta", "lowest", "highest"))
_BASIS_POINT_DIGITS = 4
_TOO_MUCH = (InsufficientFunds, AmountTooLarge, ExchangeFilterViolation)
_MAX_BUTTONS = 5
_MAX_CHOICES = ROW * ROWS


def sentence(error: DeskError, ctx: Context) -> str:
    """Returns the error as a sentence in the user's language."""
    return error_text(error.code(), error.details(), ctx)


def error_text(code: str, details: Mapping[str, object], ctx: Context) -> str:
    """Returns the same sentence for an error that is stored as data."""
    variables = {name: _variable(name, value, ctx) for name, value in details.items()}
    sums = {name: value for name in _SUMS if isinstance(value := details.get(name), Decimal)}
    if sums and _counts_money(details, ctx):
        variables |= {name: ctx.format.money(value) for name, value in sums.items()}
    return ctx.catalog.text(f"error-{code}", **variables)


def obstacle_text(found: Obstacle, ctx: Context) -> str:
    """Returns the sentence of an error that a notification or a group of orders holds."""
    code = FORMER_CODES.get(found.code, found.code)
    return error_text(code, {**found.amounts, **found.counts, **found.words}, ctx)


def _counts_money(details: Mapping[str, object], ctx: Context) -> bool:
    try:
        return details.get("asset") == ctx.quote_asset
    except MarketUnavailable:
        return False


def _variable(name: str, value: object, ctx: Context) -> str | int:
    match value:
        case Decimal():
            return _figure(name, value, ctx)
        case int() if not name.endswith("_id"):
            return _whole(name, value, ctx)
        case date():
            return ctx.format.moment(value) if isinstance(value, datetime) else ctx.format.days(value)
        case tuple():
            return ", ".join(clean(_word(name, str(entry), ctx), QUOTED_LIMIT) for entry in value) or NONE
        case _ if name in _NAMES and ctx.catalog.has(f"parameter-{value}"):
            return ctx.text(f"parameter-{value}")
        case _:
            return clean(_word(name, str(value), ctx), REASON_LIMIT if name in _REASONS else QUOTED_LIMIT) or NONE


def _whole(name: str, value: int, ctx: Context) -> str | int:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ctx.format.percent(Decimal(value).scaleb(-_BASIS_POINT_DIGITS)) if name in _BASIS_POINTS else value


def _word(name: str, value: str, ctx: Context) -> str:
    if name == "allowed" and value.startswith(":"):
        return ctx.text(f"rule-allowed-{value.removeprefix(':')}")
    return pair_of(Symbol(value), ctx) if name in _SYMBOLS else value


def _figure(name: str, value: Decimal, ctx: Context) -> str:
    if name in _FRACTIONS:
        return ctx.format.percent(value)
    return ctx.format.price(value) if name in _PRICES else ctx.format.amount(value)


def refuse(error: DeskError, ctx: Context, line: CommandLine | None = None, command: Command | None = None) -> Reply:
    """Returns the answer to an error raised for `line`, as far as the line was understood."""
    blocks: list[Block] = [_first_words(error, ctx)]
    if line is not None:
        blocks += _pointed_at(error, line, ctx)
    if command is not None and not command.hidden and isinstance(error, MissingArgument | TooManyArguments):
        blocks.append(_how_to(command, ctx))
    buttons = _ways_on(error, ctx, line, command)
    if line is not None and not buttons:
        buttons = limit_instead(error, line, ctx)
    if line is not None and isinstance(error, TrailingDistanceWithoutUnit):
        buttons += _with_units(line, error.text, error.choices)
    if line is not None and (bare := _meant_as_money(error, line, ctx)) is not None:
        blocks.append(Text(bare_size_note(bare, ctx)))
        buttons.append(button(bare_size_label(bare, ctx), line.with_word(bare.text, bare.as_money)))
    return Reply((*blocks, *grid(buttons)), asks=_asked(error, ctx, line, command), aside=True)


def _pointed_at(error: DeskError, line: CommandLine, ctx: Context) -> list[Block]:
    """Returns the line with a mark around the words that have no place in it, or as it should be."""
    match error:
        case RuleSyntaxError():
            return list(marked_rule(error))
        case TooManyArguments(_, extra) if parted := line.parted(extra):
            shown = _line_with(line, parted, ctx.text("words-marked", text=clean(extra, QUOTED_LIMIT)))
        case TrailingDistanceWithoutUnit(text, (first, *_)) if parted := line.parted(text):
            shown = ctx.text("line-as-it-should-be", line=_line_with(line, parted, first))
        case _:
            return []
    return [Text(clean(shown, _LINE_LIMIT))]


def _line_with(line: CommandLine, parted: tuple[str, str], word: str) -> str:
    return " ".join(part for part in (f"/{line.name}", parted[0], word, parted[1]) if part)


def _with_units(line: CommandLine, text: str, meant: tuple[str, ...]) -> list[Button | None]:
    parted = line.parted(text)
    lines = () if parted is None else tuple(_line_with(line, parted, distance) for distance in meant)
    return [button(shown, *shown.removeprefix("/").split()) for shown in lines]


def _meant_as_money(error: DeskError, line: CommandLine, ctx: Context) -> BareSize | None:
    """Returns the number without a unit that made an order too large, if it is affordable as an amount of money; None
    otherwise.
    """
    bare = bare_size(line.words, ctx) if isinstance(error, _TOO_MUCH) else None
    if bare is None or (
        isinstance(error, InsufficientFunds) and error.asset != bare.base and error.available < bare.amount
    ):
        return None
    return bare


def bare_size_note(bare: BareSize, ctx: Context) -> str:
    """Returns a note on the meaning of a number without a unit, and on how to order an amount of money."""
    quantity = ctx.format.amount(bare.quantity, bare.base)
    return ctx.text("size-bare", quantity=quantity, button=bare_size_label(bare, ctx))


def bare_size_label(bare: BareSize, ctx: Context) -> str:
    """Returns the label of the button that takes the number as an amount of money."""
    return ctx.text("button-size-money", amount=ctx.format.amount(bare.amount, ctx.quote_asset))


def _first_words(error: DeskError, ctx: Context) -> Text:
    """Returns a question if an argument is missing, since leaving it out is no mistake, and the error's sentence
    otherwise.
    """
    match error:
        case MissingArgument(_, name) if ctx.catalog.has(question := f"error-missing-argument.{name}"):
            return Text(ctx.text(question))
        case NotUnderstood(text, _) if text.casefold().rstrip("!.~") in _agreeing(ctx):
            return Text(ctx.text("confirm-by-button"))
        case EmptyLine():
            return Text(sentence(error, ctx), Tone.NOTE)
        case _:
            return Text(sentence(error, ctx), Tone.WARNING)


def _agreeing(ctx: Context) -> frozenset[str]:
    """Returns the words that agree, such as `yes`, in every language. They place nothing: several previews may
    wait, and only a button names the one that was read.
    """
    listed = (catalog.text("words-agreeing").split(",") for catalog in ctx.catalogs.values())
    return frozenset(word.strip() for words in listed for word in words)


def _asked(error: DeskError, ctx: Context, line: CommandLine | None, command: Command | None) -> str:
    """Returns the line that a one-word answer completes: the line without its missing argument, or the open question
    again if its answer was refused; '' otherwise.
    """
    if line is not None and isinstance(error, MissingArgument):
        before = line.words if command is None else before_value(command, error.parameter, line.words)
        return line.press(*before)
    return ctx.inbound.question if isinstance(error, Refused) else ""


def _how_to(command: Command, ctx: Context) -> Text:
    example = examples(command, ctx.catalog, ctx.quote_asset.lower())[0]
    return Text(ctx.text("usage-hint", usage=usage(command, ctx.catalog), example=example))


def _ways_on(error: DeskError, ctx: Context, line: CommandLine | None, command: Command | None) -> list[Button | None]:
    match error:
        case EmptyLine():
            ways = _always(ctx)
        case UnknownCommand(_, nearest) | UnknownFigure(_, nearest) if line is not None:
            asked = command.name if command is not None else ""  # the unknown command is the argument of /help
            ways = [named_button(name, asked, line, ctx) for name in nearest]
            ways += [price_button(line, ctx)] if not (asked or nearest) else []
            ways += _all_figures(error, ctx)
        case NoAccount() | LimitReached():
            there = "start" if isinstance(error, NoAccount) else "limits"
            ways = [button(ctx.text(f"button-{there}"), there)]
        case NotUnderstood(_, nearest):
            ways = [*(button(near, *near.removeprefix("/").split()) for near in nearest), *_always(ctx)]
        case (
            UnknownSymbol(text, near)
            | AmbiguousCoin(text, near)
            | UnknownTimeZone(text, near)
            | UnknownOffset(text, near)
            | AmbiguousTimeZone(text, near)
            | PosixTimeZone(text, _, near)
            | AmbiguousShare(text, near)
            | NotAChoice(text, near)
            | UnknownStrategy(text, near)
        ) if line is not None:
            kept = mended(error, line, text, near[:_MAX_CHOICES], ctx)
            ways = [button(_word("nearest", word, ctx), press) for word, press in kept]
        case ThousandsSeparator() | DecimalComma() | ForeignDigits() | ZonedTime() if line is not None:
            kept = mended(error, line, error.text, (error.plain,), ctx)
            ways = [button(word, press) for word, press in kept]
        case RuleSyntaxError() if line is not None:
            ways = rule_buttons(error, line)
        case MissingArgument(_, name) if line is not None and command is not None:
            found = suggestions_for(command, name, line.words, ctx)
            line = replace(line, words=before_value(command, name, line.words))
            found = [each for each in found if begun(each, line)] or found
            lacking = command.parameters[0]  # comes before a written size: `buy BTC 100` from `buy 100`
            first = name == lacking.name and not lacking.many
            ways = [suggested(entry, line, ctx, first=first) for entry in found[:_MAX_BUTTONS]]
        case Unavailable() if line is not None and command is not None and _repeatable(error, command):
            ways = [button(ctx.text("button-try-again"), line.press(*line.words))]
        case _:
            ways = other_order(error, ctx)
    return ways


def _all_figures(error: DeskError, ctx: Context) -> list[Button | None]:
    return [button(ctx.text("button-terms"), "explain")] if isinstance(error, UnknownFigure) else []


def _always(ctx: Context) -> list[Button | None]:
    """Returns buttons for a first step."""
    return [button(ctx.text("button-help"), "help"), button(ctx.text("button-market"), "market")]


def _repeatable(error: Unavailable, command: Command) -> bool:
    """Returns whether the command may be sent again. A press carries its own command id and always may; a line that was
    lost in the ledger may not.
    """
    return command.hidden or not isinstance(error, DatabaseUnavailable)
