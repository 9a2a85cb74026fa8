"""A desk that is killed while it places a group of orders.

Arguments: the address of a migrated database, the command, the number of orders that it places before it dies, and
whether it dies before or after the last of them is committed. It plans the group of a user who has coins.
"""

import asyncio
import os
import signal
import sys

from tests.support.group_house import GroupHouse, pool_of
from trading.ledger.ports import LedgerCommand, NewOrder, Placed


async def main(dsn: str, command: str, orders: int, *, committed: bool) -> None:
    """Kills itself."""
    async with pool_of(dsn) as pool:
        house = GroupHouse(pool)
        account = await house.stocked()
        group = (await house.plan(account)).group
        place, count = house.ledger.place, 0

        async def mortal(order: NewOrder, once: LedgerCommand) -> Placed:
            nonlocal count
            count += 1
            if count == orders and not committed:
                os.kill(os.getpid(), signal.SIGKILL)
            placed = await place(order, once)
            if count == orders:
                os.kill(os.getpid(), signal.SIGKILL)
            return placed

        house.ledger.place = mortal  # type: ignore[method-assign]
        await house.groups.place(account, command, group)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), committed=sys.argv[4] == "after"))
