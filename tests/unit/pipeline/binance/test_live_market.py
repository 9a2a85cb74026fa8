from pipeline.binance.candle_tracker import GRACE_MS, CandleTracker
from pipeline.binance.events import BookTop, MiniTicker
from pipeline.binance.live_market import LiveMarket, SnapshotRequest
from pipeline.market import Candle, Symbol, Tick, Trade

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
MINUTE = 60_000


def mini(price: str, time: int, symbol: Symbol = BTC) -> MiniTicker:
    return MiniTicker(symbol, time, price, "1", "3", "1", "100")


def top(bid: str, ask: str, update: int = 0, symbol: Symbol = BTC) -> BookTop:
    return BookTop(symbol, bid, "5", ask, "6", update)


def market() -> LiveMarket:
    live = LiveMarket()
    live.offer([BTC], [BTC])
    return live


def test_a_snapshot_gives_full_ticks_once() -> None:
    live = market()
    live.take_snapshot(
        [mini("2", 90), mini("9", 90, ETH)], [top("1", "3"), top("8", "10", 0, ETH)], SnapshotRequest(100, 100)
    )
    assert live.ticks() == (Tick(BTC, 100, "2", "1", "5", "3", "6", "1", "3", "1", "100", "rest"),)
    assert live.ticks() == ()


def test_a_symbol_that_is_in_half_a_snapshot_is_not_confirmed() -> None:
    live = market()
    live.take_snapshot([mini("2", 90)], [], SnapshotRequest(100, 100))
    assert live.ticks() == ()


def test_the_stream_confirms_as_of_its_last_word() -> None:
    live = market()
    live.take_snapshot([mini("2", 90)], [top("1", "3")], SnapshotRequest(100, 100))
    live.ticks()
    live.confirm({BTC: 0}, 500, 500)
    assert [tick.time for tick in live.ticks()] == [500]
    live.confirm({BTC: 0}, 500, 500)
    assert live.ticks() == ()


def test_a_snapshot_does_not_undo_what_the_stream_said_since_it_was_asked_for() -> None:
    live = market()
    live.take_mini(mini("2", 150), 150)
    live.take_top(top("1", "3", 7), 150)
    live.take_snapshot([mini("5", 90)], [top("4", "6")], SnapshotRequest(100, 100))
    live.confirm({BTC: 0}, 200, 200)
    assert [(tick.price, tick.bid) for tick in live.ticks()] == [("2", "1")]


def test_the_older_of_two_connections_does_not_turn_time_back() -> None:
    live = market()
    live.take_mini(mini("2", 150), 150)
    live.take_top(top("1", "3", 7), 150)
    live.take_mini(mini("5", 140), 160)
    live.take_top(top("4", "6", 6), 160)
    live.confirm({BTC: 0}, 200, 200)
    assert [(tick.price, tick.bid) for tick in live.ticks()] == [("2", "1")]
    live.take_top(top("4", "6", 1), 9_000)
    live.confirm({BTC: 0}, 9_000, 9_000)
    assert [tick.bid for tick in live.ticks()] == ["4"]


def test_a_symbol_that_trades_while_its_book_is_silent_is_not_confirmed_by_the_stream() -> None:
    live = market()
    live.take_mini(mini("2", 100), 100)
    live.take_top(top("1", "3", 7), 100)
    for second in range(20, 26):
        live.take_mini(mini(f"2.{second}", second * 1000), second * 1000)
    live.confirm({BTC: 0}, 25_000, 25_000)
    assert live.ticks() == ()
    assert live.doubtful(25_000) == {BTC}
    live.take_snapshot([mini("2.5", 25_500)], [top("2", "3")], SnapshotRequest(26_000, 26_000))
    assert [(tick.time, tick.bid) for tick in live.ticks()] == [(26_000, "2")]
    assert live.doubtful(40_000) == set()


def test_a_book_that_follows_its_price_or_went_just_before_is_trusted() -> None:
    live = market()
    live.take_mini(mini("2", 100), 100)
    live.take_top(top("1", "3", 7), 18_000)
    live.take_mini(mini("2.5", 20_000), 20_000)
    assert live.doubtful(30_000) == set()
    live.take_mini(mini("2.6", 40_000), 40_000)
    live.take_top(top("1", "3", 8), 41_000)
    assert live.doubtful(50_000) == set()


def test_a_price_that_does_not_move_asks_nothing_of_the_book() -> None:
    live = market()
    live.take_mini(mini("2", 100), 100)
    live.take_top(top("1", "3", 7), 100)
    live.take_mini(mini("2", 20_000), 20_000)
    live.confirm({BTC: 0}, 30_000, 30_000)
    assert [tick.time for tick in live.ticks()] == [30_000]


def test_a_snapshot_is_shown_as_it_was_whatever_comes_late_meanwhile() -> None:
    """What the stream told while the snapshot was on its way may be older: only of the snapshot it is known."""
    live = market()
    live.take_mini(mini("2", 50), 110)
    live.take_top(top("2", "3", 6), 110)
    live.take_snapshot([mini("5", 90)], [top("4", "6")], SnapshotRequest(100, 100))
    live.take_top(top("1", "3", 7), 120)
    assert [(tick.price, tick.bid) for tick in live.ticks()] == [("5", "4")]


