"""Which backups a desk takes for its own, and what the code of another one can do."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from app.backups.backup_and_restore import backups_of, find_program, private_copy, restore
from app.backups.errors import BackupForeign, BackupRenamed, BackupUnsigned, NotABackup, RestoreFailed
from app.backups.key import backup_key, check_origin
from app.database.logins import separate_logins
from app.settings import Settings
from jobs.backups.backup import Backups
from jobs.backups.signature import backup_name, code_file, content_code
from jobs.settings import BackupSettings
from tests.paths import PROJECT

NIGHT = int(datetime(2026, 11, 23, 3, tzinfo=UTC).timestamp() * 1000)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")
DAY = timedelta(days=1) // timedelta(milliseconds=1)


def job(dsn: str, folder: Path, *, keep: int = 3, at: int = NIGHT) -> Backups:
    return Backups(dsn, folder, find_program, lambda: at, keep=keep, key=b"key")


def settings_of(folder: Path, key: str = "") -> Settings:
    """Those of a desk with a data directory of its own."""
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    return Settings(data_dir=data, backups=BackupSettings(key=SecretStr(key)))


async def test_a_backup_of_this_desk_is_known(dsn: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    made = await backups_of(settings, dsn, lambda: NIGHT).run()
    check_origin(made.path, settings)
    kept = settings.data_dir / "backup.key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(backup_key(settings)) == 64
    assert code_file(made.path).stat().st_mode & 0o777 == 0o600


async def test_a_backup_without_a_code_is_refused(dsn: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    made = await backups_of(settings, dsn, lambda: NIGHT).run()
    code_file(made.path).unlink()
    with pytest.raises(BackupUnsigned):
        check_origin(made.path, settings)


@pytest.mark.parametrize("code", ["", "0" * 64, "f" * 10_000, "\0", "é"])
async def test_a_backup_with_a_wrong_code_is_refused(code: str, dsn: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    made = await backups_of(settings, dsn, lambda: NIGHT).run()
    code_file(made.path).write_text(code, encoding="utf-8")
    with pytest.raises(BackupForeign):
        check_origin(made.path, settings)


async def test_an_old_backup_under_a_new_name_is_refused(dsn: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    made = await backups_of(settings, dsn, lambda: NIGHT).run()
    for name in ("paperdesk-2026-11-30T030000Z.dump", "mine.dump"):
        later = made.path.with_name(name)
        shutil.copyfile(made.path, later)
        shutil.copyfile(code_file(made.path), code_file(later))
        with pytest.raises(BackupRenamed) as refused, private_copy(later, settings.data_dir) as copy:
            check_origin(copy, settings)
        assert (refused.value.path, refused.value.name) == (str(later), made.path.name)


async def test_a_backup_of_an_older_version_counts_under_the_name_of_its_time(dsn: str, tmp_path: Path) -> None:
    settings, now = settings_of(tmp_path), datetime.now(UTC)
    made = await backups_of(settings, dsn, lambda: int(now.timestamp() * 1000)).run()
    for days, name in ((0, ""), (30, ""), (-2, ""), (0, "mine.dump")):
        file = tmp_path / (name or backup_name(now + timedelta(days=days)))
        shutil.copyfile(made.path, file)
        code_file(file).write_text(content_code(file, backup_key(settings)) + "\n")
        if days:
            with pytest.raises(BackupRenamed) as refused:
                check_origin(file, settings)
            assert refused.value.name.startswith(f"paperdesk-{now.astimezone().date()}")
        else:
            check_origin(file, settings)


@as_root
async def test_planted_names_prevent_no_backup(dsn: str, tmp_path: Path) -> None:
    folder = tmp_path / "sticky"
    folder.mkdir()
    folder.chmod(0o1777)
    for name in ("paperdesk-2026-11-23T030000Z.dump.hmac", "paperdesk-2026-11-24T030000Z.dump"):
        (folder / name).touch()
        os.chown(folder / name, 60_000, 60_000)
    for day in range(2):
        made = await job(dsn, folder, at=NIGHT + day * DAY).run()
        assert made.path.name.startswith(f"paperdesk-2026-11-{23 + day}T030000Z-")
        check_origin(made.path, settings_of(tmp_path, "key"))


async def test_a_changed_backup_is_refused(dsn: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    made = await backups_of(settings, dsn, lambda: NIGHT).run()
    content = bytearray(made.path.read_bytes())
    content[-1] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(BackupForeign):
        check_origin(made.path, settings)


async def test_a_backup_of_another_desk_is_refused(dsn: str, tmp_path: Path) -> None:
    made = await job(dsn, tmp_path / "theirs").run()
    for stranger in (settings_of(tmp_path), settings_of(tmp_path, "another"), Settings(data_dir=tmp_path / "none")):
        with pytest.raises(BackupForeign):
            check_origin(made.path, stranger)
    check_origin(made.path, settings_of(tmp_path, "key"))


async def test_what_was_checked_is_what_is_restored(dsn: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    made = await backups_of(settings, dsn, lambda: NIGHT).run()
    content = made.path.read_bytes()
    with private_copy(made.path, settings.data_dir) as copy:
        check_origin(copy, settings)
        made.path.write_bytes(b"exchanged meanwhile")
        assert copy.read_bytes() == content
        assert copy.parent.stat().st_mode & 0o777 == 0o700
    assert not copy.parent.exists()


def test_a_refused_copy_names_the_file_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "mine.dump"
    file.write_bytes(b"no backup")
    with pytest.raises(BackupUnsigned) as refused, private_copy(file, tmp_path) as copy:
        check_origin(copy, settings_of(tmp_path))
    assert (refused.value.path, refused.value.missing) == (str(file), "mine.dump.hmac")
    code_file(file).write_text("0" * 10_000)
    with pytest.raises(BackupForeign) as refused_too, private_copy(file, tmp_path) as copy:
        check_origin(copy, settings_of(tmp_path))
    assert refused_too.value.path == str(file)


def test_what_is_no_file_is_not_copied(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.dump")
    for path in (tmp_path, tmp_path / "nothing.dump", tmp_path / "pipe.dump"):
        with pytest.raises(NotABackup) as refused, private_copy(path, tmp_path):
            pass
        assert refused.value.path == str(path)


def test_a_pipe_as_the_code_delays_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.dump"
    file.write_bytes(b"no backup")
    os.mkfifo(code_file(file))
    with pytest.raises(NotABackup) as refused, private_copy(file, tmp_path):
        pass
    assert refused.value.path == str(file)
    with pytest.raises(NotABackup):
        check_origin(file, settings_of(tmp_path))


def test_a_forged_file_is_not_copied(tmp_path: Path) -> None:
    """It may be sparse, and then a copy takes the room that the file does not."""
    file, folder = tmp_path / "mine.dump", tmp_path / "data"
    folder.mkdir()
    code_file(file).write_text("2 ab mine.dump")
    with file.open("wb") as sparse:
        sparse.truncate(1 << 20)
    copied: list[Path] = []

    def check(path: Path) -> None:
        copied.extend(folder.glob("*/*.dump"))
        check_origin(path, settings_of(tmp_path))

    with pytest.raises(BackupForeign), private_copy(file, folder, check):
        pass
    assert copied == []
    with file.open("r+b") as sparse:
        sparse.truncate(1 << 43)
    with pytest.raises(NotABackup, match="no room"), private_copy(file, folder, check):
        pass
    assert copied == []


def test_the_copy_of_a_killed_restore_goes(tmp_path: Path) -> None:
    file = tmp_path / "mine.dump"
    file.write_bytes(b"no backup")
    left = tmp_path / "restore-left"
    left.mkdir()
    (left / "mine.dump").write_bytes(b"no backup")
    (left / ".paperdesk-restore").touch()
    with private_copy(file, tmp_path) as running, private_copy(file, tmp_path) as copy:
        assert not left.exists()
        assert running.exists()
        assert copy.exists()


def test_a_folder_of_the_user_stays(tmp_path: Path) -> None:
    file, kept = tmp_path / "mine.dump", tmp_path / "restore-notes" / "of-mine.txt"
    file.write_bytes(b"no backup")
    kept.parent.mkdir()
    kept.touch()
    with private_copy(file, tmp_path):
        pass
    assert kept.exists()


def test_a_stop_signal_ends_the_check_of_a_large_file(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", _CHECKED_FOR_EVER, str(tmp_path)], cwd=PROJECT, capture_output=True, check=False
    )
    assert done.returncode == 128 + signal.SIGTERM
    assert not [*tmp_path.glob("restore-*")]


_CHECKED_FOR_EVER = """
import os, pathlib, signal, sys
from app.backups.backup_and_restore import private_copy
from app.ops.stop_signals import record_stop_signals

