"""The desk in memory behind the real Telegram adapter, a fake Telegram and a real database."""

import asyncio
import random
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import asyncpg
from PIL import Image

from bot.inbound import Inbound
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter, SendLimits
from bot.platforms.telegram.service import TelegramService
from bot.platforms.telegram.settings import TelegramSettings
from bot.reply import Picture, Reply
from bot.request import Request
from core.clock import wall_clock
from core.database import Database, Pool
from people.identity.codes import LinkCode
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE_SECONDS

UNHURRIED = SendLimits((10_000, 1.0), ((1000, 1.0),), ((1000, 1.0),))
"""No waiting in tests that are not about it."""


def png(side: int = 40) -> bytes:
    """A real picture."""
    stream = BytesIO()
    Image.new("RGB", (side, side), "navy").save(stream, "PNG")
    return stream.getvalue()


class PicturedRouter:
    """The fake desk's router, with pictures that can be decoded; `seen` is what it was asked, `before` may wait."""

    def __init__(self, bot: FakeDeskBot) -> None:
        self.bot = bot
        self.seen: list[Inbound] = []
        self.gate: asyncio.Event | None = None
        self.picture = png()

    async def answer(self, received: Request) -> Reply:
        self.seen.append(received.inbound)
        if self.gate is not None:
            await self.gate.wait()
        return self.drawn(await self.bot.router.answer(received))

    def drawn(self, reply: Reply) -> Reply:
        """The reply with pictures that can be decoded."""
        blocks = (replace(block, png=self.picture) if isinstance(block, Picture) else block for block in reply.blocks)
        return replace(reply, blocks=tuple(blocks))

    def read(self, inbound: Inbound) -> Request:
        return self.bot.router.read(inbound)

    async def asks_who_manages(self, request: Request) -> bool:
        return await self.bot.router.asks_who_manages(request)

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        await self.bot.router.revoke(codes)

    async def cards(self, inbound: Inbound, limit: int) -> Any:
        return await self.bot.router.cards(inbound, limit)


def service(
    fake: FakeTelegram,
    router: PicturedRouter,
    pool: Pool,
    dsn: str,
    *,
    pace: RateLimiter | None = None,
    **settings: Any,
) -> TelegramService:
    """A service against the fake."""
    chosen = {
        "token": fake.token,
        "api_url": fake.url,
        "poll_seconds": 5,
        "request_seconds": 2.0,
        "max_waiting": 100_000,
    }
    chosen |= settings
    return TelegramService(
        TelegramSettings(**chosen),
        router,
        router.bot.people,
        Database(pool, jitter=random.Random(7)),  # noqa: S311
        dsn,
        catalogs=CATALOGS,
        clock=wall_clock,
        pace=pace or RateLimiter(UNHURRIED),
    )


@asynccontextmanager
async def running(running_service: TelegramService) -> AsyncIterator[TelegramService]:
    """The service at work, until the context ends; what ended it is raised."""
    task = asyncio.create_task(running_service.run())
    try:
        yield running_service
    finally:
        if task.done():
            task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class House:
    """Everything of one test."""

    def __init__(self, pool: Pool, dsn: str, fake: FakeTelegram, language: Language = Language.ENGLISH) -> None:
        self.pool, self.dsn, self.fake = pool, dsn, fake
        self.router: PicturedRouter = PicturedRouter(FakeDeskBot(language))

    def service(self, **settings: Any) -> TelegramService:
        return service(self.fake, self.router, self.pool, self.dsn, **settings)

    async def states(self) -> dict[str, int]:
        rows = await self.pool.fetch("SELECT state, count(*) AS many FROM inbox GROUP BY state")
        return {row["state"]: row["many"] for row in rows}

    async def settled(self, seconds: float = PATIENCE_SECONDS) -> dict[str, int]:
        """The states once nothing waits any more."""
        async with asyncio.timeout(seconds):
            while self.fake.unconfirmed or {"pending", "sending"} & set(found := await self.states()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return found


async def keep_words(dsn: str) -> None:
    """Leaves finished updates as they are, so that a test can make them pending again."""
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("ALTER TABLE inbox DISABLE TRIGGER inbox_blank")
    finally:
        await owner.close()
