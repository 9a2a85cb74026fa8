"""Health of the process, PostgreSQL and Redis."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.clock import Clock
from core.errors import DeskError
from people.operators.ports import Engine, Health

_SECONDS = 2.0
_PROCESS = Path("/proc/self/status")
_KIB = 1024

Probe = Callable[[], Awaitable[Engine]]


class HealthCheck:
    """Health check, performed on each call. A probe takes at most two seconds."""

    def __init__(self, clock: Clock, postgres: Probe, redis: Probe) -> None:
        self._clock = clock
        self._started_at = clock()
        self._probes = (postgres, redis)
        self._version = _version()

    async def __call__(self) -> Health:
        """Returns the health. Never raises: an engine that does not answer is None."""
        postgres, redis = await asyncio.gather(*(_answer(probe) for probe in self._probes))
        return Health(self._version, self._clock() - self._started_at, _memory(), postgres, redis)


async def _answer(probe: Probe) -> Engine | None:
    try:
        async with asyncio.timeout(_SECONDS):
            return await probe()
    except (DeskError, RedisError, OSError):  # TimeoutError is an OSError
        return None


def redis_probe(redis: Redis) -> Probe:
    """Returns a probe that measures the latency (ms) of Redis and its used memory (bytes)."""

    async def probe() -> Engine:
        begun = time.perf_counter()
        await redis.ping()
        latency = (time.perf_counter() - begun) * 1000
        told = await redis.info("memory")
        return Engine(latency, int(told["used_memory"]))

    return probe


def _version() -> str:
    """Returns the installed version, or '' if the code runs from a checkout that was never installed."""
    with suppress(PackageNotFoundError):
        return version("paperdesk")
    return ""


def _memory() -> int:
    """Returns the resident bytes of this process; 0 if the system does not report them."""
    with suppress(OSError):
        for line in _PROCESS.read_text("ascii", "replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * _KIB
    return 0
