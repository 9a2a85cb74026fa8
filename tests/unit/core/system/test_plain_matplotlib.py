"""Settings of matplotlib that another user left in the working directory."""

import ast
import os
import subprocess
import sys
from pathlib import Path

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


PLAIN = "[False, '', 'UTC', 'white']"


def test_settings_of_the_working_directory_are_not_read(tmp_path: Path) -> None:
    """The command imports the module that draws for it, as `paperdesk evaluate` does with `ml.evaluation.report`."""
    (tmp_path / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    assert asked("app.cli.quality", tmp_path) == [PLAIN, str(tmp_path.resolve())]


def test_a_fifo_in_the_working_directory_stops_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "matplotlibrc")
    assert asked("core.system.isolated_matplotlib", tmp_path)[0] == PLAIN


def test_settings_of_the_environment_change_no_picture(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\naxes.facecolor: red\n", encoding="utf-8")
    for name in ("MATPLOTLIBRC", "MPLCONFIGDIR"):
        assert asked("core.system.isolated_matplotlib", Path("/"), **{name: str(tmp_path)})[0] == PLAIN


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
