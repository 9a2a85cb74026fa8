"""The index of triggers against a walk over all of them."""

import sys
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.market import Symbol, Tick
from trading.triggers.price_levels import Direction, Firing, Trigger, Triggers

SYMBOLS = [Symbol("AUSDC"), Symbol("BUSDC")]
levels = st.integers(1, 12).map(lambda tenths: Decimal(tenths) / 10)
triggers = st.builds(
    Trigger,
    alert_id=st.integers(1, 8),
    symbol=st.sampled_from(SYMBOLS),
    direction=st.sampled_from(Direction),
    level=levels,
    since=st.integers(0, 20),
    ready=st.booleans(),
    repeat=st.booleans(),
    rearm=st.one_of(st.none(), levels),
    pause_ms=st.integers(0, 8),
)
ticks = st.builds(
    Tick,
    symbol=st.sampled_from([*SYMBOLS, Symbol("CUSDC")]),
    time=st.integers(0, 30),
    price=st.one_of(st.sampled_from(["", "NaN", "0"]), levels.map(str), levels.map(lambda level: f"{level}0")),
)
steps = st.lists(st.one_of(triggers, st.integers(1, 8), st.tuples(st.lists(ticks, max_size=4), st.integers(0, 15))))


class Naive:
    """One list, walked for every tick."""

    def __init__(self) -> None:
        self.waiting: dict[int, Trigger] = {}

    def take(self, tick: Tick, fresh_from: int) -> tuple[list[Firing], list[Trigger]]:
        fired: list[Firing] = []
        back: list[Trigger] = []
        if tick.price in ("", "NaN", "0") or tick.time < fresh_from:
            return fired, back
        price = Decimal(tick.price)
        for alert_id, trigger in sorted(self.waiting.items()):
            if trigger.symbol != tick.symbol or tick.time < trigger.since:
                continue
            near = price < trigger.level if trigger.direction is Direction.ABOVE else price > trigger.level
            awaited = trigger.level if trigger.rearm is None else trigger.rearm
            came_back = price < awaited if trigger.direction is Direction.ABOVE else price > awaited
            if trigger.ready and not near:
                fired.append(Firing(trigger, price, tick.time))
                del self.waiting[alert_id]
            elif not trigger.ready and came_back:
                rested = trigger.since - 1 + trigger.pause_ms if trigger.firings else 0
                self.waiting[alert_id] = replace(trigger, ready=True, since=max(tick.time, rested))
                back.append(self.waiting[alert_id])
        return fired, back


@given(steps)
def test_the_index_fires_what_a_walk_over_all_alerts_fires(
    script: list[Trigger | int | tuple[list[Tick], int]],
) -> None:
    index, naive = Triggers(), Naive()
    for step in script:
        match step:
            case Trigger():
                index.put(step)
                naive.waiting[step.alert_id] = step
            case int():
                index.remove(step)
                naive.waiting.pop(step, None)
            case (arrived, fresh_from):
                crossed = index.take(arrived, fresh_from=fresh_from)
                walked = [naive.take(tick, fresh_from) for tick in arrived]
                assert list(crossed.firings) == [firing for fired, _ in walked for firing in fired]
                assert list(crossed.rearmed) == [trigger for _, back in walked for trigger in back]
                for firing in crossed.firings:
                    if firing.trigger.repeat:
                        index.put(firing.rearmed())
                        naive.waiting[firing.trigger.alert_id] = firing.rearmed()
        assert len(index) == len(naive.waiting)
        assert all(index.get(alert_id) == trigger for alert_id, trigger in naive.waiting.items())


walks = st.lists(st.tuples(st.integers(1, 5), st.integers(80, 120)), max_size=60)


@given(st.sampled_from(Direction), walks, st.integers(1, 10), st.integers(0, 20))
def test_a_repeating_alert_tells_what_its_words_say(
    direction: Direction, walk: list[tuple[int, int]], distance: int, pause: int
) -> None:
    """Told when the price is at the level or beyond, was beyond the distance since the last time, and the pause is
    over. The reference looks through the whole history at each price."""
    beyond = (lambda price: price >= 100) if direction is Direction.ABOVE else (lambda price: price <= 100)
    back = 100 - distance if direction is Direction.ABOVE else 100 + distance
    away = (lambda price: price < back) if direction is Direction.ABOVE else (lambda price: price > back)
    level, rearm = Decimal(100), Decimal(back)
    index = Triggers([Trigger(1, SYMBOLS[0], direction, level, 0, repeat=True, rearm=rearm, pause_ms=pause)])
    history: list[tuple[int, int]] = []
    told: list[int] = []
    fired: list[int] = []
    time = 0
    for wait, price in walk:
        time += wait
        history.append((time, price))
        rearmed = not told or any(away(before) for moment, before in history if moment > told[-1])
        if beyond(price) and rearmed and (not told or time >= told[-1] + pause):
            told.append(time)
        for firing in index.take([Tick(SYMBOLS[0], time, str(price))], fresh_from=0).firings:
            fired.append(firing.time)
            index.put(firing.rearmed())
    assert fired == told


def test_a_tick_that_fires_nothing_costs_the_same_with_few_and_many_alerts() -> None:
    symbols = [Symbol(f"S{number}USDC") for number in range(250)]
    frame = [Tick(symbol, 1, "150.25") for symbol in symbols]

    def watching(count: int) -> Triggers:
        return Triggers(
            Trigger(number, symbols[number % 250], Direction.ABOVE, Decimal(200 + number % 97), 0)
            for number in range(count)
        )

    few, many = watching(250), watching(10_000)
    assert calls(lambda: few.take(frame, fresh_from=0)) == calls(lambda: many.take(frame, fresh_from=0))


def calls(act: Callable[[], object]) -> int:
    """Returns how many functions are called, those of the interpreter included."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count
