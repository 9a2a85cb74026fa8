"""Merging two persons: the preview, the sums, the history and the round, on real PostgreSQL, through the router."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import DeskError
from people.identity.codes import HashedCode, LinkCode
from people.identity.ports import Identity, LinkMode
from tests.fakes.bot import NOW, FakeMarket
from tests.integration.people.identity.linked_accounts import totals, traded
from tests.support.people_house import ALICE, BOB, BTC, CALM, CAROL, DAY_MS, House, buttons, texts
from trading.errors import AccountReassigned, NoAccount
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.portfolio.positions import Portfolio

D = Decimal


def sums(*portfolios: Portfolio) -> dict[str, Decimal]:
    named = ("realised", "unrealised", "profit")
    return {name: sum((getattr(each, name) for each in portfolios), D(0)) for name in named}


async def test_the_preview_shows_both_persons_and_what_would_become_of_them(house: House) -> None:
    await traded(house, ALICE)
    await traded(house, BOB)
    reply = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    said = texts(reply)
    assert reply.private
    assert "Platforms | Telegram" in said
    assert "Platforms | Discord" in said
    assert said.count("one position, 4 trades") == 2
    assert said.count("equity 1,0") + said.count("equity 999,") == 2
    assert [b.press.split()[0] for b in buttons(reply)] == ["link_merge", "link_move", "link_cancel"]
    assert all(len(b.press.encode()) <= 64 for b in buttons(reply))


async def test_merging_keeps_every_sum_the_average_cost_and_the_profit(house: House) -> None:
    one, two = await traded(house, ALICE), await traded(house, BOB)
    before = await totals(house)
    apart = [await house.desk.portfolio(account) for account in (one, two)]
    reply = await house.linked(ALICE, BOB, "merge")
    assert "Discord, Telegram now share one account" in texts(reply)
    assert await house.person(ALICE) == await house.person(BOB) == one.person_id
    account = await house.desk.account(one.person_id)
    assert account.account_id == one.account_id
    assert account.granted == one.granted == two.granted
    together = await house.desk.portfolio(account)
    assert sums(together) == sums(*apart)
    assert {p.asset: p.quantity for p in together.positions} == {
        "BTC": sum(p.quantity for each in apart for p in each.positions)
    }
    assert together.realised + together.unrealised == together.profit
    costs = [p.average_cost for each in apart for p in each.positions]
    assert min(costs) < together.positions[0].average_cost < max(costs)
    assert await totals(house) == before, "the second grant went back, and nothing else"
    assert together.equity == sum(each.equity for each in apart) - two.granted
    rows = await house.fetch(
        "SELECT asset, sum(CASE WHEN target = 'merges' THEN amount ELSE -amount END) AS left FROM posting"
        " WHERE 'merges' IN (source, target) GROUP BY asset"
    )
    assert {row["asset"]: row["left"] for row in rows} == {"USDC": 0, "BTC": 0}
    (closed,) = await house.fetch("SELECT * FROM account WHERE id = $1", two.account_id)
    assert closed["person_id"] == -two.account_id
    assert closed["closed_at"] is not None


async def test_after_a_merge_trading_resetting_and_merging_again_leave_the_audit_clean(house: House) -> None:
    one = await traded(house, ALICE)
    await traded(house, BOB)
    await traded(house, CAROL)
    await house.linked(ALICE, BOB, "merge")
    await house.audited()
    account = await house.desk.account(one.person_id)
    await house.desk.place(account, "after", Side.SELL, BTC, BaseQuantity(D("0.2")))
    await house.audited()
    await house.linked(ALICE, CAROL, "merge")
    await house.audited()
    assert (await house.desk.account(one.person_id)).granted == one.granted
    await house.desk.reset(await house.desk.account(one.person_id), "again")
    assert (await house.desk.account(one.person_id)).granted == one.granted


async def test_the_history_the_receipts_and_redelivered_orders_of_a_merged_account_are_there(house: House) -> None:
    one, two = await traded(house, ALICE), await traded(house, BOB)
    (mine, *_) = (await house.desk.history(two, 10)).lines
    assert mine.order_id is not None
    receipt = await house.desk.receipt(two, mine.order_id)
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(one.person_id)
    assert await house.desk.receipt(account, mine.order_id) == receipt
    lines = (await house.desk.history(account, 50)).lines
    assert [line.kind for line in lines].count("buy") == 4
    assert [line.kind for line in lines].count("merge") == 1
    assert "Merged" in texts(await house.ask(BOB, "/history"))
    pages, cursor = [], None
    while True:
        page = await house.desk.history(account, 3, cursor)
        pages += page.lines
        cursor = page.older
        if cursor is None:
            break
    assert tuple(pages) == lines
    again = await house.desk.place(account, f"{two.person_id}-1", Side.BUY, BTC, QuoteAmount(D(10_000 * two.person_id)))
    assert again == await house.desk.receipt(account, again.order_id)
    assert len((await house.desk.history(account, 50)).lines) == len(lines)


async def test_another_persons_receipts_stay_theirs_after_a_merge(house: House) -> None:
    one = await traded(house, ALICE)
    await traded(house, BOB)
    other = await traded(house, CAROL)
    await house.linked(ALICE, BOB, "merge")
    theirs = (await house.desk.history(other, 1)).lines[0].order_id
    assert theirs is not None
    assert await house.desk.receipt(await house.desk.account(one.person_id), theirs) is None


async def test_the_equity_curve_of_a_merged_account_begins_at_one_grant_and_ends_at_the_equity(house: House) -> None:
    one, _ = await traded(house, ALICE), await traded(house, BOB)
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(one.person_id)
    points = await house.desk.equity(account, 10)
    assert points[0].equity == account.granted == one.granted
    assert points[-1].equity == (await house.desk.portfolio(account)).equity


async def test_the_round_goes_on_through_a_merge_and_its_changes_add_up_to_the_balances(house: House) -> None:
    one, _ = await traded(house, ALICE), await traded(house, BOB)
    claim = await house.identities.claim(BOB, HashedCode.of(LinkCode(await house.code(ALICE))), NOW, public=False)
    await house.identities.join(BOB, claim.code_id, LinkMode.MERGE, NOW, NOW)
    await house.settle()
    ledger = PostgresLedger(house.pool, jitter=CALM)
    assert await ledger.round_start(one.account_id) == NOW
    changes = await ledger.changes(one.account_id, NOW, DAY_MS // 10, 20)
    assert {change.bucket for change in changes} == {0, 10}
    held = await house.desk.portfolio(await house.desk.account(one.person_id))
    assert held.granted + sum(change.cash for change in changes) == held.cash
    bases = sum(change.base for change in changes if change.symbol == BTC)
    assert bases == held.positions[0].quantity


async def test_moving_leaves_the_account_here_closed_and_anonymous(house: House) -> None:
    one, two = await traded(house, ALICE), await traded(house, BOB)
    reply = await house.linked(ALICE, BOB, "move")
    assert "Your account here is closed" in texts(reply)
    assert await house.desk.account(await house.person(BOB)) == one
    assert await house.desk.balances(two) == []
    (closed,) = await house.fetch("SELECT person_id, closed_at FROM account WHERE id = $1", two.account_id)
    assert closed["person_id"] == -two.account_id
    with pytest.raises(NoAccount):
        await house.desk.account(two.person_id)
    with pytest.raises(AccountReassigned):
        await house.desk.reset(two, "on its way")
    with pytest.raises(DeskError):
        await house.desk.place(two, "late", Side.BUY, BTC, QuoteAmount(D(100)))


async def test_accounts_of_other_markets_are_handed_over_whole_and_those_of_the_same_are_merged(house: House) -> None:
    one, _ = await traded(house, ALICE), await traded(house, BOB)
    bob = await house.person(BOB)
    elsewhere = house.desk_of(FakeMarket("USDT", label=""))
    theirs = await elsewhere.open(bob, "elsewhere")
    await elsewhere.place(theirs, "elsewhere-1", Side.BUY, "BTCUSDT", QuoteAmount(D(500)))  # type: ignore[arg-type]
    held = await elsewhere.portfolio(theirs)
    said = texts(await house.ask(BOB, f"/link {await house.code(ALICE)}"))
    assert "cash 999,500.00 USDT, one position, one trade" in said
    await house.linked(ALICE, BOB, "merge")
    moved = await elsewhere.account(one.person_id)
    assert moved == replace(theirs, person_id=one.person_id)
    assert await elsewhere.portfolio(moved) == held
    assert (await house.desk.account(one.person_id)).granted == one.granted


async def test_a_person_without_an_account_is_asked_only_whether(house: House) -> None:
    await traded(house, ALICE)
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    assert [b.press.split()[0] for b in buttons(preview)] == ["link_merge", "link_cancel"]
    await house.press(BOB, preview, "link_merge")
    assert await house.person(BOB) == await house.person(ALICE)


async def test_two_identities_of_one_platform_may_be_one_person(house: House) -> None:
    other = Identity("telegram", "1002")
    await house.linked(ALICE, other, "merge")
    assert await house.person(other) == await house.person(ALICE)


async def test_who_is_linked_elsewhere_must_part_first_and_then_may(house: House) -> None:
    await house.linked(ALICE, BOB, "merge")
    await house.person(CAROL)
    code = await house.code(CAROL)
    assert "already linked with another platform" in texts(await house.ask(BOB, f"/link {code}"))
    await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    await house.press(BOB, await house.ask(BOB, f"/link {code}"), "link_merge")
    assert await house.person(BOB) == await house.person(CAROL) != await house.person(ALICE)


async def test_a_person_has_at_most_ten_identities(house: House) -> None:
    for number in range(9):
        await house.linked(ALICE, Identity("discord", f"{number}"), "merge")
    assert "already has 10 linked identities" in texts(await house.ask(BOB, f"/link {await house.code(ALICE)}"))
