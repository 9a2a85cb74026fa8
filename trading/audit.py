"""Proves the ledger's promises on the live database, or names the rows that break them."""

from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from pipeline.decimals import EXACT
from pipeline.named_sql import load_queries
from trading.orders import Side
from trading.portfolio import Holding
from trading.replay import BookedEntry, BookedHolding, BookedMove, BookedOrder, Replay

SQL = load_queries("trading.postgres", "audit.sql")
CHECKS = tuple(name for name in SQL if name[0].isdigit())
MAX_FINDINGS = 50
CONNECT_SECONDS = 10.0

_FEW = 100
"""Rows that are replayed without a pause."""

_CARRIED = ("assets", "quantities", "costs", "realised")

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

PROMISES = {
    1: "every entry balances, and the ledger is append-only",
    2: "the sum of every asset over all accounts is constant",
    3: "no balance is negative, and every figure follows from the history",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that breaks a promise (1 to 3); `check` names how it was found."""

    promise: int
    check: str
    row: str

    def __str__(self) -> str:
        return f"promise {self.promise}, {self.check}: {self.row}"


async def audit(connection: Connection) -> list[Finding]:
    """Everything that is wrong, from one snapshot; at most 50 findings a check. Does not disturb trading."""
    findings: list[Finding] = []
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for name in CHECKS:
            promise, _, check = name.partition("_")
            rows = await connection.fetch(SQL[name])
            findings += [Finding(int(promise), check.replace("_", " "), row["found"]) for row in rows]
        findings += await _replayed(connection)
    return findings


async def audited(dsn: str) -> tuple[int, list[Finding]]:
    """The number of entries, and what is wrong. Raises OSError or asyncpg.PostgresError."""
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, server_settings={"timezone": "UTC"})
    try:
        findings = await audit(connection)
        return await connection.fetchval("SELECT count(*) FROM entry"), findings
    finally:
        await connection.close()


async def run_audit(dsn: str) -> tuple[int, str]:
    """An exit code (0 clean, 1 broken) and what to print. Raises OSError or asyncpg.PostgresError."""
    entries, findings = await audited(dsn)
    if findings:
        broken = [f"{len(findings)} findings:", *map(str, findings)]
        return 1, "\n".join(broken)
    kept = [f"  promise {number}: {text}" for number, text in PROMISES.items()]
    return 0, "\n".join([f"The ledger is clean ({entries} entries).", *kept])


async def _replayed(connection: Connection) -> list[Finding]:
    replay = Replay()
    async for row in connection.cursor(f"{SQL['entries']} ORDER BY entry.id", prefetch=1000):
        replay.run([_entry_of(row)])
    found = [Finding(3, "history", text) for text in replay.complaints[:MAX_FINDINGS]]
    async for row in connection.cursor(f"{SQL['balances']} ORDER BY account_id, asset", prefetch=1000):
        found += _differing(row, replay)
    return found[: 2 * MAX_FINDINGS]


async def replay_account(connection: Connection, account_id: int) -> tuple[list[Finding], list[asyncpg.Record]]:
    """What is wrong with one account by its own history and that of the accounts that were merged into it, and its
    balances; in a transaction of the caller's.

    Rows come a few at a time, so that whoever else uses the event loop waits for milliseconds.
    """
    replay = Replay()
    entries = f"{SQL['entries']} WHERE entry.account_id IN (SELECT account_lineage($1)) ORDER BY entry.id"
    async for row in connection.cursor(entries, account_id, prefetch=_FEW):
        replay.run([_entry_of(row)])
    found = [Finding(3, "history", text) for text in replay.complaints]
    balances = await connection.fetch(f"{SQL['balances']} WHERE account_id = $1 ORDER BY asset", account_id)
    for row in balances:
        found += _differing(row, replay)
    return found[:MAX_FINDINGS], balances


def _differing(row: asyncpg.Record, replay: Replay) -> list[Finding]:
    """A balance that is not what the history says."""
    must = replay.booked(row["account_id"], row["asset"])
    quantity = EXACT.add(row["available"], row["held"]) if row["symbol"] else Holding().quantity
    holding = Holding(quantity, row["cost"], row["realised"])
    if (row["available"], row["held"], holding) == (must.available, must.held, must.holding):
        return []
    return [Finding(3, "balance differs from history", f"{dict(row)} instead of {must}")]


def _entry_of(row: asyncpg.Record) -> BookedEntry:
    moves = zip(row["codes"] or (), row["assets"] or (), row["amounts"] or (), strict=True)
    return BookedEntry(
        entry_id=row["id"],
        kind=row["kind"],
        account_id=row["account_id"],
        round=row["round"],
        quote_asset=row["quote_asset"],
        moves=[BookedMove(source, target, asset, amount) for (source, target), asset, amount in moves],
        order=None if row["side"] is None else _order_of(row),
        carried=[
            BookedHolding(asset, Holding(*figures))
            for asset, *figures in zip(*(row[f"carried_{name}"] or () for name in _CARRIED), strict=True)
        ],
    )


def _order_of(row: asyncpg.Record) -> BookedOrder:
    return BookedOrder(
        side=Side(row["side"]),
        base=row["base"],
        quote=row["quote"],
        quantity=row["quantity"],
        quote_amount=row["quote_amount"],
        received=row["received"],
        quote_unit=row["quote_unit"],
        realised=row["realised"],
        after=(row["base_available"], row["base_held"], row["quote_available"], row["quote_held"]),
    )
