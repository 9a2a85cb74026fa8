"""Functions and operators that the owner of a database put into it are not run by the superuser, nor do they outlive a
restore."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import psycopg
import pytest

from app.backups.backup_and_restore import find_program, restore
from app.database.errors import RoutineForeign, SchemaOpen
from app.database.logins import OWNER, Logins, check_application, separate_logins
from app.database.migrate import migrate
from app.database.queries import fetch
from app.engines import Engines
from app.engines.postgres import program
from core.clock import wall_clock
from jobs.backups.backup import Backups
from tests.conftest import memory_folder
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

TRAPS = (
    "CREATE TABLE public.hits (who text, how text)",
    "GRANT ALL ON public.hits TO PUBLIC",
    """CREATE FUNCTION public.has_database_privilege(text, name, text) RETURNS boolean LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO public.hits VALUES (current_user, 'another form of a function'); RETURN false; END $$""",
    "CREATE SCHEMA evil",
    "GRANT USAGE ON SCHEMA evil TO PUBLIC",
    """CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO public.hits VALUES (current_user, 'a search_path'); RETURN 'paperdesk'; END $$""",
    """CREATE FUNCTION evil.trap(name, name) RETURNS boolean LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO public.hits VALUES (current_user, 'an operator'); RETURN false; END $$""",
    "CREATE OPERATOR evil.<> (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.trap)",
    "CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.trap)",
    "ALTER DATABASE {database} SET search_path = evil, pg_catalog, public",
)


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    with (
        tempfile.TemporaryDirectory(prefix="paperdesk-tests-", dir=memory_folder()) as folder,
        Engines(Path(folder), redis_url="redis://none", postgres_settings={"fsync": "off"}) as own,
    ):
        yield own


@pytest.fixture
def superuser(engines: Engines, request: pytest.FixtureRequest) -> Iterator[str]:
    """The superuser's address of a database of one test."""
    before = engines.postgres_dsn
    name = f"desk_{abs(hash(request.node.name))}"
    fetch(before, f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(before)._replace(path=f"/{name}"))
    fetch(before, f"DROP DATABASE {name} WITH (FORCE)")


def set_traps(owner: str) -> None:
    for statement in TRAPS:
        fetch(owner, statement.replace("{database}", urlsplit(owner).path[1:]))


def hits(owner: str) -> list[tuple[str, str]]:
    return [tuple(row) for row in fetch(owner, "SELECT who, how FROM public.hits WHERE who <> 'paperdesk_owner'")]


def test_the_superuser_runs_nothing_of_the_owner(superuser: str) -> None:
    owner = separate_logins(superuser).owner
    set_traps(owner)
    separate_logins(superuser)
    assert hits(owner) == []
    fetch(owner, f"ALTER DATABASE {urlsplit(owner).path[1:]} SET role = paperdesk_owner")
    separate_logins(superuser)


def test_the_script_of_compose_runs_nothing_of_the_owner(superuser: str, tmp_path: Path) -> None:
    owner = separate_logins(superuser).owner
    set_traps(owner)
    folder, _, port = urlsplit(superuser).netloc.rpartition("@")[2].rpartition(":")
    environment = {
        "PATH": f"{program('psql').parent}:/usr/bin:/bin",
        "POSTGRES_USER": "paperdesk",
        "POSTGRES_DB": urlsplit(superuser).path[1:],
        "PGHOST": unquote(folder),
        "PGPORT": port,
        "LOGINS_SQL": str(PROJECT / "app" / "database" / "logins.sql"),
        "SECRETS": str(tmp_path / "secrets"),
    }
    subprocess.run([PROJECT / "deploy" / "secrets.sh", tmp_path / "secrets"], check=True, timeout=PATIENCE_SECONDS)  # noqa: S603
    subprocess.run([PROJECT / "deploy" / "postgres-logins.sh"], check=True, timeout=PATIENCE_SECONDS, env=environment)  # noqa: S603
    assert hits(owner) == []


def test_a_forced_restore_leaves_nothing_of_the_one_before(superuser: str, tmp_path: Path) -> None:
    logins = separate_logins(superuser)
    migrate(logins.owner)
    made = asyncio.run(Backups(logins.reader, tmp_path, find_program, wall_clock, keep=1, key=bytes(32)).run())
    fetch(superuser, "CREATE SCHEMA of_another_owner")
    set_traps(logins.owner)
    for statement in (
        "CREATE VIEW evil.trading_state AS SELECT false AS halted, ''::text AS reason, now() AS since",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    ):
        fetch(logins.owner, statement)
    restore(made.path, logins.owner, force=True)
    with psycopg.connect(superuser) as connection:
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1"
        ).fetchall()
        database = connection.execute(
            "SELECT count(*) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase"
            " WHERE datname = current_database()"
        ).fetchone()
        rights = connection.execute("SELECT defaclobjtype, defaclacl::text FROM pg_default_acl").fetchall()
    assert schemas == [("of_another_owner",), ("public",)]
    assert database == (0,)
    assert rights == []


