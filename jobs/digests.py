"""Writes digests of accounts to the outbox, at an hour of each user's own day, daily or on Mondays.

A slot is an hour of a day in a time zone. The user and the date make the key, so that one digest is sent, however often
and by however many desks it is tried.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import asyncpg

from core import recurrence
from core.clock import Clock
from core.database import Database, Pool
from core.errors import DatabaseUnavailable, DeskError
from core.outbox import encode, kind_of
from core.sql import load_queries
from trading.errors import NoAccount
from trading.portfolio.notices import Digest, DigestPosition
from trading.portfolio.positions import Portfolio, Position
from trading.ports import Account, TradingDesk

SQL = load_queries(__package__, "digests.sql")

EVERY_SECONDS = 60
BATCH_SIZE = 100
LATEST = timedelta(hours=6)
"""Age at which a digest that could not be written is left out: the next one covers everything."""

MONDAY = 0
WEEK = 7
NOON = 12

EQUITY_POINTS = 1000
"""Points of the round's equity, from which the first digest takes the equity at the start of its day."""

log = logging.getLogger(__name__)


def next_slot(zone: str, now: datetime, every: str, hour: int) -> datetime:
    """Returns the first moment after `now` at which it is `hour` o'clock in the zone (on a Monday if `every` is
    weekly).

    If a clock change skips the hour, the result is the moment of the change; if the hour occurs twice, the first.
    """
    return recurrence.next_slot(recurrence.Recurrence(recurrence.Frequency(every), hour * 60, MONDAY), zone, now).at


@dataclass(frozen=True, slots=True)
class Span:
    """The `days` of the local calendar that a digest covers, up to `last`; the first began at `start` (UTC)."""

    last: date
    days: int
    start: datetime


def span_reported(due: datetime, zone: str, every: str) -> Span:
    """Returns the day that holds most of the 24 hours before `due`; for a weekly digest, the last complete Monday to
    Sunday.
    """
    local = due.astimezone(recurrence.zone_of(zone))
    day = local.date()
    if every == recurrence.Frequency.WEEKLY:
        last, days = day - timedelta(days=day.weekday() + 1), WEEK
    else:
        last, days = day - timedelta(days=local.hour < NOON), 1
    return Span(last, days, recurrence.start_of(last - timedelta(days=days - 1), zone))


class Digests:
    """Job that writes digests; `run` may be called by any number of desks at once."""

    def __init__(self, pool: Pool, desk: TradingDesk, clock: Clock, *, jitter: random.Random) -> None:
        self._database = Database(pool, jitter=jitter)
        self._desk = desk
        self._clock = clock

    async def run(self) -> int:
        """Writes the digests that are due and returns their number; one that lacks a price waits for the next run.

        Raises DatabaseUnavailable.
        """
        written = 0
        tried: set[int] = set()
        now = datetime.fromtimestamp(self._clock() / 1000, UTC)
        while due := [
            row for row in await self._rows("due", BATCH_SIZE + len(tried), now) if row["person_id"] not in tried
        ]:
            for row in due:
                tried.add(row["person_id"])
                written += await self._one(row, now)
        return written

    async def _one(self, row: asyncpg.Record, now: datetime) -> bool:
        zone, due = row["zone"], row["next_at"]
        following = next_slot(zone, now, row["every"], row["hour"])
        if row["timezone"] != zone or now - due > LATEST:
            await self._rows("plan", row["person_id"], due, following, zone)
            return False
        try:
            account = await self._desk.account(row["person_id"])
            notice = await self._notice(row, account)
        except NoAccount:
            await self._rows("plan", row["person_id"], due, following, zone)
            return False
        except DatabaseUnavailable:
            raise
        except DeskError as error:
            log.warning("the digest of person %d waits: %s", row["person_id"], error.code())
            return False
        key = f"digest:{row['person_id']}:{due.astimezone(recurrence.zone_of(zone)).date().isoformat()}"
        told = (account.account_id, account.round, notice.equity, key, kind_of(notice), encode(notice), notice.granted)
        await self._rows("tell", row["person_id"], due, following, zone, *told)
        return True

    async def _notice(self, row: asyncpg.Record, account: Account) -> Digest:
        held = await self._desk.portfolio(account)
        alerts = await self._rows("alerts", row["person_id"], account.market)
        span = span_reported(row["next_at"], row["zone"], row["every"])
        before, since = await self._before(row, account, held, span)
        best, worst = best_and_worst(held)
        return Digest(
            date=span.last.isoformat(),
            days=span.days,
            every=row["every"],
            market=account.market,
            quote=account.quote_asset,
            equity=held.equity,
            granted=held.granted,
            cash=held.cash,
            positions=sum(1 for position in held.positions if position.quantity),
            alerts=alerts[0]["count"],
            before=before,
            since=since,
            best=best,
            worst=worst,
        )

    async def _before(
        self, row: asyncpg.Record, account: Account, held: Portfolio, span: Span
    ) -> tuple[Decimal | None, int | None]:
        """Returns the equity from which the change is counted, raised by the grants since, and its time (UTC ms). It is
        that of the last digest of this round, or else of the start of the first day, or of the start of the round if
        that is later. (None, None) if no equity is available.
        """
        same = (row["account_id"], row["round"]) == (account.account_id, account.round)
        if same and row["told_at"] is not None:
            granted = held.granted if row["granted"] is None else row["granted"]
            return row["equity"] + held.granted - granted, int(row["told_at"].timestamp() * 1000)
        try:
            points = await self._desk.equity(account, EQUITY_POINTS)
        except DatabaseUnavailable:
            raise
        except DeskError as error:
            log.warning("the digest of person %d has no change: %s", row["person_id"], error.code())
            return None, None
        if not points:
            return None, None
        ahead = points[-1].time - self._clock()  # a replay has a clock of its own
        start = int(span.start.timestamp() * 1000) + ahead
        point = next((point for point in reversed(points) if point.time <= start), points[0])
        return point.equity, point.time - ahead

    async def _rows(self, name: str, *arguments: object) -> Sequence[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def best_and_worst(held: Portfolio) -> tuple[DigestPosition | None, DigestPosition | None]:
    """Returns the best and the worst position by unrealised profit; no worst if there is only one. Positions without a
    price are left out.
    """
    ranked = sorted(
        (found for position in held.positions if (found := _holding(position)) is not None),
        key=lambda each: (each.profit, each.symbol),
    )
    if not ranked:
        return None, None
    return ranked[-1], ranked[0] if len(ranked) > 1 else None


def _holding(position: Position) -> DigestPosition | None:
    value, profit = position.value, position.unrealised
    if not position.quantity or value is None or profit is None:
        return None
    return DigestPosition(position.symbol, Decimal(value), Decimal(profit))
