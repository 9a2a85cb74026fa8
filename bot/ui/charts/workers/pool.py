"""Worker processes that draw charts, behind a bounded queue.

The pool uses a subprocess and two pipes rather than a ProcessPoolExecutor, whose children import the app's main module,
cannot be stopped in the middle of a drawing that takes too long, and outlive an app that is killed.
"""

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.ui.charts.errors import ChartsBusy, ChartsUnavailable
from bot.ui.charts.specs import Spec, encode
from bot.ui.charts.workers import worker
from core.system.child_env import python_env

logger = logging.getLogger(__name__)

_ATTEMPTS = 2
_DYING_SECONDS = 1.0
_LARGEST_ANSWER = 16 * 1024 * 1024


class DrawingFailed(Exception):
    """A programming error in the drawing code. The text is the worker's traceback."""


class _WorkerEnded(Exception):
    """The pipe to the worker broke."""


class ChartWorkers:
    """Pool of `workers` processes that draw specs and live as long as this context. At most `waiting` charts queue.

    A process starts when `warm` is called or the first chart needs it. It is replaced only if it ended or took longer
    than `timeout_seconds`. `cache_dir` keeps matplotlib's font list if the home directory is not writable.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        waiting: int = 16,
        timeout_seconds: float = 15.0,
        start_seconds: float = 60.0,
        cache_dir: Path | None = None,
    ) -> None:
        self._all = [_Worker(start_seconds, cache_dir) for _ in range(workers)]
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for each in self._all:
            self._idle.put_nowait(each)
        self._most = workers + waiting
        self._timeout = timeout_seconds
        self._tasks: set[asyncio.Task[bytes]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(each.close() for each in self._all))

    def warm(self) -> None:
        """Starts the processes in the background, so that the first chart is quick."""
        for each in self._all:
            each.warm()

    async def draw(self, spec: Spec) -> bytes:
        """Returns the PNG of a spec. Cancelling a caller does not disturb the worker.

        Raises ChartsBusy if too many charts wait or the time limit is exceeded, ChartsUnavailable if the worker ends
        twice or does not start, and DrawingFailed on a programming error.
        """
        if len(self._tasks) >= self._most:
            raise ChartsBusy
        task = asyncio.create_task(self._draw(encode(spec)))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Task[bytes]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # marks the exception as retrieved, even if the caller was cancelled

    async def _draw(self, request: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._timeout):
                each = await self._idle.get()
                try:
                    return await each.draw(request)
                finally:
                    self._idle.put_nowait(each)
        except TimeoutError:
            raise ChartsBusy from None


class _Worker:
    """One process and its pipes. `draw` must not be called by two tasks at once."""

    def __init__(self, start_seconds: float, cache_dir: Path | None) -> None:
        self._start_seconds = start_seconds
        self._cache_dir = cache_dir
        self._starting: asyncio.Task[Process] | None = None

    def warm(self) -> asyncio.Task[Process]:
        """Returns the task that starts the process, running or done."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(_seen)
        return self._starting

    async def draw(self, request: bytes) -> bytes:
        """Draws once, with one retry in a new process if the first one ends."""
        for _ in range(_ATTEMPTS):
            starting = self.warm()
            try:
                process = await asyncio.shield(starting)
            except (_WorkerEnded, TimeoutError, OSError) as error:
                logger.warning("the chart worker does not start: %r", error)
                self._starting = None
                continue
            except DrawingFailed:
                self._starting = None
                raise
            try:
                return await _ask(process, request)
            except _WorkerEnded:
                await self._stop(process, patience=_DYING_SECONDS)
                logger.warning("the chart worker ended with status %s", process.returncode)
            except asyncio.CancelledError:  # its answer would be read as that of the next request
                await self._stop(process)
                self.warm()
                raise
        raise ChartsUnavailable

    async def close(self) -> None:
        """Ends the process."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        starting.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await _end(await starting)

    async def _stop(self, process: Process, patience: float = 0.0) -> None:
        self._starting = None
        await _end(process, patience)

    async def _start(self) -> Process:
        """Starts a process and waits until everything is loaded.

        Raises _WorkerEnded, TimeoutError, OSError and DrawingFailed.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            worker.__name__,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=self._environment(),
            cwd="/",  # matplotlib reads a matplotlibrc of the working directory
        )
        try:
            async with asyncio.timeout(self._start_seconds):
                await _answer(process)
        except BaseException:
            await _end(process)
            raise
        return process

    def _environment(self) -> dict[str, str]:
        return python_env({} if self._cache_dir is None else {"MPLCONFIGDIR": str(self._cache_dir)})


async def _ask(process: Process, request: bytes) -> bytes:
    assert process.stdin is not None  # noqa: S101 - opened with PIPE
    try:
        process.stdin.write(len(request).to_bytes(worker.HEAD, "big") + request)
        await process.stdin.drain()
    except ConnectionError:
        raise _WorkerEnded from None
    return await _answer(process)


async def _answer(process: Process) -> bytes:
    assert process.stdout is not None  # noqa: S101 - opened with PIPE
    try:
        size = int.from_bytes(await process.stdout.readexactly(worker.HEAD), "big")
        if not 0 < size <= _LARGEST_ANSWER:
            raise _WorkerEnded
        answer = await process.stdout.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        raise _WorkerEnded from None
    if answer[:1] == worker.FAILED:
        raise DrawingFailed(answer[1:].decode(errors="replace"))
    return answer[1:]


async def _end(process: Process, patience: float = 0.0) -> None:
    """Kills the process, unless it ends within `patience` seconds.

    Also works in a task that is being cancelled, where asyncio.timeout of Python 3.11.0 to 3.11.2 lets the cancellation
    through instead of raising TimeoutError.
    """
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), patience)
        return
    with suppress(ProcessLookupError):
        process.kill()
    with suppress(TimeoutError):  # asyncio loses the status of a process that is killed while it ends
        await asyncio.wait_for(process.wait(), _DYING_SECONDS)


def _seen(task: "asyncio.Task[Process]") -> None:
    if not task.cancelled():
        task.exception()
