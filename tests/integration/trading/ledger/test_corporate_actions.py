"""A coin that returns as another one: held, decided over all accounts, continued after a kill, undone."""

import asyncio
import random
from decimal import Decimal

import asyncpg
import pytest

from core.database import Database
from jobs.symbol_holds import SymbolHoldNotices
from people.notifications.notices import decode
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.market import Symbol
from tests.fakes.priced_market import BTC
from tests.support.condition_wishes import condition_wish
from tests.support.held_symbols import WALL, HeldActions, action, hold
from tests.support.resting_house import MARKET, RestingHouse, limit, stop
from tests.support.trading_house import GRANT, command, findings, opened, order, owner_of
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.ledger.corporate_actions import ActionKind, CorporateActions
from trading.ledger.correction_errors import ActionRefused
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.open_orders import EndReason, ListKind
from trading.orders.types import Side
from trading.portfolio.notices import CorporateActionTold
from trading.ports import Account

D = Decimal
NEW = Symbol("BTCNUSDC")


@pytest.fixture
def ledger(pool: "asyncpg.Pool[asyncpg.Record]") -> PostgresLedger:
    return PostgresLedger(pool)


@pytest.fixture
def house(pool: "asyncpg.Pool[asyncpg.Record]", ledger: PostgresLedger) -> RestingHouse:
    return RestingHouse(PostgresOrderStore(pool), ledger)


@pytest.fixture
def actions(owner_pool: "asyncpg.Pool[asyncpg.Record]") -> HeldActions:
    return HeldActions(owner_pool)


