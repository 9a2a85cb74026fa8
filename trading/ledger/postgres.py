"""The ledger's commands and reads on PostgreSQL; a command is one call, one transaction, one round trip."""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NoReturn

import asyncpg

from core.database import Connection, Database, Pool
from core.decimals import EXACT
from core.sql import load_queries
from pipeline.archive.units import UnitChange, units_of
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.dust import MAX_DUST_SALES
from trading.errors import IdempotencyKeyReused, NoAccount, TradingHalted
from trading.ledger.group_commit import OrderQueue
from trading.ledger.order_notices import PendingOrder, outbox_rows
from trading.ledger.ports import AccountState, BalanceConflict, LedgerCommand, NewOrder, Placed
from trading.ledger.rows import (
    account_of,
    balance_of,
    balances_after,
    display_taken,
    history_line,
    order_json,
    receipt_of,
    stake_of,
)
from trading.matching.sizing import refuse_short
from trading.orders.types import Balance, HistoryPage, Receipt
from trading.portfolio.equity_curve import AccountFlow
from trading.portfolio.positions import Holding
from trading.ports import Account, SymbolActivity

SQL = load_queries(__package__, "queries.sql")

LOOKED_THROUGH = 1_000
"""Number of the newest entries of an account among which its trades of a symbol are searched."""

MAX_TRADES = 100

_CHANGED = ("short", "moved")
"""Outcomes of an order whose balance changed after the order was priced."""


