"""Open orders of accounts that are merged, moved, handed back and deleted: they end, and their money goes along."""

import json
from decimal import Decimal

from people.identity.ports import Identity
from tests.fakes.bot import NOW
from tests.support.people_house import ALICE, BOB, BTC, House
from tests.support.trading_house import AT
from trading.ledger.order_ports import NewOrders
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.ports import LedgerCommand, body_of
from trading.orders.bookings import NewRestingOrder
from trading.orders.open_orders import EndReason, OrderStatus
from trading.orders.records import OrderRecord
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Side
from trading.ports import Account

D = Decimal


async def waiting(house: House, account: Account, name: str) -> OrderRecord:
    """An open order that holds 1000 of the quote asset."""
    terms = OrderTerms(BTC, Side.BUY, OrderType.LIMIT, D("0.1"), limit_price=D(10_000))
    order = NewRestingOrder(terms, hold_price=D(10_000))
    rules = house.market.rules(BTC)
    quote, fee = account.quote_asset, D("0.001")
    new = NewOrders(account.account_id, account.market, rules, (order,), None, quote, D(1000), fee, 5, 20)
    placed = await PostgresOrderStore(house.pool).accept(new, LedgerCommand(name, body_of(name), AT, NOW))
    return placed.orders[0]


async def opened(house: House, who: Identity) -> Account:
    person = await house.person(who)
    return await house.desk.open(person, f"open-{person}")


async def seen(house: House, account: Account, order: OrderRecord) -> tuple[OrderStatus, EndReason | None]:
    found = await PostgresOrderStore(house.pool).order(account.account_id, order.order_id, events=1)
    assert found is not None
    return found.status, found.events[-1].reason


async def held(house: House, account: Account) -> list[Decimal]:
    rows = await house.fetch("SELECT held FROM balance WHERE account_id = $1 AND asset = 'USDC'", account.account_id)
    return [row["held"] for row in rows]


async def test_a_merge_ends_the_orders_of_the_account_that_goes_and_no_other(house: House) -> None:
    one, two = await opened(house, ALICE), await opened(house, BOB)
    mine, theirs = await waiting(house, one, "one"), await waiting(house, two, "two")
    await house.linked(ALICE, BOB, "merge", settled=False)
    assert await seen(house, two, theirs) == (OrderStatus.NEW, None)
    await house.settle()
    assert await seen(house, one, theirs) == (OrderStatus.CANCELED, EndReason.MERGED), "readable by the other account"
    assert await seen(house, one, mine) == (OrderStatus.NEW, None)
    assert await held(house, one) == [1000]
    assert await held(house, two) == [0]


async def test_an_account_left_behind_ends_its_orders(house: House) -> None:
    await opened(house, ALICE)
    two = await opened(house, BOB)
    order = await waiting(house, two, "two")
    await house.linked(ALICE, BOB, "move")
    assert await seen(house, two, order) == (OrderStatus.CANCELED, EndReason.CLOSED)
    assert await held(house, two) == [0]


async def test_an_account_handed_back_has_no_order_of_the_other_person(house: House) -> None:
    await house.ask(ALICE, "/privacy")
    await house.person(ALICE)
    two = await opened(house, BOB)
    await house.linked(ALICE, BOB, "merge", settled=False)
    order = await waiting(house, two, "by the host")
    preview = await house.ask(BOB, "/unlink")
    await house.press(BOB, preview, "unlink_now")
    assert await seen(house, two, order) == (OrderStatus.CANCELED, EndReason.MERGED)
    assert await held(house, two) == [0]
    account = await house.desk.account(await house.person(BOB))
    assert account.account_id == two.account_id


async def test_who_leaves_takes_no_money_with_them(house: House) -> None:
    account = await opened(house, ALICE)
    order = await waiting(house, account, "one")
    data = json.loads(await house.identities.export(account.person_id, NOW))
    assert [(row["status"], row["hold"]) for row in data["resting_orders"]] == [("NEW", "1000")]
    assert [row["event"] for row in data["order_events"]] == ["accepted"]
    preview = await house.ask(ALICE, "privacy_delete", pressed=True)
    await house.press(ALICE, preview, "forget_me")
    assert await seen(house, account, order) == (OrderStatus.CANCELED, EndReason.CLOSED)
    assert await held(house, account) == [0]
