"""The checks on worked examples and hard cases."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.market import Symbol
from trading.checkup.checks import CHECKS, MAX_SEVERITY, check_up
from trading.checkup.settings import CheckupSettings
from trading.checkup.types import (
    AccountFigures,
    CheckedCoin,
    CheckKind,
    CloseToLimit,
    Concentrated,
    Correlated,
    Correlations,
    CostlySale,
    Finding,
    HighFees,
    KeepsLosers,
    LimitFigures,
    ManyTrades,
    Missing,
    NoLimits,
    PausedPurchases,
    SmallBalances,
    TradingFigures,
    Unmeasured,
    WithoutStop,
)
from trading.limits.types import LimitKind

A, B, C = Symbol("AUSDC"), Symbol("BUSDC"), Symbol("CUSDC")
SETTINGS = CheckupSettings()
QUIET = TradingFigures(days=30, executions=20, fees=0.001, turnover=0.5, sales=10, wins=5, losses=5)
LIMITED = LimitFigures(any_set=True)


def coin(symbol: Symbol, share: float, **other: object) -> CheckedCoin:
    return replace(CheckedCoin(symbol, share, Decimal(1), sale_cost=0.0, stopped=1.0), **other)


def account(
    *coins: CheckedCoin,
    trading: TradingFigures | None = QUIET,
    limits: LimitFigures = LIMITED,
    correlations: Correlations | None = None,
) -> AccountFigures:
    return AccountFigures(coins, correlations, trading, limits)


def found(figures: AccountFigures, kind: CheckKind, settings: CheckupSettings = SETTINGS) -> Finding | None:
    result = check_up(figures, settings)
    return next((each for each in result.findings if each.kind is kind), None)


def unmeasured(figures: AccountFigures) -> dict[CheckKind, Unmeasured]:
    return {each.kind: each for each in check_up(figures, SETTINGS).unknown}


def test_every_check_is_made_once() -> None:
    assert list(CHECKS) == list(CheckKind)


def test_all_cash_without_trades_stands_out_nowhere() -> None:
    nothing = TradingFigures(days=0, executions=0, fees=None, turnover=None, sales=0, wins=0, losses=0)
    result = check_up(account(trading=nothing, limits=LimitFigures()), SETTINGS)
    assert result.findings == ()
    assert {each.kind: (each.missing, each.known, each.least) for each in result.unknown} == {
        CheckKind.TRADES: (Missing.TRADES, 0, 10),
        CheckKind.DISPOSITION: (Missing.SALES, 0, 10),
    }
    assert set(result.passed) == set(CheckKind) - {CheckKind.TRADES, CheckKind.DISPOSITION}


def test_one_coin_of_half_of_the_account() -> None:
    one = account(coin(A, 0.5, risk_share=1.0))
    assert found(one, CheckKind.CONCENTRATION) == Concentrated(pytest.approx(1.25), A, 0.5, 1.0)
    assert found(account(coin(A, 0.39)), CheckKind.CONCENTRATION) is None


def test_a_stable_coin_is_neither_concentration_nor_without_a_stop() -> None:
    stable = account(coin(A, 0.9, stable=True, stopped=0.0), limits=LimitFigures())
    assert check_up(stable, SETTINGS).findings == ()


def test_stops_count_by_what_they_leave_open() -> None:
    figures = account(coin(A, 0.4, stopped=0.75), coin(B, 0.3, stopped=0.0), coin(C, 0.04, stopped=0.0))
    finding = found(figures, CheckKind.STOPS)
    assert finding == WithoutStop(pytest.approx(0.4 / 0.25), (B, A), pytest.approx(0.4)), "C is too small"
    assert found(account(coin(A, 0.4, stopped=1.0)), CheckKind.STOPS) is None


def test_a_delisted_coin_can_have_no_stop() -> None:
    assert found(account(coin(A, 0.9, stopped=0.0, tradable=False)), CheckKind.STOPS) is None
    assert found(account(coin(A, 0.9, stopped=0.0, tradable=False)), CheckKind.CONCENTRATION) is not None


def both(pairs: dict[tuple[Symbol, Symbol], float]) -> dict[tuple[Symbol, Symbol], float]:
    return pairs | {(other, one): value for (one, other), value in pairs.items()}


def test_coins_that_move_with_one_are_counted_together() -> None:
    known = Correlations(365, 30, both({(A, B): 0.9, (B, C): 0.85, (A, C): 0.5}))
    coins = (coin(A, 0.3), coin(B, 0.25), coin(C, 0.2))
    finding = found(account(*coins, correlations=known), CheckKind.CORRELATION)
    assert finding == Correlated(pytest.approx(1.25), (B, A, C), pytest.approx(0.75), 0.85), "B is the centre"


def test_one_large_coin_is_no_group() -> None:
    known = Correlations(365, 30, both({(A, B): 0.95}))
    assert found(account(coin(A, 0.9), coin(B, 0.01), correlations=known), CheckKind.CORRELATION) is None
    unknown = Correlations(365, 30, both({(A, B): float("nan")}))
    assert found(account(coin(A, 0.5), coin(B, 0.4), correlations=unknown), CheckKind.CORRELATION) is None


def test_a_small_group_is_no_finding() -> None:
    known = Correlations(365, 30, both({(A, B): 0.95}))
    assert found(account(coin(A, 0.3), coin(B, 0.29), correlations=known), CheckKind.CORRELATION) is None


def test_too_few_returns_are_said() -> None:
    known = Correlations(12, 30, both({(A, B): 0.95}))
    figures = account(coin(A, 0.5), coin(B, 0.4), correlations=known)
    assert unmeasured(figures)[CheckKind.CORRELATION] == Unmeasured(CheckKind.CORRELATION, Missing.RETURNS, 12, 30)


def test_the_coin_that_is_dearest_to_sell() -> None:
    figures = account(coin(A, 0.3, sale_cost=0.012), coin(B, 0.2, sale_cost=0.4), coin(C, 0.02, sale_cost=0.9))
    assert found(figures, CheckKind.LIQUIDITY) == CostlySale(MAX_SEVERITY, B, 0.4)
    assert found(account(coin(A, 0.3, sale_cost=0.009)), CheckKind.LIQUIDITY) is None
    assert unmeasured(account(coin(A, 0.3, sale_cost=None)))[CheckKind.LIQUIDITY].missing is Missing.PRICES


def test_fees_and_trades() -> None:
    busy = replace(QUIET, executions=900, fees=0.03, turnover=6.0)
    assert found(account(trading=busy), CheckKind.FEES) == HighFees(pytest.approx(3), 0.03)
    assert found(account(trading=busy), CheckKind.TRADES) == ManyTrades(2.0, 900, 6.0), "30 a day are 1.5 times 20"
    often = replace(QUIET, executions=1800, turnover=None)
    assert found(account(trading=often), CheckKind.TRADES) == ManyTrades(3.0, 1800, None)
    first_hour = replace(QUIET, days=0.04, executions=15)
    assert found(account(trading=first_hour), CheckKind.TRADES) is None, "an hour is no day"


def test_winners_sold_and_losers_kept() -> None:
    sells = replace(QUIET, sales=12, wins=10, losses=2)
    losing = [coin(Symbol(f"L{each}USDC"), 0.05, unrealised=Decimal(-1), stopped=0.0) for each in range(8)]
    finding = found(account(coin(A, 0.1, unrealised=Decimal(5)), *losing, trading=sells), CheckKind.DISPOSITION)
    expected = (10 / 11 - 2 / 10) / 0.2
    assert finding == KeepsLosers(pytest.approx(expected), pytest.approx(10 / 11), 0.2, Symbol("L0USDC"))
    even = replace(QUIET, sales=12, wins=6, losses=6)
    assert found(account(coin(A, 0.1), trading=even), CheckKind.DISPOSITION) is None


def test_a_difference_that_luck_explains_is_no_finding() -> None:
    """Four of five gains and six of twelve losses were realised: a t-statistic of 1.31."""
    few = replace(QUIET, sales=10, wins=4, losses=6)
    coins = [coin(Symbol(f"G{each}USDC"), 0.01, unrealised=Decimal(1)) for each in range(1)]
    coins += [coin(Symbol(f"L{each}USDC"), 0.01, unrealised=Decimal(-1)) for each in range(6)]
    assert CheckKind.DISPOSITION in check_up(account(*coins, trading=few), SETTINGS).passed


def test_gains_alone_are_not_compared() -> None:
    lucky = replace(QUIET, sales=12, wins=12, losses=0)
    assert unmeasured(account(trading=lucky))[CheckKind.DISPOSITION].missing is Missing.OUTCOMES


def test_a_history_too_long_for_a_report_is_said() -> None:
    kinds = (CheckKind.FEES, CheckKind.TRADES, CheckKind.DISPOSITION)
    assert dict.fromkeys(kinds, Missing.REPORT) == {
        kind: each.missing for kind, each in unmeasured(account(trading=None)).items()
    }


def test_limits() -> None:
    held = coin(A, 0.38)
    assert found(account(held, limits=LimitFigures()), CheckKind.LIMITS) == NoLimits()
    close = replace(LIMITED, coin=0.4, orders=10, open_orders=8)
    assert found(account(held, limits=close), CheckKind.LIMITS) == CloseToLimit(
        pytest.approx(0.95 / 0.9), LimitKind.COIN, 0.38, 0.4, A
    )
    full = replace(close, open_orders=10)
    assert found(account(held, limits=full), CheckKind.LIMITS) == CloseToLimit(
        pytest.approx(1 / 0.9), LimitKind.ORDERS, 10, 10
    )
    assert found(account(held, limits=replace(LIMITED, coin=0.6)), CheckKind.LIMITS) is None
    paused = replace(close, paused=LimitKind.DAY)
    assert found(account(held, limits=paused), CheckKind.LIMITS) == PausedPurchases(MAX_SEVERITY, LimitKind.DAY)


def test_dust_is_counted_and_judged_by_nothing_else() -> None:
    figures = account(coin(A, 0.0001, dust=True, sale_cost=None), coin(B, 0.0001, dust=True, stopped=0.0))
    result = check_up(figures, SETTINGS)
    assert result.findings == (SmallBalances(2),)
    assert CheckKind.LIQUIDITY in result.passed


def test_the_most_serious_comes_first() -> None:
    figures = account(
        coin(A, 0.8, stopped=0.0, sale_cost=0.2), trading=replace(QUIET, fees=0.09), limits=LimitFigures()
    )
    kinds = [each.kind for each in check_up(figures, SETTINGS).findings]
    assert kinds == [
        CheckKind.LIQUIDITY,
        CheckKind.FEES,
        CheckKind.STOPS,
        CheckKind.CONCENTRATION,
        CheckKind.LIMITS,
    ]


def test_thresholds_are_settings() -> None:
    strict = CheckupSettings(coin_share=0.1)
    assert found(account(coin(A, 0.2)), CheckKind.CONCENTRATION, strict) == Concentrated(2.0, A, 0.2, None)
