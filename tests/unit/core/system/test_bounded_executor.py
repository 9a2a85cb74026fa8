"""Costly work is done by one thread, and who would wait too long is refused at once."""

import asyncio
import threading

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
