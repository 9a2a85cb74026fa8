"""A person that joined another one waits until its join is settled: nobody joins it, and it stops no other join."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import pytest

from app.database.migrate import MIGRATIONS, migrate
from core.errors import DatabaseUnavailable
from core.outbox import Chat
from jobs import settle_joins as settle_joins_module
from jobs.settle_joins import settle_joins
from people.identity.codes import RANDOM_BYTES, HashedCode, code_from
from people.identity.errors import LinkedMeanwhile, LinkRequestExpired
from people.identity.ports import Identity, LinkMode
from people.person import Language
from tests.fakes.bot import NOW
from tests.integration.people.identity.test_link_undo import opened, undone
from tests.patience import PATIENCE_SECONDS
from tests.support.condition_wishes import condition_wish
from tests.support.people_house import ALICE, BOB, BTC, CALM, CAROL, House, house_of, texts, wish
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.range_alerts import NewRangeAlert
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.orders.types import QuoteAmount, Side

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

HOST, GUEST, THIRD = ALICE, BOB, CAROL
AT = datetime.fromtimestamp(NOW / 1000, UTC)
JOIN = "SELECT outcome FROM link_persons($1, $2, $3, 'merge', $4, 1)"


@pytest.fixture
async def house(pool: "Pool", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as opened:
        yield opened


def new_code() -> HashedCode:
    return HashedCode.of(code_from(secrets.token_urlsafe(RANDOM_BYTES)))


async def claimed(house: House) -> int:
    """The number of the host's code, which the guest entered."""
    code = new_code()
    await house.identities.save_code(await house.person(HOST), code, NOW)
    return (await house.identities.claim(GUEST, code, NOW, public=False)).code_id


