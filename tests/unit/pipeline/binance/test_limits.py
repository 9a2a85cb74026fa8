"""What Binance allows, and which of its symbols are followed."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest
from pydantic import ValidationError

from pipeline.binance.connect_limit import ConnectLimit
from pipeline.binance.connections import BOOK, KLINE, TRADES, Connections
from pipeline.binance.exchange_info import ExchangeInfo
from pipeline.binance.request_weight import BACKGROUND_SHARE, RAW_REQUESTS, WEIGHT, RateLimit, RequestBudget
from pipeline.binance.stream import MAX_STREAMS, MarketStream
from pipeline.binance.symbol_set import SymbolSet
from pipeline.delisting import MOST_SYMBOLS
from pipeline.market import MINUTE_MS, Symbol
from pipeline.rules import UNREADABLE, SymbolRules
from pipeline.settings import BinanceSettings

A_MINUTE = RateLimit(WEIGHT, "MINUTE", 1, 100)
FIVE_MINUTES = RateLimit(RAW_REQUESTS, "MINUTE", 5, 10)


def budget(*limits: RateLimit) -> RequestBudget:
    kept = RequestBudget()
    kept.set_limits(limits)
    return kept


# -- requests --------------------------------------------------------------------------------------


def test_weight_is_spent_up_to_nine_tenths_and_there_again_in_the_next_window() -> None:
    kept = budget(A_MINUTE)
    assert kept.spend(90, MINUTE_MS - 1)
    assert not kept.spend(1, MINUTE_MS - 1)
    assert kept.spend(90, MINUTE_MS)


def test_what_can_wait_leaves_half() -> None:
    kept = budget(A_MINUTE)
    assert kept.spend(50, 0, BACKGROUND_SHARE)
    assert not kept.spend(1, 0, BACKGROUND_SHARE)
    assert kept.spend(40, 0)


def test_every_limit_counts_each_in_its_own_unit() -> None:
    kept = budget(A_MINUTE, FIVE_MINUTES)
    assert all(kept.spend(1, minute * MINUTE_MS) for minute in range(4) for _ in range(2))
    assert kept.spend(1, 4 * MINUTE_MS)
    assert not kept.spend(1, 4 * MINUTE_MS)
    assert kept.spend(1, 5 * MINUTE_MS)


def test_an_answer_says_what_others_have_used() -> None:
    kept = budget(A_MINUTE)
    kept.note({"X-MBX-USED-WEIGHT-1M": "80"}, 5)
    assert kept.left(5) == 10
    kept.note({"X-MBX-USED-WEIGHT-1M": "3"}, 6)
    assert not kept.spend(11, 6)
    kept.note({"X-MBX-USED-WEIGHT-1M": "much"}, 7)
    assert kept.spend(10, 7)


def test_new_limits_do_not_forget_what_was_used() -> None:
    kept = budget(A_MINUTE)
    assert kept.spend(60, 0)
    kept.set_limits((RateLimit(WEIGHT, "MINUTE", 1, 50),))
    assert not kept.spend(1, 0)
    kept.set_limits(())
    assert kept.left(0) > 5_000


async def test_whoever_is_one_connection_too_many_waits() -> None:
    gate, loop = ConnectLimit(max_connects=3, window_seconds=0.3), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(3):
        await gate.acquire()
    assert loop.time() - began < 0.2
    await asyncio.gather(gate.acquire(), gate.acquire())
    assert 0.3 <= loop.time() - began < 0.6


# -- symbols ---------------------------------------------------------------------------------------


def info(*rules: tuple[str, str, str, str]) -> ExchangeInfo:
    return ExchangeInfo(0, (), tuple(SymbolRules(Symbol(s), b, q, status) for s, b, q, status in rules))


LISTED = info(
    ("BTCUSDC", "BTC", "USDC", "TRADING"),
    ("ETHUSDC", "ETH", "USDC", "BREAK"),
    ("ABCUSDC", "ABCUS", "DC", "TRADING"),
    ("BTCUSDT", "BTC", "USDT", "TRADING"),
)


@pytest.mark.parametrize(
    ("assets", "followed", "trading"),
    [
        ("", {"BTCUSDC", "ETHUSDC"}, {"BTCUSDC"}),
        ("USDT", {"BTCUSDC", "ETHUSDC", "BTCUSDT"}, {"BTCUSDC", "BTCUSDT"}),
        ("*", {"BTCUSDC", "ETHUSDC", "ABCUSDC", "BTCUSDT"}, {"BTCUSDC", "ABCUSDC", "BTCUSDT"}),
    ],
)
def test_symbols_count_by_their_quote_asset_and_not_by_their_ending(
    assets: str, followed: set[str], trading: set[str]
) -> None:
    listing = SymbolSet(BinanceSettings(quote_assets=assets).quotes("USDC"))
    listing.take(LISTED, 1)
    assert (set(listing.rules), set(listing.trading)) == (followed, trading)


def test_quote_assets_that_are_none_are_refused() -> None:
    assert BinanceSettings(quote_assets="USDT, FDUSD").quotes("USDC") == {"USDC", "USDT", "FDUSD"}
    for wrong in ("usdt", "USDT,", "*,USDT", "US DT"):
        with pytest.raises(ValidationError):
            BinanceSettings(quote_assets=wrong)


def test_what_changed_is_told() -> None:
    listing = SymbolSet(None)
    assert listing.take(LISTED, 1) == []
    changes = listing.take(info(("BTCUSDC", "BTC", "USDC", "HALT"), ("NEWUSDC", "NEW", "USDC", "TRADING")), 2)
    assert changes[:1] == ["ABCUSDC is no longer listed"]
    assert changes[1:2] == ["BTCUSDC went from TRADING to HALT"]
    assert changes[-1:] == ["NEWUSDC is listed: TRADING"]


def test_an_unreadable_symbol_keeps_its_rules_and_halts() -> None:
    listing = SymbolSet(frozenset(("USDC",)))
    listing.take(LISTED, 1)
    damaged = ExchangeInfo(0, (), (), frozenset(map(Symbol, ("BTCUSDC", "BTCUSDT", "NEWUSDC"))))
    listing.take(damaged, 2)
    kept = {symbol: (rules.base, rules.status) for symbol, rules in listing.rules.items()}
    assert kept == {"BTCUSDC": ("BTC", "HALT"), "NEWUSDC": ("", UNREADABLE)}
    assert not listing.trading
    assert not listing.is_news(Symbol("NEWUSDC"))
    listing.take(LISTED, 3)
    assert listing.trading == {"BTCUSDC"}


def test_an_answer_that_lacks_many_symbols_takes_none_away() -> None:
    many = [(f"C{number}USDC", f"C{number}", "USDC", "TRADING") for number in range(100)]
    listing = SymbolSet(frozenset(("USDC",)))
    listing.take(info(*many), 1)
    changes = listing.take(info(*many[:89], ("NEWUSDC", "NEW", "USDC", "TRADING")), 2)
    assert changes == ["11 symbols are missing from the answer and are kept", "NEWUSDC is listed: TRADING"]
    assert len(listing.trading) == 101
    listing.take(info(*many[:95], ("NEWUSDC", "NEW", "USDC", "TRADING")), 3)
    assert len(listing.trading) == 96


def test_symbols_that_are_kept_over_many_answers_are_bounded() -> None:
    listing = SymbolSet(None)
    first = [(f"C{number}USDC", f"C{number}", "USDC", "TRADING") for number in range(15_000)]
    listing.take(info(*first), 1)
    for turn in range(2, 5):
        other = [(f"T{turn}N{number}USDC", f"N{number}", "USDC", "TRADING") for number in range(15_000)]
        lines = listing.take(info(*other), turn)
        assert len(lines) < 200
    assert len(listing.rules) == MOST_SYMBOLS
    assert {Symbol(name) for name, *_ in first} <= listing.rules.keys()


def test_a_symbol_never_heard_of_is_news_once() -> None:
    listing = SymbolSet(frozenset(("USDC",)))
    listing.take(LISTED, 1)
    assert not listing.is_news(Symbol("BTCUSDT"))
    assert [listing.is_news(Symbol("NEWUSDC")) for _ in range(3)] == [True, False, False]
    assert sum(listing.is_news(Symbol(f"X{n}")) for n in range(5_000)) < 1_001


class StreamStub:
    """Stands for a connection; notes whether it was asked to renew itself."""

    def __init__(self) -> None:
        self.renewals = 0

    def renew(self) -> None:
        self.renewals += 1


class Opened:
    """The connections that were opened, with what each asks for."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.asks: list[object] = []
        self.stubs: list[StreamStub] = []
        self.connections = Connections(kinds, self._open)

    def _open(self, names: object) -> MarketStream:
        self.asks.append(names)
        self.stubs.append(StreamStub())
        return cast(MarketStream, self.stubs[-1])

    def names(self) -> list[list[str]]:
        return [ask() for ask in self.asks if callable(ask)]


