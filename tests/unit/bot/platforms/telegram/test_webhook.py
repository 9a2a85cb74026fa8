"""The webhook's server under slow, idle and many connections, over real sockets."""

import asyncio
import json
import logging
import os
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.platforms.telegram.inbound.inbox import IncomingUpdate
from bot.platforms.telegram.inbound.webhook import LIMITS, SECRET_HEADER, WebhookLimits, is_exposed, webhook

SECRET = "s3cret"
HOST = "127.0.0.1"
BODY = json.dumps({"update_id": 7, "message": {"message_id": 1, "chat": {"id": 1}}}).encode()
PATIENT = WebhookLimits(head_seconds=600, request_seconds=600, idle_seconds=600)
"""Nothing is ended for its slowness."""

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Taken:
    """Stands for the inbox: `hold` keeps an update waiting."""

    def __init__(self) -> None:
        self.updates: list[int] = []
        self.hold: Callable[[], Awaitable[object]] | None = None

    async def write(self, arrivals: Sequence[IncomingUpdate]) -> None:
        if self.hold is not None:
            await self.hold()
        self.updates += [arrival.update_id for arrival in arrivals]


@pytest.fixture
def taken() -> Taken:
    return Taken()


def head(secret: str = SECRET, length: int = len(BODY), method: str = "POST /") -> bytes:
    lines = [f"{method} HTTP/1.1", "Host: desk", f"{SECRET_HEADER}: {secret}", f"Content-Length: {length}", "", ""]
    return "\r\n".join(lines).encode()


