"""Events that frames tell: trades, last prices that are news, and quotes, by time."""

from decimal import Decimal

from pipeline.market import Symbol, Tick, Trade
from trading.orders.effects import BestQuote, MarketTrade, PathStep
from trading.workers.market_events import TRADED_MS, MarketEvents

BTC = Symbol("BTCUSDC")
D = Decimal


def tick(time: int, price: str, bid: str = "99", ask: str = "101") -> Tick:
    return Tick(BTC, time, price, bid, "2", ask, "3")


def trade(time: int, price: str, number: int, quantity: str = "1") -> Trade:
    return Trade(BTC, time, price, quantity, number)


def quote(time: int) -> BestQuote:
    return BestQuote(time, D(99), D(2), D(101), D(3))


def test_the_first_price_has_no_size() -> None:
    events = MarketEvents()
    assert events.read((), [tick(1, "100")]) == [MarketTrade(1, D(100), D(0)), quote(1)]


def test_a_changed_price_is_a_trade_of_unknown_size() -> None:
    events = MarketEvents()
    events.read((), [tick(1, "100")])
    assert events.read((), [tick(2, "98")]) == [MarketTrade(2, D(98), None), quote(2)]


def test_an_unchanged_price_is_no_event() -> None:
    events = MarketEvents()
    events.read((), [tick(1, "100")])
    assert events.read((), [tick(2, "100.0")]) == [quote(2)]


def test_trades_come_by_time_and_before_the_quote() -> None:
    events = MarketEvents()
    found = events.read((trade(5, "98", 2), trade(3, "99", 1)), [tick(5, "98")])
    assert found == [MarketTrade(3, D(99), D(1)), MarketTrade(5, D(98), D(1)), quote(5)]


def test_a_last_price_beside_trades_has_no_size() -> None:
    events = MarketEvents()
    events.read((trade(1, "99", 1),), [tick(1, "99")])
    assert events.read((), [tick(2, "97")])[0] == MarketTrade(2, D(97), D(0))
    assert events.read((), [tick(1 + TRADED_MS, "96")])[0] == MarketTrade(1 + TRADED_MS, D(96), None)


def test_a_repeated_trade_is_read_once() -> None:
    events = MarketEvents()
    events.read((trade(1, "99", 7), trade(1, "99", 8)))
    found = events.read((trade(1, "99", 8), trade(2, "98", 9)))
    assert found == [MarketTrade(2, D(98), D(1))]


def test_ids_that_begin_again_are_read() -> None:
    events = MarketEvents()
    events.read((trade(1, "99", 7),))
    assert events.read((trade(2, "98", 1),)) == [MarketTrade(2, D(98), D(1))]


def test_crossed_quotes_and_odd_numbers_are_no_events() -> None:
    events = MarketEvents()
    events.read((), [tick(1, "100")])
    assert list(events.read((trade(2, "NaN", 1), trade(2, "1e3", 2)), [tick(2, "100", "102", "101")])) == []
    assert list(events.read((), [tick(3, "100", "", "101")])) == []


def test_a_trade_along_a_path_shows_what_the_quote_before_displayed() -> None:
    events = MarketEvents()
    events.read((), [Tick(BTC, 1, "100", "100", "7", "100", "7")])
    path = (Trade(BTC, 1, "99", "1", 1, "99"), Trade(BTC, 20, "98", "1", 20, "99"))
    found = events.read(path, [Tick(BTC, 60, "98", "98", "4", "98", "4")])
    assert [each.path for each in found if isinstance(each, MarketTrade)] == [
        PathStep(D(99), D(7)),
        PathStep(D(99), D(7)),
    ]
    later = Trade(BTC, 80, "97", "1", 80, "98")
    assert events.read((later,)) == [MarketTrade(80, D(97), D(1), PathStep(D(98), D(4)))]


def test_a_path_does_not_come_from_a_trade_that_was_held_back() -> None:
    events = MarketEvents()
    events.read((Trade(BTC, 1, "100", "1", 1, "100"),), [tick(1, "100")])
    (found,) = events.read((Trade(BTC, 40, "101", "1", 40, "3"),))
    assert found == MarketTrade(40, D(101), D(1), PathStep(D(101), D(2)))


def test_of_several_ticks_each_follows_its_own_trades() -> None:
    """A replay at high speed has several closes in a frame."""
    events = MarketEvents()
    ticks = [
        Tick(BTC, time, price, price, size, price, size) for time, price, size in ((60, "98", "4"), (120, "97", "5"))
    ]
    trades = [
        Trade(BTC, time, price, "1", time, price) for time, price in ((20, "98"), (60, "98"), (80, "97"), (140, "9"))
    ]
    found = events.read(trades, ticks)
    assert [each.time for each in found] == [20, 60, 60, 80, 120, 140]
    sizes = [each.path.displayed for each in found if isinstance(each, MarketTrade) and each.path is not None]
    assert sizes == [0, 0, 4, 5]
