"""Another user of the machine, and the names in a folder."""

import os
from pathlib import Path

import pytest

STRANGER = 60_000
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
