"""Computation of a performance report from the valued moments of an account. Pure and CPU-bound: call it in a thread.

Ratios use whole days between two known closes only. Returns over the whole period use every known value.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from core.decimals import EXACT
from pipeline.market import DAY_MS
from trading.performance import benchmark, distribution, ratios, significance
from trading.performance.attribution import linked_contributions
from trading.performance.drawdowns import Drawdown, current, deepest, drawdowns, max_drawdown
from trading.performance.money_weighted import money_weighted_return
from trading.performance.returns import PERIODS_PER_YEAR, Floats, known, time_weighted_return
from trading.performance.trades import turnover
from trading.reports.account_history import ZERO, AccountHistory, entries_within
from trading.reports.performance import (
    MIN_RETURNS,
    SIGNIFICANCE,
    BenchmarkFigures,
    CoinFigures,
    DailyRow,
    DrawdownFigures,
    MoneyFigures,
    MonthRow,
    PerformanceReport,
    RatioFigures,
    SharpeUncertainty,
)
from trading.reports.trade_figures import TradeFigures, total, trade_figures
from trading.reports.valuation import (
    DailySeries,
    PricePath,
    Valued,
    daily_series,
    growth_index,
    profits_by_coin,
    values_of,
)

BITCOIN = "BTC"
EQUAL_WEIGHT = ""

_SEED = 20_210_401
"""Seed of the bootstrap: the same history gets the same interval."""


def compute_report(
    history: AccountHistory, valued: Sequence[Valued], paths: Sequence[PricePath], *, closed: bool
) -> PerformanceReport:
    """Returns the report from the valued moments, at least two, and the benchmarks' paths over the same days."""
    times = [each.moment.time for each in valued]
    start, end = times[0], times[-1]
    entries = entries_within(history, start, end, closed=closed)
    trades = trade_figures(history, entries)
    before, after = values_of(valued)
    closes = {each.moment.time for each in valued if each.moment.close and each.before is not None}
    series = daily_series(times, [each.moment.day for each in valued], before, after, closes)
    index = growth_index(series.factors)
    falls = drawdowns(index)
    money = _money(valued, trades)
    figures = ratio_figures(series.returns)
    at_ends = [each for place, each in enumerate(valued) if each.moment.close or place == len(valued) - 1]
    average = _mean([float(each.before) for each in at_ends if each.before is not None])
    profits, bases = profits_by_coin(valued)
    parts = linked_contributions(profits, bases)
    coins = [CoinFigures(name, float(np.sum(profits[name])), parts[name]) for name in profits]
    return PerformanceReport(
        quote_asset=history.quote_asset,
        start=start,
        end=end,
        time_weighted=time_weighted_return(before, after),
        money_weighted=_money_weighted(valued),
        money=money,
        ratios=figures if end - start >= PERIODS_PER_YEAR * DAY_MS else _without_year(figures),
        uncertainty=sharpe_uncertainty(series.returns, history.rounds),
        deepest=_dated(deepest(falls), times),
        current=_dated(current(falls), times),
        trades=trades.statistics,
        executions=trades.executions,
        holding_ms=trades.holding_ms,
        turnover=turnover(trades.bought, trades.sold, average),
        exposure=_exposure(at_ends),
        best=trades.best,
        worst=trades.worst,
        coins=sorted(coins, key=lambda each: (-abs(each.profit), each.symbol)),
        types=trades.types,
        benchmarks=[_against(series.returns, path) for path in paths],
        days=_daily_rows(valued, series, index, paths),
        months=_months(valued, series.factors),
        gaps=sum(1 for each in valued if each.before is None),
        stale=len({each.moment.day for each in valued if each.stale}),
        resets=sum(1 for each in entries if each.kind == "reset"),
    )


def ratio_figures(returns: Floats) -> RatioFigures:
    """Returns the ratios of whole daily returns; only their number if there are too few."""
    values = known(returns)
    if values.size < MIN_RETURNS:
        return RatioFigures(values.size)
    return RatioFigures(
        count=values.size,
        mean=distribution.mean(values),
        volatility=ratios.volatility(values),
        annual_return=ratios.annualised_return(values),
        sharpe=ratios.sharpe_ratio(values),
        sortino=ratios.sortino_ratio(values),
        calmar=ratios.calmar_ratio(values) if max_drawdown(values) else None,
        omega=ratios.omega_ratio(values),
        ulcer=ratios.ulcer_index(values),
        downside_deviation=ratios.downside_deviation(values),
        skewness=distribution.skewness(values),
        kurtosis=distribution.kurtosis(values),
        martin=ratios.martin_ratio(values),
        pain=ratios.pain_index(values),
        adjusted_sharpe=ratios.adjusted_sharpe_ratio(values),
        best_day=float(values.max()),
        worst_day=float(values.min()),
        positive_days=ratios.upside_frequency(values),
    )


def sharpe_uncertainty(returns: Floats, rounds: int) -> SharpeUncertainty:
    """Returns how far the Sharpe ratio can be believed. Each round is a trial; without skill their Sharpe ratios would
    differ by the error of the estimate, which is the variance used.
    """
    values = known(returns)
    daily = ratios.sharpe_ratio(values, periods=1)
    skew, tails = distribution.skewness(values), distribution.kurtosis(values)
    if values.size < MIN_RETURNS or daily is None or skew is None or tails is None:
        return SharpeUncertainty(None, None, rounds, None, None)
    variance = significance.sharpe_variance(daily, skew=skew, kurtosis=tails) / (values.size - 1)
    interval = significance.bootstrap_interval(values, significance.sharpe_of_samples, seed=_SEED, level=SIGNIFICANCE)
    yearly = math.sqrt(PERIODS_PER_YEAR)
    return SharpeUncertainty(
        probability=significance.probabilistic_sharpe(daily, values.size, skew=skew, kurtosis=tails),
        deflated=significance.deflated_sharpe(
            daily, values.size, trials=rounds, variance=max(variance, 0.0), skew=skew, kurtosis=tails
        ),
        trials=rounds,
        interval=None if interval is None else (interval[0] * yearly, interval[1] * yearly),
        days_needed=significance.min_track_record_length(daily, confidence=SIGNIFICANCE, skew=skew, kurtosis=tails),
    )


