"""Migrating a database, against a real server."""

import os
import shutil
import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psycopg
import pytest
from yoyo.migrations import Migration

from app.cli.dump_schema import SCHEMA, dump
from app.database import migrator
from app.database.migrate import MIGRATIONS, migrate
from app.database.queries import where
from app.errors import DatabaseNewer, DatabaseUnreachable, MigrationBusy, NoRoleRights, NoSchemaRights
from app.ops import stop_signals


def _applied(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT migration_id FROM _yoyo_migration ORDER BY migration_id")
        return [migration_id for (migration_id,) in rows]


def _known() -> list[str]:
    return sorted(path.stem for path in MIGRATIONS.glob("*.sql"))


def test_migrating_an_empty_database_applies_everything_once(empty_dsn: str) -> None:
    work: list[str] = []
    migrate(empty_dsn, on_work=lambda: work.append("begun"))
    migrate(empty_dsn, on_work=lambda: work.append("begun again"))
    assert _applied(empty_dsn) == _known()
    assert work == ["begun"]


def test_migrating_equals_the_schema_file(dsn: str) -> None:
    assert dump(dsn) == SCHEMA.read_text(encoding="utf-8"), "refresh it with: make schema"


def test_the_schema_file_loads_into_an_empty_database_and_is_dumped_the_same(empty_dsn: str, dsn: str) -> None:
    del dsn  # its template made the role that the grants need
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute(SCHEMA.read_bytes())
    assert dump(empty_dsn) == SCHEMA.read_text(encoding="utf-8")


def test_a_database_from_a_newer_version_is_refused_and_left_alone(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO _yoyo_migration VALUES ('x', '9999.future', now())")
    with pytest.raises(DatabaseNewer) as refused:
        migrate(dsn)
    assert refused.value.found == "9999.future"


def test_two_migrators_at_once_apply_everything_once(empty_dsn: str) -> None:
    errors: list[BaseException] = []

    def run() -> None:
        try:
            migrate(empty_dsn)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert _applied(empty_dsn) == _known()


def test_a_migrator_does_not_wait_forever_for_another(empty_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrator, "LOCK_SECONDS", 1)
    with psycopg.connect(empty_dsn, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [migrator._LOCK_KEY])
        with pytest.raises(MigrationBusy):
            migrate(empty_dsn)


def test_a_migration_that_fails_leaves_nothing_and_can_be_repeated(empty_dsn: str, tmp_path: Path) -> None:
    broken = tmp_path / "0000.first.sql"
    broken.write_text("CREATE TABLE one (a int);\nSELECT 1 / 0;\n")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_dsn, folder=tmp_path)
    broken.write_text("CREATE TABLE one (a int);\n")
    migrate(empty_dsn, folder=tmp_path)
    assert _applied(empty_dsn) == ["0000.first"]


def test_an_applied_migration_is_marked_in_the_same_transaction(
    empty_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.database.migrator import Backend  # noqa: PLC0415

    (tmp_path / "0000.first.sql").write_text("CREATE TABLE one (a int);\n")
    with monkeypatch.context() as patch:
        patch.setattr(Backend, "mark_one", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(empty_dsn, folder=tmp_path)
    migrate(empty_dsn, folder=tmp_path)
    assert _applied(empty_dsn) == ["0000.first"]


def test_a_stop_signal_during_a_migration_ends_after_it(
    empty_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("0001.first", "0002.second"):
        (tmp_path / f"{name}.sql").write_text(f"CREATE TABLE t_{name[:4]} ()")
    mark, handlers = (
        migrator.Backend.mark_one,
        {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)},
    )

    def interrupted(backend: migrator.Backend, migration: Migration) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        mark(backend, migration)

    monkeypatch.setattr(stop_signals, "_received", stop_signals._Received())
    monkeypatch.setattr(migrator.Backend, "mark_one", interrupted)
    try:
        stop_signals.record_stop_signals()
        with pytest.raises(SystemExit) as ended:
            migrate(empty_dsn, folder=tmp_path)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    monkeypatch.undo()
    assert ended.value.code == 128 + signal.SIGTERM
    assert _applied(empty_dsn) == ["0001.first"]
    migrate(empty_dsn, folder=tmp_path)
    assert _applied(empty_dsn) == ["0001.first", "0002.second"]


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as refused:
        migrate("postgresql://desk:geheim@127.0.0.1:1/desk")
    assert refused.value.where == "127.0.0.1:1/desk"
    assert "geheim" not in str(refused.value)
    assert where("redis://:se@cret@host:6379/0") == "host:6379/0"


async def test_the_application_becomes_a_role_that_cannot_make_tables(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    assert await pool.fetchval("SELECT current_user") == "paperdesk_app"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("CREATE TABLE mine (a int)")


# -- an outside server's users, who are no superusers ------------------------------------------


def _user(owner_dsn: str, name: str, *rights: str) -> str:
    """The address of a new user who owns the database of `owner_dsn`."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x' {' '.join(rights)}")
        connection.execute(f"ALTER DATABASE {connection.info.dbname} OWNER TO {name}")
    parts = urlsplit(owner_dsn)
    return parts._replace(netloc=f"{name}:x@{parts.netloc.rpartition('@')[2]}").geturl()


def test_a_user_who_may_make_roles_can_become_the_one_it_made(empty_dsn: str, tmp_path: Path) -> None:
    sql = (MIGRATIONS / "0000.roles.sql").read_text(encoding="utf-8")
    (tmp_path / "0000.roles.sql").write_text(sql.replace("paperdesk_app", "desk_app_of_maker"))
    dsn = _user(empty_dsn, "maker", "CREATEROLE")
    migrate(dsn, folder=tmp_path)
    with psycopg.connect(dsn) as connection:
        connection.execute("SET ROLE desk_app_of_maker")
        assert connection.execute("SELECT current_user").fetchone() == ("desk_app_of_maker",)


def test_a_user_who_may_not_make_roles_is_told_so(empty_dsn: str, tmp_path: Path) -> None:
    sql = (MIGRATIONS / "0000.roles.sql").read_text(encoding="utf-8")
    (tmp_path / "0000.roles.sql").write_text(sql.replace("paperdesk_app", "desk_app_missing"))
    with pytest.raises(NoRoleRights) as refused:
        migrate(_user(empty_dsn, "plain"), folder=tmp_path)
    assert refused.value.user == "plain"


def test_a_user_to_whom_the_role_was_granted_needs_no_rights_over_roles(empty_dsn: str, dsn: str) -> None:
    del dsn  # its template made the role
    granted = _user(empty_dsn, "granted")
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute("GRANT paperdesk_app TO granted")
    migrate(granted)
    assert _applied(granted) == _known()


def test_a_user_who_owns_nothing_here_is_told_that(empty_dsn: str, dsn: str) -> None:
    del dsn
    stranger = _user(empty_dsn, "stranger")
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute("GRANT paperdesk_app TO stranger")
        connection.execute(f"ALTER DATABASE {connection.info.dbname} OWNER TO paperdesk")
    with pytest.raises(NoSchemaRights):
        migrate(stranger)


# -- what earlier versions logged --------------------------------------------------------------


def test_identities_leave_the_log_of_earlier_versions(empty_dsn: str, tmp_path: Path) -> None:
    for path in MIGRATIONS.glob("*.sql"):
        if path.stem < "0040":
            shutil.copy(path, tmp_path)
    migrate(empty_dsn, folder=tmp_path)
    lines = (
        ("/ban telegram:1001 is Ann", "banned 5"),
        ("/unban discord:2002", "unbanned 0"),
        ("/ban telegram:1001 again", "banned 6"),
        ("/halt see telegram:1001", "halted"),
    )
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute("INSERT INTO person (id, language, timezone) VALUES (5, 'en', 'UTC')")
        for number, (line, result) in enumerate(lines):
            connection.execute(
                "INSERT INTO operation (command_id, platform, external_id, person_id, line, result)"
                " VALUES (%s, 'telegram', '42', 1, %s, %s)",
                (f"c{number}", line, result),
            )
    migrate(empty_dsn)
    with psycopg.connect(empty_dsn) as connection:
        kept = [row[0] for row in connection.execute("SELECT line FROM operator_action ORDER BY id")]
    assert kept == ["/ban 5 is Ann", "/unban …", "/ban …", "/halt see telegram:1001"]
