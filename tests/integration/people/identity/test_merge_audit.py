"""The audit sees what is wrong with a merge or a closed account; the replay does so without a database."""

from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tests.support.people_house import ALICE, BOB, BTC, CAROL, House
from tests.support.trading_house import findings, owner_of
from trading.ledger.replay import BookedEntry, BookedHolding, BookedMove, Replay
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.portfolio.positions import Holding, combined

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


@pytest.fixture
async def merged(pool: "Pool", dsn: str) -> str:
    """Accounts 1 and 2 merged into 1 by entries 7 and 8, account 3 closed by entry 9."""
    house = House(pool, dsn)
    for who in (ALICE, BOB, CAROL):
        person = await house.person(who)
        account = await house.desk.open(person, f"open-{person}")
        await house.desk.place(account, f"buy-{person}", Side.BUY, BTC, QuoteAmount(D(1000)))
    bob = await house.desk.account(await house.person(BOB))
    await house.desk.place(bob, "sell", Side.SELL, BTC, BaseQuantity(D("0.001")))
    await house.linked(ALICE, BOB, "merge")
    await house.linked(ALICE, CAROL, "move")
    return dsn


async def test_merges_and_closures_are_clean(merged: str) -> None:
    assert await findings(merged) == []
    async with owner_of(merged) as owner:
        kinds = [row["kind"] for row in await owner.fetch("SELECT kind FROM entry ORDER BY id")]
    assert kinds == ["grant", "trade"] * 3 + ["trade", "merged", "merge", "close"]


CORRUPTIONS = {
    "history": ["UPDATE account_merge_asset SET cost = cost + 1 WHERE asset = 'BTC'"],
    "history ": ["UPDATE account_merge_asset SET quantity = quantity + 1 WHERE asset = 'USDC'"],
    "history  ": ["UPDATE account_merge_asset SET realised = realised + 1 WHERE asset = 'BTC'"],
    "history   ": ["DELETE FROM account_merge_asset WHERE asset = 'BTC'"],
    "history    ": ["UPDATE posting SET amount = amount / 2 WHERE source = 'merges' AND asset = 'BTC'"],
    "history     ": ["UPDATE posting SET amount = amount / 2 WHERE entry_id = 10 AND asset = 'USDC'"],
    "account differs from entries": ["UPDATE account_merge SET granted = granted + 1"],
    "merge differs from its entries": ["UPDATE account_merge SET granted = granted + 1"],
    "merge differs from its entries ": ["UPDATE entry SET kind = 'merge' WHERE kind = 'close'"],
    "merge differs from its entries  ": ["DELETE FROM account_merge"],
    "merge differs from its entries   ": ["UPDATE account_merge SET target_id = 3"],
    "merge differs from its entries    ": ["UPDATE posting SET source = 'issuance' WHERE source = 'merges'"],
    "merge differs from its entries     ": ["UPDATE posting SET target = 'merges' WHERE target = 'fees'"],
    "merge differs from its entries      ": ["UPDATE posting SET target = 'exchange' WHERE entry_id = 10"],
    "closed account goes on": [
        "ALTER TABLE account DISABLE TRIGGER account_stays_closed",
        "ALTER TABLE account DROP CONSTRAINT account_closed_is_nobodys",
        "UPDATE account SET person_id = 77 WHERE id = 2",
    ],
    "closed account goes on ": ["UPDATE balance SET available = 1 WHERE account_id = 3 AND asset = 'USDC'"],
    "closed account goes on  ": [
        "ALTER TABLE account DISABLE TRIGGER account_stays_closed",
        "UPDATE account SET person_id = 77, closed_at = NULL WHERE id = 3",
    ],
    "ledger not append only": ["GRANT UPDATE ON account_merge TO paperdesk_app"],
    "ledger not append only ": ["GRANT DELETE ON account_merge_asset TO paperdesk_app"],
    "balance differs from history": ["UPDATE balance SET cost = cost + 1 WHERE account_id = 1 AND asset = 'BTC'"],
}


@pytest.mark.parametrize("name", CORRUPTIONS)
async def test_a_corrupted_merge_is_named(name: str, merged: str) -> None:
    async with owner_of(merged) as owner:
        await owner.execute("SET session_replication_role = replica")
        for statement in CORRUPTIONS[name]:
            assert not (await owner.execute(statement)).endswith(" 0"), "nothing was corrupted"
    assert name.strip() in {finding.check for finding in await findings(merged)}


# -- the fold alone --------------------------------------------------------------------------------


def moved(
    number: int, kind: str, account: int, *moves: BookedMove, carried: tuple[BookedHolding, ...] = ()
) -> BookedEntry:
    return BookedEntry(number, kind, account, 1, "USDC", moves, None, carried)


def granted(number: int, account: int) -> BookedEntry:
    return moved(number, "grant", account, BookedMove("issuance", f"available/{account}", "USDC", D(100)))


def out(amount: int = 100) -> BookedEntry:
    carried = (BookedHolding("USDC", Holding(D(amount))),)
    return moved(3, "merged", 1, BookedMove("available/1", "merges", "USDC", D(100)), carried=carried)


def test_what_one_account_gives_another_holds() -> None:
    replay = Replay()
    taken = (BookedHolding("USDC", Holding(D(100))), BookedHolding("BTC", Holding(D(2), D(30), D(-4))))
    into = (BookedMove("merges", "available/2", "USDC", D(100)), BookedMove("merges", "available/2", "BTC", D(2)))
    replay.run([granted(1, 1), granted(2, 2), out(), moved(4, "merge", 2, *into, carried=taken)])
    assert replay.complaints == []
    assert replay.booked(2, "BTC").holding == Holding(D(2), D(30), D(-4))
    assert replay.booked(2, "USDC").available == 200
    assert replay.booked(1, "USDC").available == 0


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([granted(1, 1), out(99)], "moves"),
        (
            [granted(1, 1), moved(2, "close", 1, BookedMove("available/1", "issuance", "USDC", D(99)))],
            "closes the account",
        ),
        ([granted(1, 1), out(), granted(4, 1)], "after the account was closed"),
        ([granted(1, 1), moved(2, "merge", 1, BookedMove("merges", "available/1", "BTC", D(1)))], "moves"),
    ],
)
def test_a_fold_that_does_not_follow_is_complained_about(entries: list[BookedEntry], complaint: str) -> None:
    replay = Replay()
    replay.run(entries)
    assert any(complaint in each for each in replay.complaints)


def test_two_holdings_as_one_cost_what_both_did() -> None:
    assert combined(Holding(D(1), D(10), D(-1)), Holding(D(3), D(50), D(2))) == Holding(D(4), D(60), D(1))
