"""Pictures and documents on disk: the newest are kept, and the last one can be opened with the system's viewer."""

import asyncio
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.reply import Document, Picture
from core.clock import Clock
from core.system.child_env import screen_env

MAX_FILES = 200
_NAME_CHARACTERS = 40  # at four bytes each, a file name has at most 255 bytes
_VIEWER_SECONDS = 3.0


_OWNER_ONLY = 0o600


class FileStore:
    """Folder of files, created on first use and readable by its owner only.

    The newest `kept` of each extension are kept.
    """

    def __init__(self, folder: Path, clock: Clock, max_files: int = MAX_FILES) -> None:
        self.folder = folder.absolute()
        self.clock = clock
        self.kept = max_files
        self.last: Path | None = None

    async def put(self, file: Picture | Document) -> Path | None:
        """Writes a file and returns its path. None if it cannot be written."""
        stamp = datetime.fromtimestamp(self.clock() / 1000, UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
        if isinstance(file, Picture):
            name, ending, data = file.name, "png", file.png
        else:
            (name, _, ending), data = file.name.rpartition("."), file.data
        try:
            path = await asyncio.to_thread(self._write, f"{stamp}-{_file_name(name)}", _file_name(ending), data)
        except OSError:
            return None
        self.last = path
        return path

    def _write(self, name: str, ending: str, data: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.{ending}"
        count = 1
        while path.exists():  # two files of the same name within one millisecond
            count += 1
            path = self.folder / f"{name}-{count}.{ending}"
        part = path.with_suffix(".part")
        part.touch(_OWNER_ONLY)
        part.write_bytes(data)
        part.replace(path)
        others = sorted((other for other in self.folder.glob(f"*.{ending}") if other != path), reverse=True)
        for old in others[self.kept - 1 :]:
            old.unlink(missing_ok=True)
        return path


def _file_name(name: str) -> str:
    """Replaces every character of a name other than letters, digits, `-` and `_`, and limits its length."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:_NAME_CHARACTERS] or "picture"


class NoViewer(Exception):
    """The system has no program that shows pictures, or the program failed."""


class Viewer:
    """The system's picture viewer. Opened viewers keep running after the process ends."""

    def __init__(self, program: str = "open" if sys.platform == "darwin" else "xdg-open") -> None:
        self._program = program
        self._open: list[subprocess.Popen[bytes]] = []

    async def show(self, path: Path) -> None:
        """Opens the picture. Raises NoViewer."""
        program = shutil.which(self._program)
        if program is None:
            raise NoViewer
        await asyncio.to_thread(self._launch, program, path)

    def _launch(self, program: str, path: Path) -> None:
        self._open = [viewer for viewer in self._open if viewer.poll() is None]  # reaps finished viewers
        try:
            viewer = subprocess.Popen(  # noqa: S603  # the platform's opener and a path of our own
                [program, os.fspath(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=screen_env(),
                start_new_session=True,
            )
        except OSError as error:
            raise NoViewer from error
        try:
            if viewer.wait(_VIEWER_SECONDS) != 0:
                raise NoViewer
        except subprocess.TimeoutExpired:
            self._open.append(viewer)  # some openers stay until their window is closed
