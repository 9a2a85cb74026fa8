"""Lines from a pipe or a file: read as they come, bounded, without ever blocking the event loop."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

PROMPT = "> "
"""Stands before every line."""

MAX_CHARACTERS = 10_000
_MAX_BYTES = MAX_CHARACTERS * 4  # the longest UTF-8 form of so many characters
_CHUNK = 64 * 1024
_SHOWN = 60
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Fault(StrEnum):
    """Why a line cannot be a command; the value is the id of its sentence."""

    TOO_LONG = "console-line-too-long"
    HOLDS_NUL = "console-line-holds-nul"
    NOT_UTF8 = "console-line-not-utf8"


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line that is no text for a command; `head` is as much of it as is worth showing."""

    fault: Fault
    head: str


Line = str | UnreadableLine


async def piped_lines(read: Callable[[], Awaitable[bytes]]) -> AsyncGenerator[Line, None]:
    """Lines until `read` gives b"", the last one with or without a line break; holds one chunk and one line at most."""
    kept, dropping, first = b"", False, True
    while chunk := await read():
        if first:
            chunk, first = chunk.removeprefix(_BYTE_ORDER_MARK), False  # the mark is no part of the line
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
    """The line's text without its line break, or why it is none."""
    raw = raw.removesuffix(b"\r")
    head = raw[: _SHOWN * 4].decode("utf-8", "replace")[:_SHOWN]
    if len(raw) > _MAX_BYTES:
        return UnreadableLine(Fault.TOO_LONG, head)
    try:
        return judge_text(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return UnreadableLine(Fault.NOT_UTF8, head)


def judge_text(text: str) -> Line:
    """The same for a line that is text already."""
    if len(text) > MAX_CHARACTERS:
        return UnreadableLine(Fault.TOO_LONG, text[:_SHOWN])
    if "\0" in text:
        return UnreadableLine(Fault.HOLDS_NUL, text[:_SHOWN])
    if any("\ud800" <= character <= "\udfff" for character in text):  # how a terminal library keeps broken bytes
        return UnreadableLine(Fault.NOT_UTF8, text[:_SHOWN])
    return text


def reader(fd: int) -> Callable[[], Awaitable[bytes]]:
    """Reads what is there; waits for more on the loop, so that a stop never hangs on a silent pipe."""

    async def read() -> bytes:
        try:
            await ready(fd, asyncio.get_running_loop().add_reader, asyncio.get_running_loop().remove_reader)
            return await asyncio.to_thread(os.read, fd, _CHUNK)
        except OSError:
            return b""  # closed, or a folder: nothing will ever come

    return read


async def ready(fd: int, watch: Callable[[int, Callable[[], None]], object], unwatch: Callable[[int], object]) -> None:
    """Waits until the loop, asked by `watch`, says that the descriptor can be read or written. Raises OSError."""
    arrived = asyncio.Event()
    try:
        watch(fd, arrived.set)
    except PermissionError:
        return  # a regular file never waits, and the loop refuses to watch it
    try:
        await arrived.wait()
    finally:
        unwatch(fd)
