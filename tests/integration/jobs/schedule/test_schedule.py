"""The schedule on a real PostgreSQL: each slot once, whatever happens to schedulers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise

import asyncpg
import pytest

from core.clock import Clock, steady_clock
from core.errors import DeskError
from core.job_status import RunState
from jobs.schedule.job import Job, MisfirePolicy
from jobs.schedule.run_store import Runs, milliseconds
from jobs.schedule.scheduler import Scheduler, SchedulerTiming
from jobs.schedule.triggers import IntervalTrigger, daily
from tests.patience import PATIENCE_SECONDS

Pool = asyncpg.Pool
HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_700_000_000_000 // DAY * DAY + 12 * HOUR
"""A noon, UTC ms."""

PACE = SchedulerTiming(
    poll_seconds=0.02, heartbeat_seconds=0.05, abandon_seconds=60.0, grace_ms=12 * HOUR, soonest=0.005
)


class Sped:
    """A clock that goes `speed` times as fast as the machine's, and jumps when it is told to."""

    def __init__(self, start: int = START, speed: float = 1.0) -> None:
        self._start, self._begun, self._speed = start, steady_clock(), speed

    def __call__(self) -> int:
        return int(self._start + (steady_clock() - self._begun) * self._speed)

    def jump(self, milliseconds: int) -> None:
        self._start += milliseconds


