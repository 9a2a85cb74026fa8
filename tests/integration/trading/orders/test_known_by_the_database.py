"""What the application's login could make up about an order, and the database knows itself or bounds."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from tests.support.resting_house import D, RestingHouse, limit, stop
from trading.ledger.order_rows import accept_json, amend_json, apply_json
from trading.orders.bookings import Amendment, BookedEffect
from trading.orders.open_orders import ListKind
from trading.orders.terms import OrderTerms
from trading.orders.types import Side
from trading.ports import Account

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

FINE = "100.000000001"


class Caller:
    """Calls the functions with figures of its own in the place of the desk's."""

    def __init__(self, house: RestingHouse, pool: "Pool", account: Account) -> None:
        self.house, self.pool, self.account = house, pool, account

    async def accept(self, *terms: OrderTerms, kind: ListKind | None = None, **forged: Any) -> list[int]:
        """`forged` replaces figures of the call; `order` those of its first order."""
        call = json.loads(accept_json(self.house.new(self.account, *terms, kind=kind), self.house.command()))
        call["orders"][0] |= forged.pop("order", {})
        rows = await self.pool.fetch("SELECT * FROM accept_orders($1::text::jsonb)", json.dumps(call | forged))
        assert rows[0]["outcome"] == "accepted"
        return list(rows[0]["orders"])

    async def fill(self, order_id: int, quantity: str, price: str, **forged: Any) -> str:
        terms = limit(Side.BUY, quantity, price)
        placed = (await self.house.store.order(self.account.account_id, order_id)) or pytest.fail("no such order")
        booked: BookedEffect = self.house.booked(
            replace(placed, terms=replace(terms, side=placed.terms.side)), quantity, price
        )
        call = json.loads(apply_json("simulator:test", [replace(booked, version=1)], [], None, self.house.command()))
        call["effects"][0]["execution"] |= forged
        (row,) = await self.pool.fetch("SELECT * FROM apply_effects($1::text::jsonb)", json.dumps(call))
        return str(row["outcome"])

    async def amend(self, order_id: int, **forged: Any) -> str:
        change = Amendment(order_id, 1, D(1), None, None, None, D(0), None, loses_place=False)
        call = json.loads(amend_json(self.account.account_id, change, self.house.command()))
        row = await self.pool.fetchrow("SELECT * FROM amend_order($1::text::jsonb)", json.dumps(call | forged))
        assert row is not None
        return str(row["outcome"])


@pytest.fixture
async def caller(house: RestingHouse, pool: "Pool") -> Caller:
    return Caller(house, pool, await house.account())


async def test_units_are_small(caller: Caller) -> None:
    for units in ({"quote_unit": "0.1"}, {"quote_unit": "1000000"}, {"base_unit": "2"}, {"quote_unit": None}):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await caller.accept(limit(), **units)
    await caller.accept(limit(), quote_unit="0.01")


async def test_a_purchase_holds_what_it_may_cost(caller: Caller) -> None:
    for terms in (limit(Side.BUY, "2", "100"), stop(Side.BUY, "2", "120")):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await caller.accept(terms, order={"hold_price": "0.0000001"})


async def test_a_list_has_its_orders(caller: Caller) -> None:
    buys, sells, late = limit(Side.BUY, "1"), limit(Side.SELL, "1"), stop(Side.BUY, "1", "120")
    await caller.house.coins(caller.account)
    for shape, kind, forged in (
        ((buys, buys), ListKind.OCO, {"list_kind": None}),
        ((buys, buys), ListKind.OCO, {"list_kind": "OTO"}),
        ((buys, late), ListKind.OCO, {"order": {"side": "sell", "hold_price": None}, "hold_amount": "1"}),
        ((buys, sells), ListKind.OTO, {"order": {"role": "limit"}}),
        ((buys,), None, {"orders": [], "hold_amount": "1"}),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await caller.accept(*shape, kind=kind, **forged)


async def test_the_side_says_what_is_held(caller: Caller) -> None:
    await caller.house.coins(caller.account)
    await caller.accept(limit(Side.SELL, "2", "120"), hold_asset="USDC")
    assert (await caller.house.money(caller.account, "BTC"))[1] == 2
    assert (await caller.house.money(caller.account))[1] == 0


async def test_a_cost_is_rounded_down_only_if_the_hold_is_short(caller: Caller) -> None:
    (order,) = await caller.accept(limit(Side.BUY, "3", FINE), hold_amount="301")
    assert await caller.fill(order, "1", FINE, quote_amount="100") == "gone"
    assert await caller.fill(order, "1", FINE) == "done"
    (whole,) = await caller.accept(limit(Side.BUY, "1", FINE), hold_amount="100.00000001")
    assert await caller.fill(whole, "1", FINE, quote_amount="100") == "gone"


async def test_a_purchase_realises_nothing_at_its_own_prices(caller: Caller, pool: "Pool") -> None:
    (order,) = await caller.accept(limit())
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await caller.fill(order, "1", "100", average_price="1")
    assert await caller.fill(order, "1", "100", realised="123456") == "done"
    assert await pool.fetchval("SELECT realised FROM orders") is None


async def test_an_amendment_changes_the_price_that_the_order_has(caller: Caller) -> None:
    await caller.house.coins(caller.account)
    (rests,) = await caller.accept(limit())
    (waits,) = await caller.accept(stop(Side.SELL, "2", "90"))
    for order, forged in (
        (rests, {"stop_price": "5"}),
        (rests, {"limit_price": "110"}),
        (rests, {"hold_price": "0.01"}),
        (waits, {"limit_price": "80"}),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await caller.amend(order, **forged)
    assert await caller.amend(rests, limit_price="110", hold_price="110") == "done"


async def test_only_a_smaller_quantity_keeps_the_place(caller: Caller, pool: "Pool") -> None:
    for forged, keeps in (({}, True), ({"quantity": "3"}, False), ({"limit_price": "99"}, False)):
        (order,) = await caller.accept(limit(), order={"queue_ahead": "7"})
        assert await caller.amend(order, queue_ahead="1", **forged) == "done"
        row = await pool.fetchrow("SELECT priority, queue_ahead FROM open_order WHERE order_id = $1", order)
        assert row is not None
        assert (row["priority"] == order, row["queue_ahead"]) == (keeps, 7 if keeps else 1)
