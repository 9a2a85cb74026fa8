"""Effects that wait for the database: written in their order, each with the offset of its record."""

from trading.ledger.order_ports import OrderState
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Triggered
from trading.workers.unwritten import Unwritten


def effect(order_id: int) -> BookedEffect:
    return BookedEffect(Triggered(order_id, 1, 1), version=1)  # type: ignore[arg-type]


class Learned:
    """States of orders, and how often they were asked for."""

    def __init__(self) -> None:
        self.states: list[OrderState] = []
        self.asked = 0

    def __call__(self) -> list[OrderState]:
        self.asked += 1
        found, self.states = self.states, []
        return found


def state(order_id: int, version: int) -> OrderState:
    return OrderState(order_id, None, None, version)


def queue_of(max_effects: int) -> tuple[Unwritten, Learned]:
    learned = Learned()
    return Unwritten(max_effects, learned), learned


def test_records_without_effects_join_the_write_before() -> None:
    queue, _ = queue_of(10)
    queue.add([effect(1)], {0: 1})
    queue.add([], {0: 2, 1: 5})
    assert (len(queue), bool(queue)) == (1, True)
    write = queue.pop()
    assert (write.offsets, len(write.effects)) == ({0: 2, 1: 5}, 1)
    assert not queue


def test_states_are_built_once_when_the_write_is_taken() -> None:
    queue, learned = queue_of(10)
    for offset in range(1, 9):
        queue.add([], {0: offset})
    assert learned.asked == 0
    learned.states = [state(1, 2)]
    assert (queue.pop().states, learned.asked) == ({1: state(1, 2)}, 1)


def test_a_full_write_has_the_states_after_its_last_record_and_no_later_ones() -> None:
    queue, learned = queue_of(3)
    queue.add([effect(1), effect(2)], {0: 1})
    learned.states = [state(1, 2)]
    queue.add([effect(3), effect(4)], {0: 2})
    learned.states = [state(1, 3)]
    queue.add([effect(5)], {0: 3})
    writes = [queue.pop(), queue.pop()]
    assert [len(write.effects) for write in writes] == [4, 1]
    assert [write.offsets for write in writes] == [{0: 2}, {0: 3}]
    assert [write.states for write in writes] == [{1: state(1, 2)}, {1: state(1, 3)}]


def test_one_record_is_never_split() -> None:
    queue, _ = queue_of(3)
    queue.add([effect(number) for number in range(7)], {0: 1})
    assert len(queue.pop().effects) == 7


def test_dropped_orders_leave_the_offsets() -> None:
    queue, learned = queue_of(2)
    learned.states = [state(1, 2), state(2, 2)]
    queue.add([effect(1), effect(2)], {0: 1})
    queue.add([effect(1)], {0: 2})
    assert [each.effect.order_id for each in queue.drop(frozenset({1}))] == [1, 1]
    assert len(queue) == 1
    write = queue.pop()
    assert ([each.effect.order_id for each in write.effects], write.offsets) == ([2], {0: 1})
    assert list(write.states) == [2]
    assert queue.pop().offsets == {0: 2}


def test_news_of_orders_without_effects_have_their_states_written() -> None:
    queue, learned = queue_of(10)
    assert not queue
    queue.add([])
    learned.states = [state(1, 2)]
    assert queue.pop().states == {1: state(1, 2)}
