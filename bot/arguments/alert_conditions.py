"""Reader of conditions of alerts: `rsi < 30`, `24h -5%`, `high 30d`, `volume 3x 1h`, `ma50 +3% 4h`, `volatility 3% 1d`.

    change       24h -5%     -5% 1h      drops 5% in 1h    change +10%       24시간 -5%    1시간에 5% 하락
    high, low    high 30d    30d low     new high 7d       high              신고가 30일    7일 신저가
    volume       volume 3x   vol > 5x 15m    volume(50) 3x 4h    3x volume   거래량 3배 1시간
    volatility   volatility 3% 1h    volatility > 10% 7d                     변동성 3% 1시간
    average      ma50 +3%    ema20 -2% 4h    > ma200 1d    ma50 cross        이평50 +3%    ma50 이상 4시간
    RSI          rsi < 30    rsi(14) 4h > 70    rsi14 30                     RSI 30 이하

The parts may stand in any order. What is left out is an hour's candles, 20 candles of volume, 14 of the RSI, 30 days of
a high or low, and a day of a change or volatility.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.arguments.alert_options import ENDS, NOTES, PAUSES, REPEATS
from bot.arguments.amounts import read_amount
from bot.arguments.durations import minutes_of
from bot.errors import NotAChoice
from core.decimals import EXACT
from core.errors import Refused
from pipeline.market import MINUTE_MS, Interval
from trading.alerts.condition_alerts import (
    BOUNDS,
    CHANGE_WINDOWS,
    MAX_DAYS,
    VOLATILITY_WINDOWS,
    check_condition,
    extreme_candles,
)
from trading.alerts.errors import ConditionOutOfBounds, DaysOutOfBounds
from trading.triggers.conditions import Condition, Measure
from trading.triggers.price_levels import Direction

EXAMPLES = ("rsi < 30", "24h -5%", "high 30d", "volume 3x 1h", "ma50 +3% 1h", "volatility 3% 1d")
_MOST_WORDS = 10
_DAY = 1440
_DEFAULT_DAYS = 30
_DEFAULT_LENGTHS = {Measure.VOLUME: 20, Measure.RSI: 14, Measure.SMA: 50, Measure.EMA: 50}
_RSI_MIDDLE = 50
_TWO = 2

_NUMBER = r"[0-9](?:[0-9.,]{0,16}[0-9])?"
_LENGTH = r"(?: ?\( ?([0-9]{1,5}) ?\)"
_END = r"(?![a-z0-9])"
_COUNT = r"| ?([0-9]{1,5})(?! ?%|\.|,| ?퍼| ?프))?"
"""Number of candles behind an average, which is no percentage."""
_TOKENS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.ASCII | re.IGNORECASE)
    for name, pattern in {
        "rsi": rf"(?:rsi|상대강도지수|상대강도){_LENGTH}|([0-9]{{1,5}}))?{_END}",
        "ema": rf"(?:ema|지수이동평균선|지수이동평균|지수이평선|지수이평){_LENGTH}{_COUNT}{_END}",
        "sma": rf"(?:sma|ma|이동평균선|이동평균|이평선|이평){_LENGTH}{_COUNT}{_END}",
        "volatility": rf"(?:reali[sz]ed )?volatility{_END}|변동성",
        "volume": rf"(?:volume|vol|거래량){_LENGTH})?{_END}",
        "high": rf"(?:new )?(?:highest|highs?){_END}|신고가|최고가|고점",
        "low": rf"(?:new )?(?:lowest|lows?){_END}|신저가|최저가|저점",
        "change": rf"change{_END}|등락률|변동률",
        "share": rf"([+-]?) ?({_NUMBER}) ?(?:%|percent|퍼센트|프로)",
        "times": rf"({_NUMBER}) ?(?:[x×]{_END}|times{_END}|배)|[x×] ?({_NUMBER})",
        "span": r"([0-9]{1,5}) ?([a-z가-힣]+)",
        "up": rf"(?:up|rises?|gains?){_END}|↑|상승하면|상승|오르면|올라",
        "down": rf"(?:down|drops?|falls?|loses?){_END}|↓|하락하면|하락|내리면|떨어지면",
        "above": rf">=|=>|>|≥|(?:above|over){_END}|이상|초과|위|돌파하면|돌파",
        "below": rf"<=|=<|<|≤|(?:below|under){_END}|이하|미만|아래|밑",
        "cross": rf"cross(?:es)?{_END}|교차",
        "number": rf"([+-]?)({_NUMBER})",
        "filler": (
            rf"(?:in|within|of|the|a|than|to|at|spike|candles?|last|past|average|avg){_END}"
            r"|최근|급증|대비|평균|선|봉|[이가을를로으에의]"
        ),
    }.items()
}
_MEASURES = {
    "rsi": Measure.RSI,
    "ema": Measure.EMA,
    "sma": Measure.SMA,
    "volatility": Measure.VOLATILITY,
    "volume": Measure.VOLUME,
    "high": Measure.HIGH,
    "low": Measure.LOW,
    "change": Measure.CHANGE,
}
_PARTICLES = ("동안", "안에", "에", "내", "간")
_INTERVALS = {interval.ms // MINUTE_MS: interval for interval in Interval}


@dataclass(frozen=True, slots=True)
class ConditionLevel:
    """Condition as typed. Its direction is that of the present figure's other side if it `crosses`."""

    condition: Condition
    crosses: bool = False


