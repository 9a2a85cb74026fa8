"""What the whole-process tests share."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory that the engines' unprivileged account can reach."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-e2e-"))
    try:
        yield made
    finally:
        _remove(made)


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
