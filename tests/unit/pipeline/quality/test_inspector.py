"""Quotes that may pass from a source to the desk, rule by rule."""

from typing import Any

import pytest

from pipeline.market import Frame, Symbol
from pipeline.quality.counters import DAYS_KEPT, MAX_KEPT
from pipeline.quality.inspector import FROZEN_MS, FUTURE_MS, PAST_MS, Inspector
from pipeline.quality.quote_checks import MAX_HELD_MS, STANDING_MS
from pipeline.quality.reasons import Reason
from tests.unit.pipeline.quality.feed import BTC, COIN, SECOND, START, Feed, minute, quote

# -- what is dropped ---------------------------------------------------------------------------------

BROKEN = [
    ({"symbol": Symbol("GHOSTUSDC")}, Reason.UNKNOWN_SYMBOL),
    ({"price": "NaN"}, Reason.NOT_A_NUMBER),
    ({"price": ""}, Reason.NOT_A_NUMBER),
    ({"price": "1e5"}, Reason.NOT_A_NUMBER),
    ({"price": "1_00"}, Reason.NOT_A_NUMBER),
    ({"price": "１００"}, Reason.NOT_A_NUMBER),
    ({"price": " 100"}, Reason.NOT_A_NUMBER),
    ({"price": "100,1,1,1,1,1,1,1,1\n100"}, Reason.NOT_A_NUMBER),
    ({"bid": "Infinity"}, Reason.NOT_A_NUMBER),
    ({"volume_24h": "1.2.3"}, Reason.NOT_A_NUMBER),
    ({"bid_size": "-1"}, Reason.NEGATIVE),
    ({"price": "-100"}, Reason.NEGATIVE),
    ({"price": "0.00000000"}, Reason.ZERO_PRICE),
    ({"bid": "0.00000000"}, Reason.ZERO_PRICE),
    ({"ask": "0"}, Reason.ZERO_PRICE),
    ({"bid": "100.2", "ask": "100.1"}, Reason.CROSSED),
    ({"time": START + 61 * SECOND + FUTURE_MS + 1}, Reason.FUTURE),
    ({"time": START + 59 * SECOND}, Reason.DUPLICATE),
    ({"time": START + 58 * SECOND}, Reason.OUT_OF_ORDER),
    ({"time": 1_618_716_000}, Reason.PAST),
]


@pytest.mark.parametrize(("changes", "reason"), BROKEN)
def test_what_cannot_be_is_dropped_and_counted_under_its_reason(changes: dict[str, Any], reason: Reason) -> None:
    feed = Feed()
    feed.calm()
    assert feed.say(quote(61, **changes), now=START + 61 * SECOND) == []
    assert feed.counted == {reason: 1}
    assert feed.say(quote(62)), "the next sound quote passes"


@pytest.mark.parametrize(("changes", "reason"), [b for b in BROKEN if b[1] not in ("duplicate", "out-of-order")])
def test_a_first_quote_that_cannot_be_is_dropped_too(changes: dict[str, Any], reason: Reason) -> None:
    feed = Feed()
    assert feed.say(quote(61, **changes), now=START + 61 * SECOND) == []
    assert feed.counted == {reason: 1}


def test_the_sound_quotes_beside_a_broken_one_pass() -> None:
    feed = Feed()
    sound = quote(0, symbol=COIN)
    assert feed.say(quote(0, bid="NaN"), sound) == [sound]


def test_a_name_in_any_script_passes_when_the_source_states_it() -> None:
    assert len(Feed().say(quote(0, symbol=COIN))) == 1


def test_before_the_symbols_are_stated_possible_names_pass() -> None:
    inspector = Inspector()
    ticks = (quote(0), quote(0, symbol=COIN), quote(0, symbol=Symbol("B TC")), quote(0, symbol=Symbol("\x00")))
    assert inspector.inspect(Frame(START, ticks), START).ticks == ticks[:2]
    inspector.set_symbols([BTC])
    assert inspector.inspect(Frame(START + 1, (quote(1, symbol=COIN),)), START + 1).ticks == ()
    assert inspector.unknown_seen


def test_sound_frames_are_the_very_same_frames() -> None:
    feed = Feed()
    for second in range(3):
        frame = Frame(START + second * SECOND, (quote(second), quote(second, symbol=COIN)), ())
        assert feed.inspector.inspect(frame, frame.time) is frame


def test_a_frame_of_an_impossible_time_gets_the_sources() -> None:
    feed = Feed()
    for time in (START + FUTURE_MS + 1, START - PAST_MS - 1):
        assert feed.inspector.inspect(Frame(time, ()), START).time == START


# -- what waits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1.2, 0.8, 10, 0.01])
def test_a_spike_is_held_and_refuted_by_the_next_quote(factor: float) -> None:
    feed = Feed()
    feed.calm()
    assert feed.say(quote(60, 100 * factor)) == []
    assert feed.say(quote(61, 100)) == [quote(61, 100)]
    assert feed.counted == {Reason.SPIKE: 1, Reason.REFUTED: 1}
    (entry,) = feed.inspector.counts.kept
    assert (entry.symbol, entry.outcome, entry.decided) == (BTC, "refuted", START + 61 * SECOND)
    assert entry.usual == pytest.approx(100, rel=0.01)


