"""The command line as a person runs it: what is printed, the exit code, and no traceback."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.database.queries import fetch
from app.engines import Engines
from app.engines.datadir import DataDir, take_lock
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

WELL_KNOWN = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.environ.get("HOME", "/")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data directory for outside servers: only the log goes there."""
    return tmp_path / "data"


ALREADY = "Another Paperdesk is already using"
OTHERWISE = "Use that one or stop it, or set PAPERDESK_DATA_DIR to another directory."


def _paperdesk(tmp_path: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "app.cli.main", *arguments]
    root = {"PYTHONPATH": str(PROJECT)}
    return subprocess.run(  # noqa: S603
        command,
        env=WELL_KNOWN | root | environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def _outside(engines: Engines, dsn: str, folder: Path) -> dict[str, str]:
    return {
        "PAPERDESK_DATA_DIR": str(folder),
        "PAPERDESK_POSTGRES__DSN": dsn,
        "PAPERDESK_REDIS__URL": engines.redis_url,
    }


def test_the_version_is_told_without_touching_anything(tmp_path: Path) -> None:
    done = _paperdesk(tmp_path, "--version")
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "paperdesk", "")


def test_outside_servers_are_migrated_and_nothing_is_started(
    tmp_path: Path, engines: Engines, empty_dsn: str, folder: Path
) -> None:
    done = _paperdesk(tmp_path, "migrate", **_outside(engines, empty_dsn, folder))
    assert (done.returncode, done.stdout) == (0, "")
    assert all(line.startswith("Starting the database") for line in done.stderr.splitlines()), "only said when it takes"
    assert sorted(path.name for path in folder.iterdir()) == ["desk.log"]
    assert "applied migration 0000.roles" in (folder / "desk.log").read_text()


def test_the_owner_sets_the_grant_and_a_desk_keeps_to_it(
    tmp_path: Path, engines: Engines, dsn: str, folder: Path
) -> None:
    outside = _outside(engines, dsn, folder)
    for setting in ({"PAPERDESK_TRADING__OPENING_GRANT": "500"}, {}):  # without it nothing changes
        done = _paperdesk(tmp_path, "migrate", **outside, **setting)
        assert (done.returncode, done.stdout) == (0, "")
        assert fetch(dsn, "SELECT current_opening_grant()")[0][0] == 500
    application = outside | {"PAPERDESK_POSTGRES__DSN": f"{dsn}?options=-c%20role%3Dpaperdesk_app"}
    done = _paperdesk(tmp_path, "serve", **application, LANG="en_US.UTF-8", PYTHONUTF8="1")
    assert done.returncode == 1
    assert "Accounts in this database open with 500, but PAPERDESK_TRADING__OPENING_GRANT is 1000000" in done.stderr
    done = _paperdesk(tmp_path, "audit", **application)
    assert done.returncode == 0, "what opens no account needs no grant"


