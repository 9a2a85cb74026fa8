"""The logins of a desk: each tries what it may not do, and is refused."""

import asyncio
import base64
import hashlib
import hmac
import logging
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import pytest

from app.backups.backup_and_restore import find_program, restore
from app.connections.entry_key import stored_entry_codes
from app.connections.stores import open_pool
from app.database.logins import APPLICATION, OWNER, READER, warn_of_owner, warn_of_reader
from app.database.migrate import migrate
from app.database.queries import fetch
from app.engines import Engines
from app.engines.postgres import program
from app.errors import NoSchemaRights
from core.clock import wall_clock
from jobs.backups.backup import Backups
from tests.conftest import memory_folder
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.trading_house import command, opened, order
from trading.ledger.audit import audited
from trading.ledger.postgres import PostgresLedger

READ_WRITE = "?options=-c%20default_transaction_read_only%3Doff"
"""A login may change its own default."""


@pytest.fixture(scope="module")
def superuser() -> Iterator[tuple[Engines, str]]:
    """Engines of their own, whose database an older version made as its superuser; and that superuser's address."""
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-tests-", dir=memory_folder()) as folder,
        Engines(Path(folder), redis_url="redis://none", postgres_settings={"fsync": "off"}) as own,
    ):
        before = own.postgres_dsn
        migrate(before)
        asyncio.run(traded(before))
        own.separate_logins()
        migrate(own.owner_dsn)  # as at each start
        yield own, before


@pytest.fixture
def desk(superuser: tuple[Engines, str]) -> Engines:
    return superuser[0]


async def traded(dsn: str) -> None:
    async with open_pool(dsn) as pool:
        ledger = PostgresLedger(pool)
        account = await ledger.account(1, "simulator:test", "USDC") or await opened(ledger)
        await ledger.place(order(account), command(f"buy-{account.round}-{dsn.partition('@')[0]}"))


async def test_the_application_trades_under_its_own_login(desk: Engines) -> None:
    await traded(desk.postgres_dsn)
    assert (await audited(desk.postgres_dsn)).findings == []
    assert fetch(desk.postgres_dsn, "SELECT session_user::text")[0][0] == APPLICATION
    migrate(desk.postgres_dsn)


@pytest.mark.parametrize(
    "statement",
    [
        "RESET ROLE; DELETE FROM posting",
        "RESET SESSION AUTHORIZATION; UPDATE balance SET available = 1e9",
        f"SET ROLE {OWNER}",
        "SET ROLE paperdesk",
        f"SET SESSION AUTHORIZATION {OWNER}",
        f"GRANT {OWNER} TO {APPLICATION}",
        f"ALTER ROLE {APPLICATION} SUPERUSER",
        "CREATE ROLE other",
        "CREATE TABLE other (a int)",
        "ALTER TABLE posting DISABLE TRIGGER ALL",
        "UPDATE _yoyo_migration SET migration_id = 'none'",
        "CREATE OR REPLACE FUNCTION place_order(p jsonb) RETURNS record LANGUAGE sql AS 'SELECT 1'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/out'",
        "SELECT pg_read_file('PG_VERSION')",
        "ALTER SYSTEM SET port = 1",
    ],
)
async def test_the_application_cannot_become_the_owner(statement: str, desk: Engines) -> None:
    async with open_pool(desk.postgres_dsn) as pool:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidFunctionDefinitionError)):
            await pool.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
        "SET ROLE paperdesk",
        "CREATE ROLE other",
        f"ALTER ROLE {OWNER} SUPERUSER",
        "ALTER SYSTEM SET port = 1",
        "CREATE DATABASE other",
    ],
)
def test_the_owner_is_no_superuser(statement: str, desk: Engines) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        fetch(desk.owner_dsn, statement)


