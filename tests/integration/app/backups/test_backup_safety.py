"""Backups beside other users of the machine: no secret on a command line, no link followed."""

import asyncio
from pathlib import Path

import pytest

from app.backups import backup_and_restore
from app.backups.backup_and_restore import find_program, restore
from jobs.backups import backup
from jobs.backups.backup import without_password
from jobs.errors import BackupFailed, BackupFolderUnwritable
from tests.integration.app.backups.backup_jobs import files, job, script
from tests.support.trading_house import findings

NOT_IN_CLEAR, BY_SCRAM = {"PGREQUIREAUTH": "!password"}, {"PGREQUIREAUTH": "scram-sha-256"}


def test_passwords_are_not_on_the_command_line() -> None:
    address, secret = without_password("postgresql://de%20sk:ge%2Fheim@host:5432/desk?sslmode=require")
    assert address == "postgresql://de%20sk@host:5432/desk?sslmode=require"
    assert secret == {"PGPASSWORD": "ge/heim", **BY_SCRAM}
    assert without_password("postgresql://h/desk") == ("postgresql://h/desk", NOT_IN_CLEAR)
    queried = "postgresql:///desk?host=%2Frun%2Fpostgresql&password=s%26x&user=anna"
    assert without_password(queried) == (
        "postgresql:///desk?host=%2Frun%2Fpostgresql&user=anna",
        {"PGPASSWORD": "s&x", **NOT_IN_CLEAR},
    )
    assert without_password("postgresql://u:old@h/d?pass%77ord=new") == (
        "postgresql://u@h/d",
        {"PGPASSWORD": "new", **BY_SCRAM},
    )
    proved = "postgresql://h/d?sslmode=verify-full"
    assert without_password(proved) == (proved, {})


async def test_no_secret_is_on_a_command_line_and_all_are_told(
    dsn: str, empty_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    more = "?password=canary%23one&sslpassword=canary%20%26two"
    told = f'printf "%s " "$@" >>{seen}; cat "$PGSERVICEFILE" >>{tmp_path}/file; exec'
    dump, psql = find_program("pg_dump"), find_program("psql")
    made = await job(dsn + more, tmp_path / "b", script(tmp_path, "pg_dump", f'{told} "{dump}" "$@"')).run()
    monkeypatch.setattr(backup_and_restore, "find_program", script(tmp_path, "psql", f'{told} "{psql}" "$@"'))
    await asyncio.to_thread(restore, made.path, empty_dsn + more, force=False)
    assert await findings(empty_dsn) == []
    assert seen.read_text().count("--dbname=") == 2
    assert "canary" not in seen.read_text()
    assert (tmp_path / "file").read_text() == "[paperdesk]\nsslpassword=canary &two\n" * 2


async def test_a_link_in_the_place_of_a_draft_is_not_written_through(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "backups"
    victim.write_text("untouched")
    folder.mkdir()
    monkeypatch.setattr(backup.secrets, "token_hex", lambda _: "foreseen")
    (folder / "paperdesk-2026-11-23T030000Z.dump.foreseen.new").symlink_to(victim)
    with pytest.raises(BackupFailed):
        await job(dsn, folder).run()
    assert victim.read_text() == "untouched"


async def test_a_link_that_replaces_the_draft_is_not_written_through(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "backups"
    victim.write_text("untouched")
    monkeypatch.setattr(backup.secrets, "token_hex", lambda _: "foreseen")
    draft = f"{folder}/paperdesk-2026-11-23T030000Z.dump.foreseen.new"
    swap = f'rm "{draft}"; ln -s "{victim}" "{draft}"; exec "{find_program("pg_dump")}" "$@"'
    with pytest.raises(BackupFailed):
        await job(dsn, folder, script(tmp_path, "pg_dump", swap)).run()
    assert victim.read_text() == "untouched"
    assert files(folder) == []


async def test_a_folder_behind_a_link_gets_no_backup(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "backups").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BackupFolderUnwritable):
        await job(dsn, tmp_path / "backups").run()
    assert files(tmp_path / "elsewhere") == []
