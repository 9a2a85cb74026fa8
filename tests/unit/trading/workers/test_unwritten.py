"""Effects that wait for the database: written in their order, each with the offset of its record."""

from trading.ledger.order_ports import OrderState
from trading.orders.bookings import BookedEffect
from trading.orders.effects import Triggered
from trading.workers.unwritten import Unwritten


def effect(order_id: int) -> BookedEffect:
    return BookedEffect(Triggered(order_id, 1, 1), version=1)  # type: ignore[arg-type]


def test_records_without_effects_join_the_write_before() -> None:
    queue = Unwritten(10)
    queue.add([effect(1)], [], {0: 1})
    queue.add([], [OrderState(1, None, None, 2)], {0: 2, 1: 5})
    assert (len(queue), bool(queue)) == (1, True)
    write = queue.pop()
    assert (write.offsets, list(write.states), len(write.effects)) == ({0: 2, 1: 5}, [1], 1)
    assert not queue


def test_a_state_has_the_version_after_the_effects_that_join_it() -> None:
    queue = Unwritten(10)
    queue.add([effect(1)], [OrderState(1, None, None, 2), OrderState(2, None, None, 1)], {0: 1})
    queue.add([effect(1), effect(1)], [], {0: 2})
    assert [state.version for state in queue.pop().states.values()] == [4, 1]


def test_a_full_write_ends_with_its_record() -> None:
    queue = Unwritten(3)
    queue.add([effect(1), effect(2)], [], {0: 1})
    queue.add([effect(3), effect(4)], [], {0: 2})
    queue.add([effect(5)], [], {0: 3})
    writes = [queue.pop(), queue.pop()]
    assert [len(write.effects) for write in writes] == [2, 3]
    assert [write.offsets for write in writes] == [{0: 1}, {0: 3}]


def test_one_record_is_never_split() -> None:
    queue = Unwritten(3)
    queue.add([effect(number) for number in range(7)], [], {0: 1})
    assert len(queue.pop().effects) == 7


def test_dropped_orders_leave_the_offsets() -> None:
    queue = Unwritten(10)
    queue.add([effect(1), effect(2)], [OrderState(1, None, None, 2), OrderState(2, None, None, 2)], {0: 1})
    assert [each.effect.order_id for each in queue.drop(frozenset({1}))] == [1]
    assert len(queue) == 1
    write = queue.pop()
    assert ([each.effect.order_id for each in write.effects], write.offsets) == ([2], {0: 1})
    assert list(write.states) == [2]


def test_nothing_is_no_write() -> None:
    queue = Unwritten(10)
    queue.add([], [], {})
    assert not queue
