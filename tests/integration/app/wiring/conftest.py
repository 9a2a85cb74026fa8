"""Settings of the Kafka on which roles meet."""

import pytest

from pipeline.settings import KafkaSettings
from tests.fakes.kafka_server import Server


@pytest.fixture
def settings(kafka: Server) -> KafkaSettings:
    kafka.needs_real("lag")
    return kafka.settings(partitions=2)
