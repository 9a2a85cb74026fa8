"""Training process: reads its request from standard input, trains, stores the models, and reports line by line.

Run as `python -m app.training.worker`. It has low priority, is bounded in memory, and is safe to kill: a model is
stored in one transaction, its lock is released with its connection, and it ends when its parent process does.
"""

import asyncio
import ctypes
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from app.connections.stores import open_pool
from app.training.protocol import (
    LOCK,
    DataLoaded,
    FoldTrained,
    HorizonSkipped,
    ModelSaved,
    NewsTrained,
    TrainingEvent,
    TrainingFailed,
    TrainingRequest,
    WindowShortened,
)
from core.clock import wall_clock
from core.errors import DeskError
from core.leader_election import key_of
from ml.errors import NoTrainingData, TrainingBusy, TrainingDiskFull, TrainingTooBig
from ml.registry import ModelMetadata, Registry
from pipeline.archive.postgres import translated
from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.store.redis import RedisStore, open_redis

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ml.data.features import Features
    from ml.data.panel import Panel
    from ml.models.forecast_model import ForecastModel

_NICE = 10
_PR_SET_PDEATHSIG = 1
_HISTORY_POINTS = 1000
_MIB = 1 << 20

_BASE_MIB = 400
_BYTES_A_CELL = 480
_BYTES_A_CELL_ON_DISK = 160
_BYTES_A_CELL_OF_FLOW = 100
_BYTES_A_ROW = 300
"""Memory of a training with a small reserve, measured (`bench/training_memory.py`): libraries, each candle of the panel
and its features, its order flow, each row of the sample.
"""

_ALLOCATION = (
    *("bad_alloc", "bad allocation", "emory allocation", "allocate memory", "start new thread"),
    *("failed to map segment", "error return without exception set"),  # of a library that does not load
)


def main() -> int:
    """Returns 0 if the training ran to its end, with or without models; else the last line gives the reason."""
    parent = os.getppid()
    lesson = msgspec.json.decode(sys.stdin.buffer.read(), type=TrainingRequest)
    _lower_priority(lesson, parent)
    try:
        asyncio.run(_learn(lesson))
    except DeskError as error:
        send(TrainingFailed(error.code(), error.details()))
        return 1
    except MemoryError:
        send(TrainingFailed(TrainingTooBig.code(), {"memory_mib": lesson.memory_mib}))
        return 1
    return 0


def send(line: TrainingEvent) -> None:
    """Writes a message at once, so that progress is visible."""
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _lower_priority(request: TrainingRequest, parent: int) -> None:
    """Lowers the priority, limits the memory to the allowed amount, and ends the process with its parent."""
    os.nice(_NICE)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)  # it died in between
    _warm_up()
    limit = request.memory_mib * _MIB
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _warm_up() -> None:
    """Makes OpenBLAS allocate its buffers before memory is limited.

    numpy and scipy have a copy of it each, which allocates at the first call and waits for ever if it gets no memory.
    """
    import numpy as np  # noqa: PLC0415 - after the environment and the niceness are set
    from scipy import linalg  # noqa: PLC0415

    square = np.eye(256)
    np.linalg.solve(square @ square, square)
    linalg.solve(square, square, assume_a="pos")


# -- training ----------------------------------------------------------------------------------


async def _learn(request: TrainingRequest) -> None:
    """Trains a model for each horizon of the request.

    Raises TrainingBusy, NoTrainingData, TrainingDiskFull, TrainingTooBig and MarketUnavailable.
    """
    async with (
        open_pool(request.dsn) as pool,
        open_redis(request.redis_url) as redis,
        pool.acquire() as own,
    ):
        with translated():
            alone = await own.fetchval("SELECT pg_try_advisory_lock($1)", key_of(LOCK))
        if not alone:
            raise TrainingBusy
        store = RedisStore(redis, _HISTORY_POINTS)
        with _folder(request) as folder:
            await _train_all(request, pool, store, Registry(pool), folder)
        await _train_news(request, pool)


async def _train_all(
    request: TrainingRequest, pool: "asyncpg.Pool[Any]", store: RedisStore, registry: Registry, folder: Path | None
) -> None:
    with _heeding_memory(request):
        from ml.data.archive_panel import panel_from  # noqa: PLC0415
        from ml.data.features import features_of  # noqa: PLC0415 - who is refused need not wait for it

    start = _start_that_fits(request)
    panel = await panel_from(pool, request.market, request.symbols, start, request.end, store=store, flow=request.flow)
    send(DataLoaded(*panel.shape))
    with _heeding_memory(request):
        features = features_of(panel, _room_in(folder))
    for horizon in request.horizons:
        begun = time.monotonic()
        try:
            with _heeding_memory(request):
                trained = _train(request, panel, features, horizon, folder)
        except NoTrainingData as error:
            send(HorizonSkipped(horizon, error.code(), error.details()))
            continue
        number = await _keep(registry, request, trained)
        skill = trained.metrics["skill"]
        send(ModelSaved(horizon, number, trained.skilled, skill, round(time.monotonic() - begun, 1)))


