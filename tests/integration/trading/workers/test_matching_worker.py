"""The worker that matches the market with open orders: every frame once, over restarts, races and rivals."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.bus import InProcessBus
from tests.fakes.order_store import MemoryOrderStore
from tests.fakes.priced_market import BTC
from tests.patience import PATIENCE_SECONDS
from tests.support.matching_house import QUICK, MatchingHouse, Meanwhile, buys, running, sells, stops, until
from trading.ledger.order_ports import Applied, OpenOrderChanges
from trading.orders.bookings import Amendment
from trading.orders.open_orders import EndReason, ListKind, ListRole, OrderEventKind, OrderStatus

D = Decimal


async def test_an_order_fills_when_the_market_trades_through(house: MatchingHouse) -> None:
    (order,) = await house.rest(buys("1", "90"))
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("91", "5"), ("89", "0.4"), ("89.5", "5"))
        await house.caught_up()
    filled = await house.record(order)
    assert (filled.status, filled.filled, filled.average_price) == (OrderStatus.FILLED, D(1), D(90))
    assert [event.quantity for event in filled.events if event.kind is OrderEventKind.FILLED] == [D("0.4"), D("0.6")]
    assert filled.hold is None
    assert house.rung


async def test_orders_accepted_while_the_worker_runs_are_learned(house: MatchingHouse) -> None:
    async with running(house.worker):
        await house.trade(("100", "1"))
        (order,) = await house.rest(buys())
        await house.trade(("89", "5"))
        await until(lambda: order.order_id in house.worker._orders or house.rung > 0)
        await house.caught_up()
        await until(lambda: house.rung > 0)
    assert (await house.record(order)).status is OrderStatus.FILLED


async def test_trades_before_late_news_fill_the_order(house: MatchingHouse) -> None:
    """The order is accepted, the market trades through it, and only then does the worker hear of the order."""
    async with running(house.worker):
        await house.trade(("100", "1"))
        await house.caught_up()
        store = house.worker._store

        class Late:
            """Says nothing of changes until the test lets it."""

            def __init__(self) -> None:
                self.open = False

            def __getattr__(self, name: str) -> object:
                return getattr(store, name)

            async def changes(self, market: str, cursor: str) -> object:
                return await store.changes(market, cursor) if self.open else OpenOrderChanges((), frozenset(), cursor)

        late = Late()
        house.worker._store = late  # type: ignore[assignment]
        (order,) = await house.rest(buys())
        await house.trade(("89", "0.3"), ("89", "5"), ("95", "1"))
        await house.caught_up()
        assert (await house.record(order)).filled == 0
        late.open = True
        await until(lambda: house.rung > 0)
    assert (await house.record(order)).filled == 1


async def test_a_restart_continues_where_effects_were_written(house: MatchingHouse) -> None:
    (order,) = await house.rest(buys("1", "90"))
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("89", "0.4"))
        await house.caught_up()
    await house.trade(("89", "0.1"), ("95", "1"))  # while nobody matches
    house.bus._groups.clear()  # a new process knows of no commit
    house.worker = house.another()
    async with running(house.worker):
        await house.trade(("89", "0.1"))
        await house.caught_up()
    assert (await house.record(order)).filled == D("0.6")


async def test_a_worker_killed_before_its_commit_fills_nothing_twice(house: MatchingHouse) -> None:
    (order,) = await house.rest(buys("1", "90"))
    written, store = asyncio.Event(), house.store

    class Dying:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def apply(self, *arguments: object) -> Applied:
            answer = await store.apply(*arguments)  # type: ignore[arg-type]
            if arguments[1]:
                written.set()
                await asyncio.Event().wait()
            return answer

    dying = house.another(Dying())  # type: ignore[arg-type]
    async with running(dying):
        await house.knows(order, worker=dying)
        await house.trade(("89", "0.4"))
        await written.wait()
    house.bus._groups.clear()
    async with running(house.worker):
        await house.trade(("95", "1"))
        await house.caught_up()
    assert (await house.record(order)).filled == D("0.4")


async def test_of_two_workers_of_a_partition_only_one_writes(house: MatchingHouse) -> None:
    """The rival has its own copy of the log: it lost the partition and has not heard of it."""
    (order,) = await house.rest(buys("1", "90"))
    other = InProcessBus(market=house.bus.market)
    other.log = house.bus.log
    rival = house.another(bus=other)

    async with running(house.worker):
        await house.knows(order)
        async with running(rival):
            await house.knows(order, worker=rival)
            await house.trade(("89", "0.4"))
            await house.caught_up()
            await other.publish(house.bus._logs[0].frames[-1])
            share = rival._share
            await until(lambda: rival._share > share)
            assert (await house.record(order)).filled == D("0.4")
    assert rival._stored in ({}, {0: 1})


async def test_a_worker_that_waits_to_read_orders_again_can_be_cancelled(
    house: MatchingHouse, caplog: pytest.LogCaptureFixture
) -> None:
    (order,) = await house.rest(buys("1", "90"))
    other = InProcessBus(market=house.bus.market)
    other.log = house.bus.log
    rival = house.another(bus=other)
    rival._timing = replace(QUICK, write_seconds=PATIENCE_SECONDS)
    async with running(house.worker):
        await house.knows(order)
        ending = asyncio.create_task(rival.run())
        await house.knows(order, worker=rival)
        await house.trade(("89", "0.4"))
        await house.caught_up()
        await other.publish(house.bus._logs[0].frames[-1])
        await until(lambda: "another worker matched these orders" in caplog.text)
        ending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ending


async def test_a_cancel_that_comes_first_refuses_the_fill(house: MatchingHouse) -> None:
    (order,) = await house.rest(buys("1", "90"))
    cancelled, store = asyncio.Event(), house.store

    class Racing:
        """Cancels the order after the worker has decided, before it writes."""

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def apply(self, *arguments: object) -> Applied:
            if arguments[1] and not cancelled.is_set():
                await store.cancel(house.account_id, [order.order_id], None, house.command("cancel"))
                cancelled.set()
            return await store.apply(*arguments)  # type: ignore[arg-type]

    worker = house.another(Racing())  # type: ignore[arg-type]
    async with running(worker):
        await house.knows(order, worker=worker)
        await house.trade(("89", "5"))
        await cancelled.wait()
        await house.caught_up()
    ended = await house.record(order)
    assert (ended.status, ended.filled, ended.hold) == (OrderStatus.CANCELED, D(0), None)


async def test_an_amended_order_is_matched_as_amended(house: MatchingHouse) -> None:
    """The worker decides a fill at the old limit while the user lowers it."""
    (order,) = await house.rest(buys("1", "90"))
    lower = Amendment(order.order_id, 1, D(1), D(80), None, D(80), D(80), D(0), loses_place=True)
    store = Meanwhile(
        house.store,
        lambda effects, _: bool(effects),
        lambda: house.store.amend(house.account_id, lower, house.command("lower")),
    )
    worker = house.another(store)  # type: ignore[arg-type]
    async with running(worker):
        await house.knows(order, worker=worker)
        await house.trade(("89", "5"))
        await until(lambda: store.happened)
        await house.caught_up()
        assert (await house.record(order)).filled == 0
        await house.trade(("85", "5"), ("79", "5"))
        await house.caught_up()
    filled = await house.record(order)
    assert (filled.status, filled.average_price) == (OrderStatus.FILLED, D(80))


async def test_a_pair_ends_with_one_fill(house: MatchingHouse) -> None:
    roles = (ListRole.LIMIT, ListRole.STOP)
    profit, loss = await house.rest(sells("1", "110"), stops("1", "90"), kind=ListKind.OCO, roles=roles)
    async with running(house.worker):
        await house.knows(profit, loss)
        await house.trade(("111", "5"))
        await house.caught_up()
    assert (await house.record(profit)).status is OrderStatus.FILLED
    ended = await house.record(loss)
    assert (ended.status, ended.events[-1].reason, ended.hold) == (OrderStatus.EXPIRED, EndReason.LIST, None)


async def test_a_stop_fills_at_the_next_quote(house: MatchingHouse) -> None:
    (loss,) = await house.rest(stops("1", "90"))
    async with running(house.worker):
        await house.knows(loss)
        await house.trade(("89", "0.1"))
        await house.show("88.5", "89")
        await house.caught_up()
    filled = await house.record(loss)
    assert (filled.status, filled.average_price) == (OrderStatus.FILLED, D("88.5"))
    assert [event.kind for event in filled.events] == [
        OrderEventKind.ACCEPTED,
        OrderEventKind.TRIGGERED,
        OrderEventKind.FILLED,
    ]


async def test_an_order_expires_at_its_date_without_events_of_its_symbol(house: MatchingHouse) -> None:
    (order,) = await house.rest(buys(expires_at=house.market.time + 60_000))
    async with running(house.worker):
        await house.knows(order)
        await house.show("9.9", "10", step=59_000, symbol=list(house.market.listed)[1])
        await house.caught_up()
        assert (await house.record(order)).status is OrderStatus.NEW
        await house.show("9.9", "10", step=6_001, symbol=list(house.market.listed)[1])
        await house.caught_up()
    ended = await house.record(order)
    assert (ended.status, ended.events[-1].reason) == (OrderStatus.EXPIRED, EndReason.TIME)


async def test_what_is_learned_of_the_queue_outlives_a_restart(house: MatchingHouse) -> None:
    (order,) = await house.rest(buys("1", "90"), queue="5")
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("90", "3"))
        await house.caught_up()
    house.bus._groups.clear()
    house.worker = house.another()
    async with running(house.worker):
        await house.knows(order)
        await house.trade(("90", "2.5"))
        await house.caught_up()
    assert (await house.record(order)).filled == D("0.5")


async def test_while_the_database_is_away_frames_flow_and_effects_wait() -> None:
    store = MemoryOrderStore()
    store.fund(1, "USDC", "1000")
    house = MatchingHouse(store)
    (order,) = await house.rest(buys())
    async with running(house.worker):
        await house.knows(order)
        store.down = True
        await house.trade(("89", "0.4"), *[("95", "1")] * 200, step=10)  # more than the bus keeps
        await until(lambda: house.worker.failing)
        store.down = False
        await house.caught_up()
    assert (await house.record(order)).filled == D("0.4")


@pytest.mark.parametrize("log", ["", "kafka:cluster:topic"])
async def test_positions_are_stored_on_a_durable_log_only(log: str) -> None:
    store = MemoryOrderStore()
    house = MatchingHouse(store, log=log)
    async with running(house.worker):
        await house.trade(("100", "1"), ("101", "1"))
        await house.caught_up()
    assert dict(store.stored["simulator", log]) == ({0: 2} if log else {})


async def test_too_much_that_waits_starts_matching_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.workers.matching_worker.MAX_UNWRITTEN", 3)
    store = MemoryOrderStore()
    store.fund(1, "USDC", "1000")
    house = MatchingHouse(store)
    (order,) = await house.rest(buys())
    async with running(house.worker):
        await house.knows(order)
        store.down = True
        await house.trade(*[("89", "0.1")] * 5)
        await until(lambda: not house.bus._groups or not next(iter(house.bus._groups.values())).members)
        store.down = False
        await house.knows(order)
        await house.trade(("89", "0.3"))
        await house.caught_up()
    assert (await house.record(order)).filled == D("0.3"), "what waited is lost, and nothing is filled twice"


async def test_the_trades_of_symbols_with_orders_are_followed() -> None:
    store = MemoryOrderStore()
    store.fund(1, "USDC", "1000")
    house = MatchingHouse(store)
    async with running(house.worker):
        await house.trade(("100", "1"))
        await house.caught_up()
        assert house.followed == []
        (order,) = await house.rest(buys())
        await house.knows(order)
        await until(lambda: house.followed == [frozenset({BTC})])
