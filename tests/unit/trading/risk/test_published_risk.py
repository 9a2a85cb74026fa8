"""VaR, expected shortfall, volatility and coverage tests give the figures that others published."""

import numpy as np
import pytest

from tests.published import edhec, needs_published, published
from trading.risk.coverage_tests import (
    Transitions,
    Zone,
    binomial_z_score,
    christoffersen_independence,
    conditional_coverage,
    kupiec_pof,
    kupiec_tuff,
    time_between_failures,
    traffic_light,
    violations,
)
from trading.risk.expected_shortfall import cornish_fisher_es, gaussian_es, historical_es
from trading.risk.value_at_risk import cornish_fisher_var, gaussian_var, historical_var
from trading.risk.volatility import ewma_volatility, garch_long_run_variance, garch_variance

EXACTLY = 1e-12


@needs_published
def test_var_and_shortfall_of_convertible_arbitrage() -> None:
    """PerformanceAnalytics on `edhec`; there a loss is negative."""
    figures, returns = published("risk")["edhec_convertible_arbitrage"], edhec()[:, 0]
    assert -historical_var(returns, 0.95) == pytest.approx(figures["var95_historical_type7"], abs=EXACTLY)
    assert -gaussian_var(returns, 0.95, ddof=0) == pytest.approx(figures["var95_gaussian_ddof0"], abs=EXACTLY)
    assert -cornish_fisher_var(returns, 0.95) == pytest.approx(figures["var95_cornish_fisher"], abs=EXACTLY)
    assert -cornish_fisher_var(returns, 0.99) == pytest.approx(figures["var99_cornish_fisher"], abs=EXACTLY)
    assert -historical_es(returns, 0.95) == pytest.approx(figures["es95_historical"], abs=EXACTLY)
    assert -gaussian_es(returns, 0.95, ddof=0) == pytest.approx(figures["es95_gaussian"], abs=EXACTLY)
    assert -cornish_fisher_es(returns, 0.95) == pytest.approx(figures["es95_modified_printed"], abs=5e-5)
    backtest = figures["var_backtest"]
    assert len(returns) * 0.05 == pytest.approx(backtest["expected"])
    assert violations(returns, historical_var(returns, 0.95)).sum() == backtest["actual"]


@needs_published
def test_coverage_tests_of_varbacktest() -> None:
    """MathWorks, Risk Management Toolbox, varbacktest: pof, cci, cc and tl."""
    figures = published("risk")["kupiec_christoffersen_mathworks"]
    failures, periods, confidence = figures["failures"], figures["T"], 1 - figures["p"]
    counts = Transitions(figures["n00"], figures["n01"], figures["n10"], figures["n11"])
    coverage = kupiec_pof(failures, periods, confidence)
    independence = christoffersen_independence(counts)
    both = conditional_coverage(failures, periods, counts, confidence)
    light = traffic_light(failures, periods, confidence)
    found = (coverage.statistic, coverage.p_value, independence.statistic, independence.p_value)
    assert found == pytest.approx([figures[name] for name in ("LR_pof", "p_pof", "LR_cci", "p_cci")], abs=1e-10)
    assert (both.statistic, both.p_value) == pytest.approx((figures["LR_cc"], figures["p_cc"]), abs=1e-10)
    assert (light.cumulative, light.type_one_error) == pytest.approx(
        (figures["tl_cumulative"], figures["tl_type1"]), abs=1e-10
    )
    assert light.zone == figures["tl"]


def test_other_coverage_tests_of_varbacktest() -> None:
    """MathWorks, varbacktest.bin (57 of 1043 at 95 %) and the formulas of varbacktest.tuff and varbacktest.tbfi."""
    score, p_value = binomial_z_score(57, 1043, 0.95)
    assert (score, p_value) == pytest.approx((0.68905, 0.49079), abs=5e-6)
    assert kupiec_tuff(1, 0.95).statistic == pytest.approx(-2 * np.log(0.05))
    late = -2 * (np.log(0.05) + 6 * np.log(0.95) + 7 * np.log(7) - 6 * np.log(6))
    assert kupiec_tuff(7, 0.95).statistic == pytest.approx(late)
    assert time_between_failures([7, 1], 0.95).statistic == pytest.approx(late - 2 * np.log(0.05))


@needs_published
def test_table_of_the_basel_committee() -> None:
    figures = published("risk")["basel_traffic_light_250d_99"]
    lights = [traffic_light(failures, 250, 0.99) for failures in range(11)]
    assert [round(100 * light.cumulative, 2) for light in lights] == figures["cumulative_pct_0_to_10"]
    assert [light.zone for light in lights] == [Zone.GREEN] * 5 + [Zone.YELLOW] * 5 + [Zone.RED]
    plus = {str(failures): light.plus_factor for failures, light in enumerate(lights)}
    stated = figures["plus_factor"]
    assert all(plus[str(failures)] == stated["0-4"] for failures in range(5))
    assert all(plus[str(failures)] == stated[str(failures)] for failures in range(5, 10))
    assert plus["10"] == stated[">=10"]


def test_plus_factors_of_other_samples_follow_the_basel_table() -> None:
    """The factor restores the coverage of a normal distribution, which the committee rounded to 0.05 or 0.1."""
    near = [traffic_light(2 * failures, 500, 0.99).plus_factor for failures in (6, 7)]
    assert near == pytest.approx([0.5, 0.65], abs=0.03)


@needs_published
def test_volatility_of_the_textbook() -> None:
    """J. Hull, "Options, Futures, and Other Derivatives"."""
    figures = published("risk")["ewma_garch"]
    assert ewma_volatility(
        np.array([figures["ret"]]), decay=figures["ewma_lambda"], initial=figures["prev_vol"] ** 2
    ) == pytest.approx(figures["vol"], abs=EXACTLY)
    garch = figures["garch"]
    terms = {name: garch[name] for name in ("omega", "alpha", "beta")}
    variance = garch_variance(garch["prev_vol"] ** 2, garch["ret"], **terms)
    assert np.sqrt(variance) == pytest.approx(garch["vol"], abs=EXACTLY)
    assert np.sqrt(garch_long_run_variance(**terms)) == pytest.approx(garch["long_run_vol"], abs=EXACTLY)
