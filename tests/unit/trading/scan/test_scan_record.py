"""The record of signals: effects that are there are found, and those that are not are not, at the stated rate."""

from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.candles import Floats
from pipeline.market import Interval
from tests.unit.trading.scan.markets import END, HOURS, candles_of, records_of, walks
from trading.scan.outcomes import HORIZONS, outcomes
from trading.scan.record import SignalEdge, SignalTally, signal_records
from trading.scan.signals import SignalKind, SignalOutcome, signal_runs

SEEDS = 20
TOLERATED = 3
"""Of 20 markets without an effect, 1 is called one on average, and more than 3 in one of 63 such tests."""


def planted(seed: int, drift: float = 0.0012) -> Iterator[dict[str, Floats]]:
    """Yields coins that go on rising for a day after they broke out."""
    random = np.random.default_rng(seed)
    for candles in walks(seed):
        moves = np.diff(np.log(candles["close"]), prepend=np.log(100.0))
        closes, level = [100.0] * 21, 0.0
        for hour, move in enumerate(moves):
            if closes[-1] > max(closes[-21:-1]) * 1.004:
                level = 24.0
            moves[hour] = move + (drift if level > 0 else 0.0)
            closes.append(closes[-1] * float(np.exp(moves[hour])))
            level -= 1
        yield candles_of(moves, random)


def test_a_market_of_chance_has_no_edge_at_the_stated_rate() -> None:
    wrong = 0
    for seed in range(SEEDS):
        records = records_of(walks(seed))
        assert all(each.edge is not SignalEdge.FEW for each in records.values())
        wrong += any(each.edge is not SignalEdge.NONE for each in records.values())
    assert wrong <= TOLERATED


def test_a_planted_breakout_is_found_and_better_than_the_base() -> None:
    found = records_of(planted(1))[SignalKind.BREAKOUT]
    assert found.edge is SignalEdge.BETTER
    assert found.rate is not None
    assert found.base is not None
    assert found.low is not None
    assert found.rate > found.low > found.base


def test_the_same_coin_many_times_proves_no_more() -> None:
    one = next(walks(4))
    alone, often = (records_of(iter([one] * times))[SignalKind.BREAKOUT] for times in (1, 10))
    assert often.count == 10 * alone.count
    assert often.clusters == alone.clusters
    assert (often.low, often.high, often.p_value) == pytest.approx((alone.low, alone.high, alone.p_value))


def test_outcomes_begin_with_the_next_open() -> None:
    candles = next(walks(2))
    horizon = HORIZONS[Interval.H1]
    came = outcomes(candles, horizon)[SignalOutcome.RISE]
    for hour in (0, 500, HOURS - horizon - 1):
        assert came[hour] == (candles["close"][hour + horizon] > candles["open"][hour + 1])
    assert np.isnan(came[HOURS - horizon :]).all()
    for factor, expected in ((2.0, 0.0), (0.5, 1.0)):
        gapped = {**candles, "open": candles["open"] * np.where(np.arange(HOURS) == 501, factor, 1.0)}
        assert outcomes(gapped, horizon)[SignalOutcome.RISE][500] == expected


def test_a_large_move_is_larger_than_the_usual_one_before() -> None:
    candles = next(walks(2))
    horizon, hour = 24, 700
    close = candles["close"]
    usual = np.mean([abs(close[at] / close[at - horizon] - 1) for at in range(hour - 239, hour + 1)])
    move = abs(close[hour + horizon] / candles["open"][hour + 1] - 1)
    assert outcomes(candles, horizon)[SignalOutcome.LARGE][hour] == (move > usual)


def test_counts_are_those_of_a_naive_loop() -> None:
    market = list(walks(3, coins=3))
    found = records_of(iter(market))[SignalKind.VOLUME]
    hits = count = whole = rises = 0
    for candles in market:
        run, came = signal_runs(candles)[SignalKind.VOLUME], outcomes(candles, 24)[SignalOutcome.RISE]
        for hour in range(HOURS):
            if run.known[hour] and np.isfinite(came[hour]):
                whole, rises = whole + 1, rises + int(came[hour])
                if run.fired[hour]:
                    count, hits = count + 1, hits + int(came[hour])
    assert found.count == count
    assert found.rate == pytest.approx(hits / count)
    assert found.base == pytest.approx(rises / whole)


def test_intervals_are_corrected_together() -> None:
    hourly, daily = SignalTally(Interval.H1, END, HOURS), SignalTally(Interval.D1, END, HOURS)
    for candles in planted(1):
        hourly.add(candles)
        daily.add(candles)
    alone = {each.kind: each for each in signal_records([hourly])}
    both = {each.kind: each for each in signal_records([hourly, daily]) if each.interval is Interval.H1}
    for kind, each in both.items():
        assert each.p_value is not None
        assert each.p_value >= (alone[kind].p_value or 0.0)


def test_strengths_rank_a_signal_among_past_ones() -> None:
    found = records_of(walks(5))[SignalKind.BREAKOUT]
    assert list(found.strengths) == sorted(found.strengths)
    assert found.rank(-1.0) == 0.0
    assert found.rank(1e9) == 1.0
    assert found.rank(found.strengths[10]) == 0.5


def test_a_market_without_candles_is_not_judged() -> None:
    nothing = {name: np.full(HOURS, np.nan) for name in ("open", "high", "low", "close", "volume")}
    for each in records_of(iter([nothing])).values():
        assert each.edge is SignalEdge.FEW
        assert each.rate is None
        assert each.rank(1.0) is None
