"""Reversals and adjustments: once each, linked, audited, told, and never a profit."""

import asyncio
import random
from decimal import Decimal

import asyncpg
import pytest

from core.database import Database
from people.notifications.notices import decode
from people.operators.corrections import Corrections
from people.operators.ports import OperatorAction
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.market import Symbol
from tests.support.trading_house import GRANT, command, findings, opened, order, owner_of
from trading.errors import IdempotencyKeyReused
from trading.ledger.correction_errors import (
    AlreadyReversed,
    CorrectionShort,
    GrantExhausted,
    NoReason,
    NotReversible,
    RoundEnded,
    UnknownAccount,
    UnknownEntry,
)
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import Side
from trading.portfolio.notices import AccountCorrected
from trading.ports import Account

D = Decimal
WHY = "wrong price from the exchange"


@pytest.fixture
def corrections(owner_pool: "asyncpg.Pool[asyncpg.Record]") -> Corrections:
    return Corrections(owner_pool, lambda: 1_700_000_000_000, jitter=random.SystemRandom())


@pytest.fixture
def ledger(pool: "asyncpg.Pool[asyncpg.Record]") -> PostgresLedger:
    return PostgresLedger(pool)


@pytest.fixture
async def account(ledger: PostgresLedger) -> Account:
    return await opened(ledger)


def use(name: str) -> OperatorAction:
    return OperatorAction(name, "console", "cli", 0, f"paperdesk {name}")


async def figures(ledger: PostgresLedger, account: Account) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    """Cash, then quantity, cost and realised profit of BTC, then what was granted."""
    state = await ledger.state(account)
    holding = state.holdings[Symbol("BTCUSDC"), "BTC"]
    return (state.cash.total, holding.quantity, holding.cost, holding.realised, state.granted)


