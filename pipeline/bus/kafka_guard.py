"""Kafka consumer whose answers are made safe before aiokafka reads them."""

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.protocol.fetch import FetchRequest

from pipeline.bus.message import UnreadableMessage
from pipeline.bus.record_batches import readable


class GuardedConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka carries no types
    """AIOKafkaConsumer that bounds decompression and does not raise for any record."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._flaws: dict[tuple[str, int], tuple[dict[int, UnreadableMessage], dict[int, UnreadableMessage]]] = {}
        self._send = self._client.send
        self._client.send = self._send_and_check  # every response reaches aiokafka's fetcher through it

    def flaw_of(self, topic: str, partition: int, offset: int) -> UnreadableMessage | None:
        """Returns the reason that the record cannot be read, or None. The value of such a record is its whole batch."""
        before, last = self._flaws.get((topic, partition), ({}, {}))
        return last.get(offset) or before.get(offset)

    async def _send_and_check(self, node_id: int, request: Any, **options: Any) -> Any:
        response = await self._send(node_id, request, **options)
        if isinstance(request, FetchRequest):
            response.topics = [
                (topic, [self._checked(topic, *answer) for answer in partitions])
                for topic, partitions in response.topics
            ]
        return response

    def _checked(self, topic: str, partition: int, *answer: Any) -> tuple[Any, ...]:
        *rest, batches = answer
        if not batches:
            return (partition, *answer)
        found = readable(batches)
        # aiokafka requests the next answer when it has delivered the last records of this one, not when they are read
        _, before = self._flaws.get((topic, partition), ({}, {}))
        self._flaws[topic, partition] = (before, found.flaws)
        return (partition, *rest, found.batches)
