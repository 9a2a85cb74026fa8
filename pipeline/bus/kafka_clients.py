"""Clients of Kafka: their creation, their authentication, and the reasons for which brokers refuse them."""

import asyncio
import logging
import ssl
from functools import lru_cache
from typing import Any, Literal

from aiokafka import AIOKafkaProducer
from aiokafka import conn as aiokafka_conn
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import ConnectionGroup
from aiokafka.conn import AIOKafkaConnection, ScramAuthenticator, create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from core.network.scram import MAX_ITERATIONS, MIN_ITERATIONS
from core.network.this_machine import is_this_machine
from core.network.tls_errors import Distrust, causes, distrust
from pipeline.bus.kafka_guard import GuardedConsumer
from pipeline.errors import KafkaDenied
from pipeline.settings import KafkaSettings

_log = logging.getLogger(__name__)

REQUEST_MS = 20_000

_BATCH_BYTES = 512_000
_PARTITION_BYTES = 4_000_000
"""Maximum bytes of each partition in one response. It is large, so that a member that lags catches up quickly."""

_FETCH_BYTES = 16_000_000
"""Maximum bytes of all partitions in one response."""

_ANSWER_BYTES = 2 * _FETCH_BYTES
"""Maximum bytes of any answer. A broker has not proved anything when it sends the first ones."""

_BACKOFF_MS = 200
_HEARTBEAT_MS = 1000
_SESSION_MS = 10_000
_METADATA_MS = 60_000
_ASK_MS = 5_000

_PASSWORD = (AuthenticationFailedError, SaslAuthenticationFailed)
_MECHANISM = (UnsupportedSaslMechanismError, IllegalSaslStateError)


class BrokerIterationsRefused(AuthenticationFailedError):  # type: ignore[misc]
    """A broker requests too few or too many iterations of SCRAM."""


class _Scram(ScramAuthenticator):  # type: ignore[misc]
    """aiokafka's authenticator with bounded iterations, because it hashes in a thread that cannot be stopped."""

    def create_salted_password(self, salt: bytes, iterations: int) -> None:
        """Acts like the base class. Raises BrokerIterationsRefused."""
        if not MIN_ITERATIONS <= iterations <= MAX_ITERATIONS:
            raise BrokerIterationsRefused(f"{iterations} iterations of SCRAM")
        super().create_salted_password(salt, iterations)

    def _step(self, payload: bytes | None) -> Any:
        """Acts like the base class. Raises AuthenticationFailedError for an invalid SCRAM message or a wrong proof."""
        try:
            return super()._step(payload)
        except (LookupError, ValueError, TypeError, AttributeError) as error:  # an answer without bytes among them
            raise AuthenticationFailedError(repr(error)) from error


class _BoundedReader:
    """Reader of a broker's answers that raises ConnectionError for a size above the limit, before any of it is read."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    def at_eof(self) -> bool:
        """Acts like StreamReader."""
        return self._reader.at_eof()

    async def readexactly(self, count: int) -> bytes:
        """Acts like StreamReader. The caller reads the size of an answer first, then the answer."""
        if not 0 <= count <= _ANSWER_BYTES:
            raise ConnectionError(f"an answer of {count} bytes")
        return await self._reader.readexactly(count)


class _Connection(AIOKafkaConnection):  # type: ignore[misc]
    """aiokafka's connection with bounded answers."""

    _reader: Any

    def _create_reader_task(self) -> Any:
        self._reader = _BoundedReader(self._reader)
        return super()._create_reader_task()


# aiokafka has no parameter for these classes: it creates those of every connection by these names.
aiokafka_conn.ScramAuthenticator = _Scram
aiokafka_conn.AIOKafkaConnection = _Connection


def make_producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """Returns a producer whose records are acknowledged by every replica."""
    producer = AIOKafkaProducer(
        **_access(settings),
        client_id="paperdesk",
        acks="all",
        enable_idempotence=settings.idempotent,
        max_batch_size=_BATCH_BYTES,
        request_timeout_ms=REQUEST_MS,
        retry_backoff_ms=_BACKOFF_MS,
        metadata_max_age_ms=_METADATA_MS,
    )
    _confine(producer.client, settings)
    return producer


def make_consumer(
    settings: KafkaSettings, group: str | None, *, client_id: str = "paperdesk", request_ms: int = REQUEST_MS
) -> GuardedConsumer:
    """Returns a consumer: a member of `group`, or of no group if None. Batches are bounded before decompression."""
    consumer = GuardedConsumer(
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
    _confine(consumer._client, settings)  # noqa: SLF001 - aiokafka gives no other way to it
    return consumer


def make_admin(
    settings: KafkaSettings, *, client_id: str = "paperdesk", request_ms: int = REQUEST_MS
) -> AIOKafkaAdminClient:
    """Returns a client to administer topics and groups."""
    admin = AIOKafkaAdminClient(**_access(settings), client_id=client_id, request_timeout_ms=request_ms)
    _confine(admin._client, settings)  # noqa: SLF001 - aiokafka gives no other way to it
    return admin


async def ask(settings: KafkaSettings) -> None:
    """Raises KafkaDenied if a broker answers and refuses this client. Returns if one accepts it, or if none answers.

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
            try:
                if settings.confined:
                    await _refuse_elsewhere(connection)
            finally:
                connection.close()
            return
    if denied:
        raise denied


async def _refuse_elsewhere(connection: Any) -> None:
    """Raises KafkaDenied if the broker's metadata names a broker on another machine."""
    try:
        metadata = await connection.send(MetadataRequest([]))
    except (KafkaError, TimeoutError):
        return  # a broker sends no metadata to an unauthenticated client
    for _, host, port, *_ in metadata.brokers:
        if not await is_this_machine(host):
            raise KafkaDenied(f"{host}:{port}", "elsewhere")


def _confine(client: Any, settings: KafkaSettings) -> None:
    """Restricts an unencrypted client to this machine, because an impostor on a broker's port may name any brokers."""
    if not settings.confined:
        return
    connect = client._get_conn  # noqa: SLF001 - aiokafka's only way to the brokers of the metadata

    async def connect_here(node_id: Any, *, group: int = ConnectionGroup.DEFAULT, **options: Any) -> Any:
        there = client._conns.get((node_id, group))  # noqa: SLF001
        if there is None or not there.connected():
            broker = client.cluster.broker_metadata(node_id)
            if broker is not None and not await is_this_machine(broker.host):
                _log.error("Kafka names the broker %r on another machine: not used in clear", broker.host)
                client.force_metadata_update()
                return None
        return await connect(node_id, group=group, **options)

    client._get_conn = connect_here  # noqa: SLF001


def _reason(error: BaseException) -> Distrust | Literal["password", "mechanism", "iterations"] | None:
    if reason := distrust(error):
        return reason
    for each in causes(error):
        if isinstance(each, BrokerIterationsRefused):
            return "iterations"
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
