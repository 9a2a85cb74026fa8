"""The whole desk on a real Kafka, which goes away and comes back."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.engines.kafka import Kafka
from app.errors import KafkaUnavailable
from tests.e2e.desk_process import paperdesk, read_until, start_paperdesk
from tests.e2e.test_first_trade import check_pictures, first_trade
from tests.fakes.kafka_server import Server, open_folder, real_kafka
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

STALE = "Trading needs a price no older than"


@pytest.fixture
def broker() -> Iterator[Kafka]:
    """A broker of this test alone, to be stopped and started."""
    try:
        with open_folder() as folder, real_kafka(folder) as broker:
            yield broker
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")


async def test_a_newcomer_trades_over_kafka(folder: Path, kafka: Server) -> None:
    of_kafka = kafka.settings(partitions=4).model_dump(include={"bootstrap", "topic", "idempotent"})
    settings = {f"KAFKA__{name.upper()}": str(value) for name, value in of_kafka.items()}
    session = await paperdesk(folder, lines=first_trade("USDC"), **settings)
    assert session.code == 0
    assert "Traceback" not in session.out + session.err
    assert "Paid" in session.after("confirm")
    check_pictures(session)


async def test_without_kafka_prices_go_stale_and_trading_refuses_and_then_all_goes_on(
    folder: Path, broker: Kafka
) -> None:
    process = await start_paperdesk(folder, KAFKA__BOOTSTRAP=broker.bootstrap, STORE__STALE_SECONDS="2")
    try:
        await asked_until(process, lambda answer: "You pay" in answer)
        broker.stop()
        await asked_until(process, lambda answer: STALE in answer)
        await asyncio.sleep(8)
        broker.start()
        await asked_until(process, lambda answer: "You pay" in answer)
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert "Traceback" not in (folder / "desk.log").read_text(encoding="utf-8")


async def asked_until(process: asyncio.subprocess.Process, is_so: Callable[[str], bool]) -> None:
    """Asks for a preview of a trade again and again."""
    assert process.stdin is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            mark = uuid.uuid4().hex
            process.stdin.write(f"/buy BTC 100usdc\n/price {mark}\n".encode())
            await process.stdin.drain()
            answer = await read_until(process, f"> /price {mark}")
            if is_so(" ".join(answer.split())):
                return
            await asyncio.sleep(0.3)


async def test_brokers_that_do_not_answer_are_named_at_the_start(folder: Path) -> None:
    session = await paperdesk(folder, KAFKA__BOOTSTRAP="127.0.0.1:9", KAFKA__REACH_TIMEOUT_SECONDS="1")
    assert session.code == 1
    assert "The Kafka brokers at 127.0.0.1:9 do not respond" in session.err
    assert "Traceback" not in session.out + session.err
