"""`paperdesk backup` and `paperdesk restore FILE`, and the choice of PostgreSQL's programs."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.backups.errors import (
    BackupForeign,
    BackupNewer,
    BackupRenamed,
    BackupUnsigned,
    DatabaseInUse,
    DatabaseNotEmpty,
    NotABackup,
    RestoreFailed,
)
from app.backups.folder import backup_folder
from app.backups.key import backup_key
from app.database.logins import READER
from app.database.migrate import MIGRATIONS, migrate
from app.database.queries import OWN_NAMES
from app.engines.postgres import program
from app.errors import EngineMissing
from app.exposure import wants_tls
from app.ops.stop_signals import check_stopped, interruptible
from app.settings import Settings
from core.clock import Clock, wall_clock
from core.postgres.client import must_prove
from core.system.child_env import program_env
from jobs.backups.backup import Backups, last_words, program_login
from jobs.backups.signature import LONGEST_CODE, code_file, open_file
from jobs.errors import DumpProgramOld, NoDumpProgram

if TYPE_CHECKING:
    import psycopg

_CHUNK = 1 << 20
_COPIES = "restore-"
_MARK = ".paperdesk-restore"
"""Empty file in a folder of a copy, by which a later restore knows it."""

_ENDING_SECONDS = 3.0
_POLL_SECONDS = 0.1
_READS = "pg_restore"  # reads a file and does not connect to a server
_VERSION = re.compile(r"\(PostgreSQL\) ([0-9]+)")
_OLDEST = 16  # knows require_auth; an older one ignores it
_EMPTY = Path(__file__).with_name("empty.sql")
_LOCK = "SET lock_timeout = '10s'"
_OWN_NAMES = f"SET search_path = {OWN_NAMES}"
_NEW_SCHEMA = (
    "DROP SCHEMA IF EXISTS public CASCADE",
    "CREATE SCHEMA public AUTHORIZATION pg_database_owner",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)
_CLOSED_SCHEMA = "REVOKE CREATE ON SCHEMA public FROM PUBLIC, paperdesk_app"
"""Executed last, because a backup contains the rights of its server: before PostgreSQL 15 every role could create in
this schema.
"""
_RIGHT = re.compile(r"\d+; \d+ \d+ (DEFAULT )?ACL ")
"""Entry for rights in the list of an archive."""
_READERS = f" TO {READER};\n"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
_TABLES = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p')"
    " AND NOT relispartition"
)


def find_program(name: str) -> Path:
    """Returns the embedded engine's program, which supports servers up to its own version, else the one in PATH.

    Raises NoDumpProgram.
    """
    try:
        return program(name)
    except EngineMissing:
        found = shutil.which(name)
    if found is None:
        raise NoDumpProgram(name)
    return Path(found)


def find_client(dsn: str, name: str) -> Path:
    """Returns the program to use with the server at `dsn`: with TLS the one in PATH, since the embedded engine's lacks
    TLS.

    If the server must authenticate by the password, runs the program to check its version, and blocks. Raises
    NoDumpProgram, DumpProgramOld.
    """
    installed = shutil.which(name) if wants_tls(dsn) else None
    found = Path(installed) if installed else find_program(name)
    if name != _READS and must_prove(dsn):
        _check_version(name, found)
    return found


def _check_version(name: str, path: Path) -> None:
    said = _run([str(path), "--version"]).stdout.strip()
    version = _VERSION.search(said)
    if version is None or int(version[1]) < _OLDEST:
        raise DumpProgramOld(name, str(path), version[1] if version else last_words(said))


def backups_of(settings: Settings, dsn: str, clock: Clock = wall_clock) -> Backups:
    """Returns the job that backs up the database at `dsn`, as set in the settings."""
    folder, programs = backup_folder(settings), partial(find_client, dsn)
    return Backups(dsn, folder, programs, clock, keep=settings.backups.keep, key=backup_key(settings))


async def run_backup(settings: Settings, dsn: str) -> int:
    """Makes a backup now. Raises the errors of the job."""
    sys.stdout.write(f"{await backups_of(settings, dsn).run()}\n")
    return 0


# -- restore -----------------------------------------------------------------------------------


def restore(file: Path, dsn: str, *, force: bool) -> None:
    """Restores the database as it was when the backup was made, with this version's schema.

    With `force` the current content is dropped in the same transaction: every schema of the owner, the settings of the
    database, and default rights. No other session may be connected. Raises NotABackup, BackupNewer, DatabaseInUse,
    DatabaseNotEmpty, RestoreFailed, NoDumpProgram, DumpProgramOld, and the errors of migrate.
    """
    from app.database.migrator import connect  # noqa: PLC0415 - the schedule imports this module and restores nothing

    check_backup(file)
    with connect(dsn) as connection:
        connection.execute(_OWN_NAMES.encode())
        _check_alone(connection)
        if not force and (tables := _count(connection, _TABLES)):
            raise DatabaseNotEmpty(tables)
        # Roles are the server's, not the database's: no backup holds them.
        connection.execute((MIGRATIONS / "0000.roles.sql").read_bytes())
    _write(file, dsn, force=force)
    migrate(dsn)


@contextmanager
def private_copy(file: Path, folder: Path, check: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Yields a copy of a backup and its code in the user's own `folder`, so that the checked file is the restored one.

    In the folder of `file` another user may replace it in the meantime. `check` is asked before the file is copied,
    which may be large, and of the copy. Copies of restores that were killed are removed. Raises NotABackup, and what
    `check` raises. An error that names the copy is changed to name `file`.
    """
    with _private_folder(folder) as private:
        copy = private / file.name
        try:
            if not file.is_file():
                raise NotABackup(str(file), "no such file")
            with open_file(file) as source:
                if os.fstat(source.fileno()).st_size > shutil.disk_usage(folder).free:
                    raise NotABackup(str(file), f"no room for a copy of it in {folder}")
                if check:
                    with interruptible():  # reading a large file takes minutes
                        check(file)
                with copy.open("xb") as target, interruptible():
                    shutil.copyfileobj(source, target, _CHUNK)
            with suppress(FileNotFoundError), open_file(code_file(file)) as code:
                code_file(copy).write_bytes(code.read(LONGEST_CODE))
        except OSError as error:
            raise NotABackup(str(file), error.strerror or "it cannot be read") from error
        try:
            if check:
                with interruptible():
                    check(copy)
            yield copy
        except (NotABackup, BackupNewer, BackupUnsigned, BackupForeign, BackupRenamed) as error:
            error.path = str(file)
            raise


