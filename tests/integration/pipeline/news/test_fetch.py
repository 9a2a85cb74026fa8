"""Feeds from servers that are hostile: every answer is bounded in size and time, and no local address is reached."""

import asyncio
import gzip
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import trustme

from pipeline.news.errors import FeedFault, FeedRefused
from pipeline.news.fetch import LIMIT_BYTES, FeedClient
from pipeline.news.public_addresses import resolve
from tests.fakes.feed_server import FeedServer, bomb, endless, feed_server, item, redirect, response, rss

FEED = rss(item("Bitcoin climbs above a level"))


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as made:
        made.answers["/feed"] = response(FEED, ETag='"v1"', Last_Modified="Thu, 01 Apr 2021 12:00:00 GMT")
        yield made


class _Public(FeedClient):
    """Client for which `public.example.org` has a public address, which leads to the server of the test."""

    def __init__(self, server: FeedServer) -> None:
        super().__init__(allow_http=True, resolver=self._find)
        self._port = server.port

    async def _find(self, host: str, port: int) -> tuple[str, ...]:
        return ("93.184.215.14",) if host == "public.example.org" else await resolve(host, port)

    async def _request(self, url: httpx.URL, address: str, headers: dict[str, str]) -> Any:
        assert address == "93.184.215.14"
        return await super()._request(url.copy_with(port=self._port), "127.0.0.1", headers)


@asynccontextmanager
async def _encrypted(certificate: trustme.LeafCert) -> AsyncIterator[int]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    made = FeedServer(answers={"/feed": response(FEED)})
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def client(seconds: float = 10.0) -> FeedClient:
    return FeedClient(allow_loopback=True, limit_seconds=seconds)


async def refused(address: str, found: FeedClient | None = None) -> FeedRefused:
    with pytest.raises(FeedRefused) as raised:
        await (found or client()).fetch(address)
    return raised.value


async def test_a_feed_comes_with_its_tags(server: FeedServer) -> None:
    fetched = await client().fetch(server.url())
    assert fetched is not None
    assert (fetched.body, fetched.content_type) == (FEED, "application/rss+xml")
    assert (fetched.etag, fetched.modified) == ('"v1"', "Thu, 01 Apr 2021 12:00:00 GMT")


async def test_tags_are_sent_back_and_nothing_comes_when_nothing_changed(server: FeedServer) -> None:
    server.answers["/feed"] = response(b"", status="304 Not Modified")
    assert await client().fetch(server.url(), '"v1"', "Thu, 01 Apr 2021 12:00:00 GMT") is None
    _, headers = server.requests[0]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "thu, 01 apr 2021 12:00:00 gmt"
    assert "cookie" not in headers


async def test_a_packed_feed_is_unpacked(server: FeedServer) -> None:
    server.answers["/feed"] = response(gzip.compress(FEED), Content_Encoding="gzip")
    fetched = await client().fetch(server.url())
    assert fetched is not None
    assert fetched.body == FEED


async def test_an_endless_body_ends_at_its_limit(server: FeedServer) -> None:
    server.answers["/feed"] = endless(b"<item/>" * 10_000)
    begun = time.monotonic()
    assert (await refused(server.url())).fault is FeedFault.BODY
    assert time.monotonic() - begun < 8


async def test_a_body_that_drips_ends_in_time(server: FeedServer) -> None:
    server.answers["/feed"] = endless(b" ", pause=0.02)
    begun = time.monotonic()
    assert (await refused(server.url(), client(0.5))).fault is FeedFault.SLOW
    assert time.monotonic() - begun < 5


async def test_headers_that_drip_end_in_time(server: FeedServer) -> None:
    server.answers["/feed"] = endless(b"", pause=0.02, head=b"")
    assert (await refused(server.url(), client(0.5))).fault is FeedFault.SLOW


@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (bomb(50 << 20), "gzip"),
        (gzip.compress(bomb(50 << 20)), "gzip, gzip"),
        (b"no gzip", "gzip"),
        (bomb(1), "deflate"),
        (FEED, "br"),
    ],
    ids=["bomb", "bomb in a bomb", "no gzip", "deflate", "brotli"],
)
async def test_a_bomb_is_not_unpacked(server: FeedServer, packed: bytes, coding: str) -> None:
    server.answers["/feed"] = response(packed, Content_Encoding=coding)
    assert (await refused(server.url())).fault is FeedFault.BODY


async def test_a_body_of_just_the_limit_is_read(server: FeedServer) -> None:
    server.answers["/feed"] = response(b" " * LIMIT_BYTES)
    server.answers["/more"] = response(b" " * (LIMIT_BYTES + 1))
    assert await client().fetch(server.url()) is not None
    assert (await refused(server.url("/more"))).fault is FeedFault.BODY


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "image/png", "application/json"])
async def test_another_type_is_refused(server: FeedServer, kind: str) -> None:
    server.answers["/feed"] = response(FEED, kind=kind)
    assert (await refused(server.url())).fault is FeedFault.TYPE


