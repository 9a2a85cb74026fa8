"""Data directories of every name and place: they work, or one sentence says why not before anything is made."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from app.engines import Engines
from app.engines.accounts import EngineAccount
from app.engines.datadir import DataDir, make_data_dir
from app.engines.kafka import escaped
from app.engines.valkey import quoted
from app.errors import BadDataDirName, DataDirUnreachable
from bot.ui.texts import load_catalog
from people.person import Language

HOSTILE = ["two words", 'quo"te', "back\\slash", "$HOME `id` %s %n", "it's", "한글 é 🎈", "#;{port}*?"]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", [" ".join(HOSTILE).replace("/", "")])
def test_a_directory_of_any_name_works(place: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:  # the copied programs lie below the hostile name then
        monkeypatch.setattr(EngineAccount, "can_run", lambda *_: False)
    found: list[object] = []
    for _ in range(2):
        with Engines(place / name / "desk", postgres_settings={"fsync": "off"}) as engines:
            with psycopg.connect(engines.postgres_dsn) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS kept ()")
            with redis.Redis.from_url(engines.redis_url) as client:
                found.append(client.get("kept"))
                client.set("kept", 1)
    assert found == [None, b"1"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("a\nb", "control"), ("a\tb", "control"), ("x/" * 500, "long"), ("y" * 256, "long"), ("a\udcff", "encoding")],
)
def test_a_name_the_engines_cannot_use_is_refused(place: Path, name: str, why: str) -> None:
    with pytest.raises(BadDataDirName) as refused:
        make_data_dir(place / name)
    assert refused.value.why == why
    assert list(place.iterdir()) == []
    for language in Language:
        assert "PAPERDESK_DATA_DIR" in load_catalog(language).text("error-bad-data-dir-name", **refused.value.details())


@as_root
def test_folders_that_root_makes_let_the_engines_pass(place: Path) -> None:
    before = os.umask(0o077)
    try:
        for _ in range(2):
            DataDir(place / "n1" / "n2" / "n3").close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((place / "n1").stat().st_mode) == 0o711


@as_root
def test_root_makes_nothing_where_the_engines_have_no_way(place: Path) -> None:
    place.chmod(0o700)
    for _ in range(2):
        with pytest.raises(DataDirUnreachable):
            DataDir(place / "n1" / "n2")
    assert list(place.iterdir()) == []


def test_a_link_to_a_directory_is_followed(place: Path) -> None:
    (place / "real").mkdir(mode=0o755)
    (place / "link").symlink_to(place / "real")
    assert make_data_dir(place / "link" / "desk") == place / "real" / "desk"


def test_a_path_is_one_word_of_valkeys_configuration() -> None:
    assert quoted(Path('/a "b"\\c\n')) == '"/a \\x22b\\x22\\x5cc\\x0a"'


def test_a_path_is_one_value_of_kafkas_properties() -> None:
    assert escaped(Path("/a b\\한🎈")) == "/a\\u0020b\\u005c\\ud55c\\ud83c\\udf88"
    with pytest.raises(BadDataDirName):
        escaped(Path("/a,b"))
