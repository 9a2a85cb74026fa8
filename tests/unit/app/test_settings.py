"""Settings: what is read, what is refused, and that a secret is never repeated."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from app import secret_files
from app.errors import BadSetting, UnknownSetting
from app.settings import (
    PREFIX,
    Settings,
    declared_settings,
    effective_settings,
    env_example,
    load_settings,
)
from tests.paths import PROJECT

EXAMPLE = PROJECT / ".env.example"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setattr(secret_files, "_MOUNTED", tmp_path / "secrets")


def test_nothing_set_gives_the_defaults() -> None:
    settings = load_settings()
    assert settings.market == "auto"
    assert settings.quote_asset == "USDC"
    assert settings.trading.opening_grant == Decimal(1_000_000)
    assert settings.postgres.dsn.get_secret_value() == ""


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PAPERDESK_MARKET=sim\nPAPERDESK_TRADING__FEE_RATE=0.002\nOTHER_PROGRAM=1\n")
    monkeypatch.setenv("PAPERDESK_MARKET", "replay:some/file.parquet")
    settings = load_settings()
    assert settings.market == "replay:some/file.parquet"
    assert settings.trading.fee_rate == Decimal("0.002")


def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERDESK_REPLAY__SPEED", "")
    assert load_settings().replay.speed == 1.0


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PAPERDESK_MARKT", "PAPERDESK_MARKET"),
        ("PAPERDESK_POSTGRES_DSN", "PAPERDESK_POSTGRES__DSN"),
        ("PAPERDESK_TRADING__FEE", "PAPERDESK_TRADING__FEE_RATE"),
        ("PAPERDESK_XYZZY_QQQQQQQQQQQQ", ""),
        ("paperdesk_markt", "PAPERDESK_MARKET"),
    ],
)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_an_unknown_name_is_refused_with_the_nearest_one(
    monkeypatch: pytest.MonkeyPatch, name: str, nearest: str, where: str
) -> None:
    if where == "file":
        Path(".env").write_text(f"{name}=1\n")
    else:
        monkeypatch.setenv(name, "1")
    with pytest.raises(UnknownSetting) as refused:
        load_settings()
    assert (refused.value.name, refused.value.nearest) == (name, nearest)


def test_a_section_cannot_be_set_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERDESK_POSTGRES", '{"dsn": "postgresql://x"}')
    with pytest.raises(UnknownSetting):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("MARKET", "kraken", "one of auto, binance, sim, replay:PATH"),
        ("MARKET", "replay:", "one of auto, binance, sim, replay:PATH"),
        ("QUOTE_ASSET", "usdc", "2 to 10 capital letters and digits, such as USDC"),
        ("QUOTE_ASSET", "U", "2 to 10 capital letters and digits, such as USDC"),
        ("LOG_LEVEL", "LOUD", "one of 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("TRADING__FEE_RATE", "nan", "a finite number"),
        ("TRADING__FEE_RATE", "0.2", "at most 0.1"),
        ("TRADING__FEE_RATE", "much", "a number"),
        ("TRADING__OPENING_GRANT", "0", "above 0"),
        ("TRADING__OPENING_GRANT", "0.000000001", "a number with at most 8 decimal places"),
        ("TRADING__PRICE_TOLERANCE", "-1", "at least 0"),
        ("SIMULATOR__SEED", "1.5", "a whole number"),
        ("REPLAY__SPEED", "nan", "at most 100000.0"),
        ("REPLAY__SPEED", "inf", "at most 100000.0"),
        ("POSTGRES__PORT", "70000", "at most 65535"),
        ("BOT__LANGUAGE", "fr", "one of 'en' or 'ko'"),
        ("DATA_DIR", "~no-such-user-here/x", "set to a directory, since this user has no home"),
    ],
)
def test_a_bad_value_names_the_variable_and_the_rule(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, rule: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert (refused.value.name, refused.value.rule) == (PREFIX + name, rule)


@pytest.mark.parametrize("name", ["POSTGRES__DSN", "REDIS__URL"])
def test_a_refused_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(PREFIX + name, "mysql://desk:geheim@host/desk")
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert refused.value.name == PREFIX + name
    assert "geheim" not in str(refused.value) + str(refused.value.__context__)


def test_a_settings_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"PAPERDESK_MARKET=\xff\xfe\n")
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert refused.value.name == ".env"


def test_secrets_are_hidden_where_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "POSTGRES__DSN": "postgresql://desk:geheim@host/desk",
        "REDIS__URL": "redis://:geheim@host/0",
        "TELEGRAM__TOKEN": "1:geheim",
        "DISCORD__TOKEN": "geheim",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings = load_settings()
    assert settings.telegram.token.get_secret_value() == "1:geheim"
    for shown in (effective_settings(settings), repr(settings), settings.model_dump_json()):
        assert "geheim" not in shown
    assert "PAPERDESK_TELEGRAM__TOKEN=**********\n" in effective_settings(settings)


# -- secret files ------------------------------------------------------------------------------


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder


def test_a_secret_file_sets_what_its_name_says_without_the_end_of_its_line(secrets: Path) -> None:
    (secrets / "paperdesk_telegram__token").write_text("1:geheim\n")
    (secrets / "paperdesk_postgres__dsn").write_text("postgresql://desk:geheim@host/desk\r\n")
    (secrets / "paperdesk_replay__speed").write_text("\n")
    (secrets / "other_token").write_bytes(b"\xff")
    settings = load_settings()
    assert settings.telegram.token.get_secret_value() == "1:geheim"
    assert settings.postgres.dsn.get_secret_value() == "postgresql://desk:geheim@host/desk"
    assert settings.replay.speed == 1.0, "an empty file counts as none"
    assert "geheim" not in effective_settings(settings)


def test_the_environment_and_the_settings_file_win_over_secret_files(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("telegram__token", "discord__token", "redis__url"):
        (secrets / f"paperdesk_{name}").write_text("redis://of-the-secret-file")
    Path(".env").write_text("PAPERDESK_DISCORD__TOKEN=of-the-file\n")
    monkeypatch.setenv("PAPERDESK_TELEGRAM__TOKEN", "of-the-environment")
    settings = load_settings()
    assert settings.telegram.token.get_secret_value() == "of-the-environment"
    assert settings.discord.token.get_secret_value() == "of-the-file"
    assert settings.redis.url.get_secret_value() == "redis://of-the-secret-file"


def test_systemd_says_where_its_secret_files_are(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "paperdesk_discord__token").write_text("of the mounted folder")
    credentials = secrets / "of-the-unit"
    credentials.mkdir()
    (credentials / "paperdesk_discord__token").write_text("of the unit")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert load_settings().discord.token.get_secret_value() == "of the unit"


def test_a_secret_file_of_an_unknown_name_is_refused_with_the_nearest_one(secrets: Path) -> None:
    (secrets / "paperdesk_telegram_token").write_text("1:geheim")
    with pytest.raises(UnknownSetting) as refused:
        load_settings()
    assert (refused.value.name, refused.value.nearest) == ("paperdesk_telegram_token", "PAPERDESK_TELEGRAM__TOKEN")


def test_a_bad_value_in_a_secret_file_is_refused_as_in_the_environment(secrets: Path) -> None:
    (secrets / "paperdesk_redis__url").write_text("mysql://desk:geheim@host/desk\n")
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert refused.value.name == "PAPERDESK_REDIS__URL"
    assert "geheim" not in str(refused.value) + str(refused.value.__context__)


@pytest.mark.parametrize("content", [b"gehe\xffim", b"x" * 70_000, None], ids=["no text", "huge", "a folder"])
def test_a_secret_file_that_cannot_be_read_is_named(secrets: Path, content: bytes | None) -> None:
    file = secrets / "paperdesk_discord__token"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert refused.value.name == str(file)
    assert refused.value.rule == "a readable file of UTF-8 text of at most 65536 bytes"


# -- what is shown -----------------------------------------------------------------------------


def test_the_example_file_is_what_the_settings_say() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == env_example(), "paperdesk settings --example > .env.example"


def test_the_example_file_with_every_line_taken_changes_nothing() -> None:
    lines = [line.removeprefix("# ") for line in env_example().splitlines() if line.startswith(f"# {PREFIX}")]
    assert len(lines) == len(declared_settings())
    Path(".env").write_text("\n".join(lines))
    assert load_settings() == Settings(_env_file=None)


def test_every_setting_is_explained_in_one_line() -> None:
    for setting in declared_settings():
        assert setting.field.description, setting.name
        assert "\n" not in setting.field.description


def test_root_and_ordinary_users_have_their_own_default_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert load_settings().data_dir == Path("/home/ana/.local/share/paperdesk")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert load_settings().data_dir == Path("/var/lib/paperdesk")


def test_a_grant_is_named_only_where_it_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERDESK_TRADING__FEE_RATE", "0.002")
    assert not load_settings().trading.names_grant
    monkeypatch.setenv("PAPERDESK_TRADING__OPENING_GRANT", "1000000")
    assert load_settings().trading.names_grant
