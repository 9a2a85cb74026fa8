"""Operator's report on a user's accounts: balances, last entries, and rows that break an invariant of the ledger."""

from dataclasses import dataclass

import asyncpg

from trading.ledger.audit import SQL as AUDIT
from trading.ledger.audit import Connection, replay_account
from trading.ledger.postgres import SQL as LEDGER
from trading.ledger.rows import account_of, balance_of, history_line
from trading.orders.types import Balance, HistoryLine
from trading.ports import Account

MAX_ENTRIES = 20_000
LAST_ENTRIES = 5


@dataclass(frozen=True, slots=True)
class AccountAudit:
    """Account with its balances without zeros, its `last` entries, newest first, and the audit's findings as texts."""

    account: Account
    entries: int
    balances: tuple[Balance, ...]
    last: tuple[HistoryLine, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountReport:
    """Accounts of a user on every market, the oldest first. `whole` is False if there were too many entries to replay;
    no findings are known then.
    """

    accounts: tuple[AccountAudit, ...]
    whole: bool


async def dossier(connection: Connection, person_id: int) -> AccountReport:
    """Returns the report on a user from one snapshot. Raises the errors of asyncpg."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        rows = await connection.fetch(AUDIT["accounts_of"], person_id)
        whole = sum(row["entries"] for row in rows) <= MAX_ENTRIES
        return AccountReport(tuple([await _audited(connection, row, whole=whole) for row in rows]), whole)


async def _audited(connection: Connection, row: asyncpg.Record, *, whole: bool) -> AccountAudit:
    account = account_of(row)
    findings: tuple[str, ...] = ()
    if whole:
        found, balances = await replay_account(connection, account.account_id)
        findings = tuple(map(str, found))
    else:
        balances = await connection.fetch(
            AUDIT["balances"] + " WHERE account_id = $1 ORDER BY asset", account.account_id
        )
    held = [balance for balance in map(balance_of, balances) if balance.total]
    held.sort(key=lambda balance: balance.asset != account.quote_asset)
    last = await connection.fetch(LEDGER["history"], account.account_id, None, LAST_ENTRIES)
    return AccountAudit(account, row["entries"], tuple(held), tuple(map(history_line, last)), findings)
