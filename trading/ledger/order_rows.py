"""Conversion of resting orders to the arguments of the database's functions, and of rows to domain values."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, assert_never

import asyncpg
import msgspec

from pipeline.market import Symbol
from trading.ledger.order_ports import NewOrders, OrderState, StreamPosition
from trading.ledger.ports import LedgerCommand
from trading.ledger.rows import balances_after
from trading.orders.bookings import Amendment, BookedEffect
from trading.orders.effects import Activated, Expired, Filled, Triggered
from trading.orders.holds import ZERO, step_of
from trading.orders.open_orders import (
    EndReason,
    Hold,
    ListKind,
    ListPlace,
    ListRole,
    OpenOrder,
    OrderEventKind,
    OrderStatus,
)
from trading.orders.records import OrderEvent, OrderRecord, PlacedOrders
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Execution, Side

_encoder = msgspec.json.Encoder(decimal_format="string")


def accept_json(new: NewOrders, command: LedgerCommand) -> str:
    """Returns the argument of accept_orders, and without effects that of order_commands."""
    rules = new.rules
    return _encoder.encode(
        {
            **_command(command),
            "command": "accept",
            "account_id": new.account_id,
            "market": new.market,
            "symbol": rules.symbol,
            "base": rules.base,
            "quote": rules.quote,
            "base_unit": f"1e-{rules.base_scale}",
            "quote_unit": f"1e-{rules.quote_scale}",
            "list_kind": new.list_kind,
            "hold_amount": new.hold_amount,
            "fee_rate": new.fee_rate,
            "max_of_symbol": new.max_of_symbol,
            "max_open": new.max_open,
            "orders": [
                {
                    "role": each.role,
                    "side": each.terms.side,
                    "type": each.terms.type,
                    "quantity": each.terms.quantity,
                    "limit_price": each.terms.limit_price,
                    "stop_price": each.terms.stop_price,
                    "trailing_delta": each.terms.trailing_delta,
                    "time_in_force": each.terms.time_in_force,
                    "expires_at_ms": each.terms.expires_at,
                    "hold_price": each.hold_price,
                    "step": step_of(each.terms.type, rules),
                    "queue_ahead": each.queue_ahead,
                }
                for each in new.orders
            ],
            "effects": [_effect(each) for each in new.effects],
        }
    ).decode()


def cancel_json(account_id: int, order_ids: Sequence[int] | None, symbol: Symbol | None, command: LedgerCommand) -> str:
    """Returns an argument of order_commands that cancels these orders."""
    named = {"account_id": account_id, "orders": order_ids, "symbol": symbol}
    return _encoder.encode({**_command(command), "command": "cancel", **named}).decode()


def amend_json(account_id: int, change: Amendment, command: LedgerCommand) -> str:
    """Returns an argument of order_commands that amends an order."""
    return _encoder.encode(
        {**_command(command), "command": "amend", "account_id": account_id, **asdict(change)}
    ).decode()


def apply_json(
    market: str,
    effects: Sequence[BookedEffect],
    states: Sequence[OrderState],
    position: StreamPosition | None,
    command: LedgerCommand,
    *,
    alone: bool = False,
) -> str:
    """Returns the argument of apply_effects; with `alone`, each effect is applied whatever becomes of the others."""
    moved = {} if position is None else {"log": position.log, "before": position.before, "after": position.after}
    return _encoder.encode(
        {
            **_command(command),
            **moved,
            "market": market,
            "alone": alone,
            "effects": [_effect(each) for each in effects],
            "states": [(each.order_id, each.queue_ahead, each.extreme, each.version) for each in states],
        }
    ).decode()


def _command(command: LedgerCommand) -> dict[str, Any]:
    return {
        "person_id": command.person_id,
        "command_id": command.command_id,
        "body": command.body.hex(),
        "at": command.at,
        "market_time": command.market_time,
    }


def _effect(booked: BookedEffect) -> dict[str, Any]:
    effect = booked.effect
    said: dict[str, Any] = {"order_id": effect.order_id, "time": effect.time, "version": booked.version}
    match effect:
        case Triggered():
            return said | {"kind": OrderEventKind.TRIGGERED, "price": effect.price}
        case Filled():
            if booked.execution is None:
                raise ValueError(f"the fill of order {effect.order_id} comes without its execution")
            if effect.display is not None:
                said["display"] = asdict(effect.display)
            return said | {"kind": OrderEventKind.FILLED, "execution": _execution(booked.execution)}
        case Activated():
            return said | {"kind": OrderEventKind.ACTIVATED, "quantity": effect.quantity}
        case Expired():
            return said | {"kind": OrderEventKind.EXPIRED, "reason": effect.reason}
        case _:
            assert_never(effect)


def _execution(execution: Execution) -> dict[str, Any]:
    return {
        "quantity": execution.quantity,
        "unfilled": execution.unfilled,
        "quote_amount": execution.quote_amount,
        "average_price": execution.average_price,
        "mid_price": execution.mid_price,
        "slippage": execution.slippage,
        "fee": execution.fee,
        "fee_asset": execution.fee_asset,
        "received": execution.received,
        "source": execution.source,
        "from_book": execution.from_book,
        "price_time": execution.price_time,
        "price_age_ms": execution.price_age_ms,
        "latency_ms": execution.latency_ms,
        "maker": execution.maker,
        "rule": execution.rule,
        "fills": [(fill.price, fill.quantity) for fill in execution.fills],
    }


def accepted_of(new: NewOrders, command: LedgerCommand, row: asyncpg.Record) -> PlacedOrders:
    """Returns orders of which nothing has happened but that a command accepted them, from its answer."""
    rules, hold = new.rules, Hold(row["new_hold"], new.hold_asset, new.hold_amount)
    records: list[OrderRecord] = []
    for number, order in zip(row["orders"], new.orders, strict=True):
        waits = new.list_kind in {ListKind.OTO, ListKind.OTOCO} and order.role is not ListRole.WORKING
        place = None
        if new.list_kind is not None and order.role is not None:
            place = ListPlace(row["new_list"], new.list_kind, order.role)
        records.append(
            OrderRecord(
                order_id=number,
                terms=order.terms,
                status=OrderStatus.PENDING_NEW if waits else OrderStatus.NEW,
                base=rules.base,
                quote=rules.quote,
                quantity=order.terms.quantity,
                filled=ZERO,
                limit_price=order.terms.limit_price,
                average_price=None,
                hold=None if waits else hold,
                accepted_at=command.at,
                place=place,
            )
        )
    return PlacedOrders(tuple(records), None, balances_after(row, rules.base, rules.quote))


def record_of(row: asyncpg.Record, events: Sequence[asyncpg.Record] = ()) -> OrderRecord:
    """Converts a row of `order_record`."""
    stop = row["present_stop"]
    status = OrderStatus(row["status"])
    return OrderRecord(
        order_id=row["id"],
        terms=_terms_of(row, "quantity", "limit_price", "stop_price"),
        status=status,
        base=row["base"],
        quote=row["quote"],
        quantity=row["present_quantity"],
        filled=row["filled"],
        limit_price=row["present_limit"],
        average_price=row["average_price"],
        hold=_hold_of(row),
        accepted_at=row["recorded_at"],
        place=_place_of(row),
        triggered=row["triggered"],
        extreme=row["extreme"],
        events=tuple(map(_event_of, events)),
        amended_stop=None if stop == row["stop_price"] else stop,
    )


def open_order_of(row: asyncpg.Record) -> OpenOrder:
    """Converts a row of `open_order` or `changes`."""
    stop = row["stop_price"]
    return OpenOrder(
        order_id=row["order_id"],
        account_id=row["account_id"],
        terms=_terms_of(row, "agreed_quantity", "agreed_limit", "agreed_stop"),
        status=OrderStatus(row["status"]),
        version=row["version"],
        accepted_at=row["accepted_at_ms"],
        quantity=row["quantity"],
        filled=row["filled"],
        limit_price=row["limit_price"],
        hold=_hold_of(row),
        fee_rate=row["fee_rate"],
        priority=row["priority"],
        place=_place_of(row),
        triggered=row["triggered"],
        queue_ahead=row["queue_ahead"],
        extreme=row["extreme"],
        hold_price=row["hold_price"],
        received=row["received"],
        amended_stop=None if stop == row["agreed_stop"] else stop,
    )


def _terms_of(row: asyncpg.Record, quantity: str, limit: str, stop: str) -> OrderTerms:
    return OrderTerms(
        symbol=Symbol(row["symbol"]),
        side=Side(row["side"]),
        type=OrderType(row["type"]),
        quantity=row[quantity],
        limit_price=row[limit],
        stop_price=row[stop],
        trailing_delta=row["trailing_delta"],
        time_in_force=TimeInForce(row["time_in_force"]),
        expires_at=row["expires_at_ms"],
    )


def _hold_of(row: asyncpg.Record) -> Hold | None:
    return None if row["hold_id"] is None else Hold(row["hold_id"], row["hold_asset"], row["hold_amount"])


def _place_of(row: asyncpg.Record) -> ListPlace | None:
    if row["list_id"] is None:
        return None
    return ListPlace(row["list_id"], ListKind(row["list_kind"]), ListRole(row["role"]))


def _event_of(row: asyncpg.Record) -> OrderEvent:
    return OrderEvent(
        number=row["number"],
        kind=OrderEventKind(row["kind"]),
        at=row["recorded_at"],
        market_time=row["market_time_ms"],
        price=row["price"],
        quantity=row["quantity"],
        execution_id=row["execution_id"],
        reason=None if row["reason"] is None else EndReason(row["reason"]),
    )
