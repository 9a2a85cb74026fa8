"""Range alerts, tick by tick: the window, its gaps, and the alerts that wait for it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.market import MINUTE_MS, Candle, Symbol, Tick
from trading.triggers.price_ranges import (
    PriceRange,
    PriceWindow,
    RangeHits,
    RangeTrigger,
    RangeTriggers,
    range_of,
)

D = Decimal

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
HOUR_MS = 60 * MINUTE_MS
START = 10 * HOUR_MS


def waiting(**fields: object) -> RangeTrigger:
    usual = {"alert_id": 1, "symbol": BTC, "fraction": D("0.03"), "window_ms": HOUR_MS, "since": 0, "rearm": D("0.024")}
    return RangeTrigger(**{**usual, **fields})  # type: ignore[arg-type]


def candle(minute: int, low: float, high: float) -> Candle:
    return Candle(BTC, START + minute * MINUTE_MS, low, high, low, high, 1.0)


def feed(triggers: RangeTriggers, *ticks: tuple[float, str], symbol: Symbol = BTC) -> RangeHits:
    """Feeds prices at minutes after START."""
    return triggers.take(
        [Tick(symbol, START + int(minute * MINUTE_MS), price) for minute, price in ticks], fresh_from=0
    )


def ids(hits: RangeHits) -> list[int]:
    return [firing.trigger.alert_id for firing in hits.firings]


def test_it_fires_at_exactly_its_range() -> None:
    triggers = RangeTriggers([waiting()])
    assert not feed(triggers, (0, "100"), (1, "102.99999999")).firings
    (firing,) = feed(triggers, (2, "103")).firings
    assert (firing.found, firing.price) == (PriceRange(D(100), D(103)), D(103))
    assert 1 not in triggers, "it fires once"


def test_a_fall_counts_from_its_lowest_price() -> None:
    triggers = RangeTriggers([waiting()])
    assert not feed(triggers, (0, "103"), (1, "100.01")).firings, "103 is less than 3 % above 100.01"
    assert ids(feed(triggers, (2, "100"))) == [1]


def test_prices_older_than_the_window_do_not_count() -> None:
    triggers = RangeTriggers([waiting()])
    steady = [(minute, "102") for minute in range(1, 62)]
    assert not feed(triggers, (0, "100"), *steady, (61.5, "103.1")).firings


def test_a_price_inside_the_window_counts() -> None:
    triggers = RangeTriggers([waiting()])
    steady = [(minute, "102") for minute in range(1, 59)]
    assert ids(feed(triggers, (0, "100"), *steady, (59, "103.1"))) == [1]


def test_alerts_of_several_ranges_and_windows_fire_apart() -> None:
    triggers = RangeTriggers(
        [
            waiting(alert_id=1, fraction=D("0.05"), rearm=D("0.04")),
            waiting(alert_id=2, fraction=D("0.02"), rearm=D("0.016")),
            waiting(alert_id=3, fraction=D("0.02"), rearm=D("0.016"), window_ms=5 * MINUTE_MS),
        ]
    )
    steady = [(minute, "101") for minute in range(1, 10)]
    assert ids(feed(triggers, (0, "100"), *steady, (10, "102"))) == [2], "five minutes ago it was 101"
    assert ids(feed(triggers, (11, "105"))) == [1, 3]


def test_other_symbols_do_not_mix() -> None:
    triggers = RangeTriggers([waiting(), waiting(alert_id=2, symbol=ETH)])
    feed(triggers, (0, "100"))
    assert not feed(triggers, (1, "3000"), symbol=ETH).firings


def test_stale_impossible_and_damaged_ticks_are_ignored() -> None:
    triggers = RangeTriggers([waiting()])
    feed(triggers, (0, "100"))
    stale = Tick(BTC, START - 1, "200")
    early = Tick(BTC, START + HOUR_MS, "200")
    damaged = [Tick(BTC, START + 1, text) for text in ("NaN", "-5", "0", "1e9")]
    hits = triggers.take([stale, early, *damaged], fresh_from=START, fresh_until=START + MINUTE_MS)
    assert hits == RangeHits()
    assert not feed(triggers, (1, "101")).firings


def test_ticks_before_the_alert_do_not_fire_it() -> None:
    triggers = RangeTriggers([waiting(since=START + 2 * MINUTE_MS)])
    assert not feed(triggers, (0, "100"), (1, "104")).firings
    assert ids(feed(triggers, (2, "104"))) == [1], "the range of the last hour is that wide"


def test_a_repeating_alert_waits_for_a_narrow_range() -> None:
    triggers = RangeTriggers([waiting(repeat=True, window_ms=5 * MINUTE_MS)])
    (firing,) = feed(triggers, (0, "100"), (1, "103")).firings
    triggers.put(firing.rearmed())
    steady = feed(triggers, *((minute, "103") for minute in range(2, 14)))
    assert (ids(steady), len(steady.rearmed)) == ([], 1)
    assert ids(feed(triggers, (14, "106.09"))) == [1]


def test_a_pause_delays_the_next_firing() -> None:
    fired = waiting(ready=False, firings=1, since=START + 1, pause_ms=HOUR_MS)
    assert fired.returned(START + 5).since == START + HOUR_MS
    assert waiting(ready=False).returned(START + 5).since == START + 5


def test_an_unknown_window_arms_nothing() -> None:
    triggers = RangeTriggers([waiting(ready=False)])
    assert not feed(triggers, (0, "100"), (1, "100")).rearmed, "an hour of prices is missing"
    triggers.fill(BTC, [candle(minute, 99.9, 100.1) for minute in range(-60, 0)])
    assert len(feed(triggers, (2, "100")).rearmed) == 1


def test_candles_restore_the_window_after_a_start() -> None:
    triggers = RangeTriggers([waiting()])
    assert not feed(triggers, (0, "103")).firings
    assert triggers.unfilled() == {BTC: 60}
    triggers.fill(BTC, [candle(minute, 100.0, 103.0) for minute in range(-60, 0)])
    assert not triggers.unfilled()
    assert ids(feed(triggers, (0.1, "103"))) == [1]


def test_candles_before_the_window_are_left_out() -> None:
    triggers = RangeTriggers([waiting()])
    feed(triggers, (0, "103"))
    triggers.fill(BTC, [candle(-61, 50.0, 50.0), candle(-1, 102.0, 103.0)])
    assert not feed(triggers, (0.1, "103")).firings
    assert triggers.unfilled() == {BTC: 60}, "minutes are missing"


def test_a_gap_makes_the_window_unknown_again() -> None:
    triggers = RangeTriggers([waiting(window_ms=5 * MINUTE_MS)])
    feed(triggers, *((minute, "100") for minute in range(6)))
    assert not triggers.unfilled()
    feed(triggers, (7, "100"))
    assert not triggers.unfilled()
    feed(triggers, (9.1, "100"))
    assert triggers.unfilled() == {BTC: 5}


def test_a_window_is_forgotten_with_its_last_alert() -> None:
    triggers = RangeTriggers([waiting(), waiting(alert_id=2)])
    feed(triggers, (0, "100"))
    triggers.remove(1)
    assert triggers.unfilled()
    triggers.remove(2)
    assert not triggers.unfilled()
    assert not triggers._by_symbol


def test_a_replaced_alert_keeps_the_window() -> None:
    triggers = RangeTriggers([waiting()])
    feed(triggers, (0, "100"))
    triggers.put(waiting(repeat=True))
    assert ids(feed(triggers, (1, "103"))) == [1]


def test_memory_is_bounded_whatever_the_prices_do() -> None:
    for minutes in (5, 60, 1440):
        window = PriceWindow(minutes * MINUTE_MS)
        most = 0
        for second in range(3 * 60 * 60):
            window.add(D(1000 + second), START + second * 1000)
            most = max(most, len(window))
        assert most <= max(60, minutes) + 2


def test_a_tick_touches_only_alerts_that_it_decides() -> None:
    triggers = RangeTriggers(waiting(alert_id=number, fraction=D(number) / 10_000) for number in range(1, 5_001))
    (watch,) = triggers._by_symbol[BTC].values()
    assert watch.touched(PriceRange(D(100), D(100))) == []
    assert watch.touched(PriceRange(D(10_000), D(10_003))) == [1, 2, 3]


class Counted(Decimal):
    """Counts its comparisons."""

    made = 0

    def __eq__(self, other: object) -> bool:
        Counted.made += 1
        return super().__eq__(other)

    __hash__ = Decimal.__hash__


def test_many_alerts_of_one_tick_fire_without_a_scan() -> None:
    number = 2_000
    triggers = RangeTriggers(
        waiting(alert_id=each, fraction=Counted(D(number + 1 - each) / 100_000)) for each in range(1, number + 1)
    )
    Counted.made = 0
    assert len(ids(feed(triggers, (0, "100"), (1, "103")))) == number
    assert Counted.made < 50 * number, "a search by halves, not from the start"


MINUTES = st.lists(st.tuples(st.integers(0, 90_000), st.integers(90, 110)), min_size=1, max_size=60)


@given(MINUTES, st.sampled_from((5, 60)))
def test_the_window_equals_a_scan_of_its_prices(moves: list[tuple[int, int]], minutes: int) -> None:
    window, time, seen = PriceWindow(minutes * MINUTE_MS), START, []
    step = minutes * MINUTE_MS // 60
    for wait, price in moves:
        time += wait
        seen.append((time, price))
        found = window.add(D(price), time)
        inside = [each for at, each in seen if at - at % step >= time - minutes * MINUTE_MS]
        assert found == PriceRange(D(min(inside)), D(max(inside)))


@given(st.lists(st.tuples(st.integers(-70, 2), st.integers(90, 110)), max_size=80))
def test_candles_in_any_order_give_the_same_window(candles: list[tuple[int, int]]) -> None:
    unique = {minute: candle(minute, price - 1.0, float(price)) for minute, price in candles}
    found, known_from = range_of(D(100), [unique[minute] for minute in sorted(unique)], START, HOUR_MS)
    inside = [unique[minute] for minute in unique if -60 <= minute <= 0]
    assert found.high == max([D(100), *(D(str(each.high)) for each in inside)])
    assert found.low == min([D(100), *(D(str(each.low)) for each in inside)])
    assert START - HOUR_MS <= known_from <= START


def test_the_range_of_now_is_known_back_from_within_a_minute() -> None:
    candles = [candle(minute, 99.0, 101.0) for minute in range(-90, 0)]
    for seconds in (0, 1, 59):
        now = START + seconds * 1000
        found, known_from = range_of(D(100), candles, now, HOUR_MS)
        assert (found.low, found.high) == (D(99), D(101))
        assert known_from == now - HOUR_MS
    assert range_of(D(100), candles[:-1], now, HOUR_MS)[1] == now, "a candle is missing before this minute"
    assert range_of(D(100), [], now, HOUR_MS) == (PriceRange(D(100), D(100)), now)
