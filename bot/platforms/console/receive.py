"""Lines from a pipe or a file, read with bounded memory and without blocking the event loop."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

PROMPT = "> "
"""Prefix of every line."""

MAX_CHARACTERS = 10_000
_MAX_BYTES = MAX_CHARACTERS * 4  # the longest UTF-8 form of so many characters
_CHUNK = 64 * 1024
_SHOWN = 60
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LineFault(StrEnum):
    """Reasons for which a line cannot be a command. The value is the id of the text for the user."""

    TOO_LONG = "console-line-too-long"
    HOLDS_NUL = "console-line-holds-nul"
    NOT_UTF8 = "console-line-not-utf8"


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that cannot be a command. `head` is its beginning, for display."""

    fault: LineFault
    head: str


Line = str | UnreadableLine


async def piped_lines(read: Callable[[], Awaitable[bytes]]) -> AsyncGenerator[Line, None]:
    """Yields lines until `read` returns b""; the last line may lack a line break.

    At most one chunk and one line are held in memory.
    """
    kept, dropping, first = b"", False, True
    while chunk := await read():
        if first:
            chunk, first = chunk.removeprefix(_BYTE_ORDER_MARK), False  # the mark is not part of the line
        *whole, rest = (kept + chunk).split(b"\n")
        for line in whole:
            if not dropping:
                yield judge(line)
            dropping = False
        kept = b"" if dropping else rest
        if len(kept) > _MAX_BYTES:
            yield judge(kept)
            kept, dropping = b"", True
    if kept:
        yield judge(kept)


def judge(raw: bytes) -> Line:
    """Returns the line's text without its line break, or the reason why it is not a valid line."""
    raw = raw.removesuffix(b"\r")
    head = raw[: _SHOWN * 4].decode("utf-8", "replace")[:_SHOWN]
    if len(raw) > _MAX_BYTES:
        return UnreadableLine(LineFault.TOO_LONG, head)
    try:
        return judge_text(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return UnreadableLine(LineFault.NOT_UTF8, head)


def judge_text(text: str) -> Line:
    """Validates a line that is already decoded."""
    if len(text) > MAX_CHARACTERS:
        return UnreadableLine(LineFault.TOO_LONG, text[:_SHOWN])
    if "\0" in text:
        return UnreadableLine(LineFault.HOLDS_NUL, text[:_SHOWN])
    if any("\ud800" <= character <= "\udfff" for character in text):  # used by a terminal library for undecodable bytes
        return UnreadableLine(LineFault.NOT_UTF8, text[:_SHOWN])
    return text


def reader(fd: int) -> Callable[[], Awaitable[bytes]]:
    """Returns a function that reads available bytes.

    It waits on the event loop, so a silent pipe does not block shutdown.
    """

    async def read() -> bytes:
        try:
            await ready(fd, asyncio.get_running_loop().add_reader, asyncio.get_running_loop().remove_reader)
            return await asyncio.to_thread(os.read, fd, _CHUNK)
        except OSError:
            return b""  # closed, or a folder: no data can arrive

    return read


async def ready(fd: int, watch: Callable[[int, Callable[[], None]], object], unwatch: Callable[[int], object]) -> None:
    """Waits until the descriptor can be read or written, as registered by `watch`. Raises OSError."""
    arrived = asyncio.Event()
    try:
        watch(fd, arrived.set)
    except PermissionError:
        return  # a regular file is always ready, and the loop refuses to watch it
    try:
        await arrived.wait()
    finally:
        unwatch(fd)
