"""Verifies the ledger's invariants on the live database, and names the rows that break them."""

from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from core.decimals import EXACT
from core.postgres.client import connect
from core.sql import load_queries
from trading.ledger.fill_price_audit import NEIGHBOURS, PricedOrder, Shown, complaint
from trading.ledger.replay import BookedChange, BookedEntry, BookedHolding, BookedMove, BookedOrder, Replay
from trading.orders.types import Side
from trading.portfolio.positions import ZERO, Holding

_FILES = ("audit.sql", "order_audit.sql", "correction_audit.sql")
SQL = {name: text for file in _FILES for name, text in load_queries(__package__, file).items()}
CHECKS = tuple(name for name in SQL if name[0].isdigit())
MAX_FINDINGS = 50
CONNECT_SECONDS = 10.0

_FEW = 100
"""Number of rows that are replayed without a pause."""

_CARRIED = ("assets", "quantities", "costs", "realised")

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

PROMISES = {
    1: "every entry balances, and the ledger is append-only",
    2: "the sum of every asset over all accounts is constant",
    3: "no balance is negative, and every figure follows from the history",
    4: "every order was filled at prices that the market had",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Row that breaks an invariant (1 to 4); `check` names the check that found it."""

    promise: int
    check: str
    row: str

    def __str__(self) -> str:
        return f"promise {self.promise}, {self.check}: {self.row}"


@dataclass(frozen=True, slots=True)
class Audited:
    """Result of an audit; `uncompared` of the orders have no archived candle to compare their prices with."""

    findings: list[Finding]
    entries: int
    orders: int
    uncompared: int


@dataclass(slots=True)
class ComparedPrices:
    """Result of comparing fills with the archived market; `uncompared` of the orders have no archived candle."""

    findings: list[Finding]
    orders: int = 0
    uncompared: int = 0


async def audit(connection: Connection) -> Audited:
    """Returns all findings from one snapshot, at most 50 per check. Does not block trading."""
    findings: list[Finding] = []
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for name in CHECKS:
            promise, _, check = name.partition("_")
            rows = await connection.fetch(SQL[name])
            findings += [Finding(int(promise), check.replace("_", " "), row["found"]) for row in rows]
        findings += await _replayed(connection)
        prices = await compare_prices(connection)
        entries = await connection.fetchval("SELECT count(*) FROM entry")
    return Audited(findings + prices.findings, entries, prices.orders, prices.uncompared)


async def audited(dsn: str) -> Audited:
    """Runs an audit on a connection of its own. Raises OSError or asyncpg.PostgresError."""
    connection = await connect(dsn, timeout=CONNECT_SECONDS, server_settings={"timezone": "UTC"})
    try:
        return await audit(connection)
    finally:
        await connection.close()


async def run_audit(dsn: str) -> tuple[int, str]:
    """Returns an exit code (0 clean, 1 broken) and the text to print. Raises OSError or asyncpg.PostgresError."""
    found = await audited(dsn)
    compared = f"Prices compared with the archive: {found.orders - found.uncompared} of {found.orders} orders."
    if found.uncompared:
        compared += f" No candle is archived for the other {found.uncompared}."
    if found.findings:
        broken = [f"{len(found.findings)} findings:", *map(str, found.findings)]
        return 1, "\n".join([*broken, compared])
    kept = [f"  promise {number}: {text}" for number, text in PROMISES.items()]
    return 0, "\n".join([f"The ledger is clean ({found.entries} entries).", *kept, compared])


async def _replayed(connection: Connection) -> list[Finding]:
    replay = Replay()
    async for row in connection.cursor(f"{SQL['entries']} ORDER BY entry.id", prefetch=1000):
        replay.run([entry_of(row)])
    found = [Finding(3, "history", text) for text in replay.complaints[:MAX_FINDINGS]]
    async for row in connection.cursor(f"{SQL['balances']} ORDER BY account_id, asset", prefetch=1000):
        found += _differing(row, replay)
    return found[: 2 * MAX_FINDINGS]


async def compare_prices(connection: Connection, account_id: int | None = None) -> ComparedPrices:
    """Compares the fills of one account and those merged into it, or of all accounts, with the archived candles.
    Requires a transaction of the caller.
    """
    compared = ComparedPrices([])
    async for row in connection.cursor(SQL["fill_prices"], account_id, NEIGHBOURS, prefetch=_prefetch(account_id)):
        order = _priced_order_of(row)
        compared.orders += 1
        compared.uncompared += order.shown is None
        if len(compared.findings) < MAX_FINDINGS and (why := complaint(order)) is not None:
            compared.findings.append(Finding(4, "impossible price", f"order {row['id']}, {row['symbol']}: {why}"))
    return compared


def _prefetch(account_id: int | None) -> int:
    return 1000 if account_id is None else _FEW


async def replay_account(connection: Connection, account_id: int) -> tuple[list[Finding], list[asyncpg.Record]]:
    """Returns the findings of one account, by its own history and that of the accounts merged into it, and its
    balances. Requires a transaction of the caller.

    Rows are fetched a few at a time, so that other tasks of the event loop wait for milliseconds only.
    """
    replay = Replay()
    entries = f"{SQL['entries']} WHERE entry.account_id IN (SELECT account_lineage($1)) ORDER BY entry.id"
    async for row in connection.cursor(entries, account_id, prefetch=_FEW):
        replay.run([entry_of(row)])
    found = [Finding(3, "history", text) for text in replay.complaints]
    balances = await connection.fetch(f"{SQL['balances']} WHERE account_id = $1 ORDER BY asset", account_id)
    for row in balances:
        found += _differing(row, replay)
    found += (await compare_prices(connection, account_id)).findings
    return found[:MAX_FINDINGS], balances


def _differing(row: asyncpg.Record, replay: Replay) -> list[Finding]:
    """Returns a finding if the balance differs from the history."""
    must = replay.booked(row["account_id"], row["asset"])
    quantity = EXACT.add(row["available"], row["held"]) if row["symbol"] else Holding().quantity
    holding = Holding(quantity, row["cost"], row["realised"])
    if (row["available"], row["held"], holding) == (must.available, must.held, must.holding):
        return []
    return [Finding(3, "balance differs from history", f"{dict(row)} instead of {must}")]


def _priced_order_of(row: asyncpg.Record) -> PricedOrder:
    return PricedOrder(
        market=row["market"],
        side=Side(row["side"]),
        lowest=row["lowest"],
        highest=row["highest"],
        from_book=row["from_book"],
        price_time=row["price_time"],
        price_age_ms=row["price_age_ms"],
        market_time=row["market_time_ms"],
        shown=None if row["low"] is None else Shown(row["low"], row["high"], row["trades"]),
    )


def entry_of(row: asyncpg.Record) -> BookedEntry:
    """Converts a row of the `entries` query."""
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
        changes=[
            BookedChange(asset, symbol, cost, realised, None if undone is None else (undone, profit))
            for (asset, symbol), (cost, realised, undone, profit) in zip(
                row["changed_assets"] or (), row["changed_figures"] or (), strict=True
            )
        ],
        kept_grant=row["kept_grant"] or ZERO,
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
