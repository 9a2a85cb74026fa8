"""Backups on real PostgreSQL: made whole or not at all, and the way back proven by the audit."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import psycopg
import pytest

from app.backups import backup_and_restore
from app.backups.backup_and_restore import check_backup, find_program, restore
from app.backups.errors import BackupNewer, DatabaseInUse, DatabaseNotEmpty, NotABackup, RestoreFailed
from app.database.migrate import MIGRATIONS, ROLE, migrate
from app.engines import Engines
from jobs.backups.backup import Backup
from jobs.backups.signature import code_file
from jobs.errors import BackupDiskFull, BackupFailed, BackupFolderUnwritable, NoDumpProgram
from tests.fakes.priced_market import BTC, PricedMarket
from tests.integration.app.backups.backup_jobs import NIGHT, files, job, script
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS
from tests.support.trading_house import findings
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Side
from trading.settings import TradingSettings

DAY = timedelta(days=1) // timedelta(milliseconds=1)


async def trade(dsn: str, name: str) -> int:
    """Orders as the application places them; how many there are."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings={"role": ROLE}) as pool:
        desk = Desk(PricedMarket(), PostgresLedger(pool), TradingSettings(), lambda: NIGHT)
        account = await desk.open(1, "open")
        for number in range(3):
            await desk.place(account, f"{name}-{number}", Side.BUY, BTC, QuoteAmount(Decimal(100)))
        return int(await pool.fetchval("SELECT count(*) FROM orders"))


def pair(made: Backup) -> list[str]:
    """The names of a backup and of its authentication code."""
    return [made.path.name, code_file(made.path).name]


