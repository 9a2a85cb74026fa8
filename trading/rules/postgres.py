"""Strategies in PostgreSQL: the only module that accesses their table."""

import random
from collections.abc import Sequence
from difflib import get_close_matches

import asyncpg

from core.database import Connection, Database, Pool
from core.postgres.rows import RowReader
from core.sql import load_queries
from pipeline.market import MINUTE_MS, Interval, Symbol
from trading.rules.errors import StrategyNotShared, TooManyStrategies, UnknownStrategy
from trading.rules.rule import parse_rule
from trading.rules.strategies import MAX_STRATEGIES, NewStrategy, SavedStrategy, Strategy

SQL = load_queries(__package__, "queries.sql")

_MAX_SHOWN = 2 * MAX_STRATEGIES
_INTERVALS = {interval.ms // MINUTE_MS: interval for interval in Interval}


class PostgresStrategies:
    """`trading.rules.strategies.Strategies` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._strategies = RowReader("strategy", _strategy_of)

    async def save(self, new: NewStrategy) -> SavedStrategy:
        """Saves a strategy, in place of one of the same name. Raises TooManyStrategies."""
        key = new.person_id, new.market, new.name

        async def work(connection: Connection) -> SavedStrategy:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], new.person_id)
                before = await connection.fetchrow(SQL["find"], *key)
                if before is None and await connection.fetchval(SQL["count"], *key[:2]) >= MAX_STRATEGIES:
                    raise TooManyStrategies(MAX_STRATEGIES)
                minutes = new.interval.ms // MINUTE_MS
                rows = await connection.fetch(SQL["save"], *key, new.symbol, minutes, new.rule.text)
                replaced = self._strategies.read([] if before is None else [before])
                return SavedStrategy(_strategy_of(rows[0]), replaced[0] if replaced else None)

        return await self._database.run(work)

    async def of(self, person_id: int, market: str) -> Sequence[Strategy]:
        """Returns the strategies of a user, by name."""
        return self._strategies.read(await self._database.fetch(SQL["of"], person_id, market, _MAX_SHOWN))

    async def find(self, person_id: int, market: str, name: str) -> Strategy:
        """Returns a strategy. Raises UnknownStrategy."""
        return await self._one("find", person_id, market, name)

    async def delete(self, person_id: int, market: str, name: str) -> Strategy:
        """Deletes a strategy and returns it. Raises UnknownStrategy."""
        return await self._one("delete", person_id, market, name)

    async def share(self, person_id: int, market: str, name: str, code: str) -> Strategy:
        """Shares a strategy under this code, unless it is shared already. Raises UnknownStrategy."""
        return await self._one("share", person_id, market, name, code)

    async def unshare(self, person_id: int, market: str, name: str) -> Strategy:
        """Ends the sharing of a strategy: its code is no longer valid. Raises UnknownStrategy."""
        return await self._one("unshare", person_id, market, name)

    async def shared(self, code: str, market: str) -> Strategy:
        """Returns the strategy of a code. Raises StrategyNotShared."""
        rows = await self._database.fetch(SQL["shared"], code, market)
        if not rows:
            raise StrategyNotShared(code)
        return _strategy_of(rows[0])

    async def _one(self, query: str, person_id: int, market: str, name: str, *more: str) -> Strategy:
        rows = await self._database.fetch(SQL[query], person_id, market, name, *more)
        if not rows:
            known = [each.name for each in await self.of(person_id, market)]
            raise UnknownStrategy(name, tuple(get_close_matches(name, known)))
        return _strategy_of(rows[0])


def _strategy_of(row: asyncpg.Record) -> Strategy:
    return Strategy(
        row["id"],
        row["person_id"],
        row["market"],
        row["name"],
        Symbol(row["symbol"]),
        _INTERVALS[row["interval_minutes"]],
        parse_rule(row["rule"]),
        row["share_code"] or "",
    )
