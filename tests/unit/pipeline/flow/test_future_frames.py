"""What is left of a frame that is dated in the future."""

from pipeline.flow.future_frames import until
from pipeline.market import Frame, Symbol, Tick, Trade

BTC = Symbol("BTCUSDC")


def test_only_what_is_later_is_left_out() -> None:
    ticks = (Tick(BTC, 10, "1"), Tick(BTC, 11, "2"))
    trades = (Trade(BTC, 11, "1", "1", 1), Trade(BTC, 10, "1", "1", 2))
    assert until(Frame(10, ticks, trades=trades), 10) == Frame(10, ticks[:1], trades=trades[1:])
    assert until(Frame(10, ticks[:1], trades=trades[:1]), 10) == Frame(10, ticks[:1])


def test_a_frame_in_time_is_the_same_and_a_later_one_is_none() -> None:
    frame = Frame(10, (Tick(BTC, 10, "1"),))
    assert until(frame, 10) is frame
    assert until(frame, 9) is None