def _without_year(figures: RatioFigures) -> RatioFigures:
    """A return of less than a year is not annualised (GIPS 2020, 2.A.12)."""
    values = {name: getattr(figures, name) for name in RatioFigures.__slots__}
    return RatioFigures(**{**values, "annual_return": None})


def _money(valued: Sequence[Valued], trades: TradeFigures) -> MoneyFigures:
    start, end = valued[0].after or ZERO, valued[-1].before or ZERO
    flows = total([each.flow for each in valued[1:]])
    profit = EXACT.subtract(EXACT.subtract(end, start), flows)
    return MoneyFigures(
        start=start,
        end=end,
        flows=flows,
        profit=profit,
        realised=trades.realised,
        unrealised=EXACT.subtract(profit, trades.realised),
        fees=trades.fees,
        slippage=trades.slippage,
        bought=trades.bought,
        sold=trades.sold,
    )


def _money_weighted(valued: Sequence[Valued]) -> float | None:
    flows = [(valued[0].moment.time, -float(valued[0].after or 0))]
    flows += [(each.moment.time, -float(each.flow)) for each in valued[1:-1] if each.flow]
    flows.append((valued[-1].moment.time, float(valued[-1].before or 0)))
    return money_weighted_return([amount for _, amount in flows], [time for time, _ in flows])


def _dated(fall: Drawdown | None, times: Sequence[int]) -> DrawdownFigures | None:
    if fall is None:
        return None
    recovered = None if fall.recovered is None else day_of(times[fall.recovered])
    return DrawdownFigures(fall.depth, day_of(times[fall.peak]), day_of(times[fall.trough]), recovered)


def day_of(time: int) -> date:
    """Returns the UTC date in which a moment lies; a midnight ends its day."""
    return datetime.fromtimestamp((time - 1) // 1000 if time % DAY_MS == 0 else time // 1000, UTC).date()


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _exposure(valued: Sequence[Valued]) -> float | None:
    """Returns the mean share of the equity that is in coins, at closes and at the end."""
    shares = [
        1.0 - float(each.moment.after.cash / each.after) for each in valued if each.after is not None and each.after > 0
    ]
    return _mean(shares)


def _against(returns: Floats, path: PricePath) -> BenchmarkFigures:
    whole = _finite(float(path.index[-1]) - 1.0)
    other = path.series.returns
    mine, theirs = benchmark.both_known(returns, other)
    if mine.size < MIN_RETURNS:
        return BenchmarkFigures(path.name, whole)
    return BenchmarkFigures(
        path.name,
        whole,
        beta=benchmark.beta(mine, theirs),
        alpha=benchmark.jensen_alpha(mine, theirs),
        information_ratio=benchmark.information_ratio(mine, theirs, geometric=False),
        tracking_error=benchmark.tracking_error(mine, theirs),
        up_capture=benchmark.up_capture(mine, theirs),
        down_capture=benchmark.down_capture(mine, theirs),
    )


def _daily_rows(
    valued: Sequence[Valued], series: DailySeries, index: Floats, paths: Sequence[PricePath]
) -> list[DailyRow]:
    flows: dict[int, float] = {}
    stale: set[int] = set()
    ends: dict[int, tuple[Valued, float]] = {}
    for place, each in enumerate(valued):
        number = each.moment.day
        flows[number] = flows.get(number, 0.0) + (float(each.flow) if place else 0.0)
        if each.stale:
            stale.add(number)
        ends[number] = each, float(index[place])
    by_name = {path.name: _at_ends(path) for path in paths}
    rows, last = [], 1.0
    for place, returned in enumerate(series.returns):
        number = series.first_day + place
        end = ends.get(number)
        last = last if end is None else end[1]
        equity = None if end is None else end[0].after
        rows.append(
            DailyRow(
                day=date(1970, 1, 1) + timedelta(days=number),
                equity=None if equity is None else float(equity),
                returned=_finite(float(returned)),
                flow=flows.get(number, 0.0),
                index=last,
                bitcoin=_finite(by_name.get(BITCOIN, {}).get(number, math.nan)),
                equal_weight=_finite(by_name.get(EQUAL_WEIGHT, {}).get(number, math.nan)),
                stale=number in stale,
            )
        )
    return rows


def _at_ends(path: PricePath) -> Mapping[int, float]:
    """Returns the index of a benchmark at the end of each day."""
    return {path.series.first_day + place: float(value) for place, value in enumerate(path.index[1:])}


def _months(valued: Sequence[Valued], factors: Floats) -> list[MonthRow]:
    found: dict[tuple[int, int], float | None] = {}
    for each, factor in zip(valued[1:], factors, strict=True):
        day = date(1970, 1, 1) + timedelta(days=each.moment.day)
        so_far = found.setdefault((day.year, day.month), None)
        if np.isfinite(factor):
            found[day.year, day.month] = (1.0 if so_far is None else so_far) * float(factor)
    return [MonthRow(year, month, None if growth is None else growth - 1) for (year, month), growth in found.items()]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
