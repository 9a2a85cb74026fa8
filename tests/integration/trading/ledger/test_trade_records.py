"""Executions and exports on real PostgreSQL, also of accounts that were merged."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import asyncpg
import pytest

from people.identity.ports import Identity
from tests.support.people_house import ALICE, BOB, BTC, ETH, House, house_of
from trading.ledger.trade_records import PostgresTradeRecords
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account
from trading.reports.csv_export import CsvExport, ExportKind

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


@pytest.fixture
async def house(pool: "Pool", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as house:
        yield house


async def account_of(house: House, who: Identity) -> Account:
    person = await house.person(who)
    return await house.desk.open(person, f"open-{person}")


async def trade(house: House, account: Account, *quantities: str) -> None:
    """Buys BTC and ETH in turn; a negative quantity sells."""
    for number, quantity in enumerate(quantities):
        side, symbol = Side.SELL if quantity.startswith("-") else Side.BUY, (BTC, ETH)[number % 2]
        size = BaseQuantity(abs(D(quantity)))
        await house.desk.place(account, f"{account.account_id}:{number}", side, symbol, size)


def records_of(house: House, **bounds: int) -> PostgresTradeRecords:
    return PostgresTradeRecords(house.database, house.database, **bounds)


def rows_of(export: CsvExport) -> list[dict[str, str]]:
    assert b"\r\n" in export.data
    return list(csv.DictReader(io.StringIO(export.data.decode("utf-8-sig"), newline="")))


async def test_executions_have_pages_and_filters(house: House) -> None:
    account, other = await account_of(house, ALICE), await account_of(house, BOB)
    await trade(house, account, "0.01", "0.1", "0.02", "0.2", "0.03")
    await trade(house, other, "0.07")
    records = records_of(house)
    first = await records.executions(account, 3)
    second = await records.executions(account, 3, first.older)
    assert [line.quantity for line in (*first.lines, *second.lines)] == [
        D(n) for n in ("0.03", "0.2", "0.02", "0.1", "0.01")
    ]
    assert second.older is None
    bitcoins = await records.executions(account, 2, symbol=BTC)
    rest = await records.executions(account, 2, bitcoins.older, symbol=BTC)
    assert [line.quantity for line in (*bitcoins.lines, *rest.lines)] == [D(n) for n in ("0.03", "0.02", "0.01")]
    number = first.lines[1].order_id
    assert [line.order_id for line in (await records.executions(account, 5, order_id=number)).lines] == [number]
    assert not (await records.executions(other, 5, order_id=number)).lines


async def test_each_export_has_what_the_ledger_has(house: House) -> None:
    account = await account_of(house, ALICE)
    await trade(house, account, "0.01", "0.1", "-0.005")
    records = records_of(house)
    fills = rows_of(await records.export(account, ExportKind.FILLS, None))
    receipt = await house.desk.receipt(account, int(fills[0]["execution"]))
    assert receipt is not None
    execution = receipt.execution
    assert [row["side"] for row in fills] == ["sell", "buy", "buy"]
    assert (fills[0]["liquidity"], fills[0]["rule"], fills[0]["tick"]) == ("taker", "impact", execution.tick_id)
    assert D(fills[0]["price"]) == execution.average_price
    assert D(fills[0]["slippage_bps"]) == execution.slippage * 10_000
    assert D(fills[0]["realised"]) == receipt.realised
    assert D(fills[0]["realised"]) < 0
    assert fills[0]["realised"].startswith("-"), "a negative number stays a number"
    assert fills[0]["time"] == receipt.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    orders = rows_of(await records.export(account, ExportKind.ORDERS, None))
    assert [(row["order"], row["type"], row["status"]) for row in orders] == [
        (row["order"], "MARKET", "FILLED") for row in fills
    ]
    ledger = rows_of(await records.export(account, ExportKind.LEDGER, None))
    assert [row["kind"] for row in ledger][-1] == "grant"
    own = f"available/{account.account_id}"
    moved = sum(
        D(row["amount"]) * ((row["to"] == own) - (row["from"] == own)) for row in ledger if row["asset"] == "USDC"
    )
    assert moved == (await house.desk.balances(account))[0].available


async def test_an_export_goes_back_as_far_as_asked(house: House) -> None:
    account = await account_of(house, ALICE)
    await trade(house, account, "0.01")
    records = records_of(house)
    (row,) = (await records.executions(account, 5)).lines
    for kind in ExportKind:
        assert rows_of(await records.export(account, kind, row.at))
        later = await records.export(account, kind, row.at + timedelta(milliseconds=1))
        assert (later.rows, later.complete) == (0, True)


async def test_an_export_that_grows_too_large_keeps_the_newest_and_whole_entries(house: House) -> None:
    account = await account_of(house, ALICE)
    await trade(house, account, "0.01", "0.1", "0.01", "0.1")
    for kind, most in product(ExportKind, range(3, 7)):
        whole = rows_of(await records_of(house).export(account, kind, None))
        cut = await records_of(house, max_rows=most).export(account, kind, None)
        assert cut.complete == (len(whole) <= most)
        assert 0 < cut.rows <= most
        assert rows_of(cut) == whole[: cut.rows]
        parted = kind is ExportKind.LEDGER and not cut.complete
        assert not parted or whole[cut.rows]["entry"] != whole[cut.rows - 1]["entry"]
    small = await records_of(house, max_bytes=700).export(account, ExportKind.FILLS, None)
    assert len(small.data) <= 700
    assert not small.complete


async def test_what_was_merged_is_listed_and_exported_too(house: House) -> None:
    await trade(house, await account_of(house, ALICE), "0.01")
    await trade(house, await account_of(house, BOB), "0.02")
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(await house.person(BOB))
    records = records_of(house)
    lines = (await records.executions(account, 5)).lines
    assert {line.quantity for line in lines} == {D("0.01"), D("0.02")}
    for line in lines:
        assert (await records.executions(account, 5, order_id=line.order_id)).lines == (line,)
    assert len(rows_of(await records.export(account, ExportKind.FILLS, None))) == 2
    assert len(rows_of(await records.export(account, ExportKind.ORDERS, None))) == 2
