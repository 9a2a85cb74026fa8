"""Which points the archive has, and candles made of those it has not."""

import numpy as np

from pipeline.archive.gaps import sound
from pipeline.archive.store_points import Points, candles_of, minutes_missing
from pipeline.market import Candle
from pipeline.store import codec
from tests.fakes.scripted_market import BTC

M = 60_000


def points(*at: tuple[int, float]) -> Points:
    return np.array(list(at), codec.POINT)


def test_a_point_is_archived_when_the_candle_of_its_minute_is() -> None:
    found = points((M + 5, 1.0), (M + 9, 2.0), (2 * M + 1, 3.0), (4 * M + 1, 3.0))
    assert minutes_missing(found, set()) == [M, 2 * M, 4 * M]
    assert minutes_missing(found, {M, 4 * M}) == [2 * M]
    assert minutes_missing(found, {M, 2 * M, 4 * M}) == []
    assert minutes_missing(points(), set()) == []


def test_the_close_of_an_archived_minute_is_archived() -> None:
    closes = points((M, 1.0), (2 * M, 2.0), (3 * M, 3.0))
    assert minutes_missing(closes, {0, M, 2 * M}) == []
    assert minutes_missing(closes, {0, M}) == [3 * M]
    assert minutes_missing(points((3 * M, 3.0), (3 * M + 1000, 4.0)), {2 * M}) == [3 * M]


def test_a_candle_from_points_holds_their_extremes_and_claims_no_trades() -> None:
    found = points((M, 2.0), (M + 10, 5.0), (M + 20, 1.0), (M + 30, 3.0), (2 * M, 9.0))
    assert candles_of(BTC, found, [M]) == [Candle(BTC, M, 2.0, 5.0, 1.0, 3.0, 0.0)]
    assert all(map(sound, candles_of(BTC, found, [M, 2 * M])))
