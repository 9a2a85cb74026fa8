"""Lines from a pipe, however hostile."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.console.receive import MAX_CHARACTERS, Line, LineFault, UnreadableLine, judge_text, piped_lines


def feeding(chunks: list[bytes]) -> Callable[[], Awaitable[bytes]]:
    rest = iter(chunks)

    async def read() -> bytes:
        return next(rest, b"")

    return read


async def lines_of(*chunks: bytes) -> list[Line]:
    return [line async for line in piped_lines(feeding(list(chunks)))]


async def test_lines_end_at_line_breaks_of_either_kind_and_at_the_end() -> None:
    assert await lines_of(b"/start\r\n\n/price BTC\nlast") == ["/start", "", "/price BTC", "last"]


async def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert await lines_of(b"\xef\xbb\xbf/start\n", b"\xef\xbb\xbf") == ["/start", "\ufeff"]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"a\0b", LineFault.HOLDS_NUL),
        (b"\xff\xfe", LineFault.NOT_UTF8),
        (b"x" * (MAX_CHARACTERS + 1), LineFault.TOO_LONG),
    ],
)
async def test_a_line_that_is_no_command_says_why_and_the_next_one_is_read(raw: bytes, fault: LineFault) -> None:
    first, second = await lines_of(raw + b"\n/start\n")
    assert isinstance(first, UnreadableLine)
    assert first.fault is fault
    assert second == "/start"


async def test_ten_thousand_characters_are_a_line_whatever_they_weigh() -> None:
    line = "\N{GRINNING FACE}" * MAX_CHARACTERS
    assert await lines_of(line.encode() + b"\r\n") == [line]


async def test_a_line_without_end_is_refused_once_and_never_kept() -> None:
    chunk, count, most = b"y" * 65_536, 0, 2_000

    async def read() -> bytes:
        nonlocal count
        count += 1
        return chunk if count < most else b"\nok" if count == most else b""

    lines = [line async for line in piped_lines(read)]
    assert [type(line) for line in lines] == [UnreadableLine, str]
    assert len(lines[0].head) == 60  # type: ignore[union-attr]
    assert lines[1] == "ok"


@given(st.binary(max_size=400), st.integers(1, 50))
async def test_how_the_bytes_arrive_makes_no_difference(data: bytes, size: int) -> None:
    data = data.replace(b"z", b"\n")
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    if not data.startswith(b"\xef"):  # a byte-order mark in pieces is not recognised, and harmless
        assert await lines_of(*chunks) == await lines_of(*([data] if data else []))


def test_typed_bytes_that_are_no_text_are_refused_too() -> None:
    assert judge_text("a\udcffb") == UnreadableLine(LineFault.NOT_UTF8, "a\udcffb")
    assert judge_text("a\0") == UnreadableLine(LineFault.HOLDS_NUL, "a\0")
