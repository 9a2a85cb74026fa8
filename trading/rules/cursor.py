"""Place in the tokens of a rule, and the errors that point at it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.rules.errors import RuleProblem, RuleSyntaxError
from trading.rules.lexicon import Tag
from trading.rules.limits import MAX_DECIMALS, MAX_NUMBER
from trading.rules.text import number_text
from trading.rules.tokens import Kind, Token, tokenize

_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Range of `count` numbers, from `position` to before `end` of the text."""

    position: int
    end: int
    first: Decimal
    step: Decimal
    count: int

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Numbers, in their order."""
        return tuple(self.first + self.step * place for place in range(self.count))


Pick = Callable[[NumberRange], Decimal | None]
"""Choice of one number of a range; None where ranges are refused."""


def no_ranges(numbers: NumberRange) -> Decimal | None:
    """Refuses ranges, in a rule that is one rule."""
    del numbers
    return None


class Cursor:
    """Tokens of a text and the place up to which they are read."""

    def __init__(self, text: str, pick: Pick = no_ranges) -> None:
        self.source = text
        self._tokens = tokenize(text)
        self._at = 0
        self._pick = pick

    @property
    def token(self) -> Token:
        """Token that is next."""
        return self._tokens[self._at]

    def peek(self, ahead: int = 1) -> Token:
        """Returns a token behind the next."""
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    @property
    def rest(self) -> Sequence[Token]:
        """Tokens that are not read."""
        return self._tokens[self._at :]

    @property
    def _end(self) -> int:
        last = self._tokens[self._at - 1]
        return last.position + len(last.typed)

    def next(self) -> Token:
        """Reads a token."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def sign(self, *signs: str) -> Token | None:
        """Reads one of these signs, if it is next."""
        token = self.token
        return self.next() if token.kind is Kind.SYMBOL and token.text in signs else None

    def tag(self, *tags: Tag) -> Token | None:
        """Reads a word of one of these meanings, if it is next."""
        return self.next() if self.token.tag in tags else None

    def need_sign(self, sign: str, *also: str) -> None:
        """Reads the sign. Raises RuleSyntaxError."""
        if self.sign(sign) is None:
            raise self.error(sign, *also)

    def error(self, *allowed: str, problem: RuleProblem | None = None, token: Token | None = None) -> RuleSyntaxError:
        """Returns the error that points at a token, by default the next one."""
        where = token or self.token
        ended = RuleProblem.MISSING if where.kind is Kind.END else RuleProblem.UNEXPECTED
        return RuleSyntaxError(where.position, where.typed[:_LONGEST_WORD], allowed, problem or ended, self.source)

    def number(self, least: Decimal | int, most: Decimal | int, *, whole: bool = False) -> Decimal:
        """Reads a number between these bounds, or a range of which one number is picked. Raises RuleSyntaxError."""
        start = self.token
        first = self._number(least, most, whole=whole)
        if self.token.text == "%" and self.peek().text == "..":
            self.next()
        if not self.sign(".."):
            return first
        last = self._number(least, most, whole=whole)
        if self.token.text == "%" and self.peek().tag is Tag.STEP:
            self.next()
        decimals = max(_decimals(first), _decimals(last))
        step = Decimal(1).scaleb(-decimals)
        if self.tag(Tag.STEP):
            step = self._number(Decimal(1).scaleb(-MAX_DECIMALS), most, whole=whole)
        if last < first:
            raise self.error(number_text(first), number_text(Decimal(most)), problem=RuleProblem.BOUNDS, token=start)
        picked = self._pick(NumberRange(start.position, self._end, first, step, int((last - first) / step) + 1))
        if picked is None:
            raise self.error(":number", problem=RuleProblem.RANGE, token=start)
        return picked

    def _number(self, least: Decimal | int, most: Decimal | int, *, whole: bool) -> Decimal:
        start = self.token
        minus = least < 0 and self.sign("-") is not None
        token = self.token
        if token.kind is not Kind.NUMBER:
            raise self.error(":number")
        self.next()
        value = -token.number if minus else token.number
        if whole and value != value.to_integral_value():
            raise self.error(problem=RuleProblem.WHOLE, token=start)
        if not least <= value <= most or _decimals(value) > MAX_DECIMALS:
            bounds = number_text(Decimal(least)), number_text(Decimal(most))
            raise self.error(*bounds, problem=RuleProblem.BOUNDS, token=start)
        return value.normalize() if value else Decimal(0)

    def constant(self) -> Decimal:
        """Reads a number of any size that a rule may have. Raises RuleSyntaxError."""
        return self.number(0, MAX_NUMBER)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))