@contextmanager
def _private_folder(folder: Path) -> Iterator[Path]:
    """Yields a new folder in `folder`, locked while it is used, and removes those of killed processes."""
    for left in folder.glob(f"{_COPIES}*"):
        with suppress(OSError), _locked(left):
            if (left / _MARK).exists():  # else it is the user's
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_COPIES, dir=folder) as private, _locked(Path(private)):
        (Path(private) / _MARK).touch()
        yield Path(private)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Locks a folder. Raises BlockingIOError where another process did, OSError for a link."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def check_backup(file: Path) -> None:
    """Raises NotABackup for a file that is damaged or not a backup, BackupNewer for one of a later version."""
    if not file.is_file():
        raise NotABackup(str(file), "no such file")
    read = str(find_program("pg_restore"))
    whole = _run([read, f"--file={os.devnull}", str(file)])
    if whole.returncode:
        raise NotABackup(str(file), last_words(whole.stderr))
    marks = _run([read, "--data-only", "--table=_yoyo_migration", "--file=-", str(file)])
    known = {path.stem for path in MIGRATIONS.glob("*.sql")}
    applied = {parts[1] for line in marks.stdout.splitlines() if len(parts := line.split("\t")) > 1}
    if not applied:
        raise NotABackup(str(file), "not of a Paperdesk database")
    if unknown := applied - known:
        raise BackupNewer(str(file), max(unknown))


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    with interruptible():
        return subprocess.run(command, capture_output=True, text=True, check=False, env=program_env())  # noqa: S603


def _check_alone(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Raises DatabaseInUse if other sessions remain after a short wait: a session just closed may still be ending."""
    end = time.monotonic() + _ENDING_SECONDS
    while others := _count(connection, _OTHERS):
        check_stopped()
        if time.monotonic() > end:
            raise DatabaseInUse(others)
        time.sleep(_POLL_SECONDS)


def _count(connection: "psycopg.Connection[tuple[Any, ...]]", query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _write(file: Path, dsn: str, *, force: bool) -> None:
    """Restores in one transaction: psql commits at the end of its input, which ends only when the whole backup was
    read.
    """
    once = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    emptied = [f"--file={_EMPTY}"] if force else []
    first = [f"--command={_LOCK}", f"--command={_OWN_NAMES}", *emptied, *(f"--command={line}" for line in _NEW_SCHEMA)]
    last = f"--command={_CLOSED_SCHEMA}"
    reading = [str(find_program("pg_restore")), "--no-owner", "--no-acl", "--file=-", str(file)]
    rights = _rights(file)
    with program_login(dsn) as login, tempfile.TemporaryFile() as said:
        writing = [str(find_client(dsn, "psql")), *once, f"--dbname={login.address}", *first, "--file=-", last]
        source = subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=said, env=program_env())  # noqa: S603
        target = subprocess.Popen(  # noqa: S603
            writing,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=program_env(login.env, database=True),
            pass_fds=login.descriptors,
        )
        try:
            with interruptible():
                done = _pour(source, target, rights)
        finally:
            for process in (source, target):
                _end(process)
        if not done:
            said.seek(0)
            raise RestoreFailed(last_words(said.read().decode(errors="replace")))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kills the process before its pipes are closed, since the end of its input counts as the end of the backup."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _rights(file: Path) -> bytes:
    """Returns the statements of a backup that grant rights, except those of the reader: the server may not have that
    login, and if it does, `migrate` grants its rights. Raises RestoreFailed.
    """
    read = str(find_program("pg_restore"))
    listed = _output([read, "--list", str(file)])
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as chosen:
        chosen.writelines(line for line in listed if _RIGHT.match(line))
        chosen.flush()
        said = _output([read, "--no-owner", f"--use-list={chosen.name}", "--file=-", str(file)])
    return "".join(line for line in said if not line.endswith(_READERS)).encode()


def _output(command: list[str]) -> list[str]:
    """Returns the lines that a program prints. Raises RestoreFailed if it fails."""
    done = _run(command)
    if done.returncode:
        raise RestoreFailed(last_words(done.stderr))
    return done.stdout.splitlines(keepends=True)


def _pour(source: "subprocess.Popen[bytes]", target: "subprocess.Popen[bytes]", rights: bytes) -> bool:
    """Copies the backup to the target, then the rights. Returns False if either process fails; the target is then
    killed before its input ends.
    """
    try:
        _copy(source.stdout, target.stdin)
        if source.wait():
            return False
        if target.stdin is not None:
            target.stdin.write(rights)
            target.stdin.close()
    except BrokenPipeError:
        return False
    return target.wait() == 0


def _copy(source: IO[bytes] | None, target: IO[bytes] | None) -> None:
    if source is None or target is None:
        raise ValueError("both are pipes")
    shutil.copyfileobj(source, target, _CHUNK)
