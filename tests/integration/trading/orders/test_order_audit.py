"""Each promise about resting orders is broken by hand, as the owner could, and the audit names it."""

import asyncpg
import pytest

from tests.support.resting_house import RestingHouse, limit, stop
from tests.support.trading_house import findings, owner_of
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.open_orders import ListKind
from trading.orders.types import Side

CORRUPTIONS = {
    "order life broken": ["UPDATE order_event SET number = 9 WHERE number = 3"],
    "order life broken ": ["UPDATE order_event SET previous = 'PENDING_NEW' WHERE kind = 'triggered'"],
    "order life broken  ": ["DELETE FROM order_event WHERE kind = 'triggered'"],
    "order life broken   ": ["DELETE FROM order_event WHERE order_id = (SELECT max(id) FROM order_terms)"],
    "order ended twice": [
        "INSERT INTO order_event (order_id, number, previous, kind, status, command_id, recorded_at, market_time_ms,"  # noqa: ISC004
        " reason) SELECT order_id, number + 1, status, 'expired', 'EXPIRED', 'forged', now(), 1, 'time'"
        " FROM order_event WHERE status = 'FILLED'"
    ],
    "open order differs from events": ["UPDATE open_order SET quantity = quantity + 1"],
    "open order differs from events ": ["UPDATE open_order SET limit_price = 1 WHERE limit_price IS NOT NULL"],
    "open order differs from events  ": ["DELETE FROM open_order WHERE hold_price IS NOT NULL"],
    "open order differs from events   ": ["UPDATE open_order SET version = version + 1"],
    "execution differs from its order": ["UPDATE orders SET fee_rate = 0 WHERE parent_id IS NOT NULL"],
    "execution differs from its order ": ["UPDATE order_event SET quantity = 1 WHERE kind = 'filled'"],
    "execution differs from its order  ": ["UPDATE order_event SET price = price - 50 WHERE kind = 'accepted'"],
    "execution differs from its order   ": ["UPDATE orders SET parent_id = NULL"],
    "execution differs from its order    ": ["DELETE FROM order_event WHERE kind = 'filled'"],
    "order filled beyond its quantity": ["UPDATE order_event SET quantity = 0.1 WHERE kind = 'accepted'"],
    "order totals differ from executions": ["UPDATE order_event SET total_received = 7 WHERE kind = 'filled'"],
    "cost rounded down beyond its hold": ["UPDATE orders SET quote_amount = quote_amount - 0.00000001"],
    "unit too large": ["UPDATE orders SET quote_unit = 0.1"],
    "unit too large ": ["UPDATE order_terms SET base_unit = 2"],
    "hold moves elsewhere": [
        "UPDATE posting SET target = 'exchange' WHERE entry_id IN (SELECT id FROM entry WHERE kind = 'hold')"
    ],
    "holds differ from held": ["UPDATE order_hold SET amount = amount + 1"],
    "holds differ from held ": ["DELETE FROM order_hold"],
    "hold of no open order": ["INSERT INTO order_hold (account_id, asset, amount) VALUES (1, 'ETH', 0)"],
    "hold of no open order ": ["UPDATE order_hold SET asset = 'ETH'"],
    "trade differs from order": [
        "UPDATE posting SET source = 'available/1' WHERE source = 'held/1' AND target = 'exchange'"
    ],
    "list differs from its orders": ["UPDATE order_list SET kind = 'OTO'"],
    "list differs from its orders ": ["DELETE FROM order_list"],
    "list differs from its orders  ": ["UPDATE order_list SET account_id = 9"],
    "list differs from its orders   ": [
        "DELETE FROM open_order WHERE order_id = (SELECT max(id) FROM order_terms WHERE list_id IS NOT NULL)",
        (
            "UPDATE order_event SET status = 'FILLED', kind = 'canceled', reason = 'user'"
            " WHERE order_id = (SELECT max(id) FROM order_terms WHERE list_id IS NOT NULL)"
        ),
    ],
    "execution before its trigger": ["UPDATE order_event SET kind = 'amended' WHERE kind = 'triggered'"],
    "execution before its trigger ": ["UPDATE order_event SET kind = 'triggered' WHERE kind = 'accepted'"],
    "ledger not append only": ["GRANT UPDATE ON order_event TO paperdesk_app"],
    "ledger not append only ": ["GRANT DELETE ON open_order TO PUBLIC"],
}


@pytest.fixture
async def lives(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> str:
    """The address of a database with orders that filled, triggered, were amended and are open."""
    house = RestingHouse(PostgresOrderStore(pool), PostgresLedger(pool))
    account = await house.account()
    await house.coins(account)
    (order,) = (await house.accept(account, stop(Side.SELL, "2"))).orders
    await house.trigger(order, "90")
    await house.fill(order, "1", "89")
    await house.accept(account, limit(Side.SELL, "1", "120"), stop(Side.SELL, "1"), kind=ListKind.OCO)
    (order,) = (await house.accept(account, limit(Side.BUY, "2", "100"))).orders
    await house.fill(order, "0.5", "99.99")
    return dsn


async def test_honest_lives_are_clean(lives: str) -> None:
    assert await findings(lives) == []


@pytest.mark.parametrize("name", CORRUPTIONS)
async def test_a_corruption_of_orders_is_named(name: str, lives: str) -> None:
    async with owner_of(lives) as owner:
        await owner.execute("SET session_replication_role = replica")  # foreign keys look away
        for statement in CORRUPTIONS[name]:
            await owner.execute(statement)
    assert name.strip() in {finding.check for finding in await findings(lives)}
