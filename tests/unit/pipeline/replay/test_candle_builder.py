from pipeline.market import Candle, Symbol, Trade
from pipeline.replay.candle_builder import CandleBuilder

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
MINUTE = 60_000


def trade(time: int, price: str, quantity: str = "1", number: int = 0, symbol: Symbol = BTC) -> Trade:
    return Trade(symbol, time, price, quantity, number or time)


def test_a_later_trade_closes_the_minute() -> None:
    builder = CandleBuilder()
    for time, price in ((5, "10"), (10, "12"), (20, "9"), (59_999, "11")):
        assert builder.add(trade(time, price, "0.1")) is None
    assert builder.add(trade(MINUTE, "13")) == Candle(BTC, 0, 10.0, 12.0, 9.0, 11.0, 0.4, 4.2, 4)


def test_time_closes_the_minute() -> None:
    builder = CandleBuilder()
    builder.add(trade(5, "10"))
    builder.add(trade(6, "20", symbol=ETH))
    builder.add(trade(MINUTE + 1, "21", symbol=ETH))
    assert builder.close(MINUTE - 1) == []
    assert [candle.symbol for candle in builder.close(MINUTE)] == [BTC]
    assert builder.close(MINUTE) == []


def test_first_and_last_are_told_by_time_and_id_not_by_arrival() -> None:
    builder = CandleBuilder()
    for time, number, price in ((20, 7, "3"), (20, 8, "4"), (10, 5, "2"), (10, 4, "1"), (15, 6, "9")):
        builder.add(trade(time, price, number=number))
    (candle,) = builder.close(MINUTE)
    assert (candle.open, candle.high, candle.low, candle.close) == (1.0, 9.0, 1.0, 4.0)


def test_a_trade_seen_twice_counts_once() -> None:
    builder = CandleBuilder()
    builder.add(trade(5, "10", "2", number=1))
    builder.add(trade(5, "10", "2", number=1))
    (candle,) = builder.close(MINUTE)
    assert (candle.volume, candle.trades) == (2.0, 1)


def test_a_late_trade_changes_nothing_and_is_counted() -> None:
    builder = CandleBuilder()
    builder.add(trade(5, "10"))
    builder.add(trade(MINUTE, "11"))
    assert builder.add(trade(6, "99")) is None
    (candle,) = builder.close(2 * MINUTE)
    assert builder.add(trade(MINUTE + 5, "99")) is None
    assert (candle.open_time, candle.high, builder.late) == (MINUTE, 11.0, 2)
    assert builder.close(3 * MINUTE) == []


def test_the_minute_in_which_watching_began_is_not_given_out() -> None:
    builder = CandleBuilder(since=1)
    builder.add(trade(5, "10"))
    assert builder.add(trade(MINUTE, "11")) is None
    assert [candle.open_time for candle in builder.close(2 * MINUTE)] == [MINUTE]
    whole = CandleBuilder(since=MINUTE)
    whole.add(trade(MINUTE, "11"))
    assert len(whole.close(2 * MINUTE)) == 1


def test_sums_are_exact() -> None:
    builder = CandleBuilder()
    for number in range(10):
        builder.add(trade(number, "0.1", "0.1", number=number))
    (candle,) = builder.close(MINUTE)
    assert (candle.volume, candle.quote_volume) == (1.0, 0.1)
