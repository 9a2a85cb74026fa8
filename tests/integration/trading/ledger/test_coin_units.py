"""Coins are converted once, whatever happens to their account, and nothing of the former unit is booked after."""

import asyncio
from decimal import Decimal

import asyncpg
import pytest

from core.database import Connection, Database, Pool
from tests.patience import PATIENCE_SECONDS
from tests.support.held_symbols import WALL, HeldActions, action, hold
from tests.support.people_house import CALM
from tests.support.resting_house import RestingHouse, limit
from tests.support.trading_house import AT, GRANT, command, findings, opened, order, owner_of
from trading.constraints import LEDGER_REFUSALS
from trading.errors import CoinInQuestion, MergeWaits, PriceOfFormerUnit
from trading.ledger.corporate_actions import SQL, ActionKind
from trading.ledger.correction_errors import EntryOfFormerUnit
from trading.ledger.corrections import reverse
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side
from trading.ports import Account

D = Decimal

MERGE = "SELECT merge_account($1, $2, now(), 0)"
KINDS = {
    ActionKind.REDENOMINATION: {"ratio": D(1000)},
    ActionKind.RENAME: {"ratio": D(1), "into_symbol": "BTCNUSDC", "into_asset": "BTCN"},
    ActionKind.DELISTING: {"price": D(50)},
}
THOUSANDFOLD = action(ActionKind.REDENOMINATION, ratio=D(1000))


@pytest.fixture
def ledger(pool: Pool) -> PostgresLedger:
    return PostgresLedger(pool)


@pytest.fixture
def actions(owner_pool: Pool) -> HeldActions:
    return HeldActions(owner_pool, batch=1)


async def buyers(ledger: PostgresLedger, *quantities: str) -> list[Account]:
    accounts = [await opened(ledger, person) for person in range(1, len(quantities) + 1)]
    for account, quantity in zip(accounts, quantities, strict=True):
        if D(quantity):
            await ledger.place(order(account, Side.BUY, quantity, "100"), command(f"buy-{account.account_id}"))
    return accounts


async def coins(pool: Pool, account: Account, asset: str = "BTC") -> Decimal:
    found = "SELECT coalesce(sum(available), 0) FROM balance WHERE account_id = $1 AND asset = $2"
    return D(await pool.fetchval(found, account.account_id, asset))


async def merge(pool: Pool, source: Account, target: Account) -> None:
    """Merges two accounts as the settling of a join does, with both locked."""

    async def work(connection: Connection) -> None:
        async with connection.transaction():
            await lock(connection, source, target)
            await connection.execute(MERGE, source.account_id, target.account_id)

    await Database(pool, jitter=CALM, refusals=LEDGER_REFUSALS).run(work)


async def lock(connection: Connection, *accounts: Account) -> None:
    ids = [account.account_id for account in accounts]
    await connection.execute(
        "SELECT FROM balance WHERE account_id = ANY($1) AND asset = 'USDC' ORDER BY account_id FOR UPDATE", ids
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("down", "target_has"), [(False, "0"), (False, "1"), (True, "1")])
async def test_a_merge_between_two_batches_waits(
    kind: ActionKind, ledger: PostgresLedger, actions: HeldActions, dsn: str, *, down: bool, target_has: str
) -> None:
    owner_pool, accounts = actions.pool, await buyers(ledger, "3", target_has)
    first, second = reversed(accounts) if down else accounts
    once = action(kind, **KINDS[kind])
    await actions.first_batch(once)
    with pytest.raises(MergeWaits):
        await merge(owner_pool, first, second)
    await actions.apply(once)
    await merge(owner_pool, first, second)
    owned = D("0.999") * (3 + D(target_has))
    match kind:
        case ActionKind.REDENOMINATION:
            assert await coins(owner_pool, second) == owned * 1000
        case ActionKind.RENAME:
            assert (await coins(owner_pool, second), await coins(owner_pool, second, "BTCN")) == (0, owned)
        case _:
            assert await coins(owner_pool, second, "USDC") == GRANT - 100 * (3 + D(target_has)) + owned * 50
    assert await findings(dsn) == []


async def test_a_merge_that_is_under_way_comes_before_the_action(
    ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool, dsn: str
) -> None:
    first, second = await buyers(ledger, "3", "1")
    async with owner_of(dsn) as owner, owner.transaction():
        await lock(owner, first, second)
        applying = asyncio.create_task(actions.apply(THOUSANDFOLD))
        await blocked(owner_pool)  # a batch waits for the accounts
        with pytest.raises(asyncpg.CheckViolationError, match="wait for a corporate action"):
            async with owner.transaction():
                await owner.execute(MERGE, first.account_id, second.account_id)
    await applying
    assert await coins(owner_pool, first) + await coins(owner_pool, second) == D("3996")
    assert await findings(dsn) == []


async def test_a_merge_that_is_done_when_the_action_begins_is_seen_by_its_batches(
    ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool, dsn: str
) -> None:
    first, second = await buyers(ledger, "3", "1")
    async with owner_of(dsn) as owner, owner.transaction():
        await owner.execute(MERGE, first.account_id, second.account_id)  # not committed yet
        applying = asyncio.create_task(actions.apply(THOUSANDFOLD))
        await blocked(owner_pool)
    await applying
    assert await coins(owner_pool, second) == D("3996")
    assert await findings(dsn) == []


