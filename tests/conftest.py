"""What tests share: real engines, a database of their own, the recordings."""

import gc
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import hypothesis
import psycopg
import pytest
import redis

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from tests.fakes.kafka_server import Server, any_kafka

# A busy machine is no reason to call an example slow. The same examples are tried in each run, so that what passes goes
# on passing; `--hypothesis-profile explore` looks for others. `make test-unit` tries fewer.
hypothesis.settings.register_profile("desk", deadline=None, derandomize=True)
hypothesis.settings.register_profile("quick", deadline=None, derandomize=True, max_examples=20)
hypothesis.settings.register_profile("explore", deadline=None, derandomize=False, max_examples=1000)
hypothesis.settings.load_profile("desk")

_NOTHING_TO_LOSE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "1GB", "max_connections": "100"}
_ROOMY_BYTES = 2 << 30
_TEMPLATE = "desk_template"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Runs what shares a costly fixture in one process: a broker, trained models, or whatever a module makes once."""
    if not isinstance(item, pytest.Function) or item.get_closest_marker("xdist_group"):
        return
    if "kafka" in item.fixturenames:
        item.add_marker(pytest.mark.xdist_group("kafka"))
    elif any(each[-1].scope == "module" for each in item._fixtureinfo.name2fixturedefs.values()):
        item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_configure() -> None:
    """Hears SIGINT as a terminal's process does: a shell's background jobs, and all that they start, ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Starts the long tests first, so that none of them begins when the others are done."""
    items.sort(key=_starts_late)
    grouped = [item.nodeid for item in items if item.get_closest_marker("xdist_group")]
    if config.getoption("loadgroup", default=False) and not all("@" in name for name in grouped):
        raise pytest.UsageError("pytest-xdist does not group tests with this pytest: see pyproject.toml")


def pytest_collection_finish() -> None:
    """Leaves out of each garbage collection to come all that was imported and collected: it stays to the end."""
    gc.freeze()


def _starts_late(item: pytest.Item) -> int:
    """0 for what takes minutes, 1 for whole processes, 2 for what has engines, 3 for the rest."""
    if item.get_closest_marker("long"):
        return 0
    if item.get_closest_marker("xdist_group") or "e2e" in item.path.parts:
        return 1
    return 2 if "integration" in item.path.parts else 3


def memory_folder() -> str | None:
    """Where files live in memory, if that is roomy and may hold programs: databases are cloned 20 times faster."""
    folder = Path("/dev/shm")  # noqa: S108
    if not folder.is_dir():
        return None
    status = os.statvfs(folder)
    roomy = status.f_bavail * status.f_frsize >= _ROOMY_BYTES
    return str(folder) if roomy and not status.f_flag & os.ST_NOEXEC and os.access(folder, os.W_OK) else None


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """PostgreSQL and Valkey of this test process alone, gone with it."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-tests-", dir=memory_folder()))
    try:
        with Engines(folder, postgres_settings=_NOTHING_TO_LOSE) as running:
            yield running
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def maintenance(engines: Engines) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """The owner's connection beside the test databases."""
    with psycopg.connect(_database(engines, "postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def template_database(engines: Engines, maintenance: "psycopg.Connection[tuple[object, ...]]") -> str:
    """The name of a migrated database that is only ever copied."""
    maintenance.execute(f"CREATE DATABASE {_TEMPLATE}")
    migrate(_database(engines, _TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def dsn(
    engines: Engines, maintenance: "psycopg.Connection[tuple[object, ...]]", template_database: str
) -> Iterator[str]:
    """A fresh, migrated database for one test; the address is its owner's."""
    yield from _temporary_database(engines, maintenance, template_database)


@pytest.fixture
def empty_dsn(engines: Engines, maintenance: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    """A fresh database without a schema."""
    yield from _temporary_database(engines, maintenance, "template0")


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Connections as the application has them: the role that may not change the ledger, in UTC."""
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=1, max_size=10, server_settings=settings) as opened:
        yield opened


@pytest.fixture
async def owner_pool(dsn: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Connections as the commands of the operator have them: the owner's login, in UTC."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4, server_settings={"timezone": "UTC"}) as opened:
        yield opened


@pytest.fixture
def redis_url(engines: Engines) -> str:
    """An empty market store for one test."""
    with redis.Redis.from_url(engines.redis_url) as client:
        client.flushall()
    return engines.redis_url


@pytest.fixture(scope="session")
def kafka() -> Iterator[Server]:
    """A broker of this test process alone, gone with it."""
    with any_kafka() as server:
        yield server


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of recordings and official specifications that lies beside a checkout on some machines."""
    folder = Path(__file__).parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"the recordings and specifications are not on this machine ({folder})")
    return folder


def _database(engines: Engines, name: str) -> str:
    return engines.postgres_dsn.rpartition("/")[0] + "/" + name


def _temporary_database(
    engines: Engines, maintenance: "psycopg.Connection[tuple[object, ...]]", template: str
) -> Iterator[str]:
    name = f"desk_{uuid.uuid4().hex}"
    maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # half the time of wal_log
    yield _database(engines, name)
    maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")
