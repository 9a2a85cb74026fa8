"""Settings of matplotlib that another user left in the working directory."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.system.child_env import python_env
from tests.paths import PROJECT

SETTINGS = "text.usetex: True\ntext.latex.preamble: \\input{/etc/hostname}\ntimezone: Asia/Seoul\naxes.facecolor: red\n"
ASK = """
import {module}, matplotlib, os
print([matplotlib.rcParams[name] for name in ("text.usetex", "text.latex.preamble", "timezone", "axes.facecolor")])
print(os.getcwd())
"""


def asked(module: str, folder: Path, **extra: str) -> list[str]:
    command = [sys.executable, "-c", ASK.format(module=module)]
    env = python_env(extra)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603 - this interpreter
    assert "matplotlibrc" not in done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("module", ["ml.evaluation.report", "app.cli.quality"])
def test_settings_of_the_working_directory_are_not_read(module: str, tmp_path: Path) -> None:
    """Both import the modules that draw for them."""
    (tmp_path / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    assert asked(module, tmp_path) == ["[False, '', 'UTC', 'white']", str(tmp_path.resolve())]


def test_a_fifo_in_the_working_directory_stops_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "matplotlibrc")
    assert asked("app.cli.quality_page", tmp_path)[0] == "[False, '', 'UTC', 'white']"


@pytest.mark.parametrize("name", ["MATPLOTLIBRC", "MPLCONFIGDIR"])
def test_settings_of_the_environment_change_no_picture(name: str, tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\naxes.facecolor: red\n", encoding="utf-8")
    assert (
        asked("core.system.isolated_matplotlib", Path("/"), **{name: str(tmp_path)})[0] == "[False, '', 'UTC', 'white']"
    )


def test_every_module_outside_the_charts_loads_it_plainly() -> None:
    """Charts are drawn by workers alone, which load it plainly before them."""
    importing = []
    for folder in ("app", "jobs", "ml", "trading", "pipeline"):
        for path in (PROJECT / folder).rglob("*.py"):
            names = _imported(path)
            theirs = [number for number, name in enumerate(names) if name.split(".")[0] == "matplotlib"]
            if theirs and path.stem != "plain_matplotlib":
                importing.append(path.stem)
                assert names.index("core.system.isolated_matplotlib") < theirs[0], path
    assert sorted(importing) == ["plots", "quality_page"]


def _imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [each.name for each in node.names]
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names
