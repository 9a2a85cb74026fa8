"""Figures of the executions of a period: closed trades, cost, order types, holding time. Pure.

Executions that were reversed are neither trades nor cost; what they and their reversal earned is in the realised
profit, as in the ledger.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import Symbol
from trading.orders.types import Side
from trading.performance.trades import HoldingTimes, TradeStatistics, trade_statistics
from trading.reports.account_history import ZERO, AccountHistory, HistoryEntry, HistoryTrade, begins_round, ordered
from trading.reports.performance import ClosedTrade, TypeFigures

EXTREMES = 3
"""Number of best and of worst trades."""


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """Figures of the executions; money is in the quote asset."""

    statistics: TradeStatistics
    executions: int
    holding_ms: float | None
    best: Sequence[ClosedTrade]
    worst: Sequence[ClosedTrade]
    types: Sequence[TypeFigures]
    realised: Decimal
    fees: Decimal
    slippage: Decimal
    bought: Decimal
    sold: Decimal


def trade_figures(history: AccountHistory, entries: Sequence[HistoryEntry]) -> TradeFigures:
    """Returns the figures of `entries`, a part of the history; the rest of it only tells when coins were bought."""
    trades = [(each.time, each.trade) for each in entries if each.trade is not None and not each.trade.undone]
    closed = _closed(trades)
    by_profit = sorted(closed, key=lambda each: (-each.profit, each.order_id))
    types = _by_type([trade for _, trade in trades])
    realised = [(each.trade.realised if each.trade is not None else each.realised) for each in entries]
    return TradeFigures(
        statistics=trade_statistics([each.profit for each in closed]),
        executions=len(trades),
        holding_ms=_holding_ms(history, entries),
        best=[each for each in by_profit if each.profit > 0][:EXTREMES],
        worst=[each for each in reversed(by_profit) if each.profit < 0][:EXTREMES],
        types=types,
        realised=total(realised),
        fees=total([each.fees for each in types]),
        slippage=total([each.slippage for each in types]),
        bought=total([trade.amount for _, trade in trades if trade.side is Side.BUY]),
        sold=total([trade.amount for _, trade in trades if trade.side is Side.SELL]),
    )


def total(amounts: Sequence[Decimal]) -> Decimal:
    """Returns the exact sum."""
    found = ZERO
    for amount in amounts:
        found = EXACT.add(found, amount)
    return found


def _closed(trades: Sequence[tuple[int, HistoryTrade]]) -> list[ClosedTrade]:
    profits: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    last: dict[int, tuple[int, Symbol]] = {}
    for time, trade in trades:
        if trade.side is Side.SELL:
            profits[trade.order_id] = EXACT.add(profits[trade.order_id], trade.realised)
            last[trade.order_id] = time, trade.symbol
    return [ClosedTrade(order, last[order][1], last[order][0], profit) for order, profit in profits.items()]


def _by_type(trades: Sequence[HistoryTrade]) -> list[TypeFigures]:
    kinds: defaultdict[str, list[HistoryTrade]] = defaultdict(list)
    for trade in trades:
        kinds[trade.type].append(trade)
    return [
        TypeFigures(
            kind,
            len(some),
            total([each.amount for each in some]),
            total([each.fee_value for each in some]),
            total([each.slippage_value for each in some]),
            total([each.realised for each in some]),
        )
        for kind, some in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _holding_ms(history: AccountHistory, entries: Sequence[HistoryEntry]) -> float | None:
    times, counted = HoldingTimes(), {each.entry_id for each in entries}
    for entry in ordered(history.entries):
        owner, trade = str(entry.account_id), entry.trade
        if begins_round(entry):
            times.forget(owner)
        elif entry.kind == "merged":
            times.move(owner, str(history.account_id))
        elif trade is not None and not trade.undone:
            if trade.side is Side.BUY:
                times.bought(owner, trade.base, entry.time, trade.received)
            else:
                counts = entry.entry_id in counted
                times.sold(owner, trade.base, entry.time, trade.quantity, trade.price, counts=counts)
    return times.mean_ms
