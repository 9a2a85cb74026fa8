"""Users with limits on real PostgreSQL: both desks and the job that watches, at prices and times of a test."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg

from jobs.limit_watch import LimitWatch
from pipeline.market import Symbol
from tests.fakes.priced_market import BTC, ETH, PricedMarket
from trading.limits.account_limits import AccountLimits
from trading.limits.limited_desks import LimitedDesk, LimitedRestingDesk
from trading.limits.limited_stores import LimitedLedger, LimitedOrderStore
from trading.limits.types import LimitKind
from trading.matching.liquidity import Liquidity
from trading.orders.records import PlacedOrders
from trading.orders.requests import OrderRequest
from trading.orders.terms import OrderType
from trading.orders.types import QuoteAmount, Receipt, Share, Side
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal
CALM = random.Random(1)  # noqa: S311
MORNING = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class LimitsHouse:
    """Desk of one user. `pass_time` moves the wall clock and confirms every price, `say` sets the price of a coin."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.pool = pool
        self.at = MORNING
        self.told = 0
        self.market = PricedMarket()
        self.say("100")
        self.say("10", ETH)
        self.restart()
        self.commands = 0

    def restart(self) -> None:
        """Makes every part anew, as a start of the desk does."""
        used, settings = Liquidity(), TradingSettings()
        self.limits = AccountLimits.of(self.pool, self.market, self.clock, settings, CALM)
        ledger, orders = LimitedLedger(self.pool, self.limits), LimitedOrderStore(self.pool, self.limits)
        self.desk = LimitedDesk(self.market, ledger, settings, self.clock, self.limits, used)
        self.resting = LimitedRestingDesk(self.market, orders, ledger, settings, self.clock, used, self.limits)
        self.watch = LimitWatch(self.pool, self.market, self.clock, jitter=CALM, on_told=self._tell)

    def clock(self) -> int:
        return round(self.at.timestamp() * 1000)

    def _tell(self) -> None:
        self.told += 1

    def pass_time(self, span: timedelta) -> None:
        self.at += span
        self.market.pass_time(round(span.total_seconds() * 1000))

    def say(self, price: str, symbol: Symbol = BTC) -> None:
        middle, half = D(price), D("0.01")
        self.market.say(symbol, str(middle - half), str(middle + half), "1000000")

    async def open(self, person_id: int = 1, timezone: str = "UTC") -> Account:
        """Opens the account of a user who can be told in a private chat."""
        await self.pool.execute(
            "INSERT INTO person (id, language, timezone) OVERRIDING SYSTEM VALUE VALUES ($1, 'en', $2)",
            person_id,
            timezone,
        )
        await self.pool.execute(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)"
            " VALUES ($1, 'telegram', $2, false, now())",
            person_id,
            str(person_id),
        )
        return await self.desk.open(person_id, f"start-{person_id}")

    async def limit(self, account: Account, kind: LimitKind, value: str) -> None:
        await self.limits.change(account, kind, D(value))

    async def buy(self, account: Account, amount: str, symbol: Symbol = BTC) -> Receipt:
        self.commands += 1
        return await self.desk.place(account, f"b{self.commands}", Side.BUY, symbol, QuoteAmount(D(amount)))

    async def sell(self, account: Account, symbol: Symbol = BTC, share: str = "1") -> Receipt:
        self.commands += 1
        return await self.desk.place(account, f"s{self.commands}", Side.SELL, symbol, Share(D(share)))

    async def rest(
        self, account: Account, amount: str, price: str, side: Side = Side.BUY, symbol: Symbol = BTC
    ) -> PlacedOrders:
        self.commands += 1
        size = QuoteAmount(D(amount)) if side is Side.BUY else Share(D(amount))
        request = OrderRequest(symbol, side, OrderType.LIMIT, size, limit_price=D(price))
        return await self.resting.place(account, f"r{self.commands}", request)

    async def notices(self) -> list[str]:
        """Kinds of the notifications in the outbox."""
        return [row["kind"] for row in await self.pool.fetch("SELECT kind FROM outbox ORDER BY id")]