def test_a_restore_without_force_leaves_other_schemas(superuser: str, tmp_path: Path) -> None:
    logins = separate_logins(superuser)
    migrate(logins.owner)
    made = asyncio.run(Backups(logins.reader, tmp_path, find_program, wall_clock, keep=1, key=bytes(32)).run())
    fetch(logins.owner, "DROP SCHEMA public CASCADE")
    fetch(logins.owner, "CREATE SCHEMA public")
    fetch(logins.owner, "CREATE SCHEMA of_another_program")
    fetch(logins.owner, "CREATE TABLE of_another_program.kept (a int)")
    restore(made.path, logins.owner, force=False)
    assert fetch(logins.owner, "SELECT count(*) FROM of_another_program.kept")[0][0] == 0


def as_before_15(superuser: str) -> Logins:
    """The logins of a migrated database in whose schema everybody may create, as PostgreSQL 14 makes it and pg_upgrade
    keeps it."""
    logins = separate_logins(superuser)
    fetch(superuser, "ALTER SCHEMA public OWNER TO paperdesk")
    fetch(superuser, "GRANT CREATE ON SCHEMA public TO PUBLIC")
    migrate(logins.owner)
    return logins


SHADOW = """
CREATE FUNCTION public.to_timestamp(numeric) RETURNS timestamptz LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO public.seen_by_test VALUES (current_user); RETURN now(); END $$
"""


def called_as(logins: Logins) -> set[str]:
    """As whom the application's function is called by one that runs as its owner."""
    fetch(logins.owner, "CREATE TABLE public.seen_by_test (who text)")
    fetch(logins.application, "SELECT make_candle_partitions(0, 1)")
    return {row["who"] for row in fetch(logins.owner, "SELECT who FROM seen_by_test")}


def test_an_outside_database_where_the_application_may_create_is_refused(superuser: str) -> None:
    logins = as_before_15(superuser)
    with pytest.raises(SchemaOpen):
        check_application(logins.application)
    fetch(logins.application, SHADOW)
    assert called_as(logins) == {OWNER}, "this is why"
    check_application(logins.owner)  # the one address of a desk without separate logins: it is warned of
    fetch(superuser, "ALTER SCHEMA public OWNER TO pg_database_owner")
    fetch(superuser, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with pytest.raises(RoutineForeign) as found:
        check_application(logins.application)
    assert found.value.made == "ROUTINE to_timestamp(numeric)"
    fetch(superuser, f"DROP {found.value.made} CASCADE")
    check_application(logins.application)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        fetch(logins.application, SHADOW)


def test_an_operator_of_the_application_counts_too(superuser: str) -> None:
    logins = as_before_15(superuser)
    fetch(
        logins.application,
        "CREATE OPERATOR public.+ (LEFTARG = numeric, RIGHTARG = integer, FUNCTION = pg_catalog.round)",
    )
    fetch(superuser, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with pytest.raises(RoutineForeign) as found:
        check_application(logins.application)
    fetch(superuser, f"DROP {found.value.made} CASCADE")
    check_application(logins.application)


def test_the_command_refuses_it_with_a_sentence(superuser: str, tmp_path: Path) -> None:
    logins = as_before_15(superuser)
    environment = {
        "PATH": "/usr/bin:/bin",
        "PAPERDESK_DATA_DIR": str(tmp_path / "data"),
        "PAPERDESK_POSTGRES__DSN": logins.application,
        "PAPERDESK_POSTGRES__OWNER_DSN": logins.owner,
        "PAPERDESK_REDIS__URL": "redis://127.0.0.1:1",
    }
    command = [sys.executable, "-m", "app.cli.main", "migrate"]
    done = subprocess.run(  # noqa: S603
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode
    assert "REVOKE CREATE ON SCHEMA public" in done.stdout + done.stderr


def test_an_embedded_server_takes_the_right_and_what_came_of_it(superuser: str) -> None:
    logins = as_before_15(superuser)
    fetch(logins.application, SHADOW)
    separate_logins(superuser)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        fetch(logins.application, SHADOW)
    assert called_as(logins) == set()


def test_a_restore_opens_the_schema_to_nobody(superuser: str, tmp_path: Path) -> None:
    logins = as_before_15(superuser)
    made = asyncio.run(Backups(logins.reader, tmp_path, find_program, wall_clock, keep=1, key=bytes(32)).run())
    fetch(superuser, "ALTER SCHEMA public OWNER TO pg_database_owner")
    restore(made.path, logins.owner, force=True)
    for address in (logins.application, logins.reader):
        assert not fetch(address, "SELECT has_schema_privilege('public', 'CREATE')")[0][0]


def test_what_runs_as_the_owner_finds_names_where_only_the_owner_creates(superuser: str) -> None:
    """Of PostgreSQL's own schema, which is first of itself, and of `public`; a temporary one is last and holds no
    functions."""
    logins = separate_logins(superuser)
    migrate(logins.owner)
    rows = fetch(logins.owner, "SELECT oid::regprocedure::text AS name, proconfig FROM pg_proc WHERE prosecdef")
    safe = {"search_path=public, pg_temp", "search_path=pg_catalog, public, pg_temp"}
    assert len(rows) > 10
    assert [row["name"] for row in rows if not safe & set(row["proconfig"] or ())] == []
    creators = "SELECT rolname::text FROM pg_roles WHERE NOT rolsuper AND has_schema_privilege(oid, 'public', 'CREATE')"
    assert {row[0] for row in fetch(logins.owner, creators)} == {OWNER, "pg_database_owner"}
