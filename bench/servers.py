"""Servers that benches start: a folder for the engines, and Kafka."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.engines.kafka import Kafka

RUNNING = "PAPERDESK_BENCH_KAFKA"
"""Names a broker that runs already, `host:port`. A new one costs ten seconds, so the test suite hands over its own."""


@contextmanager
def engines_folder() -> Iterator[Path]:
    """A folder that is gone with the block. The engines' unprivileged account may enter it, which it may not with
    Python's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def broker() -> Iterator[str]:
    """The broker's address; a broker that was started here is gone with the block. Raises KafkaUnavailable."""
    if running := os.environ.get(RUNNING):
        yield running
        return
    with engines_folder() as folder:
        kafka = Kafka(folder / "kafka", guarded=False)
        try:
            kafka.start()
            yield kafka.bootstrap
        finally:
            kafka.stop()
