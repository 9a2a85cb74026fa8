"""Backups of the database: PostgreSQL's own dump, compressed and read back before it counts; the oldest ones are
removed.

Every file in the folder is complete: it is written under another name and renamed once PostgreSQL's own program has
read all of it and its authentication code is next to it.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.clock import Clock
from core.postgres.address import UNTOLD, PostgresAddress, meant
from core.postgres.client import connect, must_prove, required_auth
from core.postgres.errors import NO_ANSWER
from core.system.child_env import program_env
from jobs.backups.folder import DRAFT, BackupFolder, open_folder
from jobs.backups.signature import SUFFIX, backup_name
from jobs.errors import BackupDiskFull, BackupFailed

SECONDS = 6 * 3600.0
"""Longest time of a dump in seconds."""

_CONNECT_SECONDS = 10.0
_SERVICE = "paperdesk"
_TOLD_LIMIT = 300
_ATTEMPTS = 5
_MARK_BYTES = 8
_NO_ROOM = "No space left on device"

Programs = Callable[[str], Path]
"""The path of a program of PostgreSQL, such as pg_dump. May block. Raises NoDumpProgram, DumpProgramOld."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, its size in bytes, and the number of older ones that were removed."""

    path: Path
    size: int
    removed: int

    def __str__(self) -> str:
        return f"{self.path}, {self.size / 1e6:.1f} MB, {self.removed} older ones removed"


class Backups:
    """Job that makes backups and keeps the newest `keep` in `folder`; `key` is that of their authentication codes."""

    def __init__(
        self,
        dsn: str,
        folder: Path,
        programs: Programs,
        clock: Clock,
        *,
        keep: int,
        key: bytes,
    ) -> None:
        self._dsn = dsn
        self._folder = folder
        self._programs = programs
        self._clock = clock
        self._keep = keep
        self._key = key

    async def run(self) -> Backup:
        """Makes a backup, or leaves no file behind and older backups as they are.

        Raises NoDumpProgram, DumpProgramOld, BackupFolderUnwritable, BackupFolderForeign, BackupFolderExposed,
        BackupDiskFull, BackupFailed.
        """
        dump, read = [await asyncio.to_thread(self._programs, name) for name in ("pg_dump", "pg_restore")]
        made = datetime.fromtimestamp(self._clock() / 1000, UTC)
        # The name is unpredictable, so that no other program can take it.
        draft = f"{backup_name(made)}.{secrets.token_hex(_MARK_BYTES)}{DRAFT}"
        with open_folder(self._folder) as folder:
            try:
                await asyncio.to_thread(self._prepare, folder)
                with folder.new_file(draft) as output:
                    await self._dump([str(dump)], [str(read)], output)
                    return await asyncio.to_thread(self._settle, folder, draft, made, output)
            except OSError as error:
                raise self._reason(str(error)) from error
            finally:
                folder.remove_draft(draft)

    async def _dump(self, dump: list[str], read: list[str], output: int) -> None:
        """Writes the dump to `output` and reads all of it back. The child processes open the same file by descriptor,
        since another program with write access to the folder could replace its name by a link.
        """
        file = f"/dev/fd/{output}"
        # Rights on PostgreSQL's own functions belong to the server: an owner cannot restore them. The reader may not
        # read the key of the entries in Redis; a new key is drawn if it is missing.
        left_out = ["--exclude-schema=pg_catalog", "--exclude-table-data=public.redis_entry_key"]
        made = ["--format=custom", "--compress=6", *left_out, f"--file={file}"]
        await self._check_server()
        with program_login(self._dsn) as login:
            env = program_env(login.env, database=True)
            await self._call([*dump, *made, f"--dbname={login.address}"], env, output, *login.descriptors)
        os.lseek(output, 0, os.SEEK_SET)
        await self._call([*read, f"--file={os.devnull}", file], program_env(), output)
        await asyncio.to_thread(os.fsync, output)

    async def _check_server(self) -> None:
        """Raises BackupFailed if the server must authenticate by the password and does not do so to asyncpg.

        libpq would hash as often as the server requests.
        """
        if not must_prove(self._dsn):
            return
        try:
            connection = await connect(self._dsn, timeout=_CONNECT_SECONDS)
        except NO_ANSWER as error:
            raise BackupFailed(last_words(str(error)) or type(error).__name__) from error
        connection.terminate()

    def _prepare(self, folder: BackupFolder) -> None:
        folder.remove_abandoned()
        if (known := folder.names()) and shutil.disk_usage(folder.descriptor).free < folder.size(known[-1]):
            raise BackupDiskFull(str(self._folder))

    def _settle(self, folder: BackupFolder, draft: str, made: datetime, output: int) -> Backup:
        """Renames the draft to a backup, under another name if its own is taken, and removes the oldest backups."""
        name = backup_name(made)
        for attempt in reversed(range(_ATTEMPTS)):
            try:
                folder.settle(draft, name, output, self._key)
                break
            except FileExistsError:
                if not attempt:
                    raise
                name = backup_name(made, secrets.token_hex(_MARK_BYTES))
        outdated = folder.names()[: -self._keep] if self._keep else []
        for old in outdated:
            folder.remove(old)
            folder.remove_draft(f"{old}{SUFFIX}")
        return Backup(self._folder / name, os.fstat(output).st_size, len(outdated))

    async def _call(self, command: list[str], env: Mapping[str, str], *descriptors: int) -> None:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=env,
            pass_fds=descriptors,
        )
        try:
            async with asyncio.timeout(SECONDS):
                _, said = await process.communicate()
        except TimeoutError:
            raise BackupFailed(f"{Path(command[0]).name} was not done after {SECONDS / 3600:g} hours") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            raise self._reason(said.decode(errors="replace"), process.returncode)

    def _reason(self, stderr: str, code: int = 0) -> BackupDiskFull | BackupFailed:
        if _NO_ROOM in stderr:
            return BackupDiskFull(str(self._folder))
        return BackupFailed(last_words(stderr) or f"exit code {code}")


