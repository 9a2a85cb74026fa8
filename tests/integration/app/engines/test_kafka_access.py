"""Apache Kafka with TLS and passwords, and every way not to get in."""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from aiokafka.errors import KafkaError

from app.connections.bus import open_bus
from app.engines.kafka import Kafka
from app.engines.kafka_jars import find_java, resolve_jars
from app.errors import KafkaUnavailable, KafkaUnreachable
from app.sentences import start_sentence
from bot.ui.texts import load_catalog
from people.person import Language
from pipeline.bus.kafka import open_kafka_bus
from pipeline.bus.kafka_watch import KafkaWatch
from pipeline.errors import KafkaDenied
from pipeline.settings import KafkaSettings
from tests.contract.pipeline.bus.test_bus import frame, read
from tests.fakes.certificates import Certificates, make_certificates
from tests.fakes.kafka_rights import ALTER, CLUSTER, CREATE, DESCRIBE, GROUP, READ, TOPIC, WRITE, allow
from tests.fakes.kafka_server import open_folder, real_kafka
from tests.fakes.kafka_topics import put
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

USER, PASSWORD, PLAIN = "desk", "canary, of=kafka", "canary-of-plain"
LISTENERS = {
    "SECURE": "SASL_SSL",
    "EXPIRED": "SSL",
    "HOST": "SSL",
    "STRANGER": "SSL",
    "MUTUAL": "SSL",
    "CLEAR": "SASL_PLAINTEXT",
}


def properties(certificates: Certificates) -> str:
    lines = ["ssl.truststore.type=PEM", f"ssl.truststore.location={certificates.ca}"]
    for listener, name in {
        "secure": "good",
        "mutual": "good",
        "expired": "expired",
        "host": "host",
        "stranger": "stranger",
    }.items():
        lines.append(f"listener.name.{listener}.ssl.keystore.type=PEM")
        lines.append(f"listener.name.{listener}.ssl.keystore.location={certificates.both(name)}")
    lines.append("listener.name.mutual.ssl.client.auth=required")
    lines.append("authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer")
    lines += ["super.users=User:ANONYMOUS;User:broker", "allow.everyone.if.no.acl.found=true"]
    modules = "org.apache.kafka.common.security"
    for listener in ("secure", "clear"):
        lines.append(f"listener.name.{listener}.sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256,PLAIN")
        scram = f"{modules}.scram.ScramLoginModule required;"
        lines += [f"listener.name.{listener}.scram-sha-{bits}.sasl.jaas.config={scram}" for bits in (256, 512)]
        user = f'user_{USER}="{PLAIN}"'
        lines.append(
            f"listener.name.{listener}.plain.sasl.jaas.config={modules}.plain.PlainLoginModule required {user};"
        )
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Guarded:
    broker: Kafka
    certificates: Certificates

    def settings(self, listener: str = "SECURE", **changes: str) -> KafkaSettings:
        """Those that get in by this listener, but for the changes."""
        protocol = LISTENERS.get(listener, "PLAINTEXT")
        port = self.broker.ports.get(listener, self.broker.port)
        values = {"bootstrap": f"127.0.0.1:{port}", "security_protocol": protocol, "topic": f"guarded-{listener}"}
        if protocol.endswith("SSL"):
            values |= {"ca_file": str(self.certificates.ca)}
        if protocol.startswith("SASL"):
            values |= {"username": USER, "password": PASSWORD}
        return KafkaSettings.model_validate(values | changes)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    with open_folder() as folder:
        certificates = make_certificates(folder)
        try:
            with real_kafka(folder, listeners=LISTENERS, properties=properties(certificates)) as broker:
                add_user(broker)
                yield Guarded(broker, certificates)
        except KafkaUnavailable as error:
            pytest.skip(f"no Kafka on this machine: {error.why}")


def add_user(broker: Kafka) -> None:
    """By Kafka's own tool."""
    quoted = f"SCRAM-SHA-512=[iterations=4096,password={PASSWORD}]"
    for config in (quoted, quoted.replace("512", "256")):
        command = [find_java(), "-cp", f"{resolve_jars()}/*", "kafka.admin.ConfigCommand"]
        where = ["--bootstrap-server", broker.bootstrap, "--entity-type", "users", "--entity-name", USER]
        subprocess.run(  # noqa: S603
            [*command, *where, "--alter", "--add-config", config],
            check=True,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )


async def travel(settings: KafkaSettings) -> None:
    """A frame there and back, and what a monitor asks."""
    async with asyncio.timeout(PATIENCE_SECONDS), open_kafka_bus(settings, "replay") as bus:
        await bus.publish(frame(1))
        await bus.flush()
        async with bus.consumer("group") as consumer:
            assert (await read(consumer, 1))[0].frames == (frame(1),)
        assert len(await bus.tail(1)) == 1
        assert await bus.lag("group") == {0: 1}
        async with KafkaWatch(settings) as watch:
            assert await watch.lag(["group"]) == {"group": {0: 1}}


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "SCRAM-SHA-256"])
async def test_a_password_is_proved_over_tls(guarded: Guarded, mechanism: str) -> None:
    await travel(guarded.settings(topic=f"of-{mechanism}", partitions="1", sasl_mechanism=mechanism))


async def test_a_password_is_told_over_tls(guarded: Guarded) -> None:
    await travel(guarded.settings(topic="of-plain", partitions="1", sasl_mechanism="PLAIN", password=PLAIN))


