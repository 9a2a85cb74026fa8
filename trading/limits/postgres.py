"""Limits in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import asyncpg

from core.database import Connection, Database, Pool
from core.decimals import EXACT
from core.outbox import encode, kind_of
from core.sql import load_queries
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.errors import minutes_parted
from trading.limits.check import LimitChange, changed, in_force
from trading.limits.errors import LimitNotSet, NotPaused, PauseLasts
from trading.limits.notices import LimitPaused
from trading.limits.ports import DayEnds, LimitsOverview, ReachedLimit, WatchedAccount
from trading.limits.types import VALUED, Limit, LimitDelays, LimitKind, OwnLimit, Pause, Sale, Standing
from trading.ports import Account

SQL = load_queries(__package__, "queries.sql")


class PostgresLimits:
    """`trading.limits.ports.LimitStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)

    # -- accounts that are watched ---------------------------------------------------------------

    async def watched(self, market: str, quote: str, after: int, limit: int) -> Sequence[WatchedAccount]:
        """Returns open accounts with an id above `after` that have a limit which depends on their equity."""
        rows = await self._database.fetch(SQL["watched"], market, quote, after, limit, list(VALUED))
        return [WatchedAccount(**row) for row in rows]

    async def watched_account(self, account_id: int) -> WatchedAccount | None:
        """Returns an open account, or None."""
        rows = await self._database.fetch(SQL["watched_account"], account_id)
        return WatchedAccount(**rows[0]) if rows else None

    async def symbols(self, account_ids: Sequence[int]) -> Sequence[Symbol]:
        """Returns the symbols that the accounts hold."""
        return [Symbol(row["symbol"]) for row in await self._database.fetch(SQL["symbols"], list(account_ids))]

    async def value(
        self, accounts: Mapping[int, DayEnds], marks: Mapping[Symbol, Decimal], at: datetime
    ) -> Sequence[int]:
        """Values accounts; see `LimitStore.value`."""
        ends = accounts.values()
        days = [each.present for each in ends], [each.following for each in ends]
        prices = list(marks.values())
        rows = await self._database.fetch(SQL["value"], at, list(accounts), *days, list(marks), prices)
        return [row["account_id"] for row in rows]

    async def reached(self, account_ids: Sequence[int], at: datetime) -> Sequence[ReachedLimit]:
        """Returns the limits that these accounts have reached and that do not pause them yet."""
        return [
            ReachedLimit(
                row["account_id"], row["person_id"], _limit_of(row), row["equity"], row["reference"], row["until"]
            )
            for row in await self._database.fetch(SQL["reached"], list(account_ids), at)
        ]

    async def pause(self, reached: ReachedLimit, market: str, quote: str, at: datetime, market_time: int) -> bool:
        """Pauses an account and tells its user; see `LimitStore.pause`."""
        limit, account_id = reached.limit, reached.account_id

        async def work(connection: Connection) -> bool:
            async with connection.transaction():
                cancelled = await connection.fetchval(
                    SQL["pause"], account_id, limit.kind, limit.value, limit.of_desk, at, market_time
                )
                if cancelled is None:
                    return False
                notice = LimitPaused(
                    market=market,
                    quote=quote,
                    limit=limit.kind,
                    value=limit.value,
                    equity=reached.equity,
                    reference=reached.reference,
                    cancelled=cancelled,
                    of_desk=limit.of_desk,
                    time=market_time,
                    until=None if reached.until is None else round(reached.until.timestamp() * 1000),
                )
                key = f"limit:{account_id}:{limit.kind}:{round(at.timestamp() * 1000)}"
                await connection.execute(SQL["tell"], key, reached.person_id, kind_of(notice), encode(notice))
                return True

        return await self._database.run(work)

    # -- before an order -------------------------------------------------------------------------

    async def limits_of(self, account_id: int, at: datetime) -> tuple[Sequence[Limit], Pause | None]:
        """Returns the limits in force for an account, the strictest of each kind, and its pause."""
        rows = await self._database.fetch(SQL["limits_of"], account_id, at)
        limits = [_limit_of(row) for row in rows if row["kind"] is not None]
        return limits, _pause_of(rows[0]) if rows else None

    async def standing(
        self, account: Account, symbol: Symbol, price: Decimal, newest: int, since: datetime
    ) -> Standing | None:
        """Returns what an order is measured against; see `LimitStore.standing`."""

        async def work(connection: Connection) -> Standing | None:
            row = await connection.fetchrow(SQL["standing"], account.account_id, symbol, price)
            if row is None:
                return None
            sales = await connection.fetch(SQL["sales"], account.account_id, newest, since)
            return Standing(
                asset=row["quote_asset"],
                equity=row["equity"],
                coin=EXACT.add(row["coin"], row["open_purchases"]),
                day_start=row["day_start"],
                day_ends=row["day_ends"],
                peak=row["peak"],
                open_orders=row["open_orders"],
                sales=tuple(Sale(**sale) for sale in sales),
            )

        return await self._database.run(work)

    # -- for the user ----------------------------------------------------------------------------

    async def overview(self, account: Account, at: datetime) -> LimitsOverview:
        """Returns the limits of the user and of the desk, and the account's pause."""
        _, pause = await self.limits_of(account.account_id, at)

        async def work(connection: Connection) -> LimitsOverview:
            own = await _own(connection, account.person_id, at)
            desk = [_limit_of(row, of_desk=True) for row in await connection.fetch(SQL["desk"])]
            return LimitsOverview(_ordered(list(own.values())), _ordered(desk), pause)

        return await self._database.run(work)

    async def preview(
        self, person_id: int, kind: LimitKind, wish: Decimal | None, at: datetime, delays: LimitDelays
    ) -> LimitChange:
        """Returns what `change` would change. Raises LimitNotSet if there is no limit to remove."""

        async def work(connection: Connection) -> LimitChange:
            return _change(await _own(connection, person_id, at), kind, wish, at, delays)

        return await self._database.run(work)

    async def change(
        self, person_id: int, kind: LimitKind, wish: Decimal | None, at: datetime, delays: LimitDelays
    ) -> LimitChange:
        """Changes a limit; see `Limits.change`."""

        async def work(connection: Connection) -> LimitChange:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                change = _change(await _own(connection, person_id, at), kind, wish, at, delays)
                await _write(connection, person_id, change, at, delays)
                return change

        return await self._database.run(work)

    async def keep(self, person_id: int, kind: LimitKind, at: datetime, delays: LimitDelays) -> OwnLimit:
        """Drops a change that is to come. Raises LimitNotSet."""

        async def work(connection: Connection) -> OwnLimit:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                own = (await _own(connection, person_id, at)).get(kind)
                if own is None:
                    raise LimitNotSet(kind)
                kept = OwnLimit(kind, own.value)
                await _write(connection, person_id, LimitChange(kind, own, kept, None), at, delays)
                return kept

        return await self._database.run(work)

    async def resume(self, account_id: int, at: datetime) -> Decimal:
        """Ends a pause by the drawdown and returns the equity. Raises NotPaused, PauseLasts."""
        _, pause = await self.limits_of(account_id, at)
        if pause is None:
            raise NotPaused
        if pause.until is not None:
            raise PauseLasts(*minutes_parted(-int((at - pause.until).total_seconds() // 60)))
        rows = await self._database.fetch(SQL["resume"], account_id)
        if not rows:
            raise NotPaused
        equity: Decimal = rows[0]["equity"]
        return equity

    async def change_desk(self, kind: LimitKind, wish: Decimal | None, at: datetime, delays: LimitDelays) -> None:
        """Sets or removes a limit of the desk at once. Raises LimitNotSet."""
        if wish is not None:
            await self._database.fetch(SQL["set_desk"], kind, wish, delays.cooldown_minutes, at)
        elif not await self._database.fetch(SQL["drop_desk"], kind):
            raise LimitNotSet(kind)


def _change(
    own: Mapping[LimitKind, OwnLimit], kind: LimitKind, wish: Decimal | None, at: datetime, delays: LimitDelays
) -> LimitChange:
    if wish is None and kind not in own:
        raise LimitNotSet(kind)
    return changed(kind, own.get(kind), wish, at, delays.raising)


async def _own(connection: Connection, person_id: int, at: datetime) -> dict[LimitKind, OwnLimit]:
    rows = await connection.fetch(SQL["own"], person_id)
    known = (OwnLimit(LimitKind(row["kind"]), row["value"], row["next_value"], row["next_at"]) for row in rows)
    return {own.kind: own for each in known if (own := in_force(each, at)) is not None}


async def _write(
    connection: Connection, person_id: int, change: LimitChange, at: datetime, delays: LimitDelays
) -> None:
    after = change.after
    if after is None:
        await connection.execute(SQL["drop"], person_id, change.kind)
        return
    cooldown, coming = delays.cooldown_minutes, (after.next_value, after.next_at)
    await connection.execute(SQL["set"], person_id, change.kind, after.value, cooldown, *coming, at)


def _ordered(limits: list) -> list:  # type: ignore[type-arg]
    kinds = list(LimitKind)
    return sorted(limits, key=lambda limit: kinds.index(limit.kind))


def _limit_of(row: asyncpg.Record, *, of_desk: bool | None = None) -> Limit:
    desk = row["of_desk"] if of_desk is None else of_desk
    return Limit(LimitKind(row["kind"]), row["value"], row["cooldown_minutes"], desk)


def _pause_of(row: asyncpg.Record) -> Pause | None:
    if row["paused_kind"] is None:
        return None
    kind, value, desk = LimitKind(row["paused_kind"]), row["paused_value"], row["paused_desk"]
    return Pause(kind, value, desk, row["paused_at"], row["paused_until"])