@asynccontextmanager
async def scheduler(
    pool: Pool, clock: Clock, *jobs: Job, name: str = "one", pace: SchedulerTiming = PACE
) -> AsyncIterator[Runs]:
    runs = Runs(pool, name)
    task = asyncio.create_task(Scheduler(jobs, runs, clock, pace).run())
    try:
        yield runs
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(truth: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await truth():  # noqa: ASYNC110 - it asks the database
            await asyncio.sleep(0.02)


async def run_for_the(times: int, work: "Counted") -> None:
    """Until it was run so often, and a while longer: it may be run once too often."""

    async def so_often() -> bool:
        return work.times >= times

    await until(so_often)
    await asyncio.sleep(0.15)
    assert work.times == times


async def states(pool: Pool) -> list[tuple[str, str]]:
    rows = await pool.fetch("SELECT job, state FROM job_run ORDER BY slot")
    return [(row["job"], row["state"]) for row in rows]


class Counted:
    """Work that counts its runs."""

    def __init__(self, *, seconds: float = 0.0) -> None:
        self.times = 0
        self._seconds = seconds

    async def __call__(self) -> str:
        self.times += 1
        await asyncio.sleep(self._seconds)
        return f"run {self.times}"


async def test_a_daily_job_runs_once_on_each_day(pool: Pool) -> None:
    clock, work = Sped(START + 12 * HOUR), Counted()
    async with scheduler(pool, clock, Job("nightly", daily(0, "Europe/Berlin"), work)) as runs:
        for day in range(1, 9):
            await until(lambda day=day: _has_run(runs, day))
            clock.jump(DAY)
        history = await runs.history("nightly", 100)
    slots = sorted(milliseconds(run.slot) for run in history)
    assert [later - earlier for earlier, later in pairwise(slots)] == [DAY] * (len(slots) - 1)
    assert work.times == len(slots)


async def _has_run(runs: Runs, times: int) -> bool:
    return [run.state for run in await runs.history("nightly", 100)].count(RunState.DONE) >= times


async def test_two_schedulers_at_once_run_each_slot_once(pool: Pool) -> None:
    clock, work = Sped(speed=DAY / 200), Counted(seconds=0.01)
    jobs = [Job("nightly", daily(0, "UTC"), work), Job("hourly", IntervalTrigger(6 * 3600), work)]
    async with (
        scheduler(pool, clock, *jobs) as runs,
        scheduler(pool, clock, *jobs, name="two"),
        scheduler(pool, clock, *jobs, name="three"),
    ):

        async def enough() -> bool:
            return work.times >= 40

        await until(enough)
        await asyncio.sleep(0.05)
    rows = await pool.fetch("SELECT worker, sum(tries) AS tries FROM job_run GROUP BY worker")
    claims = sum(row["tries"] for row in rows)
    assert claims - 3 <= work.times <= claims, "each scheduler may have claimed a run that it had no time to begin"
    assert len({row["worker"] for row in rows}) > 1, "only one scheduler ever ran anything"
    assert await runs.jobs()


async def test_what_was_missed_is_made_up_for_once_or_left_out(pool: Pool) -> None:
    clock, once, skip = Sped(), Counted(), Counted()
    jobs = [
        Job("once", daily(0, "UTC"), once),
        Job("skip", daily(0, "UTC"), skip, misfire=MisfirePolicy.SKIP),
        Job("rested", daily(0, "UTC"), Counted(), startup_delay=3600),
    ]
    pace = replace(PACE, grace_ms=HOUR)
    async with scheduler(pool, clock, *jobs, pace=pace):
        await run_for_the(1, once)
    assert (once.times, skip.times) == (1, 0)
    clock.jump(5 * DAY)
    async with scheduler(pool, clock, *jobs, pace=pace):
        await run_for_the(2, once)
        assert (once.times, skip.times) == (2, 0)
        assert ("rested", "done") not in await states(pool)
        clock.jump(HOUR)

        async def rested() -> bool:
            return ("rested", "done") in await states(pool)

        await until(rested)
    assert (once.times, skip.times) == (2, 0)


async def test_a_clock_that_is_set_back_runs_nothing_twice(pool: Pool) -> None:
    clock, work = Sped(), Counted()
    job = Job("hourly", IntervalTrigger(3600), work)
    async with scheduler(pool, clock, job):
        await run_for_the(1, work)
        for jump in (HOUR, -HOUR, HOUR):
            clock.jump(jump)
            await run_for_the(2, work)
        clock.jump(HOUR)
        await run_for_the(3, work)


async def test_a_run_that_was_killed_is_taken_up_again_where_the_job_says_so(pool: Pool) -> None:
    clock, again, not_again = Sped(), Counted(), Counted()
    slot = START
    await pool.executemany(
        "INSERT INTO job_run (job, slot, worker) VALUES ($1, to_timestamp($2 / 1000.0), 'killed')",
        [("again", slot), ("not_again", slot)],
    )
    jobs = [
        Job("again", IntervalTrigger(3600), again),
        Job("not_again", IntervalTrigger(3600), not_again, rerun_interrupted=False),
    ]
    async with scheduler(pool, clock, *jobs, pace=replace(PACE, abandon_seconds=1.0)) as runs:
        assert again.times == 0, "the other may still be alive"

        async def taken() -> bool:
            return again.times > 0 and ("again", "done") in await states(pool)

        await until(taken)
        await asyncio.sleep(0.1)
        history = {run.job: run for run in await runs.history("", 10)}
    assert (again.times, not_again.times) == (1, 0)
    assert (history["again"].tries, history["again"].state, history["again"].worker) == (2, RunState.DONE, "one")
    assert history["not_again"].state is RunState.ABANDONED


async def test_work_that_kills_its_process_each_time_is_given_up(pool: Pool) -> None:
    work = Counted()
    await pool.execute(
        "INSERT INTO job_run (job, slot, worker, tries, beat)"
        " VALUES ('deadly', to_timestamp($1 / 1000.0), 'killed', 3, now() - interval '1 hour')",
        START,
    )
    async with scheduler(pool, Sped(), Job("deadly", IntervalTrigger(3600), work)):

        async def given_up() -> bool:
            return await states(pool) == [("deadly", "abandoned")]

        await until(given_up)
        await asyncio.sleep(0.2)
    assert work.times == 0
    assert await states(pool) == [("deadly", "abandoned")]


async def test_whoever_was_taken_for_dead_stops(pool: Pool) -> None:
    ended = asyncio.Event()

    async def long() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            ended.set()

    async with scheduler(pool, Sped(), Job("long", IntervalTrigger(3600), long, rerun_interrupted=False)):

        async def begun() -> bool:
            return bool(await states(pool))

        await until(begun)
        await pool.execute("UPDATE job_run SET state = 'abandoned'")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await ended.wait()


async def test_a_failure_and_a_run_that_takes_too_long_are_kept_and_the_next_slot_runs(pool: Pool) -> None:
    @dataclass(eq=False)
    class Odd(DeskError):
        times: int

    async def fail() -> None:
        raise ValueError("no\nway")

    async def refuse() -> None:
        raise Odd(2)

    jobs = [
        Job("fails", IntervalTrigger(3600), fail),
        Job("hangs", IntervalTrigger(3600), lambda: asyncio.sleep(30), timeout=0.05),
        Job("refuses", IntervalTrigger(3600), refuse),
    ]
    clock = Sped()
    async with scheduler(pool, clock, *jobs) as runs:

        async def ended() -> bool:
            return [state for _, state in await states(pool)] == ["failed"] * 3

        await until(ended)
        told = {run.job: run.told for run in await runs.history("", 10)}
        assert told == {
            "fails": "ValueError: no way",
            "hangs": "TimeoutError: not done after 0.05 s",
            "refuses": "odd (times: 2)",
        }
        clock.jump(HOUR)

        async def twice() -> bool:
            return [state for _, state in await states(pool)] == ["failed"] * 6

        await until(twice)
        known = {job.name: job for job in await runs.jobs()}
    assert known["fails"].failure is not None
    assert known["fails"].failure[1] == "ValueError: no way"


async def test_a_run_that_is_still_going_is_not_joined_by_another(pool: Pool) -> None:
    clock, work, over = Sped(), Counted(), asyncio.Event()

    async def slow() -> None:
        await work()
        await over.wait()

    job = Job("slow", IntervalTrigger(3600), slow)
    async with scheduler(pool, clock, job), scheduler(pool, clock, job, name="two"):
        await run_for_the(1, work)
        clock.jump(HOUR)
        await run_for_the(1, work)
        over.set()

        async def both() -> bool:
            return [state for _, state in await states(pool)] == ["done", "done"]

        await until(both)
    assert work.times == 2


async def test_a_scheduler_that_is_told_to_end_leaves_its_run_to_the_next(pool: Pool) -> None:
    clock = Sped()
    async with scheduler(pool, clock, Job("long", IntervalTrigger(3600), lambda: asyncio.sleep(30))):

        async def begun() -> bool:
            return await states(pool) == [("long", "running")]

        await until(begun)
    assert await states(pool) == [("long", "abandoned")]
    work = Counted()
    async with scheduler(pool, clock, Job("long", IntervalTrigger(3600), work), name="two"):

        async def done() -> bool:
            return await states(pool) == [("long", "done")]

        await until(done)
    assert work.times == 1


async def test_what_was_claimed_a_moment_before_the_end_is_given_up_too(pool: Pool) -> None:
    async with scheduler(pool, Sped(), Job("quiet", IntervalTrigger(3600), Counted())):
        await pool.execute("INSERT INTO job_run (job, slot, worker) VALUES ('late', now(), 'one')")
        await pool.execute("INSERT INTO job_run (job, slot, worker) VALUES ('other', now(), 'two')")
    rows = await pool.fetch("SELECT job, state FROM job_run WHERE job <> 'quiet' ORDER BY job")
    assert [tuple(row) for row in rows] == [("late", "abandoned"), ("other", "running")]


async def test_what_is_asked_for_runs_at_once_and_moves_no_slot(pool: Pool) -> None:
    clock, work = Sped(), Counted()
    job = Job("nightly", daily(0, "UTC"), work, misfire=MisfirePolicy.SKIP)
    runs = Runs(pool)
    assert await runs.ask("nightly", "somebody") is None
    async with scheduler(pool, clock, job, pace=replace(PACE, grace_ms=HOUR)):

        async def known() -> bool:
            return bool(await runs.jobs())

        await until(known)
        wish = await runs.ask("nightly", "somebody")
        assert wish is not None
        assert wish.attended

        async def done() -> bool:
            return await states(pool) == [("nightly", "done")]

        await until(done)
        answer = await runs.answer(wish)
        assert answer is not None
        assert (answer.asked, answer.told) == (True, "run 1")
        clock.jump(13 * HOUR - 3_000_000)

        async def midnight() -> bool:
            return await states(pool) == [("nightly", "done"), ("nightly", "done")]

        await until(midnight)
    assert work.times == 2


async def test_the_history_is_trimmed(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.schedule.run_store.MAX_RUNS", 5)
    clock, work = Sped(speed=DAY / 50), Counted()
    async with scheduler(pool, clock, Job("often", IntervalTrigger(24 * 3600), work)):

        async def many() -> bool:
            return work.times >= 12

        await until(many)
    assert 5 <= len(await states(pool)) <= 7, "one may have been finished and one claimed since"


async def test_two_jobs_of_one_name_are_refused(pool: Pool) -> None:
    job = Job("same", IntervalTrigger(60), Counted())
    with pytest.raises(ValueError, match="one name"):
        Scheduler([job, job], Runs(pool), Sped(), PACE)
