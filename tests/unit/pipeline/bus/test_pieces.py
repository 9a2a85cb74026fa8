"""How a frame is divided into records of Kafka."""

import pytest

from pipeline.bus.kafka import MAX_FRAMES_PER_RECORD, MAX_TRADES_PER_RECORD, _pieces
from pipeline.bus.message import MAX_BYTES, encode
from pipeline.market import Frame, Symbol, Tick, Trade
from tests.fakes.scripted_market import BTC, minute, tick, trade

LONGEST = "9" * 18 + "." + "9" * 18
"""The longest number that passes the checks of quality."""

WIDE = Symbol("\U00020000" * 64)
TICK = Tick(WIDE, 1_760_000_000_000, *[LONGEST] * 10)
TRADE = Trade(WIDE, 1_760_000_000_000, LONGEST, LONGEST, 2**63 - 1)


def test_a_small_frame_with_trades_is_one_record() -> None:
    frame = Frame(9, (tick(BTC, 9),), (minute(BTC, 0),), tuple(trade(BTC, time) for time in range(900)))
    assert list(_pieces(frame)) == [frame]


def test_trades_that_do_not_fit_come_first_and_in_order() -> None:
    trades = tuple(trade(BTC, number) for number in range(2 * MAX_TRADES_PER_RECORD + 1))
    ticks = tuple(tick(BTC, time) for time in range(MAX_FRAMES_PER_RECORD + 1))
    found = list(_pieces(Frame(9, ticks, (minute(BTC, 0),), trades)))
    assert [len(piece.trades) for piece in found] == [MAX_TRADES_PER_RECORD, MAX_TRADES_PER_RECORD, 1, 0, 0]
    assert tuple(each for piece in found for each in piece.trades) == trades
    assert tuple(each for piece in found for each in piece.ticks) == ticks
    assert [len(piece.candles) for piece in found] == [0, 0, 0, 1, 0]
    assert all(piece.time == 9 for piece in found)


def test_trades_alone_leave_no_empty_record_behind() -> None:
    trades = tuple(trade(BTC, number) for number in range(MAX_TRADES_PER_RECORD))
    assert list(_pieces(Frame(9, trades=trades))) == [Frame(9, trades=trades)]


@pytest.mark.parametrize(
    "frame",
    [
        Frame(1, trades=(TRADE,) * 2 * MAX_TRADES_PER_RECORD),
        Frame(1, (TICK,) * 999, trades=(TRADE,)),
        Frame(1, (TICK,) * 500, trades=(TRADE,) * 500),
        Frame(1, (TICK,) * 500, trades=(TRADE,) * 501),
    ],
)
def test_the_longest_trades_fit_into_records(frame: Frame) -> None:
    assert all(len(encode("m" * 100, piece)) <= MAX_BYTES for piece in _pieces(frame))