def test_a_wrong_setting_is_one_sentence_in_the_terminals_language(tmp_path: Path) -> None:
    done = _paperdesk(tmp_path, "migrate", PAPERDESK_MARKT="x", LANG="ko_KR.UTF-8", PYTHONUTF8="1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("PAPERDESK_MARKT 설정은 없습니다.")
    assert done.stderr.count("\n") == 1


def test_a_data_directory_below_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _paperdesk(tmp_path, "migrate", PAPERDESK_DATA_DIR=str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path}/file/below cannot be the data directory, because it or a part")
    assert done.stderr.count("\n") == 1


def test_a_busy_data_directory_is_one_sentence(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to the account that root drops to
        held = DataDir(Path(folder))
        done = _paperdesk(tmp_path, "migrate", PAPERDESK_DATA_DIR=folder)
        held.close()
    assert done.returncode == 1
    assert done.stderr.startswith(ALREADY)


def test_a_second_kafka_on_the_same_data_leaves_the_first_alone(tmp_path: Path) -> None:
    home = tmp_path / "data" / "kafka-4"
    home.mkdir(parents=True)
    held = take_lock(home)
    done = _paperdesk(tmp_path, "kafka", "--port", "0", PAPERDESK_DATA_DIR=str(home.parent))
    os.close(held)
    assert done.returncode == 1
    assert done.stderr == f"{ALREADY} {home}. {OTHERWISE}\n"


def test_a_port_for_kafka_that_is_none_is_refused_with_what_may_be_given(tmp_path: Path) -> None:
    done = _paperdesk(tmp_path, "kafka", "--port", "99999")
    assert done.returncode == 2
    assert "a port from 0 to 65535, not 99999" in done.stderr
    assert "Traceback" not in done.stderr


def test_servers_that_are_not_there_are_one_sentence_without_their_passwords(
    tmp_path: Path, engines: Engines, dsn: str, folder: Path
) -> None:
    nobody = "127.0.0.1:1"
    outside = _outside(engines, dsn, folder)
    no_database = outside | {"PAPERDESK_POSTGRES__DSN": f"postgresql://desk:geheim@{nobody}/desk"}
    no_redis = outside | {"PAPERDESK_REDIS__URL": f"redis://:geheim@{nobody}/0"}
    for environ, beginning in (
        (no_database, f"The PostgreSQL server at {nobody}/desk does not respond"),
        (no_redis, f"The Redis server at {nobody}/0 does not respond"),
    ):
        done = _paperdesk(tmp_path, "migrate", **environ)
        assert done.returncode == 1
        (told,) = [line for line in done.stderr.splitlines() if not line.endswith("...")]  # progress, if it takes long
        assert told.startswith(beginning)
        assert "geheim" not in done.stderr + (folder / "desk.log").read_text()


def test_settings_show_no_secret(tmp_path: Path) -> None:
    done = _paperdesk(tmp_path, "settings", PAPERDESK_TELEGRAM__TOKEN="1:geheim", PAPERDESK_MARKET="sim")
    assert done.returncode == 0
    assert "PAPERDESK_MARKET=sim\n" in done.stdout
    assert "geheim" not in done.stdout


def test_our_own_mistakes_go_to_the_log_and_a_sentence_says_where(
    tmp_path: Path, engines: Engines, dsn: str, folder: Path
) -> None:
    script = (
        "import sys, app.startup, app.cli.main\n"
        "def broken(*_): raise RuntimeError('boom')\n"
        "app.startup.migrate = broken\n"
        "sys.exit(app.cli.main.main(['migrate']))\n"
    )
    command = [sys.executable, "-c", script]
    environ = WELL_KNOWN | {"PYTHONPATH": str(PROJECT)} | _outside(engines, dsn, folder)
    done = subprocess.run(  # noqa: S603
        command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("An internal error stopped Paperdesk")
    assert str(folder / "desk.log") in done.stderr
    assert "Traceback" not in done.stderr
    assert "boom" in (folder / "desk.log").read_text()


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["monitor", "--once"], ["audit"], ["produce"]])
def test_a_password_is_not_sent_in_clear_to_another_machine(tmp_path: Path, command: list[str]) -> None:
    servers = {
        "PAPERDESK_POSTGRES__DSN": "postgresql://desk:geheim@db.invalid/desk",
        "PAPERDESK_REDIS__URL": "redis://:geheim@cache.invalid/0",
        "PAPERDESK_KAFKA__BOOTSTRAP": "kafka.invalid:9092",
    }
    done = _paperdesk(tmp_path, *command, PAPERDESK_DATA_DIR=str(tmp_path / "data"), **servers)
    assert done.returncode == 1
    assert done.stderr.startswith("The PostgreSQL server db.invalid is on another machine")
    assert done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr


def test_no_process_of_the_desk_leaves_its_memory_behind() -> None:
    shown = "print(resource.getrlimit(resource.RLIMIT_CORE))"
    program = f"import resource, app.cli.main; app.cli.main.main(['settings', '--example']); {shown}"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
        cwd=PROJECT,
    )
    assert done.stdout.endswith("(0, 0)\n")
