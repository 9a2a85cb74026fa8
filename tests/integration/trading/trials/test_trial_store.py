"""Trials on real PostgreSQL: counted once, by user and coin, with their variance; bounded, and merged by a link."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import numpy as np
import pytest

from pipeline.market import Symbol
from tests.support.people_house import ALICE, BOB, CALM, House, house_of
from trading.backtest.trials import RuleTrial, TrialCount
from trading.trials.postgres import PostgresTrials

AT = datetime(2026, 11, 30, tzinfo=UTC)
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as opened:
        yield opened


def tried(*scores: float, start: int = 0) -> list[RuleTrial]:
    return [RuleTrial(number.to_bytes(16), score) for number, score in enumerate(scores, start)]


async def test_trials_count_once_by_user_market_and_coin(house: House) -> None:
    trials = PostgresTrials(house.pool, jitter=CALM)
    alice, bob = await house.person(ALICE), await house.person(BOB)
    assert await trials.record(alice, "simulator", BTC, tried(0.5), AT) == TrialCount(1, 0.0)
    grid = tried(0.5, 1.5, -2.0, 0.25)
    expected = TrialCount(4, pytest.approx(np.var([0.5, 1.5, -2.0, 0.25], ddof=1)))  # type: ignore[arg-type]
    assert await trials.record(alice, "simulator", BTC, grid, AT) == expected
    assert await trials.record(alice, "simulator", BTC, [*grid, *grid[:1]], AT) == expected
    assert await trials.record(alice, "simulator", ETH, tried(1.0), AT) == TrialCount(1, 0.0)
    assert await trials.record(alice, "binance", BTC, tried(1.0), AT) == TrialCount(1, 0.0)
    assert await trials.record(bob, "simulator", BTC, tried(1.0), AT) == TrialCount(1, 0.0)
    assert await trials.record(alice, "simulator", BTC, [], AT) == expected


async def test_trials_are_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.trials.postgres.MAX_TRIALS", 5)
    trials = PostgresTrials(house.pool, jitter=CALM)
    alice = await house.person(ALICE)
    await trials.record(alice, "simulator", BTC, tried(0.0, 1.0, 2.0), AT)
    found = await trials.record(alice, "simulator", BTC, tried(*map(float, range(9))), AT)
    assert found == TrialCount(5, 2.5)
    assert await trials.record(alice, "simulator", BTC, tried(7.0, start=100), AT) == TrialCount(5, 2.5)


async def test_trials_at_once_count_all(house: House) -> None:
    trials = PostgresTrials(house.pool, jitter=CALM)
    alice = await house.person(ALICE)
    found = await asyncio.gather(
        *(trials.record(alice, "simulator", BTC, tried(1.0, 2.0, start=2 * each), AT) for each in range(8))
    )
    assert sorted(each.count for each in found) == list(range(2, 17, 2))


async def test_who_link_have_tried_what_both_tried(house: House) -> None:
    trials = PostgresTrials(house.pool, jitter=CALM)
    alice, bob = await house.person(ALICE), await house.person(BOB)
    await trials.record(alice, "simulator", BTC, tried(0.0, 1.0, 2.0), AT)
    await trials.record(bob, "simulator", BTC, tried(1.0, 2.0, 3.0, 4.0, start=1), AT)
    await house.linked(ALICE, BOB, "merge")
    assert (await trials.record(alice, "simulator", BTC, [], AT)).count == 5