def check(path):
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(10_000_000):
        pass
    print("checked to the end")
    sys.exit(0)

record_stop_signals()
folder = pathlib.Path(sys.argv[1])
(folder / "mine.dump").touch()
with private_copy(folder / "mine.dump", folder, check):
    pass
"""


def test_a_code_under_no_key_proves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "evil.dump"
    file.write_bytes(b"evil")
    code_file(file).write_text(content_code(file, b""))
    with pytest.raises(BackupForeign):
        check_origin(file, Settings(data_dir=tmp_path / "none"))


def test_what_is_no_file_is_no_backup(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.dump"):
        with pytest.raises(NotABackup):
            check_origin(path, settings_of(tmp_path))


async def test_an_old_backup_goes_with_its_code(dsn: str, tmp_path: Path) -> None:
    for day in range(3):
        await job(dsn, tmp_path, keep=1, at=NIGHT + day * DAY).run()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".dump", ".hmac"]  # noqa: ASYNC240


async def test_code_in_a_backup_runs_without_rights(dsn: str, tmp_path: Path) -> None:
    script_ran = Path(tempfile.gettempdir()) / f"paperdesk-evil-{os.getpid()}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION evil() RETURNS int LANGUAGE plpgsql AS"
            f" $$ BEGIN COPY (SELECT 1) TO PROGRAM 'cat > {script_ran}'; RETURN 1; END $$"
        )
        connection.execute("CREATE MATERIALIZED VIEW trap AS SELECT evil() WITH NO DATA")
        connection.execute("REFRESH MATERIALIZED VIEW trap")
        made = await job(dsn, tmp_path).run()
        script_ran.unlink()
        name = f"victim_{os.getpid()}"
        connection.execute(f"CREATE DATABASE {name}")
    victim = dsn.rpartition("/")[0] + "/" + name
    try:
        owner = separate_logins(victim).owner
        with pytest.raises(RestoreFailed, match="evil"):
            restore(made.path, owner, force=True)
        assert not script_ran.exists()
        restore(made.path, victim, force=True)  # the superuser, as before, runs it
        assert script_ran.exists()
    finally:
        script_ran.unlink(missing_ok=True)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
