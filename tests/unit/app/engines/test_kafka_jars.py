"""Kafka's jars are fetched once, never replaced beneath a running broker, and out of the reach of other users."""

import hashlib
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.engines import kafka_jars
from app.engines.accounts import PRIVATE, EngineAccount
from app.engines.kafka_jars import VERSION, readable_jars, resolve_jars
from app.errors import DataFileForeign, KafkaCacheExposed

CONTENT = {"a.jar": b"first", "b.jar": b"second"}
STRANGER = 60_000
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of another user")


def fill(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that the stand-in for Maven filled; the jars are two small ones."""
    pinned = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in CONTENT.items())
    (tmp_path / "pinned").write_text(pinned, encoding="ascii")
    found: list[Path] = []

    def fetch(_maven: str, _work: Path, jars: Path) -> None:
        found.append(jars)
        fill(jars)

    monkeypatch.setattr(kafka_jars, "_CHECKSUMS", tmp_path / "pinned")
    monkeypatch.setattr(kafka_jars, "_fetch", fetch)
    monkeypatch.setattr(kafka_jars.shutil, "which", lambda _name: "/usr/bin/mvn")
    return found


@pytest.fixture
def cache(tmp_path: Path, fetched: list[Path]) -> Path:
    """A cache that was filled before."""
    return resolve_jars(tmp_path / "cache" / "kafka")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


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


def test_jars_are_checked_at_every_start(cache: Path, fetched: list[Path]) -> None:
    assert len(fetched) == 1
    (cache / "a.jar").write_bytes(b"other")
    (cache / "more.jar").write_bytes(b"more")
    assert contents(resolve_jars(cache)) == CONTENT
    assert contents(resolve_jars(cache)) == CONTENT
    assert len(fetched) == 2


def test_write_access_of_others_to_a_jar_is_taken_away(cache: Path) -> None:
    (cache / "a.jar").chmod(0o666)
    resolve_jars(cache)
    assert (cache / "a.jar").stat().st_mode & 0o777 == 0o644


def test_a_cache_that_others_can_write_to_is_refused(cache: Path) -> None:
    for folder in (cache, cache.parent):
        folder.chmod(0o777)
        with pytest.raises(KafkaCacheExposed) as caught:
            resolve_jars(cache)
        assert caught.value.path == str(folder)
        folder.chmod(0o755)
    assert contents(resolve_jars(cache)) == CONTENT


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_a_link_in_the_place_of_a_jar_is_refused(cache: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "a.jar"
    target.write_bytes(CONTENT["a.jar"])  # the content is right, until whoever owns it changes it
    target.chmod(0o600)
    (cache / "a.jar").unlink()
    if kind == "symbolic":
        (cache / "a.jar").symlink_to(target)
    else:
        (cache / "a.jar").hardlink_to(target)
    with pytest.raises(KafkaCacheExposed) as caught:
        resolve_jars(cache)
    assert caught.value.path == str(cache / "a.jar")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_in_the_place_of_the_lock_is_refused(tmp_path: Path, fetched: list[Path]) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/kafka.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(KafkaCacheExposed):
        resolve_jars(tmp_path / "cache/kafka")
    assert not (tmp_path / "victim").exists()
    assert fetched == []


@as_root
@pytest.mark.parametrize("name", ["cache", "cache/kafka", "cache/kafka/a.jar"])
def test_what_another_user_owns_is_refused(cache: Path, tmp_path: Path, name: str) -> None:
    os.chown(tmp_path / name, STRANGER, STRANGER)
    with pytest.raises(KafkaCacheExposed) as caught:
        resolve_jars(cache)
    assert caught.value.path == str(tmp_path / name)


@as_root
def test_a_link_that_another_user_made_is_refused(cache: Path, tmp_path: Path, fetched: list[Path]) -> None:
    moved = cache.rename(tmp_path / "elsewhere")
    cache.symlink_to(moved)
    assert resolve_jars(cache) == moved, "the link is this user's own"
    os.lchown(cache, STRANGER, STRANGER)
    with pytest.raises(KafkaCacheExposed):
        resolve_jars(cache)
    assert len(fetched) == 1


# -- what root's account runs --------------------------------------------------------------------

ENGINES = EngineAccount((PRIVATE.start, PRIVATE.start))


def test_the_account_of_root_runs_checked_copies(cache: Path, tmp_path: Path, fetched: list[Path]) -> None:
    home = tmp_path / "home"
    (home / "jars-1.0.0").mkdir(parents=True)
    jars = readable_jars(ENGINES, home, cache)
    shutil.rmtree(cache)
    assert readable_jars(ENGINES, home, cache) == jars == home / f"jars-{VERSION}"
    assert contents(jars) == CONTENT
    assert [path.stat().st_mode & 0o777 for path in (jars, jars / "a.jar")] == [0o755, 0o644]
    (jars / "a.jar").write_bytes(b"other")
    assert contents(readable_jars(ENGINES, home, cache)) == CONTENT
    assert len(fetched) == 2
    assert list(home.iterdir()) == [jars]


def test_a_link_in_the_place_of_the_copies_is_refused(cache: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / f"jars-{VERSION}").symlink_to(cache)
    with pytest.raises(DataFileForeign):
        readable_jars(ENGINES, home, cache)


def test_an_ordinary_user_runs_the_cache_itself(cache: Path, tmp_path: Path) -> None:
    assert readable_jars(EngineAccount(), tmp_path / "home", cache) == cache
