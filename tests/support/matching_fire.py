"""A matching worker as a process of its own, on PostgreSQL and Kafka, for tests that kill it.

`python -m tests.support.matching_fire DSN KAFKA`, the latter as JSON; it runs until it is killed.
"""

import asyncio
import secrets
import sys

import asyncpg

from core.clock import wall_clock
from core.database import keep_session
from pipeline.bus.kafka import open_kafka_bus
from pipeline.market import Symbol
from pipeline.settings import KafkaSettings
from tests.fakes.priced_market import PricedMarket, rules_for
from tests.support.matching_house import MARKET, QUICK
from trading.ledger.order_store import PostgresOrderStore
from trading.workers.matching_worker import MatchingWorker

ROLE = "paperdesk_app"
COINS = tuple(Symbol(base + "USDC") for base in ("BTC", "ETH", "ADA", "DOT", "DOGE", "LTC", "AVAX", "SOL"))
"""Symbols that four partitions share evenly."""


def list_coins(market: PricedMarket) -> None:
    """Lists `COINS` on the market."""
    for symbol in COINS:
        market.listed.setdefault(symbol, rules_for(symbol.removesuffix("USDC")))


async def match_until_killed(dsn: str, settings: KafkaSettings) -> None:
    market = PricedMarket()
    market.pass_time(3_600_000)  # later than all trades of the tests
    list_coins(market)
    session = {"role": ROLE, "timezone": "UTC"}
    async with (
        asyncpg.create_pool(dsn, min_size=1, max_size=4, server_settings=session, reset=keep_session) as pool,
        open_kafka_bus(settings, MARKET) as bus,
    ):
        worker = MatchingWorker(
            bus,
            PostgresOrderStore(pool),
            market,  # type: ignore[arg-type]
            wall_clock,
            secrets.token_hex(8),
            on_notified=lambda: None,
            timing=QUICK,
        )
        await worker.run()


if __name__ == "__main__":
    asyncio.run(match_until_killed(sys.argv[1], KafkaSettings.model_validate_json(sys.argv[2])))
