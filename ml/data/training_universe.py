"""Choice of the training data: the market, its symbols and the end time. Light to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import asyncpg

from core.clock import Clock
from core.sql import load_queries
from ml.errors import NoArchivedCandles
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
    """Market and symbols of a training, by turnover, the largest first; `now` is the market's time, UTC ms."""

    market: str
    now: int
    symbols: tuple[Symbol, ...]


async def choose(pool: Pool, store: RedisStore, wall: Clock, *, market: str, count: int) -> TrainingScope:
    """Returns the scope for the market named, else for the running one.

    Without a running market it is the archived market with the newest candle. For the running market the symbols are
    the `count` that trade now with the largest turnover of a day; delisted and halted symbols are neither trained on
    nor forecast. For another market the turnover comes from the archive. Raises NoArchivedCandles and
    MarketUnavailable.
    """
    info, _ = await store.head()
    if info is not None and market in ("", info.market):
        return TrainingScope(info.market, info.now(wall()), (await _traded(store, info, wall()))[:count])
    name = market or await _newest_market(pool)
    with translated():
        newest = await pool.fetchval(_QUERIES["newest"], name, timeout=_SECONDS)
    if newest is None:
        raise NoArchivedCandles(market)
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
    """Returns the archived market with the newest candle. Raises NoArchivedCandles."""
    with translated():
        found = await pool.fetchval(_QUERIES["market"], timeout=_SECONDS)
    if found is None:
        raise NoArchivedCandles("")
    return str(found)
