"""Orders take time to the market: they are priced, or accepted, at the moment of their arrival."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

import asyncpg
import pytest

from pipeline.market import MarketInfo, SourceKind, Symbol
from tests.fakes.order_store import MemoryOrderStore
from tests.fakes.priced_market import BTC, NOON, PricedMarket
from tests.integration.trading.desk_figures import WALL
from tests.support.matching_house import MatchingHouse, memory_account, resting_desk
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.market_data import QUOTE_SECONDS, Latency
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal


@dataclass
class RunningMarket(PricedMarket):
    """A market whose clock runs while somebody sleeps; it has quotes every `every` ms after noon."""

    speed: float = 1.0
    every: int = 1_000
    naps: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.REPLAY, "USDC", 1000, 15_000, self.time, 0, self.speed)

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        for _ in range(round(seconds * 1000)):
            self.time += round(self.speed)
            if (self.time - NOON) % self.every == 0:
                self.say(BTC, "99.99", "100.01")


@pytest.mark.parametrize("speed", [1, 20])
async def test_an_order_waits_for_the_first_quote_at_or_after_its_arrival(speed: int) -> None:
    market = RunningMarket(speed=speed)
    await Latency(market, 300, market.sleep).pass_by(BTC)
    assert market.naps[0] == pytest.approx(0.3 / speed)
    quote = await market.quote(BTC)
    assert quote.time == NOON + 1_000
    assert market.time - quote.time < 50 * speed


async def test_an_order_that_rests_waits_for_its_arrival_alone() -> None:
    market = RunningMarket()
    await Latency(market, 300, market.sleep).pass_by()
    assert market.time == NOON + 300


async def test_no_wait_is_without_end() -> None:
    slow, silent, down = RunningMarket(speed=0.001), RunningMarket(every=10**9), RunningMarket()
    down.down = True
    await Latency(slow, 10_000, slow.sleep).pass_by()
    assert slow.naps == [10]
    await Latency(silent, 100, silent.sleep).pass_by(BTC)
    assert sum(silent.naps) == pytest.approx(0.1 + QUOTE_SECONDS)
    await Latency(down, 100, down.sleep).pass_by(BTC)
    await Latency(silent, 0, down.sleep).pass_by(Symbol("NONE"))
    assert down.naps == []


async def test_a_market_order_pays_the_price_at_its_arrival_and_says_so(
    market: PricedMarket, account: Account, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    desk = Desk(market, PostgresLedger(pool), TradingSettings(latency_ms=60), lambda: WALL)
    placing = asyncio.create_task(desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1))))
    await asyncio.sleep(0)
    market.time += 40
    market.say(BTC, "100.99", "101.01")  # before the arrival
    await asyncio.sleep(0.08)
    assert not placing.done()
    market.time += 40
    market.say(BTC, "101.99", "102.01")
    receipt = await placing
    assert (receipt.execution.average_price, receipt.execution.latency_ms) == (D("102.01"), 60)
    assert await desk.receipt(account, receipt.order_id) == receipt


async def test_an_order_that_rests_is_accepted_at_its_arrival() -> None:
    store = MemoryOrderStore()
    store.fund(1, "USDC", "1000")
    house = MatchingHouse(store)
    desk = resting_desk(house, memory_account(), store, TradingSettings(latency_ms=40))
    request = OrderRequest(BTC, Side.BUY, OrderType.LIMIT, BaseQuantity(D(1)), D(90))
    placing = asyncio.create_task(desk.orders.place(desk.account, "buy", request))
    await asyncio.sleep(0)
    house.market.time += 40
    (order,) = (await placing).orders
    opened = await store.open_order(1, order.order_id)
    assert opened is not None
    assert opened.accepted_at == NOON + 40
