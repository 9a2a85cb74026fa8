"""A join is settled before a corporate action on the coins of both, or after it: the job tries again by itself."""

from decimal import Decimal

from core.database import Pool
from tests.integration.people.identity.linked_accounts import traded
from tests.support.held_symbols import HeldActions, action
from tests.support.people_house import ALICE, BOB, House
from trading.ledger.corporate_actions import ActionKind


async def test_a_join_waits_while_the_coins_of_both_change(house: House, owner_pool: Pool) -> None:
    second, first = await traded(house, BOB), await traded(house, ALICE)
    actions = HeldActions(owner_pool, batch=1, clock=lambda: house.now)
    once = action(ActionKind.REDENOMINATION, market=house.market.info().market, ratio=Decimal(1000))

    async def coins() -> list[Decimal]:
        found = "SELECT available FROM balance WHERE asset = 'BTC' AND account_id = ANY($1) ORDER BY account_id"
        rows = await owner_pool.fetch(found, [first.account_id, second.account_id])
        return [row["available"] for row in rows]

    before = await coins()
    assert len(await actions.first_batch(once)) == 1
    await house.linked(ALICE, BOB, "merge")
    assert sorted(await coins()) == sorted([before[0] * 1000, before[1]]), "neither account has changed since"
    await actions.apply(once)
    assert await house.settle() == 1
    assert sum(await coins()) == sum(before) * 1000
    await house.audited()
