"""The ledger's functions refuse grants and figures that the desk did not give."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.database.migrate import MIGRATIONS, migrate
from app.database.opening_grant import set_opening_grant
from app.errors import GrantDiffers
from tests.fakes.priced_market import BTC
from tests.support.trading_house import AT, GRANT, D, command, findings, open_with, opened, order, owner_of
from trading.errors import GrantChanged
from trading.ledger.postgres import PostgresLedger
from trading.ledger.rows import order_json
from trading.orders.types import Side

if TYPE_CHECKING:
    from pathlib import Path

    Pool = asyncpg.Pool[asyncpg.Record]

HUGE = D(10) ** 9


@pytest.fixture
def ledger(pool: "Pool") -> PostgresLedger:
    return PostgresLedger(pool)


# -- grants ------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [HUGE, GRANT - 1, GRANT + D("0.00000001"), D(0), D(-1), D("NaN"), None])
async def test_a_grant_of_another_size_is_refused(
    amount: Decimal | None, pool: "Pool", dsn: str, ledger: PostgresLedger
) -> None:
    account = await opened(ledger)
    for statement, arguments in (
        ("SELECT id FROM open_account($1, 'binance', 'USDC', $2, 'forged', $3, now(), 1)", (2, amount, bytes(32))),
        ("SELECT outcome FROM reset_account($1, $2, 'forged', $3, now(), 1)", (account.account_id, amount, bytes(32))),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await pool.execute(statement, *arguments)
    assert await pool.fetchval("SELECT count(*) FROM entry") == 1
    assert await findings(dsn) == []


@pytest.mark.parametrize("person", [-1, -9, None])
async def test_an_account_belongs_to_a_person(person: int | None, pool: "Pool") -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute(
            "SELECT id FROM open_account($1, 'binance', 'USDC', $2, 'forged', $3, now(), 1)", person, GRANT, bytes(32)
        )


async def test_only_the_owner_sets_the_grant(pool: "Pool") -> None:
    for statement in (
        "SELECT set_opening_grant(1e9)",
        "INSERT INTO opening_grant (amount) VALUES (1e9)",
        "UPDATE opening_grant SET amount = 1e9",
        "DELETE FROM opening_grant",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_accounts_with_an_earlier_grant_go_on(dsn: str, ledger: PostgresLedger) -> None:
    account = await opened(ledger)
    await open_with(dsn, D(500))
    await ledger.place(order(account), command("buy"))
    assert (await opened(ledger)).granted == GRANT
    with pytest.raises(GrantChanged):
        await ledger.reset(account, GRANT, command("reset"))
    assert (await ledger.reset(account, D(500), command("reset"))).granted == D(500)
    assert (await ledger.reset(account, GRANT, command("reset"))).granted == D(500)  # the first answer again
    assert await findings(dsn) == []


async def test_the_audit_names_a_grant_that_no_owner_set(dsn: str, ledger: PostgresLedger) -> None:
    account = await opened(ledger)
    async with owner_of(dsn) as owner, owner.transaction():
        await owner.execute("SELECT set_opening_grant(5)")
        await owner.execute(
            "SELECT outcome FROM reset_account($1, 5, 'reset', $2, now(), 1)", account.account_id, bytes(32)
        )
        await owner.execute("DELETE FROM opening_grant WHERE amount = 5")
    assert [str(found) for found in await findings(dsn)] == [
        "promise 1, grant that no owner set: entry 2: account 1 was granted 5 USDC"
    ]


async def test_the_setting_reaches_the_database_by_its_owner(dsn: str, pool: "Pool") -> None:
    set_opening_grant(dsn, D(500))
    set_opening_grant(dsn, D("500.00"))
    set_opening_grant(dsn, GRANT)
    rows = await pool.fetch("SELECT amount FROM opening_grant ORDER BY id")
    assert [row["amount"] for row in rows] == [GRANT, D(500), GRANT]


async def test_another_login_is_told_of_a_grant_that_differs(dsn: str) -> None:
    application = f"{dsn}?options=-c%20role%3Dpaperdesk_app"
    set_opening_grant(application, GRANT)
    with pytest.raises(GrantDiffers) as refused:
        set_opening_grant(application, D(500))
    assert refused.value.details() == {"amount": D(500), "allowed": GRANT}


async def test_an_older_desk_keeps_the_grants_it_gave(empty_dsn: str, tmp_path: "Path") -> None:
    for file in MIGRATIONS.glob("*.sql"):
        if file.stem < "0034":
            (tmp_path / file.name).symlink_to(file)
    migrate(empty_dsn, folder=tmp_path)
    async with owner_of(empty_dsn) as owner:
        for person, amount in enumerate((D(700), D(10) ** 15, D(300)), start=1):
            await owner.execute(
                "SELECT id FROM open_account($1, 'binance', 'USDC', $2, $3, $4, $5, 1)",
                *(person, amount, f"start-{person}", bytes(32), AT),
            )
        migrate(empty_dsn)
        await owner.execute("SELECT outcome FROM reset_account(1, 300, 'reset', $1, $2, 1)", bytes(32), AT)
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute("SELECT outcome FROM reset_account(1, 700, 'again', $1, $2, 1)", bytes(32), AT)
    assert [str(found) for found in await findings(empty_dsn)] == [
        "promise 1, grant that no owner set: entry 2: account 2 was granted 1000000000000000 USDC"
    ]


# -- orders ------------------------------------------------------------------------------------

# Of an honest purchase and sale of 1 BTC at 100 with a fee of 0.1 %: what a forger would change to gain by it.
BUYS: dict[str, dict[str, Any]] = {
    "receives more than was filled": {"received": "5"},
    "receives more than the fee leaves": {"received": "1"},
    "receives less": {"received": "0.5"},
    "pays less than the fills are worth": {"quote_amount": "1"},
    "pays more than the next unit": {"quote_amount": "100.00000001"},
    "pays a part of a unit": {"quote_amount": "99.999999999", "fills": [["99.999999999", "1"]], "quote_unit": "0.01"},
    "more than was filled": {"quantity": "5", "received": "4.995", "fee": "0.005"},
    "no fills": {"fills": []},
    "fills missing": {"fills": None},
    "two fills worth more": {"fills": [["100", "0.5"], ["200", "0.5"]]},
    "two fills of less": {"fills": [["100", "0.5"], ["200", "0.25"]]},
    "a fill without a price": {"fills": [[None, "1"]]},
    "a fill without a quantity": {"fills": [["100"]]},
    "no fee": {"fee": "0", "received": "1"},
    "a fee below the rate": {"fee": "0.0005", "received": "0.9995"},
    "the fee in the other asset": {"fee_asset": "USDC"},
    "a fee missing": {"fee": None},
    "a rate missing": {"fee_rate": None},
    "base and quote alike": {"base": "USDC"},
    "another quote asset": {"base": "USDC", "quote": "BTC"},
    "another symbol of the same coin": {"symbol": "DOGEUSDC"},
    "no side": {"side": None},
    "an amount that is none": {"received": "NaN"},
}
SALES: dict[str, dict[str, Any]] = {
    "receives more than the fills are worth": {"quote_amount": "1000", "received": "999", "fee": "1"},
    "receives more than the fee leaves": {"received": "100"},
    "less than the unit below": {"quote_amount": "99.99", "fee": "0.09999", "received": "99.89001"},
    "sells less than was filled": {"quantity": "0.00001"},
    "no fee": {"fee": "0", "received": "100"},
    "the fee in the other asset": {"fee_asset": "BTC"},
    "base and quote alike": {"base": "USDC"},
    "another symbol of the same coin": {"symbol": "DOGEUSDC"},
    "no side": {"side": None},
}
CASES = [(side, name) for side, cases in ((Side.BUY, BUYS), (Side.SELL, SALES)) for name in cases]


@pytest.mark.parametrize(("side", "name"), CASES)
async def test_figures_that_do_not_add_up_are_refused(
    side: Side, name: str, pool: "Pool", dsn: str, ledger: PostgresLedger
) -> None:
    account = await opened(ledger)
    await ledger.place(order(account, Side.BUY, "2", "100"), command("first"))
    before = await pool.fetch("SELECT * FROM balance ORDER BY asset")
    figures = json.loads(order_json(order(account, side), command("forged")))
    changes = BUYS[name] if side is Side.BUY else SALES[name]
    assert not any(figures[key] == value for key, value in changes.items() if key != "quote_unit")
    with pytest.raises((asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)):
        await pool.fetchrow("SELECT (place_order($1::text::jsonb)).*", json.dumps(figures | changes))
    assert await pool.fetch("SELECT * FROM balance ORDER BY asset") == before
    assert await findings(dsn) == []


async def test_an_asset_held_pays_for_nothing(pool: "Pool", dsn: str, ledger: PostgresLedger) -> None:
    """Only the account's quote asset does: at a price for USDC in BTC, no candle would be compared."""
    account = await opened(ledger)
    await ledger.place(order(account, Side.BUY, "20", "100"), command("first"))
    figures = json.loads(order_json(order(account, Side.BUY, "10", "1"), command("forged")))
    for base, symbol in (("USDC", "USDCBTC"), ("ETH", "ETHBTC")):
        forged = figures | {"base": base, "quote": "BTC", "fee_asset": base, "symbol": symbol}
        with pytest.raises(asyncpg.CheckViolationError):
            await pool.fetchrow("SELECT (place_order($1::text::jsonb)).*", json.dumps(forged))
    assert await findings(dsn) == []


