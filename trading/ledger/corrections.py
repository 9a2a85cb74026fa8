"""Corrections of the ledger by an operator: reversals of entries, and adjustments of cash. PostgreSQL does them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

import asyncpg

from core.database import Connection
from core.outbox import encode, kind_of
from core.sql import load_queries
from pipeline.market import Symbol
from trading.errors import IdempotencyKeyReused
from trading.ledger.correction_errors import (
    AccountEnded,
    AlreadyReversed,
    CorrectionShort,
    EntryOfFormerUnit,
    GrantExhausted,
    NoReason,
    NotAnEntry,
    NotReversible,
    RoundEnded,
    UnknownAccount,
    UnknownEntry,
)
from trading.ledger.ports import MAX_COMMAND_ID, LedgerCommand
from trading.orders.types import Side
from trading.portfolio.notices import AccountCorrected

SQL = load_queries(__package__, "corrections.sql")

MAX_REASON = 200
_MOST = 2**63


@dataclass(frozen=True, slots=True)
class Correction:
    """Reversal or adjustment as booked. `moved` is what it added to the account, by asset; `order_id` is the order that
    it reverses.
    """

    entry_id: int
    account_id: int
    person_id: int
    moved: Mapping[str, Decimal]
    order_id: int | None


def checked_reason(text: str) -> str:
    """Returns the reason without surrounding spaces. Raises NoReason."""
    reason = text.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise NoReason(MAX_REASON)
    return reason


async def find_entry(connection: Connection, reference: str) -> int:
    """Returns the entry of `12` (the number of an order), `entry:34` or `command:ID`. Raises NotAnEntry and
    UnknownEntry.
    """
    name, colon, value = reference.strip().partition(":")
    if colon and name == "command" and 0 < len(value) <= MAX_COMMAND_ID:
        found = await connection.fetchval(SQL["of_command"], value)
    else:
        number = value if name == "entry" else reference.strip()
        if not (number.isascii() and number.isdigit() and int(number[:20]) < _MOST):
            raise NotAnEntry(reference)
        found = int(number[:20]) if colon else await connection.fetchval(SQL["of_order"], int(number[:20]))
    if found is None:
        raise UnknownEntry(reference)
    return int(found)


async def reverse(connection: Connection, reference: str, reason: str, at: datetime, market_time: int) -> Correction:
    """Reverses an entry and notifies the user, in the caller's transaction. Raises the refusals of this package: then
    nothing was written.
    """
    row = _there(
        await connection.fetchrow(
            SQL["reverse"], await find_entry(connection, reference), checked_reason(reason), at, market_time
        )
    )
    if row["outcome"] != "done":
        _refuse(row, reference)
    return await _told(connection, row["reversal_id"])


async def adjust(
    connection: Connection, account_id: int, amount: Decimal, reason: str, command: LedgerCommand
) -> Correction:
    """Credits or debits the cash of an account and notifies the user, in the caller's transaction. Raises the refusals
    of this package and IdempotencyKeyReused: then nothing was written.
    """
    row = _there(
        await connection.fetchrow(
            SQL["adjust"],
            account_id,
            amount,
            checked_reason(reason),
            command.command_id,
            command.body,
            command.at,
            command.market_time,
        )
    )
    match row["outcome"]:
        case "done" | "replayed":
            return await _told(connection, row["entry_id"])
        case "reused":
            raise IdempotencyKeyReused(command.command_id)
        case "unknown":
            raise UnknownAccount(account_id)
        case "closed":
            raise AccountEnded(account_id)
        case "short":
            raise CorrectionShort(account_id, row["asset"], row["missing"], row["held"])
        case "grant":
            raise GrantExhausted(account_id)
    raise LookupError(f"adjust_account answered {row['outcome']}")


async def _told(connection: Connection, entry_id: int) -> Correction:
    """Puts the notification into the outbox, once, and returns what was booked."""
    row = _there(await connection.fetchrow(SQL["booked"], entry_id))
    moved = {asset: Decimal(net) for asset, net in row["moved"]}
    notice = AccountCorrected(
        entry_id=entry_id,
        market=row["market"],
        quote=row["quote_asset"],
        moved=moved,
        reason=row["reason"],
        time=row["market_time_ms"],
        order_id=row["order_id"],
        side=None if row["side"] is None else Side(row["side"]),
        symbol=None if row["symbol"] is None else Symbol(row["symbol"]),
        base=row["base"],
        quantity=row["quantity"],
        price=row["average_price"],
    )
    await connection.execute(SQL["tell"], f"correction:{entry_id}", row["person_id"], kind_of(notice), encode(notice))
    return Correction(entry_id, row["account_id"], row["person_id"], moved, row["order_id"])


def _refuse(row: asyncpg.Record, reference: str) -> NoReturn:
    match row["outcome"]:
        case "unknown":
            raise UnknownEntry(reference)
        case "reversed":
            raise AlreadyReversed(reference, row["reversal_id"])
        case "kind":
            raise NotReversible(reference, row["asset"])
        case "round":
            raise RoundEnded(reference, row["account_id"])
        case "action":
            raise EntryOfFormerUnit(reference, row["asset"])
        case "closed":
            raise AccountEnded(row["account_id"])
        case "short":
            raise CorrectionShort(row["account_id"], row["asset"], row["missing"], row["held"])
        case "grant":
            raise GrantExhausted(row["account_id"])
    raise LookupError(f"reverse_entry answered {row['outcome']}")


def _there(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise LookupError("the database answered without a row")
    return row
