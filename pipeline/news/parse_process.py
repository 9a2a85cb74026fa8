"""Process that reads one feed document: a library that meets a document made against it can be ended.

Run as `python -m pipeline.news.parse_process`. Standard input has one line of JSON, then the document; standard output
gets the entries as JSON.
"""

import asyncio
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

import msgspec

from core.system.child_env import python_env
from pipeline.news.documents import read_document
from pipeline.news.errors import FeedFault, FeedRefused
from pipeline.news.records import FeedEntry, FetchedFeed

LIMIT_SECONDS = 20.0
_CPU_SECONDS = 10
_MEMORY_BYTES = 1 << 30
_NICE = 5


class _Header(msgspec.Struct, frozen=True):
    content_type: str
    address: str


class _Result(msgspec.Struct, frozen=True):
    entries: list[FeedEntry] = []
    fault: str = ""


async def parse(fetched: FetchedFeed, *, limit_seconds: float = LIMIT_SECONDS) -> list[FeedEntry]:
    """Returns the entries of a fetched feed. Raises FeedRefused, also if reading takes too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=python_env()
    )
    header = msgspec.json.encode(_Header(fetched.content_type, fetched.address))
    try:
        async with asyncio.timeout(limit_seconds):
            told, _ = await process.communicate(header + b"\n" + fetched.body)
        found = msgspec.json.decode(told, type=_Result)
    except (TimeoutError, msgspec.MsgspecError):
        raise FeedRefused(FeedFault.UNREADABLE) from None
    finally:
        await _end(process)
    if found.fault:
        raise FeedRefused(FeedFault(found.fault))
    return found.entries


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def main() -> None:
    """Reads a document from standard input and writes its entries."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    line, _, body = sys.stdin.buffer.read().partition(b"\n")
    header = msgspec.json.decode(line, type=_Header)
    try:
        result = _Result(read_document(body, header.content_type, header.address))
    except FeedRefused as refused:
        result = _Result(fault=refused.fault.value)
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
