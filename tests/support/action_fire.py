"""A corporate action in a process that is killed: applies a redenomination account by account.

Arguments: the address of the owner's database. See `tests/integration/trading/ledger/test_action_kill.py`.
"""

import asyncio
import random
import sys
from decimal import Decimal

import asyncpg

from tests.fakes.priced_market import BTC
from tests.support.resting_house import MARKET
from trading.ledger.corporate_actions import ActionKind, CorporateAction, CorporateActions

SPLIT = CorporateAction("split", MARKET, BTC, ActionKind.REDENOMINATION, "a test", ratio=Decimal(1000))


async def apply(dsn: str) -> int:
    """Applies the action and returns the number of accounts that this call reached."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1, server_settings={"timezone": "UTC"}) as pool:
        actions = CorporateActions(pool, lambda: 1_700_000_000_000, jitter=random.SystemRandom(), batch=1)
        return await actions.apply(SPLIT)


if __name__ == "__main__":
    asyncio.run(apply(sys.argv[1]))
