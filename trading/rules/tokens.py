"""Words of a rule with their places. No character is refused here but those that no rule has."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from pipeline.market import Interval
from trading.rules.errors import RuleProblem, RuleSyntaxError
from trading.rules.lexicon import KOREAN_NAMES, TAGS, Tag, segments
from trading.rules.limits import MAX_TEXT

_SAME = str.maketrans(
    "０１２３４５６７８９（），．＜＞＝＋－−–＊×／÷％［］＠；！｜＆\u00a0\u3000", "0123456789(),.<>=+---**//%[]@;!|&  "
)
"""Other forms of the signs, character by character."""

_SYMBOLS = {"=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "&&": "&", "||": "|"}
_SYMBOL_TAGS = {"&": Tag.AND, "|": Tag.OR, "!": Tag.NOT, "$": Tag.QUOTE}
_KOREAN_INTERVALS = {"1분": "1m", "5분": "5m", "15분": "15m", "1시간": "1h", "4시간": "4h", "1일": "1d"}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<interval>(?:1m|5m|15m|1h|4h|1d)(?![a-z0-9_])|1분|5분|15분|1시간|4시간|1일)
    |(?P<korean>[0-9]+만\s?[0-9]천)
    |(?P<power>[0-9]+(?:\.[0-9]+)?(?:k(?![a-z0-9_])|[천만억]))
    |(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    |(?P<word>[a-z_][a-z0-9_]*)
    |(?P<hangul>[가-힣]+)
    |(?P<symbol>\.\.|<=|>=|=>|=<|==|!=|&&|\|\||[≤≥()\[\],.@%+*/<>=&|!$;-])""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)


_POWERS = {"k": 3, "천": 3, "만": 4, "억": 8}
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{2}0|(?:\.[0-9]{3}){2,})(?![0-9])|[0-9]+(?:[_'][0-9]+)+", re.ASCII)
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?![0-9.])", re.ASCII)
_EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]+)?e[+]?[0-9]{1,2}(?![0-9a-z_])", re.ASCII | re.IGNORECASE)
_COMMAS = re.compile(r"[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?", re.ASCII)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)


class Kind(Enum):
    """Kind of a token."""

    NUMBER = auto()
    INTERVAL = auto()
    WORD = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """Word, number or sign at a place of the text. `text` is in small letters; signs and Korean names are unified."""

    kind: Kind
    text: str
    position: int
    typed: str
    tag: Tag | None = None

    @property
    def number(self) -> Decimal:
        """Value of a number."""
        return Decimal(self.text)

    @property
    def interval(self) -> Interval:
        """Value of an interval."""
        return Interval(self.text)


def tokenize(text: str) -> list[Token]:
    """Returns the tokens without filling words, and one of kind END behind them. Raises RuleSyntaxError."""
    if len(text) > MAX_TEXT:
        raise RuleSyntaxError(MAX_TEXT, "", (str(MAX_TEXT),), RuleProblem.LENGTH, text[:MAX_TEXT])
    plain, at, found = text.translate(_SAME), 0, list[Token]()
    while at < len(plain):
        _check_number(plain, at, text)
        match = _TOKEN.match(plain, at)
        if match is None:
            raise RuleSyntaxError(at, text[at], (), RuleProblem.UNEXPECTED, text)
        found += (each for each in _tokens(match.lastgroup or "", match.group(), at) if each.tag is not Tag.FILLER)
        at = match.end()
    return [*found, Token(Kind.END, "", len(text.rstrip()), "")]


def _check_number(plain: str, at: int, text: str) -> None:
    """Raises RuleSyntaxError for a number that may be another, `1.000`, `57,000` outside of arguments, `57 000`, or
    that is written otherwise: `1_000`, `1e5`.
    """
    if at and (plain[at - 1].isalnum() or plain[at - 1] in "._,"):
        return
    found = _GROUPED.match(plain, at) or _SPACED.match(plain, at) or _EXPONENT.match(plain, at)
    if found is None and plain.count("(", 0, at) == plain.count(")", 0, at):
        found = _COMMAS.match(plain, at)
    if found is None:
        return
    typed = found.group()
    meant = [f"{Decimal(typed):f}"] if "e" in typed.lower() else [re.sub("[ .,_']", "", typed)]
    if "," in typed:
        meant = [typed.replace(",", "") if _THOUSANDS.fullmatch(typed) else typed.replace(",", ".", 1).replace(",", "")]
    elif typed.count(".") == 1 and "e" not in typed.lower():
        meant.append(f"{Decimal(typed).normalize():f}")
    raise RuleSyntaxError(at, text[at : found.end()], tuple(meant), RuleProblem.NUMBER, text)


def _digits(text: str) -> str:
    """Returns a number in digits: 35000 for `3만5천`, 57000 for `57k`."""
    tens, myriad, rest = text.partition("만")
    if myriad and rest:
        return str(int(tens) * 10**4 + int(rest[:-1]) * 10**3)
    power = _POWERS.get(text[-1], 0)
    return f"{Decimal(text[:-1]).scaleb(power):f}" if power else text


def _tokens(group: str, typed: str, at: int) -> list[Token]:
    text = typed.lower()
    match group:
        case "interval":
            return [Token(Kind.INTERVAL, _KOREAN_INTERVALS.get(text, text), at, typed)]
        case "korean" | "power" | "number":
            return [Token(Kind.NUMBER, _digits(text), at, typed)]
        case "word":
            return [Token(Kind.WORD, text, at, typed, TAGS.get(text))]
        case "symbol":
            sign = _SYMBOLS.get(text, text)
            return [Token(Kind.SYMBOL, sign, at, typed, _SYMBOL_TAGS.get(sign))]
        case "hangul":
            found = []
            for each in segments(typed):
                found.append(Token(Kind.WORD, KOREAN_NAMES.get(each, each), at, each, TAGS.get(each)))
                at += len(each)
            return found
    return []
