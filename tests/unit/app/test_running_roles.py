"""docs/running-roles.md and the unit of systemd say what the program really takes."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.parser import argument_parser
from app.settings import PREFIX, declared_settings
from tests.fakes.deployment import health_script, image_environment, roles, services
from tests.paths import PROJECT

PAGE = (PROJECT / "docs" / "running-roles.md").read_text(encoding="utf-8")
UNIT = (PROJECT / "deploy" / "paperdesk-role@.service").read_text(encoding="utf-8")
SETTINGS = {setting.name for setting in declared_settings()}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    """Every `paperdesk ...` of the page, in blocks and in the text."""
    for block in blocks("sh"):
        for line in block.splitlines():
            words = [word for word in shlex.split(line, comments=True) if not re.match(r"[A-Z_]+=", word)]
            if words[:1] == ["paperdesk"]:
                yield words[1:]
            elif words[:4] == ["docker", "compose", "run", "--rm"]:
                yield words[5:]
    for quoted in re.findall(r"`paperdesk((?: [a-z]+)*)`", PAGE):
        yield quoted.split()


@pytest.mark.parametrize("words", sorted({tuple(words) for words in commands()}), ids=" ".join)
def test_a_command_of_the_page_is_one(words: tuple[str, ...]) -> None:
    read = argument_parser().parse_args(list(words))
    assert callable(read.run)


def test_every_role_is_on_the_page() -> None:
    named = {words[0] for words in commands() if words}
    assert {service["command"][0] for service in roles().values()} <= named
    assert ["consume", "writer"] in list(commands())


def test_every_variable_of_the_page_is_a_setting() -> None:
    text = PAGE + UNIT
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", text)) <= SETTINGS
    (example,) = blocks("ini")
    assert {line.partition("=")[0] for line in example.splitlines()} <= SETTINGS
    for secret in re.findall(r"`([a-z]+__[a-z]+)`", PAGE):
        assert f"{PREFIX}{secret.upper()}" in SETTINGS, secret


def test_a_data_directory_belongs_to_one_process() -> None:
    folders = re.findall(r"^PAPERDESK_DATA_DIR=(\S+)", PAGE, re.MULTILINE)
    assert len(folders) == len(set(folders)) == 8


def test_files_and_services_of_the_page_are_there() -> None:
    for path in re.findall(r"deploy/[a-z@.-]+", PAGE):
        assert (PROJECT / path).exists(), path
    for scaled in re.findall(r"--scale ([a-z]+)=", PAGE):
        assert scaled in services()
    for unit in re.findall(r"paperdesk-([a-z]+)@\d", PAGE):
        assert unit in roles()


def test_the_health_check_of_the_page_is_the_one_of_compose() -> None:
    assert health_script(services()["produce"]) + "\n" in blocks("sh")


def test_the_unit_runs_a_role_as_the_image_does() -> None:
    assert "ExecStart=/opt/paperdesk/venv/bin/paperdesk %j\n" in UNIT
    assert "deploy/install.sh /opt/paperdesk/venv\n" in PAGE
    assert f"PAPERDESK_LOG_TO={image_environment()['PAPERDESK_LOG_TO']}" in UNIT
    grace = services()["produce"]["stop_grace_period"].removesuffix("s")
    assert f"TimeoutStopSec={grace}\n" in UNIT
    assert "StateDirectory=paperdesk/%j-%i\n" in UNIT
    assert "PAPERDESK_DATA_DIR=/var/lib/paperdesk/%j-%i" in UNIT
    # systemd names a credential of a folder by the folder's id, an underscore and the file's name
    assert "LoadCredential=paperdesk:/etc/paperdesk/secrets/%j\n" in UNIT


def test_the_unit_gives_each_role_its_own_secrets() -> None:
    rows = dict(re.findall(r"^\| (`[a-z_`, ]+`) \| ([a-z`, ]+) \| .*\|$", PAGE, re.MULTILINE))
    holders = {secret: set(re.findall(r"`([a-z]+)`", folders)) for secret, folders in rows.items()}
    assert holders["`telegram__token`, `discord__token`"] == holders["`telegram__webhook_secret`"] == {"bot"}
    assert holders["`kafka__password`"] == {"produce", "consume", "triggers"}
    for role in roles():
        if role != "migrate":
            assert re.search(rf"secrets/{{[a-z,]*\b{role}\b", PAGE)


def test_the_unit_leaves_little_to_a_broken_role(tmp_path: Path) -> None:
    for line in (
        "SystemCallFilter=@system-service",
        "SystemCallArchitectures=native",
        "RestrictNamespaces=yes",
        "ProtectProc=invisible",
        "LimitCORE=0",
    ):
        assert f"\n{line}\n" in UNIT
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = tmp_path / "paperdesk-consume@1.service"
    unit.write_text(UNIT, encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [analyze, "security", "--offline=true", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode and "--offline" in done.stderr:
        pytest.skip("this systemd-analyze is older than 250")
    (level,) = re.findall(r"exposure level for \S+: (\d+\.\d+)", done.stdout)
    assert float(level) <= 2.0, done.stdout


@pytest.mark.parametrize(
    "page", [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_no_page_shows_a_shared_folder_or_a_secret_on_a_command_line(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"DATA_DIR=/(tmp|var/tmp|dev/shm)\b", text)
    assert not re.search(r"(TOKEN|SECRET|PASSWORD|DSN|REDIS__URL)=[^\s`]+ +\S*paperdesk", text)
    assert not re.search(r"export PAPERDESK_\w*(TOKEN|SECRET|DSN|REDIS__URL)=", text)
