import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from core.errors import DatabaseUnavailable
from tests.patience import PATIENCE_SECONDS
from trading.ledger.group_commit import CALLS, MAX_TOGETHER, OrderQueue


class Sent:
    """A database that remembers what went together and answers when told to."""

    def __init__(self) -> None:
        self.calls: list[Sequence[str]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, orders: Sequence[str]) -> list[Any]:
        self.calls.append(orders)
        await asyncio.sleep(0)
        await self.open.wait()
        if "broken" in orders:
            raise ValueError("broken")
        if "down" in orders:
            raise DatabaseUnavailable
        return [f"row of {order}" for order in orders]


class AtOnce(Sent):
    """Answers without ever letting anybody else run."""

    async def __call__(self, orders: Sequence[str]) -> list[Any]:
        return [f"row of {order}" for order in orders]


async def test_an_order_alone_goes_at_once() -> None:
    sent = Sent()
    assert await OrderQueue(sent).place(1, "a") == "row of a"
    assert sent.calls == [["a"]]


async def test_orders_share_the_calls_evenly_and_go_in_order_of_account() -> None:
    sent = Sent()
    queue = OrderQueue(sent)
    answers = await asyncio.gather(*(queue.place(9 - number, f"o{number}") for number in range(8)))
    assert answers == [f"row of o{number}" for number in range(8)]
    assert sent.calls == [["o3", "o2", "o1", "o0"], ["o7", "o6", "o5", "o4"]]


async def test_orders_that_come_while_calls_are_in_flight_wait_for_the_next() -> None:
    sent = Sent()
    sent.open.clear()
    queue = OrderQueue(sent)
    placing = [asyncio.create_task(queue.place(1, f"o{number}")) for number in range(2)]
    await asyncio.sleep(0.01)
    placing += [asyncio.create_task(queue.place(1, f"late{number}")) for number in range(MAX_TOGETHER * 3)]
    await asyncio.sleep(0.01)
    assert len(sent.calls) == CALLS
    sent.open.set()
    await asyncio.gather(*placing)
    assert max(map(len, sent.calls)) == MAX_TOGETHER


@pytest.mark.parametrize("database", [Sent, AtOnce])
async def test_no_order_is_left_waiting_for_nobody(database: type[Sent]) -> None:
    queue = OrderQueue(database())

    async def trade(name: int) -> None:
        for number in range(200):
            assert await queue.place(name, f"{name}-{number}") == f"row of {name}-{number}"

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*map(trade, range(8)))


async def test_each_order_gets_an_error_of_its_own() -> None:
    queue = OrderQueue(Sent())
    errors = await asyncio.gather(*(queue.place(1, "down") for _ in range(6)), return_exceptions=True)
    assert {type(error) for error in errors} == {DatabaseUnavailable}
    assert len({id(error) for error in errors}) == 6


async def test_an_order_that_breaks_the_call_fails_alone() -> None:
    queue = OrderQueue(Sent())
    placing = (queue.place(1, order) for order in ("a", "b", "broken", "c"))
    answers = await asyncio.gather(*placing, return_exceptions=True)
    assert [str(answer) for answer in answers] == ["row of a", "row of b", "broken", "row of c"]


async def test_an_outage_is_everybodys_and_nothing_is_repeated() -> None:
    sent = Sent()
    queue = OrderQueue(sent)
    answers = await asyncio.gather(*(queue.place(1, order) for order in ("a", "down")), return_exceptions=True)
    assert isinstance(answers[1], DatabaseUnavailable)
    assert sum(map(len, sent.calls)) == 2


class Slow(Sent):
    """A database that runs out of time over some orders."""

    async def __call__(self, orders: Sequence[str]) -> list[Any]:
        self.calls.append(orders)
        await asyncio.sleep(0)
        if any(order.startswith("slow") for order in orders):
            raise DatabaseUnavailable from TimeoutError()
        return [f"row of {order}" for order in orders]


async def test_an_account_that_takes_too_long_fails_no_other() -> None:
    sent = Slow()
    queue = OrderQueue(sent)
    orders = [(1, "a"), (2, "slow"), (3, "b"), (2, "slower"), (4, "c"), (3, "d"), (2, "also"), (5, "e")]
    answers = await asyncio.gather(*(queue.place(*each) for each in orders), return_exceptions=True)
    failed = {order for (_, order), answer in zip(orders, answers, strict=True) if isinstance(answer, Exception)}
    assert failed == {"slow", "slower"}, "another order of the account was in the other call"


async def test_a_database_that_answers_nobody_is_not_asked_for_each_account() -> None:
    sent = Slow()
    queue = OrderQueue(sent)
    placing = (queue.place(number, f"slow{number}") for number in range(40))
    answers = await asyncio.gather(*placing, return_exceptions=True)
    assert {type(answer) for answer in answers} == {DatabaseUnavailable}
    assert len(sent.calls) == 2 * (1 + 3)


async def test_more_orders_than_the_bound_are_turned_away() -> None:
    sent = Sent()
    sent.open.clear()
    queue = OrderQueue(sent, max_waiting=3)
    placing = [asyncio.create_task(queue.place(1, f"o{number}")) for number in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(DatabaseUnavailable):
        await queue.place(1, "one too many")
    sent.open.set()
    assert len(await asyncio.gather(*placing)) == 3


async def test_a_caller_that_gives_up_is_not_answered() -> None:
    sent = Sent()
    sent.open.clear()
    queue = OrderQueue(sent)
    first, second = (asyncio.create_task(queue.place(1, order)) for order in ("a", "broken"))
    await asyncio.sleep(0.01)
    first.cancel()
    second.cancel()
    sent.open.set()
    await asyncio.gather(first, second, return_exceptions=True)
    assert await queue.place(1, "b") == "row of b"


async def test_a_call_that_is_cancelled_cancels_its_orders() -> None:
    sent = Sent()
    sent.open.clear()
    queue = OrderQueue(sent)
    placing = asyncio.create_task(queue.place(1, "a"))
    await asyncio.sleep(0.01)
    for call in list(queue._tasks):
        call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await placing


async def test_a_call_that_is_cancelled_while_it_repeats_orders_cancels_all_of_them() -> None:
    sent = Sent()
    queue = OrderQueue(sent)
    placing = [asyncio.create_task(queue.place(1, order)) for order in ("a", "b", "broken", "c")]
    while len(sent.calls) < 3:  # noqa: ASYNC110
        await asyncio.sleep(0)
    for call in list(queue._tasks):
        call.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        answers = await asyncio.gather(*placing, return_exceptions=True)
    assert sum(isinstance(answer, asyncio.CancelledError) for answer in answers) >= 2