async def test_what_was_backed_up_comes_back_to_the_last_digit_and_trading_goes_on(
    dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    assert await trade(dsn, "before") == 3
    made = await job(dsn, folder).run()
    assert made == Backup(folder / "paperdesk-2026-11-23T030000Z.dump", made.path.stat().st_size, 0)
    assert (made.path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert await trade(dsn, "after") == 6
    restore(made.path, empty_dsn, force=False)
    assert await findings(empty_dsn) == []
    restore(made.path, dsn, force=True)
    assert await findings(dsn) == []
    for address in (dsn, empty_dsn):
        with psycopg.connect(address) as owner:
            assert owner.execute("SELECT count(*) FROM orders").fetchone() == (3,)
            assert owner.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'").fetchone()
    assert await trade(dsn, "again") == 6, "the application's role may do there what it could before"
    assert await findings(dsn) == []


async def test_the_application_can_do_no_more_after_a_restore_than_before(
    dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    migrate(dsn)  # shows a reader of the server what it holds
    made = await job(dsn, tmp_path).run()
    restore(made.path, empty_dsn, force=False)
    rights = (
        "SELECT relname,"
        " coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner))::text"
        " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT proname, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " UNION ALL SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname = 'public' ORDER BY 1, 2"
    )
    with psycopg.connect(dsn) as one, psycopg.connect(empty_dsn) as other:
        assert one.execute(rights).fetchall() == other.execute(rights).fetchall()


async def test_a_database_that_holds_something_or_is_in_use_is_left_alone(dsn: str, tmp_path: Path) -> None:
    await trade(dsn, "a")
    made = await job(dsn, tmp_path).run()
    await trade(dsn, "b")
    with pytest.raises(DatabaseNotEmpty) as refused:
        restore(made.path, dsn, force=False)
    assert refused.value.tables > 20
    with psycopg.connect(dsn), pytest.raises(DatabaseInUse):
        restore(made.path, dsn, force=True)
    assert await trade(dsn, "c") == 9


async def test_a_restore_that_fails_half_way_changes_nothing(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await trade(dsn, "a")
    made = await job(dsn, tmp_path).run()
    await trade(dsn, "b")
    real = find_program("pg_restore")
    texts = [f'"{real}" "$@" | head -n 40; exit 1', f'"{real}" "$@"; echo "SELECT no_such_thing;"']
    texts += [f'case "$*" in *--{option}*) exit 1;; esac; "{real}" "$@"' for option in ("list", "use-list")]
    for text in texts:
        monkeypatch.setattr(backup_and_restore, "find_program", script(tmp_path, "pg_restore", text))
        monkeypatch.setattr(backup_and_restore, "check_backup", lambda _: None)
        with pytest.raises(RestoreFailed):
            restore(made.path, dsn, force=True)
    assert await trade(dsn, "c") == 9
    assert await findings(dsn) == []


async def test_only_whole_backups_of_a_version_that_is_known_are_restored(
    dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    made = await job(dsn, tmp_path).run()
    data = made.path.read_bytes()
    damaged = {"cut.dump": data[: len(data) * 2 // 3], "text.dump": b"hello", "empty.dump": b""}
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotABackup):
            check_backup(tmp_path / name)
    with pytest.raises(NotABackup):
        check_backup(tmp_path / "missing.dump")
    with psycopg.connect(empty_dsn, autocommit=True) as other:
        other.execute("CREATE TABLE something (id int)")
    foreign = await job(empty_dsn, tmp_path / "other").run()
    with pytest.raises(NotABackup):
        check_backup(foreign.path)
    with psycopg.connect(dsn, autocommit=True) as owner:
        mark = "INSERT INTO _yoyo_migration SELECT 'x', '9999.later', now() FROM _yoyo_migration LIMIT 1"
        owner.execute(mark)
    newer = await job(dsn, tmp_path, at=NIGHT + DAY).run()
    with pytest.raises(BackupNewer) as refused:
        check_backup(newer.path)
    assert refused.value.found == "9999.later"


async def test_a_backup_of_an_older_version_is_brought_up_to_date(empty_dsn: str, dsn: str, tmp_path: Path) -> None:
    newest = max(path.stem for path in MIGRATIONS.glob("*.sql"))
    old = tmp_path / "migrations"
    old.mkdir()
    for path in MIGRATIONS.glob("*.sql"):
        if path.stem != newest:
            (old / path.name).write_bytes(path.read_bytes())
    migrate(empty_dsn, folder=old)
    made = await job(empty_dsn, tmp_path).run()
    restore(made.path, dsn, force=True)
    with psycopg.connect(dsn) as other:
        query = "SELECT count(*) FROM _yoyo_migration WHERE migration_id = %s"
        assert other.execute(query, [newest]).fetchone() == (1,)
    assert await findings(dsn) == []


async def test_the_newest_are_kept_and_leftovers_of_killed_runs_go(dsn: str, tmp_path: Path) -> None:
    tmp_path.joinpath("notes.txt").write_text("mine")
    old, young = tmp_path / "paperdesk-2020.dump.1.new", tmp_path / "paperdesk-2021.dump.2.new"
    for draft in (old, young):
        draft.write_text("half")
    os.utime(old, (0, 0))
    made = [await job(dsn, tmp_path, keep=2, at=NIGHT + number * DAY).run() for number in range(4)]
    assert [each.removed for each in made] == [0, 0, 1, 1]
    left = ["notes.txt", young.name, *(name for each in made[2:4] for name in pair(each))]
    assert files(tmp_path) == sorted(left)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            'echo half > "$OUT"; echo "pg_dump: error: could not write: No space left on device" >&2; exit 1',
            BackupDiskFull,
        ),
        ('echo half > "$OUT"; echo "pg_dump: error: connection failed" >&2; exit 1', BackupFailed),
        ('echo rubbish > "$OUT"', BackupFailed),
        (f'"{find_program("pg_dump")}" "$@" && truncate -s -2000 "$OUT"', BackupFailed),
        ("exit 0", BackupFailed),
        ("kill -9 $$", BackupFailed),
    ],
)
async def test_what_goes_wrong_is_told_and_leaves_no_file_behind(
    dsn: str, tmp_path: Path, text: str, error: type[Exception]
) -> None:
    folder = tmp_path / "backups"
    first = await job(dsn, folder, keep=1).run()
    with pytest.raises(error) as raised:
        await job(dsn, folder, script(tmp_path, "pg_dump", text), keep=1, at=NIGHT + DAY).run()
    assert files(folder) == pair(first), "and the last good one stays"
    if "connection failed" in text:
        assert raised.value.details() == {"why": "pg_dump: error: connection failed"}  # type: ignore[attr-defined]


async def test_a_full_disk_is_noticed_before_an_hour_of_work(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await job(dsn, tmp_path).run()
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr("jobs.backups.backup.shutil.disk_usage", lambda _: usage)
    with pytest.raises(BackupDiskFull):
        await job(dsn, tmp_path, at=NIGHT + DAY).run()
    assert len(files(tmp_path)) == 2


async def test_without_a_program_a_folder_or_a_server_it_is_one_error(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupFolderUnwritable):
        await job(dsn, tmp_path / "file" / "below").run()
    with pytest.raises(BackupFailed):
        await job("postgresql://desk:geheim@127.0.0.1:1/desk", tmp_path / "b").run()

    def missing(name: str) -> Path:
        raise backup_and_restore.EngineMissing(name)

    monkeypatch.setattr(backup_and_restore, "program", missing)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoDumpProgram):
        await job(dsn, tmp_path / "b").run()
    script(tmp_path, "pg_dump", "exit 0")
    assert find_program("pg_dump") == tmp_path / "pg_dump"


async def test_a_backup_that_is_cancelled_ends_its_program_and_leaves_nothing(dsn: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    programs = script(tmp_path, "pg_dump", 'echo half > "$OUT"; exec sleep 60')
    running = asyncio.create_task(job(dsn, folder, programs).run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not files(folder):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert files(folder) == []


def _paperdesk(folder: Path, dsn: str, redis: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    servers = {"PAPERDESK_POSTGRES__DSN": dsn, "PAPERDESK_REDIS__URL": redis, "PAPERDESK_DATA_DIR": str(folder)}
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    root = {"PYTHONPATH": str(PROJECT), "PAPERDESK_BACKUPS__FOLDER": str(folder / "elsewhere")}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "app.cli.main", *arguments],
        env=known | root | servers,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


async def test_the_command_line_makes_one_and_brings_it_back(
    engines: Engines, dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    await trade(dsn, "a")
    made = _paperdesk(tmp_path, dsn, engines.redis_url, "backup")
    assert (made.returncode, _complaints(made.stderr)) == (0, [])
    name, _ = files(tmp_path / "elsewhere")
    assert made.stdout.startswith(f"{tmp_path}/elsewhere/{name}, 0.")
    back = _paperdesk(tmp_path, empty_dsn, engines.redis_url, "restore", f"elsewhere/{name}")
    assert (back.returncode, _complaints(back.stderr)) == (0, [])
    assert await trade(empty_dsn, "b") == 6
    refused = _paperdesk(tmp_path, empty_dsn, engines.redis_url, "restore", f"elsewhere/{name}")
    assert refused.returncode == 1
    (sentence,) = _complaints(refused.stderr)
    assert sentence.startswith("The database is not empty")


def _complaints(stderr: str) -> list[str]:
    """The lines but those of a start that takes more than a second."""
    return [line for line in stderr.splitlines() if not line.startswith("Starting the database")]
