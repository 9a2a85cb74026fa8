"""Mean imbalance of the best quotes of a minute."""

import pytest

from pipeline.binance.quote_imbalance import MIN_SAMPLES, QuoteImbalance
from pipeline.market import MINUTE_MS, Candle, Symbol, Tick

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
START = 1_617_647_640_000


def tick(bid_size: str, ask_size: str, symbol: Symbol = BTC) -> Tick:
    return Tick(symbol, START, "10", "9", bid_size, "11", ask_size)


def candle(minute: int = 0, symbol: Symbol = BTC) -> Candle:
    return Candle(symbol, START + minute * MINUTE_MS, 1.0, 1.0, 1.0, 1.0, 0.0)


def means(imbalance: QuoteImbalance, *candles: Candle) -> list[float | None]:
    return [each.quote_imbalance for each in imbalance.completed(candles)]


def test_the_mean_is_over_time() -> None:
    imbalance = QuoteImbalance()
    for second in range(60):
        sizes = ("3", "1") if second < 30 else ("1.0", "4.0")
        for _ in range(20 if second < 30 else 1):  # however many frames there are
            imbalance.sample([tick(*sizes)], START + second * 1000)
    assert means(imbalance, candle(), candle(1), candle(0, ETH)) == [pytest.approx((0.5 - 0.6) / 2), None, None]


def test_a_minute_that_was_seen_in_part_has_no_mean() -> None:
    imbalance = QuoteImbalance()
    for number in range(MIN_SAMPLES):
        imbalance.sample([tick("1", "3")], START + 10_000 + number * 5000)
        assert means(imbalance, candle()) == [None if number < MIN_SAMPLES - 1 else -0.5]


def test_an_empty_side_is_no_size_and_no_quotes_are_no_sample() -> None:
    imbalance = QuoteImbalance()
    for number in range(12):
        imbalance.sample([tick("2", ""), tick("", "", ETH)], START + number * 5000)
    assert means(imbalance, candle(), candle(0, ETH)) == [1.0, None]


def test_late_candles_have_their_own_minutes_mean_and_old_minutes_are_dropped() -> None:
    imbalance = QuoteImbalance()
    for number in range(12 * 7):
        imbalance.sample([tick("3", "1") if number < 24 else tick("1", "3")], START + number * 5000)
    assert means(imbalance, *map(candle, range(7))) == [None, None, -0.5, -0.5, -0.5, -0.5, -0.5]


def test_a_clock_that_was_set_back_stops_no_samples() -> None:
    imbalance = QuoteImbalance()
    imbalance.sample([tick("1", "1")], START + 100 * MINUTE_MS)
    for number in range(12):
        imbalance.sample([tick("3", "1")], START + number * 5000)
    assert means(imbalance, candle()) == [0.5]
