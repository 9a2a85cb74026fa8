"""What to learn from: which market, which of its symbols, until when. Light to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import asyncpg

from core.clock import Clock
from core.sql import load_queries
from ml.errors import NothingToLearn
from pipeline.archive.postgres import translated
from pipeline.market import DAY_MS, MINUTE_MS, MarketInfo, Symbol
from pipeline.rules import TRADING
from pipeline.store import codec
from pipeline.store.redis import RedisStore

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_QUERIES = load_queries(__package__, "queries.sql")
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class TrainingScope:
    """`symbols` by turnover, the largest first; `now` is the market's own time, UTC ms."""

    market: str
    now: int
    symbols: tuple[Symbol, ...]


async def choose(pool: Pool, store: RedisStore, wall: Clock, *, market: str, count: int) -> TrainingScope:
    """The market of that name, or the running one, or the one of the archive with the newest candle.

    Of the running market the `count` symbols that trade now with the largest turnover of a day are taken: what was
    delisted or stands still is neither learnt from nor forecast. Of another market the archive tells. Raises
    NothingToLearn and MarketDown.
    """
    info, _ = await store.head()
    if info is not None and market in ("", info.market):
        return TrainingScope(info.market, info.now(wall()), (await _traded(store, info, wall()))[:count])
    name = market or await _newest_market(pool)
    with translated():
        newest = await pool.fetchval(_QUERIES["newest"], name, timeout=_SECONDS)
    if newest is None:
        raise NothingToLearn(market)
    now = int(newest) + MINUTE_MS
    with translated():
        rows = await pool.fetch(_QUERIES["turnover"], name, now - DAY_MS, now, timeout=_SECONDS)
    return TrainingScope(name, now, tuple(Symbol(row["symbol"]) for row in rows[:count]))


async def _traded(store: RedisStore, info: MarketInfo, wall_ms: int) -> tuple[Symbol, ...]:
    rules, _ = await store.rules()
    listed = sorted(rule.symbol for rule in rules if rule.status == TRADING and rule.quote == info.quote_asset)
    _, raws = await store.quotes(listed)
    turnovers = _turnovers(listed, raws, info, wall_ms)
    return tuple(sorted(listed, key=lambda symbol: -turnovers.get(symbol, Decimal(0))))


def _turnovers(
    listed: Sequence[Symbol], raws: Sequence[bytes | None], info: MarketInfo, wall_ms: int
) -> dict[Symbol, Decimal]:
    quotes = (codec.decode_quote(symbol, raw, info, wall_ms) for symbol, raw in zip(listed, raws, strict=True))
    return {quote.symbol: quote.volume_24h for quote in quotes if quote is not None and quote.volume_24h is not None}


async def _newest_market(pool: Pool) -> str:
    """Raises NothingToLearn."""
    with translated():
        found = await pool.fetchval(_QUERIES["market"], timeout=_SECONDS)
    if found is None:
        raise NothingToLearn("")
    return str(found)
