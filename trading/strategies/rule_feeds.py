"""Signals of the rules that robots follow on one symbol and interval, from the archive and then candle by candle. No
I/O.
"""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.market import Candle, Interval, Symbol, within_bounds
from trading.strategies.decisions import TradedRule
from trading.triggers.gauges import CandleAggregator, split

MINUTES_KEPT = 16
"""Newest minutes that are kept while older candles are read."""

TURN_SECONDS = 0.1
"""Work after which a feed leaves the rest of its rules to its next turn."""

ARCHIVED_MS = 10_000
"""Time after which a candle that the archive lacks does not exist."""

_BROKEN = "a rule fails on the candle of %s at %d and gives no signals from now on: %s"

Signal = tuple[bool, bool]
"""Entry and exit signal of a candle."""

log = logging.getLogger(__name__)


class SignalSource(Protocol):
    """Signals of one rule, candle by candle (`trading.rules.signals.SignalStream`)."""

    def update(self, candle: Candle) -> Signal:
        """Takes the next closed candle; returns its entry and exit signal."""


class FollowedRule(Protocol):
    """A rule that was read for an interval."""

    @property
    def rule(self) -> TradedRule:
        """The part of the rule that says how it trades."""

    @property
    def candles(self) -> int:
        """Number of closed candles that are read before the first signal counts."""

    @property
    def seconds(self) -> float:
        """Estimated work of these candles."""

    def stream(self) -> SignalSource:
        """Returns its signals from a first candle on."""


@dataclass(frozen=True, slots=True)
class ClosedCandle:
    """A candle that closed, and its signals by the text of the rule."""

    symbol: Symbol
    interval: Interval
    candle: Candle
    signals: Mapping[str, Signal]

    @property
    def end(self) -> int:
        """Time at which it closed, UTC ms."""
        return self.candle.open_time + self.interval.ms


class RuleStream:
    """Signals of a rule whose failure stops no other rule. From the candle on which it `failed` none are known."""

    def __init__(self, text: str, source: SignalSource) -> None:
        self.failed = False
        self._text = text
        self._source = source

    def update(self, candle: Candle) -> Signal | None:
        """Takes the next closed candle; returns its signals, None if they cannot be computed."""
        if self.failed:
            return None
        try:
            return self._source.update(candle)
        except Exception:
            log.exception(_BROKEN, candle.symbol, candle.open_time, self._text)
            self.failed = True
            return None


@dataclass(slots=True)
class _Followed:
    rule: FollowedRule
    stream: RuleStream | None = None
    until: int = 0
    """End of the last candle that the stream has seen."""


