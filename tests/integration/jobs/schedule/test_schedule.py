"""The slots of the schedule on a real PostgreSQL: each once, whatever happens to schedulers."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import asyncpg
import pytest

from core.job_status import RunState
from jobs.schedule.job import Job, MisfirePolicy
from jobs.schedule.run_store import Runs, milliseconds
from jobs.schedule.scheduler import Scheduler
from jobs.schedule.triggers import IntervalTrigger, daily
from tests.integration.jobs.schedule.sped_time import (
    DAY,
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

Pool = asyncpg.Pool


async def test_a_daily_job_runs_once_on_each_day(pool: Pool) -> None:
    clock, work = Sped(START + 12 * HOUR), Counted()
    async with scheduler(pool, clock, Job("nightly", daily(0, "Europe/Berlin"), work)) as runs:
        await until(lambda: _has_run(runs, 1))
        for day in range(2, 9):
            clock.jump(DAY)
            await until(lambda day=day: _has_run(runs, day))
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


@pytest.mark.parametrize("failing", [False, True])
async def test_a_run_by_hand_makes_up_for_what_was_missed_unless_it_failed(pool: Pool, *, failing: bool) -> None:
    clock, work = Sped(), Counted(failing=1 if failing else 0)
    job = Job("nightly", daily(0, "UTC"), work, startup_delay=3600)
    async with scheduler(pool, clock, job, pace=replace(PACE, grace_ms=HOUR)) as runs:

        async def asked() -> object:
            return await runs.ask("nightly", "somebody")

        await until(asked)
        await run_for_the(1, work)
        clock.jump(2 * HOUR)
        await run_for_the(2 if failing else 1, work)
        clock.jump(10 * HOUR)  # and the next night is due all the same
        await run_for_the(3 if failing else 2, work)


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
