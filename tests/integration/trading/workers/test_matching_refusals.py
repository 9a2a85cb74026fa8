"""What the matching worker does when the store writes nothing of an order."""

from dataclasses import replace
from decimal import Decimal

from tests.support.matching_house import MatchingHouse, Meanwhile, buys, running, until
from trading.ledger.order_ports import Applied
from trading.orders.bookings import Amendment, BookedEffect

D = Decimal


async def test_an_amendment_keeps_its_queue_against_an_older_state(house: MatchingHouse) -> None:
    """The user moves the order behind 7 while the worker writes what is ahead of it at the old price."""
    (order,) = await house.rest(buys("1", "90"), queue="5")
    lower = Amendment(order.order_id, 1, D(1), D(80), None, D(80), D(80), D(7), loses_place=True)
    store = Meanwhile(
        house.store,
        lambda _, states: bool(states),
        lambda: house.store.amend(house.account_id, lower, house.command("lower")),
    )
    worker = house.another(store)  # type: ignore[arg-type]
    async with running(worker):
        await house.knows(order, worker=worker)
        await house.trade(("90", "2"))
        await until(lambda: store.happened)
        await house.caught_up()
    found = await store.open_order(house.account_id, order.order_id)
    assert found is not None
    assert (found.limit_price, found.queue_ahead) == (80, 7)


async def test_a_stuck_order_is_left_alone_until_it_is_amended(house: MatchingHouse) -> None:
    bad, good = (await house.rest(buys("1", "90")))[0], (await house.rest(buys("3", "90")))[0]
    store, refused = house.store, list[int]()

    class Refusing:
        """Passes over what happens to the first version of an order."""

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def apply(self, market: str, effects: list[BookedEffect], *rest: object) -> Applied:
            taken = [each for each in effects if each.effect.order_id != bad.order_id or each.version != 1]
            applied = await store.apply(market, taken, *rest)  # type: ignore[arg-type]
            if len(taken) == len(effects):
                return applied
            refused.append(len(effects) - len(taken))
            return replace(applied, gone=applied.gone | {bad.order_id}, stuck={bad.order_id: 1})

    worker = house.another(Refusing())  # type: ignore[arg-type]
    async with running(worker):
        await house.knows(bad, good, worker=worker)
        await house.trade(("89", "2"), ("89", "0.5"))
        await house.caught_up()
        await house.trade(("89", "0.5"))
        await house.caught_up()
        same = Amendment(bad.order_id, 1, D("0.8"), D(90), None, D(90), D(72), D(0), loses_place=False)
        await store.amend(house.account_id, same, house.command("again"))
        await until(lambda: bad.order_id in worker._orders)
        await house.trade(("89", "5"))
        await house.caught_up()
    assert refused == [1]
    assert (await house.record(good)).filled == 3
    assert (await house.record(bad)).filled == D("0.8")
