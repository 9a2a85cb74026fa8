"""Executions and exports of orders that rest, on real PostgreSQL."""

import csv
import io
import random
from decimal import Decimal

import asyncpg

from core.database import Database
from tests.support.resting_house import RestingHouse, limit, stop
from trading.ledger.trade_records import PostgresTradeRecords
from trading.orders.open_orders import ListKind
from trading.orders.types import Side
from trading.reports.csv_export import ExportKind

D = Decimal


async def test_resting_orders_are_exported_with_their_terms(
    house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    account = await house.account()
    await house.coins(account)
    pair = await house.accept(account, limit(Side.SELL, "4", "120"), stop(Side.SELL, "4", "90"), kind=ListKind.OCO)
    sale = pair.orders[0]
    await house.fill(sale, "1", "120")
    database = Database(pool, jitter=random.Random(1))  # noqa: S311 - pauses
    records = PostgresTradeRecords(database, database)

    page = await records.executions(account, 5, order_id=sale.order_id)
    assert [(line.quantity, line.maker) for line in page.lines] == [(D(1), True)]
    file = await records.export(account, ExportKind.ORDERS, None)
    rows = {row["order"]: row for row in csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"), newline=""))}
    found = rows[str(sale.order_id)]
    assert {name: found[name] for name in ("type", "status", "list_kind", "list_role", "time_in_force")} == {
        "type": "LIMIT", "status": "PARTIALLY_FILLED", "list_kind": "OCO", "list_role": "limit", "time_in_force": "GTC"
    }  # fmt: skip
    assert (D(found["quantity"]), D(found["filled"]), D(found["limit_price"])) == (4, 1, 120)
    other = rows[str(pair.orders[1].order_id)]
    assert (other["type"], D(other["stop_price"]), other["limit_price"]) == ("STOP_LOSS", 90, "")
    fills = await records.export(account, ExportKind.FILLS, None)
    newest = next(csv.DictReader(io.StringIO(fills.data.decode("utf-8-sig"), newline="")))
    assert (newest["order"], newest["liquidity"], newest["rule"]) == (str(sale.order_id), "maker", "queue")
    ledger = await records.export(account, ExportKind.LEDGER, None)
    kinds = {row["kind"] for row in csv.DictReader(io.StringIO(ledger.data.decode("utf-8-sig"), newline=""))}
    assert {"grant", "hold", "trade"} <= kinds
