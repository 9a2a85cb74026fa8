"""Stress tests: replays with the returns of then, shocks, and coins that were not there."""

import numpy as np
import pandas as pd
import pytest

from pipeline.market import Symbol
from tests.paths import PROJECT
from trading.risk.episodes import KNOWN, MEDIAN, WINDOWS, Episode, stand_in
from trading.risk.stress import Scenario, StressedCoin, sold_out, stop_fires, stress, undiversified_var

DATA = PROJECT.parent / "shared" / "data"
RECORDINGS = {
    Episode.APRIL_2021: "klines_1m_spot_64sym_20210402_20210420.parquet",
    Episode.NOVEMBER_2022: "klines_1m_spot_250sym_20221108_20221109.parquet",
    Episode.OCTOBER_2025: "klines_1h_68sym_20251001_20251231.parquet",
}
NEW = StressedCoin(Symbol("NEWUSDC"), "NEW", 100.0, 2.0, None)
BTC = StressedCoin(Symbol("BTCUSDC"), "BTC", 100.0, 1.0, 0.03)
FROZEN = "FTT"
"""Its contract traded no more in 2025, at a frozen price."""


@pytest.mark.skipif(not DATA.exists(), reason="the recordings are not part of a clone")
@pytest.mark.parametrize("episode", list(Episode))
def test_the_returns_are_those_of_the_recordings(episode: Episode) -> None:
    begins, ends = (pd.Timestamp(text, tz="UTC").value // 1_000_000 for text in WINDOWS[episode])
    bounds = [("open_time", ">=", begins), ("open_time", "<", ends)]
    columns = ["symbol", "open_time", "open", "low", "close"]
    candles = pd.read_parquet(DATA / RECORDINGS[episode], columns=columns, filters=bounds).sort_values("open_time")
    found = {}
    for symbol, rows in candles.groupby("symbol"):
        if rows.open_time.iloc[0] == begins:
            start = rows.open.iloc[0]
            base = str(symbol).removesuffix("USDT").removeprefix("1000")
            found[base] = (rows.low.min() / start - 1, rows.close.iloc[-1] / start - 1)
    if episode is Episode.OCTOBER_2025:
        del found[FROZEN]
    for base, then in KNOWN[episode].items():
        assert (then.low, then.end) == pytest.approx(found[base], abs=0.0051), base
    median = np.median(list(found.values()), axis=0)
    assert (MEDIAN[episode].low, MEDIAN[episode].end) == pytest.approx(median, abs=0.0051)


def test_a_replay_moves_coins_as_then_and_estimates_the_others() -> None:
    result = stress(Scenario.OCTOBER_2025, 50.0, [BTC, NEW])
    then = KNOWN[Episode.OCTOBER_2025]["BTC"]
    known, estimated = result.positions
    assert (known.low, known.end, known.estimated) == (100 * (1 + then.low), 100 * (1 + then.end), False)
    assert estimated.end == pytest.approx(100 * (1 + 2 * then.end))
    assert estimated.estimated
    assert result.equity == 250
    assert result.left == pytest.approx(50 + known.end + estimated.end)
    assert result.change == pytest.approx(result.left / 250 - 1)
    assert stand_in(Episode.OCTOBER_2025, None) == MEDIAN[Episode.OCTOBER_2025]
    assert stand_in(Episode.OCTOBER_2025, 50.0).end == -1
    rising = stand_in(Episode.OCTOBER_2025, -1.0)
    assert rising.low <= rising.end


def test_shocks_and_falling_together() -> None:
    assert stress(Scenario.FALL_20, 0.0, [BTC]).change == pytest.approx(-0.2)
    assert stress(Scenario.FALL_50, 100.0, [BTC]).change == pytest.approx(-0.25)
    together = stress(Scenario.TOGETHER, 0.0, [BTC, NEW])
    assert together.positions[0].end == pytest.approx(100 * (1 - 2.3263479 * 0.03))
    assert (together.positions[1].end, together.positions[1].estimated) == (100, True)
    assert stress(Scenario.FALL_50, 0.0, []).change == 0


def test_the_undiversified_var_is_that_of_perfect_correlation() -> None:
    weights, volatilities = np.array([0.5, 0.3]), np.array([0.02, 0.05])
    covariance = np.outer(volatilities, volatilities)
    expected = 1.6448536 * np.sqrt(weights @ covariance @ weights)
    assert undiversified_var(weights, volatilities, 0.95) == pytest.approx(expected)


def test_what_finds_no_buyer_brings_nothing_and_unknown_books_change_nothing() -> None:
    result = sold_out(10.0, [BTC, NEW], {BTC.symbol: 40.0})
    assert [(each.end, each.estimated) for each in result.positions] == [(40.0, False), (100.0, True)]
    assert result.left == 150


def test_a_stop_fires_between_the_price_and_the_lowest() -> None:
    assert [stop_fires(trigger, 100.0, 80.0) for trigger in (95.0, 80.0, 100.0)] == [True] * 3
    assert [stop_fires(trigger, 100.0, 80.0) for trigger in (79.9, 101.0)] == [False] * 2
