"""Training in a process of its own, for `paperdesk train` and the nightly job."""

import asyncio
import logging
import shutil
import signal
import sys
import uuid
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from app.connections.market import open_askable
from app.connections.stores import open_pool
from app.settings import Settings
from app.startup import Addresses
from app.training.protocol import (
    LOCK,
    DataLoaded,
    Errors,
    FoldTrained,
    HorizonSkipped,
    ModelSaved,
    NewsTrained,
    TrainingFailed,
    TrainingMessage,
    TrainingRequest,
    WindowShortened,
    read_line,
)
from app.training.threads import usable_threads
from bot.platforms.console.sanitize import one_line
from core.clock import wall_clock
from core.database import Pool
from core.errors import DeskError
from core.leader_election import key_of
from core.system.child_env import python_env
from jobs.candles.backfill_history import Progress, backfill
from ml.data.training_universe import TrainingScope, choose
from ml.errors import NoArchivedCandles, TrainingBusy, TrainingEnded, TrainingTooBig
from pipeline.archive.postgres import CandleArchive, translated
from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.ports import OnDemandMarket
from pipeline.store.redis import RedisStore, open_redis

log = logging.getLogger(__name__)

_MODULE = "app.training.worker"
_LINE_BYTES = 1 << 16
_SILENT_SECONDS = 3600.0
"""Time without output after which the process is considered to hang; no step takes as long."""

_COMPLAINTS_BYTES = 1 << 14
_OUT_OF_MEMORY = (b"bad_alloc", b"emory allocation", b"MemoryError", b"Cannot allocate memory", b"start new thread")

OnMessage = Callable[[TrainingMessage], None]


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """Result of a training: the models that were stored, and the horizons without one, with the reasons."""

    market: str
    symbols: int
    saved: tuple[ModelSaved, ...]
    skipped: tuple[HorizonSkipped, ...]

    def __str__(self) -> str:
        models = [f"{m.horizon} min v{m.version}{'' if m.skilled else ' (no skill)'}" for m in self.saved]
        without = [f"{horizon.horizon} min ({horizon.code})" for horizon in self.skipped]
        lines = [f"learnt {', '.join(models)}"] if models else []
        return "; ".join([*lines, f"not learnt {', '.join(without)}"] if without else lines)


def unheard(_: TrainingMessage | int, __: int = 0) -> None:
    """Ignores the progress."""


async def run_training(
    settings: Settings,
    addresses: Addresses,
    *,
    market: str = "",
    horizons: Sequence[int] = (),
    source: OnDemandMarket | None = None,
    on_message: OnMessage = unheard,
    filled: Progress = unheard,
) -> TrainingReport:
    """Trains a model for each horizon on the running market, or on the one named, in a process of its own.

    `horizons` are in minutes; without any, those of the settings are used. Each model is in the registry as soon as it
    is trained. With a `source`, which is the running market's, history that is missing from the archive is fetched
    first. Cancellation kills the process; models that were stored remain. Raises TrainingBusy, NoArchivedCandles,
    TrainingTooBig, TrainingDiskFull, TrainingEnded, ModelNotSaved, DatabaseUnreachable and MarketUnavailable.
    """
    async with open_pool(addresses.postgres_dsn) as pool, open_redis(addresses.redis_url) as redis:
        await _check_free(pool)
        store = RedisStore(redis, settings.store.history_points)
        ground = await choose(pool, store, wall_clock, market=market, count=settings.ml.symbols)
        if not ground.symbols:
            raise NoArchivedCandles(ground.market)
        end = ground.now // MINUTE_MS * MINUTE_MS
        span = max(0, end - settings.ml.days * DAY_MS), end
        if source is not None:
            await backfill(CandleArchive(pool), source, ground.market, ground.symbols, span, progress=filled)
    return await run_process(lesson_of(settings, addresses, ground, span, tuple(horizons)), on_message)


async def _check_free(pool: Pool) -> None:
    """Raises TrainingBusy if a training runs, before anything is fetched. The process itself takes the lock."""
    with translated():
        free = await pool.fetchval(
            "SELECT pg_advisory_unlock(key) FROM (SELECT $1::bigint AS key) AS own WHERE pg_try_advisory_lock(key)",
            key_of(LOCK),
        )
    if not free:
        raise TrainingBusy


def lesson_of(
    settings: Settings, addresses: Addresses, ground: TrainingScope, span: tuple[int, int], horizons: tuple[int, ...]
) -> TrainingRequest:
    """Returns the input of the process; its files, if any, go into a folder of its own."""
    folder = str(settings.data_dir / "training" / uuid.uuid4().hex) if settings.ml.external_memory else ""
    return TrainingRequest(
        dsn=addresses.postgres_dsn,
        redis_url=addresses.redis_url,
        market=ground.market,
        horizons=horizons or settings.ml.minutes,
        symbols=tuple(ground.symbols),
        start=span[0],
        end=span[1],
        threads=settings.ml.threads or usable_threads(),
        memory_mib=settings.ml.memory_mib,
        rows=settings.ml.rows,
        folder=folder,
        flow=settings.ml.order_flow,
    )


# -- the process -------------------------------------------------------------------------------


