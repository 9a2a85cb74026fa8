"""Databases of older versions: what their users had is there after the migrations, as the product itself reads it.

`older/NNNN.sql` has the rows that a desk of migration NNNN wrote, beside those of the files before it, and
`older/NNNN.json` what is exported of person 1 from then on. They name the tables of their time; everything is read
through the product, so a later migration may lay the data out as it likes.
"""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.database.migrate import MIGRATIONS, ROLE, migrate
from bot.groups.ports import Group
from bot.groups.postgres import PostgresGroups
from bot.groups.settings import Permission
from bot.platforms.telegram.inbound.inbox import Inbox, PendingPrompt
from core.outbox import Chat
from core.recurrence import Frequency, Recurrence
from ml.registry.postgres import Registry
from ml.serving.forecast_log import ForecastLog
from people.identity.ports import Identity
from people.notifications.preferences import DigestCadence, DigestSchedule, NotificationPreferences
from people.notifications.preferences_postgres import PostgresPreferences
from people.notifications.quiet_hours import QuietHours
from people.operators.members import OperatorList
from people.operators.postgres import PostgresOperations
from people.person import Language, Person, Theme
from pipeline.archive.postgres import CandleArchive
from pipeline.market import Symbol
from tests.fakes.bot import NOW
from tests.support.people_house import CALM, House, texts
from tests.support.push_house import outbox_of
from tests.support.trading_house import findings, owner_of
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.errors import IdempotencyKeyReused, TradingHalted
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.portfolio.equity_snapshots import EquitySnapshotStore
from trading.recurring.postgres import PostgresPlans

pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Pool = asyncpg.Pool[asyncpg.Record]

OLDER = Path(__file__).with_name("older")
VERSIONS = sorted(path.stem for path in OLDER.glob("*.sql"))
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
MARKET = "simulator"
FIRST = Identity("telegram", "1001")
D = Decimal
COMMANDS = {
    "/balance": "999,599.4",
    "/portfolio": "0.00998",
    "/history": "0.02",
    "/alerts": "70,000",
    "/watchlist": "SOL",
    "/settings": "Asia/Seoul",
    "/privacy": "2",
}


def until(version: str, folder: Path) -> Path:
    """A folder with the migrations up to this one."""
    for file in MIGRATIONS.glob("*.sql"):
        if file.stem.partition(".")[0] <= version:
            (folder / file.name).symlink_to(file)
    return folder


async def fill(dsn: str, version: str) -> None:
    async with owner_of(dsn) as owner:
        for earlier in VERSIONS[: VERSIONS.index(version) + 1]:
            await owner.execute((OLDER / f"{earlier}.sql").read_text("utf-8"))


def exported(version: str) -> dict[str, list[Any]]:
    """What the newest file up to the version says of each section."""
    said: dict[str, list[Any]] = {}
    for earlier in VERSIONS[: VERSIONS.index(version) + 1]:
        said |= json.loads((OLDER / f"{earlier}.json").read_text("utf-8"))
    return said


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def house(version: str, empty_dsn: str, tmp_path: Path) -> "AsyncIterator[House]":
    """The desk of now on a database of then."""
    migrate(empty_dsn, folder=until(version, tmp_path))
    await fill(empty_dsn, version)
    migrate(empty_dsn)
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(empty_dsn, min_size=1, max_size=5, server_settings=settings) as pool:
        yield House(pool, empty_dsn)


async def test_accounts_and_orders_are_the_same(house: House) -> None:
    account = await house.desk.account(1)
    assert (account.account_id, account.round, account.granted) == (1, 1, D(1_000_000))
    held = {each.asset: (each.available, each.held) for each in await house.desk.balances(account)}
    assert held == {"USDC": (D("999599.4"), D(0)), "BTC": (D("0.00998"), D(0))}
    (position,) = (await house.desk.portfolio(account)).positions
    assert (position.symbol, position.quantity, position.realised) == (BTC, D("0.00998"), D("98.89949950"))
    lines = (await house.desk.history(account, 10)).lines
    assert [(line.kind, line.quantity, line.price, line.quote_amount, line.fee, line.realised) for line in lines] == [
        ("sell", D("0.01"), D(60_000), D(600), D("0.6"), D("98.89949950")),
        ("buy", D("0.02"), D(50_000), D(1000), D("0.00002"), None),
        ("grant", D(1_000_000), None, D(1_000_000), D(0), None),
    ]
    for line in lines[:2]:
        receipt = await house.desk.receipt(account, line.order_id or 0)
        assert receipt is not None
        assert (receipt.at, receipt.execution.side) == (line.at, line.kind)
        assert sum(fill.quantity for fill in receipt.execution.fills) == line.quantity