async def blocked(pool: Pool) -> None:
    """Waits until a connection waits for a lock."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await pool.fetchval(  # noqa: ASYNC110 - the lock lies in the server
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.01)


async def test_a_merge_waits_for_what_an_undo_has_not_taken_back(
    ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool, dsn: str
) -> None:
    first, second = await buyers(ledger, "3", "1")
    await actions.apply(THOUSANDFOLD)
    await owner_pool.fetch(SQL["undo"], "one", 0, 1, AT, WALL)  # one batch, then the undo is killed
    assert (await coins(owner_pool, first), await coins(owner_pool, second)) == (D("2.997"), D(999))
    with pytest.raises(MergeWaits):
        await merge(owner_pool, first, second)
    assert (await actions.undo("one")).left == []
    await merge(owner_pool, first, second)
    assert await coins(owner_pool, second) == D("3.996")
    assert await findings(dsn) == []


async def test_an_undo_ends_and_names_what_it_leaves(
    ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool, dsn: str
) -> None:
    accounts = await buyers(ledger, "3", "1", "1", "1", "1", "0")
    merged, gone, renewed, spent, rest, host = accounts
    await actions.apply(THOUSANDFOLD)
    await merge(owner_pool, merged, host)
    async with owner_of(dsn) as owner:
        await owner.execute("SELECT close_account($1, now(), 0)", gone.account_id)
    await ledger.reset(renewed, GRANT, command("reset"))
    await owner_pool.execute("UPDATE corporate_action SET unit_since_ms = 0")  # a price came since
    await ledger.place(order(spent, Side.SELL, "999", "0.1", empties=True), command("spent"))
    result = await actions.undo("one")
    assert result.reversed == 1
    assert [(each.account_id, each.why, each.merged_into) for each in result.left] == [
        (merged.account_id, "closed", host.account_id),
        (gone.account_id, "closed", None),
        (renewed.account_id, "round", None),
        (spent.account_id, "short", None),
    ]
    assert await owner_pool.fetchval("SELECT state FROM corporate_action") == "undone"
    assert await coins(owner_pool, rest) == D("0.999")
    await ledger.place(order(spent, Side.BUY, "1000", "0.1"), command("again"))
    assert (await actions.undo("one")).reversed == 1, "what was missing is there now"
    assert await findings(dsn) == []


@pytest.mark.parametrize("kind", [*KINDS, ActionKind.CONVERSION])
async def test_a_trade_of_the_former_unit_is_not_reversed(
    kind: ActionKind, ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool, dsn: str
) -> None:
    account, other = await buyers(ledger, "3", "1")
    await ledger.place(order(account, Side.SELL, "1", "110"), command("sale"))
    terms = KINDS.get(kind, KINDS[ActionKind.RENAME] | {"ratio": D(2)})
    await actions.apply(action(kind, **terms))
    before = await ledger.state(account)
    for name in ("buy-1", "sale"):
        with pytest.raises(EntryOfFormerUnit) as refused:
            await reversed_of(owner_pool, f"command:{name}")
        assert refused.value.action == "one"
    assert await ledger.state(account) == before
    assert (await actions.undo("one")).left == []
    await reversed_of(owner_pool, "command:sale")
    await reversed_of(owner_pool, f"command:buy-{other.account_id}")
    assert await findings(dsn) == []


async def test_a_trade_of_an_account_that_others_joined_is_of_the_former_unit_too(
    ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool
) -> None:
    """The account had sold everything, so the action did not reach it; the coins came with a merge."""
    first, second = await buyers(ledger, "3", "1")
    await ledger.place(order(second, Side.SELL, "0.999", "100", empties=True), command("sale"))
    await actions.apply(THOUSANDFOLD)
    await merge(owner_pool, first, second)
    with pytest.raises(EntryOfFormerUnit):
        await reversed_of(owner_pool, "command:sale")


async def reversed_of(pool: Pool, reference: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await reverse(connection, reference, "a test", AT, WALL)


async def test_no_order_is_booked_while_a_symbol_is_in_question(
    pool: Pool, ledger: PostgresLedger, actions: HeldActions, owner_pool: Pool, dsn: str
) -> None:
    (account,) = await buyers(ledger, "3")
    house = RestingHouse(PostgresOrderStore(pool), ledger)

    async def refused() -> None:
        for side, name in ((Side.SELL, "sale"), (Side.BUY, "purchase")):
            with pytest.raises(CoinInQuestion):
                await ledger.place(order(account, side, "1", "100"), command(name))
        with pytest.raises(CoinInQuestion):
            await house.accept(account, limit(Side.SELL, "1", "120"))

    await hold(owner_pool)
    await refused()
    await actions.first_batch(THOUSANDFOLD)
    await owner_pool.execute("UPDATE symbol_hold SET released_at = now()")
    await refused()
    await actions.apply(THOUSANDFOLD)
    with pytest.raises(PriceOfFormerUnit):
        await ledger.place(order(account, Side.SELL, "1", "100"), command("old price"))
    assert await coins(owner_pool, account) == D(2997)
    await owner_pool.execute("UPDATE corporate_action SET state = 'undoing'")
    await owner_pool.execute("UPDATE symbol_hold SET released_at = now() WHERE released_at IS NULL")
    await refused()
    assert await findings(dsn) == []
