"""When alerts fire, tick by tick."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from pipeline.market import Symbol, Tick
from trading.alerts.ports import rearm_of
from trading.triggers.price_levels import Direction, Trigger, TriggerHits, Triggers

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
ABOVE, BELOW = Direction.ABOVE, Direction.BELOW


def at(price: str, time: int = 10, symbol: Symbol = BTC) -> Tick:
    return Tick(symbol, time, price)


def watching(*triggers: Trigger) -> Triggers:
    return Triggers(triggers)


def above(level: str, alert_id: int = 1, since: int = 0, *, ready: bool = True, repeat: bool = False) -> Trigger:
    return Trigger(alert_id, BTC, ABOVE, Decimal(level), since, ready, repeat=repeat)


def below(level: str, alert_id: int = 1, since: int = 0, *, ready: bool = True) -> Trigger:
    return Trigger(alert_id, BTC, BELOW, Decimal(level), since, ready)


def fired(crossed: TriggerHits) -> list[int]:
    return [firing.trigger.alert_id for firing in crossed.firings]


@pytest.mark.parametrize("price", ["70000", "70000.000", "70000.01", "99999"])
def test_an_alert_above_fires_at_its_level_and_beyond(price: str) -> None:
    assert fired(watching(above("70000")).take([at(price)], fresh_from=0)) == [1]
    assert fired(watching(below("70000")).take([at(price)], fresh_from=0)) == ([1] if Decimal(price) == 70000 else [])


def test_an_alert_below_fires_at_its_level_and_beyond() -> None:
    triggers = watching(below("2000"))
    assert fired(triggers.take([at("2000.01")], fresh_from=0)) == []
    assert fired(triggers.take([at("1999.99")], fresh_from=0)) == [1]


def test_an_alert_fires_once_with_the_tick_that_reached_it_first() -> None:
    triggers = watching(above("100"))
    crossed = triggers.take([at("99", 1), at("101", 2), at("150", 3)], fresh_from=0)
    (firing,) = crossed.firings
    assert (firing.price, firing.time) == (Decimal(101), 2)
    assert len(triggers) == 0
    assert not triggers.take([at("99", 4), at("101", 5)], fresh_from=0).firings


def test_stale_ticks_and_ticks_older_than_the_alert_do_nothing() -> None:
    triggers = watching(above("100", since=50))
    assert not triggers.take([at("200", 49)], fresh_from=0).firings
    assert not triggers.take([at("200", 60)], fresh_from=61).firings
    assert not triggers.take([at("200", 71)], fresh_from=50, fresh_until=70).firings
    assert fired(triggers.take([at("200", 50)], fresh_from=50)) == [1]


@pytest.mark.parametrize("price", ["", "NaN", "-5", "1e9", "0", "0.000", "１００"])
def test_what_is_no_price_fires_nothing(price: str) -> None:
    triggers = watching(above("1"), below("0.5", 2))
    assert not triggers.take([at(price)], fresh_from=0).firings


def test_an_alert_that_is_beyond_its_level_waits_until_the_price_came_back() -> None:
    triggers = watching(above("100", ready=False))
    assert not triggers.take([at("150", 1), at("100", 2)], fresh_from=0).firings
    crossed = triggers.take([at("99.99", 3), at("100", 4)], fresh_from=0)
    assert [trigger.since for trigger in crossed.rearmed] == [3]
    assert fired(crossed) == [1]


def test_a_repeating_alert_fires_again_only_after_the_price_came_back() -> None:
    triggers = watching(above("100", repeat=True))
    (firing,) = triggers.take([at("101", 5)], fresh_from=0).firings
    triggers.put(firing.rearmed())
    assert not triggers.take([at("99", 5), at("102", 6)], fresh_from=0).firings, "ticks of before the firing count"
    (again,) = triggers.take([at("99", 7), at("100", 8)], fresh_from=0).firings
    assert (again.trigger.firings, again.time) == (1, 8)


def test_symbols_do_not_mix() -> None:
    triggers = watching(above("100"), Trigger(2, ETH, ABOVE, Decimal(100), 0))
    assert fired(triggers.take([at("100", symbol=ETH)], fresh_from=0)) == [2]


def test_putting_an_alert_again_replaces_it_and_removing_twice_is_harmless() -> None:
    triggers = watching(above("100"))
    triggers.put(above("200"))
    assert len(triggers) == 1
    assert not triggers.take([at("150")], fresh_from=0).firings
    triggers.remove(1)
    triggers.remove(1)
    assert len(triggers) == 0
    assert 1 not in triggers
    assert not triggers.take([at("250")], fresh_from=0).firings


def test_many_alerts_fire_in_the_order_of_their_numbers() -> None:
    triggers = watching(*(above(str(level), alert_id) for alert_id, level in enumerate((3, 1, 2), start=1)))
    assert fired(triggers.take([at("5")], fresh_from=0)) == [1, 2, 3]


# -- hysteresis --------------------------------------------------------------------------------


def repeating(direction: Direction = ABOVE, rearm: str = "99.5", pause_ms: int = 0) -> Trigger:
    return Trigger(1, BTC, direction, Decimal(100), 0, repeat=True, rearm=Decimal(rearm), pause_ms=pause_ms)


def told(trigger: Trigger, *ticks: Tick) -> list[int]:
    """When it fired, armed again after each firing as the worker does."""
    triggers, times = watching(trigger), []
    for tick in ticks:
        for firing in triggers.take([tick], fresh_from=0).firings:
            times.append(firing.time)
            triggers.put(firing.rearmed())
    return times


def flips(*prices: str, times: int, step: int = 1000) -> list[Tick]:
    return [at(prices[number % len(prices)], number * step) for number in range(times)]


def test_a_price_that_trembles_at_the_level_is_told_once() -> None:
    assert told(repeating(), *flips("99.99", "100.00", times=60)) == [1000]
    assert told(repeating(), *flips("99.5", "100.00", times=60)) == [1000]
    assert told(repeating(BELOW, "100.5"), *flips("100.01", "100.00", times=60)) == [1000]


def test_a_move_away_and_back_is_told_again() -> None:
    assert told(repeating(), *map(at, ["100", "99.49", "100"], [1, 2, 3])) == [1, 3]
    assert told(repeating(BELOW, "100.5"), *map(at, ["100", "100.51", "99"], [1, 2, 3])) == [1, 3]


def test_between_two_firings_lies_the_pause() -> None:
    wild = flips("90", "110", times=60)
    assert told(repeating(pause_ms=10_000), *wild) == [1000, 11_000, 21_000, 31_000, 41_000, 51_000]


def test_a_move_back_within_the_pause_is_told_after_it() -> None:
    prices = ["100", "90", "101", "101", "101"]
    assert told(repeating(pause_ms=10_000), *map(at, prices, [0, 1000, 2000, 9999, 10_000])) == [0, 10_000]


def test_an_older_reading_replaces_nothing() -> None:
    armed = repeating(pause_ms=10_000)
    fired_at = replace(armed, since=1001, ready=False, firings=1)
    ready = fired_at.returned(2000)
    assert (ready.ready, ready.since) == (True, 11_000)
    assert not armed.replaces(fired_at)
    assert not fired_at.replaces(ready)
    assert ready.replaces(fired_at)


def test_a_new_level_replaces_what_rests() -> None:
    ready = replace(repeating(), firings=1, since=11_000)
    assert replace(ready, level=Decimal(120), since=5000).replaces(ready)
    assert replace(ready, rearm=Decimal(98), since=5000).replaces(ready)


@pytest.mark.parametrize(
    ("direction", "level", "tick", "rearm"),
    [
        (ABOVE, "100", "0.01", "99.50"),
        (BELOW, "100", "0.01", "100.50"),
        (ABOVE, "70000", "0.01", "69650.00"),
        (ABOVE, "0.0003", "0.0001", "0.0001"),  # two ticks
        (BELOW, "0.0003", "0.0001", "0.0005"),
        (ABOVE, "0.0001", "0.0001", "0.00005"),  # never zero
        (ABOVE, "100.33", "0.01", "99.82"),  # on a tick, away from the level
    ],
)
def test_the_way_back_is_half_a_percent_and_two_ticks(direction: Direction, level: str, tick: str, rearm: str) -> None:
    assert rearm_of(direction, Decimal(level), Decimal("0.005"), Decimal(tick)) == Decimal(rearm)


def test_the_way_back_exists_for_any_level() -> None:
    smallest = Decimal("1e-18")
    assert rearm_of(ABOVE, smallest, Decimal("0.005"), None) == smallest
    assert 0 < rearm_of(ABOVE, Decimal(1), Decimal("0.5"), Decimal(1)) < 1
