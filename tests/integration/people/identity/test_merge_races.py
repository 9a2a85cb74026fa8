"""Merges at once, delivered again or cut off in the middle: one takes effect or none."""

import asyncio
from decimal import Decimal

import asyncpg
import pytest

from core.errors import DeskError
from people.identity.codes import HashedCode
from people.identity.errors import LinkRequestExpired, OnlyIdentity
from people.identity.ports import LinkMode
from tests.fakes.bot import NOW
from tests.integration.people.identity.linked_accounts import totals, traded
from tests.support.people_house import ALICE, BOB, BTC, CAROL, House, texts
from trading.ledger.audit import audit
from trading.orders.types import QuoteAmount, Side

D = Decimal


async def test_a_press_is_refused_when_somebody_joined_oneself_since_the_preview(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    await house.linked(BOB, CAROL, "merge")
    assert "already linked with another platform" in texts(await house.press(BOB, preview, "link_merge"))
    assert await house.person(BOB) == await house.person(CAROL) != await house.person(ALICE)


async def test_eight_presses_of_both_buttons_at_once_join_once(house: House) -> None:
    await traded(house, ALICE)
    await traded(house, BOB)
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    words = ["link_merge", "link_move"] * 4
    replies = await asyncio.gather(*(house.press(BOB, preview, word) for word in words))
    assert len({texts(reply) for reply in replies}) == 1, "all are told what was done"
    assert await house.settle() == 1
    rows = await house.fetch("SELECT count(*) FROM entry WHERE kind IN ('merged', 'close')")
    assert rows[0][0] == 1


async def test_a_press_delivered_again_later_says_the_same(house: House) -> None:
    await traded(house, BOB)
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    first = await house.press(BOB, preview, "link_move")
    assert texts(await house.press(BOB, preview, "link_move")) == texts(first)
    assert texts(await house.press(BOB, preview, "link_merge")) == texts(first)


@pytest.mark.parametrize("how", ["merge", "move"])
async def test_when_both_sides_link_with_each_other_at_once_one_does(house: House, how: str) -> None:
    for who in (ALICE, BOB):
        await traded(house, who)
    before = await totals(house)
    there = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    here = await house.ask(ALICE, f"/link {await house.code(BOB)}")
    replies = await asyncio.gather(house.press(BOB, there, f"link_{how}"), house.press(ALICE, here, f"link_{how}"))
    assert await house.person(ALICE) == await house.person(BOB)
    assert sum("now share one account" in texts(reply) for reply in replies) == 1
    assert await house.settle() == 1
    assert how == "move" or await totals(house) == before
    assert (await house.fetch("SELECT count(*) FROM person"))[0][0] == 1


async def test_two_that_join_the_same_person_at_once_both_do(house: House) -> None:
    for who in (ALICE, BOB, CAROL):
        await traded(house, who)
    before = await totals(house)
    first = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    second = await house.ask(ALICE, f"/link {await house.code(CAROL)}")
    await asyncio.gather(
        house.press(BOB, first, "link_merge"), house.press(ALICE, second, "link_merge"), return_exceptions=False
    )
    await house.audited()
    assert await totals(house) == before


async def test_orders_of_both_while_they_merge_take_effect_once_or_not_at_all(house: House) -> None:
    accounts = [await traded(house, who) for who in (ALICE, BOB)]
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")

    async def trade(number: int) -> bool:
        account = accounts[number % 2]
        try:
            await house.desk.place(account, f"race-{number}", Side.BUY, BTC, QuoteAmount(D(1000)))
        except DeskError:
            return False
        return True

    trades = [asyncio.create_task(trade(number)) for number in range(40)]
    await asyncio.sleep(0.01)
    await house.press(BOB, preview, "link_merge")
    placed = sum(await asyncio.gather(*trades))
    rows = await house.fetch("SELECT count(*) FROM entry WHERE command_id LIKE 'race-%'")
    assert rows[0][0] == placed
    assert placed >= 20
    account = await house.desk.account(accounts[0].person_id)
    held = await house.desk.portfolio(account)
    assert held.realised + held.unrealised == held.profit


async def test_a_connection_that_dies_in_the_middle_leaves_nothing_or_all_of_it(house: House, dsn: str) -> None:
    one, _ = await traded(house, ALICE), await traded(house, BOB)
    before = await totals(house)
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    owner = await asyncpg.connect(dsn)
    holder = await asyncpg.connect(dsn)
    try:
        transaction = holder.transaction()
        await transaction.start()
        # Alerts are handed over after the money has moved: there it waits, and there it is cut off.
        await holder.execute("LOCK TABLE alert IN ACCESS EXCLUSIVE MODE")
        pressed = asyncio.create_task(house.press(BOB, preview, "link_merge"))
        killed = 0
        waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%link_persons%'"
        while killed < 2:
            for row in await owner.fetch(waiting):
                await owner.execute("SELECT pg_terminate_backend($1)", row["pid"])
                killed += 1
            await asyncio.sleep(0.02)
        assert await owner.fetchval("SELECT count(*) FROM entry WHERE kind = 'merge'") == 0
        assert (await audit(owner)).findings == []
        await transaction.rollback()
        assert "now share one account" in texts(await pressed)
    finally:
        await holder.close()
        await owner.close()
    assert await totals(house) == before
    assert (await house.desk.account(one.person_id)).granted == one.granted


async def test_both_platforms_that_part_at_once_leave_one_of_them(house: House) -> None:
    await house.linked(ALICE, BOB, "merge")
    previews = [await house.ask(who, "/unlink") for who in (ALICE, BOB)]
    replies = await asyncio.gather(
        house.press(ALICE, previews[0], "unlink_now"), house.press(BOB, previews[1], "unlink_now")
    )
    assert sum("no longer part" in texts(reply) for reply in replies) == 1
    assert sum("only platform" in texts(reply) for reply in replies) == 1


async def test_who_parts_waits_for_the_other_identity_that_parts(house: House, dsn: str) -> None:
    await house.linked(ALICE, BOB, "merge")
    person = await house.person(ALICE)
    other = await asyncpg.connect(dsn)
    try:
        async with other.transaction():
            await other.execute("SELECT unlink_identity($1, $2, $3)", person, ALICE.platform, ALICE.external_id)
            late = asyncio.create_task(house.identities.part(person, BOB))
            await asyncio.sleep(0.1)
        with pytest.raises(OnlyIdentity):
            await late
    finally:
        await other.close()


async def test_a_join_that_lost_its_answer_is_told_as_done(house: House) -> None:
    await house.person(BOB)
    claim = await house.identities.claim(BOB, HashedCode.of(await house.code(ALICE)), NOW, public=False)
    first = await house.identities.join(BOB, claim.code_id, LinkMode.MERGE, NOW, NOW)
    again = await house.identities.join(BOB, claim.code_id, LinkMode.MOVE, NOW, NOW)
    assert (first.again, again.again) == (False, True)
    assert again.how is LinkMode.MERGE
    with pytest.raises(LinkRequestExpired):
        await house.identities.join(CAROL, claim.code_id, LinkMode.MERGE, NOW, NOW)
