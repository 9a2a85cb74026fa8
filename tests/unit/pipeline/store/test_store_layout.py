"""The bytes of the market store."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pytest

from bot.ui.format import Formatter
from core.decimals import EXACT, ROUNDING
from people.person import Language
from pipeline.market import LATEST_MS, MarketInfo, SourceKind, Symbol, Tick
from pipeline.rules import LotSize, Notional, PercentPrice, PriceBounds, SymbolRules, TrailingDelta
from pipeline.store import codec
from tests.fakes.scripted_market import BTC, COIN, START, info_at, rules_of, tick


def decoded(raw: bytes | None, now: int = START):  # noqa: ANN201 - a quote or None
    return codec.decode_quote(BTC, raw, info_at(now), 0)


def test_a_tick_comes_back_as_the_same_quote() -> None:
    _, _, rest = codec.encode_ticks([tick(COIN, START)]).decode().partition(" ")
    quote = decoded(rest.rstrip("\n").encode(), START + 700)
    assert quote is not None
    assert (quote.time, quote.age_ms, quote.price) == (START, 700, Decimal("100.5"))
    assert (quote.bid, quote.bid_size, quote.ask, quote.ask_size) == (Decimal("100.4"), 2, Decimal("100.6"), 3)
    assert (quote.open_24h, quote.high_24h, quote.low_24h, quote.volume_24h) == (99, 101, 98, Decimal("1234.5"))


def test_what_the_source_does_not_know_falls_back_to_the_last_price_and_no_size() -> None:
    quote = decoded(b"%d 7.5        " % START)
    assert quote is not None
    assert (quote.bid, quote.ask, quote.bid_size, quote.ask_size) == (Decimal("7.5"), Decimal("7.5"), 0, 0)
    assert (quote.open_24h, quote.volume_24h, quote.change_24h) == (None, None, None)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"1 2",
        b"1 NaN        ",
        b"1 -1        ",
        b"1 0        ",
        b"1 Infinity        ",
        b"x 1        ",
        b"\xff",
        b"1 1e999999        ",
        b"1 sNaN        ",
        b"1" * 5000 + b" 1        ",
        b"%d 1        " % 10**30,
    ],
)
def test_a_damaged_quote_is_no_quote(raw: bytes) -> None:
    assert decoded(raw) is None


def test_no_price_is_younger_than_zero() -> None:
    quote = decoded(b"%d 7.5        " % (START + 5000))
    assert quote is not None
    assert quote.age_ms == 0


def test_a_price_of_the_future_that_would_never_become_stale_is_no_quote() -> None:
    assert decoded(b"%d 7.5        " % (START + 15_000)) is not None
    assert decoded(b"%d 7.5        " % (START + 15_001)) is None
    assert decoded(b"%d 7.5        " % 2**53) is None


@pytest.mark.parametrize(
    "broken",
    [Tick(Symbol("A B"), 1, "1"), Tick(BTC, 1, "1\n"), Tick(BTC, 1, "1 2"), Tick(Symbol("A\nB 1 1"), 1, "1")],
)
def test_a_tick_that_would_break_its_line_is_left_out_and_the_others_stay(broken: Tick) -> None:
    good = tick(BTC, START)
    assert codec.encode_ticks([good, broken, good]) == codec.encode_ticks([good, good])


def test_a_call_holds_the_newest_tick_of_each_symbol_and_the_points_before_it() -> None:
    first, second, third, other = tick(BTC, 1, "1"), tick(BTC, 2, "2"), tick(BTC, 3, "3"), tick(COIN, 1)
    (call,) = codec.calls((first, second, other, third), 1000)
    assert list(call.newest) == [third, other]
    assert call.counts.decode() == f"{BTC} 2\n"
    assert np.frombuffer(call.points, codec.POINT).tolist() == [(1, 1.0), (2, 2.0)]
    assert [list(call.newest) for call in codec.calls((first, other, second), 1)] == [[second], [other]]
    assert list(codec.calls((), 5)) == []


@pytest.mark.parametrize(
    "odd", [tick(BTC, 1, "2"), *(tick(BTC, 2, price) for price in ("0.00", "1e3", "-1", "1_0", "x", "", "\u0661"))]
)
def test_what_can_be_told_only_in_its_turn_is_called_in_its_turn(odd: Tick) -> None:
    first, third, other = tick(BTC, 1), tick(BTC, 3), tick(COIN, 1)
    assert list(codec.calls((first, odd, other, third), 1000))[0] == ([first, other], b"", b"")  # noqa: RUF015
    assert [tick for call in codec.calls((first, odd, other, third), 1000) for tick in call.newest] in (
        [first, other, odd, third],
        [first, other, third],
    )


def test_what_follows_an_odd_price_waits_for_its_turn() -> None:
    odd, third, other = tick(BTC, 1, "1e3"), tick(BTC, 3), tick(COIN, 1)
    assert [call.newest for call in codec.calls((odd, third, other), 1000)] == [[odd, other], [third]]


def test_of_several_ticks_those_at_the_end_that_would_break_their_line_are_left_out() -> None:
    first, second, broken = tick(BTC, 1), tick(BTC, 2), Tick(BTC, 3, "1", "9 9")
    (call,) = codec.calls((first, second, broken), 1000)
    assert call.newest == [second]


def test_a_ring_that_went_round_reads_oldest_first() -> None:
    ring = np.array([(40, 4.0), (20, 2.0), (30, 3.0)], codec.POINT)
    assert codec.decode_history(ring.tobytes()).tolist() == [(20, 2.0), (30, 3.0), (40, 4.0)]


def test_a_ring_that_is_not_full_has_only_its_points() -> None:
    ring = np.array([(10, 1.0), (20, 2.0), (0, 0.0)], codec.POINT)
    assert codec.decode_history(ring.tobytes()).tolist() == [(10, 1.0), (20, 2.0)]
    assert codec.decode_history(None).tolist() == []


def resting_rules(**changes: object) -> SymbolRules:
    rules = SymbolRules(
        Symbol("ETHUSDC"),
        "ETH",
        "USDC",
        price_bounds=PriceBounds(Decimal("0.01"), Decimal(0)),
        percent_price=PercentPrice(Decimal(5), Decimal("0.2"), Decimal(4), Decimal("0.3"), 1, "PERCENT_PRICE"),
        max_open_orders=200,
        max_algo_orders=5,
        trailing_delta=TrailingDelta(10, 2000, 20, 3000),
    )
    return replace(rules, **changes)


def test_rules_that_an_older_version_stored_have_no_rules_of_resting_orders() -> None:
    new = {"price_bounds", "percent_price", "max_open_orders", "max_algo_orders", "trailing_delta"}
    (entry,) = json.loads(codec.encode_rules([resting_rules()])[0])
    older = json.dumps([{name: value for name, value in entry.items() if name not in new}])
    assert codec.decode_rules(older.encode()) == [SymbolRules(Symbol("ETHUSDC"), "ETH", "USDC")]


@pytest.mark.parametrize(
    "changes",
    [
        {"price_bounds": PriceBounds(Decimal("NaN"), Decimal(0))},
        {"percent_price": PercentPrice(Decimal(5), Decimal("0.2"), Decimal("1e999"), Decimal("0.3"))},
        {"percent_price": PercentPrice(Decimal(5), Decimal("0.2"), Decimal(5), Decimal("0.3"), -1)},
        {"max_open_orders": -1},
        {"max_algo_orders": 2**60},
        {"trailing_delta": TrailingDelta(10, 2000, -20, 3000)},
    ],
)
def test_impossible_rules_of_resting_orders_are_refused(changes: dict[str, object]) -> None:
    raw, _ = codec.encode_rules([resting_rules(**changes)])
    with pytest.raises((ValueError, msgspec.DecodeError)):
        codec.decode_rules(raw)


def test_rules_come_back_as_they_were_and_their_version_tells_them_apart() -> None:
    lot = LotSize(Decimal("0.00001"), Decimal(9000), Decimal("0.00001"))
    rules = [
        SymbolRules(
            COIN, "币安人生", "USDC", "HALT", 2, 6, Decimal("0.0001"), lot, lot, Notional(Decimal(5), Decimal(0))
        ),
        resting_rules(),
        *rules_of("BTC"),
    ]
    raw, version = codec.encode_rules(rules)
    assert sorted(codec.decode_rules(raw), key=str) == sorted(rules, key=str)
    assert codec.encode_rules(rules[::-1]) == (raw, version)
    assert codec.encode_rules(rules[1:])[1] != version


def test_a_store_is_continued_only_by_the_same_market_whose_clock_has_not_gone_back() -> None:
    info = info_at(START)
    run = codec.StoreRun.of(info, 1000)
    stored = (codec.encode(run), codec.encode(info))
    assert codec.continues(*stored, run, info_at(START + 1))
    assert not codec.continues(*stored, run, info_at(START - 1))
    assert not codec.continues(*stored, codec.StoreRun.of(info, 2000), info)
    assert not codec.continues(*stored, codec.StoreRun.of(info_at(START, quote="USDT"), 1000), info)
    assert not codec.continues(None, None, run, info)


INFO = MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, START, START, label="SIMULATION", identity="model1")


@pytest.mark.parametrize("label", ["", "SIMULATION", "replay", "REPLAY", "REPLAY 2021-04-30"])
def test_the_labels_of_the_sources_are_read(label: str) -> None:
    info = msgspec.structs.replace(INFO, label=label)
    assert codec.decode_info(codec.encode(info)) == info


@pytest.mark.parametrize(
    "forged",
    [
        {"label": "SEND COINS TO x.example"},
        {"label": "SIMULATION of x.example"},
        {"label": "L" * 2_000_000},
        {"label": "REPLAY 2021-04-30\n"},
        {"quote_asset": "coins to x.example"},
        {"quote_asset": ""},
        {"quote_asset": "X\0"},
        {"identity": "x\0y"},
        {"identity": "y" * 100_000},
        {"why": "w" * 100_000},
        {"source_ms": 2**53},
        {"wall_ms": 2**53},
        {"stale_after_ms": 2**53},
        {"source_ms": -1},
        {"speed": 1e6},
        {"speed": -1},
    ],
    ids=lambda forged: str(forged)[:30],
)
def test_a_market_that_no_source_describes_is_refused(forged: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"out of bounds|is not one"):
        codec.decode_info(codec.encode(msgspec.structs.replace(INFO, **forged)))


def test_the_clock_of_a_market_is_at_a_possible_time_whatever_its_figures_make_of_it() -> None:
    for source_ms, wall_ms, speed in ((0, LATEST_MS, 100_000), (LATEST_MS, 0, 100_000), (0, LATEST_MS, 1.0)):
        info = msgspec.structs.replace(INFO, source_ms=source_ms, wall_ms=wall_ms, speed=speed)
        assert not info.runs(START)
        assert 0 <= info.now(START) <= LATEST_MS
    assert INFO.runs(START + 1000)
    assert INFO.now(START + 1000) == START + 1000


LOT = LotSize(Decimal("0.00001"), Decimal(9000), Decimal("0.00001"))
RULES = SymbolRules(BTC, "BTC", "USDC", "TRADING", 8, 8, Decimal("0.01"), LOT, LOT, Notional(Decimal(5), Decimal(0)))
TINY, HUGE = Decimal(1).scaleb(-20), Decimal(10) ** 19


@pytest.mark.parametrize(
    "forged",
    [
        {"tick_size": Decimal(0)},
        {"tick_size": Decimal(-1)},
        {"tick_size": TINY},
        {"last_price": Decimal(0)},
        {"last_price": HUGE},
        {"lot": LotSize(Decimal(-1), Decimal(0), Decimal(0))},
        {"market_lot": LotSize(Decimal(0), Decimal(0), Decimal(-1))},
        {"lot": LotSize(Decimal(0), HUGE, Decimal(0))},
        {"notional": Notional(Decimal(-1), Decimal(-5))},
        {"base_scale": 64},
        {"quote_scale": -1},
        {"quote_scale": 1},
        {"delisted_at": 2**53},
        {"status": "SEND COINS TO x.example"},
        {"status": ""},
    ],
    ids=str,
)
def test_rules_that_no_exchange_has_are_refused(forged: dict[str, Any]) -> None:
    raw, _ = codec.encode_rules([replace(RULES, **forged)])
    with pytest.raises(ValueError, match="out of bounds"):
        codec.decode_rules(raw)


@pytest.mark.parametrize("field", ["symbol", "base", "quote"])
@pytest.mark.parametrize("text", ["", "\x1b[2J", "coins to x.example", "A" * 101, "\0", "BTC\n"])
def test_a_symbol_whose_name_is_none_is_left_out(field: str, text: str) -> None:
    raw, _ = codec.encode_rules([replace(RULES, **{field: text}), RULES])
    assert codec.decode_rules(raw) == [RULES]


@pytest.mark.parametrize("figure", ["9" * 20, "0." + "0" * 19 + "1", "1e64", "1e-63"])
def test_a_price_of_more_digits_than_sums_can_hold_is_no_quote(figure: str) -> None:
    assert decoded(b"%d %s 1 1 1 1 1 1 1 1" % (START, figure.encode())) is None


def test_any_two_figures_of_a_quote_can_be_multiplied_and_divided() -> None:
    texts = ["9" * 19, "0." + "0" * 18 + "1", "9" * 19 + "." + "9" * 19]
    for one in texts:
        for other in texts:
            quote = decoded(b"%d %s %s 1 %s 1 1 1 1 1" % (START, one.encode(), other.encode(), other.encode()))
            assert quote is not None
            EXACT.multiply(quote.price, quote.bid)
            ROUNDING.remainder(quote.price, quote.bid)
            assert Formatter(Language.ENGLISH, "UTC").price(quote.price, quote.bid)
