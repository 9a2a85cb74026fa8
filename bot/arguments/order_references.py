"""Readers of orders that exist: `12`, `#12`, and for /cancel also `all` and a symbol."""

import re
from dataclasses import dataclass
from typing import NewType

from bot.arguments.reader import Reader, begins
from bot.arguments.symbols import read_symbol, suggest_symbols, symbol_span
from bot.context import Context
from bot.errors import NotAnOrderNumber
from bot.inbound import Suggestion
from pipeline.market import Symbol
from trading.orders.records import OrderRecord

OrderNumber = NewType("OrderNumber", int)

_NUMBER = re.compile(r"(?:#|no\.?)?([0-9]{1,18})(?:번|번째)?", re.ASCII | re.IGNORECASE)
_ALL = frozenset(("all", "everything", "전부", "전체", "모두", "전량"))
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


def _read_subject(text: str, ctx: Context) -> OrderNumber | EveryOrder:
    if text.casefold() in _ALL:
        return EveryOrder()
    if is_order_number(text):
        return _read_number(text, ctx)
    return EveryOrder(read_symbol(text, ctx))


def _subject_span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns 0 for the token that a button carries: it is no subject that users type."""
    return 0 if ctx.inbound.pressed else symbol_span(words, ctx)


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