def test_after_a_break_the_stream_confirms_only_what_became_known_since() -> None:
    live = market()
    live.take_mini(mini("2", 100), 100)
    live.take_top(top("1", "3", 7), 100)
    live.confirm({BTC: 150}, 200, 200)
    assert live.ticks() == ()
    assert live.unsettled({BTC: 150}) == {BTC}
    live.take_mini(mini("2", 210), 210)
    live.confirm({BTC: 150}, 220, 220)
    assert live.ticks() == ()
    live.take_top(top("2", "3", 8), 230)
    live.confirm({BTC: 150}, 240, 240)
    assert [(tick.time, tick.bid) for tick in live.ticks()] == [(240, "2")]
    assert live.unsettled({BTC: 150}) == set()


def test_a_symbol_that_does_not_trade_is_not_confirmed_and_begins_anew_when_it_does() -> None:
    live = market()
    live.take_snapshot([mini("2", 90)], [top("1", "3")], SnapshotRequest(100, 100))
    live.offer([BTC], [])
    live.confirm({BTC: 0}, 200, 200)
    live.take_snapshot([mini("2", 90)], [top("1", "3")], SnapshotRequest(300, 300))
    assert live.ticks() == ()
    live.offer([BTC], [BTC])
    live.confirm({BTC: 50}, 400, 400)
    assert live.ticks() == ()
    live.take_snapshot([mini("5", 450)], [top("4", "6")], SnapshotRequest(500, 500))
    assert [(tick.time, tick.bid) for tick in live.ticks()] == [(500, "4")]


def test_last_prices_alone_leave_the_day_as_it_was_known() -> None:
    live = market()
    live.take_prices({BTC: "2", ETH: "9"}, [top("1", "3")], SnapshotRequest(100, 100))
    assert [(tick.price, tick.open_24h, tick.via) for tick in live.ticks()] == [("2", "", "rest")]
    live.take_mini(mini("3", 150), 150)
    live.take_prices({BTC: "4"}, [top("1", "5")], SnapshotRequest(200, 200))
    assert [(tick.price, tick.ask, tick.high_24h) for tick in live.ticks()] == [("4", "5", "3")]


def test_a_trade_moves_the_price_until_the_next_ticker() -> None:
    live = market()
    live.take_snapshot([mini("2", 90)], [top("1", "3")], SnapshotRequest(100, 100))
    live.take_trade(Trade(BTC, 150, "2.5", "1", 1), 160)
    live.take_trade(Trade(BTC, 80, "1.5", "1", 0), 170)
    live.confirm({BTC: 0}, 200, 200)
    assert [(tick.price, tick.volume_24h) for tick in live.ticks()] == [("2.5", "100")]
    live.take_mini(mini("2.6", 1000), 1010)
    live.confirm({BTC: 0}, 1000, 1010)
    assert [tick.price for tick in live.ticks()] == ["2.6"]


def candle(minute: int) -> Candle:
    return Candle(BTC, minute * MINUTE, 1.0, 1.0, 1.0, 1.0, 1.0)


def opens(tails: CandleTracker) -> list[int]:
    return [c.open_time // MINUTE for c in tails.drain()]


def test_streamed_candles_come_once_and_in_order() -> None:
    tails = CandleTracker()
    tails.start([BTC], 5 * MINUTE + 1)
    for minute in (4, 5, 5, 6):
        tails.take_streamed(candle(minute))
    assert opens(tails) == [5, 6]
    assert opens(tails) == []


def test_a_gap_is_asked_for_before_later_candles_are_given() -> None:
    tails = CandleTracker()
    tails.start([BTC], 5 * MINUTE)
    tails.take_streamed(candle(7))
    assert opens(tails) == []
    assert tails.missing(6 * MINUTE + GRACE_MS - 1) == []
    now = 8 * MINUTE + GRACE_MS
    assert tails.missing(now) == [(BTC, 5 * MINUTE)]
    tails.take_history([candle(5), candle(6), candle(7)])
    tails.take_streamed(candle(7))
    tails.take_streamed(candle(8))
    assert opens(tails) == [5, 6, 7, 8]
    assert tails.missing(now) == []


def test_minutes_absent_from_the_record_do_not_exist() -> None:
    tails = CandleTracker()
    tails.start([BTC], 5 * MINUTE)
    tails.take_history([candle(5), candle(9)])
    tails.take_streamed(candle(10))
    assert opens(tails) == [5, 9, 10]


def test_what_the_record_does_not_have_is_asked_for_once_a_minute() -> None:
    tails = CandleTracker()
    tails.start([BTC], 0)
    now = 3 * MINUTE
    tails.note_asked(BTC, now)
    assert tails.missing(now + MINUTE - 1) == []
    assert tails.missing(now + MINUTE) == [(BTC, 0)]


def test_what_is_longest_overdue_is_asked_for_first_and_what_is_not_listed_not_at_all() -> None:
    tails = CandleTracker()
    tails.start([BTC], 5 * MINUTE)
    tails.start([ETH], 2 * MINUTE)
    now = 9 * MINUTE
    assert tails.missing(now) == [(ETH, 2 * MINUTE), (BTC, 5 * MINUTE)]
    tails.forget_all_but({BTC})
    assert tails.missing(now) == [(BTC, 5 * MINUTE)]


def test_candles_are_given_out_in_portions() -> None:
    tails = CandleTracker()
    tails.start([BTC], 0)
    tails.take_history([candle(minute) for minute in range(5)])
    assert [len(tails.drain(2)) for _ in range(4)] == [2, 2, 1, 0]
