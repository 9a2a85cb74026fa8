"""Trades through the inspector."""

from collections.abc import Sequence

import msgspec
import pytest

from pipeline.market import MINUTE_MS, Candle, Frame, Symbol, Tick, Trade
from pipeline.quality.reasons import Reason
from pipeline.quality.trade_checks import LATE_MS, RESTART_MS
from tests.unit.pipeline.quality.feed import BTC, COIN, START, Feed, minute, quote


def trade(second: float, price: float | str = 100.0, number: int | None = None, symbol: Symbol = BTC) -> Trade:
    time = START + int(second * 1000)
    return Trade(symbol, time, str(price), "0.5", time if number is None else number)


class TradeFeed(Feed):
    """Says trades after a minute of calm quotes, the last of them at second 59."""

    def __init__(self) -> None:
        super().__init__()
        self.calm()

    def trades(
        self, *trades: Trade, ticks: Sequence[Tick] = (), candles: Sequence[Candle] = (), now: int | None = None
    ) -> list[Trade]:
        time = now or max(each.time for each in (*ticks, *trades))
        return list(self.inspector.inspect(Frame(time, tuple(ticks), tuple(candles), trades), time).trades)


@pytest.fixture
def feed() -> TradeFeed:
    return TradeFeed()


def test_a_frame_whose_trades_all_pass_is_the_frame_itself(feed: TradeFeed) -> None:
    frame = Frame(START + 60_000, (quote(60),), (), (trade(59.5), trade(60, 100.1)))
    assert feed.inspector.inspect(frame, frame.time) is frame
    assert feed.inspector.counts.trades == 2


def test_a_frame_of_trades_alone_passes(feed: TradeFeed) -> None:
    assert feed.trades(trade(59.5)) == [trade(59.5)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (trade(60, "NaN"), Reason.NOT_A_NUMBER),
        (trade(60, "1e2"), Reason.NOT_A_NUMBER),
        (trade(60, "-100"), Reason.NEGATIVE),
        (trade(60, "0.00"), Reason.ZERO_PRICE),
        (msgspec.structs.replace(trade(60), quantity="0"), Reason.ZERO_PRICE),
        (msgspec.structs.replace(trade(60), quantity="x"), Reason.NOT_A_NUMBER),
        (trade(71), Reason.FUTURE),
        (trade(59 - LATE_MS / 1000 - 1), Reason.PAST),
        (trade(60, symbol=COIN), Reason.UNKNOWN_SYMBOL),
        (trade(60, symbol=Symbol("XUSDC")), Reason.UNKNOWN_SYMBOL),
    ],
)
def test_what_is_no_trade_of_now_is_dropped_and_counted(feed: TradeFeed, bad: Trade, reason: Reason) -> None:
    good = trade(60, 100.2)
    assert feed.trades(bad, good, now=START + 60_000) == [good]
    assert feed.counted == {reason: 1}


def test_a_trade_that_comes_again_or_out_of_order_is_dropped(feed: TradeFeed) -> None:
    assert feed.trades(trade(60, number=7), trade(60, number=7), trade(60, number=6), trade(60.1, number=8)) == [
        trade(60, number=7),
        trade(60.1, number=8),
    ]
    assert feed.trades(trade(60.05, number=9)) == []
    assert feed.counted == {Reason.DUPLICATE: 1, Reason.OUT_OF_ORDER: 2}


def test_ids_that_begin_anew_are_believed_once_the_time_has_gone_on(feed: TradeFeed) -> None:
    feed.trades(trade(60, number=2**62))
    assert feed.trades(trade(60 + RESTART_MS / 1000 - 1, number=5)) == []
    assert feed.trades(trade(60 + RESTART_MS / 1000, number=6)) == [trade(60 + RESTART_MS / 1000, number=6)]


def test_one_wrong_print_never_passes(feed: TradeFeed) -> None:
    spike, after = trade(60, 111), trade(60.1, 101)
    assert feed.trades(spike) == []
    assert feed.trades(after) == [after]
    assert feed.counted == {Reason.TRADE_SPIKE: 1, Reason.REFUTED: 1}
    assert [(entry.price, entry.outcome) for entry in feed.inspector.counts.kept] == [("111", "refuted")]


def test_a_market_that_jumps_loses_no_trade(feed: TradeFeed) -> None:
    jump = [trade(60, 80, 1), trade(60.1, 79, 2), trade(60.2, 70, 3), trade(60.3, 69, 4)]
    assert feed.trades(jump[0]) == []
    assert feed.trades(*jump[1:]) == jump
    assert feed.counted == {Reason.TRADE_SPIKE: 2, Reason.CONFIRMED: 2}


def test_a_print_that_is_confirmed_too_late_is_refuted(feed: TradeFeed) -> None:
    feed.trades(trade(60, 120))
    assert feed.trades(trade(60 + LATE_MS / 1000 + 1, 120)) == []
    assert feed.counted == {Reason.TRADE_SPIKE: 2, Reason.REFUTED: 1}


def test_trades_up_to_a_quote_that_passes_in_the_same_frame_pass(feed: TradeFeed) -> None:
    """The quote was held by the frame before, and is confirmed now: its trade agrees with it."""
    assert feed.say(quote(60, 120)) == []
    moved = trade(61, 121)
    assert feed.trades(moved, ticks=[quote(61, 120.5)]) == [moved]


def test_trades_from_a_candle_of_the_frame_pass_within_a_factor_of_two(feed: TradeFeed) -> None:
    wild = minute(0, low=80.0, high=150.0)
    path = [trade(0, 100), trade(20, 80), trade(40, 150), trade(59.999, 100)]
    fresh = Feed()
    fresh.say(quote(0))
    frame = Frame(START + MINUTE_MS, (quote(60),), (wild,), tuple(path))
    assert list(fresh.inspector.inspect(frame, frame.time).trades) == path
    assert feed.trades(trade(60, 201), candles=[minute(0, high=300.0)], ticks=[quote(60)]) == []


def test_a_silence_widens_what_is_believed() -> None:
    feed = Feed()
    feed.say(quote(0))
    jump = trade(3600, 140)
    assert list(feed.inspector.inspect(Frame(jump.time, (), (), (jump,)), jump.time).trades) == [jump]


def test_symbols_that_go_are_forgotten(feed: TradeFeed) -> None:
    feed.trades(trade(60, number=9))
    feed.inspector.set_symbols([COIN])
    feed.inspector.set_symbols([BTC, COIN])
    feed.say(quote(61))
    assert feed.trades(trade(61, number=3)) == [trade(61, number=3)]
