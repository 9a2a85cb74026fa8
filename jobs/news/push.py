"""Tells users who asked for headlines about the coins that they watch or hold.

A message has up to three headlines, the strongest tone first, two of one source at most if others have any. A user
gets a bounded number of them on a day of their own, none in their quiet hours, and none about what is neutral or old.
Stories are marked in the same transaction.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import asyncpg

from core.clock import Clock
from core.database import Connection, Database, Pool
from core.outbox import encode
from core.recurrence import zone_of
from core.sql import load_queries
from people.notifications.quiet_hours import QuietHours
from pipeline.market import MINUTE_MS, Symbol
from pipeline.news.notices import KIND, MAX_HEADLINES, HeadlinesFound, PushedHeadline
from pipeline.news.records import NEUTRAL
from pipeline.news.selection import shared_out
from pipeline.news.store import milliseconds, moment
from pipeline.ports import MarketReader

SQL = load_queries(__package__, "push.sql")

OLDEST_MS = 120 * MINUTE_MS
"""Age of a headline, by its own date, at which nobody is told any more."""

BATCH_SIZE = 500


class HeadlinePush:
    """Job that writes headlines to the outbox; `run` may be called by any number of desks at once. `a_day` is the most
    messages of a user a day.
    """

    def __init__(
        self,
        pool: Pool,
        market: MarketReader,
        clock: Clock,
        *,
        a_day: int,
        jitter: random.Random,
        on_told: Callable[[], None],
    ) -> None:
        self._database = Database(pool, jitter=jitter)
        self._market = market
        self._clock = clock
        self._a_day = a_day
        self._on_told = on_told

    async def run(self) -> int:
        """Returns the number of messages. Raises DatabaseUnavailable and MarketUnavailable."""
        market, now = self._market.info().market, self._clock()
        symbols = {self._market.rules(symbol).base: symbol for symbol in self._market.symbols()}

        async def work(connection: Connection) -> int:
            async with connection.transaction():
                rows = await connection.fetch(SQL["untold"], BATCH_SIZE)
                fresh = [row for row in rows if milliseconds(row["published_at"]) > now - OLDEST_MS]
                about = _by_symbol(fresh, symbols)
                readers = await connection.fetch(SQL["readers"], market, list(about)) if about else []
                letters = [letter for row in readers if (letter := _letter(row, about, now)) is not None]
                told = await self._tell(connection, letters)
                await connection.execute(SQL["told"], moment(now), [row["id"] for row in rows])
            return told

        told = await self._database.run(work)
        if told:
            self._on_told()
        return told

    async def _tell(self, connection: Connection, letters: Sequence[tuple[int, str, str, str, str]]) -> int:
        if not letters:
            return 0
        columns = [list(column) for column in zip(*letters, strict=True)]
        return len(await connection.fetch(SQL["tell"], *columns, KIND, self._a_day))


def _by_symbol(
    rows: Sequence[asyncpg.Record], symbols: Mapping[str, Symbol]
) -> dict[Symbol, dict[int, PushedHeadline]]:
    """Returns the headlines that are not neutral, by the symbols of their coins and by their ids."""
    found: dict[Symbol, dict[int, PushedHeadline]] = {}
    for row in rows:
        if abs(row["tone"]) < NEUTRAL:
            continue
        headline = PushedHeadline(
            row["title"],
            row["link"],
            row["source"],
            tuple(row["assets"]),
            row["tone"],
            milliseconds(row["published_at"]),
        )
        for symbol in (symbols[asset] for asset in row["assets"] if asset in symbols):
            found.setdefault(symbol, {})[row["id"]] = headline
    return found


def _letter(
    row: asyncpg.Record, about: Mapping[Symbol, Mapping[int, PushedHeadline]], now: int
) -> tuple[int, str, str, str, str] | None:
    """Returns the message of one user: who, where, the day there, and the notice. None in their quiet hours."""
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone_of(row["timezone"]))
    if row["starts"] is not None and QuietHours(row["starts"], row["ends"]).holds(local):
        return None
    headlines = {story: each for symbol in row["symbols"] for story, each in about[Symbol(symbol)].items()}
    strongest = sorted(headlines, key=lambda story: (-abs(headlines[story].tone), -story))
    notice = HeadlinesFound(tuple(shared_out([headlines[story] for story in strongest], MAX_HEADLINES)))
    return row["person_id"], row["platform"], row["chat_id"], local.date().isoformat(), encode(notice)
