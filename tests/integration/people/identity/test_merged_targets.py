"""Targets of two who link: the host's own stays, else the other's is copied, and goes back when the link is undone."""

from tests.support.people_house import ALICE, BOB, House

SET = (
    "WITH target AS (INSERT INTO rebalancing_target (person_id, market, with_cash, band) VALUES ($1, $2, true, 0.05)"
    " RETURNING id) INSERT INTO rebalancing_weight SELECT id, $3, 0.5, 0 FROM target"
)
WEIGHTS = (
    "SELECT market, symbol FROM rebalancing_target t JOIN rebalancing_weight ON target_id = t.id WHERE person_id = $1"
)
COPIED = "SELECT copied_from FROM rebalancing_target WHERE copied_from IS NOT NULL"


async def linked(house: House) -> tuple[int, int]:
    """Alice, who has a target in one market, and Bob, who has two; linked a moment ago."""
    alice, bob = await house.person(ALICE), await house.person(BOB)
    for person in (alice, bob):
        await house.desk.open(person, f"open-{person}")
    for row in ((alice, "one", "BTCUSDC"), (bob, "one", "ETHUSDC"), (bob, "two", "ETHUSDC")):
        await house.pool.execute(SET, *row)
    await house.linked(ALICE, BOB, "merge", settled=False)
    return alice, bob


async def weights(house: House, person: int) -> set[tuple[object, ...]]:
    return {tuple(row) for row in await house.fetch(WEIGHTS, person)}


async def undone(house: House) -> None:
    preview = await house.ask(BOB, "/unlink")
    await house.press(BOB, preview, "unlink_now")


async def test_a_copy_goes_back_when_the_link_is_undone(house: House) -> None:
    alice, bob = await linked(house)
    assert await weights(house, alice) == {("one", "BTCUSDC"), ("two", "ETHUSDC")}
    await undone(house)
    assert await weights(house, alice) == {("one", "BTCUSDC")}
    assert await weights(house, bob) == {("one", "ETHUSDC"), ("two", "ETHUSDC")}


async def test_a_copy_that_was_changed_stays_after_an_undo(house: House) -> None:
    alice, _ = await linked(house)
    await house.pool.execute("UPDATE rebalancing_target SET copied_from = NULL WHERE person_id = $1", alice)
    await undone(house)
    assert await weights(house, alice) == {("one", "BTCUSDC"), ("two", "ETHUSDC")}


async def test_the_copy_stays_once_the_link_is_final(house: House) -> None:
    alice, bob = await linked(house)
    assert [each[0] for each in await house.fetch(COPIED)] == [bob]
    await house.settle()
    assert await weights(house, alice) == {("one", "BTCUSDC"), ("two", "ETHUSDC")}
    assert await weights(house, bob) == set()
    assert await house.fetch(COPIED) == [], "the number of a deleted person is nowhere"
