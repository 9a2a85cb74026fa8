"""Artifacts of models on a real server: bounded, retained and checked when they are loaded."""

from typing import Any

import asyncpg
import pytest

from ml.errors import ModelNotSaved, ModelTooBig, ModelUnusable, UnknownModel
from ml.models.artifact import unpack
from ml.registry import Registry
from tests.fakes.registered import MARKET, blob, facts
from tests.integration.ml.registry.reigns import added, reigns

Pool = Any


async def test_a_model_that_is_too_big_is_not_sent(registry: Registry) -> None:
    with pytest.raises(ModelTooBig) as refused:
        await registry.add(MARKET, 5, facts(), bytes((64 << 20) + 1))
    assert refused.value.details() == {"megabytes": 65, "most": 64}
    assert await registry.list() == []


async def test_a_server_that_is_gone_is_said_so(dsn: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        registry = Registry(pool)
        async with pool.acquire() as connection:
            connection.terminate()
        await pool.close()
        with pytest.raises(ModelNotSaved) as refused:
            await registry.add(MARKET, 5, facts(), blob())
    assert refused.value.why == "away"


async def test_old_artifacts_go_and_their_rows_stay(pool: Pool) -> None:
    registry = Registry(pool, max_artifacts=3)
    versions = await added(registry, 6)
    kept = [row.version for row in await registry.list() if row.kept]
    assert kept == [*versions[:2:-1], versions[0]]  # the champion, however old, and the newest three
    assert len(await registry.list()) == 6
    with pytest.raises(ModelUnusable) as gone:
        await registry.blob(versions[1])
    assert gone.value.details() == {"version": versions[1], "why": "gone"}
    with pytest.raises(UnknownModel):
        await registry.blob(12345)


async def test_the_champion_to_return_to_is_kept_however_old(pool: Pool) -> None:
    registry = Registry(pool, max_artifacts=2)
    first, second = await reigns(registry, 2)
    for number in range(4):
        await registry.add(MARKET, 5, facts(trained_at=number), blob(number))
    assert (await registry.rollback(MARKET, 5, who="operator", reason="")).version == first
    assert unpack(await registry.blob(first), (await registry.one(first)).sha256, first).state["number"] == 0
    assert second != first


async def test_retention_of_one_horizon_leaves_the_others_alone(pool: Pool) -> None:
    others = await added(Registry(pool), 3, horizon=15)
    others += [await Registry(pool).add("binance", 5, facts(trained_at=number), blob()) for number in range(3)]
    own = await added(Registry(pool, max_artifacts=1), 5)
    kept = {row.version for row in await Registry(pool).list() if row.kept}
    assert kept == {*others, own[0], own[-1]}


async def test_a_damaged_artifact_is_found_when_it_is_loaded(registry: Registry, dsn: str) -> None:
    version = await registry.add(MARKET, 5, facts(), blob())
    owner = await asyncpg.connect(dsn)
    await owner.execute("UPDATE model SET artifact = set_byte(artifact, 70, get_byte(artifact, 70) # 1)")
    await owner.close()
    row = await registry.one(version)
    with pytest.raises(ModelUnusable) as refused:
        unpack(await registry.blob(version), row.sha256, version)
    assert refused.value.why == "damaged"


async def test_an_artifact_beyond_the_bound_is_not_fetched(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    version = await registry.add(MARKET, 5, facts(), blob())
    monkeypatch.setattr("ml.registry.postgres.MAX_BYTES", len(blob()) - 1)
    with pytest.raises(ModelUnusable) as refused:
        await registry.blob(version)
    assert refused.value.why == "damaged"


async def test_metrics_that_are_no_numbers_are_left_out(registry: Registry, dsn: str) -> None:
    version = await registry.add(MARKET, 5, facts(metrics={"skill": 0.1}), blob())
    owner = await asyncpg.connect(dsn)
    for stored, read in (('{"skill": 0.2, "hits": "x", "bound": [1], "big": 1e400}', {"skill": 0.2}), ("[1]", {})):
        await owner.execute("UPDATE model SET metrics = $1 WHERE version = $2", stored, version)
        assert (await registry.one(version)).metrics == read
    await owner.close()