_Found = dict[str, list[re.Match[str]]]


def _scan(text: str) -> _Found | None:
    """Returns the parts of the text by name; None if a part of it is none."""
    found: _Found = defaultdict(list)
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        for name, pattern in _TOKENS.items():
            match = pattern.match(text, at)
            if match is None or (name == "span" and _minutes(match) is None):
                continue
            found[name].append(match)
            at = match.end()
            break
        else:
            return None
    return found


def _minutes(span: re.Match[str]) -> int | None:
    for particle in ("", *_PARTICLES):
        if span[2].endswith(particle):
            minutes = minutes_of(f"{span[1]}{span[2].removesuffix(particle) if particle else span[2]}")
            if minutes is not None:
                return minutes
    return None


def _is_condition(found: _Found) -> bool:
    """Returns whether the parts name a measure, or a move within a time."""
    if any(found[name] for name in _MEASURES):
        return True
    return bool(found["span"] and found["share"] and not found["number"])


def begins_condition(word: str) -> bool:
    """Returns whether the word begins a condition: one of a measure, alone or glued to its length or level."""
    return any((match := _TOKENS[name].match(word)) and match.start() == 0 for name in _MEASURES)


def condition_span(words: tuple[str, ...]) -> int:
    """Returns the number of words of the condition that they begin with; 0 if they begin with none."""
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        found = _scan(" ".join(words[:count]))
        if found is not None and _is_condition(found):
            return count if count == len(words) or _complete(" ".join(words[:count])) else wrong_span(words)
    return wrong_span(words) if words and begins_condition(words[0]) else 0


def _complete(text: str) -> bool:
    """Returns whether nothing is missing in the condition, though a part of it may be out of bounds."""
    try:
        read_condition(text)
    except NotAChoice as error:
        return error.text != text
    except Refused:
        return True
    return True


def wrong_span(words: tuple[str, ...]) -> int:
    """Returns the number of words up to the options of an alert: those that a correction has to replace."""
    ends = REPEATS | PAUSES | ENDS | NOTES
    return next((at for at, word in enumerate(words) if at and word.casefold() in ends), len(words))


def is_condition(text: str) -> bool:
    """Returns whether the text is a condition, also one with mistakes."""
    words = tuple(text.split())
    return condition_span(words) == len(words) > 0 or begins_condition(words[0])


