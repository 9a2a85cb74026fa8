"""Servers on other machines are spoken to over TLS, or a sentence says what to set."""

import os
from pathlib import Path
from urllib.parse import quote

import certifi
import pytest

from app.exposure import KAFKA, REDIS, check_exposure, exposure_notices, wants_tls
from app.sentences import start_sentence
from app.server_errors import RedisWithoutPassword, SocketExposed, Unencrypted, Unverified
from app.settings import Settings
from bot.ui.texts import load_catalog
from core.postgres.client import is_proved
from people.person import Language

LOCAL = [
    "postgresql://desk:canary@127.0.0.1:5432/desk",
    "postgres://desk:canary@localhost/desk",
    "postgresql://desk:canary@[::1]:5432/desk",
    "postgresql://desk@%2Fvar%2Frun%2Fpostgresql/desk",
    "postgresql:///desk?host=/var/run/postgresql",
    "postgresql://desk:canary@127.0.0.1:5432,localhost:5433/desk",
]
IN_CLEAR = [
    "postgresql://desk:canary@db.example/desk",
    "postgresql://desk:canary@10.0.0.5:5432/desk",
    "postgresql://desk:canary@[2001:db8::1]:5432/desk",
    "postgresql://desk:canary@127.0.0.1,db.example/desk",
    "postgresql:///desk?host=db.example&user=desk&password=canary",
    "postgresql://desk@localhost/desk?hostaddr=10.0.0.5",
    "postgresql://localhost/desk?service=elsewhere",
    "postgres://desk:canary@db.example/desk?sslmode=prefer",
    "postgresql://desk:canary@db.example/desk?sslmode=disable",
    "postgresql://desk:canary@db.example/desk?sslmode=allow&sslrootcert=ca.pem",
]
ENCRYPTED = [
    "postgresql://desk:canary@db.example/desk?sslmode=verify-full&sslrootcert=ca.pem",
    "postgresql://desk:canary@db.example/desk?sslmode=verify-ca&sslrootcert=ca.pem",
]


@pytest.fixture(autouse=True)
def _without_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGSSLMODE", "PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder of this user's in one that nobody else can write to."""
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def settings(dsn: str = "", url: str = "", **more: object) -> Settings:
    return Settings.model_validate({"postgres": {"dsn": dsn}, "redis": {"url": url}, **more})


@pytest.mark.parametrize("dsn", LOCAL + ENCRYPTED)
def test_postgresql_at_home_or_over_tls_is_let_be(dsn: str) -> None:
    check_exposure(settings(dsn))
    assert exposure_notices(settings(dsn)) == []
    assert wants_tls(dsn) == (dsn in ENCRYPTED)


@pytest.mark.parametrize("dsn", IN_CLEAR)
def test_postgresql_in_clear_elsewhere_is_refused(dsn: str) -> None:
    with pytest.raises(Unencrypted) as refused:
        check_exposure(settings(dsn))
    assert refused.value.setting == "PAPERDESK_POSTGRES__DSN"
    for language in Language:
        said = start_sentence(refused.value, load_catalog(language))
        assert "sslmode=verify-full&sslrootcert" in said
        assert "PAPERDESK_TRUST_NETWORK" in said
        assert "canary" not in said
    check_exposure(settings(dsn, trust_network=True))


@pytest.mark.parametrize("name", ["owner_dsn", "reader_dsn"])
def test_every_login_of_postgresql_counts(name: str) -> None:
    distant = Settings.model_validate({"postgres": {"dsn": LOCAL[0], name: IN_CLEAR[0]}})
    with pytest.raises(Unencrypted) as refused:
        check_exposure(distant)
    assert f"PAPERDESK_POSTGRES__{name.upper()}" in start_sentence(refused.value, load_catalog(Language.ENGLISH))


def test_the_defaults_of_postgresqls_clients_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    with pytest.raises(Unencrypted):
        check_exposure(settings("postgresql:///desk"))
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    check_exposure(settings("postgresql:///desk"))


@pytest.mark.parametrize(("name", "value"), [("PGHOSTADDR", "10.0.0.5"), ("PGSERVICE", "elsewhere")])
def test_defaults_that_lead_elsewhere_count_beside_a_host(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Unencrypted) as refused:
        check_exposure(settings("postgresql://desk:canary@localhost/desk"))
    assert value in refused.value.where


@pytest.mark.parametrize(
    "url",
    [
        "redis://:canary@127.0.0.1:6379/0",
        "redis://:canary@localhost",
        "redis://[::1]:6379?password=canary",
        "unix://:canary@/run/redis.sock?db=0",
        "rediss://:canary@cache.example:6379/0?ssl_ca_certs=ca.pem",
    ],
)
def test_redis_at_home_or_over_tls_is_let_be(url: str) -> None:
    check_exposure(settings(url=url))
    assert exposure_notices(settings(url=url)) == []


