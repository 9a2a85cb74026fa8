"""The nightly job of risk: forecasts of VaR for every account, and judgements of the night before, on real PostgreSQL.

Accounts and balances are written straight into the tables; candles come from memory, so that the figure is that of the
job, its arithmetic and its store.
"""

import asyncio
import random
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import asyncpg
import numpy as np

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.orders import NO_REDIS, FlatMarket
from core.database import keep_session
from jobs.risk.risk_forecasts import RiskForecasts, RiskReport
from pipeline.market import DAY_MS, Candle, Interval, MarketInfo, SourceKind, Symbol
from pipeline.ports import MarketReader

_TARGET_SECONDS = 60.0
_START = 1_700_006_400_000
_DAYS = 366
_HELD = 8
"""Coins in an account."""


@dataclass(frozen=True, slots=True)
class Size:
    """Accounts and coins."""

    accounts: int
    coins: int


FULL = Size(accounts=10_000, coins=60)
SMALL = Size(accounts=40, coins=10)


_FILL = """
WITH opened AS (
    INSERT INTO account (person_id, market, quote_asset, granted, opened_at)
    SELECT number, $1, 'USDC', 1000000, now() FROM generate_series(1, $2) AS number RETURNING id
), cash AS (
    INSERT INTO balance (account_id, asset, available) SELECT id, 'USDC', 100000 FROM opened
)
INSERT INTO balance (account_id, asset, available, symbol)
SELECT id, 'C' || coin, 1 + coin % 7, 'C' || coin || 'USDC'
FROM opened, LATERAL (SELECT DISTINCT (id + place * 7) % $3 AS coin FROM generate_series(1, $4) AS place) AS held
"""


class RandomMarket(FlatMarket):
    """Daily candles of coins that move together; the clock stands five minutes after a midnight."""

    def __init__(self, coins: int) -> None:
        super().__init__()
        self.night = 0
        draw = np.random.default_rng(1)
        common = draw.standard_t(5, size=(_DAYS + 1, 1))
        returns = (common + draw.standard_t(5, size=(_DAYS + 1, coins))) / 60
        self.closes = 100 * np.cumprod(1 + np.maximum(returns, -0.9), axis=0)
        self.symbols_held = [Symbol(f"C{coin}USDC") for coin in range(coins)]

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, self.now(), 0)

    def now(self) -> int:
        return _START + (_DAYS + self.night) * DAY_MS + 300_000

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:  # noqa: ARG002
        closes = self.closes[: _DAYS + self.night, self.symbols_held.index(symbol)].tolist()
        return [
            Candle(symbol, _START + day * DAY_MS, close, close, close, close, 1.0) for day, close in enumerate(closes)
        ]


def run(size: Size = FULL) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-risk-") as folder,
        Engines(Path(folder), redis_url=NO_REDIS) as engines,
    ):
        migrate(engines.postgres_dsn)
        return asyncio.run(_nights(engines.postgres_dsn, size))


async def _nights(dsn: str, size: Size) -> list[Figure]:
    market = RandomMarket(size.coins)
    owner = await asyncpg.connect(dsn)
    await owner.execute(_FILL, market.info().market, size.accounts, size.coins, _HELD)
    await owner.close()
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings=settings, reset=keep_session) as pool:
        job = RiskForecasts(pool, cast(MarketReader, market), market.now, jitter=random.Random(1))
        first, made = await _timed(job)
        market.night = 1
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        second, later = await _timed(job)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (made.made, later.made, later.judged) == (size.accounts,) * 3
    told = f"{size.accounts:,} accounts with {_HELD} of {size.coins} coins"
    return [
        Figure("nightly risk: forecasts alone", first, "s", note=told),
        Figure("nightly risk: judgements and forecasts", second, "s", at_most=_TARGET_SECONDS, note=told),
        Figure("nightly risk: memory grown in the second night", grown / 1024, "MiB"),
    ]


async def _timed(job: RiskForecasts) -> tuple[float, RiskReport]:
    begun = time.perf_counter()
    report = await job.run()
    return time.perf_counter() - begun, report
