"""Notices of resting orders, for the outbox: they are written in the transaction of their event, or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import msgspec

from core.decimals import EXACT
from core.outbox import encode, kind_of
from pipeline.market import Symbol
from trading.ledger.order_notices import fill_notice
from trading.ledger.order_ports import NewOrders
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Expired, Filled, Triggered
from trading.orders.notices import OrderEnded, OrderFilled, OrderTriggered
from trading.orders.open_orders import EndReason
from trading.orders.terms import OrderType
from trading.orders.types import Execution, Side

_NEWS = frozenset(
    (EndReason.TIME, EndReason.IMMEDIATE, EndReason.PROTECTION, EndReason.FUNDS, EndReason.DELISTED, EndReason.FAULT)
)
"""Ends that the user is notified of: not those that the user or another notice already told."""


@dataclass(frozen=True, slots=True)
class _Told:
    """An order and the recipient of its notices."""

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    type: OrderType
    base: str
    quote: str
    person_id: int
    platform: str
    chat_id: str
    fills: bool
    expiries: bool


OutboxRow = tuple[Any, ...]
"""Key, person, platform, chat, kind and body of one notification."""


def rows_of_effects(effects: Sequence[BookedEffect], rows: Sequence[asyncpg.Record]) -> list[OutboxRow]:
    """Returns the outbox rows of applied effects. `rows` are those of the `apply` query."""
    return [
        line
        for row in rows
        if row["outcome"] in ("done", "funds", "fault") and row["person_id"] is not None
        for line in _lines(_told(row), effects[row["place"]], row)
    ]


def rows_of_expired(rows: Sequence[asyncpg.Record], time: int) -> list[OutboxRow]:
    """Returns the outbox rows of expired orders. `rows` are those of the `expire` query."""
    return [
        _line(told, f"{row['order_id']}", _ended(told, row, time))
        for row in rows
        if row["person_id"] is not None and row["expiries"]
        for told in (_told(row),)
    ]


def rows_of_accepted(new: NewOrders, rows: Sequence[asyncpg.Record], numbers: Sequence[int]) -> list[OutboxRow]:
    """Returns the outbox rows of what happened at the acceptance. `rows` are those of the effects."""
    news = new.notification
    if news is None:
        return []
    lines: list[OutboxRow] = []
    for row in rows:
        booked = new.effects[row["place"]]
        terms = new.orders[booked.effect.order_id].terms
        told = _Told(
            numbers[booked.effect.order_id],
            news.market,
            terms.symbol,
            terms.side,
            terms.type,
            new.rules.base,
            new.rules.quote,
            news.person_id,
            news.target.chat.platform,
            news.target.chat.chat_id,
            news.target.fills,
            news.target.expiries,
        )
        lines += _lines(told, booked, row)
    return lines


def _told(row: asyncpg.Record) -> _Told:
    return _Told(
        row["order_id"],
        row["market"],
        Symbol(row["symbol"]),
        Side(row["side"]),
        OrderType(row["type"]),
        row["base"],
        row["quote"],
        row["person_id"],
        row["platform"],
        row["chat_id"],
        row["fills"],
        row["expiries"],
    )


def _lines(told: _Told, booked: BookedEffect, row: asyncpg.Record) -> Iterator[OutboxRow]:
    """Yields at most one notification. Its key names the order or the execution, so that it is written once."""
    effect, time = booked.effect, booked.effect.time
    if row["reason"] is not None:
        if told.expiries and EndReason(row["reason"]) in _NEWS:
            yield _line(told, f"{told.order_id}", _ended(told, row, time))
        return
    if not told.fills or isinstance(effect, Expired):
        return
    if isinstance(effect, Triggered):
        yield _line(
            told,
            f"{told.order_id}",
            OrderTriggered(
                order_id=told.order_id,
                market=told.market,
                symbol=told.symbol,
                side=told.side,
                type=told.type,
                base=told.base,
                quote=told.quote,
                quantity=EXACT.subtract(row["quantity"], row["filled"]),
                price=effect.price,
                time=time,
            ),
        )
    elif isinstance(effect, Filled) and booked.execution is not None:
        yield _line(told, f"{row['execution_id']}", _filled(told, booked.execution, row, time))


def _filled(told: _Told, execution: Execution, row: asyncpg.Record, time: int) -> OrderFilled:
    assets, realised = (told.base, told.quote), row["realised"]
    notice = fill_notice(execution, row["execution_id"], told.market, assets, time=time, realised=realised)
    remaining = EXACT.subtract(row["quantity"], row["filled"])
    return msgspec.structs.replace(notice, parent_id=told.order_id, remaining=remaining)


def _ended(told: _Told, row: asyncpg.Record, time: int) -> OrderEnded:
    return OrderEnded(
        order_id=told.order_id,
        market=told.market,
        symbol=told.symbol,
        side=told.side,
        type=told.type,
        base=told.base,
        quantity=row["quantity"],
        filled=row["filled"],
        reason=EndReason(row["reason"]),
        time=time,
    )


def _line(told: _Told, number: str, notice: msgspec.Struct) -> OutboxRow:
    kind = kind_of(notice)
    return (f"{kind}:{number}", told.person_id, told.platform, told.chat_id, kind, encode(notice))
