"""Held and exported data of a person: on real PostgreSQL, through the router."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from bot.platforms.telegram.inbound.inbox import Inbox
from bot.reply import Document, Reply
from core.database import Database
from people.identity.export import SECTIONS, JsonExportWriter
from people.identity.ports import Identity
from people.identity.postgres import PostgresIdentities, moment
from people.person import Language
from tests.fakes.bot import NOW
from tests.integration.people.identity.person_rows import deleted_in, settle_in, update
from tests.support.people_house import ALICE, BOB, BTC, CALM, House, buttons, house_of, texts
from trading.orders.types import QuoteAmount, Side

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


def exported(reply: Reply) -> dict[str, Any]:
    (document,) = [block for block in reply.blocks if isinstance(block, Document)]
    assert document.name == "paperdesk-2021-04-01.json"
    return json.loads(document.data)  # type: ignore[no-any-return]


async def test_privacy_tells_what_is_held_and_for_how_long(house: House) -> None:
    await settle_in(house, ALICE)
    reply = await house.ask(ALICE, "/privacy")
    said = texts(reply)
    assert reply.private
    for line in ("Platforms | Telegram", "Accounts | 1", "Trades | 1", "Active alerts | 4", "Watched symbols | 1"):
        assert line in said
    for kept in ("30 days", "48 hours", "15 minutes", "30 seconds", "cannot be changed"):
        assert kept in said
    assert [b.press for b in buttons(reply)] == ["privacy_export", "privacy_delete"]


async def test_the_export_holds_every_row_of_theirs_and_nobody_elses(house: House) -> None:
    person, other = await settle_in(house, ALICE), await settle_in(house, Identity("telegram", "2"))
    inbox = Inbox(Database(house.pool, jitter=CALM))
    await inbox.write(
        [
            update(1, ALICE, "buy \x00 \ud83d BTC"),
            update(2, Identity("telegram", "2"), "their secret 1001"),
            update(3, ALICE, "x"),
        ]
    )
    await house.pool.execute("INSERT INTO ban (person_id, reason) VALUES ($1, 'too loud')", person)
    reply = await house.press(ALICE, await house.ask(ALICE, "/privacy"), "privacy_export")
    assert reply.private
    found = exported(reply)
    assert list(found) == ["about", *SECTIONS]
    assert found["about"]["complete"] is True
    counts = {section: len(found[section]) for section in SECTIONS}
    assert counts == {
        "person": 1,
        "identities": 1,
        "settings": 3,
        "bans": 1,
        "accounts": 1,
        "balances": 2,
        "watchlist": 1,
        "alerts": 1,
        "forecast_alerts": 1,
        "range_alerts": 1,
        "condition_alerts": 1,
        "recurring_buys": 1,
        "robots": 0,
        "strategies": 1,
        "rebalancing_targets": 1,
        "limits": 1,
        "limit_states": 1,
        "chats": 1,
        "preferences": 1,
        "link_codes": 1,
        "groups": 1,
        "outbox": 2,
        "inbox": 2,
        "questions": 1,
        "merges": 0,
        "corrections": 0,
        "backtest_trials": 1,
        "daily_equity": 0,
        "daily_risk": 0,
        "order_groups": 1,
        "resting_orders": 0,
        "order_events": 0,
        "orders": 1,
        "fills": 1,
        "entries": 2,
        "postings": 4,
    }
    assert found["person"][0]["id"] == person
    assert found["balances"][0]["available"] == str(D(found["balances"][0]["available"]))
    assert 999 < D(found["orders"][0]["amount"]) <= 1000
    whole = json.dumps(found)
    assert "their secret" not in whole
    assert f'"account": {other}' not in whole


async def test_the_export_of_a_merged_account_tells_what_came_from_where(house: House) -> None:
    await settle_in(house, ALICE)
    await settle_in(house, BOB)
    await house.linked(ALICE, BOB, "merge")
    found = exported(await house.ask(BOB, "privacy_export", pressed=True))
    assert {each["platform"] for each in found["identities"]} == {"telegram", "discord"}
    assert len(found["orders"]) == 2
    assert {each["asset"] for each in found["merges"]} == {"BTC", "USDC"}
    assert len({each["account"] for each in found["entries"]}) == 2


async def test_an_export_that_grows_too_large_says_what_it_left_out(house: House) -> None:
    person = await settle_in(house, ALICE)
    account = await house.desk.account(person)
    for number in range(30):
        await house.desk.place(account, f"more-{number}", Side.BUY, BTC, QuoteAmount(D(100)))
    small = PostgresIdentities(house.database, house.database, export_bytes=20_000)
    data = await small.export(person, NOW)
    found = json.loads(data)
    assert len(data) < 22_000
    assert found["about"]["complete"] is False
    assert found["about"]["left_out"]["entries"] + len(found["entries"]) == 32
    assert found["orders"][0]["id"] > found["orders"][-1]["id"], "the newest are kept"


def test_a_sheet_without_rows_is_json_too() -> None:
    sheet = JsonExportWriter(moment(NOW))
    for section in SECTIONS:
        sheet.start(section)
    found = json.loads(sheet.end())
    assert found["orders"] == []


@pytest.mark.parametrize("language", list(Language))
async def test_privacy_speaks_both_languages(pool: "Pool", dsn: str, language: Language) -> None:
    async with house_of(pool, dsn, language) as house:
        korean = language is Language.KOREAN
        for line in ("/privacy", "privacy_delete", "privacy_export"):
            said = texts(await house.ask(ALICE, line, pressed=not line.startswith("/")))
            assert ("습니다" in said or "입니다" in said) is korean, said
        assert ("삭제했습니다" in texts(await deleted_in(house))) is korean
