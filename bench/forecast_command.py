"""`/forecast BTC` of a whole desk: 250 simulated symbols, models it trained itself, its router and its charts.

The questions are spread over more than a minute, so that some of them are the first of a new candle.
"""

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from app.connections.market import open_askable
from app.connections.stores import open_pool
from app.database.migrate import migrate
from app.engines import Engines
from app.settings import Settings
from app.startup import Addresses
from app.training.launcher import run_training
from app.wiring.desk import OpenDesk, open_desk
from bench.figure import Figure
from bot.inbound import Inbound
from bot.reply import Picture, Reply
from core.clock import wall_clock
from jobs.settings import JobsSettings
from ml.settings import MlSettings
from people.person import Language
from pipeline.settings import SimulatorSettings

_SYMBOLS = ("BTC", "ETH", "SOL", "DOGE")
_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Size:
    """Horizons in minutes, symbols and days to train on, their most rows, questions, and the seconds between them."""

    horizons: tuple[int, ...]
    symbols: int
    days: int
    rows: int
    asks: int
    seconds_between: float


FULL = Size((15, 60), symbols=250, days=2, rows=50_000, asks=150, seconds_between=0.5)
SMALL = Size((60,), symbols=6, days=2, rows=50_000, asks=2, seconds_between=0.0)


def run(size: Size = FULL) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    folder.chmod(0o755)  # the engines' unprivileged account enters, too
    settings = Settings(
        data_dir=folder,
        market="sim",
        simulator=SimulatorSettings(seed=7),
        ml=MlSettings(days=size.days, symbols=size.symbols, horizons=",".join(map(str, size.horizons)), rows=size.rows),
        jobs=JobsSettings(retrain_hours=0),
    )
    try:
        with Engines(folder) as engines:
            migrate(engines.postgres_dsn)
            return asyncio.run(_measured(settings, engines, size))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measured(settings: Settings, engines: Engines, size: Size) -> list[Figure]:
    begun = wall_clock()  # where days stand still no job of the desk is due: it must not train meanwhile
    async with open_desk(settings, engines, Language.ENGLISH, days=lambda: begun) as desk:
        started = time.perf_counter()
        addresses = Addresses(engines.postgres_dsn, engines.redis_url)
        async with (
            open_pool(engines.postgres_dsn) as pool,
            open_askable(settings, desk.market.info(), wall_clock, pool) as source,
        ):
            await run_training(settings, addresses, market=desk.market.info().market, source=source)
        training = time.perf_counter() - started
        first = await _first(desk)
        asked = [await _asked(desk, number, size.seconds_between) for number in range(1, size.asks + 1)]
    asked.sort()
    note = f"median {asked[size.asks // 2]:.0f} ms, slowest {asked[-1]:.0f} ms of {size.asks}"
    return [
        Figure(
            f"training of {len(size.horizons)} horizons, {size.days} days fetched before, {size.symbols} symbols",
            training,
            "s",
        ),
        Figure("/forecast BTC, the first: models read", 1000 * first, "ms"),
        Figure(
            "/forecast of a symbol with its chart, p95", asked[int(0.95 * len(asked))], "ms", at_most=400, note=note
        ),
    ]


async def _first(desk: OpenDesk) -> float:
    """Seconds of the first forecast. A desk looks for models of other processes now and then, not at each question."""
    last = ""
    for number in range(-_PATIENCE_SECONDS, 0):
        started = time.perf_counter()
        try:
            await _answered(desk, "/forecast BTC", number)
        except AssertionError as error:
            last = str(error)
            await asyncio.sleep(1)
        else:
            return time.perf_counter() - started
    raise AssertionError(f"the desk never looked for its models: {last}")


async def _asked(desk: OpenDesk, number: int, pause_seconds: float) -> float:
    """Milliseconds."""
    await asyncio.sleep(pause_seconds)
    symbol, horizon = _SYMBOLS[number % len(_SYMBOLS)], ("1h", "15m")[number // len(_SYMBOLS) % 2]
    begun = time.perf_counter()
    await _answered(desk, f"/forecast {symbol} {horizon}", number)
    return 1000 * (time.perf_counter() - begun)


async def _answered(desk: OpenDesk, text: str, number: int) -> Reply:
    """Raises AssertionError where it is no forecast."""
    reply = await desk.router.answer(Inbound("console", "local", f"bench:{number}", text, chat_id="local"))
    assert any(isinstance(block, Picture) for block in reply.blocks), reply
    return reply
