"""Ends groups of orders that were interrupted: what is left of them is placed or refused, and the user is told."""

from collections.abc import Callable

from trading.order_groups.ports import OrderGroups

EVERY_SECONDS = 10


class InterruptedGroups:
    """Job that ends interrupted groups; `run` may be called by any number of desks at once. Calls `on_told` when
    notices entered the outbox.
    """

    def __init__(self, groups: OrderGroups, *, on_told: Callable[[], None]) -> None:
        self._groups = groups
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of groups that it ended. Raises DatabaseUnavailable and MarketUnavailable."""
        ended = await self._groups.resume()
        if ended:
            self._on_told()
        return ended
