"""A server of feeds that answers what a test says, byte by byte, on this machine."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class FeedServer:
    """`answers` by path; every request is kept with its headers, in lower case."""

    port: int = 0
    answers: dict[str, Answer | bytes] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            path = lines[0].split()[1]
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            self.requests.append((path, headers))
            answer = self.answers.get(path, response(b"", status="404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    """Runs a server on a free port of 127.0.0.1."""
    made = FeedServer()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        server.close_clients() if hasattr(server, "close_clients") else None


def response(body: bytes, *, status: str = "200 OK", kind: str = "application/rss+xml", **headers: str) -> bytes:
    """A whole answer; names of headers have `_` for `-`."""
    told = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(location: str) -> bytes:
    return response(b"", status="302 Found", Location=location)


def endless(chunk: bytes, pause: float = 0.0, head: bytes = b"") -> Answer:
    """An answer that never ends, in chunks with a pause in seconds between them."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n" + head + b"\r\n")
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def rss(*items: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """An RSS document of these items, which are XML."""
    text = f'{prolog}<rss version="2.0"><channel><title>Example</title>{"".join(items)}</channel></rss>'
    return text.encode()


def item(title: str, link: str = "https://news.example.org/a", date: str = "Thu, 01 Apr 2021 12:00:00 GMT") -> str:
    """An item; the title is XML."""
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


def bomb(size: int) -> bytes:
    """Zeros of this size, packed."""
    return gzip.compress(b"\0" * size, 9)
