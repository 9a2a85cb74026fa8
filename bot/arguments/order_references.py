"""Readers of orders and executions that exist: `12`, `#12`; /cancel also takes `all` and a symbol, /fills a symbol."""

import re
from dataclasses import dataclass
from typing import NewType

from bot.arguments.reader import Reader, begins
from bot.arguments.symbols import is_symbol, read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import NotAChoice, NotAnOrderNumber
from bot.inbound import Suggestion
from pipeline.market import Symbol
from trading.orders.records import OrderRecord

OrderNumber = NewType("OrderNumber", int)
ExecutionNumber = NewType("ExecutionNumber", int)
"""Number of an execution, or of an order whose executions are wanted."""

_NUMBER = re.compile(r"(?:#|no\.?)?([0-9]{1,18})(?:번|번째)?", re.ASCII | re.IGNORECASE)
_ALL = frozenset(("all", "everything", "전부", "전체", "모두", "모든", "전량"))
_FILLERS = frozenset(
    (
        "order",
        "orders",
        "my",
        "the",
        "open",
        "of",
        "number",
        "no",
        "no.",
        "nr",
        "nr.",
        "주문",
        "번호",
        "주문을",
        "내",
        "미체결",
    )
)
"""Words that name no order: `cancel my orders`, `cancel order 12`, `주문 전부 취소`."""
_MIN_SUGGESTED = 2


@dataclass(frozen=True, slots=True)
class EveryOrder:
    """All open orders, or those of a symbol."""

    symbol: Symbol | None = None


CancelSubject = OrderNumber | EveryOrder
"""Order, or several, to cancel."""


def is_order_number(word: str) -> bool:
    """Returns whether the word is the number of an order."""
    return _NUMBER.fullmatch(word) is not None


def _read_number(text: str, ctx: Context) -> OrderNumber:  # noqa: ARG001 - the shape of every reader
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise NotAnOrderNumber(text)
    return OrderNumber(int(found[1]))


def _read_subject(text: str, ctx: Context) -> OrderNumber | EveryOrder | None:
    """Returns what to cancel; None if only words are written that name no order. Raises NotAChoice for several
    numbers.
    """
    words = [word for word in text.split() if word.casefold() not in _FILLERS]
    named = " ".join(words)
    if not words:
        return None
    if named.casefold() in _ALL:
        return EveryOrder()
    if is_order_number(named):
        return _read_number(named, ctx)
    numbers = tuple(word for word in re.split("[, ]+", named) if word)
    if all(map(is_order_number, numbers)):
        raise NotAChoice(text, numbers)
    return EveryOrder(read_symbol(named, ctx))


def _subject_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of a subject with the words around it that name no order; 0 for the token that a
    button carries instead.
    """
    at = _fillers(words)
    rest = words[at:]
    if not rest:
        return at
    span = symbol_span(rest, ctx)
    named = " ".join(rest[:span])
    if ctx.inbound.pressed and not (named.casefold() in _ALL or is_order_number(named) or is_symbol(named, ctx)):
        return at
    while is_order_number(rest[0]) and rest[span:] and is_order_number(rest[span]):
        span += 1
    return at + span + _fillers(rest[span:])


def _fillers(words: tuple[str, ...]) -> int:
    """Returns how many words at the beginning name no order."""
    return next((at for at, word in enumerate(words) if word.casefold() not in _FILLERS), len(words))


def _read_scope(text: str, ctx: Context) -> OrderNumber | Symbol:
    return _read_number(text, ctx) if is_order_number(text) else read_symbol(text, ctx)


def _read_execution(text: str, ctx: Context) -> ExecutionNumber:
    return ExecutionNumber(_read_number(text, ctx))


def _suggest_numbers(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests the user's open orders, as read while the user types."""
    found = [_suggestion(order, ctx) for order in ctx.services.open_orders.of(ctx.person.person_id)]
    return [entry for entry in found if entry.text.startswith(prefix.removeprefix("#"))]


def _suggestion(order: OrderRecord, ctx: Context) -> Suggestion:
    left = ctx.format.amount(order.quantity - order.filled, order.base)
    price = order.limit_price or order.present.stop_price
    at = "" if price is None else f" @ {ctx.format.price(price)}"
    return Suggestion(str(order.order_id), f"{ctx.text(f'kind-{order.terms.side}')} {left}{at}")


def _suggest_subjects(prefix: str, ctx: Context) -> list[Suggestion]:
    numbers = _suggest_numbers(prefix, ctx)
    every = Suggestion("all", ctx.text("choice-all-orders"))
    many = [every] if len(numbers) >= _MIN_SUGGESTED and begins(every, prefix) else []
    return [*numbers, *many] if numbers or not prefix else suggest_symbols(prefix, ctx)


ORDER_NUMBERS = Reader(_read_number, _suggest_numbers)
CANCEL_SUBJECTS = Reader(_read_subject, _suggest_subjects, _subject_span)
FILL_SCOPES = Reader(_read_scope, suggest_symbols, symbol_span)
EXECUTION_NUMBERS = Reader(_read_execution)
