"""Notices of orders, for the outbox: they are written in the transaction that writes the order, or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg

from core.outbox import encode, kind_of
from trading.ledger.ports import LedgerCommand, NewOrder, OrderNotification
from trading.orders.notices import OrderExpired, OrderFilled
from trading.orders.types import Execution


@dataclass(frozen=True, slots=True)
class PendingOrder:
    """Order to be placed; `text` is the argument of place_order."""

    text: str
    order: NewOrder
    command: LedgerCommand


def outbox_rows(placed: Sequence[PendingOrder], rows: Sequence[asyncpg.Record]) -> list[tuple[Any, ...]]:
    """Returns the outbox rows for the orders that were filled just now. An order placed before was notified then."""
    return [
        (f"{kind_of(notice)}:{row['order_id']}", news.person_id, chat.platform, chat.chat_id, kind_of(notice), body)
        for each, row in zip(placed, rows, strict=True)
        if (news := each.order.notification) is not None and row["outcome"] == "filled"
        for chat in (news.target.chat,)
        for notice in _notices(each, news, row)
        for body in (encode(notice),)
    ]


def _notices(
    each: PendingOrder, notification: OrderNotification, row: asyncpg.Record
) -> Iterator[OrderFilled | OrderExpired]:
    execution, rules, time = each.order.execution, each.order.rules, each.command.market_time
    if notification.target.fills:
        assets = (rules.base, rules.quote)
        yield fill_notice(execution, row["order_id"], notification.market, assets, time=time, realised=row["realised"])
    if notification.target.expiries and execution.unfilled:
        yield OrderExpired(
            order_id=row["order_id"],
            market=notification.market,
            symbol=execution.symbol,
            side=execution.side,
            base=rules.base,
            filled=execution.quantity,
            unfilled=execution.unfilled,
            time=time,
        )


def fill_notice(
    execution: Execution, number: int, market: str, assets: tuple[str, str], *, time: int, realised: Decimal | None
) -> OrderFilled:
    """Returns the notification of an execution. `number` is that of its receipt, `assets` are base and quote asset."""
    base, quote = assets
    return OrderFilled(
        order_id=number,
        market=market,
        symbol=execution.symbol,
        side=execution.side,
        base=base,
        quote=quote,
        quantity=execution.quantity,
        price=execution.average_price,
        quote_amount=execution.quote_amount,
        fee=execution.fee,
        fee_asset=execution.fee_asset,
        received=execution.received,
        time=time,
        realised=realised,
    )