@pytest.mark.parametrize("url", ["redis://:canary@cache.example:6379/0", "redis://10.0.0.5", "redis://[2001:db8::1]"])
def test_redis_in_clear_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(Unencrypted) as refused:
        check_exposure(settings(url=url))
    assert refused.value.setting == REDIS
    assert "rediss://" in start_sentence(refused.value, load_catalog(Language.ENGLISH))
    check_exposure(settings(url=url, trust_network=True))


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "redis://localhost",
        "redis://user@[::1]:6379",
        "rediss://cache.example:6379/0?ssl_ca_certs=ca.pem",
    ],
)
def test_redis_on_a_port_without_a_password_is_told(url: str) -> None:
    check_exposure(settings(url=url))
    (notice,) = exposure_notices(settings(url=url))
    assert isinstance(notice, RedisWithoutPassword)
    for language in Language:
        said = start_sentence(notice, load_catalog(language))
        assert "PAPERDESK_REDIS__URL" in said
        assert notice.where in said
    assert exposure_notices(settings(url=url, trust_network=True)) == []


@pytest.mark.parametrize("brokers", ["kafka.example:9092", "127.0.0.1:9092,10.0.0.5:9092"])
def test_kafka_in_clear_elsewhere_is_refused(brokers: str) -> None:
    with pytest.raises(Unencrypted) as refused:
        check_exposure(settings(kafka={"bootstrap": brokers}))
    assert refused.value.setting == KAFKA
    check_exposure(settings(kafka={"bootstrap": brokers}, trust_network=True))
    check_exposure(settings(kafka={"bootstrap": brokers, "security_protocol": "SSL"}))
    check_exposure(settings(kafka={"bootstrap": "127.0.0.1:9092,localhost:9093"}))


@pytest.mark.parametrize(
    ("dsn", "url"),
    [
        ("postgresql://desk:canary@db.example/desk?sslmode=require", ""),
        ("", "rediss://:canary@cache.example/0?ssl_cert_reqs=none"),
        ("", "rediss://:canary@cache.example/0?ssl_check_hostname=false"),
        ("", "rediss://:canary@cache.example/0?ssl_check_hostname=N"),
    ],
)
def test_a_server_that_is_not_checked_is_told(dsn: str, url: str) -> None:
    check_exposure(settings(dsn, url))
    (notice,) = exposure_notices(settings(dsn, url))
    assert isinstance(notice, Unverified)
    for language in Language:
        said = start_sentence(notice, load_catalog(language))
        assert notice.setting in said
        assert "canary" not in said


@pytest.mark.parametrize(("mode", "taken"), [(0o755, True), (0o2775, True), (0o1777, False), (0o777, False)])
def test_a_socket_where_others_can_put_theirs_is_refused(mode: int, *, taken: bool, closed: Path) -> None:
    closed.chmod(mode)
    quoted = quote(str(closed), safe="")
    for each in (
        settings(f"postgresql://desk:canary@{quoted}/desk?sslmode=verify-full"),
        settings(f"postgresql:///desk?host={closed}"),
        settings(f"postgresql://desk@localhost,{quoted}:5433/desk"),
        settings(url=f"unix://:canary@{closed}/redis.sock"),
        settings(url=f"unix://?path={closed}/redis.sock"),
    ):
        if taken:
            check_exposure(each)
            continue
        with pytest.raises(SocketExposed) as refused:
            check_exposure(each)
        assert refused.value.folder == str(closed)
        for language in Language:
            assert "canary" not in start_sentence(refused.value, load_catalog(language))
        check_exposure(each.model_copy(update={"trust_network": True}))


def test_a_folder_of_sockets_that_is_gone_may_be_made_by_others(closed: Path) -> None:
    """As while the server is stopped."""
    check_exposure(settings(f"postgresql:///desk?host={closed}/postgresql/main"))
    closed.chmod(0o1777)
    with pytest.raises(SocketExposed):
        check_exposure(settings(f"postgresql:///desk?host={closed}/postgresql/main"))


def test_a_link_to_an_open_folder_counts_as_it(closed: Path) -> None:
    opened = closed / "open"
    opened.mkdir()
    opened.chmod(0o1777)
    (closed / "link").symlink_to(opened)
    with pytest.raises(SocketExposed):
        check_exposure(settings(f"postgresql:///desk?host={closed}/link"))


def test_a_folder_that_another_user_made_beside_a_sticky_bit_is_refused(closed: Path) -> None:
    if os.geteuid():
        pytest.skip("only root gives a folder to another user")
    folder = closed / "postgresql"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    check_exposure(settings(f"postgresql:///desk?host={folder}"))
    closed.chmod(0o1777)
    with pytest.raises(SocketExposed):
        check_exposure(settings(f"postgresql:///desk?host={folder}"))


@pytest.mark.parametrize("place", ["/tmp", "@abstract", "/var/run/../../tmp"])  # noqa: S108
def test_the_socket_of_pghost_counts(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", place)
    with pytest.raises(SocketExposed):
        check_exposure(settings("postgresql:///desk"))


def test_no_socket_is_proved_by_a_certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    verified = "sslmode=verify-full"
    assert is_proved(f"postgresql://desk@db.example/desk?{verified}")
    assert not is_proved(f"postgresql:///desk?host=/run/postgresql&{verified}")
    assert not is_proved(f"postgresql://db.example,%2Frun%2Fpostgresql/desk?{verified}")
    assert not is_proved(f"postgresql:///desk?{verified}")
    monkeypatch.setenv("PGSSLROOTCERT", certifi.where())
    services = tmp_path / "services"
    services.write_text("[distant]\nhost=db.example\n[near]\nhost=/run/postgresql\n[nowhere]\ndbname=a\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    proved = [is_proved(f"postgresql:///desk?service={each}&{verified}") for each in ("distant", "near", "nowhere")]
    assert proved == [True, False, False]
