"""The whole served desk under both platforms: how long people wait for their answers, also beside somebody who floods.

`paperdesk serve` runs on the simulated market with its own PostgreSQL and Valkey; the two platforms are bare servers in
this process. Telegram takes 30 messages a second from a bot, so most of the load is Discord's.
"""

import asyncio
import contextlib
import os
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench import discord_server, telegram_server
from bench.figure import Figure

START_SECONDS, ANSWER_SECONDS = 90.0, 30.0
CHART_SHARE = 0.05
TELEGRAM_TOKEN, DISCORD_TOKEN = "1:desk", "desk-token"

Line = tuple[str, dict[str, str]]

LINES: tuple[Line, ...] = (
    ("price", {"symbols": "BTC"}),
    ("price", {"symbols": "ETH SOL"}),
    ("balance", {}),
    ("buy", {"symbol": "BTC", "size": "100usdc"}),
    ("market", {}),
    ("history", {}),
)
CHARTS: tuple[Line, ...] = (
    ("chart", {"symbol": "BTC"}),
    ("chart", {"symbol": "ETH", "interval": "1h"}),
    ("portfolio", {}),
)
QUICK = ("price", {"symbols": "BTC"})

Ask = Callable[[int, Line], Awaitable[float]]
"""Seconds until the person of this number is answered."""


@dataclass(frozen=True, slots=True)
class Size:
    """Commands a second on each platform for so many seconds, of so many people; a flood, and the commands beside it
    within so many seconds."""

    discord_a_second: int
    telegram_a_second: int
    seconds: float
    persons: int
    chats: int
    flood: int
    beside: int
    beside_seconds: float


FULL = Size(175, 25, 10, persons=250, chats=100, flood=1000, beside=40, beside_seconds=4.0)
SMALL = Size(10, 5, 1, persons=10, chats=5, flood=20, beside=4, beside_seconds=0.2)


