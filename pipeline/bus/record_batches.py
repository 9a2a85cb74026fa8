"""Conversion of a broker's record batches to batches that are safe to read: bounded, uncompressed and valid.

aiokafka decompresses a batch as a whole, regardless of its decompressed size, and raises in the middle of an unreadable
batch, at every start again. `readable` returns batches that are small, uncompressed and valid. A batch that cannot be
converted is replaced by one record at its last offset, whose value is the original batch.

The format is "Record Batch" of Kafka's protocol guide (kafka.apache.org/documentation, "Message Format").
"""

import struct
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c

from pipeline.bus.message import MAX_BYTES, Flaw, UnreadableMessage

MAX_INFLATED = 4_000_000
"""Maximum bytes of a decompressed batch: four of the longest messages."""

_MAX_CONCURRENT = 2 * MAX_INFLATED
"""Maximum bytes of all decompressed batches of one response; later batches are fetched again."""

_HEADER = struct.Struct(">qiibIhiqqqhii")
_START = struct.Struct(">qi")  # base offset, length of the rest
_AFTER_CRC = struct.calcsize(">qiibI")
_MAGIC_AT, _ATTRIBUTES_AT, _LEGACY_ATTRIBUTES_AT = 16, 21, 17
_OLDEST_WITH_HEADER = 2
_CODEC, _GZIP, _CONTROL = 0x07, 1, 0x20
_GZIP_WINDOW = 31
_LEGACY_SHORTEST = 26


@dataclass(slots=True)
class Readable:
    """Batches of one partition, safe to read. `flaws` are the flaws of the replaced batches, by the offset of their
    record.
    """

    batches: bytes
    flaws: dict[int, UnreadableMessage] = field(default_factory=dict)


def readable(batches: bytes) -> Readable:
    """Makes the batches of one partition safe to read. Does not raise for any content of `batches`. A truncated last
    batch is left out.
    """
    found = Readable(b"")
    parts: list[bytes | memoryview] = []
    inflated = 0
    for offset, batch in _split(batches):
        try:
            part = _uncompressed(batch)
            if part is not batch:
                inflated += len(part)
            _check(part)
        except UnreadableMessage as flaw:
            parts.append(_stand_in(offset, bytes(batch)))
            found.flaws[offset] = flaw
        else:
            parts.append(part)
        if inflated > _MAX_CONCURRENT:
            break
    found.batches = b"".join(parts)
    return found


def _split(batches: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yields each complete batch with its last offset."""
    view, at = memoryview(batches), 0
    while len(view) - at >= _START.size:
        base, length = _START.unpack_from(view, at)
        batch = view[at : at + _START.size + length]
        if length < _LEGACY_SHORTEST - _START.size or len(batch) < _START.size + length:
            return
        at += len(batch)
        yield _last_offset(base, batch), batch


def _last_offset(base: int, batch: memoryview) -> int:
    if batch[_MAGIC_AT] < _OLDEST_WITH_HEADER or len(batch) < _HEADER.size:
        return base
    delta: int = _HEADER.unpack_from(batch)[6]
    return base + max(0, delta)


def _uncompressed(batch: memoryview) -> memoryview | bytes:
    """Returns the batch without compression; the batch itself if it is not compressed. Raises UnreadableMessage."""
    if batch[_MAGIC_AT] < _OLDEST_WITH_HEADER:
        if batch[_LEGACY_ATTRIBUTES_AT] & _CODEC:
            raise UnreadableMessage(Flaw.COMPRESSED, "in the format of before 2017")
        return batch
    if len(batch) < _HEADER.size:
        raise UnreadableMessage(Flaw.MALFORMED, "a batch without its header")
    fields = list(_HEADER.unpack_from(batch))
    codec = fields[5] & _CODEC
    if not codec:
        return batch
    if codec != _GZIP:
        raise UnreadableMessage(Flaw.COMPRESSED, f"codec {codec}")
    if fields[4] != calc_crc32c(batch[_AFTER_CRC:]):
        raise UnreadableMessage(Flaw.MALFORMED, "another checksum")
    records = _inflated(batch[_HEADER.size :])
    fields[1] = _HEADER.size - _START.size + len(records)
    fields[5] &= ~_CODEC
    whole = bytearray(_HEADER.pack(*fields) + records)
    struct.pack_into(">I", whole, _ATTRIBUTES_AT - 4, calc_crc32c(memoryview(whole)[_AFTER_CRC:]))
    return bytes(whole)


def _inflated(records: memoryview) -> bytes:
    stream = zlib.decompressobj(_GZIP_WINDOW)
    try:
        grown = stream.decompress(records, MAX_INFLATED)
    except zlib.error as error:
        raise UnreadableMessage(Flaw.MALFORMED, str(error)) from None
    if not stream.eof:
        longer = len(grown) >= MAX_INFLATED
        raise UnreadableMessage(
            *((Flaw.TOO_LONG, f"{len(records)} bytes of gzip") if longer else (Flaw.MALFORMED, "gzip"))
        )
    return grown


def _check(batch: memoryview | bytes) -> None:
    """Reads the batch as aiokafka will. Raises UnreadableMessage."""
    try:
        sound = _read(bytes(batch))
    except Exception as error:  # noqa: BLE001 - aiokafka raises errors of many kinds for flaws
        raise UnreadableMessage(Flaw.MALFORMED, repr(error)) from None
    if not sound:
        raise UnreadableMessage(Flaw.MALFORMED, "another checksum")


def _read(batch: bytes) -> bool:
    """Reads all records of the batch; returns whether its checksum is that of the content. Raises any error of
    aiokafka.
    """
    known = MemoryRecords(batch).next_batch()  # detects the format as the consumer does: no checksum covers it
    if known is None or not known.validate_crc():
        return False
    if not known.is_control_batch:
        deque(known, maxlen=0)
    return True


def _stand_in(offset: int, batch: bytes) -> bytes:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=2 * MAX_BYTES,
    )
    builder.append(offset=0, timestamp=0, key=None, value=batch[:MAX_BYTES], headers=[])
    made = bytearray(builder.build())
    struct.pack_into(">q", made, 0, offset)  # not covered by the checksum
    return bytes(made)