async def test_orders_of_then_are_not_placed_again(house: House) -> None:
    account = await house.desk.account(1)
    before = await house.desk.balances(account)
    bought = await house.desk.place(account, "buy-1", Side.BUY, BTC, QuoteAmount(D(1000)))
    sold = await house.desk.place(account, "sell-1", Side.SELL, BTC, BaseQuantity(D("0.01")))
    assert (bought.execution.received, sold.execution.received) == (D("0.01998"), D("599.4"))
    with pytest.raises(IdempotencyKeyReused):
        await house.desk.place(account, "buy-1", Side.BUY, ETH, QuoteAmount(D(1000)))
    with pytest.raises(TradingHalted):
        await house.desk.place(account, "buy-9", Side.BUY, BTC, QuoteAmount(D(1000)))
    assert await house.desk.balances(account) == before


async def test_resets_merges_and_closed_accounts_are_kept(house: House) -> None:
    reset, merged = await house.desk.account(2), await house.desk.account(3)
    assert (reset.round, reset.granted) == (2, D(1_000_000))
    assert [each.available for each in await house.desk.balances(reset)] == [D(1_000_000)]
    assert [line.kind for line in (await house.desk.history(reset, 10)).lines] == ["reset", "buy", "grant"]
    held = {each.asset: each.available for each in await house.desk.balances(merged)}
    assert held["BTC"] == D("0.01998")
    assert held["USDC"] - merged.granted == -1000, "the grant that was merged or given back counts alike"
    (bought,) = [line for line in (await house.desk.history(merged, 10)).lines if line.kind == "buy"]
    assert bought.quote_amount == 1000


async def test_the_audit_of_the_migrated_ledger_is_clean(house: House) -> None:
    assert await findings(house.dsn) == []


async def test_the_equity_of_each_day_is_kept(house: House) -> None:
    days = await EquitySnapshotStore(house.pool, jitter=CALM).series(1, date(2021, 3, 1))
    assert [(each.day.day, each.equity, each.granted) for each in days] == [
        (30, D(1_000_100), D(1_000_000)),
        (31, D(1_000_200), D(1_000_000)),
    ]


async def test_alerts_and_recurring_buys_are_the_same(house: House, version: str) -> None:
    newest, *alerts = (await house.alerts.waiting(1, MARKET, 10)).alerts
    if version < "0033":
        alerts.insert(0, newest)
    else:
        assert (newest.symbol, newest.level) == ("SOLUSDC", D(25)), "of the identity that joined"
    assert [
        (each.symbol, each.direction, each.level, each.repeat, each.state, each.ready, each.firings, each.market_time)
        for each in alerts
    ] == [
        (ETH, "below", D("1500.25"), True, "muted", False, 3, 1615377600001),
        (BTC, "above", D(70_000), False, "armed", True, 0, 1615377600000),
    ]
    assert (alerts[0].rearm, alerts[0].pause_ms) == (
        (D("1507.75125"), 10_000) if version < "0021" else (D(1600), 60_000)
    )
    (foreseen,) = await PostgresForecastAlerts(house.pool, jitter=CALM).waiting(1, MARKET)
    assert (foreseen.symbol, foreseen.horizon, foreseen.chance, foreseen.repeat) == (BTC, 60, D("0.75"), True)
    plans = await PostgresPlans(house.pool, jitter=CALM).of(1, MARKET)
    assert [(p.symbol, p.size, p.rhythm, p.state, p.slot.day, p.failures, p.last_day) for p in plans] == [
        (
            BTC,
            QuoteAmount(D(100)),
            Recurrence(Frequency.WEEKLY, 540, 2),
            "active",
            date(2021, 4, 7),
            1,
            date(2021, 3, 31),
        ),
        (ETH, Share(D("0.05")), Recurrence(Frequency.DAILY, 600), "paused", date(2021, 4, 2), 0, None),
    ]


