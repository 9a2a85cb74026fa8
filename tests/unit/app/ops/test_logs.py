"""Where the log goes, and what it never says."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from app.ops.logs import SecretRedactingFormatter, hide, log_path, log_to, log_to_stderr
from app.settings import PREFIX, load_settings, secrets_in

CANARIES = {
    "TELEGRAM__TOKEN": "1234567:canary/of+telegram",
    "POSTGRES__DSN": "postgresql://desk:canary%40of%2fpostgres@db.example/desk",
    "REDIS__URL": "rediss://:canary%20of%2fred%3ais@cache.example:6379/0",
}
"""Three secrets; two of them are passwords inside of addresses."""

MEANT = {
    "TELEGRAM__TOKEN": "1234567:canary/of+telegram",
    "POSTGRES__DSN": "canary@of/postgres",
    "REDIS__URL": "canary of/red:is",
}


def logged(discreet: SecretRedactingFormatter, text: str) -> str:
    return discreet.format(logging.LogRecord("a", logging.INFO, __file__, 1, "%s", (text,), None))


def forms_of(secret: str) -> set[str]:
    """As it is meant, and percent-encoded in a path, in a query and in a form, escapes in either case."""
    escaped = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    return {secret, *escaped, *(re.sub("%..", lambda found: found[0].lower(), each) for each in escaped)}


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [known for known in root.handlers if known not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_log_is_a_file_of_the_process(tmp_path: Path) -> None:
    log_to(tmp_path, "INFO", "produce")
    assert log_path() == str(tmp_path / "produce.log")
    logging.getLogger("a").info("it leads")
    assert "INFO a: it leads" in Path(log_path()).read_text(encoding="utf-8")


def test_under_a_supervisor_the_log_is_standard_error_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to(tmp_path, "INFO")
    log_to_stderr("INFO")
    assert log_path() == "stderr"
    hide("geheimnis")
    logging.getLogger("a").info("it leads with geheimnis")
    assert "INFO a: it leads with ***\n" in capsys.readouterr().err
    assert (tmp_path / "desk.log").read_text(encoding="utf-8") == ""


def test_text_in_the_log_cannot_steer_a_terminal() -> None:
    line = logged(SecretRedactingFormatter(), "said \x1b]52;c;cm0=\x07 and \x9b2J\r\n\tmore: 가격")
    assert line.endswith("said \\x1b]52;c;cm0=\\x07 and \\x9b2J\\x0d\\x0a\\x09more: 가격")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x85", "\x0b", "\u202e", "\u2066"])
def test_text_in_the_log_cannot_look_like_another_line(end: str) -> None:
    line = logged(SecretRedactingFormatter(), f"a{end}2026-11-30 02:00:00,000 INFO app: forged")
    assert len(line.splitlines()) == 1
    assert end not in line


def test_a_traceback_keeps_its_lines() -> None:
    try:
        int("one\ntwo")
    except ValueError as error:
        found = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("a", logging.ERROR, __file__, 1, "a\nb", (), found)
    head, *rest = SecretRedactingFormatter().format(record).splitlines()
    assert head.endswith("a: a\\x0ab")
    assert rest[0] == "Traceback (most recent call last):"


def test_a_secret_of_two_lines_is_hidden_in_a_message() -> None:
    discreet = SecretRedactingFormatter()
    discreet.hide("first line\nsecond line")
    assert logged(discreet, "it is first line\nsecond line").endswith("it is ***")


@pytest.mark.parametrize("name", CANARIES)
def test_every_form_of_a_canary_is_hidden(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for variable, value in CANARIES.items():
        monkeypatch.setenv(PREFIX + variable, value)
    discreet = SecretRedactingFormatter()
    discreet.hide(*secrets_in(load_settings()))
    for form in {CANARIES[name], *forms_of(MEANT[name])}:
        for text in (form, f"https://host/bot{form}/getMe?a={form}", f"cannot reach {form}: refused", f"{form}{form}"):
            assert "canary" not in logged(discreet, text), form


def test_a_password_in_the_query_of_an_address_is_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}POSTGRES__DSN", "postgresql:///desk?host=/run/db&user=desk&password=canary%26query")
    discreet = SecretRedactingFormatter()
    discreet.hide(*secrets_in(load_settings()))
    for form in ("canary&query", "canary%26query"):
        assert "canary" not in logged(discreet, f"password {form} is wrong")


def test_a_secret_with_escapes_is_hidden_in_what_shows_them() -> None:
    secret, discreet = 'canary"of\\all\x07', SecretRedactingFormatter()
    discreet.hide(secret)
    for form in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]):
        assert "canary" not in logged(discreet, f"refused: {form}"), form


@pytest.mark.parametrize("order", [1, -1])
def test_the_longest_secret_is_hidden_first(order: int) -> None:
    secrets = ["canary", "canary-and-more", "more-canary-and-more"]
    at_once, one_by_one = SecretRedactingFormatter(), SecretRedactingFormatter()
    at_once.hide(*secrets[::order])
    for secret in secrets[::order]:
        one_by_one.hide(secret)
    for discreet in (at_once, one_by_one):
        for secret in secrets:
            assert logged(discreet, f"<{secret}>").endswith("<***>")


def test_a_traceback_hides_as_its_line_does() -> None:
    discreet = SecretRedactingFormatter()
    discreet.hide("canary-of-all")
    error = ConnectionError("redis://:canary-of-all@host")
    trace = (type(error), error, None)
    shown = discreet.format(logging.LogRecord("a", logging.ERROR, __file__, 1, "it failed", (), trace))
    assert "ConnectionError" in shown
    assert "canary" not in shown
