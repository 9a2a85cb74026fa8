"""The checks. Each compares figures with the thresholds; what they measure is computed elsewhere.

A severity is the figure divided by its threshold, so that findings of different kinds can be put in order. From
MAX_SEVERITY on, the order of the kinds decides.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pipeline.market import Symbol
from trading.checkup.disposition import SIGNIFICANT, disposition
from trading.checkup.settings import CheckupSettings
from trading.checkup.types import (
    AccountFigures,
    CheckedCoin,
    CheckKind,
    Checkup,
    CloseToLimit,
    Concentrated,
    Correlated,
    CostlySale,
    Finding,
    HighFees,
    KeepsLosers,
    ManyTrades,
    Missing,
    NoLimits,
    PausedPurchases,
    SmallBalances,
    Unmeasured,
    WithoutStop,
)
from trading.limits.types import LimitKind

MIN_OUTCOMES = 5
"""Fewest gains, and fewest losses, sold or held, that are compared."""

MAX_SEVERITY = 5.0
"""Severity above which figures are equally serious; that of a pause."""

_MIN_CORRELATED = 2

Outcome = Finding | Unmeasured | None
"""Result of a check; None if it found nothing."""

Check = Callable[[AccountFigures, CheckupSettings], Outcome]


def check_up(figures: AccountFigures, settings: CheckupSettings) -> Checkup:
    """Returns the result of all checks."""
    outcomes = {kind: check(figures, settings) for kind, check in CHECKS.items()}
    order = list(CheckKind)
    findings = [found for found in outcomes.values() if found is not None and not isinstance(found, Unmeasured)]
    return Checkup(
        tuple(sorted(findings, key=lambda found: (-found.severity, order.index(found.kind)))),
        tuple(kind for kind, found in outcomes.items() if found is None),
        tuple(found for found in outcomes.values() if isinstance(found, Unmeasured)),
    )


def _limits(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    limits, coins = figures.limits, figures.coins
    if limits.paused is not None:
        return PausedPurchases(MAX_SEVERITY, limits.paused)
    if not limits.any_set:
        return NoLimits() if _at_risk(figures) else None
    close: list[CloseToLimit] = []
    if limits.coin and coins:
        close.append(_close(LimitKind.COIN, coins[0].share, limits.coin, settings, coins[0].symbol))
    if limits.orders:
        close.append(_close(LimitKind.ORDERS, float(limits.open_orders), float(limits.orders), settings))
    return max((each for each in close if each.severity >= 1), key=lambda each: each.severity, default=None)


def _close(
    kind: LimitKind, used: float, value: float, settings: CheckupSettings, symbol: Symbol | None = None
) -> CloseToLimit:
    return CloseToLimit(_severity(used / value, settings.limit_use), kind, used, value, symbol)


def _stops(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    bare = {
        coin.symbol: coin.share * (1 - min(coin.stopped, 1.0))
        for coin in _at_risk(figures)
        if coin.tradable and coin.share >= settings.small_share
    }
    open_to_falls = {symbol: share for symbol, share in bare.items() if share >= settings.small_share and share > 0}
    total = sum(open_to_falls.values())
    if total < settings.stop_share:
        return None
    largest = sorted(open_to_falls, key=lambda symbol: (-open_to_falls[symbol], symbol))
    return WithoutStop(_severity(total, settings.stop_share), tuple(largest), total)


def _concentration(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    coin = max(_at_risk(figures), key=lambda each: each.share, default=None)
    if coin is None or coin.share < settings.coin_share:
        return None
    return Concentrated(_severity(coin.share, settings.coin_share), coin.symbol, coin.share, coin.risk_share)


def _correlation(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    known = figures.correlations
    coins = [coin for coin in _at_risk(figures) if coin.share >= settings.small_share]
    if len(coins) < _MIN_CORRELATED:
        return None
    if known is None or not known.enough:
        return Unmeasured(
            CheckKind.CORRELATION, Missing.RETURNS, known.days if known else 0, known.least if known else 0
        )
    groups = [_group(coin, coins, known.pairs, settings) for coin in coins]
    group = max(groups, key=lambda each: sum(coin.share for coin in each))
    share = sum(coin.share for coin in group)
    if len(group) < _MIN_CORRELATED or share < settings.correlated_share:
        return None
    lowest = min(known.pairs[group[0].symbol, coin.symbol] for coin in group[1:])
    return Correlated(_severity(share, settings.correlated_share), tuple(coin.symbol for coin in group), share, lowest)


def _group(
    centre: CheckedCoin,
    coins: list[CheckedCoin],
    pairs: Mapping[tuple[Symbol, Symbol], float],
    settings: CheckupSettings,
) -> list[CheckedCoin]:
    """Returns a coin and those that move together with it, the largest first."""
    others = [
        coin
        for coin in coins
        if coin is not centre and pairs.get((centre.symbol, coin.symbol), 0.0) >= settings.correlation
    ]
    return [centre, *sorted(others, key=lambda coin: (-coin.share, coin.symbol))]


def _liquidity(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    coins = [coin for coin in figures.coins if coin.share >= settings.small_share and not coin.dust]
    known = [(coin.sale_cost, coin) for coin in coins if coin.sale_cost is not None]
    if coins and not known:
        return Unmeasured(CheckKind.LIQUIDITY, Missing.PRICES)
    cost, coin = max(known, key=lambda each: each[0], default=(0.0, None))
    if coin is None or cost < settings.sale_cost:
        return None
    return CostlySale(_severity(cost, settings.sale_cost), coin.symbol, cost)


def _fees(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    if figures.trading is None:
        return Unmeasured(CheckKind.FEES, Missing.REPORT)
    fees = figures.trading.fees
    return None if fees is None or fees < settings.fees else HighFees(_severity(fees, settings.fees), fees)


def _trades(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    trading = figures.trading
    if trading is None:
        return Unmeasured(CheckKind.TRADES, Missing.REPORT)
    if trading.executions < settings.min_trades:
        return Unmeasured(CheckKind.TRADES, Missing.TRADES, trading.executions, settings.min_trades)
    per_day = trading.executions / max(trading.days, 1.0)
    severity = max(_severity(trading.turnover or 0.0, settings.turnover), _severity(per_day, settings.trades_per_day))
    return ManyTrades(severity, trading.executions, trading.turnover) if severity >= 1 else None


def _disposition(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    trading = figures.trading
    if trading is None:
        return Unmeasured(CheckKind.DISPOSITION, Missing.REPORT)
    if trading.sales < settings.min_trades:
        return Unmeasured(CheckKind.DISPOSITION, Missing.SALES, trading.sales, settings.min_trades)
    held = [coin for coin in _at_risk(figures) if not coin.dust]
    gains = sum(1 for coin in held if coin.unrealised > 0)
    losing = [coin for coin in held if coin.unrealised < 0]
    fewer = min(trading.wins + gains, trading.losses + len(losing))
    found = disposition(trading.wins, gains, trading.losses, len(losing))
    if found is None or fewer < MIN_OUTCOMES:
        return Unmeasured(CheckKind.DISPOSITION, Missing.OUTCOMES, fewer, MIN_OUTCOMES)
    if found.difference < settings.disposition or found.t < SIGNIFICANT:
        return None
    bare = [coin.symbol for coin in losing if coin.tradable and not coin.stopped]
    return KeepsLosers(
        _severity(found.difference, settings.disposition),
        found.gains_realised,
        found.losses_realised,
        bare[0] if bare else None,
    )


def _dust(figures: AccountFigures, settings: CheckupSettings) -> Outcome:
    del settings
    count = sum(1 for coin in figures.coins if coin.dust)
    return SmallBalances(count) if count else None


def _severity(figure: float, threshold: float) -> float:
    return min(figure / threshold, MAX_SEVERITY)


def _at_risk(figures: AccountFigures) -> list[CheckedCoin]:
    """Returns the coins that do not stand for the quote asset's currency."""
    return [coin for coin in figures.coins if not coin.stable]


CHECKS: Mapping[CheckKind, Check] = MappingProxyType(
    {
        CheckKind.LIMITS: _limits,
        CheckKind.STOPS: _stops,
        CheckKind.CONCENTRATION: _concentration,
        CheckKind.CORRELATION: _correlation,
        CheckKind.LIQUIDITY: _liquidity,
        CheckKind.FEES: _fees,
        CheckKind.TRADES: _trades,
        CheckKind.DISPOSITION: _disposition,
        CheckKind.DUST: _dust,
    }
)