def run(size: Size = FULL) -> list[Figure]:
    """Measures the mixed load, then a flood on each platform."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    folder.chmod(0o755)  # the engines' unprivileged account enters, too
    try:
        return uvloop.run(_measure(folder, size))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measure(folder: Path, size: Size) -> list[Figure]:
    async with _platforms() as platforms, _desk(folder, platforms):
        await _warm_up(platforms, size)
        mixed = await _mixed(platforms, size)
        beside_discord = await _flooded(platforms.discord, size.persons + 1, size)
        beside_telegram = await _flooded(platforms.telegram, size.chats + 1, size)
    rate = size.discord_a_second + size.telegram_a_second
    load = f"{len(mixed)} commands, {size.discord_a_second}/s Discord, {size.telegram_a_second}/s Telegram, 5 % charts"
    flood = f"{size.flood} commands of somebody else in a second; slowest"
    return [
        Figure(f"mixed: {rate} commands/s on both platforms, p50", statistics.median(mixed), "ms", note=load),
        Figure(f"mixed: {rate} commands/s on both platforms, p99", _percentile(mixed, 99), "ms", at_most=500),
        Figure(
            "mixed: beside a flood on Discord, p95",
            _percentile(beside_discord, 95),
            "ms",
            at_most=500,
            note=f"{flood} {max(beside_discord):.0f} ms",
        ),
        Figure(
            "mixed: beside a flood on Telegram, p95",
            _percentile(beside_telegram, 95),
            "ms",
            at_most=500,
            note=f"{flood} {max(beside_telegram):.0f} ms",
        ),
    ]


class Platforms:
    """Both servers, and their ports."""

    def __init__(self, telegram_port: int, discord_port: int, bot: "telegram_server.Server", server: "Server") -> None:
        self.telegram_url = f"http://127.0.0.1:{telegram_port}"
        self.discord_url = f"127.0.0.1:{discord_port}"
        self._telegram = bot
        self._discord = server
        self._updates = 1

    async def discord(self, person: int, line: Line) -> float:
        """Milliseconds; a person is a number."""
        name, options = line
        user = str(900_000_000_000_000_000 + 10 * person)
        async with asyncio.timeout(ANSWER_SECONDS):
            return 1000 * await self._discord.once(DISCORD_TOKEN, user, name, **options)

    async def telegram(self, person: int, line: Line) -> float:
        """Milliseconds; a chat is a number."""
        name, options = line
        self._updates += 1
        async with asyncio.timeout(ANSWER_SECONDS):
            text = " ".join((f"/{name}", *options.values()))
            return 1000 * await self._telegram.bot(TELEGRAM_TOKEN).once(self._updates, 1000 + person, text)

    async def ready(self) -> None:
        """Until the desk is there on both."""
        while not (self._discord.ready(DISCORD_TOKEN) and self._telegram.bot(TELEGRAM_TOKEN).polled):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


Server = discord_server.Server


@contextlib.asynccontextmanager
async def _platforms() -> AsyncIterator[Platforms]:
    bot, server = telegram_server.Server(), Server()
    async with telegram_server.opened(bot) as telegram_port, discord_server.opened(server) as discord_port:
        yield Platforms(telegram_port, discord_port, bot, server)


@contextlib.asynccontextmanager
async def _desk(folder: Path, platforms: Platforms) -> AsyncIterator[None]:
    """The served desk, ready on both platforms. Raises RuntimeError where it ends instead."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PAPERDESK_")}
    settings = {
        "MARKET": "sim",
        "DATA_DIR": str(folder / "desk"),
        "TELEGRAM__TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM__API_URL": platforms.telegram_url,
        "TELEGRAM__FILE_URL": platforms.telegram_url,
        "DISCORD__TOKEN": DISCORD_TOKEN,
        "DISCORD__API_URL": f"http://{platforms.discord_url}/api/v10",
        "DISCORD__GATEWAY_URL": f"ws://{platforms.discord_url}/gateway",
    }
    environment = plain | {f"PAPERDESK_{name}": value for name, value in settings.items()}
    complaints = folder / "complaints.txt"
    with complaints.open("wb") as stream:
        desk = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", "serve", env=environment, stdout=stream, stderr=stream
        )
    try:
        ready = asyncio.ensure_future(platforms.ready())
        ended = asyncio.ensure_future(desk.wait())
        await asyncio.wait((ready, ended), timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise RuntimeError(f"the desk would not serve: {complaints.read_text()[-2000:]}")
        yield
    finally:
        if desk.returncode is None:
            desk.terminate()
        await desk.wait()


async def _warm_up(platforms: Platforms, size: Size) -> None:
    """Everybody is met and has an account; charts were drawn."""
    for line in (*LINES, *CHARTS):
        await asyncio.gather(*(platforms.discord(person, line) for person in range(3)))
    for first in range(0, size.persons, 25):
        await asyncio.gather(
            *(platforms.discord(n, ("balance", {})) for n in range(first, min(size.persons, first + 25)))
        )
    await _at_a_rate(platforms.telegram, 1.0, size.telegram_a_second, size.chats, random.Random(1))


async def _mixed(platforms: Platforms, size: Size) -> list[float]:
    chance = random.Random(7)
    both = await asyncio.gather(
        _at_a_rate(platforms.discord, size.seconds, size.discord_a_second, size.persons, chance),
        _at_a_rate(platforms.telegram, size.seconds, size.telegram_a_second, size.chats, chance),
    )
    return [taken for some in both for taken in some]


async def _at_a_rate(ask: Ask, seconds: float, rate: int, people: int, chance: random.Random) -> list[float]:
    """Asks whether the ones before were answered or not."""
    lines = [chance.choice(CHARTS if chance.random() < CHART_SHARE else LINES) for _ in range(round(seconds * rate))]
    return await _every(1 / rate, len(lines), lambda number: ask(number % people, lines[number]))


async def _flooded(ask: Ask, flooder: int, size: Size) -> list[float]:
    """What others wait while one person asks far too much."""
    flood = asyncio.ensure_future(_every(1.0 / size.flood, size.flood, lambda _: ask(flooder, QUICK)))
    taken = await _every(size.beside_seconds / size.beside, size.beside, lambda number: ask(number, QUICK))
    flood.cancel()
    await asyncio.gather(flood, return_exceptions=True)
    return taken


async def _every(pause: float, times: int, work: Callable[[int], Awaitable[float]]) -> list[float]:
    """Begins so many, one every `pause` seconds, whether the ones before ended or not."""
    loop = asyncio.get_running_loop()
    began, begun = loop.time(), []
    for number in range(times):
        await asyncio.sleep(max(0.0, began + number * pause - loop.time()))
        begun.append(asyncio.ensure_future(work(number)))
    return await asyncio.gather(*begun)


def _percentile(taken: list[float], percent: int) -> float:
    return statistics.quantiles(taken, n=100)[percent - 1]
