"""The `.env` of the working directory, and the addresses that it could send a token to."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from app import secret_files
from app.cli import main
from app.env_file import read_env_file
from app.errors import BadSetting, EnvFileIgnored, EnvFileReadable, StartError
from app.settings import ENV_FILE, PREFIX, load_settings, secret_names

TOKEN = "123456:TESTTOKENNOTREAL"
PLANTED = "PAPERDESK_TELEGRAM__API_URL=https://elsewhere.example\nPAPERDESK_OPERATORS__TELEGRAM=666\n"
DEFAULT = "https://api.telegram.org"
ANOTHER_USER = 1
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")


@pytest.fixture(autouse=True)
def env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(secret_files, "_MOUNTED", tmp_path / "secrets")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return tmp_path / ".env"


def settings_notices() -> list[StartError]:
    return read_env_file(ENV_FILE).notices(secret_names())


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o664])
def test_a_file_that_others_can_write_is_ignored(env_file: Path, mode: int) -> None:
    write(env_file, PLANTED, mode)
    assert load_settings().telegram.api_url == DEFAULT
    (notice,) = settings_notices()
    assert isinstance(notice, EnvFileIgnored)
    assert notice.path == str(env_file)


@AS_ROOT
def test_a_file_of_another_user_is_ignored_like_its_link(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(env_file, PLANTED)
    monkeypatch.setattr(os, "geteuid", lambda: ANOTHER_USER)
    os.chown(env_file, 2, 2)
    assert load_settings().telegram.api_url == DEFAULT
    assert [type(notice) for notice in settings_notices()] == [EnvFileIgnored]
    own = tmp_path / "own"
    env_file.rename(own)
    os.chown(own, ANOTHER_USER, ANOTHER_USER)
    env_file.symlink_to(own)
    os.lchown(env_file, 2, 2)
    assert load_settings().telegram.api_url == DEFAULT
    assert [type(notice) for notice in settings_notices()] == [EnvFileIgnored]
    os.lchown(env_file, ANOTHER_USER, ANOTHER_USER)
    assert load_settings().telegram.api_url == "https://elsewhere.example"
    assert settings_notices() == []


@AS_ROOT
@pytest.mark.parametrize("placed", ["working directory", "folder above", "way of a link"])
def test_a_file_that_another_user_can_exchange_is_ignored(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, placed: str
) -> None:
    """The owner of a folder can swap a file of root and a link in it while the file is opened."""
    foreign = tmp_path / "foreign"
    place = foreign / "below" if placed == "folder above" else foreign
    place.mkdir(parents=True)
    write(place / ".env", PLANTED)
    if placed == "way of a link":
        env_file.symlink_to(place / ".env")
    else:
        monkeypatch.chdir(place)
    assert load_settings().telegram.api_url == "https://elsewhere.example"
    os.chown(foreign, ANOTHER_USER, ANOTHER_USER)
    assert load_settings().telegram.api_url == DEFAULT
    assert [type(notice) for notice in settings_notices()] == [EnvFileIgnored]


def test_an_ignored_file_cannot_stop_the_start(env_file: Path) -> None:
    for text in ("PAPERDESK_NO_SUCH=1\n", "PAPERDESK_MARKET=\x00\n", "PAPERDESK_MARKET=nowhere\n"):
        write(env_file, text, 0o666)
        assert load_settings().market == "auto"


def test_a_folder_or_a_pipe_is_no_file_of_settings(env_file: Path) -> None:
    os.mkfifo(env_file)
    assert load_settings().market == "auto"
    env_file.unlink()
    env_file.mkdir()
    assert load_settings().market == "auto"
    assert settings_notices() == []


def test_the_users_own_file_counts(env_file: Path) -> None:
    write(env_file, PLANTED)
    assert load_settings().telegram.api_url == "https://elsewhere.example"
    assert settings_notices() == []


@pytest.mark.parametrize(("mode", "told"), [(0o644, True), (0o640, True), (0o604, True), (0o600, False)])
def test_a_secret_that_others_can_read_is_told(env_file: Path, mode: int, *, told: bool) -> None:
    write(env_file, f"PAPERDESK_TELEGRAM__TOKEN={TOKEN}\n", mode)
    assert [type(notice) for notice in settings_notices()] == [EnvFileReadable] * told
    assert load_settings().telegram.token.get_secret_value() == TOKEN


def test_a_command_reads_the_file_once(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes meanwhile could be checked by one reading and counted by another."""
    write(env_file, f"PAPERDESK_TELEGRAM__TOKEN={TOKEN}\n", 0o644)
    opened, real = [], os.open

    def count(path: object, *rest: Any, **options: Any) -> int:
        opened.extend([path] if str(path).endswith(".env") else [])
        return real(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", count)
    monkeypatch.setattr(sys, "argv", ["paperdesk", "settings"])
    assert main.main() == 0
    assert len(opened) == 1


def test_a_readable_file_without_secrets_is_fine(env_file: Path) -> None:
    write(env_file, "PAPERDESK_MARKET=sim\nPAPERDESK_TELEGRAM__TOKEN=\n", 0o644)
    assert settings_notices() == []


def test_the_command_line_says_it_on_standard_error(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(env_file, PLANTED, 0o666)
    for language, words in (("en_US.UTF-8", "is ignored because"), ("ko_KR.UTF-8", "적용하지 않았습니다")):
        monkeypatch.setenv("LC_ALL", language)
        monkeypatch.setattr(sys, "argv", ["paperdesk", "settings"])
        main.main()
        out, said = capsys.readouterr()
        assert words in said
        assert f"chmod 600 {env_file}" in said
        assert f"PAPERDESK_TELEGRAM__API_URL={DEFAULT}" in out


PLATFORMS = [("TELEGRAM__API_URL", "http"), ("TELEGRAM__FILE_URL", "http"), ("DISCORD__API_URL", "http")]
MARKET = ("BINANCE__REST_URL", "http")
STREAMS = [("DISCORD__GATEWAY_URL", "ws"), ("BINANCE__WS_URL", "ws")]


@pytest.mark.parametrize(("name", "scheme"), [*PLATFORMS, MARKET, *STREAMS])
@pytest.mark.parametrize(
    "rest",
    [
        "://elsewhere.example",
        "://10.0.0.1:8081",
        "://localhost.elsewhere.example",
        "://127.0.0.1.elsewhere.example",
        "://127.0.0.1@elsewhere.example",
        "://elsewhere.example\\@127.0.0.1",
        "://elsewhere.example#@127.0.0.1",
        "://0.0.0.0",
        "://[::ffff:10.0.0.1]",
        "://",
        "://localhost:port",
        "s://",
        "",
    ],
)
def test_an_unencrypted_address_of_elsewhere_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, scheme: str, rest: str
) -> None:
    monkeypatch.setenv(PREFIX + name, scheme + rest)
    with pytest.raises(BadSetting) as refused:
        load_settings()
    assert refused.value.name == PREFIX + name
    assert f"{scheme}s://" in refused.value.rule


@pytest.mark.parametrize(("name", "scheme"), [*PLATFORMS, MARKET, *STREAMS])
@pytest.mark.parametrize(
    "rest", ["://127.0.0.1:8081", "://127.8.9.1", "://[::1]:8081/x", "://localhost", "s://elsewhere.example/api"]
)
def test_loopback_and_encrypted_addresses_are_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, scheme: str, rest: str
) -> None:
    monkeypatch.setenv(PREFIX + name, scheme + rest)
    section, _, field = name.lower().partition("__")
    assert getattr(getattr(load_settings(), section), field) == scheme + rest


def test_a_local_server_by_name_needs_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERDESK_TELEGRAM__API_URL", "http://bot-api:8081")
    monkeypatch.setenv("PAPERDESK_TELEGRAM__ALLOW_HTTP", "true")
    assert load_settings().telegram.api_url == "http://bot-api:8081"
    monkeypatch.setenv("PAPERDESK_TELEGRAM__API_URL", "ftp://bot-api")
    with pytest.raises(BadSetting):
        load_settings()