def test_the_reader_only_reads(desk: Engines) -> None:
    assert fetch(desk.reader_dsn, "SELECT count(*) FROM entry")[0][0]
    for statement in (
        "UPDATE balance SET available = 1",
        "DELETE FROM person",
        "SELECT place_order('{}')",
        "SELECT erase_person(1, now(), 1)",
        "SET ROLE paperdesk_app",
        f"SET ROLE {OWNER}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            fetch(desk.reader_dsn + READ_WRITE, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_put(1, 0, 'x')",
        "SELECT lo_open(1, 131072)",
        "SELECT lo_unlink(1)",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/out')",
        "CREATE TEMPORARY TABLE other (a int)",
    ],
)
def test_only_the_owner_keeps_things_beside_the_tables(statement: str, desk: Engines) -> None:
    for address in (desk.reader_dsn, desk.postgres_dsn):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            fetch(address + READ_WRITE, statement)


def test_the_reader_begins_read_only(desk: Engines) -> None:
    assert fetch(desk.reader_dsn, "SHOW default_transaction_read_only")[0][0] == "on"
    assert fetch(desk.postgres_dsn, "SHOW default_transaction_read_only")[0][0] == "off"


def test_a_backup_of_the_reader_is_restored_by_the_owner(desk: Engines, tmp_path: Path) -> None:
    """Although PUBLIC has lost rights that every new server gives it."""
    backups = Backups(desk.reader_dsn, tmp_path, find_program, wall_clock, keep=1, key=bytes(32))
    before = fetch(desk.reader_dsn, "SELECT key FROM identity_key")
    restore(asyncio.run(backups.run()).path, desk.owner_dsn, force=True)
    assert fetch(desk.reader_dsn, "SELECT key FROM identity_key") == before


async def entry_key(desk: Engines) -> bytes:
    async with open_pool(desk.postgres_dsn) as pool:
        await stored_entry_codes(pool)
        return bytes(await pool.fetchval("SELECT key FROM redis_entry_key"))


def test_the_key_of_what_waits_in_redis_is_the_application_s_alone(desk: Engines, tmp_path: Path) -> None:
    """Neither the reader nor a backup tells it; after a restore another is drawn."""
    before = asyncio.run(entry_key(desk))
    assert fetch(desk.reader_dsn, "SELECT key FROM redis_entry_key") == []
    backups = Backups(desk.reader_dsn, tmp_path, find_program, wall_clock, keep=1, key=bytes(32))
    restore(asyncio.run(backups.run()).path, desk.owner_dsn, force=True)
    assert fetch(desk.owner_dsn, "SELECT key FROM redis_entry_key") == []
    assert len({before, asyncio.run(entry_key(desk)), asyncio.run(entry_key(desk))}) == 2
    assert fetch(desk.reader_dsn, "SELECT key FROM redis_entry_key") == []


