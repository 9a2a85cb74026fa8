"""The registry of models, on a real server: one champion, at most one challenger, whoever changes them when."""

import asyncio
from typing import Any

import asyncpg
import pytest

from ml.errors import ModelNotSaved
from ml.models.artifact import digest, unpack
from ml.registry import ModelRow, ModelState, Registry
from tests.fakes.registered import MARKET, TRAINED_AT, blob, facts
from tests.integration.ml.registry.reigns import added, now, states

Pool = Any


# -- adding ------------------------------------------------------------------------------------


async def test_what_is_added_is_read_back_as_it_was(registry: Registry) -> None:
    known = facts(metrics={"skill": 0.004, "hits": float("nan"), "bound": float("inf")})
    version = await registry.add(MARKET, 15, known, blob())
    assert await registry.champion(MARKET, 15) == ModelRow(
        version=version,
        market=MARKET,
        horizon=15,
        recipe="ensemble",
        state=ModelState.CHAMPION,
        barred=False,
        trained_at=known.trained_at,
        start=known.start,
        end=known.end,
        symbols=("BTCUSDC", "币安人生USDC"),
        rows=20_000,
        features=("return_1", "momentum_10"),
        parameters={"rounds": 150, "rate": 0.05},
        code_version="0.1.0",
        metrics={"skill": 0.004},
        sha256=digest(blob()),
        size=len(blob()),
        kept=True,
    )
    kept = await registry.one(version)
    assert unpack(await registry.blob(version), kept.sha256, version).state["weights"] == [0.1, 0.2]


async def test_the_first_model_is_champion_and_a_newer_one_its_only_challenger(registry: Registry) -> None:
    first, second, third = await added(registry, 3)
    assert await now(registry) == (first, third)
    assert (await registry.one(second)).state is ModelState.RETIRED
    assert await registry.challenger("binance", 5) is None


async def test_markets_and_horizons_have_champions_of_their_own(registry: Registry) -> None:
    versions = [
        await registry.add(market, horizon, facts(), blob()) for market in ("binance", MARKET) for horizon in (5, 15)
    ]
    assert [row.version for row in await registry.list() if row.state is ModelState.CHAMPION] == versions
    assert [row.version for row in await registry.list("binance")] == versions[:2]
    assert [row.version for row in await registry.list(horizon=15)] == versions[1::2]


async def test_the_same_training_added_again_is_the_version_that_it_was(registry: Registry) -> None:
    first, second = await added(registry, 2)
    assert await added(registry, 2) == [first, second]
    assert await now(registry) == (first, second)
    assert len(await registry.changes()) == 2


async def test_a_model_that_cannot_be_saved_leaves_the_champion_serving(pool: Pool, dsn: str) -> None:
    registry = Registry(pool)
    first, second = await added(registry, 2)
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON model EXECUTE FUNCTION full_disk()"
        )
        with pytest.raises(ModelNotSaved) as refused:
            await registry.add(MARKET, 5, facts(trained_at=TRAINED_AT + 1), blob(9))
        assert refused.value.details() == {"horizon": 5, "why": "full"}
        assert await now(registry) == (first, second)  # the challenger has not left its place either
        await owner.execute("DROP TRIGGER full_disk ON model")
    finally:
        await owner.close()
    third = await registry.add(MARKET, 5, facts(trained_at=TRAINED_AT + 1), blob(9))
    assert await now(registry) == (first, third)


async def test_the_application_can_neither_change_the_history_nor_what_a_model_was(
    registry: Registry, pool: Pool
) -> None:
    await added(registry, 1)
    for statement in (
        "UPDATE model_event SET reason = ''",
        "DELETE FROM model_event",
        "DELETE FROM model",
        "UPDATE model SET sha256 = repeat('0', 64)",
        "UPDATE model SET metrics = '{}'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


# -- races -------------------------------------------------------------------------------------


async def test_however_many_add_at_once_there_is_one_champion_and_one_challenger(registry: Registry) -> None:
    adding = (registry.add(MARKET, 5, facts(trained_at=number), blob(number)) for number in range(8))
    versions = await asyncio.gather(*adding)
    assert len(set(versions)) == 8
    found = [state for state, _ in (await states(registry)).values()]
    assert sorted(found) == sorted([ModelState.CHAMPION, ModelState.CHALLENGER, *[ModelState.RETIRED] * 6])


async def test_a_second_champion_cannot_be_written_by_whatever_way(registry: Registry, pool: Pool) -> None:
    _first, second = await added(registry, 2)
    with pytest.raises(asyncpg.UniqueViolationError) as refused:
        await pool.execute("UPDATE model SET state = 'champion' WHERE version = $1", second)
    assert refused.value.constraint_name == "model_champion_key"