async def test_a_certificate_of_its_own_opens_the_broker(guarded: Guarded) -> None:
    certificate, key = map(str, guarded.certificates.servers["good"])
    await travel(guarded.settings("MUTUAL", partitions="1", cert_file=certificate, key_file=key))


async def test_a_password_may_be_proved_in_clear_on_this_machine(guarded: Guarded) -> None:
    await travel(guarded.settings("CLEAR", partitions="1"))


async def denied(settings: KafkaSettings) -> str:
    """Why the desk does not open."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(KafkaDenied) as error:
            async with open_bus(settings, "replay"):
                pass
    return error.value.reason


async def test_each_reason_not_to_get_in_is_told(guarded: Guarded) -> None:
    stranger = str(guarded.certificates.stranger)
    certificate, key = map(str, guarded.certificates.servers["stranger"])
    found = {
        "wrong authority": await denied(guarded.settings(ca_file=stranger)),
        "system's authorities": await denied(guarded.settings(ca_file="")),
        "another signed": await denied(guarded.settings("STRANGER")),
        "expired": await denied(guarded.settings("EXPIRED")),
        "another host": await denied(guarded.settings("HOST")),
        "wrong password": await denied(guarded.settings(password="wrong")),
        "wrong plain password": await denied(guarded.settings(password="wrong", sasl_mechanism="PLAIN")),
        "unknown user": await denied(guarded.settings(username="nobody")),
        "no certificate": await denied(guarded.settings("MUTUAL")),
        "a stranger's certificate": await denied(guarded.settings("MUTUAL", cert_file=certificate, key_file=key)),
    }
    assert found == {
        "wrong authority": "certificate",
        "system's authorities": "certificate",
        "another signed": "certificate",
        "expired": "expired",
        "another host": "host",
        "wrong password": "password",
        "wrong plain password": "password",
        "unknown user": "password",
        "no certificate": "own-certificate",
        "a stranger's certificate": "own-certificate",
    }


async def test_other_protocols_than_the_brokers_are_told(guarded: Guarded) -> None:
    plain = guarded.broker.bootstrap
    short = {"reach_timeout_seconds": "3"}
    for settings in (
        guarded.settings(bootstrap=plain, **short),
        guarded.settings("CLEAR", bootstrap=plain, **short),
        guarded.settings("none", bootstrap=f"127.0.0.1:{guarded.broker.ports['SECURE']}", **short),
        guarded.settings("none", bootstrap=f"127.0.0.1:{guarded.broker.ports['CLEAR']}", **short),
    ):
        async with asyncio.timeout(PATIENCE_SECONDS):
            with pytest.raises((KafkaDenied, KafkaUnreachable)) as error:
                async with open_bus(settings, "replay"):
                    pass
        sentence = start_sentence(error.value, load_catalog(Language.ENGLISH))
        assert "PAPERDESK_KAFKA__SECURITY_PROTOCOL" in sentence


async def test_a_member_whose_password_was_changed_says_so(guarded: Guarded) -> None:
    settings = guarded.settings(topic="of-changed")
    async with asyncio.timeout(PATIENCE_SECONDS), open_kafka_bus(settings, "replay") as bus:
        bus._settings = settings.model_copy(update={"username": "nobody"})
        with pytest.raises(KafkaDenied):
            async with bus.consumer("group"):
                pass


async def test_a_consumer_needs_no_more_than_its_page_says(guarded: Guarded, caplog: pytest.LogCaptureFixture) -> None:
    settings = guarded.settings(topic="of-rights", partitions="1")
    owner = guarded.settings("none", topic="of-rights", partitions="1")
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with open_kafka_bus(owner, "replay") as bus:
            await put(owner.bootstrap, owner.topic, b"nonsense")
            await bus.publish(frame(1))
            await bus.flush()
        rights = [
            *((USER, TOPIC, "of-rights", each) for each in (READ, DESCRIBE)),
            *((USER, TOPIC, "of-rights-dead", each) for each in (WRITE, DESCRIBE)),
            (USER, GROUP, "allowed", READ),
            *(("other", CLUSTER, "kafka-cluster", each) for each in (CREATE, ALTER)),
            ("other", GROUP, "forbidden", READ),
        ]
        await allow(guarded.broker.bootstrap, rights)
        async with open_kafka_bus(settings, "replay") as bus:
            async with bus.consumer("allowed") as consumer:
                batches = await read(consumer, 1)
                assert await consumer.commit(batches[-1])
            assert bus.refused == {"malformed": 1}
            assert await bus.lag("allowed") == {0: 0}
            with pytest.raises(KafkaDenied) as denied:
                async with bus.consumer("forbidden") as consumer:
                    await consumer.batch()
            assert denied.value.reason == "rights"
            await bus.publish(frame(2))
            with pytest.raises(KafkaError):
                await bus.flush()
    assert "the size of records on of-rights" in caplog.text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "reason",
    [
        *("certificate", "expired", "host", "own-certificate", "no-tls"),
        *("password", "mechanism", "iterations", "rights", "elsewhere"),
    ],
)
def test_every_reason_has_a_sentence(language: Language, reason: str) -> None:
    sentence = start_sentence(KafkaDenied("broker:9092", reason), load_catalog(language))
    assert "broker:9092" in sentence
    other = start_sentence(KafkaDenied("broker:9092", "password"), load_catalog(language))
    assert (sentence == other) == (reason == "password")
