"""The process that draws: it ends with the app, is replaced when it ends, and is never waited for without end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import msgspec
import psutil
import pytest

from bot.ui.charts.errors import ChartsBusy, ChartsUnavailable
from bot.ui.charts.workers import pool
from bot.ui.charts.workers.draw import render
from bot.ui.charts.workers.pool import ChartWorkers, DrawingFailed
from tests.charts_samples import samples
from tests.charts_specs import candles_spec, equity_spec, equity_walk, walk
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import until

pytestmark = pytest.mark.long

SPEC = candles_spec(walk(30))
"""Of a drawing on a machine that does much else."""


def drawing_processes() -> list[psutil.Process]:
    """Those of this process that still run."""
    return [child for child in psutil.Process().children() if _draws(child)]


def _draws(process: psutil.Process) -> bool:
    try:
        return "bot.ui.charts.workers.worker" in process.cmdline()
    except psutil.Error:  # it ended a moment ago
        return False


def the_worker() -> psutil.Process:
    found = drawing_processes()
    assert len(found) == 1
    return found[0]


@pytest.fixture
async def workers() -> AsyncIterator[ChartWorkers]:
    async with ChartWorkers(waiting=4, timeout_seconds=PATIENCE_SECONDS) as opened:
        yield opened
    assert drawing_processes() == []


async def test_the_worker_draws_what_this_process_would(workers: ChartWorkers) -> None:
    for spec in {(type(spec), spec.appearance.language): spec for spec in samples().values()}.values():
        assert await workers.draw(spec) == render(spec)


async def test_one_process_serves_all_charts_and_too_many_at_once_are_refused(workers: ChartWorkers) -> None:
    answers = await asyncio.gather(*(workers.draw(SPEC) for _ in range(8)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [bytes] * 5 + [ChartsBusy] * 3
    first = the_worker().pid
    await workers.draw(SPEC)
    assert the_worker().pid == first


async def test_the_event_loop_goes_on_while_a_chart_is_drawn(workers: ChartWorkers) -> None:
    await workers.draw(SPEC)
    drawing = asyncio.create_task(workers.draw(candles_spec(walk(500))))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1
    await drawing
    assert turns > 20, "a chart drawn in this process would leave the loop a handful"


async def test_warm_starts_the_worker_before_the_first_chart(workers: ChartWorkers) -> None:
    workers.warm()
    workers.warm()
    await until(drawing_processes)
    assert the_worker().is_running()


async def test_a_killed_worker_is_replaced_and_the_chart_still_comes(workers: ChartWorkers) -> None:
    await workers.draw(SPEC)
    dead = the_worker()
    dead.suspend()
    drawing = asyncio.create_task(workers.draw(SPEC))
    await asyncio.sleep(0.05)
    dead.kill()
    assert (await drawing).startswith(b"\x89PNG")
    assert the_worker().pid != dead.pid


async def test_a_worker_that_cannot_start_makes_charts_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ChartWorkers(timeout_seconds=PATIENCE_SECONDS) as workers:
        with monkeypatch.context() as patch:
            patch.setattr(pool.sys, "executable", "/bin/false")
            with pytest.raises(ChartsUnavailable):
                await workers.draw(SPEC)
        assert (await workers.draw(SPEC)).startswith(b"\x89PNG"), "it recovers when the cause is gone"


async def test_a_drawing_that_hangs_is_given_up_and_the_next_one_comes() -> None:
    async with ChartWorkers(timeout_seconds=PATIENCE_SECONDS) as workers:
        await workers.draw(SPEC)
        stuck = the_worker()
        stuck.suspend()
        workers._timeout = 0.2
        with pytest.raises(ChartsBusy):
            await workers.draw(SPEC)
        assert stuck not in drawing_processes()
        workers._timeout = PATIENCE_SECONDS
        assert await workers.draw(SPEC)
        assert the_worker().pid != stuck.pid


async def test_a_cancelled_caller_does_not_shift_the_answers(workers: ChartWorkers) -> None:
    await workers.draw(SPEC)
    process = the_worker().pid
    gone = asyncio.create_task(workers.draw(SPEC))
    await asyncio.sleep(0.005)
    gone.cancel()
    other = equity_spec(equity_walk(50))
    assert await workers.draw(other) == render(other)
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert the_worker().pid == process


async def test_a_mistake_of_ours_is_told_with_its_traceback_and_the_worker_lives_on(workers: ChartWorkers) -> None:
    broken = msgspec.structs.replace(SPEC, open=(1.0, 2.0))
    with pytest.raises(DrawingFailed, match="Traceback"):
        await workers.draw(broken)
    alive = the_worker().pid
    assert await workers.draw(SPEC)
    assert the_worker().pid == alive


async def test_memory_stays_flat_over_many_charts(workers: ChartWorkers) -> None:
    many = [candles_spec(walk(120, seed=seed)) for seed in range(60)]
    for spec in many[:20]:
        await workers.draw(spec)
    before = the_worker().memory_info().rss
    for spec in many[20:]:
        await workers.draw(spec)
    assert the_worker().memory_info().rss - before < 1.5 * 2**20


_APP = f"""
import asyncio
from bot.ui.charts.workers.pool import ChartWorkers
from tests.charts_specs import candles_spec, walk
from tests.support.push_house import until
async def main():
    async with ChartWorkers(timeout_seconds={PATIENCE_SECONDS}) as workers:
        spec = candles_spec(walk(500))
        await workers.draw(spec)
        print("ready", flush=True)
        while True:
            await asyncio.gather(*(workers.draw(spec) for _ in range(10)))
asyncio.run(main())
"""


@contextmanager
def python(script: str) -> "Iterator[subprocess.Popen[bytes]]":
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


def test_no_worker_outlives_an_app_that_is_killed() -> None:
    with python(_APP) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == b"ready\n"
        children = psutil.Process(app.pid).children(recursive=True)
        os.kill(app.pid, signal.SIGKILL)
    assert len(children) == 1
    _, alive = psutil.wait_procs(children, timeout=PATIENCE_SECONDS)
    assert alive == []


def test_a_stuck_worker_ends_with_the_app_too() -> None:
    """The life line is watched by a thread of its own: a drawing that never ends does not keep the process."""
    stuck_drawing = "worker._draw = lambda _: time.sleep(600)"
    with python(f"import time, bot.ui.charts.workers.worker as worker; {stuck_drawing}; worker.main()") as stuck:
        assert stuck.stdin is not None
        assert stuck.stdout is not None
        stuck.stdout.read(5)
        stuck.stdin.write((1).to_bytes(4, "big") + b"x")
        stuck.stdin.flush()
        time.sleep(0.2)
        assert stuck.poll() is None
        stuck.stdin.close()
        assert stuck.wait(60) == 0


@pytest.mark.parametrize(
    ("action", "unwanted"),
    [
        ("import bot.ui.charts.renderer", "matplotlib"),
        ("import bot.ui.charts.renderer", "pandas"),
        ("from bot.ui.charts.workers import draw; draw.warm()", "matplotlib.pyplot"),
    ],
)
def test_the_app_stays_slim_and_nobody_imports_pyplot(action: str, unwanted: str) -> None:
    with python(f"import sys; {action}; sys.exit({unwanted!r} in sys.modules)") as process:
        assert process.wait(20) == 0
