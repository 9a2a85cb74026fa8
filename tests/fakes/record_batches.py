"""Record batches as a stranger's program may send them, sound or not."""

import asyncio
import struct
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

GZIP = 1
_NOT_LEADER = 6  # NOT_LEADER_OR_FOLLOWER
HEADER = 61
"""Bytes before the records."""


def batch(*values: bytes, base: int = 0, codec: int = 0, headers: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """A batch of these values, from offset `base` on."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 30,
    )
    for number, value in enumerate(values):
        builder.append(offset=number, timestamp=1, key=b"0/1", value=value, headers=list(headers))
    made = bytearray(builder.build())
    struct.pack_into(">q", made, 0, base)
    return bytes(made)


def with_payload(whole: bytes, payload: bytes, codec: int) -> bytes:
    """The batch with other bytes where its records were, and a checksum that is right."""
    made = bytearray(whole[:HEADER] + payload)
    struct.pack_into(">i", made, 8, len(made) - 12)
    struct.pack_into(">h", made, 21, codec)
    struct.pack_into(">I", made, 17, calc_crc32c(memoryview(made)[21:]))
    return bytes(made)


async def put_batches(bootstrap: str, topic: str, *batches: bytes, partition: int = 0) -> list[int]:
    """Sends them as they are, one a request; the error code of each."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.partitions_for(topic)
        leader = producer.client.cluster.leader_for_partition(TopicPartition(topic, partition))
        return [code for each in batches for code in await _send(producer, leader, topic, partition, each)]
    finally:
        await producer.stop()


async def _send(producer: AIOKafkaProducer, leader: int, topic: str, partition: int, batch: bytes) -> list[int]:
    """Once more while the broker does not lead the partition yet: a topic that was just made takes a moment."""
    while True:
        answer = await producer.client.send(leader, ProduceRequest(None, 1, 10_000, [(topic, [(partition, batch)])]))
        codes = [code for _, parts in answer.topics for _, code, *_ in parts]
        if _NOT_LEADER not in codes:
            return codes
        await asyncio.sleep(0.05)
