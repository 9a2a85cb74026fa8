"""Promotions, rollbacks and failures of champions, on a real server."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from ml.errors import ModelInUse, NoModel, NoModelBefore, NotPromotable, UnknownModel
from ml.registry import ModelState, Registry
from tests.fakes.registered import MARKET, TRAINED_AT, blob, facts
from tests.integration.ml.registry.reigns import added, now, reigns, states

Pool = Any


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
