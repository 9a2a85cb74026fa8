"""Both desks name the person for whom they act, on real PostgreSQL."""

from decimal import Decimal

import asyncpg
import pytest

from tests.fakes.priced_market import BTC
from tests.support.matching_house import MatchingHouse
from tests.support.push_house import somebody
from tests.support.trading_house import owner_of
from trading.desk import Desk
from trading.errors import AccountReassigned
from trading.ledger.postgres import PostgresLedger
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import BaseQuantity, Side
from trading.settings import TradingSettings

ONE = BaseQuantity(Decimal(1))


async def test_no_command_reaches_the_account_of_another(
    postgres_house: MatchingHouse, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    house, other = postgres_house, await somebody(pool, "other")
    account, orders = house.desk.account, house.desk.orders
    request = OrderRequest(BTC, Side.BUY, OrderType.LIMIT, ONE, Decimal(90))
    (there,) = (await orders.place(account, "there", request)).orders
    desk = Desk(house.market, PostgresLedger(pool), TradingSettings(), lambda: house.market.time)
    previewed = await desk.preview(account, Side.BUY, BTC, ONE)
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE account SET person_id = $2 WHERE id = $1", account.account_id, other)
    for send in (
        lambda: orders.place(account, "late", request),
        lambda: orders.amend(account, "late", there.order_id, quantity=Decimal("0.5")),
        lambda: orders.cancel(account, "late", there.order_id),
        lambda: orders.cancel_all(account, "late"),
        lambda: desk.place(account, "late", Side.BUY, BTC, ONE),
        lambda: desk.confirm(account, "late", previewed),
        lambda: desk.reset(account, "late"),
    ):
        with pytest.raises(AccountReassigned):
            await send()
