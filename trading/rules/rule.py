"""Rule: when to buy and sell, how much, and the stops of the position. Read from one line, see docs/rules.md."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from trading.rules.conditions import Condition
from trading.rules.cursor import Cursor, Pick, no_ranges
from trading.rules.errors import RuleProblem
from trading.rules.lexicon import Tag
from trading.rules.limits import MAX_NUMBER, MAX_TAKE_PROFIT, MAX_TEXT
from trading.rules.names import figure_name
from trading.rules.reader import ConditionReader
from trading.rules.text import condition_text, number_text
from trading.rules.tokens import Kind, Token

_CENT = Decimal("0.01")
_LEAST_PERCENT = Decimal("0.01")


class SizeKind(StrEnum):
    """Unit of a size."""

    SHARE = "share"
    QUOTE = "quote"
    BASE = "base"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Size:
    """Size of an order.

    `amount` of a SHARE is a fraction of the equity (buy) or of the position (sell), of QUOTE and BASE it is in these
    assets, and of MAX it is None.
    """

    kind: SizeKind
    amount: Decimal | None = None

    @property
    def text(self) -> str:
        """Canonical text."""
        if self.amount is None:
            return "max"
        if self.kind is SizeKind.SHARE:
            return percent_text(self.amount)
        return f"{number_text(self.amount)} {'quote' if self.kind is SizeKind.QUOTE else 'coins'}"


EVERYTHING = Size(SizeKind.MAX)


@dataclass(frozen=True, slots=True)
class Rule:
    """Trading rule. `parse_rule(rule.text) == rule`.

    Stop and take-profit are fractions below and above the entry price, `trailing` is a fraction below the highest price
    since the entry.
    """

    entry: Condition
    entry_size: Size
    exit: Condition | None
    exit_size: Size
    stop: Decimal | None
    take_profit: Decimal | None
    trailing: Decimal | None
    text: str
    """Canonical text."""


def parse_rule(text: str) -> Rule:
    """Reads a rule. Raises RuleSyntaxError."""
    return read_rule(text, no_ranges)


def parse_condition(text: str) -> Condition:
    """Reads a condition alone, with or without `when`. Raises RuleSyntaxError."""
    cursor = Cursor(text)
    cursor.tag(Tag.WHEN)
    start, condition = cursor.token, ConditionReader(cursor).condition()
    cursor.tag(Tag.THEN)
    if cursor.token.kind is not Kind.END:
        raise cursor.error("and", "or", "within")
    _check_length(cursor, start, condition_text(condition))
    return condition


def read_rule(text: str, pick: Pick) -> Rule:
    """Reads a rule in which `pick` chooses a number of each range. Raises RuleSyntaxError."""
    cursor = Cursor(text, pick)
    return _RuleReader(cursor).read()


def percent_text(fraction: Decimal) -> str:
    """Returns a fraction in per cent: `2.5%`."""
    return f"{number_text(fraction * 100)}%"


def rule_text(rule: Rule) -> str:
    """Returns the canonical text of a rule."""
    parts = [f"when {condition_text(rule.entry)} buy {rule.entry_size.text}"]
    if rule.exit is not None:
        parts.append(f"when {condition_text(rule.exit)} sell {rule.exit_size.text}")
    stops = {"stop": rule.stop, "tp": rule.take_profit, "trail": rule.trailing}
    return " ".join(parts + [f"{word} {percent_text(each)}" for word, each in stops.items() if each is not None])


class _RuleReader:
    """Reader of the clauses of one rule, in any order."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._reader = ConditionReader(cursor)
        self._sides: dict[Tag, tuple[Condition, Size]] = {}
        self._stops: dict[Tag, Decimal] = {}

    def read(self) -> Rule:
        cursor = self._cursor
        start = cursor.token
        while cursor.token.kind is not Kind.END:
            self._clause()
            while cursor.sign(",", ";"):
                pass
        if Tag.BUY not in self._sides:
            raise cursor.error("when", "buy")
        entry, entry_size = self._sides[Tag.BUY]
        leave, exit_size = self._sides.get(Tag.SELL, (None, EVERYTHING))
        stops = {tag: self._stops.get(tag) for tag in (Tag.STOP, Tag.TARGET, Tag.TRAIL)}
        rule = Rule(entry, entry_size, leave, exit_size, stops[Tag.STOP], stops[Tag.TARGET], stops[Tag.TRAIL], "")
        rule = replace(rule, text=rule_text(rule))
        _check_length(cursor, start, rule.text)
        return rule

    def _clause(self) -> None:
        token = self._cursor.token
        if token.tag in (Tag.STOP, Tag.TAKE, Tag.TARGET, Tag.TRAIL):
            self._stop()
        elif token.tag in (Tag.BUY, Tag.SELL):
            self._action_first()
        elif token.tag is Tag.WHEN or not self._sides or self._begins_condition():
            self._condition_first()
        else:
            raise self._cursor.error(*self._clauses())

    def _begins_condition(self) -> bool:
        token = self._cursor.token
        return token.tag is Tag.NOT or token.text in ("(", "-") or figure_name(token.text) is not None

    def _clauses(self) -> tuple[str, ...]:
        sides = [word for tag, word in ((Tag.BUY, "buy"), (Tag.SELL, "sell")) if tag not in self._sides]
        stops = ((Tag.STOP, "stop"), (Tag.TARGET, "tp"), (Tag.TRAIL, "trail"))
        return (*(["when"] if sides else []), *sides, *(word for tag, word in stops if tag not in self._stops))

    def _condition_first(self) -> None:
        """Reads `when CONDITION buy SIZE`, or with the size before the verb, as in Korean."""
        cursor = self._cursor
        cursor.tag(Tag.WHEN)
        condition = self._reader.condition()
        cursor.tag(Tag.THEN)
        cursor.sign(",")
        verb = cursor.tag(Tag.BUY, Tag.SELL)
        if verb is not None:
            self._take(verb, condition, self._size())
            return
        if not self._begins_size():
            raise cursor.error("and", "or", "within", "buy", "sell")
        size = self._read_size()
        verb = cursor.tag(Tag.BUY, Tag.SELL)
        if verb is None:
            raise cursor.error("buy", "sell")
        self._take(verb, condition, size)

    def _action_first(self) -> None:
        """Reads `buy SIZE when CONDITION`."""
        cursor = self._cursor
        verb = cursor.next()
        size = self._size()
        if not cursor.tag(Tag.WHEN):
            raise cursor.error("when")
        self._take(verb, self._reader.condition(), size)
        cursor.tag(Tag.THEN)

    def _take(self, verb: Token, condition: Condition, size: Size) -> None:
        side = Tag.BUY if verb.tag is Tag.BUY else Tag.SELL
        if side in self._sides:
            raise self._cursor.error(*self._clauses(), problem=RuleProblem.REPEATED, token=verb)
        self._sides[side] = condition, size

    # -- sizes -------------------------------------------------------------------------------------

    def _begins_size(self) -> bool:
        token = self._cursor.token
        return token.kind is Kind.NUMBER or token.tag in (Tag.MAX, Tag.QUOTE)

    def _size(self) -> Size:
        return self._read_size() if self._begins_size() else EVERYTHING

    def _read_size(self) -> Size:
        cursor, place = self._cursor, self._cursor.token
        if cursor.tag(Tag.MAX):
            return EVERYTHING
        if cursor.tag(Tag.QUOTE):
            return Size(SizeKind.QUOTE, self._amount())
        amount = self._amount()
        if cursor.sign("%"):
            if amount * _CENT > 1:
                raise self._bounds(place, "0%", "100%")
            return Size(SizeKind.SHARE, amount * _CENT)
        if cursor.tag(Tag.QUOTE):
            return Size(SizeKind.QUOTE, amount)
        if cursor.tag(Tag.BASE):
            return Size(SizeKind.BASE, amount)
        raise cursor.error("%", "quote", "coins")

    def _amount(self) -> Decimal:
        place = self._cursor.token
        amount = self._cursor.constant()
        if not amount:
            raise self._bounds(place, "0", number_text(Decimal(MAX_NUMBER)))
        return amount

    # -- stops -------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """Reads `stop 5%`, `take profit 10%` or `trailing stop 3%` in one of their forms."""
        cursor, word = self._cursor, self._cursor.next()
        tag = word.tag
        if tag is Tag.TAKE and not cursor.tag(Tag.PROFIT):
            raise cursor.error("profit")
        if tag is Tag.STOP:
            cursor.tag(Tag.LOSS)
        if tag is Tag.TRAIL:
            cursor.tag(Tag.STOP)
            cursor.tag(Tag.LOSS)
        kind = Tag.TARGET if tag in (Tag.TAKE, Tag.TARGET) else tag
        if kind in self._stops or kind is None:
            raise cursor.error(*self._clauses(), problem=RuleProblem.REPEATED, token=word)
        cursor.tag(Tag.AT)
        cursor.sign("-", "+", "=")
        place = cursor.token
        percent = cursor.constant()
        if not cursor.sign("%"):
            raise cursor.error("%")
        most = 100 * MAX_TAKE_PROFIT if kind is Tag.TARGET else 99
        if not _LEAST_PERCENT <= percent <= most:
            raise self._bounds(place, percent_text(_LEAST_PERCENT * _CENT), f"{most}%")
        self._stops[kind] = percent * _CENT

    def _bounds(self, place: Token, *bounds: str) -> Exception:
        return self._cursor.error(*bounds, problem=RuleProblem.BOUNDS, token=place)


def _check_length(cursor: Cursor, start: Token, text: str) -> None:
    """Raises RuleSyntaxError if the canonical text, in which short names are long, is longer than a rule may be."""
    if len(text) > MAX_TEXT:
        raise cursor.error(str(MAX_TEXT), problem=RuleProblem.LENGTH, token=start)