def without_password(dsn: str) -> tuple[str, Mapping[str, str]]:
    """Returns the address without its secrets, and the environment that holds the password: command lines can be read
    by every user of the machine.

    The environment also forbids sending the password in clear to an unauthenticated server. If there are two passwords,
    the one in the query is used, as by libpq.
    """
    address = PostgresAddress.of(dsn)
    secrets = address.secrets()
    env = {f"PG{name.replace('_', '').upper()}": value for name, value in required_auth(dsn).items()}
    if "password" in secrets:
        env["PGPASSWORD"] = meant(secrets["password"])
    return address.bare() if secrets else dsn, env


@dataclass(frozen=True, slots=True)
class ProgramLogin:
    """Login of a program of PostgreSQL: its address on the command line, variables, and the file descriptors that it
    inherits.
    """

    address: str
    env: Mapping[str, str]
    descriptors: tuple[int, ...] = ()


@contextmanager
def program_login(dsn: str) -> Iterator[ProgramLogin]:
    """Yields the login of a program at `dsn` without a secret on its command line. Secrets without a variable, such as
    the password of a client key, are in a service file that has no name. Raises OSError.
    """
    address, env = without_password(dsn)
    secrets = PostgresAddress.of(dsn).secrets()
    untold = [f"{name}={meant(secrets[name])}\n" for name in UNTOLD if name in secrets]
    if not untold:
        yield ProgramLogin(address, env)
        return
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(os.fsencode("".join((f"[{_SERVICE}]\n", *untold))))
        file.seek(0)
        told = {"PGSERVICE": _SERVICE, "PGSERVICEFILE": f"/dev/fd/{file.fileno()}"}
        yield ProgramLogin(address, {**env, **told}, (file.fileno(),))


def last_words(stderr: str) -> str:
    """Returns the last line of a program's output, truncated."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[-1][:_TOLD_LIMIT] if lines else ""
