"""One user's alert on a new length leaves the alerts of the others on the same candles as they are."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.market import MINUTE_MS, Candle, Interval, Symbol, Tick
from tests.patience import PATIENCE_SECONDS
from trading.triggers import dials
from trading.triggers.condition_triggers import ConditionTriggers
from trading.triggers.conditions import Condition, ConditionHits, ConditionTrigger, Measure
from trading.triggers.dials import SeriesRequest, read_dials
from trading.triggers.price_levels import Direction
from trading.workers import series_filler
from trading.workers.series_filler import fill_series

BTC = Symbol("BTCUSDC")
START = 1_617_235_200_000
CHANGE = Condition(Measure.CHANGE, Direction.ABOVE, Decimal("0.05"), Interval.M1, 5)


def volume(length: int) -> Condition:
    return Condition(Measure.VOLUME, Direction.ABOVE, Decimal(500), Interval.M1, length)


def waits(alert_id: int, condition: Condition, since: int = START) -> ConditionTrigger:
    return ConditionTrigger(alert_id, BTC, condition, since, Decimal(0))


def candle(time: int, close: float = 100.0, size: float = 1.0) -> Candle:
    return Candle(BTC, time, close, close, close, close, size)


def past(count: int) -> list[Candle]:
    return [candle(START - (count - at) * MINUTE_MS) for at in range(count)]


def tick(price: float, time: int = START) -> list[Tick]:
    return [Tick(BTC, time, str(price))]


def fill(triggers: ConditionTriggers, request: SeriesRequest) -> list[ConditionHits]:
    return [triggers.fill(request, reading, START) for reading in read_dials(request, past(request.count), [])]


@pytest.fixture
def triggers() -> ConditionTriggers:
    """One user's alerts on a change and on a volume, whose candles are known."""
    made = ConditionTriggers()
    made.put(waits(1, CHANGE))
    made.put(waits(2, volume(20)))
    made.take(tick(100.0), fresh_from=0)
    (request,) = made.unfilled()
    fill(made, request)
    assert not made.unfilled()
    return made


def test_only_the_new_length_waits_for_the_archive(triggers: ConditionTriggers) -> None:
    triggers.put(waits(3, volume(21)))
    (request,) = triggers.unfilled()
    assert request.conditions == (volume(21),)
    assert [each.trigger.alert_id for each in triggers.take(tick(106.0), fresh_from=0).firings] == [1]
    hits = triggers.take_candles([candle(START, size=1000.0)])
    assert [each.trigger.alert_id for each in hits.firings] == [2], "the candle of the others is decided"
    decided = fill(triggers, request)
    assert [each.trigger.alert_id for hits in decided for each in hits.firings] == [3], "and of this one as well"


def test_a_length_that_was_left_is_known_when_it_comes_back(triggers: ConditionTriggers) -> None:
    one = waits(2, volume(20))
    for _ in range(50):
        for length in (21, 20):
            one = replace(one, condition=volume(length))
            triggers.put(one)
            for request in triggers.unfilled():
                assert length == 21
                fill(triggers, request)
    triggers.put(replace(one, condition=volume(21)))
    assert not triggers.unfilled()


def test_few_lengths_are_kept_and_none_without_an_alert(triggers: ConditionTriggers) -> None:
    for length in range(30, 90):
        triggers.put(waits(2, volume(length)))
        for request in triggers.unfilled():
            fill(triggers, request)
    assert len(triggers._by_symbol[BTC].series[Interval.M1].dials) < 15
    triggers.remove(2)
    triggers.remove(1)
    assert not triggers._by_symbol


def test_an_alert_that_comes_after_its_candle_is_decided_by_it_and_the_archive_is_not_read(
    triggers: ConditionTriggers,
) -> None:
    triggers.take_candles([candle(START, size=400.0)])
    triggers.put(waits(3, replace(volume(20), level=Decimal(300)), since=START + 1))
    triggers.put(waits(4, replace(volume(20), level=Decimal(300)), since=START + MINUTE_MS + 1))
    assert not triggers.unfilled()
    hits = triggers.take(tick(100.0, START + MINUTE_MS + 2), fresh_from=0)
    assert [(each.trigger.alert_id, each.time) for each in hits.firings] == [(3, START + MINUTE_MS)]


def test_one_request_reads_a_bounded_number_of_lengths_those_of_prices_first(
    triggers: ConditionTriggers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dials, "DIALS_A_REQUEST", 3)
    for length in range(5):
        triggers.put(waits(100 + length, volume(30 + length)))
        triggers.put(waits(200 + length, replace(CHANGE, length=30 + length)))
    read = []
    while requests := triggers.unfilled():
        read.append([each.measure for each in requests[0].conditions])
        fill(triggers, requests[0])
    assert [len(each) for each in read] == [3, 3, 3, 1]
    assert [*read[0], *read[1]][:5] == [Measure.CHANGE] * 5


class Archive:
    """Remembers when it was read."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def now(self) -> int:
        return START

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        self.asked.append(asyncio.get_running_loop().time())
        return past(count)


async def test_however_often_a_user_changes_an_alert_its_candles_are_read_in_turn(triggers: ConditionTriggers) -> None:
    market, length = Archive(), 30
    filling = asyncio.create_task(
        fill_series(triggers, market, lambda _: None, poll_seconds=0.001, refill_seconds=0.05)  # type: ignore[arg-type]
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(market.asked) < 6:
            length = 30 + (length - 29) % 170
            triggers.put(waits(2, volume(length)))
            await asyncio.sleep(0.002)
    filling.cancel()
    pauses = [after - before for before, after in zip(market.asked, market.asked[1:], strict=False)]
    assert min(pauses) >= 0.05


async def test_figures_are_computed_beside_the_loop(
    triggers: ConditionTriggers, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*arguments: object) -> Iterator[object]:
        assert go_on.wait(PATIENCE_SECONDS)
        yield from read_dials(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(series_filler, "read_dials", slow)
    market = Archive()
    triggers.put(waits(3, volume(21)))
    filling = asyncio.create_task(fill_series(triggers, market, lambda _: None))  # type: ignore[arg-type]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not market.asked:  # noqa: ASYNC110 - several things are waited for
            await asyncio.sleep(0)
        assert triggers.take(tick(106.0), fresh_from=0).firings, "prices are decided meanwhile"
        go_on.set()
        while triggers.unfilled():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)
    filling.cancel()