async def status(stream: Stream) -> int:
    """Of the next answer; 0 where the connection was ended instead."""
    try:
        lines = await stream[0].readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0
    length = int(lines.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    await stream[0].readexactly(length)
    return int(lines.split(b" ", 2)[1])


async def ended(stream: Stream) -> None:
    """Returns when the server has closed the connection."""
    try:
        while await stream[0].read(4096):
            pass
    except ConnectionError:
        return


async def ask(stream: Stream, request: bytes) -> int:
    stream[1].write(request)
    return await status(stream)


@asynccontextmanager
async def opened(port: int, count: int = 1) -> AsyncIterator[list[Stream]]:
    """Connections, closed at the end."""
    streams = [await asyncio.open_connection(HOST, port) for _ in range(count)]
    yield streams
    for _, writer in streams:
        writer.close()


async def post(port: int) -> int:
    """A genuine update, on a connection of its own."""
    async with opened(port) as (stream,):
        return await ask(stream, head() + BODY)


async def dribble(stream: Stream, start: bytes) -> None:
    """Sends a byte now and then, until the server ends the connection."""
    stream[1].write(start)
    reading = asyncio.ensure_future(ended(stream))
    while not reading.done():
        stream[1].write(b"x")
        await asyncio.wait([reading], timeout=0.02)


def test_the_limits_are_those_of_the_documentation() -> None:
    assert WebhookLimits(64, 10.0, 30.0, 150.0) == LIMITS


@pytest.mark.parametrize("start", [b"", b"P", b"POST / HTTP/1.1\r\nX-A: ", head()[:-2] + b"X-A: "])
async def test_a_slow_head_is_ended(taken: Taken, start: bytes) -> None:
    limits = WebhookLimits(head_seconds=1.0, request_seconds=600, idle_seconds=600)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port, opened(port) as (slow,):
        dribbling = asyncio.ensure_future(dribble(slow, start) if start else ended(slow))
        assert await post(port) == 200
        await dribbling
        assert await post(port) == 200


async def test_a_slow_body_is_answered_and_ended(taken: Taken) -> None:
    limits = WebhookLimits(head_seconds=600, request_seconds=1.0, idle_seconds=600)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port, opened(port, 2) as (slow, silent):
        dribbling = asyncio.ensure_future(dribble(slow, head(length=100_000)))
        assert await post(port) == 200
        assert await ask(silent, head(length=100_000)) == 408
        await asyncio.gather(dribbling, ended(silent))
        assert await post(port) == 200
    assert taken.updates == [7, 7]


async def test_a_slow_body_without_the_secret_is_not_read(taken: Taken) -> None:
    async with webhook(taken.write, SECRET, HOST, 0, PATIENT) as port, opened(port) as (slow,):
        assert await ask(slow, head("wrong", 100_000)) == 403
        await dribble(slow, b"")


async def test_a_store_that_hangs_is_bounded_too(taken: Taken) -> None:
    taken.hold = asyncio.Event().wait
    limits = WebhookLimits(head_seconds=600, request_seconds=0.2, idle_seconds=600)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port:
        assert await post(port) == 408


async def test_an_idle_connection_is_ended(taken: Taken) -> None:
    limits = WebhookLimits(head_seconds=600, request_seconds=600, idle_seconds=0.5)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port, opened(port) as (kept,):
        assert await ask(kept, head() + BODY) == 200
        await dribble(kept, b"POST / HTTP/1.1\r\nX-A: ")


async def test_a_genuine_connection_is_kept_and_any_other_is_not(taken: Taken) -> None:
    async with webhook(taken.write, SECRET, HOST, 0, PATIENT) as port, opened(port) as (genuine,):
        for _ in range(3):
            assert await ask(genuine, head() + BODY) == 200
        refused = {
            head("wrong") + BODY: 403,
            head(method="GET /") + BODY: 405,
            head(method="POST /other") + BODY: 404,
            head(length=2) + b"[]": 400,
            head(length=(1 << 20) + 1): 413,
            b"POST / HTTP/1.1\r\nX-A: " + b"x" * 5000 + b"\r\n\r\n": 400,
            b"POST / HTTP/1.1\r\n" + b"X-A: x\r\n" * 100 + b"\r\n": 400,
        }
        for request, answer in refused.items():
            async with opened(port) as (stranger,):
                assert await ask(stranger, request) == answer
                await ended(stranger)
        assert await ask(genuine, head() + BODY) == 200
    assert taken.updates == [7] * 4


async def test_a_body_without_a_length_is_bounded(taken: Taken) -> None:
    async with webhook(taken.write, SECRET, HOST, 0, PATIENT) as port, opened(port) as (stream,):
        chunked = f"POST / HTTP/1.1\r\nHost: desk\r\n{SECRET_HEADER}: {SECRET}\r\nTransfer-Encoding: chunked\r\n\r\n"
        stream[1].write(chunked.encode())
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        assert await ask(stream, piece * 17) == 413
        await ended(stream)


async def test_two_hundred_idle_connections_keep_nobody_out(taken: Taken) -> None:
    async with webhook(taken.write, SECRET, HOST, 0, PATIENT) as port, opened(port) as (genuine,):
        assert await ask(genuine, head() + BODY) == 200
        async with opened(port, 200) as idle:
            assert await ask(genuine, head() + BODY) == 200, "the oldest, but it has shown the secret"
            assert await post(port) == 200
            gone, kept = idle[:-62], idle[-62:]  # 64 less the genuine ones
            await asyncio.gather(*(ended(stream) for stream in gone))
            assert await asyncio.gather(*(ask(stream, head("wrong", 0)) for stream in kept)) == [403] * len(kept)


async def test_a_flood_of_the_same_moment_keeps_nobody_out(taken: Taken) -> None:
    limits = WebhookLimits(connections=8, head_seconds=600, request_seconds=600, idle_seconds=600)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port:
        before = [socket.create_connection((HOST, port)) for _ in range(4)]
        genuine = socket.create_connection((HOST, port))
        genuine.sendall(head() + BODY)  # nothing awaits: the server sees all of them at once
        after = [socket.create_connection((HOST, port)) for _ in range(40)]
        answer = await asyncio.open_connection(sock=genuine)
        assert await status(answer) == 200
        answer[1].close()
        for stranger in [*before, *after]:
            stranger.close()
    assert taken.updates == [7]


async def test_an_update_that_is_being_taken_gives_no_way(taken: Taken) -> None:
    gate, inside = asyncio.Event(), asyncio.Semaphore(0)

    async def hold() -> None:
        inside.release()
        await gate.wait()

    taken.hold = hold
    limits = WebhookLimits(connections=2, head_seconds=600, request_seconds=600, idle_seconds=600)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port:
        posts = [asyncio.ensure_future(post(port)) for _ in range(2)]
        for _ in posts:
            await inside.acquire()
        assert await post(port) == 0, "there is no room"
        gate.set()
        assert await asyncio.gather(*posts) == [200, 200]
        assert await post(port) == 200


async def test_an_idle_connection_gives_way_to_a_new_one(taken: Taken) -> None:
    limits = WebhookLimits(connections=2, head_seconds=600, request_seconds=600, idle_seconds=600)
    async with webhook(taken.write, SECRET, HOST, 0, limits) as port, opened(port, 2) as (first, second):
        for stream in (first, second, first):  # the second is idle longer
            assert await ask(stream, head() + BODY) == 200
        assert await post(port) == 200
        await ended(second)
        assert await ask(first, head() + BODY) == 200


async def test_what_is_no_http_leaves_nothing_in_the_log(taken: Taken, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with webhook(taken.write, SECRET, HOST, 0, PATIENT) as port:
        for line in (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"POST\r\n\r\n", b"POST / HTTP/1.1\r\nA b\r\n\r\n"):
            async with opened(port) as (stream,):
                assert await ask(stream, line) in (400, 0)
    assert caplog.records == []


async def test_on_a_socket_no_port_is_open(taken: Taken, tmp_path: Path) -> None:
    place = tmp_path / "webhook.sock"
    for _ in range(2):  # a socket that a killed desk left is replaced
        async with webhook(taken.write, SECRET, HOST, 0, path=str(place)) as port:
            stream = await asyncio.open_unix_connection(str(place))
            stream[1].write(head() + BODY)
            assert await status(stream) == 200
            stream[1].close()
            assert (port, stat.S_IMODE(place.stat().st_mode)) == (0, 0o666)
            place.chmod(0o600)
    assert taken.updates == [7, 7]


@pytest.mark.parametrize(("mode", "exposed"), [(0o700, False), (0o755, False), (0o777, True), (0o1777, True)])
def test_a_socket_that_others_could_replace_is_refused(tmp_path: Path, mode: int, *, exposed: bool) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(mode)
    assert is_exposed(str(folder / "webhook.sock")) is exposed
    (folder / "below").mkdir(mode=0o700)
    assert is_exposed(str(folder / "below" / "webhook.sock")) is (mode == 0o777)
    assert is_exposed(str(tmp_path / "none" / "webhook.sock"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_another_users_link_leads_a_socket_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "run")
    assert not is_exposed(str(link / "webhook.sock"))
    os.lchown(link, 60_000, 60_000)
    assert is_exposed(str(link / "webhook.sock"))
