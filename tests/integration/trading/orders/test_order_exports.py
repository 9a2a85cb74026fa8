"""Executions and exports of orders that rest, on real PostgreSQL."""

import csv
import io
import random
from dataclasses import replace
from decimal import Decimal

import asyncpg
from msgspec import structs

from core.database import Database
from tests.support.resting_house import MARKET, NOON, RestingHouse, limit, stop
from tests.support.trading_house import order
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


async def test_market_orders_have_terms_and_events_like_all_orders(
    house: RestingHouse, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    account = await house.account()
    (rests,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    await house.fill(rests, "2", "100")
    whole = await house.ledger.place(order(account, Side.BUY, "1"), house.command("whole"))
    bought = order(account, Side.BUY, "1")
    cut = replace(bought, execution=structs.replace(bought.execution, unfilled=D("0.5"), protected=True))
    part = await house.ledger.place(cut, house.command("part"))
    numbers = [rests.order_id, whole.receipt.order_id, part.receipt.order_id]

    terms = await pool.fetch("SELECT * FROM every_order ORDER BY id")
    assert [row["id"] for row in terms] == numbers
    assert [(row["type"], row["status"], row["quantity"], row["filled"], row["command_id"]) for row in terms] == [
        ("LIMIT", "FILLED", 2, 2, "command-1"),
        ("MARKET", "FILLED", 1, 1, "whole"),
        ("MARKET", "EXPIRED", D("1.5"), 1, "part"),
    ]
    assert {(row["market"], row["market_time_ms"], row["side"]) for row in terms} == {(MARKET, NOON, "buy")}
    lives = await pool.fetch("SELECT * FROM every_order_event ORDER BY order_id, number")
    assert [(row["order_id"], row["kind"], row["status"], row["reason"]) for row in lives] == [
        (numbers[0], "accepted", "NEW", None),
        (numbers[0], "filled", "FILLED", None),
        (numbers[1], "accepted", "NEW", None),
        (numbers[1], "filled", "FILLED", None),
        (numbers[2], "accepted", "NEW", None),
        (numbers[2], "filled", "PARTIALLY_FILLED", None),
        (numbers[2], "expired", "EXPIRED", "protection"),
    ]
    assert [row["execution_id"] for row in lives if row["kind"] == "filled"][1:] == numbers[1:]
    known = {tuple(row) for row in await pool.fetch("SELECT previous, kind, status FROM order_transition")}
    assert {(row["previous"], row["kind"], row["status"]) for row in lives} <= known
