"""The embedded database is lost and comes back from a backup, by the command line alone."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.engines.datadir import DataDir

pytestmark = pytest.mark.long


def paperdesk(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    root = {"PYTHONPATH": str(Path(__file__).parents[2]), "PAPERDESK_DATA_DIR": str(folder / "data")}
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "app.cli.main", *arguments],
        env=known | root,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_lost_database_comes_back_and_neither_a_running_desk_nor_what_is_there_is_overwritten() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = paperdesk(folder, "backup")
        assert made.returncode == 0, made.stderr
        found = re.match(r"(\S+\.dump), 0\.\d MB, 0 older ones removed", made.stdout)
        assert found is not None
        (folder / "data" / "postgres-18" / "data").rename(folder / "lost")
        stranger = folder / "stranger.dump"
        shutil.copy(found[1], stranger)
        unknown = paperdesk(folder, "restore", str(stranger))
        assert (unknown.returncode, "add --trust if you know who made it" in unknown.stderr) == (1, True)
        trusted = paperdesk(folder, "restore", str(stranger), "--trust")
        assert (trusted.returncode, trusted.stderr.count("Traceback")) == (0, 0), trusted.stderr
        back = paperdesk(folder, "restore", found[1], "--force")
        assert (back.returncode, back.stderr.count("Traceback")) == (0, 0), back.stderr
        refused = paperdesk(folder, "restore", found[1])
        assert refused.returncode == 1
        assert "The database is not empty" in refused.stderr
        held = DataDir(folder / "data")
        busy = paperdesk(folder, "restore", found[1], "--force")
        held.close()
        assert (busy.returncode, busy.stderr.startswith("Another Paperdesk is already using")) == (1, True)
        assert paperdesk(folder, "restore", "nothing.dump").stderr.startswith("nothing.dump cannot be restored")