async def holding(ledger: PostgresLedger, account: Account) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Quantity, cost and realised profit of each coin that was ever held."""
    state = await ledger.state(account)
    return {asset: (each.quantity, each.cost, each.realised) for (_, asset), each in state.holdings.items()}


async def traders(ledger: PostgresLedger, count: int) -> list[Account]:
    accounts = [await opened(ledger, person) for person in range(1, count + 1)]
    for account in accounts:
        await ledger.place(order(account, Side.BUY, "3", "100"), command(f"buy-{account.account_id}"))
        await ledger.place(order(account, Side.SELL, "1", "110"), command(f"sell-{account.account_id}"))
    return accounts


KINDS = {
    ActionKind.RENAME: {"ratio": D(1), "into_symbol": NEW, "into_asset": "BTCN"},
    ActionKind.CONVERSION: {"ratio": D("0.0003"), "into_symbol": NEW, "into_asset": "BTCN"},
    ActionKind.REDENOMINATION: {"ratio": D(1000)},
    ActionKind.DELISTING: {"price": D("0.07")},
}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_changes_every_account_and_is_undone(
    kind: ActionKind, ledger: PostgresLedger, actions: HeldActions, dsn: str
) -> None:
    accounts = await traders(ledger, 3)
    before = [await ledger.state(account) for account in accounts]
    assert await actions.apply(action(kind, **KINDS[kind])) == 3
    assert await actions.apply(action(kind, **KINDS[kind])) == 0, "the same command has one effect"
    assert await findings(dsn) == []
    quantity = D("1.997")
    coins = await holding(ledger, accounts[1])
    cash = (await ledger.state(accounts[1])).cash.available - before[1].cash.available
    match kind:
        case ActionKind.REDENOMINATION:
            assert coins == {"BTC": (quantity * 1000, coins["BTC"][1], coins["BTC"][2])}
            assert cash == 0
        case ActionKind.DELISTING:
            paid = D("0.13979")
            assert cash == paid
            assert coins["BTC"][:2] == (0, 0)
        case _:
            ratio = D(str(KINDS[kind]["ratio"]))
            assert coins["BTCN"][0] == (quantity * ratio).quantize(D("1e-8"), "ROUND_FLOOR")
            assert coins["BTC"][:2] == (0, 0)
            assert coins["BTCN"][1] > 0
    state = await ledger.state(accounts[1])
    total = sum((each.realised - each.cost for each in state.holdings.values()), D(0))
    assert total == state.cash.total - state.granted, "the whole profit is that of the cash"
    result = await actions.undo("one")
    assert (result.reversed, list(result.left)) == (3, [])
    after = [await ledger.state(account) for account in accounts]
    for was, now in zip(before, after, strict=True):
        assert now.cash == was.cash
        assert {key: each for key, each in now.holdings.items() if each.quantity} == dict(was.holdings)
    with pytest.raises(ActionRefused):
        await actions.apply(action(kind, **KINDS[kind]))
    assert await findings(dsn) == []


async def test_who_only_has_a_condition_alert_is_told_of_the_hold(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    people = PostgresPeople(Database(pool, jitter=random.SystemRandom()))
    person = (await people.meet("console", "owner", Language.ENGLISH, "UTC")).person_id
    await PostgresConditionAlerts(pool).create(condition_wish(person, market=MARKET))
    await hold(pool)
    notices = SymbolHoldNotices(pool, jitter=random.SystemRandom(), on_told=lambda: None)
    assert [await notices.run(), await notices.run()] == [1, 0]


async def test_orders_end_with_their_holds_and_the_user_is_told(
    house: RestingHouse, actions: HeldActions, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    people = PostgresPeople(Database(pool, jitter=random.SystemRandom()))
    person = (await people.meet("console", "owner", Language.ENGLISH, "UTC")).person_id
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)"
        " VALUES ($1, 'console', 'me', false, now())",
        person,
    )
    account = await house.account(person)
    await house.coins(account)
    await house.accept(account, limit(Side.SELL, "1", "120"), stop(Side.SELL, "1"), kind=ListKind.OCO)
    (buy,) = (await house.accept(account, limit(Side.BUY, "2", "90"))).orders
    await pool.execute(
        "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,"
        " market_time_ms) VALUES ('a', $1, 'console', 'me', $2, $3, 'above', 1, false, true, 0)",
        person,
        MARKET,
        BTC,
    )
    await PostgresConditionAlerts(pool).create(condition_wish(person, market=MARKET))
    assert (await actions.reach(MARKET, BTC)).alerts == 2
    assert await actions.apply(action(ActionKind.REDENOMINATION, ratio=D(1000))) == 1
    assert (await house.seen(account, buy)).events[-1].reason is EndReason.ACTION
    assert (await house.money(account))[1] == 0
    assert (await house.money(account, "BTC"))[1] == 0
    async with owner_of(dsn) as owner:
        notices = [decode(row["body"]) for row in await owner.fetch("SELECT body FROM outbox ORDER BY id")]
        assert await owner.fetchval("SELECT state FROM alert") == "cancelled"
        assert await owner.fetchval("SELECT state FROM condition_alert") == "cancelled"
        assert await owner.fetchval("SELECT count(*) FROM symbol_hold WHERE released_at IS NULL") == 0
    account_told, alerts_told = (each for each in notices if isinstance(each, CorporateActionTold))
    assert (account_told.orders, account_told.became, alerts_told.alerts) == (3, D(9990), 2)
    assert await findings(dsn) == []


async def test_an_action_continues_where_it_was_killed(
    ledger: PostgresLedger, actions: HeldActions, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    accounts = await traders(ledger, 5)
    once = action(ActionKind.REDENOMINATION, ratio=D(1000))
    async with owner_of(dsn) as owner:  # as far as a process comes before it is killed
        await owner.execute(
            "INSERT INTO corporate_action (id, market, symbol, kind, ratio, unit, reason, created_at)"
            " VALUES ('one', $1, $2, 'redenomination', 1000, 0.00000001, 'a test', now())",
            MARKET,
            BTC,
        )
        await owner.fetch("SELECT * FROM apply_action('one', 0, 2, now(), 0)")
    both = await asyncio.gather(actions.apply(once), actions.apply(once))
    assert sum(both) == 3, "what was done is not done again, whoever continues"
    for account in accounts:
        assert (await holding(ledger, account))["BTC"][0] == D(1997)
    with pytest.raises(ActionRefused):
        await actions.apply(action(ActionKind.REDENOMINATION, ratio=D(10)))
    assert await findings(dsn) == []


async def test_nothing_begins_on_a_symbol_that_is_still_traded(owner_pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    actions = CorporateActions(owner_pool, lambda: WALL, jitter=random.SystemRandom())
    with pytest.raises(ActionRefused) as traded:
        await actions.apply(action(ActionKind.NONE))
    await actions.hold(MARKET, BTC)
    with pytest.raises(ActionRefused) as fresh:
        await actions.apply(action(ActionKind.NONE))
    assert (traded.value.why, fresh.value.why) == ("not-held", "fresh")


async def test_an_account_that_used_what_it_received_is_named(
    ledger: PostgresLedger, actions: HeldActions, dsn: str
) -> None:
    accounts = await traders(ledger, 2)
    await actions.apply(action(ActionKind.DELISTING, price=D(100)))
    async with owner_of(dsn) as owner:
        await owner.execute(
            "SELECT adjust_account($1, $2, 'spent', 'x', sha256('x'), now(), 0)", accounts[0].account_id, 1 - GRANT
        )
    result = await actions.undo("one")
    assert result.reversed == 1
    assert [(each.account_id, each.why) for each in result.left] == [(accounts[0].account_id, "short")]
    assert await findings(dsn) == []


async def test_the_audit_names_a_corrupted_action(ledger: PostgresLedger, actions: HeldActions, dsn: str) -> None:
    await traders(ledger, 1)
    await actions.apply(action(ActionKind.REDENOMINATION, ratio=D(1000)))
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE corporate_action SET ratio = 100")
    assert "action differs from its accounts" in {finding.check for finding in await findings(dsn)}
