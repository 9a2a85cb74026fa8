"""Missing minutes and broken candles."""

from math import inf, nan

import msgspec
import pytest

from pipeline.archive.candle_history import merge
from pipeline.archive.gaps import best_of_each, find_gaps, sound, spans
from pipeline.archive.postgres import CandleBucket
from tests.fakes.scripted_market import BTC, ETH, minute

M = 60_000


@pytest.mark.parametrize(
    ("there", "gaps"),
    [
        ([], [(0, 5 * M)]),
        ([0, M, 2 * M, 3 * M, 4 * M], []),
        ([0, M, 4 * M], [(2 * M, 4 * M)]),
        ([M, 3 * M], [(0, M), (2 * M, 3 * M), (4 * M, 5 * M)]),
        ([-M, 0, 5 * M, 6 * M], [(M, 5 * M)]),
    ],
)
def test_gaps_are_the_longest_spans_that_nothing_covers(there: list[int], gaps: list[tuple[int, int]]) -> None:
    assert find_gaps(there, 0, 5 * M) == gaps


def test_an_empty_span_has_no_gaps() -> None:
    assert find_gaps([], M, M) == []


def test_spans_cover_everything_once_and_none_is_too_long() -> None:
    assert spans(0, 10, 4) == [(0, 4), (4, 8), (8, 10)]
    assert spans(0, 0, 4) == []


@pytest.mark.parametrize(
    "change",
    [
        {"open": nan}, {"high": inf}, {"low": 0.0}, {"low": -1.0}, {"low": 100.5}, {"high": 99.5}, {"close": 102.0},
        {"volume": -1.0}, {"volume": nan}, {"volume": 1.1e17}, {"high": 1.1e15}, {"low": 1e-16},
        {"quote_volume": 1.7e308}, {"quote_volume": inf}, {"trades": -1}, {"open_time": 1}, {"open_time": -M},
        {"open_time": 10**15 * 60}, {"symbol": ""}, {"symbol": "X" * 65},
        {"taker_volume": -0.1}, {"taker_volume": 1e9}, {"taker_volume": nan},
        {"quote_imbalance": 1.1}, {"quote_imbalance": -1.1}, {"quote_imbalance": nan},
    ],
)  # fmt: skip
def test_a_broken_candle_is_not_sound(change: dict[str, object]) -> None:
    assert sound(minute(BTC, 0))
    assert not sound(msgspec.structs.replace(minute(BTC, 0), **change))


def test_a_minute_without_trades_is_sound() -> None:
    assert sound(minute(BTC, 0, trades=0, volume=0.0))
    assert sound(msgspec.structs.replace(minute(BTC, 0, trades=0, volume=0.0), taker_volume=0.0, quote_imbalance=-1.0))


def test_of_two_versions_of_a_minute_the_one_with_more_trades_stays_whatever_the_order() -> None:
    full, part, other = minute(BTC, M, trades=9), minute(BTC, M, trades=2, volume=50), minute(ETH, 0)
    assert best_of_each([full, part, other]) == best_of_each([other, part, full]) == [other, full]


def test_the_same_candle_again_adds_order_flow_and_another_version_none() -> None:
    plain = minute(BTC, 0, trades=9)
    taken, quoted = (
        msgspec.structs.replace(plain, **flow) for flow in ({"taker_volume": 0.5}, {"quote_imbalance": 0.1})
    )
    both = msgspec.structs.replace(taken, quote_imbalance=0.1)
    for given in ([plain, taken, quoted], [quoted, taken, plain], [taken, plain, quoted]):
        assert best_of_each(given) == [both]
    assert best_of_each([plain, msgspec.structs.replace(taken, close=100.5)]) == [plain]
    better = minute(BTC, 0, trades=10)
    assert best_of_each([taken, better]) == best_of_each([better, taken]) == [better]


def test_a_complete_candle_of_the_archive_beats_the_sources_which_beats_an_incomplete_one() -> None:
    archived = [CandleBucket(minute(BTC, 0, 1e3), complete=True), CandleBucket(minute(BTC, M, 2e3), complete=False),
                CandleBucket(minute(BTC, 2 * M, 3e3), complete=False)]  # fmt: skip
    asked = [minute(BTC, 0, 7e3), minute(BTC, M, 8e3), minute(BTC, 3 * M, 9e3)]
    assert [c.close for c in merge(archived, asked)] == [1e3, 8e3, 3e3, 9e3]
