"""Resting orders on PostgreSQL; a command is one call, which shares its transaction with those that waited with it."""

import logging
import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NoReturn

import asyncpg

from core.database import Connection, Database, Pool
from core.decimals import EXACT
from core.sql import load_queries
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.errors import (
    AmountTooLarge,
    GrantChanged,
    IdempotencyKeyReused,
    InsufficientFunds,
    NoAccount,
    NothingToSell,
    TradingHalted,
)
from trading.ledger.group_commit import OrderQueue
from trading.ledger.order_ports import Applied, NewOrders, OpenOrderChanges, OrderState, StreamPosition
from trading.ledger.order_rows import (
    accept_json,
    accepted_of,
    amend_json,
    apply_json,
    cancel_json,
    open_order_of,
    record_of,
)
from trading.ledger.ports import BalanceConflict, LedgerCommand
from trading.ledger.resting_notices import OutboxRow, rows_of_accepted, rows_of_effects, rows_of_expired
from trading.ledger.rows import balance_of, claims_json, display_taken, receipt_of
from trading.orders.bookings import Amendment, BookedEffect
from trading.orders.errors import OrderNotOpen, TooManyAmendments, TooManyOrders, UnknownOrderId
from trading.orders.open_orders import EndReason, OpenOrder
from trading.orders.records import OrderRecord, PlacedOrders
from trading.orders.types import Balance, Receipt
from trading.portfolio.positions import ZERO

LEDGER_SQL = load_queries(__package__, "queries.sql")
SQL = load_queries(__package__, "order_store.sql")

_VALUES = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.RaiseError)
_REJECTIONS = (asyncpg.PostgresError, AmountTooLarge, NoAccount, GrantChanged)
"""Errors of a batch that are repeated whenever it is: the driver's own, and those of `LEDGER_REFUSALS`."""

_GONE = ("gone", "taken", "funds", "fault", "stuck")

log = logging.getLogger(__name__)