async def run_process(request: TrainingRequest, on_message: OnMessage) -> TrainingReport:
    """Runs the process to its end, or kills it on cancellation. Raises the errors of `run_training`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _MODULE,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        limit=_LINE_BYTES,
        env=_environment(request),
    )
    told: list[TrainingMessage] = []

    def keep(line: TrainingMessage) -> None:
        if not isinstance(line, FoldTrained):
            told.append(line)
        on_message(line)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_begin(process, request))
            complaints = group.create_task(_complaints(process))
            group.create_task(_listen(process, keep))
        code = await process.wait()
    finally:
        await _end(process)
        if request.folder:
            await asyncio.to_thread(shutil.rmtree, request.folder, ignore_errors=True)
    if code:
        raise _reason(told, complaints.result(), code, request)
    return TrainingReport(
        request.market,
        len(request.symbols),
        tuple(line for line in told if isinstance(line, ModelSaved)),
        tuple(line for line in told if isinstance(line, HorizonSkipped)),
    )


def _environment(request: TrainingRequest) -> dict[str, str]:
    """Returns the environment of the process.

    Numerical libraries read these variables when they are loaded. Waiting threads sleep, to leave the processor to
    others.
    """
    threads = str(request.threads)
    bounds = {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
    return python_env({**bounds, "OMP_WAIT_POLICY": "PASSIVE", "MALLOC_ARENA_MAX": "2"}, database=True)


async def _begin(process: Process, request: TrainingRequest) -> None:
    """Sends the request by standard input: addresses contain passwords, and every user can read a command line."""
    assert process.stdin is not None  # noqa: S101 - as it was made
    with suppress(BrokenPipeError, ConnectionResetError):  # it has already ended; its exit code gives the reason
        process.stdin.write(msgspec.json.encode(request))
        await process.stdin.drain()
        process.stdin.close()


async def _listen(process: Process, on_message: OnMessage) -> None:
    assert process.stdout is not None  # noqa: S101 - as it was made
    while True:
        try:
            async with asyncio.timeout(_SILENT_SECONDS):
                text = await process.stdout.readline()
        except TimeoutError:
            process.kill()
            return
        if not text:
            return
        if (line := read_line(text)) is not None:
            on_message(line)


async def _complaints(process: Process) -> bytes:
    """Returns the end of its output to standard error."""
    assert process.stderr is not None  # noqa: S101 - as it was made
    kept = b""
    while part := await process.stderr.read(_COMPLAINTS_BYTES):
        kept = (kept + part)[-_COMPLAINTS_BYTES:]
    return kept


def _reason(messages: Sequence[TrainingMessage], complaints: bytes, code: int, request: TrainingRequest) -> DeskError:
    """Returns the error that the process ended with.

    Without memory, libraries end the process in ways of their own; only the end of their output shows it.
    """
    failed = next((line for line in messages if isinstance(line, TrainingFailed)), None)
    if failed is not None and failed.code in Errors.KNOWN:
        return Errors.of(failed)
    log.error("training ended with %d: %s", code, complaints.decode("utf-8", "replace"))
    if any(words in complaints for words in _OUT_OF_MEMORY):
        return TrainingTooBig(request.memory_mib)
    return TrainingEnded("killed" if code == -signal.SIGKILL else str(code))


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await asyncio.shield(process.wait())


# -- from the command line ---------------------------------------------------------------------


async def run_train(settings: Settings, addresses: Addresses, market: str, horizons: Sequence[int]) -> int:
    """Trains and prints the progress. Returns 0 if at least one model was stored, else 1.

    Raises the errors of `run_training`.
    """
    async with open_redis(addresses.redis_url, connections=1) as redis:
        info, _ = await RedisStore(redis, settings.store.history_points).head()
    if info is None or market not in ("", info.market):
        learnt = await run_training(settings, addresses, market=market, horizons=horizons, on_message=_print)
    else:
        async with (
            open_pool(addresses.postgres_dsn) as pool,
            open_askable(settings, info, wall_clock, pool) as source,
        ):
            learnt = await run_training(
                settings,
                addresses,
                market=market,
                horizons=horizons,
                source=source,
                on_message=_print,
                filled=_print_filled,
            )
    _say(f"{learnt.market}, {learnt.symbols} symbols: {learnt}")
    return 0 if learnt.saved else 1


def _print_filled(done: int, symbols: int) -> None:
    _say(f"history: {done} of {symbols} symbols")


def _print(line: TrainingMessage) -> None:
    match line:
        case WindowShortened():
            _say(f"memory for {line.days} days only")
        case DataLoaded():
            _say(f"{line.symbols} symbols x {line.times} minutes")
        case FoldTrained():
            _say(f"{line.horizon} min: {line.recipe}, part {line.fold} of {line.folds}")
        case ModelSaved():
            verdict = f"skill {line.skill:+.2%}" if line.skilled else "no skill"
            _say(f"{line.horizon} min: model {line.version}, {verdict}, {line.seconds:.0f} s")
        case NewsTrained():
            _say(f"headlines: tested on {line.events}, {'shown' if line.shown else 'not shown'}")
        case HorizonSkipped():
            _say(f"{line.horizon} min: skipped, {Errors.of(line)}")


def _say(text: str) -> None:
    sys.stdout.write(one_line(text) + "\n")
    sys.stdout.flush()
