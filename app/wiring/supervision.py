"""Supervision of platforms: each fails and restarts on its own, without effect on the others and the desk."""

import asyncio
import logging
import random
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine

from core.errors import DeskError
from people.operators.platforms import Platforms

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds before a service is restarted; each pause is twice as long as the last one."""

log = logging.getLogger(__name__)

Running = Callable[[Coroutine[object, object, None]], None]
"""Starts a service that runs until the process closes."""

Service = Callable[[], Awaitable[None]]


class ServiceEnded(Exception):
    """A service that should never end returned."""


async def restarted(
    name: str,
    service: Service,
    jitter: random.Random,
    *,
    failed: Callable[[Exception], None] = lambda _: None,
    begun: Callable[[], None] = lambda: None,
    first_pause: float = FIRST_PAUSE,
) -> None:
    """Runs a service that should never end, and restarts it after growing pauses when it fails or ends.

    `begun` is called before each start; `failed` after each failure, and may raise to give up.
    """
    pause = first_pause
    while True:
        started = time.monotonic()
        begun()
        error: Exception = ServiceEnded()
        try:
            await service()
        except Exception as raised:  # noqa: BLE001 - any failure restarts it, and is logged below
            error = _only(raised)
        failed(error)
        log.warning("%s failed and is started again: %s", name, type(error).__name__, exc_info=error)
        if time.monotonic() - started > LONGEST_PAUSE:
            pause = first_pause
        await asyncio.sleep(pause * jitter.uniform(0.5, 1.0))
        pause = min(LONGEST_PAUSE, 2 * pause)


class Supervisor:
    """Runs the platforms' services.

    A service with a fatal error stops for good, without effect on the others, and a sentence about it is reported.
    """

    def __init__(
        self,
        running: Running,
        platforms: Platforms,
        jitter: random.Random,
        sentence: Callable[[DeskError], str],
        *,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """`sentence` returns the sentence for a fatal error, which is printed to standard error and logged."""
        self._running = running
        self._platforms = platforms
        self._jitter = jitter
        self._sentence = sentence
        self._first_pause = first_pause
        self._serving: set[str] = set()
        self._last: DeskError | None = None
        self._stopped = asyncio.Event()
        self._awaited = False

    def run(self, platform: str, service: Service, fatal: tuple[type[DeskError], ...]) -> None:
        """Starts a platform's service; the errors in `fatal` stop it for good."""
        self._serving.add(platform)
        self._running(self._serve(platform, service, fatal))

    async def wait(self) -> None:
        """Waits until every platform is stopped. Raises the error that stopped the last one."""
        self._awaited = True
        await self._stopped.wait()
        if self._last is not None:
            raise self._last

    async def _serve(self, platform: str, service: Service, fatal: tuple[type[DeskError], ...]) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, fatal):
                raise error
            self._platforms.restarting(platform, type(error).__name__)

        try:
            await restarted(
                platform,
                service,
                self._jitter,
                failed=failed,
                begun=lambda: self._platforms.running(platform),
                first_pause=self._first_pause,
            )
        except fatal as error:
            self._stop(platform, error)

    def _stop(self, platform: str, error: DeskError) -> None:
        self._platforms.stopped(platform, type(error).__name__)
        said = self._sentence(error)
        log.error("%s is stopped: %s", platform, said)
        self._serving.discard(platform)
        self._last = error
        if self._serving or not self._awaited:  # otherwise the error ends the command, which prints it
            sys.stderr.write(f"{said}\n")
            sys.stderr.flush()
        if not self._serving:
            self._stopped.set()


def _only(error: Exception) -> Exception:
    """Returns the first error of a group: the others follow from it."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
