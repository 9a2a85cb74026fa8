"""Open orders of users who are typing, for suggestions, which are made without a question to the database."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

from core.errors import DeskError
from trading.orders.records import OrderRecord
from trading.ports import RestingOrders, TradingDesk

FRESH_MS = 3_000
"""Time for which the open orders of a user are kept (milliseconds)."""

_MOST = 1000


class OpenOrderHints:
    """Open orders of the users who typed last, read at most once in `FRESH_MS` for each."""

    def __init__(self) -> None:
        self._of: OrderedDict[int, tuple[int, Sequence[OrderRecord]]] = OrderedDict()

    async def refresh(self, person_id: int, desk: TradingDesk, orders: RestingOrders, now_ms: int) -> None:
        """Reads the user's open orders if they are old; without an account or a database there are none. `now_ms` is
        UTC milliseconds.
        """
        read_at, _ = self._of.get(person_id, (None, ()))
        if not person_id or (read_at is not None and now_ms - read_at < FRESH_MS):
            return
        self._keep(person_id, now_ms, ())
        with suppress(DeskError):
            account = await desk.account(person_id)
            self._keep(person_id, now_ms, await orders.open_orders(account))

    def _keep(self, person_id: int, now_ms: int, found: Sequence[OrderRecord]) -> None:
        self._of[person_id] = (now_ms, found)
        self._of.move_to_end(person_id)
        if len(self._of) > _MOST:
            self._of.popitem(last=False)

    def of(self, person_id: int) -> Sequence[OrderRecord]:
        """Returns the open orders that were read last."""
        return self._of.get(person_id, (0, ()))[1]

    def forget(self, person_id: int) -> None:
        """Drops what was read, since the user changed it."""
        self._of.pop(person_id, None)
