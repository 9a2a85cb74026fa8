"""Checks of trades, which pass, wait for the next trade of their symbol, or are dropped.

A trade is SUSPECT if its price is beyond the floor of `outlier_limit` from the last trade that passed and from every
price of the quotes that passed: the last price before this frame, and the last price, bid and ask now. A candle of the
same frame that traded there (`supported`) clears it. A suspect trade is HELD, and the next trade of the symbol decides:

- It is near the held one and far from the old prices too: the held trade is CONFIRMED, and both pass.
- It is elsewhere: the held trade is REFUTED and never passes.

So a market that jumps loses none of its trades, and one wrong print triggers nothing.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.decimals import is_plain
from pipeline.market import MINUTE_MS, Candle, Symbol, Trade
from pipeline.quality.counters import QualityCounts, Quarantined
from pipeline.quality.outlier_limit import FLOOR, distance, widening
from pipeline.quality.quote_checks import SUPPORTED_MOVE, QuoteState, reaches
from pipeline.quality.reasons import Reason

LATE_MS = 15_000
"""Age (ms) above which a trade is stale, measured against the symbol's last quote before the frame."""

RESTART_MS = 5_000
"""Time (ms) by which a trade with a smaller id must be later for the ids to have begun anew."""

_NEGATIVE = re.compile(r"-\d{1,18}(?:\.\d{1,18})?", re.ASCII)


@dataclass(slots=True)
class _Lane:
    """Last trade of a symbol that was judged (`trade_id`, `time`), the last price that passed, and the trade that
    waits.
    """

    trade_id: int
    time: int
    price: float = 0.0
    passed_at: int = 0
    held: tuple[Trade, Quarantined] | None = None


class TradeLanes:
    """Trades of all symbols. `quote_of` returns the last quote of a symbol that passed."""

    def __init__(
        self,
        counts: QualityCounts,
        quote_of: Callable[[Symbol], QuoteState | None],
        *,
        max_gap_ms: int,
        future_ms: int,
    ) -> None:
        self._counts = counts
        self._quote_of = quote_of
        self._max_gap_ms = max_gap_ms
        self._future_ms = future_ms
        self._lanes: dict[Symbol, _Lane] = {}

    def forget_all_but(self, symbols: Collection[Symbol]) -> None:
        """Removes the state of all other symbols."""
        for symbol in self._lanes.keys() - symbols:
            del self._lanes[symbol]

    def before(self, trades: Iterable[Trade]) -> dict[Symbol, tuple[int, float]]:
        """Returns time and price of the last quote of each traded symbol, to be taken before the frame's quotes."""
        found = {trade.symbol: self._quote_of(trade.symbol) for trade in trades}
        return {symbol: (quote.time, quote.price) for symbol, quote in found.items() if quote is not None}

    def take(
        self,
        trades: Sequence[Trade],
        before: Mapping[Symbol, tuple[int, float]],
        candles: Sequence[Candle],
        now: int,
    ) -> list[Trade]:
        """Returns the trades that pass, after the frame's quotes were judged. `now` is the source's clock (UTC ms)."""
        self._counts.trades += len(trades)
        passed: list[Trade] = []
        for trade in trades:
            quote, lane = self._quote_of(trade.symbol), self._lanes.get(trade.symbol)
            if quote is None:
                self._counts.add(Reason.UNKNOWN_SYMBOL, now)
                continue
            flaw = _flaw(trade, lane, before.get(trade.symbol), now + self._future_ms)
            if flaw is not None:
                self._counts.add(flaw, now)
                continue
            if lane is None:
                lane = self._lanes[trade.symbol] = _Lane(trade.trade_id, trade.time)
            lane.trade_id, lane.time = trade.trade_id, trade.time
            passed += self._judged(lane, trade, quote, before.get(trade.symbol), candles)
        return passed

    def _judged(
        self,
        lane: _Lane,
        trade: Trade,
        quote: QuoteState,
        before: tuple[int, float] | None,
        candles: Sequence[Candle],
    ) -> list[Trade]:
        price = float(trade.price)
        held, lane.held = lane.held, None
        anchors = [(quote.time, each) for each in (quote.price, quote.bid, quote.ask)]
        anchors += [(lane.passed_at, lane.price)] if lane.price else []
        anchors += [before] if before else []
        usual = lane.price or (before[1] if before else quote.price)
        known = any(self._near(trade.time, price, *anchor) for anchor in anchors) or supported(trade, usual, candles)
        confirmed = held is not None and not known and _confirms(held[0], trade)
        if held is not None:
            self._counts.decide(held[1], Reason.CONFIRMED if confirmed else Reason.REFUTED, trade.time)
        if known or confirmed:
            lane.price, lane.passed_at = price, trade.time
            return [held[0], trade] if held is not None and confirmed else [trade]
        entry = Quarantined(trade.symbol, trade.time, Reason.TRADE_SPIKE, trade.price, "", "", usual)
        self._counts.hold(entry)
        lane.held = trade, entry
        return []

    def _near(self, time: int, price: float, known_at: int, known: float) -> bool:
        if not known:
            return False
        return distance(price, known) <= FLOOR * widening(abs(time - known_at), self._max_gap_ms) ** 2


def supported(trade: Trade, usual: float, candles: Iterable[Candle]) -> bool:
    """True if a candle traded from the usual price to the trade's, within a factor of two, in the trade's minute."""
    price = float(trade.price)
    return distance(price, usual) <= SUPPORTED_MOVE and any(
        candle.open_time <= trade.time <= candle.open_time + MINUTE_MS
        and candle.volume > 0
        and candle.low <= price <= candle.high
        and reaches(candle, usual)
        for candle in candles
        if candle.symbol == trade.symbol
    )


def _confirms(held: Trade, trade: Trade) -> bool:
    return trade.time - held.time <= LATE_MS and distance(float(trade.price), float(held.price)) <= FLOOR


def _flaw(trade: Trade, lane: _Lane | None, before: tuple[int, float] | None, latest: int) -> Reason | None:
    return next(_flaws(trade, lane, before, latest), None)


def _flaws(trade: Trade, lane: _Lane | None, before: tuple[int, float] | None, latest: int) -> Iterator[Reason]:
    odd = [text for text in (trade.price, trade.quantity) if not is_plain(text)]
    if odd:
        yield Reason.NEGATIVE if all(_NEGATIVE.fullmatch(text) for text in odd) else Reason.NOT_A_NUMBER
        return
    if not (float(trade.price) and float(trade.quantity)):
        yield Reason.ZERO_PRICE
    if trade.time > latest:
        yield Reason.FUTURE
    if before is not None and trade.time < before[0] - LATE_MS:
        yield Reason.PAST
    if lane is None:
        return
    restarted = trade.time >= lane.time + RESTART_MS
    if trade.trade_id <= lane.trade_id and not restarted:
        yield Reason.DUPLICATE if trade.trade_id == lane.trade_id else Reason.OUT_OF_ORDER
    if trade.time < lane.time:
        yield Reason.OUT_OF_ORDER