def test_the_reader_sees_no_verifier_and_no_other_database(superuser: tuple[Engines, str]) -> None:
    """Also where an older version gave it everything on the server."""
    engines, before = superuser
    fetch(before, f"GRANT pg_read_all_data TO {READER}")
    fetch(before, f"REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM {READER}")  # noqa: S608 - a constant
    fetch(before, "CREATE DATABASE elsewhere")
    elsewhere = urlunsplit(urlsplit(before)._replace(path="/elsewhere"))
    fetch(elsewhere, "CREATE TABLE kept_there AS SELECT 42 AS salary")
    engines.separate_logins()
    migrate(engines.owner_dsn)
    for address, statement in (
        (engines.reader_dsn, "SELECT rolpassword FROM pg_authid"),
        (engines.reader_dsn, "SELECT * FROM pg_shadow"),
        (engines.reader_dsn, "SELECT * FROM pg_user_mapping"),
        (urlunsplit(urlsplit(engines.reader_dsn)._replace(path="/elsewhere")), "SELECT * FROM kept_there"),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            fetch(address, statement)
    assert fetch(engines.reader_dsn, "SELECT count(*) FROM entry")[0][0]


def test_the_reader_is_shown_what_comes_later(desk: Engines, tmp_path: Path) -> None:
    fetch(desk.owner_dsn, "CREATE SCHEMA beside")
    fetch(desk.owner_dsn, "CREATE TABLE beside.later (id bigint GENERATED ALWAYS AS IDENTITY)")
    migrate(desk.owner_dsn)
    migrate(desk.owner_dsn)
    assert fetch(desk.reader_dsn, "SELECT count(*) FROM beside.later")[0][0] == 0
    backups = Backups(desk.reader_dsn, tmp_path, find_program, wall_clock, keep=1, key=bytes(32))
    restore(asyncio.run(backups.run()).path, desk.owner_dsn, force=True)
    assert fetch(desk.reader_dsn, "SELECT count(*) FROM beside.later")[0][0] == 0


def test_the_reader_backs_up_candles_of_a_new_month(desk: Engines, tmp_path: Path) -> None:
    fetch(desk.postgres_dsn, "SELECT make_candle_partitions(1900000000000, 1900000000000)")
    assert fetch(desk.reader_dsn, "SELECT count(*) FROM candle_2030_03")[0][0] == 0
    backups = Backups(desk.reader_dsn, tmp_path, find_program, wall_clock, keep=1, key=bytes(32))
    assert asyncio.run(backups.run()).path.exists()


def test_a_backup_is_restored_where_no_reader_is(desk: Engines, tmp_path: Path) -> None:
    backups = Backups(desk.reader_dsn, tmp_path, find_program, wall_clock, keep=1, key=bytes(32))
    made = asyncio.run(backups.run()).path
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-tests-", dir=memory_folder()) as folder,
        Engines(Path(folder), redis_url="redis://none", postgres_settings={"fsync": "off"}) as other,
    ):
        restore(made, other.postgres_dsn, force=False)
        rights = dict(fetch(other.postgres_dsn, "SELECT relname::text, relacl::text FROM pg_class"))
    assert "paperdesk_app=ar" in rights["redis_entry_key"]
    assert "paperdesk_app" in rights["entry"]


def test_a_reader_that_sees_verifiers_is_warned_of(
    superuser: tuple[Engines, str], caplog: pytest.LogCaptureFixture
) -> None:
    engines, before = superuser
    with caplog.at_level(logging.WARNING):
        warn_of_reader(engines.postgres_dsn, engines.reader_dsn)
        warn_of_reader(engines.postgres_dsn, "")
        assert not caplog.messages
        fetch(before, f"GRANT pg_read_all_data TO {READER}")
        warn_of_reader(engines.postgres_dsn, engines.reader_dsn)
        assert f"REVOKE pg_read_all_data FROM {READER}" in caplog.text
    engines.separate_logins()


def test_nothing_is_left_to_the_superuser(superuser: tuple[Engines, str]) -> None:
    query = """
        SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) <> 'paperdesk_owner'
        UNION ALL SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) <> 'paperdesk_owner'
        UNION ALL SELECT oid::regtype::text FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND pg_get_userbyid(typowner) <> 'paperdesk_owner'
    """
    assert fetch(superuser[1], query) == []


def test_a_member_made_by_hand_is_no_owner(superuser: tuple[Engines, str]) -> None:
    engines, before = superuser
    fetch(before, f"GRANT {OWNER} TO {APPLICATION}")
    fetch(before, f"ALTER ROLE {OWNER} SUPERUSER")
    engines.separate_logins()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        fetch(engines.postgres_dsn, f"SET ROLE {OWNER}")
    assert not fetch(engines.owner_dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0]


def test_an_owner_as_the_application_is_warned_of(
    superuser: tuple[Engines, str], caplog: pytest.LogCaptureFixture
) -> None:
    engines, before = superuser
    with caplog.at_level(logging.WARNING):
        warn_of_owner(engines.postgres_dsn)
        assert not caplog.messages
        for address in (engines.owner_dsn, before):
            caplog.clear()
            warn_of_owner(address)
            assert "logs in as an owner of the database" in caplog.text


