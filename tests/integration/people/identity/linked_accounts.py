"""Accounts that trade before they are linked, and their sums."""

from decimal import Decimal

from people.identity.ports import Identity
from tests.support.people_house import BTC, ETH, House
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.ports import Account

D = Decimal


async def traded(house: House, who: Identity) -> Account:
    """An account with a position, a sold-out one and realised profit."""
    person = await house.person(who)
    account = await house.desk.open(person, f"open-{person}")
    await house.desk.place(account, f"{person}-1", Side.BUY, BTC, QuoteAmount(D(10_000 * person)))
    house.market.prices[BTC] += 1000
    await house.desk.place(account, f"{person}-2", Side.SELL, BTC, BaseQuantity(D("0.01")))
    await house.desk.place(account, f"{person}-3", Side.BUY, ETH, BaseQuantity(D(person)))
    eth = next(b for b in await house.desk.balances(account) if b.asset == "ETH")
    await house.desk.place(account, f"{person}-4", Side.SELL, ETH, BaseQuantity(eth.available))
    return account


async def totals(house: House) -> dict[str, Decimal]:
    """All there is of each asset, without what was granted."""
    rows = await house.fetch(
        "SELECT asset, sum(available + held) - coalesce((SELECT sum(granted) FROM account"
        " WHERE quote_asset = asset AND closed_at IS NULL), 0) AS total FROM balance GROUP BY asset"
    )
    return {row["asset"]: row["total"] for row in rows}
