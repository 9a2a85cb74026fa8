"""Figures of performance come out to the digits that are printed in books, papers and documentation."""

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from trading.performance import benchmark, ratios, significance
from trading.performance.distribution import mean_absolute_deviation
from trading.performance.drawdowns import max_drawdown
from trading.performance.money_weighted import irr, xirr
from trading.performance.returns import Floats
from trading.performance.trades import PricedTrade, trade_profit

Pair = tuple[Floats, Floats]

MAR = 0.005
BACON: dict[str, Callable[[Floats], float | None]] = {
    "downside_deviation": lambda each: ratios.downside_deviation(each, mar=MAR),
    "downside_potential": lambda each: ratios.downside_potential(each, mar=MAR),
    "sortino_per_period": lambda each: ratios.sortino_ratio(each, mar=MAR, periods=1),
    "omega_sharpe": lambda each: ratios.omega_sharpe_ratio(each, mar=MAR),
    "max_drawdown": max_drawdown,
    "ulcer_index": ratios.ulcer_index,
    "pain_index": ratios.pain_index,
    "annual_return": lambda each: ratios.annualised_return(each, periods=12),
    "annual_vol": lambda each: ratios.volatility(each, periods=12),
    "martin_ratio": lambda each: ratios.martin_ratio(each, periods=12),
}
TRUNCATED: dict[str, Callable[[Floats], float | None]] = {
    "bernardo_ledoit": ratios.bernardo_ledoit_ratio,
    "burke": lambda each: ratios.burke_ratio(each, periods=12),
    "burke_modified": lambda each: ratios.burke_ratio(each, periods=12, modified=True),
    "upside_frequency": lambda each: ratios.upside_frequency(each, mar=MAR),
    "downside_frequency": lambda each: ratios.downside_frequency(each, mar=MAR),
    "mean_abs_dev": mean_absolute_deviation,
    "d_ratio": ratios.d_ratio,
    "skew_kurt_ratio": ratios.skewness_kurtosis_ratio,
}


@pytest.mark.parametrize("name", BACON)
def test_bacons_portfolio_of_24_months(name: str, published: dict[str, Any], bacon: Pair) -> None:
    """Bacon; PerformanceAnalytics, data portfolio_bacon."""
    assert BACON[name](bacon[0]) == pytest.approx(published["performance"]["bacon_24_months"][name], rel=1e-14)


@pytest.mark.parametrize("name", TRUNCATED)
def test_bacons_portfolio_where_r_cuts_the_digits_off(name: str, published: dict[str, Any], bacon: Pair) -> None:
    """PerformanceAnalytics' snapshots print four digits, truncated."""
    found = TRUNCATED[name](bacon[0])
    assert found is not None
    assert abs(found - published["performance"]["bacon_24_months"][name]) < 1e-4


def test_the_adjusted_sharpe_ratio_in_both_conventions(bacon: Pair) -> None:
    """PerformanceAnalytics: .7591435 in its documentation (compounded), .7913 as computed today (of the mean)."""
    assert ratios.adjusted_sharpe_ratio(bacon[0], periods=12) == pytest.approx(0.7591435, abs=5e-8)
    assert ratios.adjusted_sharpe_ratio(bacon[0], periods=12, geometric=False) == pytest.approx(0.7913, abs=1e-4)
    assert ratios.pain_ratio(bacon[0], periods=12) == pytest.approx(2.59, abs=5e-3)


def test_jensens_alpha_of_bacons_portfolio(bacon: Pair) -> None:
    """PerformanceAnalytics, CAPM.jensenAlpha: -0.014."""
    assert benchmark.jensen_alpha(*bacon, periods=12) == pytest.approx(-0.014, abs=5e-4)


def test_excels_internal_rates_of_return(published: dict[str, Any]) -> None:
    """Microsoft's documentation of XIRR and IRR."""
    dated, periodic = published["returns"]["xirr_excel"], published["returns"]["irr_excel"]
    days = [date.fromisoformat(each).toordinal() for each in dated["dates"]]
    assert xirr(dated["flows"], days) == pytest.approx(dated["xirr_act365"], rel=1e-14)
    assert irr(periodic["flows"]) == pytest.approx(periodic["irr_5y"], rel=1e-14)
    assert irr(periodic["flows"][:-1]) == pytest.approx(periodic["irr_4y"], rel=1e-14)


