"""Corporate actions: what an operator decides about a symbol, as linked entries over all accounts that hold it.

An action is applied in bounded batches, each in one transaction. It is named by an id, so that the same command
continues after a failure, and has one effect however often it is given.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial

import asyncpg
import msgspec

from core.clock import Clock
from core.database import Connection, Database, Pool
from core.outbox import encode, kind_of
from core.sql import load_queries
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.ledger.correction_errors import ActionRefused
from trading.portfolio.notices import CorporateActionTold

SQL = load_queries(__package__, "corporate_actions.sql")

ACCOUNTS_A_BATCH = 200
CALL_SECONDS = 60.0
UNIT = Decimal("0.00000001")
"""Smallest unit to which quantities and proceeds are rounded down."""

_SETTLED = ("done", "reversed", "orders")
"""Outcomes of an undo that leave nothing of the action in an account."""

_encoder = msgspec.json.Encoder(decimal_format="string")


class ActionKind(StrEnum):
    """Kind of a corporate action; NONE: the price was right, and the symbol goes on."""

    NONE = "none"
    RENAME = "rename"
    REDENOMINATION = "redenomination"
    CONVERSION = "conversion"
    DELISTING = "delisting"


@dataclass(frozen=True, slots=True)
class CorporateAction:
    """Decision about a symbol. One unit becomes `ratio` units, of `into_asset` for a rename and a conversion; for a
    delisting it is paid at `price`.
    """

    action_id: str
    market: str
    symbol: Symbol
    kind: ActionKind
    reason: str
    ratio: Decimal | None = None
    into_symbol: Symbol | None = None
    into_asset: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ActionReach:
    """Reach of an action: accounts with their whole quantity, open orders, and alerts with recurring buys."""

    accounts: int
    quantity: Decimal
    orders: int
    alerts: int


@dataclass(frozen=True, slots=True)
class LeftAccount:
    """Account of which an undo left what the action had given it. `why` is the refusal of `reverse_entry`: short
    (`missing` of `asset`), grant, closed (its coins are in account `merged_into`, if it was merged), round, or action
    (a later one, named by `asset`).
    """

    account_id: int
    why: str
    asset: str
    missing: Decimal
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class UndoResult:
    """Number of entries that were reversed, and the accounts that were left."""

    reversed: int
    left: Sequence[LeftAccount]


class CorporateActions:
    """Corporate actions on a pool whose login is the owner's. Methods raise DatabaseUnavailable; `clock` is the wall
    clock.
    """

    def __init__(self, pool: Pool, clock: Clock, *, jitter: random.Random, batch: int = ACCOUNTS_A_BATCH) -> None:
        self._database = Database(pool, jitter=jitter, call_seconds=CALL_SECONDS, refusals=LEDGER_REFUSALS)
        self._clock = clock
        self._batch = batch

    async def holds(self) -> list[asyncpg.Record]:
        """Returns the symbols that are held, the oldest first."""
        return await self._database.fetch(SQL["holds"])

    async def actions(self, limit: int) -> list[asyncpg.Record]:
        """Returns the newest actions."""
        return await self._database.fetch(SQL["actions"], limit)

    async def markets_of(self, symbol: Symbol) -> list[str]:
        """Returns the markets in which the symbol is held by an account or for a decision."""
        return [row["market"] for row in await self._database.fetch(SQL["markets_of"], symbol)]

    async def hold(self, market: str, symbol: Symbol) -> bool:
        """Holds a symbol from now on. False if it was held already."""
        return bool(await self._database.fetch(SQL["hold"], market, symbol, self._clock()))

    async def reach(self, market: str, symbol: Symbol) -> ActionReach:
        """Returns what an action on the symbol would reach now."""
        (row,) = await self._database.fetch(SQL["reach"], market, symbol)
        return ActionReach(row["accounts"], row["quantity"], row["orders"], row["alerts"])

    async def apply(self, action: CorporateAction) -> int:
        """Applies an action, or goes on with it, until it is done. Returns the number of accounts that this call
        reached. Raises ActionRefused.
        """
        await self._begin(action)
        reached, after = 0, 0
        while True:
            rows = await self._database.run(partial(self._apply, action, after))
            if rows:
                reached += len(rows)
                after = rows[-1]["account_id"]
            elif await self._database.run(partial(self._finish, action)):
                return reached
            else:
                after = 0  # an account came to the symbol meanwhile: its link was undone, or it was merged

    async def undo(self, action_id: str) -> UndoResult:
        """Reverses the entries of an action, in as many accounts as have what it gave them. Given again, it tries those
        that were left. Raises ActionRefused.
        """
        if not await self._database.fetch(SQL["known"], action_id):
            raise ActionRefused(action_id, "unknown")
        done, after = 0, 0
        left: list[LeftAccount] = []
        while True:
            rows = await self._database.fetch(SQL["undo"], action_id, after, self._batch, self._now(), self._clock())
            if not rows:
                return UndoResult(done, left)
            done += sum(row["outcome"] == "done" for row in rows)
            left += [LeftAccount(*row) for row in rows if row["outcome"] not in _SETTLED]
            after = rows[-1]["account_id"]

    async def _begin(self, action: CorporateAction) -> None:
        (row,) = await self._database.fetch(SQL["begin"], _json(action), self._now())
        if row["begin_action"] not in ("begun", "replayed"):
            raise ActionRefused(action.action_id, row["begin_action"].replace("_", "-"))

    async def _apply(self, action: CorporateAction, after: int, connection: Connection) -> list[asyncpg.Record]:
        async with connection.transaction():
            rows = await connection.fetch(
                SQL["apply"], action.action_id, after, self._batch, self._now(), self._clock()
            )
            await self._tell(
                connection,
                [
                    (f"action:{action.action_id}:{row['account_id']}", row["person_id"], self._notice(action, row))
                    for row in rows
                ],
            )
            return rows

    async def _finish(self, action: CorporateAction, connection: Connection) -> bool:
        """Ends the action with its symbol's alerts and recurring buys; targets follow. False if accounts are left."""
        async with connection.transaction():
            if not await connection.fetchval(SQL["finish"], action.action_id, self._now()):
                return False
            if action.kind is not ActionKind.NONE:
                if action.kind is not ActionKind.REDENOMINATION:
                    await connection.execute(SQL["follow_targets"], action.market, action.symbol, action.into_symbol)
                rows = await connection.fetch(SQL["end_alerts"], action.market, action.symbol)
                news = [
                    (
                        f"action:{action.action_id}:alerts:{row['person_id']}",
                        row["person_id"],
                        CorporateActionTold(
                            action.market, action.symbol, action.kind, self._clock(), alerts=row["ended"]
                        ),
                    )
                    for row in rows
                ]
                await self._tell(connection, news)
            return True

    def _notice(self, action: CorporateAction, row: asyncpg.Record) -> CorporateActionTold:
        return CorporateActionTold(
            market=action.market,
            symbol=action.symbol,
            what=action.kind,
            time=self._clock(),
            asset=row["asset"] or "",
            quantity=row["quantity"],
            became_asset=row["became_asset"] or "",
            became=row["became"],
            orders=row["ended"],
            reason=action.reason,
        )

    async def _tell(self, connection: Connection, news: Sequence[tuple[str, int, CorporateActionTold]]) -> None:
        if news:
            keys, persons, notices = zip(*news, strict=True)
            await connection.execute(
                SQL["tell"], keys, persons, kind_of(notices[0]), [encode(each) for each in notices]
            )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock() / 1000, UTC)


def _json(action: CorporateAction) -> str:
    told = {
        "id": action.action_id,
        "market": action.market,
        "symbol": action.symbol,
        "kind": action.kind.value,
        "ratio": action.ratio,
        "into_symbol": action.into_symbol,
        "into_asset": action.into_asset,
        "price": action.price,
        "unit": UNIT,
        "reason": action.reason,
    }
    return _encoder.encode(told).decode()
