"""The rules in the database and those of previews say the same of random orders. Real PostgreSQL."""

import random
from datetime import timedelta
from decimal import Decimal

from core.errors import DeskError
from tests.fakes.priced_market import BTC, ETH
from tests.support.limits_house import LimitsHouse
from trading.errors import LimitReached
from trading.limits.types import LimitKind
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import QuoteAmount, Side

D = Decimal
ORDERS = 120
LIMITS = {
    LimitKind.DAY: "0.004",
    LimitKind.COIN: "0.1",
    LimitKind.ORDER: "40000",
    LimitKind.ORDERS: "4",
    LimitKind.STREAK: "2",
    LimitKind.LOSS: "0.06",
}


async def test_a_preview_is_refused_when_and_only_when_the_order_is(house: LimitsHouse) -> None:
    account = await house.open()
    for kind, value in LIMITS.items():
        await house.limit(account, kind, value)
    chance, seen = random.Random(3), set[str]()  # noqa: S311
    for number in range(ORDERS):
        house.pass_time(timedelta(minutes=chance.choice((1, 1, 20, 300))))
        symbol = chance.choice((BTC, ETH))
        house.say(f"{(100 if symbol is BTC else 10) * chance.uniform(0.9, 1.1):.2f}", symbol)
        amount = D(chance.choice((100, 3000, 30_000, 39_000, 45_000)))
        if chance.random() < 0.25:
            await _undo(house, number, chance)
            continue
        refusals: list[tuple[str, str] | None] = []
        price = (await house.market.quote(symbol)).bid - 1
        request = OrderRequest(symbol, Side.BUY, OrderType.LIMIT, QuoteAmount(amount), limit_price=round(price, 2))
        rests = chance.random() < 0.5
        for attempt in (
            house.resting.preview(account, request)
            if rests
            else house.desk.preview(account, Side.BUY, symbol, QuoteAmount(amount)),
            house.resting.place(account, f"o{number}", request) if rests else house.buy(account, str(amount), symbol),
        ):
            try:
                await attempt
                refusals.append(None)
            except LimitReached as refused:
                refusals.append((refused.kind, f"{refused.allowed:.2f}"))
        assert refusals[0] == refusals[1], number
        seen.add(refusals[0][0] if refusals[0] else "")
    assert seen == {"", *(kind.value for kind in LIMITS)}


async def _undo(house: LimitsHouse, number: int, chance: random.Random) -> None:
    """A sale of what there is, or the end of all open orders."""
    account = await house.desk.account(1)
    try:
        if chance.random() < 0.6:
            await house.sell(account, chance.choice((BTC, ETH)))
        else:
            await house.resting.cancel_all(account, f"c{number}")
    except LimitReached:
        raise
    except DeskError:
        return
