"""Runs of the schedule on a real PostgreSQL: killed, failed, too long, or told to end."""

import asyncio
from dataclasses import dataclass, replace

import asyncpg

from core.errors import DeskError
from core.job_status import RunState
from jobs.schedule.job import Job
from jobs.schedule.triggers import IntervalTrigger
from tests.integration.jobs.schedule.sped_time import (
    HOUR,
    PACE,
    START,
    Counted,
    Sped,
    run_for_the,
    scheduler,
    states,
    until,
)
from tests.patience import PATIENCE_SECONDS

Pool = asyncpg.Pool


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
