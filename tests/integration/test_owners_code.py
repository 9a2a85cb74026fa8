"""Functions and operators that the owner of a database put into it are not run by the superuser, nor do they outlive a
restore."""

import asyncio
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
import pytest

from app.backups.backup_and_restore import find_program, restore
from app.database.logins import separate_logins
from app.database.migrate import migrate
from app.database.queries import fetch
from app.engines import Engines
from app.engines.postgres import program
from core.clock import wall_clock
from jobs.backups.backup import Backups
from tests.conftest import memory_folder
from tests.fakes.deployment import PROJECT

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
    subprocess.run([PROJECT / "deploy" / "secrets.sh", tmp_path / "secrets"], check=True, timeout=60)  # noqa: S603
    subprocess.run([PROJECT / "deploy" / "postgres-logins.sh"], check=True, timeout=60, env=environment)  # noqa: S603
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
