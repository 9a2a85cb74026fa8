"""Read-only view of the topic for monitoring: nothing is created, written or committed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError

from pipeline.bus.kafka_clients import make_admin, make_consumer
from pipeline.bus.kafka_consumer import lag_of, read_tail
from pipeline.bus.kafka_raw import Raw
from pipeline.errors import MarketUnavailable
from pipeline.settings import KafkaSettings

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
REFUSED_KEPT = 500
"""Number of the newest dead letters whose reasons are read."""

_REQUEST_MS = 5_000
_NAME = "paperdesk-monitor"
_REASON_CHARACTERS = 40
_CLOSE_SECONDS = 3.0
_AGAIN_SECONDS = 0.2
_NO_ANSWER = (KafkaError, OSError, TimeoutError)


class KafkaWatch:
    """Monitor of lag and dead letters. Keeps its connections between calls and opens new ones after a failure. A
    context manager.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._open: AsyncExitStack | None = None
        self._consumer: Any = None  # a GuardedConsumer while connected
        self._admin: AIOKafkaAdminClient = None
        self._refused: tuple[int, Counter[str]] = (0, Counter())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def lag(self, groups: Sequence[str]) -> dict[str, Mapping[int, int]]:
        """Returns the number of uncommitted frames of each partition by group; empty if there is no topic. Raises
        MarketUnavailable.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._connect()
                tps = await self._partitions(self._settings.topic)
                if not tps:
                    return {}
                ends, begins = await self._consumer.end_offsets(tps), await self._consumer.beginning_offsets(tps)
                return {group: lag_of(ends, begins, await self._committed(group)) for group in groups}
        except _NO_ANSWER as error:
            await self._close()
            raise MarketUnavailable from error

    async def refused(self) -> Counter[str]:
        """Counts the newest dead letters by reason. Raises MarketUnavailable."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._connect()
                tps = await self._partitions(self._settings.dead_letters)
                if not tps:
                    return Counter()
                end = sum((await self._consumer.end_offsets(tps)).values())
                if end != self._refused[0]:
                    self._refused = end, Counter(await read_tail(self._consumer, tps, REFUSED_KEPT, _reason))
                return self._refused[1]
        except _NO_ANSWER as error:
            await self._close()
            raise MarketUnavailable from error

    async def _partitions(self, topic: str) -> list[TopicPartition]:
        """Returns the partitions of the topic, from the description of all topics: a request for a missing one might
        create it.
        """
        topics = {each["topic"]: each["partitions"] for each in await self._admin.describe_topics()}
        return [TopicPartition(topic, part["partition"]) for part in topics.get(topic, ())]

    async def _committed(self, group: str) -> dict[TopicPartition, int]:
        """Returns the committed offsets of the group. Repeats the request, because brokers that never had a group find
        a coordinator only after a moment.
        """
        while True:
            try:
                known = await self._admin.list_consumer_group_offsets(group)
                break
            except GroupCoordinatorNotAvailableError:
                await asyncio.sleep(_AGAIN_SECONDS)
        return {tp: at.offset for tp, at in known.items() if at.offset >= 0}

    async def _connect(self) -> None:
        if self._open is not None:
            return
        async with AsyncExitStack() as opening:
            self._consumer = make_consumer(self._settings, None, client_id=_NAME, request_ms=_REQUEST_MS)
            opening.push_async_callback(self._consumer.stop)
            await self._consumer.start()
            self._admin = make_admin(self._settings, client_id=_NAME, request_ms=_REQUEST_MS)
            opening.push_async_callback(self._admin.close)
            await self._admin.start()
            self._open = opening.pop_all()

    async def _close(self) -> None:
        opened, self._open = self._open, None
        if opened is None:
            return
        try:
            await asyncio.wait_for(opened.aclose(), _CLOSE_SECONDS)  # timeout() of 3.11.0 fails in a cancelled task
        except _NO_ANSWER as error:
            log.warning("the connections to Kafka did not close: %r", error)


def _reason(raw: Raw) -> str:
    """Returns the reason in the header of a dead letter. Content of other programs is bounded and decoded safely."""
    found = dict(raw.headers).get("reason") or b""
    return found[:_REASON_CHARACTERS].decode(errors="replace")
