"""Sound messages made unsound: a seeded, endless corpus of bytes that no honest producer sends."""

import random
from collections.abc import Iterator, Sequence

TOKENS = (
    b"null", b"true", b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 400, b'""', b'"NaN"', b'"-1"', b"{}", b"[]",
    b"[" * 2000, b"\x00", b"\xff\xfe",
    b"\xed\xa0\x80", b"\\ud800", "币安人生".encode(), "１２３".encode(), b'"\\u0000"', b",", b":",
)  # fmt: skip


def mutations(sound: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """One to four random changes each to one of the sound messages."""
    rng = random.Random(seed)  # noqa: S311 - a test that can be repeated
    while True:
        data = bytearray(rng.choice(sound))
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            _mutate(data, rng)
        yield bytes(data)


def _mutate(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 1, 2, 8, 64)))
    match rng.randrange(8):
        case 0:
            del data[at:]
        case 1:
            del data[at:end]
        case 2:
            data[at:at] = data[at:end] * rng.randint(1, 50)
        case 3 if at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        case 4:
            data[at:at] = rng.randbytes(end - at)
        case 5:
            data[at:end] = rng.choice(TOKENS)
        case 6:
            data[at:at] = rng.choice(TOKENS)
        case _ if at < len(data):
            data[at] = rng.choice(b'0123456789-+eE.,:"[]{}\\ ')
