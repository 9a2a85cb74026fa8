"""The task runner explains itself."""

import re
import subprocess

from tests.paths import PROJECT


def test_help_names_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets
    listed = subprocess.run(["make", "-C", str(PROJECT), "help"], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
    lines = [line for line in listed.splitlines() if not line.startswith("make")]
    assert {line.split()[0] for line in lines} == set(targets[1].split())
    assert all(len(line.split()) > 2 for line in lines)