@pytest.mark.parametrize(
    ("retry", "seconds"), [("120", 120.0), ("", 0.0), ("-5", 0.0), ("9" * 400, 86_400.0), ("soon", 0.0)]
)
async def test_an_error_says_when_to_come_again(server: FeedServer, retry: str, seconds: float) -> None:
    server.answers["/feed"] = response(b"", status="503 Service Unavailable", Retry_After=retry)
    error = await refused(server.url())
    assert (error.fault, error.retry_after) == (FeedFault.STATUS, seconds)


# -- redirects ---------------------------------------------------------------------------------


async def test_three_redirects_are_followed_and_not_a_fourth(server: FeedServer) -> None:
    for number in range(4):
        server.answers[f"/{number}"] = redirect(f"/{number + 1}" if number < 3 else "/feed")
    assert await client().fetch(server.url("/1")) is not None
    assert (await refused(server.url("/0"))).fault is FeedFault.REDIRECTS


async def test_a_redirect_in_a_circle_ends(server: FeedServer) -> None:
    server.answers["/feed"] = redirect("/feed")
    assert (await refused(server.url())).fault is FeedFault.REDIRECTS
    assert len(server.requests) == 4


LOCAL = [
    "http://127.0.0.1:{port}/secret",
    "http://localhost:{port}/secret",
    "http://127.1:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://0x7f000001:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://[::ffff:7f00:1]:{port}/secret",
    "http://0.0.0.0:{port}/secret",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
]


@pytest.mark.parametrize("target", LOCAL)
async def test_a_redirect_to_a_local_address_is_not_followed(server: FeedServer, target: str) -> None:
    """The first hop is a name that resolves to a public address, which leads to the server of the test."""
    server.answers["/secret"] = response(FEED)
    server.answers["/start"] = redirect(target.format(port=server.port))
    found = _Public(server)
    assert (await refused("http://public.example.org/start", found)).fault is FeedFault.LOCAL
    assert [path for path, _ in server.requests] == ["/start"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "gopher://x/", "javascript:1"])
async def test_a_redirect_to_another_scheme_is_not_followed(server: FeedServer, target: str) -> None:
    server.answers["/feed"] = redirect(target)
    assert (await refused(server.url())).fault is FeedFault.SCHEME
    assert len(server.requests) == 1


@pytest.mark.parametrize("addresses", [("10.0.0.5",), ("93.184.215.14", "127.0.0.1"), ("::1",), ("169.254.169.254",)])
async def test_a_name_that_resolves_to_a_local_address_is_not_reached(addresses: tuple[str, ...]) -> None:
    async def resolver(host: str, port: int) -> tuple[str, ...]:
        return addresses

    found = FeedClient(resolver=resolver)
    assert (await refused("https://innocent.example.org/feed", found)).fault is FeedFault.LOCAL


async def test_the_address_that_was_checked_is_the_one_that_is_reached(server: FeedServer) -> None:
    """A name that resolves to another address the second time gains nothing: it is resolved once a hop."""
    asked: list[str] = []

    async def resolver(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) == 1 else ("10.0.0.5",)

    found = FeedClient(allow_loopback=True, resolver=resolver)
    assert await found.fetch(f"http://rebind.example.org:{server.port}/feed") is not None
    assert asked == ["rebind.example.org"]
    assert server.requests[0][1]["host"] == f"rebind.example.org:{server.port}"


async def test_an_unencrypted_address_needs_a_setting() -> None:
    async def resolver(host: str, port: int) -> tuple[str, ...]:
        return ("93.184.215.14",)

    for allowed in (FeedClient(resolver=resolver), FeedClient(resolver=resolver, allow_loopback=True)):
        assert (await refused("http://public.example.org/", allowed)).fault is FeedFault.SCHEME


async def test_a_certificate_must_be_of_the_name(server: FeedServer) -> None:
    """The connection goes to the address, and the certificate is checked for the name."""
    authority = trustme.CA()
    for name, works in (("feeds.example.org", True), ("other.example.org", False)):
        async with _encrypted(authority.issue_cert(name)) as port:

            async def resolver(host: str, port: int) -> tuple[str, ...]:
                return ("127.0.0.1",)

            trusting = ssl.create_default_context()
            authority.configure_trust(trusting)
            found = FeedClient(allow_loopback=True, resolver=resolver, tls=trusting)
            address = f"https://feeds.example.org:{port}/feed"
            if works:
                assert await found.fetch(address) is not None
            else:
                assert (await refused(address, found)).fault is FeedFault.UNREACHABLE
