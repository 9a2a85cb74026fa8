"""Answers of Redis that have arrived in full before they are read."""

import asyncio
from types import SimpleNamespace

import pytest

from pipeline.store.bounded_parser import BoundedParser


def parser_of(answer: bytes) -> BoundedParser:
    parser, reader = BoundedParser(65536), asyncio.StreamReader()
    reader.feed_data(answer)
    parser.on_connect(SimpleNamespace(_reader=reader, encoder=SimpleNamespace(decode_responses=False)))
    return parser


async def test_a_long_answer_ends_at_its_time_limit_though_all_of_it_is_there() -> None:
    parser = parser_of(b"*4000000\r\n" + b"~0\r\n" * 4_000_000)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(others())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await parser.read_response(disable_decoding=True)
    running.cancel()
    assert turns > 1


async def test_a_short_answer_is_read_at_once() -> None:
    assert await parser_of(b"$2\r\nOK\r\n").read_response(disable_decoding=True) == b"OK"
