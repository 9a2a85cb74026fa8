"""Costly work is done by one thread, and who would wait too long is refused at once."""

import asyncio
import gc
import threading
import weakref
from functools import partial

import pytest

from core.errors import Overloaded
from core.system.bounded_executor import BoundedExecutor


async def test_too_many_at_once_are_refused_and_places_return() -> None:
    executor, gate = BoundedExecutor("work", places=3), threading.Event()
    names: list[str] = []

    def work() -> None:
        gate.wait(20)
        names.append(threading.current_thread().name)

    waiting = [asyncio.create_task(executor.run(work)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await executor.run(work)
    gate.set()
    await asyncio.gather(*waiting)
    assert len(names) == 3
    assert len(set(names)) == 1
    await executor.run(work)


async def test_who_gives_up_leaves_the_place_and_what_has_not_begun_is_dropped() -> None:
    executor, gate, done = BoundedExecutor("work", places=2), threading.Event(), list[str]()
    first = asyncio.create_task(executor.run(lambda: (gate.wait(20), done.append("first"))))
    second = asyncio.create_task(executor.run(lambda: done.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    third = asyncio.create_task(executor.run(lambda: done.append("third")))
    gate.set()
    await asyncio.gather(first, third)
    assert done == ["first", "third"]


async def test_the_steps_of_one_caller_take_one_place() -> None:
    executor = BoundedExecutor("work", places=1)
    with executor.place():
        assert [await executor.compute(lambda: 1), await executor.compute(lambda: 2)] == [1, 2]
        with pytest.raises(Overloaded):
            await executor.run(lambda: 3)
    with pytest.raises(ZeroDivisionError):
        await executor.run(lambda: 1 // 0)
    assert await executor.run(lambda: 4) == 4


async def test_work_that_was_given_up_is_not_kept() -> None:
    executor, gate, ended = BoundedExecutor("work"), threading.Event(), list[str]()

    class Candles:
        pass

    candles = Candles()
    kept = weakref.ref(candles)
    first = asyncio.create_task(executor.compute(lambda: gate.wait(20), ended=lambda: ended.append("first")))
    second = asyncio.create_task(executor.compute(partial(id, candles), ended=lambda: ended.append("second")))
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    del candles
    await asyncio.gather(first, second, return_exceptions=True)
    del second
    gc.collect()
    assert kept() is None
    assert ended == ["second"]  # the thread is still busy with the first
    gate.set()
    await executor.compute(lambda: None)
    assert ended == ["second", "first"]


async def test_one_turn_after_the_other_in_the_order_of_asking() -> None:
    executor, order = BoundedExecutor("work", places=4), list[str]()
    leave = asyncio.Event()

    async def caller(name: str) -> None:
        async with executor.turn():
            order.append(name)
            await leave.wait()

    callers = [asyncio.create_task(caller(name)) for name in "abcd"]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await caller("e")
    callers[1].cancel()
    await asyncio.gather(callers[1], return_exceptions=True)
    assert order == ["a"]
    callers[0].cancel()
    await asyncio.gather(callers[0], return_exceptions=True)
    await asyncio.sleep(0)
    assert order == ["a", "c"]
    leave.set()
    await asyncio.gather(*callers[2:])
    assert order == ["a", "c", "d"]
