import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from core.network.bounded_body import read_body


def answer(body: bytes, coding: str = "gzip") -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": coding}, stream=Chunks(body))


class Chunks(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._body), 50):
            yield self._body[at : at + 50]


async def test_a_body_is_read_plain_and_unpacked() -> None:
    body = bytes(range(250)) * 4
    assert await read_body(answer(body, "identity"), 1000) == body
    assert await read_body(answer(gzip.compress(body)), 1000) == body


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (bytes(1001), "identity"),
        (gzip.compress(bytes(1001)), "gzip"),
        (gzip.compress(gzip.compress(bytes(100))), "gzip, gzip"),
        (gzip.compress(bytes(100)) + bytes(200), "gzip"),
        (bytes(100), "gzip"),
        (b"", "br"),
    ],
    ids=["long", "long once unpacked", "packed twice", "longer than its packing", "not packed", "another packing"],
)
async def test_other_bodies_are_refused(body: bytes, coding: str) -> None:
    with pytest.raises(httpx.DecodingError):
        await read_body(answer(body, coding), 1000)
