"""What is filled while a corporate action is applied is of the former unit until the action reaches its account."""

from decimal import Decimal

import pytest

from core.database import Pool
from tests.support.held_symbols import WALL, HeldActions, action, hold
from tests.support.resting_house import RestingHouse, limit
from tests.support.trading_house import AT, command, findings, opened, order
from trading.ledger.corporate_actions import ActionKind
from trading.ledger.correction_errors import EntryOfFormerUnit
from trading.ledger.corrections import reverse
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side
from trading.ports import Account

D = Decimal
THOUSANDFOLD = action(ActionKind.REDENOMINATION, ratio=D(1000))


class House(RestingHouse):
    """Accounts whose orders are matched while an action is applied."""

    def __init__(self, pool: Pool, owner_pool: Pool) -> None:
        self.ledger = PostgresLedger(pool)
        super().__init__(PostgresOrderStore(pool), self.ledger)
        self.owner_pool = owner_pool
        self.actions = HeldActions(owner_pool, batch=1)

    async def filled_late(self, account: Account, side: Side, quantity: str) -> str:
        """Fills a resting order after the action began, and returns what names the trade."""
        price = "100" if side is Side.BUY else "120"
        (resting,) = (await self.accept(account, limit(side, quantity, price))).orders
        await hold(self.owner_pool)
        await self.actions._begin(THOUSANDFOLD)
        await self.fill(resting, quantity, price)
        newest = await self.owner_pool.fetchval("SELECT max(id) FROM orders")
        return str(newest)

    async def reverse(self, reference: str) -> None:
        async with self.owner_pool.acquire() as connection, connection.transaction():
            await reverse(connection, reference, "a test", AT, WALL)


@pytest.fixture
def house(pool: Pool, owner_pool: Pool) -> House:
    return House(pool, owner_pool)


@pytest.mark.parametrize(("side", "sold"), [(Side.BUY, "2"), (Side.SELL, "2"), (Side.SELL, "4.995")])
async def test_a_fill_between_the_beginning_and_the_batch_is_not_reversed(
    house: House, dsn: str, side: Side, sold: str
) -> None:
    """The last one sells everything, so that the action does not reach the account."""
    account = await house.account(1)
    await house.coins(account, "5")
    trade = await house.filled_late(account, side, sold)
    with pytest.raises(EntryOfFormerUnit):
        await house.reverse(trade)
    await house.actions.apply(THOUSANDFOLD)
    before = await house.ledger.state(account)
    with pytest.raises(EntryOfFormerUnit) as refused:
        await house.reverse(trade)
    assert refused.value.action == "one"
    assert await house.ledger.state(account) == before
    assert await findings(dsn) == []


async def test_a_trade_after_the_action_is_reversed(house: House, dsn: str) -> None:
    account, other = await house.account(1), await opened(house.ledger, 2)
    await house.coins(account, "5")
    await house.filled_late(account, Side.SELL, "2")
    await house.actions.apply(THOUSANDFOLD)
    await house.owner_pool.execute("UPDATE corporate_action SET unit_since_ms = 0")  # a price came since
    before = [await house.ledger.state(each) for each in (account, other)]
    for each in (account, other):  # the action did not reach the second one
        name = f"after-{each.account_id}"
        await house.ledger.place(order(each, Side.BUY, "1", "100"), command(name))
        await house.reverse(f"command:{name}")
    after = [await house.ledger.state(each) for each in (account, other)]
    assert [each.cash for each in after] == [each.cash for each in before]
    assert await findings(dsn) == []