def test_a_market_that_jumps_passes_with_the_next_quote_that_says_so() -> None:
    feed = Feed()
    feed.calm()
    assert feed.say(quote(60, 140)) == []
    assert feed.say(quote(61, 141)) == [quote(61, 141)]
    assert feed.counted == {Reason.SPIKE: 1, Reason.CONFIRMED: 1}
    assert feed.say(quote(62, 142))
    assert feed.say(quote(63, 100)) == [], "the way back is a jump like any other"


def test_mere_repetition_confirms_only_after_it_has_stood_for_a_while() -> None:
    feed = Feed()
    feed.calm()
    stood = STANDING_MS // SECOND
    passed = [bool(feed.say(quote(60 + second, 140))) for second in range(stood + 1)]
    assert passed == [False] * stood + [True]


def test_a_price_that_its_own_book_contradicts_waits_for_a_minute() -> None:
    feed = Feed()
    feed.calm()
    limit = MAX_HELD_MS // SECOND
    for second in range(limit):
        size = str(second + 1)
        assert not feed.say(quote(60 + second, 100, price="140", bid_size=size)), second
    assert feed.say(quote(60 + limit, 100, price="140"))
    assert feed.counted == {Reason.SPIKE: 1, Reason.CONFIRMED: 1, Reason.DISAGREEMENT: 1}


def test_a_bid_or_ask_that_jumps_alone_is_held_too() -> None:
    for changes in ({"bid": "50"}, {"ask": "500"}):
        feed = Feed()
        feed.calm()
        assert feed.say(quote(60, **changes)) == []
        assert feed.say(quote(61))
        assert feed.counted == {Reason.BOOK_SPIKE: 1, Reason.REFUTED: 1}


def test_a_side_of_the_book_may_go_and_come() -> None:
    feed = Feed()
    feed.calm()
    assert feed.say(quote(60, bid="", bid_size=""))
    assert feed.say(quote(61))
    assert feed.counted == {}


def test_a_market_that_never_comes_back_is_believed_after_a_minute_whatever_it_says() -> None:
    feed = Feed()
    feed.calm()
    wild = [200, 400, 90_000, 3]
    passed = [bool(feed.say(quote(60 + second, wild[second % 4]))) for second in range(61)]
    assert passed == [False] * 60 + [True]


def test_a_walk_that_is_fast_but_steady_passes() -> None:
    feed = Feed()
    price = 100.0
    for second in range(60):
        price *= 0.95
        assert feed.say(quote(second, price))


def test_after_a_silence_a_market_may_stand_further_away() -> None:
    feed = Feed()
    feed.calm()
    assert feed.say(quote(60 + 1200, 130)), "30 % in twenty minutes"
    assert not feed.say(quote(60 + 1201, 200))


def test_a_late_quote_of_a_held_statement_decides_nothing() -> None:
    feed = Feed()
    feed.calm()
    assert feed.say(quote(60, 140)) == []
    assert feed.say(quote(60, 141)) == []
    assert feed.say(quote(59.5, 100)) == []
    assert feed.counted == {Reason.SPIKE: 1, Reason.DUPLICATE: 1, Reason.OUT_OF_ORDER: 1}


# -- how things stand --------------------------------------------------------------------------------


def test_stale_frozen_waiting_and_disagreeing_symbols_are_named() -> None:
    feed = Feed(BTC, COIN, Symbol("AUSDC"), Symbol("BUSDC"))
    end = FROZEN_MS // SECOND
    feed.say(quote(0, symbol=COIN), quote(0), quote(0, symbol=Symbol("BUSDC"), bid="80", ask="85"))
    for second in range(1, end + 2, 50):
        feed.say(quote(second), quote(second, 100 + second % 7, symbol=Symbol("AUSDC")))
    last = end + 52
    feed.say(quote(last), quote(last, 500, symbol=Symbol("AUSDC")))
    condition = feed.inspector.condition(START + (last + 1) * SECOND)
    assert condition.symbols == 4
    assert condition.stale == ("BUSDC", COIN)
    assert condition.frozen == (BTC,)
    assert condition.waiting == ("AUSDC",)
    assert condition.disagreeing == ("BUSDC",)


def test_what_is_kept_and_counted_is_bounded() -> None:
    feed = Feed()
    feed.calm()
    for number in range(MAX_KEPT + 50):
        feed.say(quote(60 + 2 * number, 1000))
        feed.say(quote(61 + 2 * number, 100))
    counts = feed.inspector.counts
    assert len(counts.kept) == MAX_KEPT
    for day in range(30):
        counts.add("spike", START + day * 86_400_000)
    assert len(counts.days) == DAYS_KEPT
    assert max(counts.days) == "2021-05-17"


def test_symbols_that_are_gone_are_forgotten() -> None:
    feed = Feed()
    feed.say(quote(0), quote(0, symbol=COIN))
    feed.candles(minute(0))
    feed.inspector.set_symbols([COIN])
    assert feed.inspector.condition(START).symbols == 1
    assert feed.say(quote(1)) == []