def symbols(count: int) -> frozenset[Symbol]:
    return frozenset(Symbol(f"C{number}USDC") for number in range(count))


@pytest.mark.parametrize(("kinds", "connections"), [((BOOK, KLINE), 6), ((BOOK, KLINE, TRADES), 9)])
def test_three_thousand_symbols_share_connections_within_the_limit(kinds: Sequence[str], connections: int) -> None:
    opened = Opened(kinds)
    opened.connections.follow(symbols(3_000))
    names = opened.names()
    assert len(names) == connections
    assert max(map(len, names)) < MAX_STREAMS
    assert len({name for each in names for name in each}) == 3_000 * len(kinds)


def test_a_listing_renews_the_connection_that_has_room_and_a_halt_none() -> None:
    opened = Opened((BOOK, KLINE))
    opened.connections.follow(symbols(600))
    opened.names()
    opened.connections.follow(symbols(601))
    assert [stub.renewals for stub in opened.stubs] == [0, 1]
    opened.names()
    opened.connections.follow(symbols(590))
    opened.connections.follow(symbols(601))
    assert [stub.renewals for stub in opened.stubs] == [0, 1]


def test_what_no_longer_trades_is_not_asked_for_again_and_makes_room() -> None:
    opened = Opened((BOOK, KLINE))
    opened.connections.follow(symbols(511))
    opened.names()
    fewer = symbols(500)
    opened.connections.follow(fewer)
    assert [len(names) for names in opened.names()] == [1_000]
    opened.connections.follow(fewer)
    opened.connections.follow(fewer | {Symbol("NEWUSDC")})
    assert len(opened.asks) == 1
    assert len(opened.names()[0]) == 1_002


def test_symbols_that_come_and_go_leave_no_connections_behind() -> None:
    opened = Opened((BOOK, KLINE))
    for turn in range(20):
        opened.connections.follow(frozenset(Symbol(f"T{turn}N{number}USDC") for number in range(1_000)))
        assert all(len(names) <= MAX_STREAMS for names in opened.names())
    assert len(opened.asks) == 2
