"""A whole bot on a fake Discord: the service over a router, started and stopped by a test."""

import asyncio
import random
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from io import BytesIO

from PIL import Image

from bot.command import Command
from bot.commands import COMMANDS
from bot.inbound import Inbound, Suggestion
from bot.platforms.discord.interaction_store import PendingInteraction
from bot.platforms.discord.ports import DiscordRouter, Recall, no_recall
from bot.platforms.discord.service import DiscordService
from bot.reply import Picture, Reply
from people.identity.codes import LinkCode
from tests.fakes.bot import CATALOGS
from tests.fakes.discord import TOKEN, FakeDiscord
from tests.patience import PATIENCE_SECONDS

NOW = 1_700_000_000_000


def picture() -> bytes:
    """A real one, though small."""
    stream = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(stream, "PNG")
    return stream.getvalue()


class Pictured:
    """A router whose pictures can be decoded."""

    def __init__(self, router: DiscordRouter) -> None:
        self._router = router
        self._png = picture()

    async def answer(self, inbound: Inbound) -> Reply:
        reply = await self._router.answer(inbound)
        blocks = (replace(block, png=self._png) if isinstance(block, Picture) else block for block in reply.blocks)
        return replace(reply, blocks=tuple(blocks))

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        await self._router.revoke(codes)

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        return await self._router.suggest(inbound, limit)


class DictMemory:
    """`Memory` in a dictionary."""

    look_seconds = 0.05

    def __init__(self) -> None:
        self.left: set[int] = set()
        self.known = ""
        self.pending: dict[int, PendingInteraction] = {}

    async def fingerprint(self) -> str:
        return self.known

    async def set_fingerprint(self, fingerprint: str) -> None:
        self.known = fingerprint

    async def ask(self, question: PendingInteraction) -> bool:
        there = question.interaction_id in self.pending
        self.pending.setdefault(question.interaction_id, question)
        return not there

    async def save_progress(self, question: PendingInteraction) -> None:
        self.pending[question.interaction_id] = question

    async def answered(self, question: PendingInteraction) -> None:
        self.pending.pop(question.interaction_id, None)

    async def unanswered(self) -> list[PendingInteraction]:
        left = [question for number, question in self.pending.items() if number in self.left]
        self.left.clear()
        return left

    async def leave(self) -> None:
        self.left |= set(self.pending)


def service_on(
    fake: FakeDiscord,
    router: DiscordRouter,
    memory: DictMemory,
    *,
    commands: tuple[Command, ...] = COMMANDS,
    token: str = TOKEN,
    heartbeat_seconds: float = 60.0,
    recall: Recall = no_recall,
) -> DiscordService:
    return DiscordService(
        router,
        CATALOGS,
        commands,
        token=token,
        api_url=fake.api_url,
        gateway_url=fake.gateway_url,
        memory=memory,
        clock=lambda: NOW,
        quote_asset="USDC",
        jitter=random.Random(1),  # noqa: S311
        first_pause=0.05,
        heartbeat_seconds=heartbeat_seconds,
        recall=recall,
    )


@asynccontextmanager
async def serving(
    fake: FakeDiscord, router: DiscordRouter, memory: DictMemory | None = None, **more: object
) -> AsyncIterator[DiscordService]:
    """The bot, from its first greeting until the end of the block."""
    service = service_on(fake, router, memory or DictMemory(), **more)  # type: ignore[arg-type]
    fake.gateway.ready.clear()
    task = asyncio.create_task(service.run())
    waiting = asyncio.create_task(fake.gateway.ready.wait())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        yield service
    finally:
        waiting.cancel()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
