"""Tables of VaR and shortfall leave out what the data cannot give, and bound what can be lost."""

import numpy as np

from trading.risk.expected_shortfall import cornish_fisher_es
from trading.risk.gaps import fill_gaps
from trading.risk.tables import CONFIDENCES, METHODS, MIN_DAYS, RiskMethod, es_table, var_table
from trading.risk.value_at_risk import cornish_fisher_var

RETURNS = np.random.default_rng(3).normal(size=200) / 30
CRASH = np.append(np.random.default_rng(3).normal(size=200) / 100, -0.5)
HIGH = CONFIDENCES.index(0.99)


def test_few_days_have_no_figure_and_no_empirical_tail() -> None:
    for table in (var_table, es_table):
        assert np.isnan(table(RETURNS[: MIN_DAYS - 1])).all()
        few = table(RETURNS[:MIN_DAYS])
        empirical = [METHODS.index(method) for method in (RiskMethod.HISTORICAL, RiskMethod.FILTERED)]
        assert np.isnan(few[empirical, HIGH]).all()
        assert np.isfinite(few[METHODS.index(RiskMethod.GAUSSIAN)]).all()
        assert np.isfinite(table(RETURNS)).all()


def test_nobody_loses_more_than_everything() -> None:
    assert np.nanmax(var_table(10 * RETURNS, 10)) == 1
    assert np.nanmax(es_table(10 * RETURNS, 10)) == 1


def test_the_expansion_is_left_out_where_it_is_no_quantile() -> None:
    expanded = METHODS.index(RiskMethod.CORNISH_FISHER)
    assert np.isnan(var_table(CRASH)[expanded]).all()
    assert np.isfinite(var_table(CRASH)[:expanded]).all()


def test_the_modified_shortfall_is_not_below_the_var_unless_asked_for() -> None:
    skewed = np.append(RETURNS, [-0.2, -0.15, -0.15])
    whole = cornish_fisher_es(skewed, 0.99)
    assert whole == cornish_fisher_var(skewed, 0.99)
    assert cornish_fisher_es(skewed, 0.99, operational=False) < whole


def test_an_estimated_return_is_no_more_than_a_total_loss() -> None:
    market = np.append(np.random.default_rng(1).normal(size=50) / 50, -0.6)
    steep = np.append(3 * market[:-1], np.nan)
    assert fill_gaps(np.stack([market, steep], axis=1), market=0).returns[-1, 1] == -1
