"""Backups of the database: PostgreSQL's own dump, compressed, read back before it counts, the oldest ones removed.

A file in the folder is whole: it is written under another name and renamed once PostgreSQL's own program has read all
of it and its authentication code is beside it.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jobs.backup_code import code_file, write_code
from jobs.errors import BackupDiskFull, BackupFailed, BackupFolderUnwritable
from pipeline.child_env import program_env
from pipeline.clock import Clock
from pipeline.postgres_client import required_auth

NAMES = "paperdesk-*.dump"
SECONDS = 6 * 3600.0
"""No dump takes longer."""

_DRAFT = ".new"
_ABANDONED_SECONDS = 3600
_TOLD_LIMIT = 300
_NO_ROOM = "No space left on device"

Programs = Callable[[str], Path]
"""The path of a program of PostgreSQL, such as pg_dump. Raises NoDumpProgram."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, its size in bytes, and how many older ones were removed."""

    path: Path
    size: int
    removed: int

    def __str__(self) -> str:
        return f"{self.path}, {self.size / 1e6:.1f} MB, {self.removed} older ones removed"


class Backups:
    """The job. Of the backups in `folder` the newest `keep` stay; `key` is that of their authentication codes."""

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
        """Raises NoDumpProgram, BackupFolderUnwritable, BackupDiskFull, BackupFailed: then no file is left behind, and
        older backups stay as they are."""
        dump, read = self._programs("pg_dump"), self._programs("pg_restore")
        path = self._folder / f"paperdesk-{_moment(self._clock())}.dump"
        draft = path.with_name(f"{path.name}.{os.getpid()}{_DRAFT}")
        await asyncio.to_thread(self._prepare)
        try:
            address, secret = without_password(self._dsn)
            with _new_file(draft) as (output, name):
                # Rights on PostgreSQL's own functions are the server's: an owner may not restore them.
                ours = "--exclude-schema=pg_catalog"
                made = ["--format=custom", "--compress=6", ours, f"--file={name}", f"--dbname={address}"]
                await self._call([str(dump), *made], program_env(secret, database=True), output)
                os.lseek(output, 0, os.SEEK_SET)
                await self._call([str(read), f"--file={os.devnull}", name], program_env(), output)
                await asyncio.to_thread(os.fsync, output)
                return await asyncio.to_thread(self._settle, draft, path, output)
        except OSError as error:
            raise self._reason(str(error)) from error
        finally:
            draft.unlink(missing_ok=True)
            if not path.exists():
                code_file(path).unlink(missing_ok=True)

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(self._open_folder())
            for draft in self._folder.glob(f"{NAMES}.*{_DRAFT}"):
                if time.time() - draft.lstat().st_mtime > _ABANDONED_SECONDS:  # its process was killed
                    draft.unlink()
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise BackupFolderUnwritable(str(self._folder)) from error
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise BackupFolderUnwritable(str(self._folder))
        if (known := self._known()) and free < known[-1].stat().st_size:
            raise BackupDiskFull(str(self._folder))

    def _settle(self, draft: Path, path: Path, output: int) -> Backup:
        """The draft, which is `output`, becomes a backup, and then the oldest go."""
        if not os.path.samestat(os.fstat(output), draft.lstat()):
            raise BackupFailed(f"{draft.name} was replaced by another program")
        write_code(draft, path, self._key)
        draft.rename(path)
        folder = self._open_folder()
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        outdated = self._known()[: -self._keep] if self._keep else []
        for old in outdated:
            old.unlink(missing_ok=True)
            code_file(old).unlink(missing_ok=True)
        return Backup(path, path.stat().st_size, len(outdated))

    def _open_folder(self) -> int:
        """Raises OSError for a link as well."""
        return os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)

    def _known(self) -> list[Path]:
        """Oldest first: the names tell the time."""
        return sorted(self._folder.glob(NAMES))

    async def _call(self, command: list[str], env: Mapping[str, str], output: int) -> None:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=env,
            pass_fds=(output,),
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

    def _reason(self, said: str, code: int = 0) -> BackupDiskFull | BackupFailed:
        if _NO_ROOM in said:
            return BackupDiskFull(str(self._folder))
        return BackupFailed(last_words(said) or f"exit code {code}")


@contextmanager
def _new_file(path: Path) -> Iterator[tuple[int, str]]:
    """The descriptor of a file that was not there before, and the name by which a child opens the same file.

    Who may write to the folder could put a link in the place of `path`. Raises OSError where there is a file or link.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor, f"/dev/fd/{descriptor}"
    finally:
        os.close(descriptor)


def without_password(dsn: str) -> tuple[str, Mapping[str, str]]:
    """The address without its password, and the environment that tells it: command lines can be read by everyone.

    The environment also forbids to send it in clear to a server that has not proved itself. Of two passwords the one in
    the query counts, as for libpq.
    """
    parts = urlsplit(dsn)
    login, at, host = parts.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    found = [unquote(password)] if colon else []
    kept = []
    for option in filter(None, parts.query.split("&")):
        name, _, value = option.partition("=")
        if unquote(name) == "password":
            found.append(unquote(value))
        else:
            kept.append(option)
    demand = {f"PG{name.replace('_', '').upper()}": value for name, value in required_auth(dsn).items()}
    if not found:
        return dsn, demand
    query = f"?{'&'.join(kept)}" if kept else ""
    return f"{parts.scheme}://{user}{at}{host}{parts.path}{query}", {**demand, "PGPASSWORD": found[-1]}


def last_words(said: str) -> str:
    """The last line of what a program said, bounded."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:_TOLD_LIMIT] if lines else ""


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%dT%H%M%SZ")
