"""Candles that may pass from a source to the desk, rule by rule."""

from typing import Any

import msgspec
import pytest

from pipeline.market import MINUTE_MS, Frame, Symbol
from pipeline.quality.reasons import Reason
from tests.unit.pipeline.quality.feed import COIN, SECOND, START, Feed, minute, quote


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