class PostgresOrderStore:
    """`trading.ledger.order_ports.OrderStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._commands = OrderQueue(self._execute)

    async def _execute(self, commands: Sequence[str]) -> list[list[asyncpg.Record]]:
        """Executes commands in one transaction. Returns the rows of each: one, or one for each order it has changed."""
        answers: list[list[asyncpg.Record]] = [[] for _ in commands]
        for row in await self._database.fetch(SQL["commands"], f"[{','.join(commands)}]"):
            answers[row["place"]].append(row)
        return answers

    async def accept(self, new: NewOrders, command: LedgerCommand) -> PlacedOrders:
        """See `OrderStore.accept`. Repeated, it returns the same orders and receipt as they are then."""
        text = accept_json(new, command)
        if new.effects:
            answer = await self._accept_with_effects(new, text)
        else:
            (answer,) = await self._commands.place(new.account_id, text)
            if answer["outcome"] == "accepted":
                return accepted_of(new, command, answer)
        if answer["outcome"] not in ("accepted", "replayed"):
            _refuse_new(answer, new, command)
        return await self._placed(new, answer["orders"])

    async def _accept_with_effects(self, new: NewOrders, text: str) -> asyncpg.Record:
        """Accepts orders that fill, expire or go live at once, with their notifications."""

        async def work(connection: Connection) -> list[asyncpg.Record]:
            async with connection.transaction():
                rows = await connection.fetch(SQL["accept"], text)
                if new.taken is not None and rows[0]["outcome"] == "accepted":
                    await connection.execute(SQL["claim"], claims_json(new.account_id, new.taken))
                await _tell(connection, rows_of_accepted(new, rows[1:], rows[0]["orders"] or ()))
                return rows

        try:
            return (await self._database.run(work))[0]
        except asyncpg.IntegrityConstraintViolationError as error:
            if (conflict := display_taken(error)) is None:
                raise
            raise conflict from error

    async def _placed(self, new: NewOrders, numbers: Sequence[int]) -> PlacedOrders:
        async def work(connection: Connection) -> PlacedOrders:
            records = await connection.fetch(SQL["records"], numbers)
            receipt: Receipt | None = None
            if new.effects and (done := await connection.fetch(SQL["filled_at_once"], numbers)):
                found = await connection.fetchrow(LEDGER_SQL["receipt"], done[0]["execution_id"])
                receipt = None if found is None else receipt_of(found)
            assets = [new.rules.base, new.rules.quote]
            base, quote = map(balance_of, await connection.fetch(LEDGER_SQL["balances"], new.account_id, assets))
            return PlacedOrders(tuple(map(record_of, records)), receipt, (base, quote))

        return await self._database.run(work)

    async def cancel(
        self, account_id: int, order_ids: Sequence[int] | None, symbol: Symbol | None, command: LedgerCommand
    ) -> Sequence[OrderRecord]:
        """See `OrderStore.cancel`. Orders can be cancelled while trading is halted. Raises UnknownOrderId and
        OrderNotOpen for the first of `order_ids` that is not open: then none is cancelled.
        """
        rows = await self._commands.place(account_id, cancel_json(account_id, order_ids, symbol, command))
        if rows[0]["outcome"] not in ("done", "replayed"):
            _refuse(rows[0], command)
        return [record_of(row) for row in rows if row["id"] is not None]

    async def amend(self, account_id: int, change: Amendment, command: LedgerCommand) -> OrderRecord:
        """See `OrderStore.amend`. Raises UnknownOrderId if the account has no such order."""
        (row,) = await self._commands.place(account_id, amend_json(account_id, change, command))
        if row["outcome"] == "short":
            needed, available = row["bound"], row["available"]
            raise InsufficientFunds(row["reason"], needed, available, EXACT.subtract(needed, available))
        if row["outcome"] not in ("done", "replayed"):
            _refuse(row, command)
        return record_of(row)

    async def open_orders(self, account_id: int, symbol: Symbol | None) -> Sequence[OrderRecord]:
        """Returns the open orders of the account, newest first."""
        return [record_of(row) for row in await self._database.fetch(SQL["open_records"], account_id, symbol)]

    async def order(self, account_id: int, order_id: int, *, events: int = 0) -> OrderRecord | None:
        """See `OrderStore.order`."""

        async def work(connection: Connection) -> OrderRecord | None:
            row = await connection.fetchrow(SQL["record"], account_id, order_id)
            if row is None:
                return None
            return record_of(row, await connection.fetch(SQL["events"], order_id, events) if events else ())

        return await self._database.run(work)

    async def open_order(self, account_id: int, order_id: int) -> OpenOrder | None:
        """Returns an order of this account if it is open."""
        rows = await self._database.fetch(SQL["open_order"], account_id, order_id)
        return open_order_of(rows[0]) if rows else None

    async def changes(self, market: str, cursor: str) -> OpenOrderChanges:
        """See `OrderStore.changes`. An order that ends between its two reads is among `ended` only."""

        async def work(connection: Connection) -> OpenOrderChanges:
            rows = await connection.fetch(SQL["changes"], market, cursor or "0")
            gone = await connection.fetch(SQL["ended"], market, cursor) if cursor else []
            ended = frozenset(row["order_id"] for row in gone)
            found = (row for row in rows if row["order_id"] is not None and row["order_id"] not in ended)
            return OpenOrderChanges(tuple(map(open_order_of, found)), ended, rows[0]["mark"])

        return await self._database.run(work)

    async def positions(self, market: str, log: str) -> Mapping[int, int]:
        """Returns the stored position of each partition of a log; partitions without one are absent."""
        rows = await self._database.fetch(SQL["positions"], market, log)
        return {row["partition"]: row["next_offset"] for row in rows}

    async def apply(
        self,
        market: str,
        effects: Sequence[BookedEffect],
        states: Sequence[OrderState],
        position: StreamPosition | None,
        command: LedgerCommand,
    ) -> Applied:
        """See `OrderStore.apply`. The command id names this batch alone, and its repetitions. A fill for which the hold
        does not suffice expires the order, and is `gone`. Raises TradingHalted if there are fills.

        The batch is one statement. If PostgreSQL rejects it, it is written again with a savepoint for each effect.
        """

        async def work(connection: Connection, *, alone: bool = False) -> tuple[list[asyncpg.Record], bool]:
            text = apply_json(market, effects, states, position, command, alone=alone)
            async with connection.transaction():
                rows = await connection.fetch(SQL["apply"], text)
                lines = rows_of_effects(effects, rows)
                return rows, await (_tell_each(connection, lines) if alone else _tell(connection, lines))

        try:
            rows, notified = await self._database.run(work)
        except _REJECTIONS as error:
            log.warning("PostgreSQL rejected a batch of %d effects, which are written alone: %r", len(effects), error)
            rows, notified = await self._database.run(partial(work, alone=True))
        if rows and rows[0]["outcome"] == "halted":
            raise TradingHalted(rows[0]["reason"])
        _report(effects, rows)
        return Applied(
            gone=frozenset(row["order_id"] for row in rows if row["outcome"] in _GONE),
            taken={row["place"]: row["quantity"] for row in rows if row["outcome"] == "taken"},
            stuck={row["order_id"]: effects[row["place"]].version or 0 for row in rows if row["outcome"] == "stuck"},
            fenced=any(row["outcome"] == "fenced" for row in rows),
            notified=notified,
        )

    async def expire(
        self, market: str, symbols: Sequence[Symbol], reason: EndReason, command: LedgerCommand
    ) -> Sequence[int]:
        """See `OrderStore.expire`."""

        async def work(connection: Connection) -> list[asyncpg.Record]:
            async with connection.transaction():
                rows = await connection.fetch(
                    SQL["expire"],
                    market,
                    list(symbols),
                    reason,
                    command.command_id,
                    command.body,
                    command.at,
                    command.market_time,
                )
                await _tell(connection, rows_of_expired(rows, command.market_time))
                return rows

        return [row["order_id"] for row in await self._database.run(work)]


def _report(effects: Sequence[BookedEffect], rows: Sequence[asyncpg.Record]) -> None:
    """Logs what PostgreSQL has rejected."""
    for row in rows:
        match row["outcome"]:
            case "fault":
                what = effects[row["place"]].effect
                log.error("order %d has expired: PostgreSQL rejected %r: %s", row["order_id"], what, row["error"])
            case "stuck":
                what = effects[row["place"]].effect
                log.error("order %d is passed over: PostgreSQL rejected %r: %s", row["order_id"], what, row["error"])
            case "states":
                log.error("PostgreSQL rejected what was learned of open orders: %s", row["error"])


async def _tell_each(connection: Connection, lines: Sequence[OutboxRow]) -> bool:
    """Writes notifications; one that PostgreSQL rejects is left out."""
    told = 0
    for line in lines:
        try:
            async with connection.transaction():
                await _tell(connection, [line])
            told += 1
        except _VALUES:
            log.exception("PostgreSQL rejected the notification %s", line[0])
    return told > 0


async def _tell(connection: Connection, lines: Sequence[OutboxRow]) -> bool:
    if lines:
        await connection.execute(LEDGER_SQL["tell"], *zip(*lines, strict=True))
    return bool(lines)


def _refuse_new(row: asyncpg.Record, new: NewOrders, command: LedgerCommand) -> NoReturn:
    match row["outcome"]:
        case "too_many":
            raise TooManyOrders(int(row["bound"]))
        case "short":
            balance = Balance(new.hold_asset, row["available"] or ZERO, ZERO)
            if new.hold_asset == new.rules.base and row["available"] is None:
                raise NothingToSell(new.hold_asset)
            missing = EXACT.subtract(new.hold_amount, balance.available)
            raise InsufficientFunds(new.hold_asset, new.hold_amount, balance.available, missing)
    _refuse(row, command)


def _refuse(row: asyncpg.Record, command: LedgerCommand) -> NoReturn:
    match row["outcome"]:
        case "unknown":
            raise UnknownOrderId(row["order_id"])
        case "ended":
            raise OrderNotOpen(row["order_id"], row["reason"])
        case "moved":
            raise BalanceConflict
        case "amended_out":
            raise TooManyAmendments(row["order_id"], int(row["bound"]))
        case "halted":
            raise TradingHalted(row["reason"])
        case "reused":
            raise IdempotencyKeyReused(command.command_id)
        case "no_account":
            raise NoAccount
    raise LookupError(f"the database answered {row['outcome']}")