class RuleFeed:
    """Rules on one symbol and interval. It needs `fill` at the start, for each new rule, and after a gap."""

    def __init__(self, symbol: Symbol, interval: Interval) -> None:
        self.symbol = symbol
        self.interval = interval
        self._followed: dict[str, _Followed] = {}
        self._recent: deque[Candle] = deque(maxlen=MINUTES_KEPT)
        self._candles: CandleAggregator | None = None

    def __contains__(self, text: str) -> bool:
        return text in self._followed

    def follow(self, text: str, rule: FollowedRule) -> None:
        """Follows another rule."""
        self._followed.setdefault(text, _Followed(rule))

    def keep(self, texts: frozenset[str]) -> None:
        """Forgets all other rules."""
        self._followed = {text: each for text, each in self._followed.items() if text in texts}

    def failed(self, text: str) -> bool:
        """Returns whether the signals of a rule cannot be computed."""
        each = self._followed.get(text)
        return each is not None and each.stream is not None and each.stream.failed

    def retry(self, text: str) -> None:
        """Reads older candles for a rule that failed, to compute it again."""
        if self.failed(text):
            self._followed[text].stream = None

    @property
    def cold(self) -> bool:
        """True if older candles have to be read."""
        return self._candles is None or any(each.stream is None for each in self._followed.values())

    def take(self, minute: Candle) -> ClosedCandle | None:
        """Takes a closed 1-minute candle; returns the candle that it closes. A minute that was seen is passed over; one
        behind a gap makes the feed cold.
        """
        if not within_bounds(minute) or (self._recent and minute.open_time <= self._recent[-1].open_time):
            return None
        self._recent.append(minute)
        return self._add(minute)

    def _add(self, minute: Candle) -> ClosedCandle | None:
        if self._candles is None or minute.open_time < self._candles.until:
            return None
        if minute.open_time > self._candles.until:
            self._candles = None
            return None
        candle = self._candles.add(minute)
        return None if candle is None else self._close(candle)

    def _close(self, candle: Candle) -> ClosedCandle:
        signals: dict[str, Signal] = {}
        end = candle.open_time + self.interval.ms
        for text, each in self._followed.items():
            if each.stream is None or each.until >= end:
                continue
            if each.until != candle.open_time:
                each.stream = None
                continue
            if (signal := each.stream.update(candle)) is not None:
                signals[text] = signal
            each.until = end
        return ClosedCandle(self.symbol, self.interval, candle, signals)

    # -- the archive -------------------------------------------------------------------------------

    def missing(self) -> dict[str, FollowedRule]:
        """Returns the rules that need older candles: all of them after a gap."""
        if self._candles is None:
            for each in self._followed.values():
                each.stream = None
        return {text: each.rule for text, each in self._followed.items() if each.stream is None}

    def turn(self) -> dict[str, FollowedRule]:
        """Returns the missing rules that are filled next: the cheapest ones."""
        found: dict[str, FollowedRule] = {}
        seconds = 0.0
        for text, rule in sorted(self.missing().items(), key=lambda item: item[1].seconds):
            seconds += rule.seconds
            if found and seconds > TURN_SECONDS:
                break
            found[text] = rule
        return found

    def fill(
        self,
        rules: Mapping[str, FollowedRule],
        read: tuple[Sequence[Candle], Sequence[Candle]],
        streams: Mapping[str, tuple[RuleStream, Signal | None]],
        now: int,
    ) -> list[ClosedCandle]:
        """Takes the streams of `rules`, which have seen the closed candles of `read`; its second part are the minutes
        after them. Returns the last closed candle with their signals, and the candles that closed meanwhile. Empty, and
        the feed stays cold, if the archive has not got the newest candle yet.
        """
        candles, minutes = split(self.symbol, self.interval, *read)
        until = _known_until(candles, self.interval, now)
        known = _known_until(minutes, Interval.M1, now)
        if self._candles is None:
            self._candles = CandleAggregator(self.interval, until)
            for minute in minutes:
                self._candles.add(minute)
            self._candles.until = max(until, known)
        for text, rule in rules.items():
            each = self._followed.get(text)
            if each is not None and each.rule is rule:
                each.stream, each.until = streams[text][0], until
        found = []
        if candles:
            signals = {text: last for text, (_, last) in streams.items() if last is not None and text in self._followed}
            found.append(ClosedCandle(self.symbol, self.interval, candles[-1], signals))
        caught_up = [self._catch_up(minute) for minute in list(self._recent)]
        return [*found, *(each for each in caught_up if each is not None)]

    def _catch_up(self, minute: Candle) -> ClosedCandle | None:
        """Adds a minute that came while older ones were read."""
        if self._candles is not None and minute.open_time > self._candles.until:
            return None
        return self._add(minute)


def run(rules: Mapping[str, FollowedRule], candles: Sequence[Candle]) -> dict[str, tuple[RuleStream, Signal | None]]:
    """Returns the stream of each rule after these candles, with its last signals. CPU-bound: call it in a thread."""
    found: dict[str, tuple[RuleStream, Signal | None]] = {}
    for text, rule in rules.items():
        stream = RuleStream(text, rule.stream())
        signal: Signal | None = None
        for candle in candles:
            signal = stream.update(candle)
        found[text] = stream, signal
    return found


def _known_until(candles: Sequence[Candle], interval: Interval, now: int) -> int:
    """Returns the time up to which these candles are all that there are."""
    width = interval.ms
    end = now // width * width
    last = candles[-1].open_time + width if candles else 0
    return max(end if now - end > ARCHIVED_MS else end - width, last)
