"""The registry of models, on a real server: one champion, at most one challenger, whoever changes them when."""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from ml.errors import (
    ModelInUse,
    ModelNotSaved,
    ModelTooBig,
    ModelUnusable,
    NoModel,
    NoModelBefore,
    NotPromotable,
    UnknownModel,
)
from ml.models.artifact import digest, unpack
from ml.registry import ModelRow, ModelState, Registry
from tests.fakes.registered import MARKET, TRAINED_AT, blob, facts

Pool = Any


@pytest.fixture
def registry(pool: Pool) -> Registry:
    return Registry(pool)


async def added(registry: Registry, count: int, *, horizon: int = 5) -> list[int]:
    """Versions of the simulator, each trained a minute after the one before."""
    versions = []
    for number in range(count):
        known = facts(trained_at=TRAINED_AT + number * 60_000)
        versions.append(await registry.add(MARKET, horizon, known, blob(number)))
    return versions


async def reigns(registry: Registry, count: int) -> list[int]:
    """As many versions, each of which became champion in its turn."""
    versions = []
    for number in range(count):
        known = facts(trained_at=TRAINED_AT + number * 60_000)
        versions.append(await registry.add(MARKET, 5, known, blob(number)))
        await registry.promote(versions[-1], who="test", reason="its turn")
    return versions


async def now(registry: Registry, horizon: int = 5) -> tuple[int | None, int | None]:
    """The versions of the champion and of the challenger."""
    champion, challenger = await registry.champion(MARKET, horizon), await registry.challenger(MARKET, horizon)
    return champion and champion.version, challenger and challenger.version


async def states(registry: Registry) -> dict[int, tuple[ModelState, bool]]:
    return {row.version: (row.state, row.barred) for row in await registry.list()}


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


# -- promotion ---------------------------------------------------------------------------------


async def test_a_promoted_challenger_takes_the_place_and_the_history_says_who_and_why(registry: Registry) -> None:
    first, second = await added(registry, 2)
    row = await registry.promote(second, who="rule", reason="won by 1 %", over=first)
    assert (row.version, row.state) == (second, ModelState.CHAMPION)
    assert await now(registry) == (second, None)
    changes = [(c.version, c.change, c.state, c.who) for c in await registry.changes()]
    assert changes == [
        (second, "promoted", ModelState.CHAMPION, "rule"),
        (first, "replaced", ModelState.RETIRED, "rule"),
        (second, "added", ModelState.CHALLENGER, "training"),
        (first, "added", ModelState.CHAMPION, "training"),
    ]
    newest = (await registry.changes(second))[0]
    assert newest.reason == "won by 1 %"
    assert newest.at > TRAINED_AT


async def test_a_verdict_that_was_outrun_promotes_nobody(registry: Registry) -> None:
    first, second, third = await added(registry, 3)
    for version, over in ((second, first), (third, second)):  # replaced meanwhile; compared with another champion
        with pytest.raises(NotPromotable) as refused:
            await registry.promote(version, who="rule", reason="late", over=over)
        assert refused.value.details() == {"version": version, "why": "outrun"}
    assert await now(registry) == (first, third)


async def test_a_person_may_promote_an_earlier_champion(registry: Registry) -> None:
    first, second = await reigns(registry, 2)
    await registry.promote(first, who="operator", reason="it was better")
    assert await now(registry) == (first, None)
    assert [row.version for row in await registry.fallbacks(MARKET, 5)] == [second]


async def test_promoting_the_champion_changes_nothing(registry: Registry) -> None:
    first, second = await added(registry, 2)
    await registry.promote(second, who="rule", reason="won", over=first)
    before = await registry.changes()
    assert (await registry.promote(second, who="rule", reason="won", over=first)).version == second
    assert await registry.changes() == before


async def test_what_is_unknown_or_no_longer_kept_is_not_promoted(registry: Registry, pool: Pool) -> None:
    first, second, _third = await added(registry, 3)
    with pytest.raises(UnknownModel):
        await registry.promote(12345, who="operator", reason="")
    await pool.execute("UPDATE model SET artifact = NULL WHERE version = $1", second)
    with pytest.raises(NotPromotable) as refused:
        await registry.promote(second, who="operator", reason="")
    assert refused.value.why == "gone"
    assert (await now(registry))[0] == first


# -- rollback ----------------------------------------------------------------------------------


async def test_a_rollback_returns_to_the_champion_before_and_bars_the_other_for_good(registry: Registry) -> None:
    first, second, third = await reigns(registry, 3)
    row = await registry.rollback(MARKET, 5, who="operator", reason="odd forecasts")
    assert (row.version, row.state) == (second, ModelState.CHAMPION)
    assert (await states(registry))[third] == (ModelState.RETIRED, True)
    with pytest.raises(NotPromotable) as refused:
        await registry.promote(third, who="operator", reason="again")
    assert refused.value.details() == {"version": third, "why": "rolled-back"}
    assert (await registry.rollback(MARKET, 5, who="operator", reason="still odd")).version == first
    with pytest.raises(NoModelBefore) as none:
        await registry.rollback(MARKET, 5, who="operator", reason="still odd")
    assert none.value.details() == {"version": first, "horizon": 5}
    assert await now(registry) == (first, None)


