"""Topics of the bus: created if missing, with bounds on their records."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int8, Int16, Int32, Schema, String

from pipeline.bus.kafka_clients import make_admin
from pipeline.settings import KafkaSettings

MAX_BYTES = 1_048_588
"""Longest batch sent to a broker, in its compressed form: Kafka's own default, regardless of the brokers' setting."""

_BOUNDS = {"max.message.bytes": str(MAX_BYTES), "compression.type": "producer"}
"""`producer` keeps batches as they come. With any other value the broker decompresses each batch whole: 100 KB of gzip
that grow to 100 MB end a broker with 256 MB of memory. Members bound what they decompress: `pipeline.bus.kafka_guard`.
"""

_HOUR_MS = 3600 * 1000
_DEAD_RETENTION_MS = 30 * 24 * _HOUR_MS
_TOPIC, _SET = 2, 0
_FORBIDDEN = (TopicAuthorizationFailedError, ClusterAuthorizationFailedError)

log = logging.getLogger(__name__)


async def ensure_topics(settings: KafkaSettings) -> str:
    """Creates the topic and that of its dead letters if they are missing, and bounds their records. Returns the id of
    the cluster, "" if the brokers state none. Raises KafkaError.

    A Kafka user who may not create or change topics needs existing ones.
    """
    configs = _BOUNDS | {"retention.ms": str(settings.retention_hours * _HOUR_MS), "min.insync.replicas": "1"}
    if settings.replication > 2:  # noqa: PLR2004 - one copy may be away, and two still agree
        configs["min.insync.replicas"] = "2"
    dead = configs | {"retention.ms": str(_DEAD_RETENTION_MS)}
    topics = [
        NewTopic(settings.topic, settings.partitions, settings.replication, topic_configs=configs),
        NewTopic(settings.dead_letters, 1, settings.replication, topic_configs=dead),
    ]
    admin = make_admin(settings)
    try:
        await admin.start()
        answer: Any = await admin.create_topics(topics)
        there, forbidden = list[str](), list[tuple[str, KafkaError]]()
        for name, code, *detail in answer.topic_errors:
            error = for_code(code)
            if error is TopicAlreadyExistsError:
                there.append(name)
            elif error in _FORBIDDEN:
                forbidden.append((name, error(*detail)))
            elif code:
                raise error(*detail)
        await _refuse_missing(admin, forbidden)
        await _bound(admin, [*there, *(name for name, _ in forbidden)])
        return str((await admin.describe_cluster()).get("cluster_id") or "")
    finally:
        with suppress(KafkaError):
            await admin.close()


async def _refuse_missing(admin: AIOKafkaAdminClient, forbidden: Sequence[tuple[str, KafkaError]]) -> None:
    """Raises the error of a forbidden topic that does not exist. Brokers give the same answer for existing and missing
    ones.
    """
    if not forbidden:
        return
    known = {
        each["topic"] for each in await admin.describe_topics([name for name, _ in forbidden]) if each["partitions"]
    }
    for name, error in forbidden:
        if name not in known:
            raise error


async def _bound(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> None:
    """Gives topics created earlier, or by another program, the same bounds."""
    if not topics:
        return
    try:
        answer: Any = await admin._send_to_controller(_AlterRequest(topics))  # noqa: SLF001 - aiokafka lacks the request
        errors: list[Exception] = [for_code(code)(detail) for code, detail, *_ in answer.responses if code]
    except (KafkaError, NotImplementedError) as error:  # brokers from before 2019 do not know it
        errors = [error]
    for each in errors:
        log.warning("the size of records on %s is not bounded at the brokers: %r", ", ".join(topics), each)


class _AlterResponse(Response):  # type: ignore[misc]  # aiokafka carries no types
    """IncrementalAlterConfigs, version 0."""

    API_KEY = 44
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "responses",
            Array(
                ("error_code", Int16),
                ("error_message", String("utf-8")),
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
            ),
        ),
    )


class _AlterStruct(RequestStruct):  # type: ignore[misc]
    """IncrementalAlterConfigs, version 0: sets what it names and leaves the rest."""

    API_KEY = 44
    API_VERSION = 0
    RESPONSE_TYPE = _AlterResponse
    SCHEMA = Schema(
        (
            "resources",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                ("configs", Array(("name", String("utf-8")), ("operation", Int8), ("value", String("utf-8")))),
            ),
        ),
        ("validate_only", Boolean),
    )


class _AlterRequest(Request[_AlterStruct]):  # type: ignore[misc]
    API_KEY = 44

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_AlterStruct]) -> _AlterStruct:
        """Builds the request that sets the bounds of `topics`."""
        validate_only = False
        bounds = [(name, _SET, value) for name, value in _BOUNDS.items()]
        return request_struct_class([(_TOPIC, topic, bounds) for topic in self._topics], validate_only)