async def test_a_recording_may_spell_a_symbol_twice(pool: "Pool", dsn: str, ledger: PostgresLedger) -> None:
    account = await opened(ledger)
    await ledger.place(order(account), command("first"))
    figures = json.loads(order_json(order(account), command("second"))) | {"symbol": "BTC-USDC"}
    row = await pool.fetchrow("SELECT (place_order($1::text::jsonb)).*", json.dumps(figures))
    assert row is not None
    assert row["outcome"] == "filled"
    assert await findings(dsn) == []


async def test_a_forged_order_spoils_no_other_of_its_batch(pool: "Pool", dsn: str, ledger: PostgresLedger) -> None:
    account = await opened(ledger)
    forged = json.loads(order_json(order(account), command("forged"))) | {"received": "1000"}
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.fetchrow("SELECT (place_order($1::text::jsonb)).*", json.dumps(forged))
    placed = await ledger.place(order(account), command("honest"))
    assert placed.receipt.execution.symbol == BTC
    assert await findings(dsn) == []


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ("symbol = 'DOGEUSDC'", {"order of another asset"}),
        ("quote = 'BTC', base = 'USDC'", {"order of another asset", "history"}),
        ("base = 'USDC'", {"order of another asset", "history"}),
    ],
)
async def test_the_audit_names_an_order_of_another_asset(
    change: str, checks: set[str], dsn: str, ledger: PostgresLedger
) -> None:
    account = await opened(ledger)
    for name in ("first", "second"):
        await ledger.place(order(account), command(name))
    async with owner_of(dsn) as owner:
        await owner.execute(f"UPDATE orders SET {change} WHERE id = 2")  # noqa: S608 - the changes above
    found = await findings(dsn)
    assert checks <= {each.check for each in found}
    assert ("history" in checks) is any(" the account's asset is USDC" in each.row for each in found)


# -- joins -------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [None, AT + timedelta(days=36_500)])
async def test_a_join_is_not_settled_by_a_time_to_come(at: object, pool: "Pool", dsn: str) -> None:
    async with owner_of(dsn) as owner:
        await owner.execute("INSERT INTO person (language, timezone) VALUES ('en', 'UTC'), ('en', 'UTC')")
        await owner.execute("INSERT INTO identity (platform, external_id, person_id) VALUES ('telegram', '7', 1)")
        await owner.execute(
            "INSERT INTO link_join VALUES ('telegram', '7', 1, 2, 'move', now(), '{}', '{}', '{}', '{}', '{}', '{}')"
        )
    assert await pool.fetchval("SELECT settle_join(2, $1, 1)", at) is False


# -- all functions -----------------------------------------------------------------------------


async def test_functions_with_the_owners_rights_are_closed_to_others(pool: "Pool") -> None:
    rows = await pool.fetch(
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') AS open_to_all FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    assert {"place_order", "open_account", "reset_account", "settle_join"} <= {row["proname"] for row in rows}
    for row in rows:
        assert "search_path=public, pg_temp" in row["proconfig"], row["proname"]
        assert not row["open_to_all"], row["proname"]
