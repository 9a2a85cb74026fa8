"""What is known at a time does not depend on what comes later, nor on what lies beyond the history."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.features import HISTORY, features_of
from ml.data.panel import panel_of
from tests.fakes.candles import MINUTE, START, frame_of, walk_closes

_SYMBOLS = ("BTCUSDT", "ETHUSDT", "XRPUSDT")
_TIMES = 420


def _frame(seed: int, holes: float) -> pd.DataFrame:
    closes = walk_closes(_TIMES, len(_SYMBOLS), seed=seed)
    closes[np.random.default_rng(seed).random(closes.shape) < holes] = np.nan
    closes[0] = closes[-1] = 100.0
    return frame_of(closes, _SYMBOLS, wiggle=0.001)


@settings(deadline=None, max_examples=20)
@given(
    seed=st.integers(0, 10_000),
    cut=st.integers(3, _TIMES - 2),
    holes=st.sampled_from([0.0, 0.1]),
    factor=st.sampled_from([0.01, 0.5, 3.0, 100.0]),
)
def test_changing_the_future_changes_no_feature_of_the_past(seed: int, cut: int, holes: float, factor: float) -> None:
    frame = _frame(seed, holes)
    later = frame["open_time"] >= START + cut * MINUTE
    changed = frame.copy()
    changed.loc[later, ["open", "high", "low", "close", "volume"]] *= factor
    before, after = panel_of(frame), panel_of(changed)
    one, other = features_of(before), features_of(after)
    np.testing.assert_array_equal(one.table[:, :cut], other.table[:, :cut])
    np.testing.assert_array_equal(one.ready[:cut], other.ready[:cut])
    np.testing.assert_array_equal(one.volatility[:cut], other.volatility[:cut])
    np.testing.assert_array_equal(before.usable[:cut], after.usable[:cut])


@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.5, 4.0]))
def test_changing_what_lies_beyond_the_history_changes_nothing(seed: int, factor: float) -> None:
    closes = walk_closes(HISTORY + 40, 2, seed=seed)
    changed = closes.copy()
    changed[:39] *= factor
    one, other = (
        features_of(panel_of(frame_of(each, _SYMBOLS[:2], wiggle=0.001))).table[:, -1] for each in (closes, changed)
    )
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
