"""What the desk's adapter costs on Discord: its answer to a command beside that of a bare discord.py handler.

Both acknowledge and then edit their answer, on one server in a process of its own, by turns. The desk stands behind the
adapter as a router that answers at once, so the difference is the adapter's: reading, remembering the question in Redis
until it is answered, turns, rendering.
"""

import asyncio
import secrets
import statistics
import tempfile
from collections.abc import AsyncIterator, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import uvloop
from redis.asyncio import Redis

from app.engines import Engines
from bench.discord_server import running
from bench.figure import Figure
from bot.commands import COMMANDS
from bot.inbound import Inbound, Suggestion
from bot.platforms.discord import discord
from bot.platforms.discord.endpoints import point_library_at
from bot.platforms.discord.interaction_store import RedisInteractionStore
from bot.platforms.discord.service import DiscordService
from bot.reply import Button, Buttons, Fields, Reply, Text, Tone
from bot.ui.texts import load_catalogs
from core.clock import wall_clock
from core.security.entry_codes import EntryCodes
from people.identity.codes import LinkCode

DESK, BARE = "desk-token", "bare-token"

TITLE, ROWS = "BTC/USDC", (("Price", "70,000.00"), ("24 h", "+1.25%"), ("Volume", "1.2B"), ("Time", "12:00:00"))
CARD = Reply(
    (
        Text(TITLE, Tone.TITLE),
        Fields(ROWS),
        Text("SIMULATION: these prices are simulated.", Tone.NOTE),
        Buttons(((Button("Refresh", "price BTC"), Button("Chart", "chart BTC"), Button("Buy BTC", "buy BTC")),)),
    )
)


@dataclass(frozen=True, slots=True)
class Size:
    """Rounds, commands of each bot in a round, and commands of each before the first."""

    rounds: int
    times: int
    warm_up: int


FULL = Size(rounds=12, times=40, warm_up=60)
SMALL = Size(rounds=1, times=3, warm_up=1)


class AtOnce:
    """A router without a desk."""

    async def answer(self, inbound: Inbound) -> Reply:  # noqa: ARG002 - the router's signature
        """The same card for every line."""
        return CARD

    async def revoke(self, codes: Collection[LinkCode]) -> None:
        """Nothing."""

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:  # noqa: ARG002
        """Nothing."""
        return []


def run(size: Size = FULL) -> list[Figure]:
    """Measures both."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-bench-") as folder, running() as port:
        Path(folder).chmod(0o755)
        with Engines(Path(folder)) as engines:
            desk, bare = uvloop.run(_measure(port, engines.redis_url, size))
    ratio = statistics.median(desk) / statistics.median(bare)
    note = f"p99 {_p99(desk):.2f} and {_p99(bare):.2f} ms; {len(desk)} commands each, by turns"
    return [
        Figure("discord: answer of the adapter, median", statistics.median(desk), "ms"),
        Figure("discord: answer of a bare discord.py handler, median", statistics.median(bare), "ms"),
        Figure("discord: adapter beside the bare handler", ratio, "x", at_most=2, note=note),
    ]


async def _measure(port: int, redis_url: str, size: Size) -> tuple[list[float], list[float]]:
    """Milliseconds of each, after a warm-up of both."""
    taken: dict[str, list[float]] = {DESK: [], BARE: []}
    point_library_at(f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}/gateway")
    async with _desk(port, redis_url), _bare(), aiohttp.ClientSession() as session:

        async def some(bot: str, times: int) -> list[float]:
            address = f"http://127.0.0.1:{port}/measure?bot={bot}&times={times}"
            async with session.post(address) as answer:
                answer.raise_for_status()
                return [1000 * seconds for seconds in await answer.json()]

        for bot in taken:
            await some(bot, size.warm_up)
        for _ in range(size.rounds):
            for bot in taken:
                taken[bot] += await some(bot, size.times)
    return taken[DESK], taken[BARE]


@asynccontextmanager
async def _desk(port: int, redis_url: str) -> AsyncIterator[None]:
    async with Redis.from_url(redis_url) as redis:
        service = DiscordService(
            AtOnce(),
            load_catalogs(),
            COMMANDS,
            token=DESK,
            api_url=f"http://127.0.0.1:{port}/api/v10",
            gateway_url=f"ws://127.0.0.1:{port}/gateway",
            memory=RedisInteractionStore(redis, EntryCodes(secrets.token_bytes(32))),
            clock=wall_clock,
            quote_asset="USDC",
        )
        async with _task(service.run()):
            yield


@asynccontextmanager
async def _bare() -> AsyncIterator[None]:
    """A client as its documentation shows one, answering with the same words and buttons."""
    client = discord.AutoShardedClient(intents=discord.Intents.none())
    tree = discord.app_commands.CommandTree(client)

    @tree.command(name="price", description="Prices")
    async def price(interaction: discord.Interaction, symbols: str) -> None:  # noqa: ARG001 - an option of it
        await interaction.response.defer()
        embed = discord.Embed(title=TITLE)
        for name, value in ROWS:
            embed.add_field(name=name, value=value)
        view = discord.ui.View()
        for label in ("Refresh", "Chart", "Buy BTC"):
            view.add_item(discord.ui.Button(label=label, custom_id=label))
        view.stop()
        await interaction.edit_original_response(embed=embed, view=view)

    async with client:
        await client.login(BARE)
        async with _task(client.connect()):
            yield


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
