"""The simulated market: what its prices are like, and that they are a function of (seed, time)."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from core.decimals import is_multiple
from pipeline.candles import aggregate
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol, Tick
from pipeline.simulator.market import Market
from pipeline.simulator.universe import universe

DAY = 20_500  # some day in 2026
BEGINS = DAY * DAY_MS
NOON = BEGINS + DAY_MS // 2
BTC = Symbol("BTCUSDC")


def open_market(seed: int = 7, count: int = 250, time: int = NOON) -> Market:
    market = Market(seed, universe(count, "USDC"))
    market.prepare(time)
    return market


@pytest.fixture(scope="module")
def market() -> Market:
    return open_market()


def minutes(market: Market, symbol: Symbol, day: int = DAY) -> list[Candle]:
    begins = day * DAY_MS
    halves = ((begins, begins + DAY_MS // 2), (begins + DAY_MS // 2, begins + DAY_MS))
    return [c for a, b in halves for c in market.candles(symbol, Interval.M1, a, b, begins + 2 * DAY_MS)]


def returns(market: Market, symbol: Symbol) -> np.ndarray:
    return np.diff(np.log([candle.close for candle in minutes(market, symbol)]))


# -- like a market -----------------------------------------------------------------------------


def test_the_busiest_markets_move_together(market: Market) -> None:
    symbols = [listing.symbol for listing in market.trading[:20]]
    correlation = np.corrcoef([returns(market, symbol) for symbol in symbols])
    assert np.median(correlation[np.triu_indices(20, 1)]) > 0.4


def test_every_ordinary_market_follows_the_market_factor_but_none_is_it(market: Market) -> None:
    moves = np.array([returns(market, listing.symbol) for listing in market.trading])
    scaled = moves / moves.std(axis=1, keepdims=True)
    ordinary = [i for i, listing in enumerate(market.trading) if listing.market_share > 0]
    factor = scaled[ordinary].mean(axis=0)
    correlation = np.array([np.corrcoef(factor, scaled[i])[0, 1] for i in ordinary])
    assert correlation.min() > 0.25
    assert correlation.max() < 0.95


def test_returns_have_fat_tails(market: Market) -> None:
    kurtosis = []
    for listing in market.trading[::10]:
        moves = returns(market, listing.symbol)
        kurtosis.append(np.mean((moves - moves.mean()) ** 4) / moves.var() ** 2 - 3)
    assert np.median(kurtosis) > 1.5
    assert np.mean(np.array(kurtosis) > 1) > 0.9


def test_volatility_comes_in_clusters(market: Market) -> None:
    def persistence(symbol: Symbol) -> float:
        size = np.abs(returns(market, symbol))
        return float(np.corrcoef(size[:-15], size[15:])[0, 1])

    assert np.median([persistence(listing.symbol) for listing in market.trading[::10]]) > 0.05


def test_spreads_widen_and_displayed_value_falls_with_rank(market: Market) -> None:
    ticks = market.ticks(NOON)
    middle = np.array([(float(t.bid) + float(t.ask)) / 2 for t in ticks])
    spread = np.array([float(t.ask) - float(t.bid) for t in ticks]) / middle * 10_000
    shown = np.array([float(t.bid_size) for t in ticks]) * middle
    rank = np.arange(len(ticks))
    assert spread[0] < 1
    assert np.median(spread[-20:]) > 25
    assert np.corrcoef(rank, np.argsort(np.argsort(spread)))[0, 1] > 0.8
    assert np.median(shown[:5]) > 10 * np.median(shown[-20:])


def test_turnover_falls_with_rank_and_follows_the_hour(market: Market) -> None:
    turnover = [float(tick.volume_24h) for tick in market.ticks(NOON)]
    assert turnover[0] > 100 * turnover[-1] > 0
    hours = market.candles(BTC, Interval.H1, BEGINS, BEGINS + DAY_MS, BEGINS + DAY_MS)
    volume = [hour.volume for hour in hours]
    assert sum(volume[12:18]) > 1.2 * sum(volume[0:6])


def test_prices_stay_near_the_level_they_return_to() -> None:
    market = open_market(count=20)
    for listing in market.trading:
        days = market.candles(listing.symbol, Interval.D1, BEGINS - 100 * DAY_MS, BEGINS, NOON)
        assert all(listing.price / 4 < day.close < listing.price * 4 for day in days)


def test_days_move_by_about_the_listings_volatility_and_together() -> None:
    market = open_market(count=6)
    moves = []
    for listing in market.trading:
        days = market.candles(listing.symbol, Interval.D1, BEGINS - 200 * DAY_MS, BEGINS, NOON)
        moves.append(np.diff(np.log([day.close for day in days])))
        assert 0.7 * listing.volatility < np.std(moves[-1]) < 1.4 * listing.volatility
    assert np.median(np.corrcoef(moves)[np.triu_indices(6, 1)]) > 0.4


# -- what is listed ----------------------------------------------------------------------------


def test_two_hundred_and_fifty_different_symbols_one_of_them_chinese_and_one_halted(market: Market) -> None:
    symbols = [listing.symbol for listing in market.listings]
    assert len(set(symbols)) == 250
    assert "币安人生USDC" in symbols
    halted = [listing.symbol for listing in market.listings if not listing.trading]
    assert len(halted) == 1
    assert halted[0] not in {tick.symbol for tick in market.ticks(NOON)}
    assert market.candles(halted[0], Interval.M1, BEGINS, NOON, NOON) == []
    assert not market.order_book(halted[0], NOON).asks
    assert len(market.ticks(NOON)) == 249


def test_the_quote_asset_is_not_listed_against_itself() -> None:
    assert "FDUSDFDUSD" not in {listing.symbol for listing in universe(250, "FDUSD")}


def test_rules_have_the_steps_of_real_markets() -> None:
    rules = {listing.symbol: listing.rules() for listing in universe(2, "USDC")}
    assert (rules[BTC].tick_size, rules[BTC].step) == (Decimal("0.01"), Decimal("0.00001"))
    assert rules[Symbol("ETHUSDC")].step == Decimal("0.0001")
    assert rules[BTC].notional.minimum == 5


def test_more_symbols_than_names_are_numbered() -> None:
    listings = universe(2000, "USDC")
    assert len({listing.symbol for listing in listings}) == 2000
    assert listings[-1].base.startswith("SIM")


# -- consistent in itself ----------------------------------------------------------------------


def day_ticks(market: Market, minute: int) -> list[tuple[Tick, ...]]:
    return [market.ticks(minute + second * 1000) for second in range(60)]


def test_a_minute_candle_says_what_the_ticks_of_the_minute_did(market: Market) -> None:
    for minute in (BEGINS, NOON, BEGINS + DAY_MS - MINUTE_MS):
        by_symbol = list(zip(*day_ticks(market, minute), strict=True))
        candles = list(market.closed_candles(minute))
        assert len(candles) == len(by_symbol) == 249
        for candle, ticks in zip(candles, by_symbol, strict=True):
            prices = [float(tick.price) for tick in ticks]
            assert candle.symbol == ticks[0].symbol
            assert (candle.open, candle.close) == (prices[0], prices[-1])
            assert (candle.high, candle.low) == (max(prices), min(prices))


def test_the_same_candle_comes_from_the_stream_and_from_asking(market: Market) -> None:
    for candle in list(market.closed_candles(NOON))[::25]:
        assert market.candles(candle.symbol, Interval.M1, NOON, NOON + 1, NOON + MINUTE_MS) == [candle]


@pytest.mark.parametrize("interval", [Interval.M5, Interval.H1, Interval.H4, Interval.D1])
def test_wide_candles_are_made_of_minutes(market: Market, interval: Interval) -> None:
    wide = market.candles(BTC, interval, BEGINS, BEGINS + DAY_MS, BEGINS + DAY_MS)
    assert wide == aggregate(minutes(market, BTC), interval, BEGINS + DAY_MS)
    assert len(wide) == DAY_MS // interval.ms


def test_only_closed_candles_in_the_asked_range_and_at_most_a_thousand(market: Market) -> None:
    now = NOON + 30_000
    last = market.candles(BTC, Interval.M5, NOON - 3_600_000, now + DAY_MS, now)[-1]
    assert last.open_time == NOON - 300_000
    some = market.candles(BTC, Interval.M5, NOON - 3_600_000 + 1, NOON - 3_000_000, now)
    assert [candle.open_time for candle in some] == [NOON - 3_300_000]
    assert len(market.candles(BTC, Interval.M1, BEGINS - DAY_MS, now, now)) == 1000
    assert market.candles(BTC, Interval.M1, NOON, BEGINS, now) == []
    assert market.candles(Symbol("NONEUSDC"), Interval.M1, BEGINS, NOON, now) == []


def test_a_day_goes_on_where_the_day_before_ended(market: Market) -> None:
    for listing in market.trading[:40]:
        yesterday, today = minutes(market, listing.symbol, DAY - 1)[-1], minutes(market, listing.symbol)[0]
        assert today.open == pytest.approx(yesterday.close, rel=0.01)


def test_prices_and_sizes_are_plain_text_in_whole_ticks_and_steps(market: Market) -> None:
    for tick, listing in zip(market.ticks(NOON + 7000), market.trading, strict=True):
        rules = listing.rules()
        texts = (tick.price, tick.bid, tick.ask, tick.high_24h, tick.low_24h, tick.open_24h)
        assert all(set(text) <= set("0123456789.") for text in (*texts, tick.bid_size, tick.ask_size, tick.volume_24h))
        assert all(is_multiple(Decimal(text), rules.tick_size) for text in texts)
        assert all(is_multiple(Decimal(text), rules.step) for text in (tick.bid_size, tick.ask_size))
        assert 0 < Decimal(tick.bid) < Decimal(tick.ask)
        assert Decimal(tick.bid) <= Decimal(tick.price) <= Decimal(tick.ask)
        assert Decimal(tick.bid_size) > 0 < Decimal(tick.ask_size)


def test_the_rolling_day_is_what_its_minutes_and_the_ticks_since_did(market: Market) -> None:
    time = NOON + 59_000
    for tick in market.ticks(time)[::50]:
        candles = [
            *market.candles(tick.symbol, Interval.M1, NOON - DAY_MS, NOON - DAY_MS // 2, time),
            *market.candles(tick.symbol, Interval.M1, NOON - DAY_MS // 2, NOON, time),
        ]
        now = market.candles(tick.symbol, Interval.M1, NOON, NOON + 1, NOON + MINUTE_MS)[0]
        assert len(candles) == 1440
        assert float(tick.open_24h) == candles[0].open
        assert float(tick.high_24h) == max(now.high, *(candle.high for candle in candles))
        assert float(tick.low_24h) == min(now.low, *(candle.low for candle in candles))
        assert float(tick.volume_24h) == pytest.approx(sum(candle.quote_volume for candle in candles), rel=0.01)


def test_the_rolling_extremes_hold_every_tick_of_the_minute_so_far(market: Market) -> None:
    for ticks in zip(*day_ticks(market, NOON), strict=True):
        highs, lows = [float(tick.high_24h) for tick in ticks], [float(tick.low_24h) for tick in ticks]
        prices = [float(tick.price) for tick in ticks]
        assert all(high >= max(prices[: i + 1]) for i, high in enumerate(highs))
        assert all(low <= min(prices[: i + 1]) for i, low in enumerate(lows))


def test_the_book_begins_with_the_tick_and_falls_away_from_it(market: Market) -> None:
    for tick, listing in zip(market.ticks(NOON + 5000), market.trading, strict=True):
        book = market.order_book(tick.symbol, NOON + 5000)
        rules = listing.rules()
        assert (str(book.bids[0].price), str(book.bids[0].quantity)) == (tick.bid, tick.bid_size)
        assert (str(book.asks[0].price), str(book.asks[0].quantity)) == (tick.ask, tick.ask_size)
        assert len(book.bids) == len(book.asks) == 20
        assert all(better.price > worse.price for better, worse in pairwise(book.bids))
        assert all(better.price < worse.price for better, worse in pairwise(book.asks))
        levels = (*book.bids, *book.asks)
        assert all(is_multiple(level.price, rules.tick_size) for level in levels)
        assert all(is_multiple(level.quantity, rules.step) for level in levels)
        assert all(level.price > 0 < level.quantity for level in levels)


# -- a function of (seed, time) ----------------------------------------------------------------


def test_the_same_seed_gives_the_same_market_and_another_seed_another() -> None:
    assert open_market(seed=3, count=20).ticks(NOON) == open_market(seed=3, count=20).ticks(NOON)
    ours, others = open_market(seed=3, count=20).ticks(NOON), open_market(seed=4, count=20).ticks(NOON)
    assert all(our.price != other.price for our, other in zip(ours, others, strict=True) if our.symbol == BTC)
    assert ours != others


def test_a_market_opened_days_later_is_the_one_that_went_on() -> None:
    stayed = open_market(count=20, time=BEGINS - 2 * DAY_MS)
    for day in range(-1, 2):
        stayed.prepare(BEGINS + day * DAY_MS)
    restarted = open_market(count=20)
    assert restarted.ticks(NOON) == stayed.ticks(NOON)
    assert restarted.order_book(BTC, NOON) == stayed.order_book(BTC, NOON)
    assert minutes(restarted, BTC, DAY - 1) == minutes(stayed, BTC, DAY - 1)


def test_asking_for_one_symbol_gives_what_all_of_them_give_to_the_last_bit(market: Market) -> None:
    alone = Market(7, market.listings)
    for listing in market.trading[::30]:
        assert minutes(alone, listing.symbol) == minutes(market, listing.symbol)


def test_more_symbols_change_no_one_elses_prices(market: Market) -> None:
    fewer = open_market(count=20)
    assert fewer.ticks(NOON) == market.ticks(NOON)[:20]


@pytest.mark.parametrize("time", [0, 1_000, 4_102_444_800_000])
def test_there_is_a_market_at_any_time(time: int) -> None:
    assert len(open_market(count=5, time=time).ticks(time)) == 5


def test_days_gone_by_are_forgotten() -> None:
    market = open_market(count=3)
    market.prepare(NOON + DAY_MS)
    market.forget(NOON + DAY_MS)
    assert not market.ready(NOON)
    assert market.ready(NOON + DAY_MS)
