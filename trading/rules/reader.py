"""Reader of conditions: recursive descent over one grammar, without going back.

Figures and conditions are read by the same functions, since both may stand in parentheses; each operator then checks
what it got.
"""

from dataclasses import dataclass

from trading.rules.conditions import (
    And,
    Arithmetic,
    Comparator,
    Comparison,
    Condition,
    Crossing,
    Expression,
    NamedFigure,
    Negative,
    Not,
    Number,
    Or,
    Percent,
    Within,
    count_nodes,
)
from trading.rules.cursor import Cursor
from trading.rules.errors import RuleProblem
from trading.rules.figures import read_figure
from trading.rules.lexicon import Tag
from trading.rules.limits import MAX_DEPTH, MAX_NODES, MAX_WITHIN
from trading.rules.names import figure_name
from trading.rules.tokens import Kind, Token

COMPARISONS = ("<", "<=", ">", ">=", "crosses above", "crosses below")
_CONDITIONS = (Comparison, Crossing, Not, And, Or, Within)
_SIGNS = {each.value: each for each in Comparator}
_BEHIND = {
    Tag.AT_LEAST: Comparator.AT_LEAST,
    Tag.AT_MOST: Comparator.AT_MOST,
    Tag.EXCEEDS: Comparator.ABOVE,
    Tag.SHORT_OF: Comparator.BELOW,
    Tag.ABOVE: Comparator.ABOVE,
    Tag.BELOW: Comparator.BELOW,
}
"""Comparators that stand behind both figures, as in Korean."""
_CROSSINGS = {Tag.CROSS_OVER: True, Tag.CROSS_UNDER: False}
_OPPOSITE = {
    Comparator.ABOVE: Comparator.AT_LEAST,
    Comparator.BELOW: Comparator.AT_MOST,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """Result of reading, with the place where it begins."""

    node: Expression | Percent | Condition
    start: Token


class ConditionReader:
    """Reader of the conditions of one text."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._depth = 0

    def condition(self) -> Condition:
        """Reads a condition. Raises RuleSyntaxError."""
        start = self._cursor.token
        condition = self._condition(self._any())
        if count_nodes(condition) > MAX_NODES:
            raise self._cursor.error(str(MAX_NODES), problem=RuleProblem.NODES, token=start)
        return condition

    # -- logic -------------------------------------------------------------------------------------

    def _any(self) -> _Read:
        first = self._all()
        if self._cursor.token.tag is not Tag.OR:
            return first
        parts = [self._condition(first)]
        while self._cursor.tag(Tag.OR):
            parts.append(self._condition(self._all()))
        return _Read(Or.of(*parts), first.start)

    def _all(self) -> _Read:
        first = self._negated()
        if self._cursor.token.tag is not Tag.AND:
            return first
        parts = [self._condition(first)]
        while self._cursor.tag(Tag.AND):
            parts.append(self._condition(self._negated()))
        return _Read(And.of(*parts), first.start)

    def _negated(self) -> _Read:
        start = self._cursor.tag(Tag.NOT)
        if start is None:
            return self._lasting()
        self._enter(start)
        of = self._condition(self._negated())
        self._depth -= 1
        return _Read(Not(of), start)

    def _lasting(self) -> _Read:
        read = self._compared()
        while (bars := self._within()) is not None:
            read = _Read(Within(self._condition(read), bars), read.start)
        return read

    def _within(self) -> int | None:
        """Reads `within 5 bars`, `in the last 5 bars` or `5봉 이내`."""
        cursor = self._cursor
        if cursor.tag(Tag.WITHIN, Tag.LAST):
            cursor.tag(Tag.LAST)
            bars = int(cursor.number(1, MAX_WITHIN, whole=True))
            if not cursor.tag(Tag.BARS):
                raise cursor.error("bars")
            return bars
        behind = (cursor.peek(1).tag, cursor.peek(2).tag)
        if cursor.token.kind is Kind.NUMBER and behind == (Tag.BARS, Tag.WITHIN):
            bars = int(cursor.number(1, MAX_WITHIN, whole=True))
            cursor.next()
            cursor.next()
            return bars
        return None

    # -- comparisons -------------------------------------------------------------------------------

    def _compared(self) -> _Read:
        left = self._sum()
        found: list[Condition] = []
        read = left
        while (right := self._comparison(read, found)) is not None:
            read = right
        if len(found) <= 1:
            return _Read(found[0], left.start) if found else left
        self._enter(left.start)  # written out, it needs parentheses
        self._depth -= 1
        return _Read(And.of(*found), left.start)

    def _comparison(self, left: _Read, found: list[Condition]) -> _Read | None:
        """Reads a comparator and what is right of it; returns the figure on the right, which another may follow."""
        cursor, start = self._cursor, self._cursor.token
        if (sign := cursor.sign(*_SIGNS)) is not None:
            return self._compare(left, _SIGNS[sign.text], found)
        cursor.tag(Tag.IS)
        if (comparator := self._words()) is not None:
            return self._compare(left, comparator, found)
        if cursor.tag(Tag.BETWEEN):
            self._between(left, found)
            return None
        if (cross := cursor.tag(Tag.CROSS, *_CROSSINGS)) is not None:
            return self._crossing(left, cross, found)
        if cursor.token is not start or start.text in ("=", "==", "!="):
            raise cursor.error(*COMPARISONS)
        return self._korean(left, found)

    def _words(self) -> Comparator | None:
        cursor = self._cursor
        if cursor.token.tag is Tag.AT and cursor.peek().tag in (Tag.LEAST, Tag.MOST):
            cursor.next()
            return Comparator.AT_LEAST if cursor.next().tag is Tag.LEAST else Comparator.AT_MOST
        tag = cursor.token.tag
        if tag in (Tag.ABOVE, Tag.GREATER, Tag.EXCEEDS):
            comparator = Comparator.ABOVE
        elif tag in (Tag.BELOW, Tag.LESS):
            comparator = Comparator.BELOW
        else:
            return None
        cursor.next()
        cursor.tag(Tag.THAN)
        if cursor.token.tag is Tag.OR and cursor.peek().tag is Tag.EQUAL:
            cursor.next()
            cursor.next()
            cursor.tag(Tag.THAN)
            return _OPPOSITE[comparator]
        return comparator

    def _compare(self, left: _Read, comparator: Comparator, found: list[Condition]) -> _Read:
        right = self._sum()
        found.append(Comparison(comparator, *self._sides(left, right)))
        return right

    def _between(self, left: _Read, found: list[Condition]) -> None:
        for comparator in (Comparator.AT_LEAST, Comparator.AT_MOST):
            self._compare(left, comparator, found)
            if comparator is Comparator.AT_LEAST and not self._cursor.tag(Tag.AND):
                raise self._cursor.error("and")

    def _crossing(self, left: _Read, cross: Token, found: list[Condition]) -> _Read:
        cursor = self._cursor
        above = _CROSSINGS.get(cross.tag) if cross.tag else None
        if above is None:
            way = cursor.tag(Tag.ABOVE, Tag.BELOW)
            if way is None:
                raise cursor.error("above", "below")
            above = way.tag is Tag.ABOVE
        right = self._sum()
        found.append(Crossing(above, *self._sides(left, right)))
        return right

    def _korean(self, left: _Read, found: list[Condition]) -> _Read | None:
        """Reads a comparison whose comparator stands behind both figures: `rsi(14)가 30 미만`."""
        cursor, token = self._cursor, self._cursor.token
        begins = token.kind is Kind.NUMBER or token.text == "(" or figure_name(token.text) is not None
        if not begins or not any(each.tag in _BEHIND or each.tag in _CROSSINGS for each in cursor.rest):
            return None
        if token.kind is Kind.NUMBER and cursor.peek().tag is Tag.BARS:
            return None
        right = self._sum()
        behind = cursor.tag(*_BEHIND, *_CROSSINGS)
        if behind is None or behind.tag is None:
            raise cursor.error(*COMPARISONS, token=token)
        if behind.tag in _CROSSINGS:
            cursor.tag(Tag.CROSS_OVER if behind.text == "상향" else Tag.CROSS_UNDER)
            if behind.text in ("상향", "하향") and cursor.token.text in ("돌파", "이탈"):
                cursor.next()
            found.append(Crossing(_CROSSINGS[behind.tag], *self._sides(left, right)))
        else:
            found.append(Comparison(_BEHIND[behind.tag], *self._sides(left, right)))
        return None

    def _sides(self, left: _Read, right: _Read) -> tuple[Expression, Expression]:
        both = self._expression(left), self._expression(right)
        if not any(_has_figure(each) for each in both):
            raise self._cursor.error(":figure", problem=RuleProblem.CONSTANT, token=left.start)
        return both

    # -- arithmetic --------------------------------------------------------------------------------

    def _sum(self) -> _Read:
        read = self._product()
        while (sign := self._cursor.sign("+", "-")) is not None:
            right = self._product()
            read = self._arithmetic(sign, read, right)
        return read

    def _product(self) -> _Read:
        read = self._signed()
        while (sign := self._cursor.sign("*", "/")) is not None:
            right = self._signed()
            if sign.text == "/" and isinstance(right.node, Percent):
                raise self._cursor.error(":figure", ":number", problem=RuleProblem.PERCENT, token=right.start)
            turned = sign.text == "*" and isinstance(read.node, Percent)
            read = self._arithmetic(sign, right, read) if turned else self._arithmetic(sign, read, right)
        return read

    def _arithmetic(self, sign: Token, left: _Read, right: _Read) -> _Read:
        one = self._expression(left)
        if isinstance(right.node, Percent) and not _has_figure(one):
            raise self._cursor.error(":figure", ":number", problem=RuleProblem.PERCENT, token=right.start)
        other = right.node if isinstance(right.node, Percent) else self._expression(right)
        start = min(left.start, right.start, key=lambda each: each.position)
        return _Read(Arithmetic(sign.text, one, other), start)

    def _signed(self) -> _Read:
        start = self._cursor.sign("-", "+")
        if start is None:
            return self._primary()
        self._enter(start)
        of = self._expression(self._signed())
        self._depth -= 1
        if start.text == "+":
            return _Read(of, start)
        if isinstance(of, Number):
            return _Read(Number(0 - of.value), start)
        return _Read(of.of if isinstance(of, Negative) else Negative(of), start)

    def _primary(self) -> _Read:
        cursor, start = self._cursor, self._cursor.token
        if cursor.sign("("):
            self._enter(start)
            inner = self._any()
            cursor.need_sign(")", ":operator")
            self._depth -= 1
            if isinstance(inner.node, Percent):
                raise cursor.error(":figure", problem=RuleProblem.PERCENT, token=inner.start)
            return _Read(inner.node, start)
        if start.kind is Kind.NUMBER:
            number = cursor.constant()
            return _Read(Percent(number) if cursor.sign("%") else Number(number), start)
        if start.kind is Kind.WORD:
            return _Read(read_figure(cursor), start)
        raise cursor.error(":figure", ":number", "(")

    # -- checks ------------------------------------------------------------------------------------

    def _condition(self, read: _Read) -> Condition:
        if isinstance(read.node, _CONDITIONS):
            return read.node
        if isinstance(read.node, Percent):
            raise self._cursor.error(":figure", ":number", problem=RuleProblem.PERCENT, token=read.start)
        raise self._cursor.error(*COMPARISONS)

    def _expression(self, read: _Read) -> Expression:
        if isinstance(read.node, Percent):
            raise self._cursor.error(":figure", ":number", problem=RuleProblem.PERCENT, token=read.start)
        if isinstance(read.node, _CONDITIONS):
            raise self._cursor.error(":figure", ":number", token=read.start)
        return read.node

    def _enter(self, start: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._cursor.error(str(MAX_DEPTH), problem=RuleProblem.DEPTH, token=start)


def _has_figure(expression: Expression) -> bool:
    match expression:
        case NamedFigure():
            return True
        case Negative(of):
            return _has_figure(of)
        case Arithmetic(_, left, right):
            return _has_figure(left) or (not isinstance(right, Percent) and _has_figure(right))
        case _:
            return False
