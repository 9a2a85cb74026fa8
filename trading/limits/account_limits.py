"""Limits over a store, a market and the wall clock: valuation of accounts, checks of orders, and changes by users."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.database import Pool
from core.time_zones import known_zone
from pipeline.market import Symbol
from trading.errors import NoAccount
from trading.limits.check import LimitChange, check_order
from trading.limits.ports import DayEnds, LimitsOverview, WatchedAccount
from trading.limits.postgres import PostgresLimits
from trading.limits.types import PAUSING, Limit, LimitDelays, LimitKind, OwnLimit, ProposedOrder
from trading.market_data import DeskMarket
from trading.portfolio.marks import marks_of
from trading.ports import Account
from trading.settings import TradingSettings


def day_end(at: datetime, timezone: str) -> datetime:
    """Returns the end of the day in a time zone (an IANA name) in which `at` is, in UTC."""
    zone = ZoneInfo(known_zone(timezone))
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def day_ends(at: datetime, timezone: str) -> DayEnds:
    """Returns the ends of the day in a time zone in which `at` is, and of the day after."""
    present = day_end(at, timezone)
    return DayEnds(present, day_end(present, timezone))


async def value_accounts(
    accounts: Sequence[WatchedAccount], store: PostgresLimits, market: DeskMarket, at: datetime
) -> Sequence[int]:
    """Values accounts at fresh prices, together; returns those that were valued. Raises MarketUnavailable,
    DatabaseUnavailable.
    """
    held = await store.symbols([each.account_id for each in accounts])
    marks = {symbol: mark.price for symbol, mark in (await marks_of(market, held)).items() if not mark.stale}
    return await store.value({each.account_id: day_ends(at, each.timezone) for each in accounts}, marks, at)


async def pause_reached(account_ids: Sequence[int], store: PostgresLimits, market: DeskMarket, at: datetime) -> int:
    """Pauses those of the valued accounts that have reached a limit, and tells their users. Returns the number of
    pauses. Raises DatabaseUnavailable.
    """
    info, paused = market.info(), 0
    for reached in await store.reached(account_ids, at):
        paused += await store.pause(reached, info.market, info.quote_asset, at, market.now())
    return paused


def _sales_of(limits: Sequence[Limit], at: datetime) -> tuple[int, datetime]:
    """Returns how many of the newest sales limits depend on, and since when on all of them."""
    newest = max((int(limit.value) for limit in limits if limit.kind is LimitKind.STREAK), default=0)
    minutes = max((limit.cooldown_minutes for limit in limits if limit.kind is LimitKind.LOSS), default=0)
    return newest, at - timedelta(minutes=minutes)


class AccountLimits:
    """`trading.limits.ports.LimitGuard` and `Limits`."""

    def __init__(self, store: PostgresLimits, market: DeskMarket, clock: Clock, delays: LimitDelays) -> None:
        self._store = store
        self._market = market
        self._clock = clock
        self._delays = delays

    async def check(self, account: Account, symbol: Symbol, price: Decimal, order: ProposedOrder) -> None:
        """Raises LimitReached if the order would pass a limit now; see `LimitGuard.check`."""
        at = self._now()
        limits, pause = await self._store.limits_of(account.account_id, at)
        if not limits and pause is None:
            return
        await self.value(account.account_id)
        found = await self._store.standing(account, symbol, price, *_sales_of(limits, at))
        if found is None:
            raise NoAccount
        refusal = check_order(order, limits, replace(found, pause=pause), at)
        if refusal is not None:
            raise refusal

    async def value(self, account_id: int) -> None:
        """Values the account at current prices; see `LimitGuard.value`."""
        known = await self._store.watched_account(account_id)
        if known is None:
            raise NoAccount
        await value_accounts([known], self._store, self._market, self._now())

    async def settle(self, account: Account) -> None:
        """Pauses the account if it has reached a limit; see `LimitGuard.settle`."""
        at = self._now()
        limits, _ = await self._store.limits_of(account.account_id, at)
        if any(limit.kind in PAUSING for limit in limits):
            await self.value(account.account_id)
            await pause_reached([account.account_id], self._store, self._market, at)

    async def overview(self, account: Account) -> LimitsOverview:
        """Returns the limits of the user and of the desk."""
        return await self._store.overview(account, self._now())

    async def preview(self, account: Account, kind: LimitKind, wish: Decimal | None) -> LimitChange:
        """Returns what `change` would change now; see `Limits.preview`."""
        return await self._store.preview(account.person_id, kind, wish, self._now(), self._delays)

    async def change(self, account: Account, kind: LimitKind, wish: Decimal | None) -> LimitChange:
        """Sets or removes a user's limit; see `Limits.change`. The account is valued, so that its peak and its day
        begin with the limit.
        """
        done = await self._store.change(account.person_id, kind, wish, self._now(), self._delays)
        await self.value(account.account_id)
        return done

    async def keep(self, account: Account, kind: LimitKind) -> OwnLimit:
        """Drops a change that is to come; see `Limits.keep`."""
        return await self._store.keep(account.person_id, kind, self._now(), self._delays)

    async def resume(self, account: Account) -> Decimal:
        """Ends a pause by the drawdown; see `Limits.resume`."""
        await self.value(account.account_id)
        return await self._store.resume(account.account_id, self._now())

    async def change_desk(self, kind: LimitKind, wish: Decimal | None) -> None:
        """Sets or removes a limit of the desk; see `Limits.change_desk`."""
        await self._store.change_desk(kind, wish, self._now(), self._delays)

    @classmethod
    def of(
        cls, pool: Pool, market: DeskMarket, clock: Clock, settings: TradingSettings, jitter: random.Random
    ) -> "AccountLimits":
        """Returns the limits in a database, with the delays of the settings."""
        delays = LimitDelays(timedelta(hours=settings.limit_raise_hours), settings.limit_cooldown_minutes)
        return cls(PostgresLimits(pool, jitter=jitter), market, clock, delays)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock() / 1000, UTC)
