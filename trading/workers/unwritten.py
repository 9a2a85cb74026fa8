"""Effects that are decided and not written yet, with the states and offsets that must be written together with them.

What one record of the log does is written whole: after a restart the log is read again from the stored offset, so an
effect that were written without its offset would happen twice. States are those after the last record of a write. They
are built when nothing can join the write any more, because an event may change those of all orders at its price.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from trading.ledger.order_ports import OrderState
from trading.orders.bookings import BookedEffect


@dataclass(slots=True)
class Write:
    """Effects in their order, the states of orders after them, and where each partition continues."""

    effects: list[BookedEffect] = field(default_factory=list)
    states: dict[int, OrderState] = field(default_factory=dict)
    offsets: dict[int, int] = field(default_factory=dict)


class Unwritten:
    """Queue of writes. Records without effects join the write before them, so it grows with effects only."""

    def __init__(self, max_effects: int, states: Callable[[], Iterable[OrderState]]) -> None:
        """A write is full with `max_effects` effects; the record that fills it may have more. `states` returns what was
        learned of orders since its last call.
        """
        self._max_effects = max_effects
        self._states = states
        self._full: deque[Write] = deque()
        self._last: Write | None = None
        self._effects = 0

    def __len__(self) -> int:
        """Number of effects."""
        return self._effects

    def __bool__(self) -> bool:
        return bool(self._full) or self._last is not None

    def add(self, effects: list[BookedEffect], offsets: Mapping[int, int] | None = None) -> None:
        """Adds what one record did, or, without offsets, what the news of orders did: an amended order has another
        state to be written, though nothing else happens. Called before the orders take anything else.
        """
        if self._last is None:
            self._last = Write()
        self._last.effects += effects
        self._last.offsets |= offsets or {}
        self._effects += len(effects)
        if len(self._last.effects) >= self._max_effects:
            self._close(self._last)

    def pop(self) -> Write:
        """Takes the oldest write off the queue."""
        if not self._full and self._last is not None:
            self._close(self._last)
        write = self._full.popleft()
        self._effects -= len(write.effects)
        return write

    def drop(self, order_ids: frozenset[int]) -> list[BookedEffect]:
        """Removes the effects and the states of these orders; returns the effects."""
        dropped: list[BookedEffect] = []
        for write in (*self._full, *([self._last] if self._last is not None else [])):
            dropped += (each for each in write.effects if each.effect.order_id in order_ids)
            write.effects = [each for each in write.effects if each.effect.order_id not in order_ids]
            write.states = {number: each for number, each in write.states.items() if number not in order_ids}
        self._effects -= len(dropped)
        return dropped

    def clear(self) -> None:
        """Forgets everything."""
        self._full.clear()
        self._last = None
        self._effects = 0

    def _close(self, write: Write) -> None:
        write.states = {state.order_id: state for state in self._states()}
        self._full.append(write)
        self._last = None
