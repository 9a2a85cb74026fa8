"""What the whole-process tests share."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database.migrate import migrate
from app.engines import Engines
from tests.conftest import memory_folder


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """A data directory that the engines' unprivileged account can reach, before its first start."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-e2e-", dir=memory_folder()))
    try:
        yield made
    finally:
        _remove(made)


@pytest.fixture(scope="session")
def started_folder() -> Iterator[Path]:
    """A data directory of this test process after its first start: a cluster with the schema, and nothing in it."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-e2e-", dir=memory_folder()))
    try:
        with Engines(made) as engines:
            engines.separate_logins()
            migrate(engines.owner_dsn)
        yield made
    finally:
        _remove(made)


@pytest.fixture
def folder(empty_folder: Path, started_folder: Path) -> Path:
    """A data directory of its own for one test, after its first start: that costs as much as the start of a desk."""
    subprocess.run(["cp", "-a", f"{started_folder}/.", str(empty_folder)], check=True)  # noqa: S603, S607
    return empty_folder


def _remove(made: Path) -> None:
    """Engines of a desk that was killed end a moment after it, and tidy up meanwhile."""
    for _ in range(100):
        try:
            shutil.rmtree(made)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"something still writes to {made}")
