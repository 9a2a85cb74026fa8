"""Output of answers: files to disk, text to standard output, without blocking on a slow reader."""

import asyncio
import os
import select
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bot.platforms.console.files import FileStore
from bot.platforms.console.receive import ready
from bot.platforms.console.render import Say, render
from bot.reply import Document, Picture, Reply

_NARROWEST, _WIDEST = 20, 160


class ReaderLeft(Exception):
    """Standard output was closed by its reader (`| head -1`, a closed window)."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Properties of standard input and output. `interactive` is true if both are terminals."""

    interactive: bool
    colour: bool
    links: bool

    @classmethod
    def of(cls, stdin: int, stdout: int, environment: Mapping[str, str]) -> Self:
        """Enables colour and links only for a terminal that is not dumb. NO_COLOR disables colour."""
        shown = _is_terminal(stdout)
        capable = shown and environment.get("TERM", "dumb") != "dumb"
        colour = capable and not environment.get("NO_COLOR")
        return cls(interactive=shown and _is_terminal(stdin), colour=colour, links=capable)

    def width(self) -> int:
        """Returns the current number of cells in a line, which changes when a window is resized."""
        return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))


class OutputWriter:
    """Standard output. Never blocks the event loop: if the reader pauses, only `write` waits."""

    def __init__(self, fd: int, terminal: Terminal, shelf: FileStore) -> None:
        self._fd = fd
        self._terminal = terminal
        self._shelf = shelf

    async def send(self, reply: Reply, say: Say, *, first: int = 1) -> None:
        """Writes an answer; `first` is the number of its first button. Raises ReaderLeft."""
        files = [await self._shelf.put(block) for block in reply.blocks if isinstance(block, Picture | Document)]
        terminal = self._terminal
        text = render(
            reply,
            terminal.width(),
            colour=terminal.colour,
            say=say,
            files=files,
            links=terminal.links,
            first=first,
        )
        await self.write(f"{text}\n\n")

    async def write(self, text: str) -> None:
        """Writes text that is already sanitized. Raises ReaderLeft."""
        loop = asyncio.get_running_loop()
        rest = memoryview(text.encode("utf-8", "replace"))
        try:
            while rest:
                await ready(self._fd, loop.add_writer, loop.remove_writer)
                # A pipe that is ready accepts this many bytes without blocking.
                rest = rest[os.write(self._fd, rest[: select.PIPE_BUF]) :]
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ReaderLeft from error


def _is_terminal(fd: int) -> bool:
    try:
        return os.isatty(fd)
    except OSError:
        return False
