"""Lists of orders: what an effect on one order means for the others of its list.

OCO: the first trigger or fill of one order, also in part, expires the other. OTO and OTOCO: the pending orders go live
when the working order is filled, or has expired after it was filled in part; if it ends with nothing filled, they end.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.rules import SymbolRules
from trading.orders.effects import Activated, Expired, OrderEffect
from trading.orders.holds import live_quantity
from trading.orders.open_orders import EndReason, ListRole, OpenOrder, OrderStatus

REMEMBERED = 10_000


@dataclass(slots=True)
class _Past:
    """Past of a list, for orders of it whose news comes later."""

    time: int = 0
    decided_by: int | None = None
    working: OpenOrder | None = None


class OrderLists:
    """Members of lists, and what has happened in each list."""

    def __init__(self) -> None:
        self._members: defaultdict[int, set[int]] = defaultdict(set)
        self._past: OrderedDict[int, _Past] = OrderedDict()

    def add(self, order: OpenOrder) -> None:
        """Adds an open order to its list, if it has one."""
        if order.place is not None:
            self._members[order.place.list_id].add(order.order_id)

    def discard(self, order: OpenOrder) -> None:
        """Removes an order that is no longer open."""
        if order.place is not None:
            members = self._members[order.place.list_id]
            members.discard(order.order_id)
            if not members:
                del self._members[order.place.list_id]

    def forget(self, order_id: int) -> None:
        """Forgets what an order did to its list: its effects were not written."""
        for list_id, past in list(self._past.items()):
            if past.decided_by == order_id or (past.working is not None and past.working.order_id == order_id):
                del self._past[list_id]

    def record(self, after: OpenOrder, effect: OrderEffect) -> None:
        """Records an effect; `after` is the order after it."""
        place = after.place
        if place is None or isinstance(effect, Activated):
            return
        if isinstance(effect, Expired) and effect.reason is EndReason.LIST:
            return
        if place.role is ListRole.WORKING:
            if not after.status.open:
                past = self._remember(place.list_id)
                past.working, past.time = after, effect.time
            return
        past = self._remember(place.list_id)
        if past.decided_by is None:
            past.decided_by, past.time = after.order_id, effect.time

    def adopt(self, other: "OrderLists", list_ids: Iterable[int]) -> None:
        """Takes over what has happened in lists of another object."""
        for list_id in list_ids:
            past = other.past(list_id)
            if past is not None:
                self._past[list_id] = past

    def past(self, list_id: int) -> "_Past | None":
        """Returns what has happened in a list, if anything has."""
        return self._past.get(list_id)

    def due(self, list_id: int, orders: Mapping[int, OpenOrder], rules: SymbolRules) -> list[OrderEffect]:
        """Returns the effects on the open orders of a list that follow from what has happened in it."""
        past = self._past.get(list_id)
        if past is None:
            return []
        mates = [orders[each] for each in sorted(self._members.get(list_id, ()))]
        if past.decided_by is not None:
            losers = [
                each for each in mates
                if each.order_id != past.decided_by and each.place and each.place.role is not ListRole.WORKING
            ]  # fmt: skip
            return [Expired(each.order_id, past.time, EndReason.LIST) for each in losers]
        pending = [each for each in mates if each.status is OrderStatus.PENDING_NEW]
        if past.working is None or not pending:
            return []
        quantity = live_quantity(past.working, pending, rules) if past.working.filled else past.working.filled
        if quantity:
            return [Activated(each.order_id, past.time, quantity) for each in pending]
        return [Expired(each.order_id, past.time, EndReason.LIST) for each in pending]

    def _remember(self, list_id: int) -> _Past:
        past = self._past.setdefault(list_id, _Past())
        if len(self._past) > REMEMBERED:
            self._past.popitem(last=False)
        return past