async def test_outside_servers_take_three_logins(superuser: tuple[Engines, str], tmp_path: Path) -> None:
    inside, _ = superuser
    engines = Engines(
        tmp_path, postgres_dsn=inside.postgres_dsn, owner_dsn=inside.owner_dsn, reader_dsn=inside.reader_dsn
    )
    users = [urlsplit(each).username for each in (engines.postgres_dsn, engines.owner_dsn, engines.reader_dsn)]
    assert users == [APPLICATION, OWNER, READER]
    alone = Engines(tmp_path, postgres_dsn=inside.owner_dsn)
    assert alone.postgres_dsn == alone.owner_dsn == alone.reader_dsn == inside.owner_dsn


def test_the_owner_migrates_an_empty_database(superuser: tuple[Engines, str]) -> None:
    engines, before = superuser
    fetch(before, f"CREATE DATABASE other OWNER {OWNER}")
    migrate(urlunsplit(urlsplit(engines.owner_dsn)._replace(path="/other")))


def scram_matches(password: str, verifier: str) -> bool:
    """Whether a password is the one of a verifier (RFC 5803): method$iterations:salt$stored:server."""
    _, settings, keys = verifier.split("$")
    iterations, salt = settings.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    return base64.b64encode(hashlib.sha256(client_key).digest()).decode() == keys.split(":")[0]


def test_compose_makes_the_logins_of_its_secrets(superuser: tuple[Engines, str], tmp_path: Path) -> None:
    before = superuser[1]
    parts = urlsplit(before)
    fetch(before, "CREATE DATABASE composed")
    migrate(urlunsplit(parts._replace(path="/composed")))  # as an older version did, as the superuser
    subprocess.run([PROJECT / "deploy" / "secrets.sh", tmp_path / "secrets"], check=True, timeout=PATIENCE_SECONDS)  # noqa: S603
    folder, _, port = parts.netloc.rpartition("@")[2].rpartition(":")
    environment = {
        "PATH": f"{program('psql').parent}:/usr/bin:/bin",
        "POSTGRES_USER": "paperdesk",
        "POSTGRES_DB": "composed",
        "PGHOST": unquote(folder),
        "PGPORT": port,
        "LOGINS_SQL": str(PROJECT / "app" / "database" / "logins.sql"),
        "SECRETS": str(tmp_path / "secrets"),
    }
    for _ in range(2):
        script = PROJECT / "deploy" / "postgres-logins.sh"
        subprocess.run([script], check=True, timeout=PATIENCE_SECONDS, env=environment)  # noqa: S603
    for name, user in {"dsn": APPLICATION, "owner_dsn": OWNER, "reader_dsn": READER}.items():
        secret = (tmp_path / "secrets" / f"paperdesk_postgres__{name}").read_text(encoding="ascii")
        query = "SELECT rolpassword, rolsuper FROM pg_authid WHERE rolname = $1"
        verifier, is_superuser = fetch(before, query, user)[0]
        assert scram_matches(urlsplit(secret).password or "", verifier)
        assert not is_superuser
    owner = fetch(before, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'composed'")
    assert owner[0][0] == OWNER


def test_a_login_without_rights_is_told_to_migrate(superuser: tuple[Engines, str]) -> None:
    engines, before = superuser
    fetch(before, f"CREATE DATABASE bare OWNER {OWNER}")
    for address in (engines.postgres_dsn, engines.reader_dsn):
        with pytest.raises(NoSchemaRights):
            migrate(urlunsplit(urlsplit(address)._replace(path="/bare")))
    fetch(
        urlunsplit(urlsplit(before)._replace(path="/paperdesk")), "REVOKE SELECT ON _yoyo_migration FROM paperdesk_app"
    )
    try:
        with pytest.raises(NoSchemaRights):
            migrate(engines.postgres_dsn)
    finally:
        fetch(before, "GRANT SELECT ON _yoyo_migration TO paperdesk_app")
