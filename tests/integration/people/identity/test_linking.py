"""Linking two persons, parting again: on real PostgreSQL, through the router."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.arguments.parser import readable_line
from bot.middleware.leaked_link_codes import holds_code, take_back
from bot.router import Router
from core.errors import DeskError
from core.outbox import Chat
from people.identity.codes import HashedCode, LinkCode, code_from, read_code
from people.identity.errors import (
    LinkBlocked,
    LinkCodeRevoked,
    LinkCodeUsed,
    LinkCodeWrong,
    LinkRequestExpired,
    OnlyIdentity,
)
from people.identity.ports import Identity, LinkMode, LinkRequest
from people.person import Language
from tests.fakes.bot import CATALOGS, NOW, FakeMarket
from tests.support.people_house import (
    ALICE,
    BOB,
    BTC,
    CALM,
    CAROL,
    DAY_MS,
    ETH,
    House,
    buttons,
    house_of,
    texts,
    wish,
)
from trading.alerts.ports import AlertState
from trading.errors import NoAccount
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.portfolio.positions import Portfolio
from trading.ports import Account
from trading.triggers.price_levels import Firing

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
MINUTES_11 = 11 * 60_000


@pytest.fixture
async def house(pool: "Pool", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as opened:
        yield opened


async def traded(house: House, who: Identity) -> Account:
    """An account with a position, a sold-out one and realised profit."""
    person = await house.person(who)
    account = await house.desk.open(person, f"open-{person}")
    await house.desk.place(account, f"{person}-1", Side.BUY, BTC, QuoteAmount(D(10_000 * person)))
    house.market.prices[BTC] += 1000
    await house.desk.place(account, f"{person}-2", Side.SELL, BTC, BaseQuantity(D("0.01")))
    await house.desk.place(account, f"{person}-3", Side.BUY, ETH, BaseQuantity(D(person)))
    eth = next(b for b in await house.desk.balances(account) if b.asset == "ETH")
    await house.desk.place(account, f"{person}-4", Side.SELL, ETH, BaseQuantity(eth.available))
    return account


def sums(*portfolios: Portfolio) -> dict[str, Decimal]:
    named = ("realised", "unrealised", "profit")
    return {name: sum((getattr(each, name) for each in portfolios), D(0)) for name in named}


async def totals(house: House) -> dict[str, Decimal]:
    """All there is of each asset, without what was granted."""
    rows = await house.fetch(
        "SELECT asset, sum(available + held) - coalesce((SELECT sum(granted) FROM account"
        " WHERE quote_asset = asset AND closed_at IS NULL), 0) AS total FROM balance GROUP BY asset"
    )
    return {row["asset"]: row["total"] for row in rows}


# -- the code --------------------------------------------------------------------------------------


async def test_the_code_is_shown_once_in_private_and_kept_as_a_hash_only(house: House) -> None:
    reply = await house.ask(ALICE, "/link")
    assert reply.private
    code = next(read_code(word) for word in texts(reply).split() if word.count("-") == 3)
    assert f"/start link_{code}" in texts(reply)
    (row,) = await house.fetch("SELECT * FROM link_code")
    assert row["hash"] == HashedCode.of(code).hash
    assert code not in str(row)
    for table in ("person", "identity", "entry"):
        assert code not in str(await house.fetch(f"SELECT * FROM {table}"))  # noqa: S608


async def test_a_new_code_replaces_the_old_one(house: House) -> None:
    first, second = await house.code(ALICE), await house.code(ALICE)
    assert "No valid code" in texts(await house.ask(BOB, f"/link {first}"))
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {second}"))


@pytest.mark.parametrize("written", ["{0}", "{1}", " {1} ", "link_{0}"])
async def test_a_code_is_read_however_it_is_written(house: House, written: str) -> None:
    code = await house.code(ALICE)
    grouped = "-".join(code[at : at + 4] for at in range(0, 16, 4)).lower()
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {written.format(code, grouped)}"))


async def test_an_expired_code_says_so_and_is_open_to_the_last_second(house: House) -> None:
    code = await house.code(ALICE)
    house.now += 10 * 60_000 - 1
    preview = await house.ask(BOB, f"/link {code}")
    assert "Link accounts?" in texts(preview)
    house.now += 60_000
    assert "older than 10 minutes" in texts(await house.ask(BOB, f"/link {code}"))
    house.now += 60_001
    assert "older than 10 minutes" in texts(await house.press(BOB, preview, "link_merge"))


async def test_a_code_pasted_where_others_read_is_burned_and_the_reason_told(house: House) -> None:
    code = await house.code(ALICE)
    reply = await house.ask(BOB, f"/link {code}", public=True)
    assert "Others could read the code" in texts(reply)
    assert reply.private
    assert "no longer valid" in texts(await house.ask(BOB, f"/link {code}"))


async def test_a_code_is_burned_in_public_even_where_the_desk_does_not_answer(house: House) -> None:
    refusing = Router(house.services, catalogs=CATALOGS, checks=(take_back, refuse_everything))
    for line in ("/link {}", "/link@paperdesk_bot {}", "/LINK {}"):
        code = await house.code(ALICE)
        assert holds_code(readable_line(line.format(code)))
        reply = await refusing.answer(house.inbound(BOB, line.format(code), public=True))
        assert "Others could read the code" in texts(reply)
        with pytest.raises(LinkCodeRevoked):
            await house.identities.claim(BOB, HashedCode.of(LinkCode(code)), NOW, public=False)
    for line in ("/link", "/link hello", "/price BTC", "", "link"):
        assert not holds_code(readable_line(line))
        said = texts(await refusing.answer(house.inbound(BOB, line, public=True)))
        assert "Others could read" not in said


async def refuse_everything(_command: object, _ctx: object) -> None:
    raise OnlyIdentity


async def test_an_alert_of_somebody_who_is_leaving_is_refused_in_words(house: House, dsn: str) -> None:
    person = await house.person(ALICE)
    leaving = await asyncpg.connect(dsn)
    try:
        async with leaving.transaction():
            await leaving.execute("SELECT erase_person($1, now(), 1)", person)
            late = asyncio.create_task(house.alerts.create(wish(person, "late", Chat("telegram", "1001"))))
            await asyncio.sleep(0.1)
        with pytest.raises(DeskError):
            await late
    finally:
        await leaving.close()


async def test_ones_own_code_leads_nowhere_and_stays_open_for_the_other_platform(house: House) -> None:
    code = await house.code(ALICE)
    assert "This code is from your own account" in texts(await house.ask(ALICE, f"/link {code}"))
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {code}"))


async def test_a_used_code_says_so_to_everyone(house: House) -> None:
    code = await house.code(ALICE)
    await house.press(BOB, await house.ask(BOB, f"/link {code}"), "link_merge")
    for who in (ALICE, BOB, CAROL):
        assert "has already been used" in texts(await house.ask(who, f"/link {code}"))


async def test_a_ban_goes_where_the_person_goes(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    banned = "INSERT INTO ban (person_id, reason) SELECT $1, 'too loud' RETURNING 1"
    assert await house.fetch(banned, await house.person(BOB))
    await house.press(BOB, preview, "link_merge")
    await house.settle()
    (row,) = await house.fetch("SELECT person_id, reason FROM ban")
    assert (row["person_id"], row["reason"]) == (await house.person(ALICE), "too loud")


async def test_a_cancelled_link_changes_nothing_and_burns_the_code(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    assert "Nothing was linked" in texts(await house.press(BOB, preview, "link_cancel"))
    assert "no longer valid" in texts(await house.press(BOB, preview, "link_merge"))
    assert await house.person(ALICE) != await house.person(BOB)


async def test_a_button_works_only_for_the_identity_that_entered_the_code(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    assert "no longer open" in texts(await house.press(CAROL, preview, "link_merge"))
    assert "no longer open" in texts(await house.press(ALICE, preview, "link_merge"))
    assert "no longer open" in texts(await house.press(CAROL, preview, "link_cancel"))
    assert "now share one account" in texts(await house.press(BOB, preview, "link_merge"))


async def test_five_wrong_codes_stop_an_identity_for_ten_minutes_even_with_the_right_one(house: House) -> None:
    code = await house.code(ALICE)
    for number in range(5):
        assert "No valid code" in texts(await house.ask(BOB, f"/link {code_from(str(number))}"))
    assert "Too many wrong codes. Wait 10 minutes" in texts(await house.ask(BOB, f"/link {code}"))
    house.now += 10 * 60_000
    fresh = await house.code(ALICE)
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {fresh}"))


async def outcomes(calls: "list[asyncio.Task[object]]") -> list[str]:
    found = await asyncio.gather(*calls, return_exceptions=True)
    for each in found:
        assert not isinstance(each, Exception) or isinstance(each, DeskError), each
    return sorted(type(each).__name__ for each in found)


async def test_wrong_codes_over_eight_connections_are_counted_one_by_one(house: House) -> None:
    await house.person(BOB)
    wrong = [HashedCode.of(code_from(str(number))) for number in range(8)]
    tries = [asyncio.create_task(house.identities.claim(BOB, code, NOW, public=False)) for code in wrong]
    assert await outcomes(tries) == sorted([LinkBlocked.__name__] * 3 + [LinkCodeWrong.__name__] * 5)


async def test_five_wrong_codes_of_its_selector_burn_a_code_from_whomever_they_come(house: House) -> None:
    code = await house.code(ALICE)
    wrong = [HashedCode.of(LinkCode(code[:4] + code_from(str(number))[4:])) for number in range(8)]
    many = [Identity("discord", f"guesser-{number}") for number in range(8)]
    tries = [
        asyncio.create_task(house.identities.claim(who, guess, NOW, public=False))
        for who, guess in zip(many, wrong, strict=True)
    ]
    assert set(await outcomes(tries)) == {LinkCodeWrong.__name__}
    with pytest.raises(LinkCodeRevoked):
        await house.identities.claim(BOB, HashedCode.of(code), NOW, public=False)


async def test_of_eight_who_enter_the_right_code_at_once_one_has_it(house: House) -> None:
    code = HashedCode.of(await house.code(ALICE))
    many = [Identity("discord", f"{number}") for number in range(8)]
    for who in many:
        await house.person(who)
    tries = [asyncio.create_task(house.identities.claim(who, code, NOW, public=False)) for who in many]
    assert await outcomes(tries) == [*[LinkCodeUsed.__name__] * 7, LinkRequest.__name__]


# -- merging and moving ----------------------------------------------------------------------------


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
    with pytest.raises(NoAccount):
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


async def test_a_press_is_refused_when_somebody_joined_oneself_since_the_preview(house: House) -> None:
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    await house.linked(BOB, CAROL, "merge")
    assert "already linked with another platform" in texts(await house.press(BOB, preview, "link_merge"))
    assert await house.person(BOB) == await house.person(CAROL) != await house.person(ALICE)


async def test_a_person_has_at_most_ten_identities(house: House) -> None:
    for number in range(9):
        await house.linked(ALICE, Identity("discord", f"{number}"), "merge")
    assert "already has 10 linked identities" in texts(await house.ask(BOB, f"/link {await house.code(ALICE)}"))


# -- at once, twice, killed ------------------------------------------------------------------------


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


# -- what comes along ------------------------------------------------------------------------------


async def test_alerts_watchlists_chats_and_preferences_come_along(house: House) -> None:
    alice, bob = await house.person(ALICE), await house.person(BOB)
    there = Chat("discord", "discord-2002")
    alert = await house.alerts.create(wish(bob, "bobs", there))
    mark = (await house.alerts.changes("simulator", "")).cursor
    await house.ask(ALICE, "/watch BTC ETH")
    await house.ask(BOB, "/watch SOL BTC")
    add = "INSERT INTO notification_preference VALUES ($1, $2, $3)"
    for row in ((alice, "alert", "silent"), (bob, "alert", "off"), (bob, "fill", "off")):
        await house.pool.execute(add, *row)
    await house.pool.execute("INSERT INTO notification_quiet_hours VALUES ($1, 60, 120)", bob)
    await house.linked(ALICE, BOB, "merge")
    changes = await house.alerts.changes("simulator", mark)
    assert [(each.alert_id, each.person_id, each.state) for each in changes.alerts] == [
        (alert.alert_id, alice, AlertState.ARMED)
    ]
    fired = await house.alerts.fire("simulator", [Firing(alert.trigger, D(70_001), NOW)])
    assert fired == {alert.alert_id}
    (row,) = await house.fetch("SELECT person_id, platform, chat_id FROM outbox")
    assert tuple(row) == (alice, "discord", "discord-2002")
    assert [r["symbol"] for r in await house.fetch("SELECT symbol FROM watchlist_item ORDER BY place")] == [
        "BTCUSDC",
        "ETHUSDC",
        "SOLUSDC",
    ]
    kept = {
        (r["kind"], r["mode"])
        for r in await house.fetch("SELECT * FROM notification_preference WHERE person_id = $1", alice)
    }
    assert kept == {("alert", "silent"), ("fill", "off")}
    assert (await house.fetch("SELECT person_id FROM notification_quiet_hours"))[0][0] == alice
    assert [
        tuple(r) for r in await house.fetch("SELECT person_id, chat_id FROM notification_chat WHERE NOT public")
    ] == [(alice, "discord-2002")]


async def test_the_other_persons_language_is_spoken_at_once(house: House) -> None:
    await house.ask(ALICE, "/settings language ko")
    reply = await house.linked(ALICE, BOB, "merge")
    assert "연결했습니다" in texts(reply)


# -- parting ---------------------------------------------------------------------------------------


async def test_who_has_one_platform_only_cannot_part_and_is_shown_another_way(house: House) -> None:
    assert "/privacy" in texts(await house.ask(ALICE, "/unlink"))


async def test_parting_makes_a_stranger_who_begins_anew(house: House) -> None:
    one = await traded(house, ALICE)
    await house.linked(ALICE, BOB, "merge")
    preview = await house.ask(BOB, "/unlink")
    assert "stay with Telegram" in texts(preview)
    assert "no longer part of that account" in texts(await house.press(BOB, preview, "unlink_now"))
    bob = await house.person(BOB)
    assert bob != one.person_id
    with pytest.raises(NoAccount):
        await house.desk.account(bob)
    assert (await house.desk.account(one.person_id)).account_id == one.account_id
    assert "no longer yours" in texts(await house.press(BOB, preview, "unlink_now"))


async def test_what_was_to_be_told_there_is_told_where_the_person_stays_or_ends(house: House) -> None:
    alice = await house.person(ALICE)
    await house.linked(ALICE, BOB, "merge")
    await house.alerts.create(wish(alice, "there", Chat("discord", "dm")))
    reply = await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    assert "One alert was cancelled" in texts(reply)
    await house.linked(ALICE, BOB, "merge")
    await house.alerts.create(wish(alice, "here", Chat("telegram", "1001")))
    again = await house.alerts.create(wish(alice, "there again", Chat("discord", "dm")))
    await house.pool.execute(
        "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
        " VALUES ('k', $1, 'discord', 'dm', 'alert', '{}')",
        alice,
    )
    reply = await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    assert "no other chat" not in texts(reply)
    (row,) = await house.fetch("SELECT platform, chat_id, state FROM alert WHERE id = $1", again.alert_id)
    assert tuple(row) == ("telegram", "1001", "armed")
    assert [tuple(r) for r in await house.fetch("SELECT platform, chat_id FROM outbox")] == [("telegram", "1001")]


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


@pytest.mark.parametrize("language", list(Language))
async def test_the_whole_way_speaks_both_languages(pool: "Pool", dsn: str, language: Language) -> None:
    async with house_of(pool, dsn, language) as house:
        await traded(house, BOB)
        replies = [await house.linked(ALICE, BOB, "merge")]
        lines = ("/link", "/unlink", "/privacy", "/watch BTC", "/unwatch", "/history")
        replies += [await house.ask(BOB, line) for line in lines]
        for reply in replies:
            said = texts(reply)
            assert ("습니다" in said or "요" in said or "관심" in said or "내" in said) is (language is Language.KOREAN)
