"""Files of another user in the working directory, or in a folder above, run nothing while programs are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.engines.kafka_jars import _fetch
from app.errors import KafkaUnavailable
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

PLANT = "import pathlib; pathlib.Path({proof!r}).touch()\n"


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """A file that every planted program makes."""
    return tmp_path / "proof"


@pytest.fixture
def open_place(tmp_path: Path, proof: Path) -> Path:
    """A working directory in which another user left modules."""
    folder = tmp_path / "open"
    folder.mkdir()
    for name in ("pip", "venv", "compileall", "runpy", "ast"):
        (folder / f"{name}.py").write_text(PLANT.format(proof=str(proof)), "utf-8")
    return folder


def run(*command: object, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))}
    return subprocess.run(  # noqa: S603
        [str(word) for word in command],
        cwd=cwd,
        env=clean | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what installs the desk, in which the uv of this environment takes the place of a fetched one."""
    folder = tmp_path / "project"
    (folder / "deploy").mkdir(parents=True)
    for name in ("install.sh", "build.lock"):
        shutil.copy(PROJECT / "deploy" / name, folder / "deploy")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(PROJECT / name, folder)
    for name in ("app", "bot", "core", "jobs", "ml", "people", "pipeline", "trading"):
        (folder / name).mkdir()
    (folder / "requirements.lock").touch()
    return folder


def test_no_module_of_the_working_directory_installs_uv(open_place: Path, proof: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    done = run(sys.executable, PROJECT / "deploy" / "uv.py", tools, "--version", cwd=open_place, PIP_NO_INDEX="1")
    assert "pip could not install uv" in done.stderr
    assert not proof.exists()


def test_no_module_of_the_working_directory_compiles(
    open_place: Path, project: Path, proof: Path, tmp_path: Path
) -> None:
    (project / "deploy" / "uv.py").touch()
    target = tmp_path / "target"
    assert run(sys.executable, "-m", "venv", "--without-pip", target, cwd=tmp_path).returncode == 0
    source = target / "lib" / "module.py"
    source.touch()
    script = project / "deploy" / "install.sh"
    done = run("sh", script, target, "dependencies", cwd=open_place, PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    assert list((target / "lib" / "__pycache__").glob("module.*.pyc"))
    assert not proof.exists()


def test_no_workspace_above_names_the_build_tools(project: Path, tmp_path: Path) -> None:
    uv = Path(sys.prefix, "uv", "bin", "uv")
    if not uv.exists():
        pytest.skip("needs the uv of `make`")
    (project / "deploy" / "uv.py").write_text(
        f"import os, sys\nos.execv({str(uv)!r}, ['uv', *sys.argv[2:]])\n", encoding="utf-8"
    )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.uv.workspace]\nmembers = ["*/source"]\n[tool.uv.sources]\nsetuptools = { path = "planted-tools" }\n',
        encoding="utf-8",
    )
    (tmp_path / "planted-tools").mkdir()
    target = tmp_path / "target"
    assert run(sys.executable, "-m", "venv", "--without-pip", target, cwd=tmp_path).returncode == 0
    script = project / "deploy" / "install.sh"
    done = run("sh", script, target, "desk", cwd=project, TMPDIR=str(tmp_path), UV_NO_INDEX="1", UV_OFFLINE="1")
    assert "setuptools" in done.stderr
    assert "planted-tools" not in done.stderr


def test_make_installs_without_a_workspace_above() -> None:
    lines = [line for line in (PROJECT / "Makefile").read_text("utf-8").splitlines() if "--editable" in line]
    assert lines
    assert all("--no-sources" in line for line in lines)


def test_maven_takes_no_options_from_above(tmp_path: Path, proof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        pytest.skip("needs Maven")
    (tmp_path / ".mvn").mkdir()
    (tmp_path / ".mvn" / "jvm.config").write_text(f"-Xlog:gc:file={proof}\n", "utf-8")
    monkeypatch.setenv("MAVEN_OPTS", f"-Dmaven.repo.local={tmp_path / 'empty'} -Dhttps.proxyHost=127.0.0.1")
    monkeypatch.chdir(tmp_path)
    draft = tmp_path / "draft"
    draft.mkdir()
    with pytest.raises(KafkaUnavailable, match="Maven failed"):
        _fetch(maven, draft, draft / "jars")
    assert not proof.exists()
