"""Clients of Kafka: how each is made, how it proves who it is, and why brokers turn one away."""

import ssl
from functools import lru_cache
from typing import Any, Literal

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from core.network.tls_errors import Distrust, causes, distrust
from pipeline.bus.kafka_guard import GuardedConsumer
from pipeline.errors import KafkaDenied
from pipeline.settings import KafkaSettings

REQUEST_MS = 20_000

_BATCH_BYTES = 512_000
_PARTITION_BYTES = 4_000_000
"""Bytes of each partition in one answer: a member that is behind catches up in long batches."""

_FETCH_BYTES = 16_000_000
"""Bytes of all partitions in one answer."""

_BACKOFF_MS = 200
_HEARTBEAT_MS = 1000
_SESSION_MS = 10_000
_METADATA_MS = 60_000
_ASK_MS = 5_000

_PASSWORD = (AuthenticationFailedError, SaslAuthenticationFailed)
_MECHANISM = (UnsupportedSaslMechanismError, IllegalSaslStateError)


def make_producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """Creates a writer that is acknowledged by every replica."""
    return AIOKafkaProducer(
        **_access(settings),
        client_id="paperdesk",
        acks="all",
        enable_idempotence=settings.idempotent,
        max_batch_size=_BATCH_BYTES,
        request_timeout_ms=REQUEST_MS,
        retry_backoff_ms=_BACKOFF_MS,
        metadata_max_age_ms=_METADATA_MS,
    )


def make_consumer(
    settings: KafkaSettings, group: str | None, *, client_id: str = "paperdesk", request_ms: int = REQUEST_MS
) -> GuardedConsumer:
    """Creates a member of `group`, or a reader of no group. Its data is bounded before it is decompressed."""
    return GuardedConsumer(
        **_access(settings),
        client_id=client_id,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_PARTITION_BYTES,
        fetch_max_bytes=_FETCH_BYTES,
        heartbeat_interval_ms=_HEARTBEAT_MS,
        session_timeout_ms=_SESSION_MS,
        request_timeout_ms=request_ms,
        retry_backoff_ms=_BACKOFF_MS,
        metadata_max_age_ms=_METADATA_MS,
    )


def make_admin(
    settings: KafkaSettings, *, client_id: str = "paperdesk", request_ms: int = REQUEST_MS
) -> AIOKafkaAdminClient:
    """Creates a client that manages topics and groups."""
    return AIOKafkaAdminClient(**_access(settings), client_id=client_id, request_timeout_ms=request_ms)


async def ask(settings: KafkaSettings) -> None:
    """Returns if a broker accepts this client, or if none answers. Raises KafkaDenied if a broker answers and refuses
    it.

    aiokafka itself reports each of these as a broker that cannot be reached.
    """
    denied: KafkaDenied | None = None
    for address in settings.bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        access = _access(settings)
        del access["bootstrap_servers"]
        try:
            connection = await create_conn(host.strip("[]"), int(port), request_timeout_ms=_ASK_MS, **access)
        except (OSError, ValueError, KafkaError) as error:
            if reason := _reason(error):
                denied = KafkaDenied(address.strip(), reason)
        else:
            connection.close()
            return
    if denied:
        raise denied


def _reason(error: BaseException) -> Distrust | Literal["password", "mechanism"] | None:
    if reason := distrust(error):
        return reason
    for each in causes(error):
        if isinstance(each, (*_PASSWORD, ValueError)):  # a broker that does not know the password either: SCRAM
            return "password"
        if isinstance(each, _MECHANISM):
            return "mechanism"
    return None


def _access(settings: KafkaSettings) -> dict[str, Any]:
    """Returns the client options for the brokers' addresses, for TLS and for this client's credentials."""
    access: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap,
        "security_protocol": settings.security_protocol,
    }
    if settings.encrypted:
        access["ssl_context"] = _context(settings.ca_file, settings.cert_file, settings.key_file)
    if settings.security_protocol.startswith("SASL"):
        access |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.username,
            "sasl_plain_password": settings.password.get_secret_value(),
        }
    return access


@lru_cache(maxsize=4)
def _context(ca_file: str, cert_file: str, key_file: str) -> ssl.SSLContext:
    """Creates the TLS context, which checks the brokers' certificates and their names. The files are read once: changes
    take effect at the next start.
    """
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if cert_file:
        context.load_cert_chain(cert_file, key_file or None, lambda: "")
    return context
