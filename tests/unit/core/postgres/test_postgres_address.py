"""An address of PostgreSQL means the same to every client, or is refused with a sentence."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from asyncpg import connect_utils
from hypothesis import given
from hypothesis import strategies as st
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from app.addresses import passwords_in
from app.errors import AddressUnclear
from app.sentences import start_sentence
from app.settings import PREFIX, load_settings
from bot.ui.texts import load_catalog
from core.postgres.address import UNTOLD, Ambiguity, AmbiguousAddress, PostgresAddress, check_address, meant
from jobs.backups.backup import program_login, without_password
from people.person import Language

CLEAR = [
    "postgresql://desk:se%23cr%3Fet@127.0.0.1:5432/desk",
    "postgres://desk:secret@[::1]:5432/desk",
    "postgresql://desk@%2Fvar%2Frun%2Fpostgresql/desk",
    "postgresql://desk@%2Fvar%2Frun%2Fpostgresql:5433/desk",
    "postgresql:///desk?host=/var/run/postgresql&port=5433&user=me&password=p@ss",
    "postgresql://desk:secret@one:5432,two:5433/desk",
    "postgresql://desk:비밀번호@db.example/desk?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    "postgresql://desk:secret@db.example/desk?sslcert=a&sslkey=b&sslpassword=geheim",
    "postgresql://desk:secret@db.example/desk?application_name=my+desk",
    "postgresql://desk:secret@db.example/desk?user=desk&host=db.example",
    "postgresql://desk@db.example",
    "postgresql://desk:sec:ret!$'()*,;=~@db.example/desk",
]
AMBIGUOUS: dict[Ambiguity, list[str]] = {
    "mark": [
        "postgresql://desk:se#cret@db.example/desk",
        "postgresql://desk:se?cret@db.example/desk",
        "postgresql://desk:12?a=b@db.example/desk",
        "postgresql://desk:se/cret@db.example/desk",
        "postgresql://desk:12/cret@db.example/desk",
        "postgresql://desk:12/3?a=4@db.example/desk",
        "postgresql://desk:se@cret@db.example/desk",
        "postgresql://desk:se%cret@db.example/desk",
        "postgresql://desk:se%00cret@db.example/desk",
        "postgresql://desk:se%ffcret@db.example/desk",
        "postgresql://desk:se[cret@db.example/desk",
        "postgresql://desk:se cret@db.example/desk",
        "postgresql://desk:se\tcret@db.example/desk",
        "postgresql://desk:se\u2100cret@db.example/desk",
        "postgresql://db.example/desk#one",
        "postgresql://db.example?user=a@elsewhere",
        "postgresql:///desk?password=se+cret",
        "postgresql:///desk?password=se=cret",
        "postgresql:///desk?password=se&cret",
        "postgresql://db.example:port/desk",
    ],
    "host": [
        "postgresql://desk@:5433/desk",
        "postgresql://desk@one,,two/desk",
        "postgresql://desk@%40abstract/desk",
        "postgresql://desk@one%2Ctwo/desk",
        "postgresql:///desk?host=one:5433",
        "postgresql:///desk?host=::1",
        "postgresql:///desk?host=one&port=five",
    ],
    "hostaddr": ["postgresql://desk@localhost/desk?hostaddr=10.0.0.5"],
    "option": [
        "postgresql:///desk?PASSWORD=secret",
        "postgresql://localhost/desk?host=",
        "postgresql:///desk?password=",
    ],
    "service": [
        "postgresql:///desk?service=mine&sslpassword=secret",
        "postgresql:///desk?sslpassword=sec%0Aret",
        "postgresql:///desk?sslpassword=secret%20",
        f"postgresql:///desk?sslpassword={'x' * 1000}",
    ],
    "nowhere": [
        "postgresql:///desk",
        "postgresql://desk:secret@/desk?port=54999",
        "postgresql://desk:secret@/desk?sslmode=verify-full",
    ],
    "system": ["postgresql://desk:secret@db.example/desk?sslmode=verify-full&sslrootcert=system"],
    "twice": [
        "postgresql://desk:old@db.example/desk?password=new",
        "postgresql://desk@db.example/desk?user=other",
        "postgresql://db.example/desk?host=elsewhere",
        "postgresql://db.example/desk?port=5433",
        "postgresql://db.example:5432/desk?port=5433",
        "postgresql://db.example/desk?dbname=other",
        "postgresql://db.example/?dbname=other",
        "postgresql:///desk?host=one&host=two",
        "postgresql:///desk?password=one&pass%77ord=two",
    ],
}
SECRET = "geheim"


@pytest.fixture(autouse=True)
def _without_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE", "PGSERVICE", "PGSERVICEFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def by_libpq(dsn: str) -> dict[str, str]:
    names = ("host", "port", "user", "password", "dbname")
    return {name: str(value) for name, value in conninfo_to_dict(dsn).items() if name in names and value}


def by_asyncpg(dsn: str) -> dict[str, str]:
    nothing = dict.fromkeys(
        ("host", "port", "user", "password", "passfile", "database", "ssl", "service", "servicefile", "direct_tls")
    )
    more = dict.fromkeys(("server_settings", "target_session_attrs", "krbsrvname", "gsslib"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connect_utils.ssl_module.SSLContext, "load_verify_locations", lambda *_, **__: None)
        patch.setattr(connect_utils.ssl_module.SSLContext, "load_cert_chain", lambda *_, **__: None)
        addresses, parameters = connect_utils._parse_connect_dsn_and_args(dsn=dsn, **nothing, **more)
    pairs = [each if isinstance(each, tuple) else each.rsplit("/.s.PGSQL.", 1) for each in addresses]
    return {
        "host": ",".join(str(host) for host, _ in pairs),
        "port": ",".join(str(port) for _, port in pairs),
        "user": parameters.user,
        "password": parameters.password or "",
        "dbname": parameters.database,
    }


def same(dsn: str) -> bool:
    """Whether asyncpg goes where libpq would go, with the same login."""
    libpq, asyncpg = by_libpq(dsn), by_asyncpg(dsn)
    if "host" not in libpq:  # asyncpg tries several
        asyncpg |= {"host": "", "port": asyncpg["port"].partition(",")[0]}
    for read in (libpq, asyncpg):
        read["host"] = ",".join(host.rstrip("/") for host in read.get("host", "").split(","))
    libpq = {name: value for name, value in libpq.items() if value.strip(",") or name == "password"}
    return libpq == {name: value for name, value in asyncpg.items() if name in libpq} and (
        "password" in libpq or not asyncpg["password"]
    )


@pytest.mark.parametrize("dsn", CLEAR)
def test_both_drivers_read_a_clear_address_alike(dsn: str) -> None:
    check_address(dsn)
    assert same(dsn)


@pytest.mark.parametrize(("why", "dsn"), [(why, dsn) for why, dsns in AMBIGUOUS.items() for dsn in dsns])
def test_an_address_with_two_meanings_is_refused(why: Ambiguity, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AmbiguousAddress) as refused:
        check_address(dsn)
    assert refused.value.why == why
    assert "secret" not in str(refused.value)
    for name in ("DSN", "OWNER_DSN", "READER_DSN"):
        monkeypatch.setenv(f"{PREFIX}POSTGRES__DSN", "postgresql://desk@db.example/desk")
        monkeypatch.setenv(f"{PREFIX}POSTGRES__{name}", dsn)
        with pytest.raises(AddressUnclear) as told:
            load_settings()
        assert (told.value.name, told.value.why) == (f"{PREFIX}POSTGRES__{name}", why)
        monkeypatch.delenv(f"{PREFIX}POSTGRES__{name}")


def test_the_environment_may_name_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PGHOST", "db.example"), ("PGSERVICE", "mine")):
        with pytest.raises(AmbiguousAddress):
            check_address("postgresql:///desk")
        monkeypatch.setenv(name, value)
        check_address("postgresql:///desk")
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGHOST", "one,,two")
    with pytest.raises(AmbiguousAddress):
        check_address("postgresql:///desk")


def test_the_authorities_of_the_system_are_refused_in_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver would take those of a file in the working directory."""
    monkeypatch.setenv("PGSSLROOTCERT", "system")
    with pytest.raises(AmbiguousAddress):
        check_address("postgresql://desk:secret@db.example/desk?sslmode=verify-full")
    check_address("postgresql://desk:secret@db.example/desk?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    check_address("postgresql:///desk?host=/run/postgresql")


MARKS = [*"#?/@:%+&=,;[] \té", "%23", "%2F", "%40", "%3A", "%2C", "%ff", "/", "@", "?"]
WORDS = ["a", "b", "12", "::1", "desk", "host=", "port=", "user=", "password=", "dbname="]
PIECES = st.sampled_from([*MARKS, *WORDS])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_not_refused_means_the_same_to_both_drivers(rest: str) -> None:
    dsn = f"postgresql://{rest}"
    try:
        check_address(dsn)
        by_libpq(dsn)
        by_asyncpg(dsn)
    except (AmbiguousAddress, ProgrammingError, ValueError, OSError):
        return
    assert same(dsn)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_secrets_are_found_as_libpq_finds_them(rest: str) -> None:
    dsn = f"postgresql://{rest}"
    try:
        known = conninfo_to_dict(dsn)
    except (ProgrammingError, UnicodeDecodeError):
        return
    if " " in rest:  # libpq trims it
        return
    password = known.pop("password", None)
    found = PostgresAddress.of(dsn).secrets().get("password", "")
    assert meant(found) == (password or "")
    assert conninfo_to_dict(PostgresAddress.of(dsn).bare()) == known


@pytest.mark.parametrize("mark", ["#", "?", "#?", "?a=b&", "%23", "%26"])
def test_no_mark_in_a_password_leaves_it_in_the_address(mark: str) -> None:
    address, env = without_password(f"postgresql://desk:{SECRET}{mark}{SECRET}@db.example/desk?sslmode=require")
    assert address == "postgresql://desk@db.example/desk?sslmode=require"
    assert env["PGPASSWORD"] == f"{SECRET}{meant(mark)}{SECRET}"


@pytest.mark.parametrize("name", [*UNTOLD, "PASSWORD", "ssl%70assword"])
def test_no_secret_option_stays_in_the_address(name: str) -> None:
    address, _ = without_password(f"postgresql://desk@db.example/desk?sslmode=require&{name}={SECRET}&sslkey=key.pem")
    assert address == "postgresql://desk@db.example/desk?sslmode=require&sslkey=key.pem"


@pytest.mark.parametrize("name", UNTOLD)
def test_a_program_is_told_secrets_by_a_file_without_a_name(name: str) -> None:
    dsn = f"postgresql://desk:word@db.example/desk?{name}={SECRET}%26more"
    with program_login(dsn) as login:
        assert SECRET not in login.address
        assert SECRET not in "".join(login.env.values())
        read = "import os; print(open(os.environ['PGSERVICEFILE']).read())"
        command = [sys.executable, "-c", read]
        said = subprocess.run(command, env=login.env, pass_fds=login.descriptors, capture_output=True, check=True)  # noqa: S603
    assert said.stdout.decode() == f"[{login.env['PGSERVICE']}]\n{name}={SECRET}&more\n\n"


@pytest.mark.parametrize("rest", ["@h/d", "@h:5432/d?sslmode=require", "@h"])
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "redis", "rediss"])
@pytest.mark.parametrize("password", ["pa#ssword", "pa?ssword", "pa/ssword", "pa@ssword", "pa[ssword", "pa%23ssword"])
def test_a_password_is_found_however_it_is_written(scheme: str, password: str, rest: str) -> None:
    assert password in passwords_in(f"{scheme}://desk:{password}{rest}")