class PostgresLedger:
    """`trading.ledger.ports.Ledger` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._orders = OrderQueue(self._place_together)

    async def open(
        self, person_id: int, market: str, quote_asset: str, grant: Decimal, command: LedgerCommand
    ) -> Account:
        """Returns the user's account on a market, opened with its grant by the first call."""
        row = await self._row(
            "open_account",
            person_id,
            market,
            quote_asset,
            grant,
            command.command_id,
            command.body,
            command.at,
            command.market_time,
        )
        return account_of(_there(row))

    async def account(self, person_id: int, market: str, quote_asset: str) -> Account | None:
        """Returns the user's account, or None if it is not opened."""
        row = await self._row("account", person_id, market, quote_asset)
        return None if row is None else account_of(row)

    async def place(self, order: NewOrder, command: LedgerCommand) -> Placed:
        """Books an order. Raises InsufficientFunds, NothingToSell, AmountTooLarge, BalanceConflict, DisplayTaken,
        TradingHalted: then nothing was written.
        """
        try:
            row = await self._orders.place(order.account_id, PendingOrder(order_json(order, command), order, command))
        except asyncpg.IntegrityConstraintViolationError as error:
            if (conflict := display_taken(error)) is None:
                raise
            raise conflict from error
        if row["outcome"] == "replayed":
            return Placed(await self._stored(row["order_id"]), replayed=True)
        if row["outcome"] != "filled":
            _refuse(row["outcome"], order, command, row)
        return Placed(self._receipt(row, order, command), replayed=False)

    @staticmethod
    def _receipt(row: asyncpg.Record, order: NewOrder, command: LedgerCommand) -> Receipt:
        balances = balances_after(row, order.rules.base, order.rules.quote)
        return Receipt(row["order_id"], command.at, order.execution, balances, row["realised"])

    async def place_batch(
        self, orders: Sequence[NewOrder], quote_asset: str, command: LedgerCommand
    ) -> list[Receipt | None] | None:
        """See `Ledger.place_batch`. The account's lock is taken before the command is looked up, so that the later of
        two deliveries finds the orders of the first."""
        commands = [replace(command, command_id=batch_id(command, number)) for number in range(len(orders))]
        placing = [PendingOrder(order_json(*pair), *pair) for pair in zip(orders, commands, strict=True)]

        async def work(connection: Connection) -> list[asyncpg.Record] | None:
            async with connection.transaction():
                await connection.execute(SQL["lock_account"], orders[0].account_id, quote_asset)
                if await connection.fetch(SQL["placed_of_batch"], _batch_ids(command)):
                    return None
                return await _placed_and_told(connection, placing)

        try:
            rows = await self._database.run(work)
        except asyncpg.IntegrityConstraintViolationError as error:
            if (conflict := display_taken(error)) is None:
                raise
            raise conflict from error
        if rows is None:
            return None
        receipts: list[Receipt | None] = []
        for row, each in zip(rows, placing, strict=True):
            filled = row["outcome"] == "filled"
            if not filled and row["outcome"] not in _CHANGED:
                _refuse(row["outcome"], each.order, each.command, row)
            receipts.append(self._receipt(row, each.order, each.command) if filled else None)
        return receipts

    async def find_batch_receipts(self, command: LedgerCommand) -> list[Receipt]:
        """Returns the receipts of a batch that took effect, empty if none did. Raises IdempotencyKeyReused."""
        rows = await self._rows("placed_of_batch", _batch_ids(command))
        if any(row["body"] != command.body for row in rows):
            raise IdempotencyKeyReused(command.command_id)
        return [await self._stored(row["order_id"]) for row in rows]

    async def find_receipt(self, command_id: str, body: bytes) -> Receipt | None:
        """Returns the receipt of an order command that took effect, or None. Raises IdempotencyKeyReused."""
        row = await self._row("placed_before", command_id)
        if row is None:
            return None
        if row["body"] != body:
            raise IdempotencyKeyReused(command_id)
        return await self._stored(row["order_id"])

    async def reset(self, account: Account, grant: Decimal, command: LedgerCommand) -> Account:
        """Returns all balances to the house, grants the opening amount and begins the next round."""
        row = _there(
            await self._row(
                "reset_account",
                account.account_id,
                grant,
                command.command_id,
                command.body,
                command.at,
                command.market_time,
                command.person_id,
            )
        )
        if row["outcome"] == "no_account":
            raise NoAccount
        if row["outcome"] == "reused":
            raise IdempotencyKeyReused(command.command_id)
        return account_of(row)

    async def available(self, account_id: int, assets: Sequence[str]) -> list[Balance]:
        """Returns the balances of these assets that an order may use, in this order, zero if there is none. Raises
        TradingHalted.
        """
        rows = await self._rows("balances", account_id, list(assets))
        _check_open(rows)
        return [balance_of(row) for row in rows]

    async def state(self, account: Account) -> AccountState:
        """Returns balances and holdings, from one snapshot. Raises NoAccount."""
        rows = await self._rows("state", account.account_id)
        if not rows:
            raise NoAccount
        return AccountState(
            cash=balance_of(rows[0]),
            holdings={
                (Symbol(row["symbol"]), row["asset"]): Holding(
                    EXACT.add(row["available"], row["held"]), row["cost"], row["realised"]
                )
                for row in rows[1:]
            },
            balances=[balance for balance in map(balance_of, rows) if balance.total],
            granted=rows[0]["granted"],
            units=units_of(rows),
        )

    async def receipt(self, account_id: int, order_id: int) -> Receipt | None:
        """Returns a stored receipt of this account, or None."""
        row = await self._row("receipt", order_id)
        if row is None or not (
            row["account_id"] == account_id or row["account_id"] in await self.merged_accounts(account_id)
        ):
            return None
        return receipt_of(row)

    async def merged_accounts(self, account_id: int) -> list[int]:
        """Returns the accounts that were merged into this one."""
        return [row["former"] for row in await self._rows("former_accounts", account_id)]

    async def history(self, account_id: int, limit: int, before: int | None) -> HistoryPage:
        """Returns entries, newest first."""
        rows = await self._rows("history", account_id, before, limit + 1)
        older = rows[limit - 1]["id"] if len(rows) > limit else None
        return HistoryPage(tuple(map(history_line, rows[:limit])), older)

    async def round_start(self, account_id: int) -> int:
        """Returns the market's time at which the account's round began. Raises NoAccount."""
        row = await self._row("round_start", account_id)
        if row is None:
            raise NoAccount
        return int(row["market_time_ms"])

    async def changes(self, account_id: int, start: int, width_ms: int, last_bucket: int) -> list[AccountFlow]:
        """Returns the trades of the round, summed by bucket and symbol, in time order."""
        rows = await self._rows("changes", account_id, start, width_ms, last_bucket)
        return [
            AccountFlow(
                row["bucket"],
                Symbol(row["symbol"]),
                row["cash"],
                row["base"],
                row["price"],
                row["time"],
                None if row["ratio"] is None else UnitChange(row["since_ms"], row["ratio"]),
            )
            for row in rows
        ]

    async def symbol_activity(
        self, person_id: int, market: str, quote_asset: str, symbol: Symbol, since: int
    ) -> SymbolActivity:
        """Returns the trades of the round and the average cost; one round trip."""
        known = (person_id, market, quote_asset, symbol, since)
        return stake_of(await self._rows("stake", *known, LOOKED_THROUGH, MAX_TRADES))

    async def _place_together(self, orders: Sequence[PendingOrder]) -> list[asyncpg.Record]:
        if any(each.order.notification for each in orders):
            return await self._place_and_notify(orders)
        rows = await self._rows("place_orders", _together(orders))
        _check_open(rows)
        return rows

    async def _place_and_notify(self, orders: Sequence[PendingOrder]) -> list[asyncpg.Record]:
        """Books the orders and puts their notifications into the outbox, in one transaction."""

        async def work(connection: Connection) -> list[asyncpg.Record]:
            async with connection.transaction():
                return await _placed_and_told(connection, orders)

        return await self._database.run(work)

    async def _stored(self, order_id: int) -> Receipt:
        return receipt_of(_there(await self._row("receipt", order_id)))

    async def _row(self, name: str, *arguments: object) -> asyncpg.Record | None:
        async def read(connection: Connection) -> asyncpg.Record | None:
            return await connection.fetchrow(SQL[name], *arguments)

        return await self._database.run(read)

    async def _rows(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def batch_id(command: LedgerCommand, number: int) -> str:
    """Returns the command id of an order of a batch: the first order has the command's own."""
    return command.command_id if number == 0 else f"{command.command_id}#{number}"


def _batch_ids(command: LedgerCommand) -> list[str]:
    return [batch_id(command, number) for number in range(MAX_DUST_SALES)]


def _together(orders: Sequence[PendingOrder]) -> str:
    return f"[{','.join([each.text for each in orders])}]"


async def _placed_and_told(connection: Connection, orders: Sequence[PendingOrder]) -> list[asyncpg.Record]:
    rows = await connection.fetch(SQL["place_orders"], _together(orders))
    _check_open(rows)
    if news := outbox_rows(orders, rows):
        await connection.execute(SQL["tell"], *zip(*news, strict=True))
    return rows


def _there(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise LookupError("the database answered without a row")
    return row


def _check_open(rows: Sequence[asyncpg.Record]) -> None:
    if rows and rows[0]["halt"] is not None:
        raise TradingHalted(rows[0]["halt"])


def _refuse(outcome: str, order: NewOrder, command: LedgerCommand, row: asyncpg.Record) -> NoReturn:
    execution, rules = order.execution, order.rules
    match outcome:
        case "short":
            base, quote = balances_after(row, rules.base, rules.quote)
            refuse_short(execution.side, base, quote, execution.quantity, execution.quote_amount)
        case "moved":
            raise BalanceConflict
        case "reused":
            raise IdempotencyKeyReused(command.command_id)
        case "no_account":
            raise NoAccount
    raise LookupError(f"place_order answered {outcome}")
