"""The whole served desk under both platforms, beside bare handlers of the two libraries: which rate each sustains, what
CPU a command costs, and how long people wait beside somebody who floods.

`paperdesk serve` runs on the simulated market with its own PostgreSQL and Valkey, the bare handlers in a process of
their own; the two platforms are bare servers in this process, whose CPU is counted for neither. Both are asked the same
lines at the same rates by turns. A rate is sustained where 99 of 100 answers come within half a second, at the first or
the second try; rates rise by a quarter until they are not. Telegram takes 30 messages a second from a bot, so most of
the load is Discord's.
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
from math import ceil
from pathlib import Path

import psutil
import uvloop

from bench import bare, discord_server, telegram_server
from bench.figure import Figure

START_SECONDS, ANSWER_SECONDS = 90.0, 30.0
CHART_SHARE = 0.05
TELEGRAM_TOKEN, DISCORD_TOKEN = "1:desk", "desk-token"
SUSTAINED_MS = 500
STEP, TRIES = 1.25, 2
TELEGRAM_SHARE, TELEGRAM_MOST = 1 / 8, 25.0

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
"""Milliseconds until the person of this number is answered."""


@dataclass(frozen=True, slots=True)
class Size:
    """Rates from the first to the last commands a second, each for so many seconds, of so many people; a flood, and the
    commands beside it within so many seconds."""

    first: float
    last: float
    seconds: float
    persons: int
    chats: int
    flood: int
    beside: int
    beside_seconds: float


FULL = Size(20, 1000, 8, persons=250, chats=100, flood=1000, beside=40, beside_seconds=4.0)
SMALL = Size(8, 10, 1, persons=10, chats=5, flood=20, beside=4, beside_seconds=0.2)


@dataclass(slots=True)
class Sustained:
    """The highest rate (commands a second) that a bot sustained, its CPU seconds a command there (at the first rate
    where it sustained none), and its waits in ms."""

    rate: float = 0.0
    cpu: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    ended: bool = False


def run(size: Size = FULL) -> list[Figure]:
    """Measures the rates, then a flood on each platform."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    folder.chmod(0o755)  # the engines' unprivileged account enters, too
    try:
        return uvloop.run(_measure(folder, size))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measure(folder: Path, size: Size) -> list[Figure]:
    async with _servers() as servers:
        desk = Platforms(*servers, TELEGRAM_TOKEN, DISCORD_TOKEN)
        other = Platforms(*servers, bare.TELEGRAM_TOKEN, bare.DISCORD_TOKEN)
        async with _desk(folder, desk) as desk_process, _bare(folder, other) as bare_process:
            await _warm_up(desk, size)
            await _warm_up(other, size)
            ours, theirs = await _sustained([(desk, desk_process), (other, bare_process)], size)
            beside_discord = await _flooded(desk.discord, size.persons + 1, size)
            beside_telegram = await _flooded(desk.telegram, size.chats + 1, size)
    ratio = ours.rate / theirs.rate if theirs.rate else 0.0
    flood = f"{size.flood} commands of somebody else in a second; slowest"
    load = f"7/8 Discord, 1/8 Telegram up to {TELEGRAM_MOST:g}/s, 5 % charts; p50 {ours.p50:.0f}, p99 {ours.p99:.0f} ms"
    least = "PostgreSQL, Valkey and the drawing of charts included"
    return [
        Figure("mixed: commands/s that the desk sustains", ours.rate, "1/s", note=load),
        Figure("mixed: commands/s that bare handlers sustain", theirs.rate, "1/s", note=f"p99 {theirs.p99:.0f} ms"),
        Figure("mixed: rate beside the bare handlers", ratio, "x", at_least=0.6),
        Figure("mixed: CPU of the desk, a command", 1000 * ours.cpu, "ms", note=least),
        Figure("mixed: CPU of bare handlers, a command", 1000 * theirs.cpu, "ms"),
        Figure("mixed: commands/s and core of the desk", 1 / max(ours.cpu, 1e-9), "1/s"),
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
    """Both servers, as one bot is asked through them."""

    def __init__(
        self, telegram: "telegram_server.Server", telegram_port: int, server: "Server", discord_port: int, *tokens: str
    ) -> None:
        self.telegram_url = f"http://127.0.0.1:{telegram_port}"
        self.discord_url = f"127.0.0.1:{discord_port}"
        self._discord = server
        telegram_token, self._token = tokens
        self._bot = telegram.bot(telegram_token)
        self._updates = 1

    async def discord(self, person: int, line: Line) -> float:
        """Milliseconds; a person is a number."""
        name, options = line
        user = str(900_000_000_000_000_000 + 10 * person)
        async with asyncio.timeout(ANSWER_SECONDS):
            return 1000 * await self._discord.once(self._token, user, name, **options)

    async def telegram(self, person: int, line: Line) -> float:
        """Milliseconds; a chat is a number."""
        name, options = line
        self._updates += 1
        async with asyncio.timeout(ANSWER_SECONDS):
            text = " ".join((f"/{name}", *options.values()))
            return 1000 * await self._bot.once(self._updates, 1000 + person, text)

    async def ready(self) -> None:
        """Until the bot is there on both."""
        while not (self._discord.ready(self._token) and self._bot.polled):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


Server = discord_server.Server


@contextlib.asynccontextmanager
async def _servers() -> AsyncIterator[tuple["telegram_server.Server", int, Server, int]]:
    bot, server = telegram_server.Server(), Server()
    async with telegram_server.opened(bot) as telegram_port, discord_server.opened(server) as discord_port:
        yield bot, telegram_port, server, discord_port


@contextlib.asynccontextmanager
async def _desk(folder: Path, platforms: Platforms) -> AsyncIterator[psutil.Process]:
    """The served desk, ready on both platforms. Raises RuntimeError where it ends instead."""
    settings = {
        "MARKET": "sim",
        "SIMULATOR__SEED": "7",
        "DATA_DIR": str(folder / "desk"),
        "TELEGRAM__TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM__API_URL": platforms.telegram_url,
        "TELEGRAM__FILE_URL": platforms.telegram_url,
        "DISCORD__TOKEN": DISCORD_TOKEN,
        "DISCORD__API_URL": f"http://{platforms.discord_url}/api/v10",
        "DISCORD__GATEWAY_URL": f"ws://{platforms.discord_url}/gateway",
    }
    variables = {f"PAPERDESK_{name}": value for name, value in settings.items()}
    async with _process(folder / "desk.txt", platforms, "app.cli.main", "serve", **variables) as process:
        yield process


@contextlib.asynccontextmanager
async def _bare(folder: Path, platforms: Platforms) -> AsyncIterator[psutil.Process]:
    """The bare handlers, ready on both platforms. Raises RuntimeError where they end instead."""
    addresses = (platforms.telegram_url, platforms.discord_url)
    async with _process(folder / "bare.txt", platforms, bare.__name__, *addresses) as process:
        yield process


@contextlib.asynccontextmanager
async def _process(
    complaints: Path, platforms: Platforms, module: str, *arguments: str, **variables: str
) -> AsyncIterator[psutil.Process]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PAPERDESK_")}
    with complaints.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, env=plain | variables, stdout=stream, stderr=stream
        )
    try:
        ready = asyncio.ensure_future(platforms.ready())
        ended = asyncio.ensure_future(process.wait())
        await asyncio.wait((ready, ended), timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise RuntimeError(f"{module} would not serve: {(await asyncio.to_thread(complaints.read_text))[-2000:]}")
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _warm_up(platforms: Platforms, size: Size) -> None:
    """Everybody is met and has an account; charts were drawn."""
    for line in (*LINES, *CHARTS):
        await asyncio.gather(*(platforms.discord(person, line) for person in range(3)))
    for first in range(0, size.persons, 25):
        await asyncio.gather(
            *(platforms.discord(n, ("balance", {})) for n in range(first, min(size.persons, first + 25)))
        )
    await _at_a_rate(platforms.telegram, 1.0, TELEGRAM_MOST, size.chats, random.Random(1))


async def _sustained(bots: list[tuple[Platforms, psutil.Process]], size: Size) -> list[Sustained]:
    """Of each bot; those that still sustain are asked by turns."""
    found = [Sustained() for _ in bots]
    rate = size.first
    while rate <= size.last and not all(best.ended for best in found):
        for (platforms, process), best in zip(bots, found, strict=True):
            if not best.ended:
                await _step(platforms, process, best, rate, size)
        rate *= STEP
    return found


async def _step(platforms: Platforms, process: psutil.Process, best: Sustained, rate: float, size: Size) -> None:
    for _ in range(TRIES):
        before, taken = _cpu_seconds(process), await _mixed(platforms, rate, size)
        spent = (_cpu_seconds(process) - before) / len(taken)
        if (p99 := _percentile(taken, 99)) < SUSTAINED_MS:
            best.rate, best.p99, best.p50, best.cpu = rate, p99, statistics.median(taken), spent
            return
    best.ended = True
    best.cpu = best.cpu or spent


def _cpu_seconds(process: psutil.Process) -> float:
    """Of the process and its children, engines included."""
    seconds = 0.0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent = each.cpu_times()
            seconds += spent.user + spent.system
    return seconds


async def _mixed(platforms: Platforms, rate: float, size: Size) -> list[float]:
    """Milliseconds of each command at `rate` commands a second. An answer that never came took ANSWER_SECONDS."""
    chance = random.Random(7)
    telegram = min(TELEGRAM_MOST, rate * TELEGRAM_SHARE)
    both = await asyncio.gather(
        _at_a_rate(platforms.discord, size.seconds, rate - telegram, size.persons, chance),
        _at_a_rate(platforms.telegram, size.seconds, telegram, size.chats, chance),
    )
    return [taken for some in both for taken in some]


async def _at_a_rate(ask: Ask, seconds: float, rate: float, people: int, chance: random.Random) -> list[float]:
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
        begun.append(asyncio.ensure_future(_or_late(work(number))))
    return await asyncio.gather(*begun)


async def _or_late(asked: Awaitable[float]) -> float:
    """Milliseconds; those of ANSWER_SECONDS where no answer came."""
    try:
        return await asked
    except TimeoutError:
        return 1000 * ANSWER_SECONDS


def _percentile(taken: list[float], percent: int) -> float:
    """So many percent are not above it: the nearest rank, which needs no number between two measured ones."""
    return sorted(taken)[ceil(len(taken) * percent / 100) - 1]