def read_condition(text: str) -> ConditionLevel:
    """Returns the condition. Raises NotAChoice, ConditionOutOfBounds, LengthOutOfBounds, DaysOutOfBounds, and as
    `read_amount` does.
    """
    text = " ".join(text.split())
    found = _scan(text)
    if found is None or not _is_condition(found):
        raise NotAChoice(text, EXAMPLES)
    parts = _Parts(text, found)
    level = parts.level()
    check_condition(level.condition)
    return level


class _Parts:
    """Parts of one condition."""

    def __init__(self, text: str, found: _Found) -> None:
        self._text = text
        self._found = found
        named = [measure for name, measure in _MEASURES.items() if found[name]]
        if len(named) > 1 or any(len(found[name]) > 1 for name in (*_MEASURES, "share", "times", "span")):
            raise NotAChoice(text, EXAMPLES)
        self._measure = named[0] if named else Measure.CHANGE

    def level(self) -> ConditionLevel:
        match self._measure:
            case Measure.HIGH | Measure.LOW:
                return ConditionLevel(self._extreme())
            case Measure.CHANGE:
                return ConditionLevel(self._change())
            case Measure.VOLUME:
                return ConditionLevel(self._volume())
            case Measure.VOLATILITY:
                return ConditionLevel(self._volatility())
            case Measure.RSI:
                return ConditionLevel(self._rsi())
        return self._average()

    def _extreme(self) -> Condition:
        if self._found["share"] or self._found["times"]:
            raise NotAChoice(self._text, ("high 30d", "low 30d"))
        if self._found["number"]:
            raise DaysOutOfBounds(self._found["number"][0][0], MAX_DAYS)
        minutes = self._minutes()
        days, rest = divmod(_DEFAULT_DAYS * _DAY if minutes is None else minutes, _DAY)
        if rest or not 1 <= days <= MAX_DAYS:
            raise DaysOutOfBounds(self._found["span"][0][0], MAX_DAYS)
        direction = Direction.ABOVE if self._measure is Measure.HIGH else Direction.BELOW
        return Condition(self._measure, direction, Decimal(0), *extreme_candles(days))

    def _change(self) -> Condition:
        share = self._share()
        interval, length = self._window(CHANGE_WINDOWS, _DAY)
        if share is None:
            raise NotAChoice(self._text, ("24h +5%", "24h -5%"))
        level, direction = self._signed(share, ("24h +5%", "24h -5%"))
        return Condition(Measure.CHANGE, direction, level, interval, length)

    def _volume(self) -> Condition:
        times = self._found["times"]
        typed = (times[0][1] or times[0][2]) if times else self._number()
        share = self._share()
        if (typed is None and share is None) or self._negative():
            raise NotAChoice(self._text, ("volume 3x 1h", "volume 5x 15m"))
        level = read_amount(typed) if typed is not None else share or Decimal(0)
        return Condition(Measure.VOLUME, self._direction(Direction.ABOVE), level, self._interval(), self._length())

    def _volatility(self) -> Condition:
        share = self._share()
        if share is None or self._negative():
            raise NotAChoice(self._text, ("volatility 3% 1h", "volatility 10% 7d"))
        interval, length = self._window(VOLATILITY_WINDOWS, _DAY)
        return Condition(Measure.VOLATILITY, self._direction(Direction.ABOVE), share, interval, length)

    def _rsi(self) -> Condition:
        numbers = [match[2] for match in self._found["number"]]
        share = self._found["share"]
        typed = [*numbers, *(match[2] for match in share)]
        if not 1 <= len(typed) <= _TWO:
            raise NotAChoice(self._text, ("rsi < 30", "rsi(14) 4h > 70"))
        length = int(numbers[0]) if len(typed) == _TWO and numbers[0].isdigit() else self._length()
        level = -read_amount(typed[-1]) if self._negative() else read_amount(typed[-1])
        if level < 0:
            raise ConditionOutOfBounds(Measure.RSI.value, level, *BOUNDS[Measure.RSI])
        usual = Direction.ABOVE if level >= _RSI_MIDDLE else Direction.BELOW
        return Condition(Measure.RSI, self._direction(usual), level, self._interval(), length)

    def _average(self) -> ConditionLevel:
        share = self._share()
        interval, length = self._interval(), self._length()
        if share is not None:
            name = f"{'ma' if self._measure is Measure.SMA else 'ema'}{length}"
            level, direction = self._signed(share, (f"{name} +3%", f"{name} -3%"))
            return ConditionLevel(Condition(self._measure, direction, level, interval, length))
        if self._found["number"]:
            raise NotAChoice(self._text, ("ma50 +3%", "ma50 cross"))
        crosses = not self._sides()
        direction = self._direction(Direction.ABOVE)
        return ConditionLevel(Condition(self._measure, direction, Decimal(0), interval, length), crosses)

    # -- parts ---------------------------------------------------------------------------------

    def _share(self) -> Decimal | None:
        """Returns the percentage as a fraction with its sign."""
        if not self._found["share"]:
            return None
        sign, number = self._found["share"][0].group(1, 2)
        fraction = EXACT.scaleb(read_amount(number), -2)
        return -fraction if sign == "-" else fraction

    def _negative(self) -> bool:
        """Returns whether a number or a percentage has a minus before it."""
        return any(match[1] == "-" for name in ("number", "share") for match in self._found[name])

    def _signed(self, share: Decimal, examples: tuple[str, str]) -> tuple[Decimal, Direction]:
        """Returns the level and the direction. Raises NotAChoice for a percentage whose sign is unclear."""
        sides = self._sides()
        if self._found["share"][0][1]:
            usual = Direction.ABOVE if share > 0 else Direction.BELOW
            return share, sides[0] if sides else usual
        if self._found["down"] or (self._found["below"] and self._measure is not Measure.CHANGE):
            return -share, Direction.BELOW
        if self._found["up"] or self._found["above"]:
            return share, Direction.ABOVE
        raise NotAChoice(self._text, examples)

    def _sides(self) -> list[Direction]:
        above = [Direction.ABOVE for name in ("above", "up") if self._found[name]]
        return above + [Direction.BELOW for name in ("below", "down") if self._found[name]]

    def _direction(self, usual: Direction) -> Direction:
        sides = self._sides()
        return sides[0] if sides else usual

    def _number(self) -> str | None:
        return self._found["number"][0][2] if self._found["number"] else None

    def _length(self) -> int:
        """Returns the number of candles as typed behind the measure, or the usual one."""
        for name, measure in _MEASURES.items():
            if measure is self._measure and self._found[name]:
                typed = next((group for group in self._found[name][0].groups() if group), None)
                return int(typed) if typed else _DEFAULT_LENGTHS[measure]
        return _DEFAULT_LENGTHS[self._measure]

    def _minutes(self) -> int | None:
        return _minutes(self._found["span"][0]) if self._found["span"] else None

    def _interval(self) -> Interval:
        minutes = self._minutes()
        if minutes is None:
            return Interval.H1
        if minutes not in _INTERVALS:
            raise NotAChoice(self._found["span"][0][0], tuple(Interval))
        return _INTERVALS[minutes]

    def _window(self, windows: Mapping[int, tuple[Interval, int]], usual: int) -> tuple[Interval, int]:
        typed = self._minutes()
        minutes = usual if typed is None else typed
        if minutes not in windows:
            raise NotAChoice(self._found["span"][0][0], tuple(span_name(each) for each in windows))
        return windows[minutes]


def span_name(minutes: int) -> str:
    """Returns the time as it is typed: `5m`, `4h`, `30d`."""
    if minutes % _DAY == 0:
        return f"{minutes // _DAY}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
