"""Kafka's jars are fetched once, and never replaced beneath a broker that runs from them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.engines import kafka_jars
from app.engines.kafka_jars import resolve_jars


def test_two_processes_at_once_fetch_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both_looked, looks, fetched = threading.Event(), [], []

    def differing(folder: Path) -> str | None:
        looks.append(folder)
        if len(looks) > 1:
            both_looked.set()
        return None if (folder / "kafka.jar").exists() else "kafka.jar"

    def fetch(_maven: str, _work: Path, jars: Path) -> None:
        assert both_looked.wait(60)
        fetched.append(jars)
        jars.mkdir()
        (jars / "kafka.jar").write_bytes(b"jar")

    monkeypatch.setattr(kafka_jars, "_differing", differing)
    monkeypatch.setattr(kafka_jars, "_fetch", fetch)
    monkeypatch.setattr(kafka_jars.shutil, "which", lambda _name: "/usr/bin/mvn")
    cache = tmp_path / "cache" / "kafka"
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(resolve_jars, [cache, cache])) == [cache, cache]
    assert len(fetched) == 1
    assert (cache / "kafka.jar").read_bytes() == b"jar"
