"""Clean markets pass untouched; each fault put into them is taken out and counted under its reason."""

import random
from collections import Counter
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.market import Frame, Tick
from pipeline.quality.inspector import Inspector
from pipeline.quality.reasons import Reason
from tests.fakes.quotes import FAULTS, SYMBOLS, calm_market

SEEDS = st.integers(0, 2**32)


def inspector() -> Inspector:
    made = Inspector()
    made.set_symbols(SYMBOLS)
    return made


@settings(max_examples=25)
@given(SEEDS)
def test_a_clean_market_passes_untouched(seed: int) -> None:
    mine = inspector()
    for frame in calm_market(seed, 200):
        assert mine.inspect(frame, frame.time) is frame
    assert not mine.counts.total


@settings(max_examples=60)
@given(SEEDS)
def test_every_fault_is_taken_out_and_counted_and_nothing_else_is(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test that can be repeated
    mine, expected = inspector(), Counter[str]()
    for second, frame in enumerate(calm_market(seed, 400)):
        clean, faulty = frame, frame
        # the silent seconds between faults let the next sound quote of the symbol decide
        if second > 70 and second % 15 == 0 and frame.ticks:
            place, fault = rng.randrange(len(frame.ticks)), rng.choice(FAULTS)
            ticks = list(frame.ticks)
            broken = fault.change(ticks.pop(place), rng)
            clean = msgspec.structs.replace(frame, ticks=tuple(ticks))
            ticks.insert(place, broken)
            faulty = msgspec.structs.replace(frame, ticks=tuple(ticks))
            expected[fault.reason] += 1
        assert mine.inspect(faulty, frame.time).ticks == clean.ticks
    counted = Counter(mine.counts.total)
    refuted = counted.pop(Reason.REFUTED, 0)
    assert counted == expected
    waiting = len(mine.condition(frame.time).waiting)
    assert refuted + waiting == expected[Reason.SPIKE] + expected[Reason.BOOK_SPIKE]


@settings(max_examples=25)
@given(SEEDS)
def test_the_same_frames_again_are_all_duplicates_or_late(seed: int) -> None:
    mine = inspector()
    frames = list(calm_market(seed, 30))
    for frame in frames:
        mine.inspect(frame, frame.time)
    end = frames[-1].time
    assert all(not mine.inspect(frame, end).ticks for frame in frames)
    assert set(mine.counts.total) <= {Reason.DUPLICATE, Reason.OUT_OF_ORDER}


@settings(max_examples=40)
@given(SEEDS, st.floats(0.05, 20).filter(lambda times: not 0.79 < times < 1.26))
def test_a_market_that_jumps_for_good_is_seen_there_within_seconds(seed: int, times: float) -> None:
    mine = inspector()
    away = 0
    for second, frame in enumerate(calm_market(seed, 150)):
        ticks = [moved(tick, times) if second >= 90 and tick.symbol == SYMBOLS[0] else tick for tick in frame.ticks]
        passed = mine.inspect(Frame(frame.time, tuple(ticks)), frame.time)
        away += len(ticks) - len(passed.ticks)
    assert away == 1, "the next quote confirms the jump"
    assert mine.counts.total == {Reason.SPIKE: 1, Reason.CONFIRMED: 1}


def moved(tick: Tick, times: float) -> Tick:
    prices = {name: f"{Decimal(getattr(tick, name)) * Decimal(str(times)):.14f}" for name in ("price", "bid", "ask")}
    return msgspec.structs.replace(tick, **prices)
