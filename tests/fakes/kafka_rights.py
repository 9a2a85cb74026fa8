"""Gives users of Kafka rights, by the request that aiokafka lacks."""

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Int8, Int16, Int32, Schema, String

READ, WRITE, CREATE, ALTER, DESCRIBE = 3, 4, 5, 7, 8
TOPIC, GROUP, CLUSTER = 2, 3, 4

Right = tuple[str, int, str, int]
"""User, kind of resource, its name, operation."""


async def allow(bootstrap: str, rights: Sequence[Right]) -> None:
    """What one user is allowed, no other user is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        answer = await admin._send_to_controller(_CreateAcls(rights))
        assert [code for code, _ in answer.results] == [0] * len(rights), answer
    finally:
        await admin.close()


class _Response(Response):
    API_KEY = 30
    API_VERSION = 1
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("results", Array(("error_code", Int16), ("error_message", String("utf-8")))),
    )


class _Struct(RequestStruct):
    API_KEY = 30
    API_VERSION = 1
    RESPONSE_TYPE = _Response
    SCHEMA = Schema(
        (
            "creations",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                ("pattern", Int8),
                ("principal", String("utf-8")),
                ("host", String("utf-8")),
                ("operation", Int8),
                ("permission", Int8),
            ),
        ),
    )


class _CreateAcls(Request[_Struct]):
    API_KEY = 30

    def __init__(self, rights: Sequence[Right]) -> None:
        self._rights = rights

    def build(self, request_struct_class: type[_Struct]) -> _Struct:
        literal = allowed = 3
        return request_struct_class(
            [
                (kind, name, literal, f"User:{user}", "*", operation, allowed)
                for user, kind, name, operation in self._rights
            ]
        )