async def test_a_reversed_order_leaves_the_account_as_before_it(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    await ledger.place(order(account, Side.BUY, "3", "100"), command("buy"))
    before = await figures(ledger, account)
    sold = await ledger.place(order(account, Side.SELL, "1", "110"), command("sell"))
    bought = await ledger.place(order(account, Side.BUY, "2", "130"), command("more"))
    for receipt in (bought.receipt, sold.receipt):
        done = await corrections.reverse(use(f"reverse-{receipt.order_id}"), str(receipt.order_id), WHY)
        assert done is not None
        assert done.order_id == receipt.order_id
    assert await figures(ledger, account) == before
    assert await findings(dsn) == []


async def test_a_reversal_after_a_sale_keeps_the_whole_profit(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    """What the sale released of the cost is no longer there: the profit is that of an account without the purchase."""
    await ledger.place(order(account, Side.BUY, "1", "100"), command("first"))
    second = await ledger.place(order(account, Side.BUY, "1", "200"), command("second"))
    await ledger.place(order(account, Side.SELL, "0.9", "150"), command("sell"))
    await corrections.reverse(use("reverse"), str(second.receipt.order_id), WHY)
    cash, quantity, cost, realised, granted = await figures(ledger, account)
    assert (quantity, cost) == (D("0.099"), D(0)), "no more than the whole cost can go"
    assert realised - cost == cash - granted
    assert await findings(dsn) == []


async def test_an_entry_is_reversed_once_however_many_ask(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    placed = await ledger.place(order(account, Side.BUY, "1", "100"), command("buy"))
    number = str(placed.receipt.order_id)
    answers = await asyncio.gather(
        *(corrections.reverse(use(f"reverse-{at}"), number, WHY) for at in range(8)), return_exceptions=True
    )
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert sum(isinstance(answer, AlreadyReversed) for answer in answers) == 7
    async with owner_of(dsn) as owner:
        with pytest.raises(asyncpg.UniqueViolationError):
            await owner.execute("INSERT INTO entry_correction SELECT id, 2, 'again' FROM entry WHERE id = 3")
    assert await findings(dsn) == []


async def test_what_is_no_longer_there_is_not_reversed(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    bought = await ledger.place(order(account, Side.BUY, "1", "100"), command("buy"))
    await ledger.place(order(account, Side.SELL, "0.9", "100"), command("sell"))
    with pytest.raises(CorrectionShort) as short:
        await corrections.reverse(use("reverse"), "command:buy", WHY)
    assert (short.value.asset, short.value.missing, short.value.held) == ("BTC", D("0.9"), D(0))
    for reference, error in (("99", UnknownEntry), ("entry:1", NotReversible), ("command:none", UnknownEntry)):
        with pytest.raises(error):
            await corrections.reverse(use(reference), reference, WHY)
    with pytest.raises(NoReason):
        await corrections.reverse(use("mute"), str(bought.receipt.order_id), "  ")
    await ledger.reset(account, GRANT, command("reset"))
    with pytest.raises(RoundEnded):
        await corrections.reverse(use("late"), str(bought.receipt.order_id), WHY)
    assert await findings(dsn) == []


async def test_an_adjustment_is_cash_and_no_profit(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    credit = await corrections.adjust(use("credit"), account.account_id, D("500.25"), WHY, "one")
    again = await corrections.adjust(use("again"), account.account_id, D("500.25"), WHY, "one")
    assert credit is not None
    assert again is not None
    assert credit.entry_id == again.entry_id, "the same command has one effect"
    with pytest.raises(IdempotencyKeyReused):
        await corrections.adjust(use("other"), account.account_id, D(1), WHY, "one")
    await corrections.adjust(use("debit"), account.account_id, D(-100), WHY, "two")
    state = await ledger.state(account)
    assert (state.cash.available, state.granted) == (GRANT + D("400.25"), GRANT + D("400.25"))
    await corrections.reverse(use("undo"), f"entry:{credit.entry_id}", WHY)
    state = await ledger.state(account)
    assert (state.cash.available, state.granted) == (GRANT - 100, GRANT - 100)
    assert await findings(dsn) == []


async def test_a_debit_beyond_what_is_there_is_refused(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    with pytest.raises(CorrectionShort):
        await corrections.adjust(use("much"), account.account_id, -GRANT - 1, WHY, "much")
    with pytest.raises(GrantExhausted):
        await corrections.adjust(use("all"), account.account_id, -GRANT, WHY, "all")
    with pytest.raises(UnknownAccount):
        await corrections.adjust(use("none"), 999, D(1), WHY, "none")
    assert await findings(dsn) == []


async def test_the_history_shows_what_was_corrected_and_why(
    corrections: Corrections, ledger: PostgresLedger, account: Account
) -> None:
    placed = await ledger.place(order(account, Side.BUY, "1", "100"), command("buy"))
    await corrections.adjust(use("debit"), account.account_id, D(-5), "a fee", "fee")
    await corrections.reverse(use("reverse"), str(placed.receipt.order_id), WHY)
    reversal, debit, bought, _ = (await ledger.history(account.account_id, 10, None)).lines
    assert (reversal.kind, reversal.reverses, reversal.reason) == ("reversal", placed.receipt.order_id, WHY)
    assert (reversal.order_id, reversal.quote_amount) == (None, D(100))
    assert (debit.kind, debit.quote_amount, debit.reason) == ("adjustment", D(-5), "a fee")
    assert (bought.order_id, bought.undone) == (placed.receipt.order_id, True)


async def test_the_user_is_told_and_the_operators_log_has_it(
    corrections: Corrections, ledger: PostgresLedger, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str
) -> None:
    person = await PostgresPeople(Database(pool, jitter=random.SystemRandom())).meet(
        "console", "owner", Language.ENGLISH, "UTC"
    )
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)"
        " VALUES ($1, 'console', 'here', false, now())",
        person.person_id,
    )
    account = await opened(ledger, person.person_id)
    placed = await ledger.place(order(account, Side.BUY, "1", "100"), command("buy"))
    await corrections.reverse(use("reverse"), str(placed.receipt.order_id), WHY)
    await corrections.adjust(use("credit"), account.account_id, D(7), "sorry", "credit")
    async with owner_of(dsn) as owner:
        rows = await owner.fetch("SELECT body FROM outbox ORDER BY id")
        log = await owner.fetch("SELECT line, result FROM operator_action ORDER BY id")
    reversal, credit = (decode(row["body"]) for row in rows)
    assert isinstance(reversal, AccountCorrected)
    assert isinstance(credit, AccountCorrected)
    assert (reversal.order_id, reversal.reason) == (placed.receipt.order_id, WHY)
    assert reversal.moved == {"BTC": D("-0.999"), "USDC": D(100)}
    assert (credit.order_id, credit.moved) == (None, {"USDC": D(7)})
    assert [row["result"] for row in log] == ["reversed by entry 3", "adjusted by entry 4"]


async def test_a_merge_keeps_what_an_adjustment_gave_and_returns_the_grant(
    corrections: Corrections, ledger: PostgresLedger, account: Account, dsn: str
) -> None:
    other = await opened(ledger, 2)
    await corrections.adjust(use("credit"), other.account_id, D(500), WHY, "credit")
    await corrections.adjust(use("debit"), account.account_id, D(-20), WHY, "debit")
    async with owner_of(dsn) as owner:
        await owner.execute("SELECT merge_account($1, $2, now(), 0)", other.account_id, account.account_id)
    state = await ledger.state(account)
    assert (state.cash.available, state.granted) == (GRANT + 480, GRANT + 480)
    assert await findings(dsn) == []


async def test_the_application_corrects_nothing(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    calls = (
        "reverse_entry(1, 'why', now(), 1)",
        "adjust_account(1, 100, 'why', 'c', ''::bytea, now(), 1)",
        "begin_action('{}', now())",
        "apply_action('a', 0, 1, now(), 1)",
        "finish_action('a', now())",
        "undo_action('a', 0, 1, now(), 1)",
    )
    for call in calls:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(f"SELECT {call}")
