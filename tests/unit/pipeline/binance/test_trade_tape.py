"""The tape of trades between two frames."""

from collections import Counter

import pytest

from pipeline.binance import trade_tape
from pipeline.binance.trade_tape import MAX_WAITING, RESTART_MS, TradeTape
from tests.fakes.scripted_market import BTC, COIN, ETH, trade


def tape_of(*symbols: str) -> TradeTape:
    tape = TradeTape()
    tape.follow(symbols or (BTC, ETH))  # type: ignore[arg-type]
    return tape


def ids(tape: TradeTape, limit: int = 1000) -> list[int]:
    return [each.trade_id for each in tape.drain(limit)]


def test_trades_come_once_and_by_time() -> None:
    tape = tape_of()
    for each in (trade(BTC, 3, trade_id=8), trade(ETH, 2, trade_id=1), trade(BTC, 1, trade_id=7)):
        tape.take(each)
        tape.take(each)
    assert [(each.symbol, each.trade_id) for each in tape.drain(10)] == [(BTC, 7), (ETH, 1), (BTC, 8)]
    tape.take(trade(BTC, 3, trade_id=8))
    assert tape.drain(10) == ()
    assert not tape.take_missed()


def test_only_followed_symbols_are_kept() -> None:
    tape = tape_of(BTC)
    tape.take(trade(COIN, 1))
    tape.take(trade(BTC, 1))
    tape.follow([COIN])
    assert ids(tape) == []


def test_what_is_missing_is_counted_once() -> None:
    tape = tape_of()
    for number in (5, 6, 9, 12):
        tape.take(trade(BTC, number, trade_id=number))
    tape.take(trade(ETH, 1, trade_id=400))
    tape.drain(100)
    assert tape.take_missed() == {BTC: 4}
    assert not tape.take_missed()
    tape.take(trade(BTC, 8, trade_id=8))
    tape.take(trade(BTC, 14, trade_id=14))
    assert ids(tape) == [14]
    assert tape.take_missed() == {BTC: 1}


def test_a_trade_of_another_connection_fills_a_gap_before_the_frame() -> None:
    tape = tape_of()
    for number in (1, 3, 2):
        tape.take(trade(BTC, number, trade_id=number))
    assert ids(tape) == [1, 2, 3]
    assert not tape.take_missed()


def test_a_symbol_that_is_followed_again_has_no_gap() -> None:
    tape = tape_of()
    tape.take(trade(BTC, 1, trade_id=1))
    tape.drain(10)
    tape.follow([ETH])
    tape.follow([BTC, ETH])
    tape.take(trade(BTC, 9, trade_id=90))
    assert ids(tape) == [90]
    assert not tape.take_missed()


def test_a_limit_leaves_the_rest_for_the_next_frame() -> None:
    tape = tape_of()
    for number in range(5):
        tape.take(trade(BTC, number, trade_id=number))
        tape.take(trade(ETH, number, trade_id=number))
    assert len(tape.drain(7)) == 7
    assert ids(tape) == [3, 4, 4]
    assert not tape.take_missed()


def test_ids_that_begin_anew_do_not_silence_a_symbol() -> None:
    tape = tape_of()
    tape.take(trade(BTC, 1000, trade_id=2**62))
    tape.drain(10)
    tape.take(trade(BTC, 1000 + RESTART_MS - 1, trade_id=1))
    tape.take(trade(BTC, 1000 + RESTART_MS, trade_id=2))
    assert ids(tape) == [2]
    assert not tape.take_missed()


def test_a_flood_is_bounded_and_counts_as_missed() -> None:
    tape = tape_of()
    for number in range(MAX_WAITING + 7):
        tape.take(trade(BTC, number, trade_id=number))
    assert len(tape.drain(10**6)) == MAX_WAITING
    tape.take(trade(BTC, 10**6, trade_id=MAX_WAITING + 7))
    tape.drain(1)
    assert tape.take_missed() == {BTC: 7}


def test_a_busy_symbol_takes_neither_the_frames_nor_the_room_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade_tape, "MAX_WAITING_TOGETHER", 90)
    tape = tape_of(BTC, ETH, COIN)
    for number in range(200):
        tape.take(trade(BTC, number, trade_id=number))
    for number in range(200):
        tape.take(trade(ETH, number, trade_id=number))
        tape.take(trade(COIN, number, trade_id=number))
    found = tape.drain(30)
    assert Counter(each.symbol for each in found) == {BTC: 10, ETH: 10, COIN: 10}
    assert len(tape.drain(1000)) == 45 + 15 + 15 - 30


def test_with_fewer_places_than_symbols_they_take_turns() -> None:
    tape = tape_of(BTC, ETH, COIN)
    for symbol in (BTC, ETH, COIN):
        for number in range(9):
            tape.take(trade(symbol, number, trade_id=number))
    turns = [tape.drain(1)[0].symbol for _ in range(6)]
    assert Counter(turns) == {BTC: 2, ETH: 2, COIN: 2}
    assert turns[:3] == turns[3:]
