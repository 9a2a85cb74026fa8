"""Interface of the store of previews."""

from typing import Protocol

from trading.dust import DustPosition
from trading.order_groups.types import OrderGroup
from trading.order_previews import AmendmentWish
from trading.orders.requests import AnyOrderRequest
from trading.orders.types import Preview
from trading.strategies.robots import RobotWish

Previewed = Preview | tuple[DustPosition, ...] | OrderGroup | AnyOrderRequest | AmendmentWish | RobotWish
"""Subject of a confirmation: a market order, the dust that is sold together, a group of market orders, orders that
rest, the change of one, or a robot.
"""


class Previews(Protocol):
    """Store of previews that wait for their button. Previews expire by themselves and are never trusted for a price.

    Raises MarketUnavailable if the store cannot be reached.
    """

    async def save(self, person_id: int, token: str, preview: Previewed) -> None:
        """Keeps the preview for `settings.preview_seconds`."""

    async def find(self, person_id: int, token: str) -> Previewed | None:
        """Returns the preview, unmarked; None if it expired, was dropped, or belongs to another user."""

    async def claim(self, person_id: int, token: str) -> Previewed | None:
        """Returns the preview, marked as being confirmed; None if it expired, was dropped, or belongs to another user.

        A repeated claim returns the same preview: a press that is delivered twice finds the same order.
        """

    async def drop(self, person_id: int, token: str) -> bool:
        """Removes the preview. Returns True if it was still there and not claimed, so that "cancelled" is true."""

    async def drop_all(self, person_id: int) -> bool:
        """Removes the previews of the user that are not claimed. Returns True if there was one."""
