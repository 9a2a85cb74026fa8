"""Orders whose matching raises an error: they end, their hold goes back, and the others go on."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.support.matching_house import MatchingHouse, buys, running, sells, stops
from trading.matching import order_engine, sharing
from trading.orders.open_orders import EndReason, ListKind, ListRole, OpenOrder, OrderStatus
from trading.workers import matched_orders

D = Decimal


def raising(real: Callable[..., object], number: int) -> Callable[..., object]:
    """A function that fails for one order."""

    def fails(order: OpenOrder, *rest: object) -> object:
        if order.order_id == number:
            raise ZeroDivisionError(number)
        return real(order, *rest)

    return fails


@pytest.mark.parametrize(
    ("module", "name"), [(matched_orders, "execution_of"), (order_engine, "after_fills"), (sharing, "paid_by_hold")]
)
async def test_an_order_that_raises_ends_alone(
    house: MatchingHouse, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    bad, good = (await house.rest(buys("1", "90")))[0], (await house.rest(buys("3", "90")))[0]
    monkeypatch.setattr(module, name, raising(getattr(module, name), bad.order_id))
    async with running(house.worker):
        await house.knows(bad, good)
        await house.trade(("89", "2"))
        await house.caught_up()
        await house.trade(("89", "1"))
        await house.caught_up()
    ended, other = await house.record(bad), await house.record(good)
    assert (ended.status, ended.filled, ended.events[-1].reason) == (OrderStatus.EXPIRED, 0, EndReason.FAULT)
    assert other.filled in {2, 3}, "it gets what the other leaves"
    assert other.status in {OrderStatus.PARTIALLY_FILLED, OrderStatus.FILLED}
    assert ended.hold is None


async def test_the_other_order_of_a_pair_stays_open(house: MatchingHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    limit, stop = await house.rest(
        sells("1", "110"), stops("1", "90"), kind=ListKind.OCO, roles=(ListRole.LIMIT, ListRole.STOP)
    )
    monkeypatch.setattr(matched_orders, "execution_of", raising(matched_orders.execution_of, limit.order_id))
    async with running(house.worker):
        await house.knows(limit, stop)
        await house.trade(("111", "5"))
        await house.caught_up()
        assert (await house.record(limit)).events[-1].reason is EndReason.FAULT
        assert (await house.record(stop)).status is OrderStatus.NEW
        await house.knows(stop)
        await house.trade(("89", "5"))
        await house.show("89", "89.1")
        await house.caught_up()
    assert (await house.record(stop)).status is OrderStatus.FILLED