async def someone_waits(house: House) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await house.fetch("SELECT FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def codes_of(house: House, person: int) -> int:
    return len(await house.fetch("SELECT FROM link_code WHERE person_id = $1", person))


# -- the race ----------------------------------------------------------------------------------


async def test_no_code_for_a_person_that_joins_meanwhile(house: House, pool: "Pool") -> None:
    former, number = await house.person(GUEST), await claimed(house)
    async with pool.acquire() as connection:
        async with connection.transaction():
            assert await connection.fetchval(JOIN, number, *_key(GUEST), AT) == "done"
            late = asyncio.create_task(house.identities.save_code(former, new_code(), NOW))
            await someone_waits(house)
        with pytest.raises(LinkedMeanwhile):
            await late
    assert await codes_of(house, former) == 0


async def test_a_join_takes_the_code_made_meanwhile(house: House, pool: "Pool") -> None:
    former, number = await house.person(GUEST), await claimed(house)
    code = new_code()
    async with pool.acquire() as connection, connection.transaction():
        save = "SELECT save_link_code($1, $2, $3, $4)"
        assert await connection.fetchval(save, former, code.selector, code.hash, AT + timedelta(minutes=10))
        late = asyncio.create_task(house.identities.join(GUEST, number, LinkMode.MERGE, NOW, NOW))
        await someone_waits(house)
    await late
    assert await codes_of(house, former) == 0


async def test_no_code_for_a_person_that_leaves_meanwhile(house: House, pool: "Pool") -> None:
    person = await house.person(GUEST)
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.fetchval("SELECT erase_person($1, $2, 1)", person, AT)
            late = asyncio.create_task(house.identities.save_code(person, new_code(), NOW))
            await someone_waits(house)
        with pytest.raises(LinkedMeanwhile):
            await late


@pytest.mark.parametrize("language", list(Language))
async def test_the_command_says_to_send_it_again(pool: "Pool", dsn: str, language: Language) -> None:
    async with house_of(pool, dsn, language) as house:
        await house.person(GUEST)
        number = await claimed(house)
        async with pool.acquire() as connection, connection.transaction():
            await connection.fetchval(JOIN, number, *_key(GUEST), AT)
            late = asyncio.create_task(house.ask(GUEST, "/link"))
            await someone_waits(house)
        said = texts(await late)
        assert {"en": "Send /link again", "ko": "/link 를 다시 보내 주세요"}[language.value] in said
        assert await house.code(GUEST)
        assert await codes_of(house, await house.person(HOST)) == 1


# -- a code that is there all the same ---------------------------------------------------------


@pytest.mark.parametrize("then", ["claim", "join"])
async def test_a_code_of_a_former_person_is_refused(house: House, then: str) -> None:
    former = await house.person(GUEST)
    await opened(house, THIRD)
    await house.linked(HOST, GUEST, "merge", settled=False)
    code = new_code()
    (row,) = await house.fetch(
        "INSERT INTO link_code (person_id, selector, hash, expires_at, claimed_platform, claimed_id)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        *(former, code.selector, code.hash, AT + timedelta(minutes=10)),
        *(_key(THIRD) if then == "join" else (None, None)),
    )
    late = {
        "claim": lambda: house.identities.claim(THIRD, code, NOW, public=False),
        "join": lambda: house.identities.join(THIRD, row["id"], LinkMode.MERGE, NOW, NOW),
    }[then]
    with pytest.raises(LinkRequestExpired):
        await late()
    assert await house.person(THIRD) != former
    assert await house.settle() == 1


async def test_a_code_is_worth_nothing_after_its_maker_parted(house: House) -> None:
    await opened(house, GUEST)
    await opened(house, THIRD)
    await house.linked(HOST, GUEST, "merge", settled=False)
    code = await house.code(GUEST)
    await undone(house, GUEST)
    assert "no longer" in texts(await house.ask(THIRD, f"/link {code}")).lower()


# -- joins that fail ---------------------------------------------------------------------------

_FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'fails' USING ERRCODE = '{code}', CONSTRAINT = '{constraint}';
END $$;
CREATE TRIGGER fails BEFORE DELETE ON link_join FOR EACH ROW WHEN (OLD.former_id = {former}) EXECUTE FUNCTION fails()
"""


@pytest.mark.parametrize(
    ("code", "constraint"),
    [("23503", "identity_person_id_fkey"), ("23514", "order_adds_up"), ("23514", "account_open"), ("22003", "")],
)
async def test_one_failing_join_stops_no_others(
    house: House, code: str, constraint: str, caplog: pytest.LogCaptureFixture
) -> None:
    former = await house.person(GUEST)
    later = await house.person(THIRD)
    await house.linked(HOST, GUEST, "merge", settled=False)
    await house.linked(HOST, THIRD, "merge", settled=False)
    for line in _FAILS.format(code=code, constraint=constraint, former=former).split(";\nCREATE TRIGGER"):
        await house.fetch(line if "FUNCTION fails() RETURNS" in line else f"CREATE TRIGGER{line}")
    with caplog.at_level(logging.ERROR):
        assert await house.settle() == 1
    assert f"former person {former} is not settled" in caplog.text
    left = [row["former_id"] for row in await house.fetch("SELECT former_id FROM link_join")]
    assert left == [former]
    assert later not in left


async def test_a_database_that_is_away_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Callable[..., Awaitable[Any]]] = []

    class Away:
        def __init__(self, *_: object, **__: object) -> None: ...

        async def run(self, work: Callable[..., Awaitable[Any]]) -> list[int]:
            calls.append(work)
            if len(calls) > 1:
                raise DatabaseUnavailable
            return list(range(1, 50))

    monkeypatch.setattr(settle_joins_module, "Database", Away)
    with pytest.raises(DatabaseUnavailable):
        await settle_joins(cast("Pool", None), NOW, CALM)
    assert len(calls) == 3


async def test_joins_that_wait_hold_up_no_others(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle_joins_module, "_AT_ONCE", 1)
    house.market.prices[BTC] *= 10  # so that as much as this can be bought
    await opened(house, GUEST, 700_000)
    host = await opened(house, HOST)
    former = await house.person(GUEST)
    await house.linked(HOST, GUEST, "merge", settled=False)
    await house.linked(HOST, THIRD, "merge", settled=False)
    await house.desk.place(host, "host", Side.BUY, BTC, QuoteAmount(Decimal(700_000)))
    assert await house.settle() == 1
    assert [row["former_id"] for row in await house.fetch("SELECT former_id FROM link_join")] == [former]


# -- what earlier versions left ----------------------------------------------------------------

_JOINED = """
WITH moved AS (UPDATE identity SET person_id = $1 WHERE (platform, external_id) = ($3, $4))
INSERT INTO link_join (platform, external_id, host_id, former_id, how, joined_at, accounts, alerts, forecast_alerts,
                       recurring_buys, notices, watched)
VALUES ($3, $4, $1, $2, 'merge', $5, '{}', '{}', '{}', '{}', '{}', '{}')
"""


async def test_a_join_of_a_former_person_is_freed_and_settled(house: House) -> None:
    _, _, third = [await opened(house, who) for who in (GUEST, HOST, THIRD)]
    former, own = await house.person(GUEST), await house.person(THIRD)
    await house.linked(HOST, GUEST, "merge", settled=False)
    await house.fetch(_JOINED, former, own, *_key(THIRD), AT)
    console = Chat("console", "console-me")
    await house.alerts.create(wish(former, "a", console))
    ranged = NewRangeAlert(
        "r", former, console, "simulator", BTC, Decimal("0.03"), 60, repeat=False, ready=True, market_time=0
    )
    await PostgresRangeAlerts(house.pool, jitter=CALM).create(ranged)
    await PostgresConditionAlerts(house.pool, jitter=CALM).create(
        condition_wish(former, 1, chat=console, market="simulator")
    )
    await house.pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public)"
        " VALUES ($1, 'console', 'console-me', false)",
        own,
    )
    assert await house.person(THIRD) == former
    assert await house.settle() == 1
    assert await house.person(THIRD) == own
    assert (await house.desk.account(own)).account_id == third.account_id
    assert (await house.identities.holdings(own)).alerts == 3
    for query in ("SELECT FROM link_join", f"SELECT FROM person WHERE id = {former}"):
        assert await house.fetch(query) == []
    assert await house.identities.forget(own, NOW, NOW)


async def test_a_join_is_undone_where_a_third_stays_for_good(house: House) -> None:
    guest, _, _ = [await opened(house, who) for who in (GUEST, HOST, THIRD)]
    former, own = await house.person(GUEST), await house.person(THIRD)
    seen = (
        "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, 'group-of-guest', true)"
    )
    await house.pool.execute(seen, former, GUEST.platform)
    await house.linked(HOST, GUEST, "merge", settled=False)
    await house.fetch(_JOINED, former, own, *_key(THIRD), AT)
    await house.fetch("DELETE FROM link_join WHERE former_id = $1", own)
    assert await house.settle() == 0
    assert await house.person(GUEST) == await house.person(THIRD) == former
    assert (await house.desk.account(former)).account_id == guest.account_id
    assert await house.fetch("SELECT FROM link_join") == []
    chats = await house.fetch("SELECT person_id FROM notification_chat WHERE chat_id = 'group-of-guest'")
    assert [row["person_id"] for row in chats] == [former]
    assert await house.identities.forget(former, NOW, NOW)


async def test_the_third_can_part_and_delete_before_that(house: House) -> None:
    guest = await opened(house, GUEST)
    await opened(house, HOST)
    await opened(house, THIRD)
    former, own = await house.person(GUEST), await house.person(THIRD)
    await house.linked(HOST, GUEST, "merge", settled=False)
    await house.fetch(_JOINED, former, own, *_key(THIRD), AT)
    assert (await house.identities.part(former, THIRD)).undone
    assert await house.identities.forget(await house.person(THIRD), NOW, NOW)
    await undone(house, GUEST)
    assert (await house.desk.account(former)).account_id == guest.account_id


async def test_an_older_desk_heals_when_it_is_migrated(empty_dsn: str, tmp_path: Path) -> None:
    for file in MIGRATIONS.glob("*.sql"):
        if file.stem < "0035":
            (tmp_path / file.name).symlink_to(file)
    migrate(empty_dsn, folder=tmp_path)
    now = datetime.now(UTC)
    owner = await asyncpg.connect(empty_dsn)
    try:
        host, guest, third, _ = [await _met(owner, name) for name in ("1", "2", "3", "4")]
        for person, account in ((host, "h"), (guest, "g"), (third, "t")):
            await owner.execute(
                "SELECT id FROM open_account($1, 'binance', 'USDC', 1000000, $2, $3, $4, 1)",
                *(person, account, bytes(32), now),
            )
        for person, chat in ((host, "group-h"), (guest, "group-g"), (host, "both"), (guest, "both")):
            await owner.execute(
                "INSERT INTO push_chat (person_id, platform, chat_id, public, seen_at)"
                " VALUES ($1, 'telegram', $2, true, clock_timestamp())",
                *(person, chat),
            )
        await _joins(owner, host, "2", now - timedelta(hours=25))
        await _joins(owner, guest, "3", now - timedelta(hours=1))
        await _joins(owner, third, "4", now - timedelta(hours=1))
        await owner.execute(
            "INSERT INTO link_code (person_id, selector, hash, expires_at) VALUES ($1, 'WXYZ', $2, now())"
            " ON CONFLICT (person_id) DO UPDATE SET state = 'open'",
            *(guest, bytes(32)),
        )
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await owner.fetchval("SELECT settle_join($1, $2, 1)", guest, now)
        migrate(empty_dsn)
        persons = dict(await owner.fetch("SELECT external_id, person_id FROM identity"))
        assert persons == {"1": host, "2": host, "3": third, "4": third}
        assert await owner.fetchval("SELECT count(*) FROM link_code WHERE NOT is_hosting(person_id)") == 0
        assert await owner.fetchval("SELECT chats FROM link_join WHERE former_id = $1", guest) == ["group-g"]
        assert await owner.fetchval("SELECT settle_join($1, $2, 1)", guest, now)
        accounts = await owner.fetch("SELECT person_id FROM account WHERE closed_at IS NULL ORDER BY id")
        assert [row["person_id"] for row in accounts] == [host, third]
        assert await owner.fetchval("SELECT erase_person($1, $2, 1)", third, now)
    finally:
        await owner.close()


async def _met(owner: "asyncpg.Connection[asyncpg.Record]", external_id: str) -> int:
    person: int = await owner.fetchval("INSERT INTO person (language, timezone) VALUES ('en', 'UTC') RETURNING id")
    await owner.execute("INSERT INTO identity VALUES ('telegram', $1, $2)", external_id, person)
    return person


async def _joins(owner: "asyncpg.Connection[asyncpg.Record]", host: int, external_id: str, at: datetime) -> None:
    number = await owner.fetchval(
        "INSERT INTO link_code (person_id, selector, hash, expires_at, claimed_platform, claimed_id)"
        " VALUES ($1, 'ABCD', $2, $3, 'telegram', $4) RETURNING id",
        *(host, bytes(32), at + timedelta(minutes=10), external_id),
    )
    assert await owner.fetchval(JOIN, number, "telegram", external_id, at) == "done"


def _key(who: Identity) -> tuple[str, str]:
    return (who.platform, who.external_id)
