"""Groups of orders in PostgreSQL: the only module that accesses their table."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import asyncpg
import msgspec

from core.database import Connection, Database, Pool
from core.outbox import encode, kind_of
from core.postgres.rows import RowReader
from core.sql import load_queries
from trading.constraints import LEDGER_REFUSALS
from trading.order_groups.notices import GroupPlaced
from trading.order_groups.ports import CLAIM_MS
from trading.order_groups.types import NewGroup, OrderGroup, StoredGroup
from trading.recurring.notices import Obstacle

SQL = load_queries(__package__, "queries.sql")

_encoder = msgspec.json.Encoder(decimal_format="string")
_groups = msgspec.json.Decoder(OrderGroup)
_refusals = msgspec.json.Decoder(dict[int, Obstacle])


class PostgresGroupStore:
    """`trading.order_groups.ports.GroupStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._groups = RowReader("order_group", _group_of)

    async def begin(self, new: NewGroup, now: int) -> tuple[StoredGroup, bool]:
        """Returns the group of the command and whether the caller may place it; see `GroupStore.begin`."""
        body, at, until = _encoder.encode(new.group).decode(), _moment(now), _moment(now + CLAIM_MS)

        async def work(connection: Connection) -> tuple[asyncpg.Record, bool]:
            async with connection.transaction():
                made = await connection.fetchrow(
                    SQL["begin"], new.command_id, new.person_id, new.market, body, new.scheduled, at, until
                )
                if made is not None:
                    return made, True
                (found,) = await connection.fetch(SQL["find"], new.command_id, new.person_id)
                claimed = await connection.fetchrow(SQL["claim"], found["id"], at, until)
                return claimed or found, claimed is not None

        row, claimed = await self._database.run(work)
        return _group_of(row), claimed

    async def claim(self, group_id: int, now: int) -> bool:
        """Claims a group that is not finished. Returns False if somebody else is at it."""
        until = _moment(now + CLAIM_MS)
        return bool(await self._database.fetch(SQL["claim"], group_id, _moment(now), until))

    async def advance(self, group_id: int, now: int, refusals: Mapping[int, Obstacle]) -> None:
        """Adds reasons why orders were not placed, and renews the claim."""
        until, body = _moment(now + CLAIM_MS), _encoder.encode(dict(refusals)).decode()
        await self._database.fetch(SQL["advance"], group_id, until, body)

    async def finish(self, stored: StoredGroup, now: int, notice: GroupPlaced | None) -> None:
        """Ends a group; the notice enters the outbox, once."""
        told = (None, None) if notice is None else (kind_of(notice), encode(notice))
        key = f"order-group:{stored.group_id}"
        await self._database.fetch(SQL["finish"], stored.group_id, _moment(now), key, *told)

    async def unfinished(self, market: str, now: int, limit: int) -> Sequence[StoredGroup]:
        """Returns groups that were interrupted, the oldest first."""
        wanted = self._groups.more(limit)
        return self._groups.read(await self._database.fetch(SQL["unfinished"], market, _moment(now), wanted))


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _group_of(row: asyncpg.Record) -> StoredGroup:
    group = _groups.decode(row["body"])
    return StoredGroup(
        row["id"],
        NewGroup(row["command_id"], row["person_id"], row["market"], group, row["scheduled"]),
        round(row["created_at"].timestamp() * 1000),
        _refusals.decode(row["refusals"]),
        row["finished_at"] is not None,
    )
