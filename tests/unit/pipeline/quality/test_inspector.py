"""What may pass from a source to the desk, rule by rule."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from pipeline.market import MINUTE_MS, Candle, Frame, Symbol, Tick
from pipeline.quality.counters import DAYS_KEPT, MAX_KEPT
from pipeline.quality.inspector import FROZEN_MS, FUTURE_MS, PAST_MS, Inspector
from pipeline.quality.quote_checks import MAX_HELD_MS, STANDING_MS
from pipeline.quality.reasons import Reason

BTC, COIN = Symbol("BTCUSDC"), Symbol("币安人生USDC")
START = 1_618_716_000_000
SECOND = 1000


def quote(second: float, at: float = 100.0, /, **changes: Any) -> Tick:
    bid, ask = at * 0.999, at * 1.001
    time = START + int(second * SECOND)
    tick = Tick(BTC, time, f"{at:.6f}", f"{bid:.6f}", "2", f"{ask:.6f}", "3", "99", "103", "98", "1234.5")
    return msgspec.structs.replace(tick, **changes)


def minute(number: int, close: float = 100.0, **changes: Any) -> Candle:
    candle = Candle(BTC, START + number * MINUTE_MS, close, close * 1.01, close * 0.99, close, 5.0, 500.0, 7)
    return msgspec.structs.replace(candle, **changes)


class Feed:
    """Says frames to an inspector on the source's clock."""

    def __init__(self, *symbols: Symbol) -> None:
        self.inspector = Inspector()
        self.inspector.set_symbols(symbols or (BTC, COIN))

    def say(self, *ticks: Tick, candles: Sequence[Candle] = (), now: int | None = None) -> list[Tick]:
        time = now or max([tick.time for tick in ticks] or [START])
        return list(self.inspector.inspect(Frame(time, ticks, tuple(candles)), time).ticks)

    def candles(self, *candles: Candle) -> list[Candle]:
        now = max(candle.open_time for candle in candles) + MINUTE_MS
        return list(self.inspector.inspect(Frame(now, (), candles), now).candles)

    def calm(self, seconds: int = 60) -> None:
        for second in range(seconds):
            assert self.say(quote(second, 100 + second % 3 * 0.1))

    @property
    def counted(self) -> dict[str, int]:
        return dict(self.inspector.counts.total)


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


def test_a_candle_that_traded_all_the_way_vouches_for_its_close() -> None:
    risen = minute(0, open=100.0, high=131.0, low=99.0, close=130.0)
    for candle, passes in (
        (risen, True),
        (msgspec.structs.replace(risen, volume=0.0), False),
        (msgspec.structs.replace(risen, open=128.0, low=127.0), False),
        (msgspec.structs.replace(risen, high=120.0, close=119.0), False),
        (msgspec.structs.replace(risen, symbol=COIN), False),
        (msgspec.structs.replace(risen, open_time=START - 10 * MINUTE_MS), False),
    ):
        feed = Feed()
        feed.calm()
        said = feed.say(quote(60, 130, bid="130", ask="130"), candles=[candle])
        assert bool(said) is passes, candle


def test_a_candle_does_not_vouch_for_more_than_twice_the_price() -> None:
    feed = Feed()
    feed.calm()
    candle = minute(0, open=100.0, high=1000.0, low=99.0, close=1000.0)
    assert not feed.say(quote(60, 1000, bid="1000", ask="1000"), candles=[candle])


# -- candles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"high": 90.0}, Reason.BROKEN_CANDLE),
        ({"low": 0.0}, Reason.BROKEN_CANDLE),
        ({"close": float("nan")}, Reason.BROKEN_CANDLE),
        ({"volume": -1.0}, Reason.BROKEN_CANDLE),
        ({"volume": float("inf")}, Reason.BROKEN_CANDLE),
        ({"trades": -1}, Reason.BROKEN_CANDLE),
        ({"open_time": START + 1}, Reason.BROKEN_CANDLE),
        ({"symbol": Symbol("GHOSTUSDC")}, Reason.UNKNOWN_SYMBOL),
        ({"open_time": START + 2 * MINUTE_MS}, Reason.FUTURE),
    ],
)
def test_a_candle_that_cannot_be_is_dropped(changes: dict[str, Any], reason: Reason) -> None:
    feed = Feed()
    now = START + MINUTE_MS
    assert feed.inspector.inspect(Frame(now, (), (minute(0, **changes),)), now).candles == ()
    assert feed.counted == {reason: 1}


def test_the_same_candle_again_is_a_duplicate_and_a_better_one_is_not() -> None:
    feed = Feed()
    assert feed.candles(minute(0)) == [minute(0)]
    assert feed.candles(minute(0)) == []
    assert feed.candles(minute(0, trades=9)) == [minute(0, trades=9)]
    assert feed.counted == {Reason.DUPLICATE: 1}


def test_a_listing_candle_passes_for_nothing_is_known_before_it() -> None:
    listing = minute(0, 3.0, low=0.1, high=10.0)
    assert Feed().candles(listing) == [listing]


def test_a_far_candle_waits_and_is_kept_out_when_the_next_one_is_back() -> None:
    feed = Feed()
    feed.candles(minute(0))
    assert feed.candles(minute(1, 1000.0)) == []
    assert feed.candles(minute(2)) == [minute(2)]
    assert feed.counted == {Reason.CANDLE_SPIKE: 1, Reason.REFUTED: 1}


def test_a_far_candle_passes_in_order_with_the_next_one_that_goes_on_from_it() -> None:
    feed = Feed()
    feed.candles(minute(0))
    assert feed.candles(minute(1, 1000.0)) == []
    assert feed.candles(minute(2, 1010.0)) == [minute(1, 1000.0), minute(2, 1010.0)]
    assert feed.counted == {Reason.CANDLE_SPIKE: 1, Reason.CONFIRMED: 1}


def test_a_far_candle_passes_once_the_quotes_have_got_there() -> None:
    feed = Feed()
    feed.calm()
    feed.candles(minute(0))
    assert feed.candles(minute(1, 1000.0)) == []
    for second in (121, 122):
        frame = feed.inspector.inspect(Frame(START, (quote(second, 1000 + second),)), START + second * SECOND)
    assert frame.candles == (minute(1, 1000.0),)


def test_candles_far_from_everything_do_not_wait_for_ever() -> None:
    feed = Feed()
    feed.candles(minute(0))
    assert feed.candles(minute(1, 1e6)) == []
    late = START + 10 * MINUTE_MS
    assert feed.inspector.inspect(Frame(late), late).candles == ()
    assert feed.counted == {Reason.CANDLE_SPIKE: 1, Reason.REFUTED: 1}
    wild = [minute(number, 10.0 ** (number % 5 * 3)) for number in range(11, 15)]
    assert feed.candles(wild[0], wild[1], wild[2], wild[3])[-1] == wild[3], "the fourth in a row is believed"


def test_an_older_minute_asked_again_passes_as_the_source_states_it() -> None:
    feed = Feed()
    feed.candles(minute(5))
    assert feed.candles(minute(1, 1000.0)) == [minute(1, 1000.0)]
    assert feed.candles(minute(6, 1000.0)) == [], "and the newer ones are still what is usual"


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
