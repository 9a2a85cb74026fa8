"""What child processes are told by their environment: nothing secret, and nothing of the desk's settings."""

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from app.engines.kafka_jars import find_java, resolve_jars
from app.errors import KafkaUnavailable
from app.training import launcher
from app.training.protocol import TrainingRequest
from bot.platforms.console.files import Viewer
from bot.ui.charts.workers.pool import ChartWorkers
from core.system.child_env import program_env, python_env, screen_env
from people.operators.ledger_audit import AuditProcess
from tests.charts_specs import candles_spec, walk
from tests.paths import PROJECT
from tests.support.push_house import until

SECRET = "SECRETNOTREAL12345"
SECRETS = (
    *("PAPERDESK_TELEGRAM__TOKEN", "PAPERDESK_TELEGRAM__WEBHOOK_SECRET", "PAPERDESK_DISCORD__TOKEN"),
    *("PAPERDESK_POSTGRES__DSN", "PAPERDESK_OPERATORS__TELEGRAM", "paperdesk_telegram__token", "AWS_SECRET_ACCESS_KEY"),
    *("GITHUB_TOKEN", "HTTPS_PROXY", "CREDENTIALS_DIRECTORY", "REDISCLI_AUTH", "XDG_SECRET"),
)
SPAWNING = frozenset(("Popen", "run", "check_output", "check_call", "call", "create_subprocess_exec", "spawn"))


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SECRETS, "PGPASSWORD"):
        monkeypatch.setenv(name, SECRET)


def told(environment: Mapping[str, str]) -> list[str]:
    return [name for name, value in environment.items() if SECRET in value]


def test_no_secret_is_told_to_a_program_or_python() -> None:
    assert told(program_env()) == told(python_env()) == told(screen_env()) == []
    assert {"PATH", "HOME"} <= program_env().keys()


def test_only_clients_of_the_database_know_its_password() -> None:
    assert told(program_env(database=True)) == told(python_env(database=True)) == ["PGPASSWORD"]
    assert program_env({"PGPASSWORD": "own"}, database=True)["PGPASSWORD"] == "own"


def test_a_python_child_finds_the_projects_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert python_env({"MPLCONFIGDIR": "/fonts"})["PYTHONPATH"].split(os.pathsep) == [str(PROJECT), "/elsewhere"]


async def test_a_running_chart_worker_holds_no_secret(tmp_path: Path) -> None:
    async with ChartWorkers(cache_dir=tmp_path) as workers:
        await workers.draw(candles_spec(walk(30)))
        held = _environment_of("bot.ui.charts.workers.worker")
    assert told(held) == []
    assert held["MPLCONFIGDIR"] == str(tmp_path)


@pytest.mark.parametrize(
    "module", ["bot.ui.charts.workers.worker", "trading.ledger.audit_process", "app.training.worker"]
)
def test_no_child_imports_from_the_working_directory(tmp_path: Path, module: str) -> None:
    for name in ("bot", "trading", "app", "numpy", "msgspec"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("import sys; print('planted'); sys.exit(3)\n", encoding="utf-8")
    command = [sys.executable, "-m", module]
    done = subprocess.run(  # noqa: S603
        command, cwd=tmp_path, env=python_env(), stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
    )
    assert b"planted" not in done.stdout
    assert done.returncode != 3


@pytest.mark.parametrize("named", ["{sep}{root}", "{root}{sep}", "{root}{sep}{sep}/nowhere"])
def test_an_empty_entry_of_the_python_path_is_no_working_directory(tmp_path: Path, named: str) -> None:
    for name in ("argparse", "msgspec", "uvloop"):
        (tmp_path / f"{name}.py").write_text("import os; os.write(1, b'planted'); os._exit(3)\n", encoding="utf-8")
    program = tmp_path / "bin" / "paperdesk"  # as pip writes it
    program.parent.mkdir()
    program.write_text("import sys\nfrom app.cli.main import main\nsys.exit(main())\n", encoding="utf-8")
    path = named.format(sep=os.pathsep, root=PROJECT)
    for environ, planted in (({"PYTHONPATH": path}, False), ({"PYTHONPATH": f"{path}{os.pathsep}{tmp_path}"}, True)):
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(program), "--version"],
            cwd=tmp_path,
            env=program_env(environ),
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert (b"planted" in done.stdout) is planted, done.stderr
        assert done.returncode == (3 if planted else 0)


async def test_a_chart_worker_reads_no_matplotlibrc_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with ChartWorkers() as workers:
        await workers.draw(candles_spec(walk(30)))
        (child,) = (each for each in psutil.Process().children() if "bot.ui.charts.workers.worker" in _command(each))
        assert child.cwd() == "/"


def test_a_relative_python_path_keeps_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"plugins{os.pathsep}{os.pathsep}/opt/more")
    assert python_env()["PYTHONPATH"].split(os.pathsep)[1:] == [str(Path("plugins").absolute()), "/opt/more"]


async def test_audit_and_trainer_start_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Mapping[str, str]] = []

    async def start(*_: object, env: Mapping[str, str], **__: object) -> None:
        started.append(env)
        raise OSError("no child")

    monkeypatch.setattr("asyncio.create_subprocess_exec", start)
    lesson = TrainingRequest("postgresql://a:b@c/d", "redis://", "sim", (5,), ("BTCUSDC",), 0, 1, 2, 100, 10)
    with pytest.raises(OSError, match="no child"):
        await launcher.run_process(lesson, launcher.unheard)
    async with AuditProcess("postgresql://a:b@c/d") as audits:
        with pytest.raises(OSError, match="no child"):
            await audits.start(10.0)
    assert [told(environment) for environment in started] == [["PGPASSWORD"]] * 2
    assert started[0]["OMP_NUM_THREADS"] == "2"


async def test_the_picture_viewer_is_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "viewer"
    program.write_text('#!/bin/sh\nenv > "$1"\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-1")
    await Viewer(str(program)).show(tmp_path / "environment")
    await until((tmp_path / "environment").exists)
    written = (tmp_path / "environment").read_text(encoding="utf-8")
    assert SECRET not in written
    assert "WAYLAND_DISPLAY=wayland-1" in written


@pytest.mark.parametrize("name", ["java", "mvn"])
def test_java_and_maven_are_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    program = tmp_path / name
    program.write_text('#!/bin/sh\nenv > "$0.env"\necho \'version "21"\' >&2\nexit 1\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("JAVA_HOME", "/opt/java")
    if name == "java":
        find_java()
    else:
        with pytest.raises(KafkaUnavailable):
            resolve_jars(tmp_path / "cache")
    written = program.with_suffix(".env").read_text(encoding="utf-8")
    assert SECRET not in written
    assert "HOME=" in written
    assert ("JAVA_HOME=/opt/java" in written) == (name == "mvn")


def test_every_child_of_the_desk_is_given_its_environment() -> None:
    for folder in ("app", "bot", "jobs", "ml", "trading", "pipeline"):
        for path in (PROJECT / folder).rglob("*.py"):
            assert list(_inheriting(path)) == []
            assert "**os.environ" not in path.read_text(encoding="utf-8"), path


def _inheriting(path: Path) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return [
        f"{path}:{call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in SPAWNING
        and ast.unparse(call.func).startswith(("subprocess.", "asyncio.create_subprocess"))
        and not any(keyword.arg == "env" for keyword in call.keywords)
    ]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # a child of another test that ended a moment ago
        return []


def _environment_of(module: str) -> dict[str, str]:
    (child,) = (each for each in psutil.Process().children() if module in _command(each))
    return dict(child.environ())
