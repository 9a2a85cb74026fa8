"""Batches from a broker, safe to read whatever a stranger put into them."""

import gzip
import struct
import zlib
from collections.abc import Callable

import pytest
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bus.message import MAX_BYTES, Flaw
from pipeline.bus.record_batches import MAX_INFLATED, readable
from tests.fakes.record_batches import GZIP, batch, with_payload

LZ4, ZSTD, SNAPPY = 3, 4, 2


def values(batches: bytes) -> list[tuple[int, bytes | None]]:
    """Offset and value of every record, as aiokafka reads them."""
    records, found = MemoryRecords(batches), []
    while records.has_next():
        each = records.next_batch()
        assert each is not None
        assert each.validate_crc()
        found += [(record.offset, record.value) for record in each]
    return found


def test_sound_batches_pass_as_they_are() -> None:
    sent = batch(b"one", b"two", base=5) + batch(b"three", base=7)
    found = readable(sent)
    assert (found.batches, found.flaws) == (sent, {})


def test_a_gzip_batch_is_unpacked() -> None:
    found = readable(batch(b"one", b"two", base=5, codec=GZIP) + batch(b"three", base=7))
    assert values(found.batches) == [(5, b"one"), (6, b"two"), (7, b"three")]
    assert found.flaws == {}


def test_a_bomb_is_one_record_of_its_own_size() -> None:
    bomb = batch(bytes(200 << 20), base=3, codec=GZIP)
    assert len(bomb) < 300_000
    found = readable(bomb + batch(b"next", base=4))
    assert values(found.batches) == [(3, bomb[:MAX_BYTES]), (4, b"next")]
    assert found.flaws[3].flaw is Flaw.TOO_LONG


def test_the_longest_gzip_batch_is_read() -> None:
    overhead = len(zlib.decompress(batch(b"", codec=GZIP)[61:], 31)) + 10
    whole = batch(bytes(MAX_INFLATED - overhead), codec=GZIP)
    assert not readable(whole).flaws
    assert readable(batch(bytes(MAX_INFLATED + 1), codec=GZIP)).flaws[0].flaw is Flaw.TOO_LONG


def test_many_batches_that_grow_are_read_a_few_at_a_time() -> None:
    each = [batch(bytes(MAX_INFLATED - 1000), base=number, codec=GZIP) for number in range(20)]
    found = readable(b"".join(each))
    assert len(found.batches) <= 3 * MAX_INFLATED
    assert [offset for offset, _ in values(found.batches)] == [0, 1, 2]


@pytest.mark.parametrize("codec", [SNAPPY, LZ4, ZSTD, 7])
def test_other_compression_is_refused(codec: int) -> None:
    found = readable(with_payload(batch(b"one", base=9), b"compressed", codec) + batch(b"two", base=10))
    assert found.flaws[9].flaw is Flaw.COMPRESSED
    assert values(found.batches)[1] == (10, b"two")


def _with_bad_name(sent: bytes) -> bytes:
    return with_payload(sent, sent[61:].replace(b"name", b"\xff\xfe\xfd\xfc"), 0)


@pytest.mark.parametrize(
    "broken",
    [
        _with_bad_name,
        lambda sent: with_payload(sent, sent[61:-3], 0),
        lambda sent: with_payload(sent, b"\xff" * 40, 0),
        lambda sent: sent[:-1] + b"!",
        lambda sent: with_payload(sent, b"no gzip", GZIP),
        lambda sent: with_payload(sent, gzip.compress(sent[61:])[:-9], GZIP),
        lambda sent: with_payload(sent, gzip.compress(b"no records"), GZIP),
    ],
    ids=["header name", "cut off", "noise", "checksum", "no gzip", "half a gzip", "gzip of noise"],
)
def test_a_batch_that_aiokafka_cannot_read_stands_for_itself(broken: Callable[[bytes], bytes]) -> None:
    bad = broken(batch(b"one", b"two", base=20, headers=[("name", b"value")]))
    found = readable(bad + batch(b"sound", base=22))
    assert {offset: flaw.flaw for offset, flaw in found.flaws.items()} == {21: Flaw.MALFORMED}
    assert values(found.batches) == [(21, bad), (22, b"sound")]


def test_the_compressed_format_of_before_2017_is_refused() -> None:
    value = gzip.compress(b"records")
    body = struct.pack(">bbqii", 1, GZIP, 0, -1, len(value)) + value
    old = struct.pack(">qiI", 4, len(body) + 4, zlib.crc32(body)) + body
    found = readable(old)
    assert found.flaws[4].flaw is Flaw.COMPRESSED
    assert values(found.batches) == [(4, old)]


@pytest.mark.parametrize("magic", [0, 1, 3, 127, 128, 255])
def test_a_batch_of_an_unknown_format_stops_nothing(magic: int) -> None:
    bad = bytearray(batch(b"one", b"two", base=20))
    bad[16] = magic  # no checksum covers it
    found = readable(bytes(bad) + batch(b"sound", base=22))
    assert values(found.batches)[-1] == (22, b"sound")


def test_a_compressed_batch_with_another_checksum_is_not_unpacked() -> None:
    bad = bytearray(batch(b"one", b"two", base=20, codec=GZIP))
    bad[22] |= 0x20  # the batch claims to be one of control
    found = readable(bytes(bad))
    assert {offset: flaw.flaw for offset, flaw in found.flaws.items()} == {21: Flaw.MALFORMED}
    assert values(found.batches) == [(21, bytes(bad))]


def test_a_batch_that_is_cut_off_ends_the_answer() -> None:
    sent = batch(b"one", base=1)
    assert readable(sent + batch(b"two", base=2)[:-1]).batches == sent


@given(st.binary(max_size=300), st.integers(0, 120), st.binary(min_size=1, max_size=8))
def test_nothing_makes_it_raise(noise: bytes, at: int, change: bytes) -> None:
    sent = batch(b"one", b"two", codec=GZIP)
    values(readable(sent[:at] + change + sent[at + len(change) :] + noise).batches)
    readable(noise)
