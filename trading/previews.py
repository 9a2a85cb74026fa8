"""What trading asks of the store of previews."""

from typing import Protocol

from trading.dust import Crumb
from trading.orders.types import Preview

Previewed = Preview | tuple[Crumb, ...]
"""What a person confirms: an order, or the dust that is sold together."""


class Previews(Protocol):
    """Previews that wait for their button; they expire by themselves and are never trusted for a price.

    Raises MarketDown where they cannot be reached.
    """

    async def keep(self, person_id: int, token: str, preview: Previewed) -> None:
        """Keeps it for `settings.preview_seconds`."""

    async def find(self, person_id: int, token: str) -> Previewed | None:
        """The preview, unmarked; None when it expired, was dropped, or belongs to someone else."""

    async def claim(self, person_id: int, token: str) -> Previewed | None:
        """The preview, marked as being confirmed; None when it expired, was dropped, or belongs to someone else.

        Claimed again it is the same again: a press that is delivered twice finds the same order.
        """

    async def drop(self, person_id: int, token: str) -> bool:
        """Forgets it; True when it was still there and nobody had claimed it, so that "cancelled" is true."""