async def test_people_and_their_preferences_are_the_same(house: House, version: str) -> None:
    expected = Person(1, Language.KOREAN, "Asia/Seoul", confirm=False, theme=Theme.LIGHT, public=True)
    for identity in (FIRST, Identity("discord", "2002")):
        assert await house.people.find(identity.platform, identity.external_id) == expected
    joined = await house.identities.brought(Identity("discord", "2006"))
    assert (joined is not None) is (version >= "0033"), "it can still be undone"
    assert await house.people.find("telegram", "1004") == await house.people.find("console", "me")
    home = Chat("telegram", "1001")
    choices = await PostgresPreferences(house.pool, lambda: NOW, jitter=CALM).choices(1)
    assert choices == replace(
        NotificationPreferences(),
        modes={"alert": "silent", "broadcast": "off"},
        quiet_hours=QuietHours(1380, 420),
        digest=DigestSchedule(DigestCadence.WEEKLY, 8),
        home=home,
        own=home,
    )
    assert await house.services.watchlists.watched(1) == ["SOLUSDC", "BTCUSDC"]


async def test_groups_and_bans_are_the_same(house: House, version: str) -> None:
    group, groups = Group("telegram", "-100"), PostgresGroups(house.pool, jitter=CALM)
    settings = await groups.settings(group)
    assert (settings.language, settings.timezone, settings.cooldown) == ("ko", "Asia/Seoul", 30)
    assert settings.channels == {"-100": "#trading"}
    assert settings.rules == {"trading": Permission.OFF, "alert": Permission.MANAGERS}
    (feed,) = await groups.feeds(group)
    assert (feed.chat_id, feed.symbols, feed.state) == ("-100", (BTC, ETH), "on")
    operations = PostgresOperations(house.pool, OperatorList({}), jitter=CALM)
    assert await operations.banned() == {2: "too loud"}
    assert [each.line for each in await operations.log(10)] == ["ban 2 too loud"]
    back = await house.person(Identity("telegram", "1005"))
    assert (back in await operations.banned()) is (version >= "0031"), "a ban outlives the deletion"


async def test_what_was_under_way_goes_on(house: House) -> None:
    (parcel,) = await outbox_of(house.pool).claim("telegram", 10)
    assert (parcel.chat, [each.kind for each in parcel.letters]) == (Chat("telegram", "1001"), ["alert"])
    inbox = Inbox(house.database)
    (update,) = await inbox.take([], 10)
    assert json.loads(update.body)["message"]["text"] == "/balance"
    assert await inbox.close("1001", "1001", 8) == PendingPrompt(9, "buy BTC")


async def test_forecasts_models_and_candles_are_the_same(house: House) -> None:
    log = ForecastLog(house.pool)
    record = await log.record(MARKET, 60, 30, NOW)
    assert record is not None
    assert record.moments == 1
    assert [(hour.count, 1 - hour.squares / hour.naive) for hour in await log.hours(MARKET, 60, 1, 0)] == [(1, 0.75)]
    assert await log.last_made(1) == 1617292800000
    assert [(hour, list(counts)) for hour, counts in await log.feature_counts(1, 0)] == [(1617292800000, [3, 4])]
    champion = await Registry(house.pool).champion(MARKET, 60)
    assert champion is not None
    assert (champion.version, await Registry(house.pool).blob(1)) == (1, b"model")
    candles = await CandleArchive(house.pool).minutes(MARKET, BTC, 1617292800000, 1617292860000)
    assert candles == [1617292800000]


async def test_the_export_has_every_row_of_then(house: House, version: str) -> None:
    found = json.loads(await house.identities.export(1, NOW))
    for section, rows in exported(version).items():
        assert len(found[section]) == len(rows), section
        for row, wanted in zip(found[section], rows, strict=True):
            kept = {key: row[key] for key in wanted} if isinstance(wanted, dict) else row
            assert kept == wanted, section


async def test_the_commands_answer_from_what_was_there(house: House, caplog: pytest.LogCaptureFixture) -> None:
    said = {line: texts(await house.ask(FIRST, line)) for line in COMMANDS}
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    for line, part in COMMANDS.items():
        assert part in said[line], line
