"""Checks between the source and the bus. Only data that passes them is shown, traded on and stored."""

from collections.abc import Iterable, Sequence

import msgspec

from pipeline.market import MINUTE_MS, Candle, Frame, Symbol, Tick, Trade
from pipeline.quality import quote_checks
from pipeline.quality.candle_checks import CandleLane
from pipeline.quality.counters import QualityCounts, Quarantined
from pipeline.quality.decimal_text import all_plain, flaw_of_texts
from pipeline.quality.quote_checks import QuoteState
from pipeline.quality.reasons import Reason
from pipeline.quality.trade_checks import TradeLanes

FUTURE_MS = 10_000
"""Milliseconds by which a time may be ahead of the source's clock."""

PAST_MS = 366 * 86_400_000
"""Age (ms) above which a time must be in another unit. It is long, because a closed market keeps its last price."""

FROZEN_MS = 3_600_000
"""Time (ms) without a move of price, bid and ask after which a market that is still confirmed is frozen."""

MAX_SYMBOLS = 10_000
_WIDEST_GAP_MS = 3_600_000
_MISSED = 3
_STALE_MS = 60_000


class QualityStatus(msgspec.Struct, frozen=True):
    """State of the symbols: the number of known ones, and the stale, frozen, disagreeing and waiting ones."""

    symbols: int
    stale: tuple[Symbol, ...]
    frozen: tuple[Symbol, ...]
    disagreeing: tuple[Symbol, ...]
    waiting: tuple[Symbol, ...]