async def test_a_rollback_returns_to_the_last_reign_not_to_the_highest_version(registry: Registry) -> None:
    first, second, third = await reigns(registry, 3)
    await registry.promote(first, who="operator", reason="")
    await registry.promote(second, who="operator", reason="")
    assert (await registry.rollback(MARKET, 5, who="operator", reason="")).version == first
    assert [row.version for row in await registry.fallbacks(MARKET, 5)] == [third]


async def test_a_challenger_that_never_served_is_not_returned_to(registry: Registry) -> None:
    first, _second, third = await added(registry, 3)
    await registry.promote(third, who="rule", reason="", over=first)
    assert (await registry.rollback(MARKET, 5, who="operator", reason="")).version == first
    with pytest.raises(NoModelBefore):
        await registry.rollback(MARKET, 5, who="operator", reason="")


async def test_a_rollback_keeps_the_challenger(registry: Registry) -> None:
    first, second = await reigns(registry, 2)
    third = await registry.add(MARKET, 5, facts(trained_at=1), blob(3))
    await registry.rollback(MARKET, 5, who="operator", reason="")
    assert await now(registry) == (first, third)
    assert second not in await now(registry)


async def test_without_a_model_there_is_nothing_to_roll_back(registry: Registry) -> None:
    with pytest.raises(NoModel):
        await registry.rollback(MARKET, 5, who="operator", reason="")


# -- models that end ---------------------------------------------------------------------------


async def test_a_champion_that_fails_is_followed_by_the_usable_one_before_it(registry: Registry) -> None:
    first, second, third = await reigns(registry, 3)
    await registry.fail(second, who="serving", reason="damaged")
    assert await now(registry) == (third, None)
    row = await registry.fail(third, who="serving", reason="damaged")
    assert row is not None
    assert row.version == first
    assert await states(registry) == {
        first: (ModelState.CHAMPION, False),
        second: (ModelState.FAILED, True),
        third: (ModelState.FAILED, True),
    }
    with pytest.raises(NotPromotable) as refused:
        await registry.promote(third, who="operator", reason="")
    assert refused.value.why == "failed"


async def test_a_first_champion_that_fails_is_followed_by_its_challenger_then_by_the_next_training(
    registry: Registry,
) -> None:
    first, second = await added(registry, 2)
    row = await registry.fail(first, who="serving", reason="damaged")
    assert row is not None
    assert row.version == second
    assert await registry.fail(second, who="serving", reason="damaged") is None
    third = await registry.add(MARKET, 5, facts(trained_at=1), blob(3))
    assert await now(registry) == (third, None)


async def test_a_challenger_retires_and_a_champion_does_not(registry: Registry) -> None:
    first, second = await added(registry, 2)
    await registry.retire(second, who="rule", reason="lost")
    await registry.retire(second, who="rule", reason="lost")
    assert await now(registry) == (first, None)
    assert [c.change for c in await registry.changes(second)] == ["retired", "added"]
    with pytest.raises(ModelInUse):
        await registry.retire(first, who="rule", reason="lost")


# -- what is kept ------------------------------------------------------------------------------


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


async def test_of_two_who_promote_by_the_same_verdict_one_does(registry: Registry) -> None:
    first, second = await added(registry, 2)
    promoting = (registry.promote(second, who=str(who), reason="won", over=first) for who in range(6))
    rows = await asyncio.gather(*promoting)
    assert {row.version for row in rows} == {second}
    assert [c.change for c in await registry.changes()] == ["promoted", "replaced", "added", "added"]


async def test_of_two_who_roll_the_same_model_back_one_does(registry: Registry) -> None:
    _first, second, third = await reigns(registry, 3)
    rolling = (registry.rollback(MARKET, 5, who="o", reason="", version=third) for _ in range(6))
    assert {row.version for row in await asyncio.gather(*rolling)} == {second}
    assert (await now(registry))[0] == second


async def test_promotions_rollbacks_and_trainings_at_once_keep_the_order(registry: Registry) -> None:
    versions = await reigns(registry, 4)

    async def disturb(number: int) -> None:
        version = await registry.add(MARKET, 5, facts(trained_at=number), blob(number))
        try:
            await registry.promote(version, who="rule", reason="won", over=versions[-1])
        except NotPromotable:
            await registry.retire(version, who="rule", reason="lost")
        except ModelInUse:
            pass

    async def back() -> None:
        with suppress(NoModelBefore):
            await registry.rollback(MARKET, 5, who="operator", reason="")

    done = await asyncio.gather(*(disturb(n) for n in range(5)), *(back() for _ in range(3)), return_exceptions=True)
    assert {type(result) for result in done} <= {type(None), ModelInUse}
    found = [state for state, _ in (await states(registry)).values()]
    assert found.count(ModelState.CHAMPION) == 1
    assert found.count(ModelState.CHALLENGER) <= 1
    last: dict[int, ModelState] = {}
    for change in reversed(await registry.changes()):  # what each became last is what it is
        last[change.version] = change.state
    assert last == {version: state for version, (state, _) in (await states(registry)).items()}


async def test_a_second_champion_cannot_be_written_by_whatever_way(registry: Registry, pool: Pool) -> None:
    _first, second = await added(registry, 2)
    with pytest.raises(asyncpg.UniqueViolationError) as refused:
        await pool.execute("UPDATE model SET state = 'champion' WHERE version = $1", second)
    assert refused.value.constraint_name == "model_champion_key"
