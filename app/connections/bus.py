"""Choice of the bus that the desk runs on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from app.errors import KafkaUnreachable
from pipeline.bus import Bus, InProcessBus
from pipeline.errors import MarketUnavailable
from pipeline.settings import KafkaSettings


@asynccontextmanager
async def open_bus(settings: KafkaSettings, market: str) -> AsyncIterator[Bus]:
    """Opens Kafka if brokers are set, else a bus in memory. Raises KafkaUnreachable."""
    if not settings.bootstrap:
        yield InProcessBus(market=market)
        return
    from pipeline.bus.kafka import open_kafka_bus  # noqa: PLC0415 - a desk without Kafka starts without its client

    async with AsyncExitStack() as stack:
        try:
            bus = await stack.enter_async_context(open_kafka_bus(settings, market))
        except MarketUnavailable as error:
            raise KafkaUnreachable(settings.bootstrap) from error
        yield bus