@pytest.mark.parametrize("name", ["password", "sslpassword", "PASSWORD", "oauth_client_secret", "pass%77ord"])
def test_a_password_among_the_options_is_found(name: str) -> None:
    for address in (f"postgresql:///d?{name}=pa%23ss+word", f"postgresql://u@h/d?a=b&{name}=pa%23ss+word#c"):
        assert {"pa%23ss+word", "pa#ss+word", "pa#ss word"} <= set(passwords_in(address))


@pytest.mark.parametrize(
    "url",
    [
        "redis://:se%23cret@cache.example:6379/0",
        "redis://:se@cret@cache.example:6379/0",
        "redis://cache.example:6379/0?password=p@ss",
        "rediss://cache.example/0?ssl_ca_certs=/etc/ca.pem",
        "unix:///run/valkey@home.sock?db=0",
    ],
)
def test_a_clear_address_of_redis_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}REDIS__URL", url)
    assert load_settings().redis.url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "redis://:se#cret@cache.example:6379/0",
        "redis://:se?cret@cache.example:6379/0",
        "redis://:se/cret@cache.example:6379/0",
        "redis://:12#cret@cache.example:6379/0",
        "redis://:12?a=b@cache.example:6379/0",
        "redis://:12/3@cache.example:6379/0",
        "rediss://:se[cret@cache.example:6379/0",
    ],
)
def test_a_password_of_redis_that_ends_early_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}REDIS__URL", url)
    with pytest.raises(AddressUnclear) as refused:
        load_settings()
    assert refused.value.name == f"{PREFIX}REDIS__URL"


@pytest.mark.parametrize(
    "url",
    [
        "rediss://:secret@cache.example/0?ssl_cert_reqs=none&ssl_cert_reqs=required",
        "rediss://:secret@cache.example/0?ssl_cert_reqs=none&ssl%5Fcert_reqs=required",
        "redis:///0?host=cache.example&host=127.0.0.1",
        "redis://localhost/0?password=&password=secret",
        "unix:///run/valkey.sock?db=0&db=1",
    ],
)
def test_an_option_of_redis_that_is_given_twice_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}REDIS__URL", url)
    with pytest.raises(AddressUnclear) as refused:
        load_settings()
    assert refused.value.why == "twice"


@pytest.mark.parametrize("language", list(Language))
def test_each_reason_has_a_sentence_of_its_own(language: Language) -> None:
    reasons = get_args(Ambiguity)
    said = {start_sentence(AddressUnclear("PAPERDESK_POSTGRES__DSN", why), load_catalog(language)) for why in reasons}
    assert len(said) == len(reasons)
    assert all("PAPERDESK_POSTGRES__DSN" in sentence and "\n" not in sentence for sentence in said)
