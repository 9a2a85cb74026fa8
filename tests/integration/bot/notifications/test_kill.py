"""kill -9 of a desk that fires alerts, trades and sends notices, at any moment."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.push_fire import SESSION
from tests.support.push_house import hurry, somebody

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

ALERTS, CHATS, ROUNDS = 240, 12, 12
MAX_ORDERS = 12
"""A round ends once it placed so many orders at most: three people trade, and every second order of each expires in
part, so that rounds of four orders or more leave expiries."""


@pytest.mark.long
async def test_killed_at_any_moment_nothing_is_lost_and_nothing_arrives_twice(
    pool: "Pool", dsn: str, tmp_path: Path
) -> None:
    chance = random.Random(20210405)  # noqa: S311
    people = [await somebody(pool, f"person {number}") for number in range(CHATS)]
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public)"
        " SELECT id, 'fake', 'fills' || id, false FROM person"
    )
    await pool.executemany(
        "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,"
        " market_time_ms) VALUES ($1, $2, 'fake', $3, 'simulator', 'BTCUSDC', 'above', $4, false, true, 0)",
        [(f"w{n}", people[n % CHATS], f"chat{n % CHATS}", 101 + n % 99) for n in range(ALERTS)],
    )
    paper = tmp_path / "sent"
    program = [sys.executable, "-m", "tests.support.push_fire", dsn, str(paper)]
    with Popen(program, stdin=PIPE, stdout=PIPE, text=True, cwd=PROJECT) as fire:  # noqa: S603, ASYNC220
        assert fire.stdin is not None
        assert fire.stdout is not None
        for number in range(ROUNDS + 1):
            fire.stdin.write("go\n")
            fire.stdin.flush()
            pid = int(await asyncio.to_thread(fire.stdout.readline))
            if number == ROUNDS:
                await everything_settled(pool)
            else:
                await orders_placed(pool, await orders(pool) + chance.randint(0, MAX_ORDERS))
                await asyncio.sleep(chance.uniform(0, 0.05))
            os.kill(pid, signal.SIGKILL)
            await hurry_when_alone(pool)
        fire.stdin.close()
    lines = [line.split() for line in paper.read_text().splitlines()]
    arrived = Counter(int(nonce) for _, nonce in lines)
    states = {row["id"]: row["state"] for row in await pool.fetch("SELECT id, state FROM outbox")}
    kinds = Counter(row["kind"] for row in await pool.fetch("SELECT kind FROM outbox"))
    assert kinds["alert"] == ALERTS, "every alert fired, and once"
    await every_order_is_told_once(pool)
    assert kinds["fill"] > kinds["expiry"] > 0
    assert await pool.fetchval("SELECT count(*) FROM alert WHERE state = 'fired' AND firings = 1") == ALERTS
    assert set(arrived.values()) == {1}, "something arrived twice"
    assert set(states.values()) <= {"sent", "uncertain"}
    assert {number for number, state in states.items() if state == "sent"} <= arrived.keys()
    for chat in {chat for chat, _ in lines}:
        mine = [int(nonce) for at, nonce in lines if at == chat]
        assert mine == sorted(mine)


async def every_order_is_told_once(pool: "Pool") -> None:
    orders = await pool.fetch("SELECT id, unfilled FROM orders")
    due = {f"fill:{row['id']}" for row in orders} | {f"expiry:{row['id']}" for row in orders if row["unfilled"]}
    told = await pool.fetch("SELECT key FROM outbox WHERE kind IN ('fill', 'expiry')")
    assert {row["key"] for row in told} == due, "an order without its notice, or a notice without its order"


async def orders(pool: "Pool") -> int:
    placed: int = await pool.fetchval("SELECT count(*) FROM orders")
    return placed


async def orders_placed(pool: "Pool", count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await orders(pool) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def hurry_when_alone(pool: "Pool") -> None:
    """Ends the pauses of a process that is gone, once PostgreSQL knows it: what it had begun is done or undone."""
    still = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await pool.fetchval(still, SESSION):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await hurry(pool)


async def everything_settled(pool: "Pool") -> None:
    unsettled = (
        "SELECT (SELECT count(*) FROM alert WHERE state = 'armed') AS armed,"
        " (SELECT count(*) FROM outbox WHERE state = 'pending') AS pending,"
        " (SELECT count(*) FROM outbox WHERE state = 'sending') AS sending"
    )
    left = None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (left := await pool.fetchrow(unsettled)) and any(left.values()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        pytest.fail(f"the last process left {dict(left or {})}")
