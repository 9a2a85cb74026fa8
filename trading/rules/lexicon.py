"""Words of the rule language, English and Korean, by what they mean."""

from enum import Enum, auto
from types import MappingProxyType


class Tag(Enum):
    """Meaning of a word."""

    WHEN = auto()
    THEN = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    IS = auto()
    AT = auto()
    LEAST = auto()
    MOST = auto()
    BETWEEN = auto()
    GREATER = auto()
    LESS = auto()
    THAN = auto()
    EQUAL = auto()
    ABOVE = auto()
    BELOW = auto()
    CROSS = auto()
    CROSS_OVER = auto()
    CROSS_UNDER = auto()
    AT_LEAST = auto()
    AT_MOST = auto()
    EXCEEDS = auto()
    SHORT_OF = auto()
    WITHIN = auto()
    LAST = auto()
    BARS = auto()
    BUY = auto()
    SELL = auto()
    STOP = auto()
    TAKE = auto()
    TARGET = auto()
    PROFIT = auto()
    LOSS = auto()
    TRAIL = auto()
    MAX = auto()
    QUOTE = auto()
    BASE = auto()
    STEP = auto()
    FILLER = auto()


_ENGLISH = {
    Tag.WHEN: "when if",
    Tag.THEN: "then",
    Tag.AND: "and",
    Tag.OR: "or",
    Tag.NOT: "not",
    Tag.IS: "is are was",
    Tag.AT: "at",
    Tag.LEAST: "least",
    Tag.MOST: "most",
    Tag.BETWEEN: "between",
    Tag.GREATER: "greater more higher larger",
    Tag.LESS: "less lower smaller fewer",
    Tag.THAN: "than to",
    Tag.EQUAL: "equal equals",
    Tag.ABOVE: "above over up upwards",
    Tag.BELOW: "below under down downwards",
    Tag.CROSS: "cross crosses crossed crossing",
    Tag.CROSS_OVER: "crossover crossabove crosses_above cross_above",
    Tag.CROSS_UNDER: "crossunder crossbelow crosses_below cross_below",
    Tag.EXCEEDS: "exceeds",
    Tag.WITHIN: "within",
    Tag.LAST: "last",
    Tag.BARS: "bar bars candle candles",
    Tag.BUY: "buy buys long enter entry",
    Tag.SELL: "sell sells exit",
    Tag.STOP: "stop stoploss sl stop_loss",
    Tag.TAKE: "take",
    Tag.TARGET: "tp takeprofit take_profit target",
    Tag.PROFIT: "profit",
    Tag.LOSS: "loss",
    Tag.TRAIL: "trail trailing ts trailing_stop",
    Tag.MAX: "max all everything",
    Tag.QUOTE: "quote usd usdt usdc dollar dollars",
    Tag.BASE: "base coin coins unit units",
    Tag.STEP: "step by",
    Tag.FILLER: "a an the of my in for with equity balance cash position portfolio account",
}
_KOREAN = {
    Tag.WHEN: "조건",
    Tag.THEN: "이면 면 하면 일때 때 할때 경우 일경우 시",
    Tag.AND: "그리고 이고 고 하고 이며",
    Tag.OR: "또는 혹은 이거나 거나 하거나",
    Tag.NOT: "아닌",
    Tag.ABOVE: "위",
    Tag.BELOW: "아래",
    Tag.CROSS_OVER: "상향돌파 상향 돌파 골든크로스",
    Tag.CROSS_UNDER: "하향돌파 하향이탈 하향 이탈 데드크로스",
    Tag.AT_LEAST: "이상",
    Tag.AT_MOST: "이하",
    Tag.EXCEEDS: "초과",
    Tag.SHORT_OF: "미만",
    Tag.WITHIN: "이내 안 동안",
    Tag.BARS: "봉 캔들 개봉",
    Tag.BUY: "매수",
    Tag.SELL: "매도 청산",
    Tag.STOP: "손절",
    Tag.TARGET: "익절",
    Tag.TRAIL: "추적손절 추적 트레일링 트레일링스톱 트레일링스탑",
    Tag.MAX: "전량 전부 최대 모두",
    Tag.QUOTE: "달러",
    Tag.BASE: "코인",
    Tag.STEP: "간격",
    Tag.FILLER: "가 이 은 는 을 를 의 에 에서 로 으로 보다 만 도 하 일 인 씩 최근",
}
_KOREAN_FIGURES = {
    "종가": "close",
    "시가": "open",
    "고가": "high",
    "저가": "low",
    "거래량": "volume",
    "가격": "close",
    "현재가": "close",
    "이동평균": "sma",
    "이동평균선": "sma",
    "이평": "sma",
    "이평선": "sma",
    "단순이동평균": "sma",
    "지수이동평균": "ema",
    "지수이동평균선": "ema",
    "볼린저": "bollinger",
    "볼린저밴드": "bollinger",
    "스토캐스틱": "stochastic",
    "일목균형표": "ichimoku",
    "슈퍼트렌드": "supertrend",
    "상단": "upper",
    "하단": "lower",
    "중단": "middle",
}


def _by_word(words: dict[Tag, str]) -> dict[str, Tag]:
    return {word: tag for tag, each in words.items() for word in each.split()}


TAGS = MappingProxyType(_by_word(_ENGLISH) | _by_word(_KOREAN))
"""Meaning of each word."""

KOREAN_NAMES = MappingProxyType(_KOREAN_FIGURES)
"""Name of a price, an indicator or an output by its Korean word."""

_SEGMENTS = frozenset(_by_word(_KOREAN)) | frozenset(_KOREAN_FIGURES)
_LONGEST = max(map(len, _SEGMENTS))


def segments(run: str) -> list[str]:
    """Divides a run of Hangul into known words, the longest first; what is not known stays whole, as the last one."""
    found: list[str] = []
    while run:
        length = next((n for n in range(min(len(run), _LONGEST), 0, -1) if run[:n] in _SEGMENTS), len(run))
        found.append(run[:length])
        run = run[length:]
    return found
