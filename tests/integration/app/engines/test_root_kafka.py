"""A Kafka of root: Java under an account of its own, and links that another user planted."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engines.accounts import PRIVATE
from app.engines.datadir import DataDir
from app.engines.kafka import Kafka
from app.engines.kafka_jars import VERSION, find_java
from app.errors import DataDirUnreachable, DataFileForeign, KafkaUnavailable
from tests.fakes.kafka_server import open_folder, real_kafka

pytestmark = [pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"), pytest.mark.long]

STRANGER = 60_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass through."""
    with open_folder() as made:
        yield made


@pytest.fixture
def java_uids(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file into which every Java writes its uid before it starts."""
    written, programs = folder / "uids", folder / "programs"
    written.touch()
    written.chmod(0o666)
    programs.mkdir(mode=0o755)
    java = shutil.which("java")
    (programs / "java").write_text(f'#!/bin/sh\n/usr/bin/id -u >> {written}\nexec {java} "$@"\n')
    (programs / "java").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return written


def test_java_never_runs_as_root(folder: Path, java_uids: Path) -> None:
    home = folder / "kafka"
    try:
        with real_kafka(folder) as broker:
            (uid,) = set(java_uids.read_text().split())
            assert int(uid) in PRIVATE
            assert Path(f"/proc/{broker.process.pid}").stat().st_uid == int(uid)
            broker.stop()
            for path in [home / "data", *(home / "data").rglob("*")]:
                assert path.stat().st_uid == int(uid)
                os.chown(path, 0, 0)  # as an earlier version left it
            broker.start()
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")
    java = java_uids.read_text().split()
    assert len(java) == 5, "twice the version and the broker, once the format"
    assert set(java) == {uid}
    assert {path.stat().st_uid for path in (home / "data").rglob("*")} == {int(uid)}
    settings = (home / "server.properties").stat()
    assert (settings.st_uid, settings.st_gid, settings.st_mode & 0o777) == (0, int(uid), 0o640)
    assert {path.stat().st_uid for path in home.iterdir() if path.name != "data"} == {0}


def test_the_ledger_beside_it_has_another_uid(folder: Path) -> None:
    (folder / "kafka-4/data").mkdir(parents=True)
    os.chown(folder / "kafka-4/data", PRIVATE.start, PRIVATE.start)
    directory = DataDir(folder)
    directory.close()
    assert directory.account.ids
    assert directory.account.ids[0] != PRIVATE.start
    ledger = directory.home("postgres", 18) / "data"
    ledger.mkdir()
    os.chown(ledger, *directory.account.ids)
    assert Kafka(folder / "kafka-4").account.ids == (PRIVATE.start, PRIVATE.start)


@pytest.mark.parametrize("name", ["data", "kafka.log", "engine.lock", f"jars-{VERSION}"])
def test_a_link_in_its_folder_is_refused(folder: Path, name: str) -> None:
    find_java_or_skip()
    victim = folder / "victim"
    (victim / "sub").mkdir(parents=True)
    (victim / "file").write_text("root secret")
    (victim / "file").chmod(0o600)
    before = [(path, path.lstat().st_uid, path.lstat().st_mode) for path in [victim, *victim.rglob("*")]]
    broker = Kafka(folder / "kafka")
    (folder / "kafka" / name).symlink_to(victim / ("file" if "." in name and "jars" not in name else "sub"))
    os.lchown(folder / "kafka" / name, STRANGER, STRANGER)
    with pytest.raises(DataFileForeign):
        broker.start()
    broker.stop()
    assert [(path, path.lstat().st_uid, path.lstat().st_mode) for path in [victim, *victim.rglob("*")]] == before
    assert (victim / "file").read_text() == "root secret"


def test_a_folder_of_another_user_is_refused(folder: Path) -> None:
    (folder / "kafka").mkdir()
    os.chown(folder / "kafka", STRANGER, STRANGER)
    with pytest.raises(DataFileForeign):
        Kafka(folder / "kafka")


def test_a_folder_out_of_reach_is_named(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o700)
    broker = Kafka(folder / "closed/kafka")
    with pytest.raises(DataDirUnreachable):
        broker.start()


def find_java_or_skip() -> None:
    try:
        find_java()
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")
