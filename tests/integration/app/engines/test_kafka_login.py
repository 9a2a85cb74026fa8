"""The local Kafka of developers takes nothing from a program without its login."""

import asyncio
import os
import re
import shlex
import signal
import socket
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dotenv import dotenv_values

from app.engines import kafka as engine
from app.engines.kafka import Kafka
from app.engines.kafka_jars import find_java
from app.engines.process import choose_port
from app.errors import EngineFailed, KafkaUnavailable
from pipeline.bus.kafka import open_kafka_bus
from pipeline.bus.kafka_clients import ask
from pipeline.bus.kafka_topics import _AlterStruct
from pipeline.errors import KafkaDenied
from pipeline.settings import KafkaSettings
from tests.contract.pipeline.bus.test_bus import frame, read
from tests.fakes.kafka_server import open_folder
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.xdist_group("kafka-login"), pytest.mark.long]


@pytest.fixture(scope="module")
def broker() -> Iterator[Kafka]:
    """As `paperdesk kafka` runs it, on data that an earlier version made without a login."""
    with open_folder() as folder:
        try:
            with running(Kafka(folder / "kafka-4", guarded=False)) as earlier:
                assert altered(earlier.port), "the question is put as a broker understands it"
        except KafkaUnavailable as error:
            pytest.skip(f"no Kafka on this machine: {error.why}")
        with running(Kafka(folder / "kafka-4")) as broker:
            yield broker


@contextmanager
def running(broker: Kafka) -> Iterator[Kafka]:
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


def settings(broker: Kafka, **changes: str) -> KafkaSettings:
    """Those of a desk that reads the file of the login."""
    lines = dotenv_values(broker.login)
    named = {name.removeprefix("PAPERDESK_KAFKA__").lower(): value for name, value in lines.items()}
    return KafkaSettings.model_validate({**named, "partitions": 1, **changes})


def altered(port: int) -> bool:
    """Whether a program without a login may give the broker a reader of files."""
    providers = "org.apache.kafka.common.config.provider.FileConfigProvider"
    changes = [("config.providers", 0, "f"), ("config.providers.f.class", 0, providers)]
    request = struct.pack(">hhih", 44, 0, 1, -1) + _AlterStruct([(4, "1", changes)], False).encode()  # noqa: FBT003
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as stranger:
        stranger.sendall(struct.pack(">i", len(request)) + request)
        try:
            answer = stranger.recv(4096)
        except ConnectionResetError:
            return False
    number, throttle, results, error = 4, 4, 4, 2
    start = 4 + number + throttle + results
    return len(answer) >= start + error and answer[start : start + error] == b"\0\0"


def test_a_stranger_changes_no_setting_on_either_port(broker: Kafka) -> None:
    properties = (broker.login.parent / "server.properties").read_text("ascii")
    (controller,) = re.findall(r"CONTROLLER://127\.0\.0\.1:(\d+)", properties)
    assert not altered(broker.port)
    assert not altered(int(controller))


async def test_a_desk_with_the_file_gets_in(broker: Kafka) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), open_kafka_bus(settings(broker), "replay") as bus:
        await bus.publish(frame(1))
        await bus.flush()
        async with bus.consumer("group") as consumer:
            assert (await read(consumer, 1))[0].frames == (frame(1),)


async def test_a_desk_with_another_password_does_not(broker: Kafka) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(KafkaDenied) as denied:
            await ask(settings(broker, password="wrong"))
    assert denied.value.reason == "password"


def test_what_holds_a_password_is_closed(broker: Kafka) -> None:
    assert stat.S_IMODE(broker.login.stat().st_mode) == 0o600
    properties = (broker.login.parent / "server.properties").stat()
    assert stat.S_IMODE(properties.st_mode) == (0o640 if broker.account.ids else 0o600)
    password = settings(broker).password.get_secret_value()
    assert password not in (broker.login.parent / "server.properties").read_text("ascii")
    assert password not in Path(f"/proc/{broker.process.pid}/cmdline").read_text("ascii")


async def test_a_broker_that_is_started_again_knows_the_desks_that_run(broker: Kafka) -> None:
    before, own = broker.login.read_text("ascii"), (broker.login.parent / "server.properties").read_text("ascii")
    broker.stop()
    broker.start()
    assert broker.login.read_text("ascii") == before
    assert re.findall('user_broker="(.+?)"', own) != re.findall(
        'user_broker="(.+?)"', (broker.login.parent / "server.properties").read_text("ascii")
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        await ask(settings(broker))


def test_who_took_the_port_meanwhile_hears_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = bytearray()
    with open_folder() as folder, socket.create_server(("127.0.0.1", choose_port(0))) as taken:
        port: int = taken.getsockname()[1]
        monkeypatch.setattr(engine, "choose_port", lambda wanted: wanted or choose_port(0))  # it was free a moment ago
        threading.Thread(target=_pretend, args=(taken, heard), daemon=True).start()
        broker = Kafka(folder / "kafka-4", port=port)
        try:
            with pytest.raises(EngineFailed), running(broker):
                pass
        except KafkaUnavailable as error:
            pytest.skip(f"no Kafka on this machine: {error.why}")
        assert not broker.login.exists()
    assert b"broker" not in heard
    assert b"PLAIN" not in heard


def _pretend(taken: socket.socket, heard: bytearray) -> None:
    """Takes every request for one that is well."""
    while True:
        try:
            client, _ = taken.accept()
        except OSError:
            return
        with client:
            client.settimeout(1)
            try:
                while data := client.recv(4096):
                    heard += data
                    client.sendall(struct.pack(">iihhi", 12, 1, 0, -1, 0))
            except OSError:
                pass


def test_the_command_names_the_file_and_no_password() -> None:
    try:
        find_java()
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")
    with open_folder() as folder:
        command = [sys.executable, "-m", "app.cli.main", "kafka", "--port", "0"]
        environment = os.environ | {"PAPERDESK_DATA_DIR": str(folder / "a desk")}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            try:
                assert process.stdout
                said, how = process.stdout.readline(), process.stdout.readline()
                login = folder / "a desk" / "kafka-4" / "login.env"
                assert str(login) in said
                (shown,) = re.findall(r"\((set -a; .*); paperdesk\)$", how)
                assert shlex.split(shown)[-1] == str(login)
                script = f"{shown}; printenv PAPERDESK_KAFKA__PASSWORD"
                done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)  # noqa: S603, S607
                assert len(done.stdout.strip()) == 32
                assert done.stdout.strip() not in said + how
            finally:
                process.send_signal(signal.SIGINT)