def test_ghostfolios_profits_with_and_without_fees(published: dict[str, Any]) -> None:
    """Ghostfolio's own tests of its portfolio calculator."""
    checked = 0
    for case in published["returns"]["ghostfolio_pnl"]["cases"]:
        if "trades" not in case:
            continue
        trades = [PricedTrade(side == "buy", *(Decimal(str(each)) for each in rest)) for side, *rest in case["trades"]]
        found = trade_profit(trades, Decimal(str(case["mark"])) if "mark" in case else None)
        figures = {
            "gross": float(found.gross),
            "net": float(found.net),
            "gross_pct": found.gross_fraction,
            "net_pct": found.net_fraction,
            "average_price": found.average_price,
            "average_price_left": found.average_price,
            "investment_left": float(found.investment_left),
        }
        for name in figures.keys() & case.keys():
            assert float(figures[name] or 0) == pytest.approx(case[name], rel=1e-14), (case["name"], name)
            checked += 1
    assert checked == 9


def test_a_coin_traded_twice_round() -> None:
    """Ghostfolio: (1890.00 - 1885.05) + (2080.10 - 2041.10), four fees of 1."""
    prices = (("1885.05", True), ("1890.00", False), ("2041.10", True), ("2080.10", False))
    found = trade_profit([PricedTrade(buy, Decimal(1), Decimal(price), Decimal(1)) for price, buy in prices])
    assert (found.gross, found.net) == (Decimal("43.95"), Decimal("39.95"))


def test_the_probabilistic_sharpe_ratio(published: dict[str, Any]) -> None:
    """Bailey and Lopez de Prado, The Sharpe Ratio Efficient Frontier (2012)."""
    case = published["sharpe_inference"]["psr_2012"]
    sharpe, shape = case["monthly_mean"] / case["sd"], {"skew": case["skew"], "kurtosis": case["kurt"]}
    found = significance.probabilistic_sharpe
    assert found(sharpe, case["n"]) == pytest.approx(case["psr0_normal"], rel=1e-14)
    assert found(sharpe, case["n"], **shape) == pytest.approx(case["psr0"], rel=1e-14)
    assert found(sharpe, 36, **shape) == pytest.approx(case["psr0_n36"], rel=1e-14)


def test_the_minimum_track_record_length() -> None:
    """The same paper's case, SR 2 against 1 per year of months: 59.9 months, and a probability of 0.9487 after 59."""
    sharpe, against, shape = 2 / math.sqrt(12), 1 / math.sqrt(12), {"skew": -0.72, "kurtosis": 5.78}
    length = significance.min_track_record_length(sharpe, benchmark=against, **shape)
    assert length == pytest.approx(59.895, abs=1e-3)
    assert significance.probabilistic_sharpe(sharpe, 59, benchmark=against, **shape) == pytest.approx(0.9487, abs=5e-5)


def test_the_deflated_sharpe_ratio(published: dict[str, Any]) -> None:
    """Bailey and Lopez de Prado, The Deflated Sharpe Ratio (2014)."""
    case = published["sharpe_inference"]["dsr_2014"]
    sharpe, variance = case["SR_annual"] / math.sqrt(case["days"]), case["V_annual"] / case["days"]
    shape = {"skew": case["skew"], "kurtosis": case["kurt"]}
    assert significance.expected_max_sharpe(case["N"], variance) == pytest.approx(case["SR0_daily"], rel=1e-12)
    for trials, form, name in ((case["N"], shape, "DSR"), (46, shape, "DSR_N46"), (88, {}, "DSR_N88_normal")):
        found = significance.deflated_sharpe(sharpe, case["T"], trials=trials, variance=variance, **form)
        assert found == pytest.approx(case[name], rel=1e-12), name