async def _train_news(request: TrainingRequest, pool: "asyncpg.Pool[Any]") -> None:
    """Trains the model of headlines, if enough of them are judged on this market."""
    from ml.news.headline_model import train_headline_model  # noqa: PLC0415
    from ml.news.outcomes import HORIZON_MS, PostgresHeadlineOutcomes  # noqa: PLC0415

    outcomes = PostgresHeadlineOutcomes(pool)
    events = await outcomes.events(request.market)
    with _heeding_memory(request):
        model = train_headline_model(events, HORIZON_MS)
    if model is not None:
        await outcomes.save_model(request.market, wall_clock(), model)
        send(NewsTrained(model.events, model.shown))


def _train(
    request: TrainingRequest, panel: "Panel", features: "Features", horizon: int, folder: Path | None
) -> "ForecastModel":
    from ml.evaluation.walk_forward import FOLDS  # noqa: PLC0415
    from ml.models.base import TrainingResources  # noqa: PLC0415
    from ml.training.train import train  # noqa: PLC0415

    def hear(horizon: int, recipe: str, fold: int) -> None:
        send(FoldTrained(horizon, recipe, fold + 1, len(FOLDS)))

    means = TrainingResources(request.threads, request.seed, folder)
    return train(panel, horizon, means, hear, features=features, max_rows=request.rows)


async def _keep(registry: Registry, request: TrainingRequest, trained: "ForecastModel") -> int:
    """Stores the model and returns its version. Raises ModelTooBig and ModelNotSaved."""
    from ml.models.artifact import pack  # noqa: PLC0415
    from ml.models.forecast_model import RECIPE  # noqa: PLC0415

    facts = ModelMetadata(
        recipe=RECIPE,
        trained_at=wall_clock(),
        start=trained.start,
        end=trained.end,
        symbols=trained.symbols,
        rows=trained.rows,
        features=trained.names,
        parameters=trained.parameters,
        code_version=version("paperdesk"),
        metrics=trained.metrics,
    )
    return await registry.add(request.market, trained.horizon, facts, pack(trained.parts()))


# -- memory ------------------------------------------------------------------------------------


def _start_that_fits(request: TrainingRequest) -> int:
    """Returns the start of the newest history that fits into the memory.

    Raises TrainingTooBig if it is less than a day.
    """
    a_cell = _BYTES_A_CELL_ON_DISK if request.folder else _BYTES_A_CELL
    a_cell += _BYTES_A_CELL_OF_FLOW if request.flow else 0
    left = (request.memory_mib - _BASE_MIB) * _MIB
    cells = max(len(request.symbols), 1) * (request.end - request.start) // MINUTE_MS
    left -= min(request.rows, cells) * _BYTES_A_ROW
    span = max(0, left) // a_cell // max(len(request.symbols), 1) * MINUTE_MS
    if span >= request.end - request.start:
        return request.start
    if span < DAY_MS:
        raise TrainingTooBig(request.memory_mib)
    send(WindowShortened(round(span / DAY_MS, 1)))
    return request.end - span


@contextmanager
def _heeding_memory(request: TrainingRequest) -> Iterator[None]:
    """Converts the errors that libraries raise without memory into TrainingTooBig."""
    try:
        yield
    except MemoryError as error:
        raise TrainingTooBig(request.memory_mib) from error
    except Exception as error:
        if any(word in str(error) for word in _ALLOCATION):
            raise TrainingTooBig(request.memory_mib) from error
        raise


@contextmanager
def _folder(request: TrainingRequest) -> Iterator[Path | None]:
    """Yields the folder for the files of this training.

    Other folders next to it are from trainings that were killed, since only one runs at a time, and are removed.
    """
    if not request.folder:
        yield None
        return
    own = Path(request.folder)
    shutil.rmtree(own.parent, ignore_errors=True)
    try:
        own.mkdir(parents=True)
    except OSError as error:
        raise TrainingDiskFull(str(own), 1) from error
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _room_in(folder: Path | None) -> "Callable[[tuple[int, ...]], NDArray[np.float32]] | None":
    """Returns an allocator in a file without a name, so that nothing of it remains however the process ends.

    None without a folder. The allocator raises TrainingDiskFull.
    """
    if folder is None:
        return None

    def room(shape: tuple[int, ...]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415

        size = int(np.prod(shape)) * np.dtype(np.float32).itemsize
        with tempfile.TemporaryFile(dir=folder) as file:
            try:
                os.posix_fallocate(file.fileno(), 0, size)  # a full disk is detected now, not by a signal later
            except OSError as error:
                raise TrainingDiskFull(str(folder), -(-size // _MIB)) from error
            return np.memmap(file, np.float32, "r+", shape=shape)

    return room


if __name__ == "__main__":
    sys.exit(main())
