"""Interfaces of groups of orders: for commands and jobs, and their store."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from pipeline.market import Symbol
from trading.order_groups.notices import GroupPlaced
from trading.order_groups.types import GroupPreview, GroupResult, NewGroup, OrderGroup, StoredGroup
from trading.ports import Account
from trading.recurring.notices import Obstacle

CLAIM_MS = 15_000
"""Time for which one order of a group is in progress; after it another process may go on with the group."""

PATIENCE_MS = 600_000
"""Age of a group from which what is left of it is no longer placed."""


class OrderGroups(Protocol):
    """Groups of market orders towards weights. Methods raise DatabaseUnavailable and MarketUnavailable."""

    async def plan(self, account: Account, weights: Mapping[Symbol, Decimal], *, with_cash: bool) -> GroupPreview:
        """Returns the group that leads the account to these weights, of its coins and cash or of the coins alone,
        without any effect. An order that would be refused is left out and named. Raises NoPriceYet, StalePrice,
        CrossedQuote, SymbolHalted, UnknownSymbol, UnsupportedQuoteAsset for a coin that cannot be priced, and
        TradingHalted.
        """

    async def place(
        self, account: Account, command_id: str, group: OrderGroup, *, scheduled: bool = False
    ) -> GroupResult:
        """Places the orders one after another, each at most once: sales, then purchases for what the sales brought. A
        refusal of one stops none of the others. Repeated, it goes on with the group of the first call where that was
        interrupted, and returns the results of all. `command_id` has at most 120 characters. The result of a
        `scheduled` group enters the outbox. Raises GroupInProgress.
        """

    async def resume(self) -> int:
        """Ends the groups of the running market that were interrupted; their results enter the outbox. Returns their
        number.
        """


class GroupStore(Protocol):
    """Store of groups. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def begin(self, new: NewGroup, now: int) -> tuple[StoredGroup, bool]:
        """Returns the group of the command, stored by the first call, and whether the caller may place it now: it is
        not finished, and nobody else is at it.
        """

    async def claim(self, group_id: int, now: int) -> bool:
        """Claims a group that is not finished. Returns False if somebody else is at it."""

    async def advance(self, group_id: int, now: int, refusals: Mapping[int, Obstacle]) -> None:
        """Adds reasons why orders were not placed, by their numbers, and renews the claim."""

    async def finish(self, stored: StoredGroup, now: int, notice: GroupPlaced | None) -> None:
        """Ends a group; the notice enters the outbox, once."""

    async def unfinished(self, market: str, now: int, limit: int) -> Sequence[StoredGroup]:
        """Returns groups that were interrupted, the oldest first."""
