"""What the desk's adapter costs on Telegram: its answer to a command beside that of a bare python-telegram-bot handler.

Both poll one server, in a process of its own, by turns, and answer with the same words and buttons. The desk stands
behind the adapter as a router that answers at once, so the difference is the adapter's: writing the update to disk
before it is confirmed, taking it, rendering, turns, noting that it was answered.
"""

import asyncio
import random
import statistics
import tempfile
from collections.abc import AsyncIterator, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.ext import Application, CommandHandler, ContextTypes

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.telegram_server import running
from bot.arguments.parser import readable_line
from bot.inbound import Inbound, PriceCard
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter, SendLimits
from bot.platforms.telegram.service import TelegramService
from bot.platforms.telegram.settings import TelegramSettings
from bot.reply import Button, Buttons, Fields, Picture, Reply, Text, Tone
from bot.request import Request
from bot.ui.texts import load_catalogs
from core.clock import wall_clock
from core.database import Database, keep_session
from people.identity.codes import LinkCode
from people.person import Language, Person

DESK, BARE = "1:desk", "2:bare"
UNHURRIED = SendLimits((1_000_000, 1.0), ((64, 0.001),), ((64, 0.001),))
"""Telegram's limits of 30 messages a second would be measured instead."""

TITLE, ROWS = "BTC/USDC", (("Price", "70,000.00"), ("24 h", "+1.25%"), ("Volume", "1.2B"), ("Time", "12:00:00"))
NOTE = "SIMULATION: these prices are simulated."
PRESSES = (("Refresh", "price BTC"), ("Chart", "chart BTC"), ("Buy BTC", "buy BTC"))
_BUTTONS = Buttons((tuple(Button(*press) for press in PRESSES),))
CARD = Reply((Text(TITLE, Tone.TITLE), Fields(ROWS), Text(NOTE, Tone.NOTE), _BUTTONS))
CHART = Reply((Picture(random.Random(7).randbytes(60_000), "BTC/USDC, 120 candles", "btc"), _BUTTONS))


@dataclass(frozen=True, slots=True)
class Size:
    """Rounds, commands of each bot in a round, and commands of each before the first; then commands a second of the
    mixed load and how long it lasts."""

    rounds: int
    times: int
    warm_up: int
    rate: int
    seconds: float


FULL = Size(rounds=12, times=40, warm_up=60, rate=200, seconds=10)
SMALL = Size(rounds=1, times=3, warm_up=1, rate=20, seconds=0.5)


class AtOnce:
    """A router without a desk."""

    async def answer(self, received: Request) -> Reply:
        """The same card for every line, a picture for a chart."""
        return CHART if received.name == "chart" else CARD

    async def cards(self, inbound: Inbound, limit: int) -> list[PriceCard]:  # noqa: ARG002
        """Nothing."""
        return []

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        """Nothing."""

    async def asks_who_manages(self, request: Request) -> bool:  # noqa: ARG002 - the router's signature
        """Never."""
        return False

    def read(self, inbound: Inbound) -> Request:
        """The line as it is, readable to all."""
        return Request(inbound, readable_line(inbound.text), None, shown=True)


class Nobody:
    """People, of whom there are none."""

    async def find(self, platform: str, external_id: str) -> Person | None:  # noqa: ARG002
        """None."""
        return None

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:  # noqa: ARG002
        """The same person always."""
        return Person(1, language, timezone)

    async def update(self, person: Person) -> None:
        """Keeps nothing."""


def run(size: Size = FULL) -> list[Figure]:
    """Measures both."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-bench-") as folder, running() as port:
        Path(folder).chmod(0o755)
        with Engines(Path(folder)) as engines:
            migrate(engines.postgres_dsn)
            desk, bare, mixed = uvloop.run(_measure(port, engines.postgres_dsn, size))
    ratio = statistics.median(desk) / statistics.median(bare)
    note = f"p99 {_p99(desk):.2f} and {_p99(bare):.2f} ms; {len(desk)} commands each, by turns"
    load = f"{size.rate}/s for {size.seconds:g} s, 5 % pictures; median {statistics.median(mixed):.1f} ms"
    return [
        Figure("telegram: answer of the adapter, median", statistics.median(desk), "ms"),
        Figure("telegram: answer of a bare python-telegram-bot handler, median", statistics.median(bare), "ms"),
        Figure("telegram: adapter beside the bare handler", ratio, "x", at_most=2, note=note),
        Figure("telegram: answer of the adapter under mixed load, p99", _p99(mixed), "ms", at_most=500, note=load),
    ]


async def _measure(port: int, dsn: str, size: Size) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each, after a warm-up of both, and of the desk under load."""
    taken: dict[str, list[float]] = {DESK: [], BARE: []}
    async with _desk(port, dsn), _bare(port), aiohttp.ClientSession() as session:

        async def some(bot: str, times: int, more: str = "") -> list[float]:
            address = f"http://127.0.0.1:{port}/measure?bot={bot}&times={times}{more}"
            async with session.post(address) as answer:
                answer.raise_for_status()
                return [1000 * seconds for seconds in await answer.json()]

        for bot in taken:
            await some(bot, size.warm_up)
        for _ in range(size.rounds):
            for bot in taken:
                taken[bot] += await some(bot, size.times)
        mixed = await some(DESK, round(size.rate * size.seconds), f"&rate={size.rate}&charts=1")
    return taken[DESK], taken[BARE], mixed


@asynccontextmanager
async def _desk(port: int, dsn: str) -> AsyncIterator[None]:
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=4, max_size=16, server_settings=settings, reset=keep_session) as pool:
        service = TelegramService(
            TelegramSettings(token=DESK, api_url=f"http://127.0.0.1:{port}"),
            AtOnce(),
            Nobody(),
            Database(pool, jitter=random.Random(7)),
            dsn,
            catalogs=load_catalogs(),
            clock=wall_clock,
            pace=RateLimiter(UNHURRIED),
        )
        async with _task(service.run()):
            yield


@asynccontextmanager
async def _bare(port: int) -> AsyncIterator[None]:
    """An application as its documentation shows one, answering with the same words, entities and buttons."""
    lines = [TITLE, *(f"{label}: {value}" for label, value in ROWS), "", NOTE]
    words = "\n".join(lines)
    bold = [TITLE, *(f"{label}:" for label, _ in ROWS)]
    keys = InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data) for label, data in PRESSES]])

    async def price(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG001 - the library's signature
        entities = [MessageEntity("bold", words.index(part), len(part)) for part in bold]
        assert update.message is not None
        await update.message.reply_text(words, entities=entities, reply_markup=keys)

    application = Application.builder().token(BARE).base_url(f"http://127.0.0.1:{port}/bot").build()
    application.add_handler(CommandHandler("price", price))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()


@asynccontextmanager
async def _task(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]
