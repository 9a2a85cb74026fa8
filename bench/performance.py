"""The tear sheet of an account that traded for a year: ledger and archive in PostgreSQL, picture by the chart workers.

One process waits for what a user waits for: the history, the prices of every close, the figures with their bootstrap,
the picture, and the HTML file.
"""

import asyncio
import math
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import uvloop

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.orders import NO_REDIS
from bot.ui.charts.ports import ChartStyle
from bot.ui.charts.renderer import ChartRenderer
from bot.ui.charts.workers.pool import ChartWorkers
from bot.ui.format import Formatter
from bot.ui.texts import load_catalogs
from bot.views.performance import benchmark_names, period_text
from bot.views.tear_sheet import tear_sheet
from core.database import keep_session
from people.person import Language, Theme
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import NoCandles
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, MarketInfo, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import LotSize, SymbolRules
from trading.desk import Desk
from trading.ledger.performance import PostgresPerformance
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account
from trading.reports.performance import PerformancePeriod, PerformanceReport
from trading.settings import TradingSettings

_START = 1_700_006_400_000
_HOUR_MS = 60 * MINUTE_MS
_LOT = LotSize(Decimal("0.00001"), Decimal(900_000), Decimal("0.00001"))
_COINS = ("BTC", "ETH", "SOL", "XRP", "ADA", "DOGE", "DOT", "LINK", "LTC", "AVAX")
_STYLE = ChartStyle(Theme.DARK, Language.ENGLISH, UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """Days of the account, its trades, and sheets that are made."""

    days: int
    trades: int
    rounds: int


FULL = Size(days=365, trades=2000, rounds=9)
SMALL = Size(days=40, trades=60, rounds=1)


class _YearMarket:
    """Prices of a random walk by the hour, on a clock that the bench sets."""

    def __init__(self, days: int) -> None:
        chance = random.Random(1)
        self.time = _START
        self.prices: dict[Symbol, list[float]] = {}
        for coin in _COINS:
            price, path = chance.uniform(1, 500), list[float]()
            for _ in range((days + 1) * 24):
                path.append(round(price, 2))
                price *= math.exp(chance.gauss(0, 0.006))
            self.prices[Symbol(coin + "USDC")] = path

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, self.time, 0)

    def now(self) -> int:
        return self.time

    def rules(self, symbol: Symbol) -> SymbolRules:
        return SymbolRules(symbol, symbol.removesuffix("USDC"), "USDC", tick_size=Decimal("0.01"), lot=_LOT)

    def find(self, base: str) -> Symbol:
        return Symbol(base + "USDC")

    async def quote(self, symbol: Symbol) -> Quote:
        price = Decimal(str(self.prices[symbol][(self.time - _START) // _HOUR_MS]))
        size = Decimal(1_000_000)
        return Quote(symbol, self.time, 0, 15_000, price, price, size, price + Decimal("0.01"), size)

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        return {symbol: await self.quote(symbol) for symbol in symbols or self.prices}

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:  # noqa: ARG002
        raise NoCandles(symbol)

    async def order_book(self, symbol: Symbol, after: int) -> OrderBook | None:  # noqa: ARG002
        return None

    def candles_of(self, symbol: Symbol) -> list[Candle]:
        """The last minute of each hour."""
        return [
            Candle(symbol, _START + hour * _HOUR_MS - MINUTE_MS, price, price, price, price, 1.0, 1.0, 1)
            for hour, price in enumerate(self.prices[symbol])
        ]


def run(size: Size = FULL) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-performance-") as folder,
        Engines(Path(folder), redis_url=NO_REDIS) as engines,
    ):
        migrate(engines.postgres_dsn)
        reports, pictures, sheets, whole = uvloop.run(_made(engines.postgres_dsn, size))
    note = f"{size.days} days, {size.trades:,} trades, {len(_COINS)} coins"
    return [
        Figure("figures from ledger and archive, median", reports * 1000, "ms", note=note),
        Figure("picture by the chart workers, median", pictures * 1000, "ms"),
        Figure("HTML, median", sheets * 1000, "ms"),
        Figure("tear sheet with its picture, slowest", whole * 1000, "ms", at_most=1000),
    ]


async def _made(dsn: str, size: Size) -> tuple[float, float, float, float]:
    settings = {"role": ROLE, "timezone": "UTC"}
    async with (
        asyncpg.create_pool(dsn, min_size=2, max_size=2, server_settings=settings, reset=keep_session) as pool,
        ChartWorkers(timeout_seconds=120.0) as workers,
    ):
        market = _YearMarket(size.days)
        archive = CandleArchive(pool)
        account = await _traded(dsn, pool, market, archive, size)
        performance = PostgresPerformance(pool, cast("Any", market), archive)
        renderer = ChartRenderer(workers, load_catalogs())
        ctx = _context(market)
        await _sheet(performance, renderer, account, ctx)  # all warm
        times = [await _sheet(performance, renderer, account, ctx) for _ in range(size.rounds)]
    medians = [statistics.median(each) for each in zip(*times, strict=True)]
    return medians[0], medians[1], medians[2], max(sum(each) for each in times)


async def _traded(dsn: str, pool: Any, market: _YearMarket, archive: CandleArchive, size: Size) -> Account:
    for symbol in market.prices:
        await archive.insert(market.info().market, market.candles_of(symbol))
    owner = await asyncpg.connect(dsn)
    person = await owner.fetchval("INSERT INTO person (language, timezone) VALUES ('en', 'UTC') RETURNING id")
    await owner.close()
    desk = Desk(cast("Any", market), PostgresLedger(pool), TradingSettings(), lambda: market.time)
    account = await desk.open(person, "open")
    chance, symbols = random.Random(2), list(market.prices)
    for number in range(size.trades):
        market.time = _START + MINUTE_MS + number * (size.days * DAY_MS // size.trades)
        symbol = symbols[number % len(symbols)]
        held = {each.asset: each.available for each in await desk.balances(account)}
        left = held.get(symbol.removesuffix("USDC"), Decimal(0)).quantize(Decimal("0.01"), "ROUND_DOWN")
        side = Side.SELL if left > 1 and chance.random() < 0.5 else Side.BUY
        price = (await market.quote(symbol)).price
        bought = (Decimal(20_000) / price).quantize(Decimal("0.01"), "ROUND_DOWN")
        await desk.place(account, f"trade-{number}", side, symbol, BaseQuantity(left if side is Side.SELL else bought))
    market.time = _START + size.days * DAY_MS + _HOUR_MS
    return account


def _context(market: _YearMarket) -> Any:
    """What the views need of a command's context."""
    catalog = load_catalogs()[Language.ENGLISH]
    return SimpleNamespace(
        text=catalog.text,
        format=Formatter(Language.ENGLISH, "UTC"),
        person=SimpleNamespace(language=Language.ENGLISH),
        market=market,
    )


async def _sheet(
    performance: PostgresPerformance, renderer: ChartRenderer, account: Account, ctx: Any
) -> tuple[float, float, float]:
    begun = time.perf_counter()
    report: PerformanceReport = await performance.report(account, PerformancePeriod())
    computed = time.perf_counter()
    names = benchmark_names(report, ctx)
    png = await renderer.performance(report, period_text(report, ctx), names, label="SIMULATION", style=_STYLE)
    drawn = time.perf_counter()
    html = await asyncio.to_thread(tear_sheet, report, png, ctx)
    done = time.perf_counter()
    if len(html) < len(png):
        raise AssertionError(f"a sheet of {len(html)} bytes cannot hold its picture")
    return computed - begun, drawn - computed, done - drawn
