"""The writer of the forecast log on a real server: kept, shared and written later while PostgreSQL is away."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ml.serving.forecast_log import ForecastLog
from ml.serving.forecast_log_writer import ForecastLogWriter
from pipeline.errors import MarketUnavailable
from tests.fakes.forecast_house import House, minute
from tests.integration.ml.monitoring.forecasts import made, served
from tests.patience import PATIENCE_SECONDS


class Away(ForecastLog):
    """PostgreSQL does not answer so many times."""

    def __init__(self, pool: Any, times: int) -> None:
        super().__init__(pool)
        self.times = times

    async def append(self, served: Any) -> None:
        if self.times:
            self.times -= 1
            raise MarketUnavailable
        await super().append(served)


class Counted(ForecastLog):
    def __init__(self, pool: Any) -> None:
        super().__init__(pool)
        self.calls = 0

    async def append(self, served: Any) -> None:
        self.calls += 1
        await super().append(served)


class Hanging(Counted):
    """Until it answers."""

    def __init__(self, pool: Any) -> None:
        super().__init__(pool)
        self.answers = asyncio.Event()

    async def append(self, served: Any) -> None:
        self.calls += 1
        await self.answers.wait()
        await ForecastLog.append(self, served)


async def test_what_was_served_while_postgres_was_away_is_written_when_it_is_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.serving.forecast_log_writer.PAUSE_SECONDS", 0.001)
    keeper = ForecastLogWriter(Away(house.pool, 3))
    running = asyncio.create_task(keeper.run())
    await keeper.add(served(made(minute(1)), made(minute(2))))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while keeper.waiting:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.005)
    assert len(await house.rows()) == 2
    running.cancel()


async def test_what_has_no_room_is_refused_and_not_said(house: House) -> None:
    keeper = ForecastLogWriter(Away(house.pool, 10**6), max_waiting=3, room_seconds=0.05)
    await keeper.add(served(made(minute(1)), made(minute(2)), made(minute(3))))
    await keeper.add(served(made(minute(2))))
    with pytest.raises(MarketUnavailable):
        await keeper.add(served(made(minute(4))))
    assert keeper.waiting == 3


async def test_many_who_ask_at_once_share_a_write(house: House) -> None:
    store = Counted(house.pool)
    keeper = ForecastLogWriter(store)
    await asyncio.gather(*(keeper.add(served(made(minute(number)))) for number in range(50)))
    assert keeper.waiting == 0
    assert len(await house.rows()) == 50
    assert store.calls <= 2


async def test_who_asks_for_the_same_waits_for_the_write_that_is_under_way(house: House) -> None:
    store = Hanging(house.pool)
    keeper = ForecastLogWriter(store)
    first, second = (asyncio.create_task(keeper.add(served(made(minute(1))))) for _ in range(2))
    while not store.calls:  # noqa: ASYNC110 - nothing says so
        await asyncio.sleep(0)
    done, _ = await asyncio.wait((first, second), timeout=0)
    assert not done
    store.answers.set()
    await asyncio.gather(first, second)
    assert len(await house.rows()) == 1


async def test_nobody_waits_for_a_database_that_hangs_but_the_first(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.serving.forecast_log_writer.WRITE_SECONDS", 0.05)
    store = Hanging(house.pool)
    keeper = ForecastLogWriter(store)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(keeper.add(served(made(minute(number)))) for number in range(20)))
        calls = store.calls
        await keeper.add(served(made(minute(20))))
        assert (store.calls, keeper.waiting) == (calls, 21)
        store.answers.set()
        await keeper.flush()
        await keeper.add(served(made(minute(21))))
    assert keeper.waiting == 0
    assert len(await house.rows()) == 22


async def test_what_waits_at_the_end_is_written_then(house: House) -> None:
    keeper = ForecastLogWriter(Away(house.pool, 1))
    running = asyncio.create_task(keeper.run())
    await asyncio.sleep(0)
    await keeper.add(served(made(minute(1))))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(await house.rows()) == 1


@pytest.mark.parametrize(
    ("column", "value"), [("low", float("nan")), ("high", 200.0), ("price", 0.0), ("prob_up", 1.5)]
)
async def test_what_is_no_forecast_is_never_kept(house: House, column: str, value: float) -> None:
    keeper = ForecastLogWriter(house.served)
    await keeper.add(served(replace(made(minute(1)), **{column: value})))
    await keeper.flush()
    assert await house.rows() == []