class Inspector:
    """Filter that removes wrong and unconfirmed data from frames. It costs a few comparisons per quote.

    `cadence_ms` is how often the source confirms a symbol: prices of a slower market may move further in between.
    Frames must come in the order of the source. Not for use by several tasks.
    """

    def __init__(self, cadence_ms: int = 1000) -> None:
        self.counts = QualityCounts()
        self.unknown_seen = False
        self._most_gap_ms = max(_WIDEST_GAP_MS, cadence_ms)
        self._stale_ms = max(_STALE_MS, _MISSED * cadence_ms)
        self._symbols: frozenset[Symbol] | None = None
        self._known: dict[Symbol, QuoteState] = {}
        self._lane = CandleLane(self.counts, self._recent_of)
        self._trades = TradeLanes(self.counts, self._known.get, max_gap_ms=self._most_gap_ms, future_ms=FUTURE_MS)

    def set_symbols(self, symbols: Iterable[Symbol]) -> None:
        """Sets the source's symbols: quotes of others are dropped. Before the first call, every symbol may pass."""
        self._symbols = frozenset(symbols)
        self.unknown_seen = False
        for symbol in self._known.keys() - self._symbols:
            del self._known[symbol]
        self._lane.forget_all_but(self._symbols)
        self._trades.forget_all_but(self._symbols)

    def inspect(self, frame: Frame, now: int) -> Frame:
        """Returns the part of the frame that passes; the frame itself if all of it passes. `now` is the source's clock
        (UTC ms).
        """
        time = frame.time if now - PAST_MS <= frame.time <= now + FUTURE_MS else now
        before = self._trades.before(frame.trades) if frame.trades else {}
        ticks = self._ticks(frame, now)
        candles: Sequence[Candle] = frame.candles
        if candles or self._lane.waits:
            candles = self._candles(candles, now)
        trades: Sequence[Trade] = frame.trades
        if trades:
            passed = self._trades.take(trades, before, frame.candles, now)
            trades = trades if _same(passed, trades) else passed
        whole = len(ticks) == len(frame.ticks) and candles is frame.candles and trades is frame.trades
        return frame if whole and time == frame.time else Frame(time, tuple(ticks), tuple(candles), tuple(trades))

    def condition(self, now: int) -> QualityStatus:
        """Returns the state of the symbols at `now`, sorted by name."""
        stale, frozen, disagreeing, waiting = [], [], [], []
        for symbol, known in self._known.items():
            if now - known.time > self._stale_ms:
                stale.append(symbol)
            elif known.time - known.moved >= FROZEN_MS:
                frozen.append(symbol)
            if known.disagrees:
                disagreeing.append(symbol)
            if known.held is not None:
                waiting.append(symbol)
        lists = (tuple(sorted(found)) for found in (stale, frozen, disagreeing, waiting))
        return QualityStatus(len(self._known), *lists)

    # -- quotes ----------------------------------------------------------------------------------

    def _ticks(self, frame: Frame, now: int) -> list[Tick]:
        ticks: Sequence[Tick] = frame.ticks
        self.counts.ticks += len(ticks)
        if not all_plain(ticks):
            ticks = [tick for tick in ticks if self._is_plain(tick, now)]
        known_of, latest, steady = self._known.get, now + FUTURE_MS, quote_checks.is_stable
        passed: list[Tick] = []
        for tick in ticks:
            known, time = known_of(tick.symbol), tick.time
            if known is None or known.held is not None or not known.time < time <= latest:
                if self._judged(known, tick, now, frame.candles):
                    passed.append(tick)
                continue
            before = known.tick
            if tick.price == before.price and tick.bid == before.bid and tick.ask == before.ask:
                known.tick, known.time = tick, time
                known.recent.append(known.price)
                passed.append(tick)
                continue
            price, bid, ask = float(tick.price), float(tick.bid or 0), float(tick.ask or 0)
            there = price > 0.0 and (bid > 0.0 or not tick.bid) and (ask > 0.0 or not tick.ask)
            if there and (bid <= ask or not ask) and steady(known, price, bid, ask):
                self._accept(known, tick, price, bid, ask)
                passed.append(tick)
            elif self._judged(known, tick, now, frame.candles):
                passed.append(tick)
        return passed

    def _is_plain(self, tick: Tick, now: int) -> bool:
        flaw = flaw_of_texts(tick)
        if flaw is not None:
            self.counts.add(flaw, now)
        return flaw is None

    def _accept(self, known: QuoteState, tick: Tick, price: float, bid: float, ask: float) -> None:
        known.tick, known.time, known.moved = tick, tick.time, tick.time
        known.price, known.bid, known.ask = price, bid, ask
        known.recent.append(price)
        disagrees = quote_checks.outside_its_book(price, bid, ask)
        if disagrees != known.disagrees:
            known.disagrees = disagrees
            if disagrees:
                self.counts.add(Reason.DISAGREEMENT, tick.time)

    def _judged(self, known: QuoteState | None, tick: Tick, now: int, candles: Sequence[Candle]) -> bool:
        """Applies all checks to a quote that did not pass the fast path. Returns whether it passes."""
        flaw = self._flaw(known, tick, now)
        if flaw is not None:
            self.counts.add(flaw, now)
            return False
        if known is None:
            known = self._known[tick.symbol] = quote_checks.start_tracking(tick)
            self._accept(known, tick, *quote_checks.numbers(tick))
            return True
        reason = quote_checks.outlier_reason(known, tick, self._most_gap_ms)
        held = known.held
        if reason is None:
            if held is not None:
                self.counts.decide(held.entry, Reason.REFUTED, tick.time)
                known.held = None
            self._accept(known, tick, *quote_checks.numbers(tick))
            return True
        if held is not None and quote_checks.confirms(held, tick):
            self.counts.decide(held.entry, Reason.CONFIRMED, tick.time)
            return self._believe(known, tick)
        if held is None and quote_checks.supported_by_candles(known, tick, candles):
            return self._believe(known, tick)
        self._hold(known, tick, reason)
        return False

    def _believe(self, known: QuoteState, tick: Tick) -> bool:
        """Accepts the market's new price level; earlier prices no longer count. Returns True."""
        known.held = None
        known.recent.clear()
        self._accept(known, tick, *quote_checks.numbers(tick))
        return True

    def _hold(self, known: QuoteState, tick: Tick, reason: Reason) -> None:
        held = known.held
        if held is None or not quote_checks.same_statement(held.tick, tick):
            entry = Quarantined(tick.symbol, tick.time, reason, tick.price, tick.bid, tick.ask, known.price)
            if held is not None:
                self.counts.decide(held.entry, Reason.REFUTED, tick.time)
            self.counts.hold(entry)
            first, times = (held.first, held.quotes + 1) if held else (tick.time, 1)
            known.held = quote_checks.QuarantinedQuote(tick, first, tick.time, entry, times)
        else:
            held.quotes += 1
            held.tick = tick

    def _flaw(self, known: QuoteState | None, tick: Tick, now: int) -> Reason | None:
        price, bid, ask = quote_checks.numbers(tick)
        last = 0 if known is None else known.held.tick.time if known.held else known.time
        flaws = (
            (Reason.UNKNOWN_SYMBOL, known is None and not self._may_start(tick.symbol)),
            (Reason.FUTURE, tick.time > now + FUTURE_MS),
            (Reason.PAST, tick.time < now - PAST_MS),
            (Reason.DUPLICATE, tick.time == last),
            (Reason.OUT_OF_ORDER, tick.time < last),
            (Reason.ZERO_PRICE, not price or (bool(tick.bid) and not bid) or (bool(tick.ask) and not ask)),
            (Reason.CROSSED, bool(bid) and bool(ask) and bid > ask),
        )
        return next((reason for reason, found in flaws if found), None)

    def _may_start(self, symbol: Symbol) -> bool:
        if self._symbols is not None:
            found = symbol in self._symbols
            self.unknown_seen = self.unknown_seen or not found
            return found
        return possible_name(symbol) and max(len(self._known), self._lane.size) < MAX_SYMBOLS

    # -- candles ---------------------------------------------------------------------------------

    def _candles(self, candles: Sequence[Candle], now: int) -> Sequence[Candle]:
        self.counts.candles += len(candles)
        passed: list[Candle] = []
        for candle in candles:
            flaw = self._flaw_of_candle(candle, now)
            if flaw is None:
                passed += self._lane.take(candle)
            else:
                self.counts.add(flaw, now)
        passed += self._lane.overdue(now)
        return candles if _same(passed, candles) else passed

    def _flaw_of_candle(self, candle: Candle, now: int) -> Reason | None:
        if candle.symbol not in self._known and not self._may_start(candle.symbol):
            return Reason.UNKNOWN_SYMBOL
        if candle.open_time + MINUTE_MS > now + FUTURE_MS:
            return Reason.FUTURE
        return self._lane.flaw(candle)

    def _recent_of(self, symbol: Symbol) -> Iterable[float]:
        known = self._known.get(symbol)
        return known.recent if known is not None else ()


def _same(passed: Sequence[object], given: Sequence[object]) -> bool:
    return len(passed) == len(given) and all(a is b for a, b in zip(passed, given, strict=True))


def possible_name(symbol: str) -> bool:
    """True for at most 64 letters of any script, digits, `_`, `.` and `-`."""
    return 0 < len(symbol) <= 64 and all(letter.isalnum() or letter in "_.-" for letter in symbol)  # noqa: PLR2004
