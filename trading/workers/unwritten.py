"""Effects that are decided and not written yet, with the states and offsets that must be written together with them.

What one record of the log does is written whole: after a restart the log is read again from the stored offset, so an
effect that were written without its offset would happen twice.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from trading.ledger.order_ports import OrderState
from trading.orders.bookings import BookedEffect


@dataclass(slots=True)
class Write:
    """Effects in their order, the newest states of orders, and where each partition continues after them."""

    effects: list[BookedEffect] = field(default_factory=list)
    states: dict[int, OrderState] = field(default_factory=dict)
    offsets: dict[int, int] = field(default_factory=dict)

    def add(self, later: "Write") -> None:
        """Adds what follows. Each effect gives its order a new version, which a state before it then has too."""
        for booked in later.effects:
            if (state := self.states.get(booked.effect.order_id)) is not None:
                self.states[state.order_id] = replace(state, version=state.version + 1)
        self.effects += later.effects
        self.states |= later.states
        self.offsets |= later.offsets

    def learned(self) -> list[OrderState]:
        """Returns the states, each with the version that its order has after the effects."""
        after = {each.effect.order_id: each.version + 1 for each in self.effects if each.version is not None}
        return [
            state if state.version is None else replace(state, version=max(state.version, after.get(number, 0)))
            for number, state in self.states.items()
        ]


class Unwritten:
    """Queue of writes. Records without effects join the write before them, so it grows with effects only."""

    def __init__(self, max_effects: int) -> None:
        """A write has at most `max_effects` effects, or those of one record."""
        self._max_effects = max_effects
        self._writes: deque[Write] = deque()
        self._effects = 0

    def __len__(self) -> int:
        """Number of effects."""
        return self._effects

    def __bool__(self) -> bool:
        return bool(self._writes)

    def add(self, effects: list[BookedEffect], states: Iterable[OrderState], offsets: Mapping[int, int]) -> None:
        """Adds what one record did, or, without offsets, what the news of an order did."""
        new = Write(effects, {state.order_id: state for state in states}, dict(offsets))
        self._effects += len(effects)
        if self._writes and (not effects or len(self._writes[-1].effects) + len(effects) <= self._max_effects):
            self._writes[-1].add(new)
        elif effects or new.states or new.offsets:
            self._writes.append(new)

    def pop(self) -> Write:
        """Takes the oldest write off the queue."""
        write = self._writes.popleft()
        self._effects -= len(write.effects)
        return write

    def drop(self, order_ids: frozenset[int]) -> list[BookedEffect]:
        """Removes the effects and the states of these orders; returns the effects."""
        dropped: list[BookedEffect] = []
        for write in self._writes:
            dropped += (each for each in write.effects if each.effect.order_id in order_ids)
            write.effects = [each for each in write.effects if each.effect.order_id not in order_ids]
            write.states = {number: each for number, each in write.states.items() if number not in order_ids}
        self._effects -= len(dropped)
        return dropped

    def clear(self) -> None:
        """Forgets everything."""
        self._writes.clear()
        self._effects = 0
