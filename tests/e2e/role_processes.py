"""Processes of the roles, restarted when they end by themselves, and the count of their faults."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.desk_process import start_paperdesk
from tests.patience import PATIENCE_SECONDS

ROLES = {
    "produce": ("produce",),
    "writer": ("consume", "writer"),
    "archiver": ("consume", "archiver"),
    "triggers": ("triggers",),
    "jobs": ("jobs",),
}

NOT_THERE = ("The PostgreSQL server at", "The Redis server at", "The Kafka brokers at")
"""What a role may say that is started while its servers are away."""


@dataclass
class Count:
    """What is to be counted; `faults` are sentences about what else went wrong."""

    candles: int = 0
    lost: int = 0
    duplicated: int = 0
    wrong: int = 0
    prices: int = 0
    prices_wrong: int = 0
    frames: int = 0
    vain: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    events: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        yield f"kills: {self.kills.total()} ({', '.join(f'{role} {n}' for role, n in sorted(self.kills.items()))})"
        yield f"besides: {', '.join(self.events)}; {self.vain} starts in vain"
        yield f"records on Kafka: {self.frames}"
        yield f"candles: {self.candles} in PostgreSQL"
        yield f"lost: {self.lost}, duplicated: {self.duplicated}, wrong: {self.wrong}"
        yield f"last prices: {self.prices} in Redis, {self.prices_wrong} wrong"
        yield f"faults: {len(self.faults)}"
        yield from self.faults[:50]
        yield f"seconds: {self.seconds:.0f}"

    def sound(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong or self.prices_wrong or self.faults)


class Roles:
    """The processes, each restarted when it ends without having been told to, as a process manager does."""

    def __init__(self, folder: Path, settings: dict[str, str], count: Count) -> None:
        self._folder = folder
        self._settings = settings
        self._count = count
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._said: dict[asyncio.subprocess.Process, str] = {}
        self._closing = False

    async def start(self, name: str) -> None:
        """`name` is a role, or a role and "2" for its second member."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        role = ROLES[name.removesuffix("2")]
        process = await start_paperdesk(folder, *role, **self._settings)
        self._running[name] = process
        self._watching[name] = asyncio.create_task(self._watch(name, process))

    async def _watch(self, name: str, process: asyncio.subprocess.Process) -> None:
        _, err = await process.communicate()
        self._said[process] = err.decode()[-1500:]
        if self._running.get(name) is process and not self._closing:
            self._count_end(name, process, "by itself")
            await asyncio.sleep(0.5)
            if self._running.get(name) is process and not self._closing:
                await self.start(name)

    def _count_end(self, name: str, process: asyncio.subprocess.Process, how: str) -> None:
        said = self._said[process]
        if process.returncode == 1 and any(sentence in said for sentence in NOT_THERE):
            self._count.vain += 1
        else:
            self._count.faults.append(f"{name} ended {how} ({process.returncode}): {said}")

    async def kill(self, name: str) -> None:
        """With `kill -9`, and starts it again."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await self.start(name)

    async def end(self, name: str) -> None:
        """Politely; an end that takes long or is not clean is a fault."""
        process, watching = self._running.pop(name), self._watching[name]
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.shield(watching)
        except TimeoutError:
            process.kill()
            self._count.faults.append(f"{name} did not end when it was told to")
        else:
            if process.returncode not in (128 + signal.SIGTERM, -signal.SIGTERM):  # the latter before it had begun
                self._count_end(name, process, "when it was told to")

    async def end_all(self) -> None:
        self._closing = True
        await asyncio.gather(*(self.end(name) for name in list(self._running)))
