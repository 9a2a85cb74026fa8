"""A house whose store of orders is in memory or on PostgreSQL, where every test ends with a clean audit."""

from collections.abc import AsyncIterator
from decimal import Decimal

import asyncpg
import pytest

from tests.fakes.order_store import MemoryOrderStore
from tests.support.matching_house import HOME, MatchingHouse, memory_account, resting_desk
from tests.support.push_house import somebody
from tests.support.trading_house import findings
from trading.desk import Desk
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, Side
from trading.settings import TradingSettings


@pytest.fixture
async def postgres_house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[MatchingHouse]:
    """An account with a million USDC less the price of 2 BTC."""
    house = MatchingHouse(PostgresOrderStore(pool), log="kafka:cluster:topic")
    person = await somebody(pool)
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, false)",
        person,
        HOME.platform,
        HOME.chat_id,
    )
    desk = Desk(house.market, PostgresLedger(pool), TradingSettings(), lambda: house.market.time)
    account = await desk.open(person, "start")
    await desk.place(account, "stock", Side.BUY, next(iter(house.market.listed)), BaseQuantity(Decimal("2.1")))
    house.account_id, house.person_id = account.account_id, person
    house.desk = resting_desk(house, account, PostgresLedger(pool))
    yield house
    assert await findings(dsn) == []


@pytest.fixture(params=["memory", "postgres"])
def house(request: pytest.FixtureRequest) -> MatchingHouse:
    """See `postgres_house`."""
    if request.param == "postgres":
        found: MatchingHouse = request.getfixturevalue("postgres_house")
        return found
    store = MemoryOrderStore()
    store.fund(1, "USDC", "1000000")
    store.fund(1, "BTC", "2")
    house = MatchingHouse(store, log="kafka:cluster:topic")
    house.desk = resting_desk(house, memory_account(), store)
    return house
