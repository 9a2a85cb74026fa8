"""Reader of a figure: a price or an indicator, with arguments, an output, an interval and a lag."""

from decimal import Decimal

from pipeline.market import Interval
from trading.indicators.definitions import Indicator, IndicatorParameter, Value
from trading.indicators.registry import INDICATORS
from trading.rules.conditions import NamedFigure
from trading.rules.cursor import Cursor
from trading.rules.errors import RuleProblem
from trading.rules.limits import MAX_LAG
from trading.rules.names import PRICES, SHORT_NAMES, figure_name, output_name, output_names, similar_names
from trading.rules.tokens import Kind, Token

_INTERVALS = tuple(str(each) for each in Interval)


def read_figure(cursor: Cursor) -> NamedFigure:
    """Reads a figure. Raises RuleSyntaxError."""
    token = cursor.token
    name = figure_name(token.text) if token.kind is Kind.WORD else None
    if name is None:
        if token.kind is not Kind.WORD or token.tag is not None:
            raise cursor.error(":figure", ":number")
        raise cursor.error(*(similar_names(token.text) or (":figure",)), problem=RuleProblem.UNKNOWN)
    cursor.next()
    if name in PRICES:
        return _Price(cursor, name).read()
    return _IndicatorReader(cursor, INDICATORS[name], token.text).read()


class _Price:
    """Reader of what may follow the name of a price: an interval and a lag."""

    def __init__(self, cursor: Cursor, name: str) -> None:
        self._cursor = cursor
        self._name = name
        self._interval: Interval | None = None
        self._lag: int | None = None

    def read(self) -> NamedFigure:
        while self._suffix():
            pass
        return NamedFigure(self._name, interval=self._interval, lag=self._lag or 0)

    def _suffix(self) -> bool:
        cursor = self._cursor
        if (at := cursor.sign("@")) is not None:
            self._set_interval(self._read_interval(), at)
            return True
        if (bracket := cursor.sign("[")) is not None:
            if self._lag is not None:
                raise cursor.error(problem=RuleProblem.REPEATED, token=bracket)
            self._lag = int(cursor.number(0, MAX_LAG, whole=True))
            cursor.need_sign("]")
            return True
        return False

    def _read_interval(self) -> Token:
        if self._cursor.token.kind is not Kind.INTERVAL:
            raise self._cursor.error(*_INTERVALS)
        return self._cursor.next()

    def _set_interval(self, word: Token, at: Token) -> None:
        if self._interval is not None:
            raise self._cursor.error(problem=RuleProblem.REPEATED, token=at)
        self._interval = word.interval


class _IndicatorReader(_Price):
    """Reader of what may follow the name of an indicator."""

    def __init__(self, cursor: Cursor, indicator: Indicator, typed: str) -> None:
        super().__init__(cursor, indicator.name)
        self._indicator = indicator
        self._typed = typed
        self._source = ""
        self._values: dict[str, Value] = {}
        self._output: Token | None = None
        self._called = False

    def read(self) -> NamedFigure:
        while self._suffix() or self._member() or self._call():
            pass
        output = output_name(self._indicator, self._values, self._output.text if self._output else "", self._typed)
        if output is None:
            outputs = output_names(self._indicator, self._values)
            raise self._cursor.error(*outputs, problem=RuleProblem.UNKNOWN, token=self._output)
        source = "" if self._source == "close" else self._source
        arguments = tuple(self._indicator.complete(self._values).values())
        return NamedFigure(self._name, output, arguments, source, self._interval, self._lag or 0)

    def _member(self) -> bool:
        if (dot := self._cursor.sign(".")) is None:
            return False
        if self._output is not None:
            raise self._cursor.error(problem=RuleProblem.REPEATED, token=dot)
        if self._cursor.token.kind is not Kind.WORD:
            raise self._cursor.error(*output_names(self._indicator, self._values))
        self._output = self._cursor.next()
        return True

    def _call(self) -> bool:
        if (bracket := self._cursor.sign("(")) is None:
            return False
        if self._called:
            raise self._cursor.error(problem=RuleProblem.REPEATED, token=bracket)
        self._called = True
        while not self._cursor.sign(")"):
            self._argument()
            self._cursor.sign(",")
        return True

    def _argument(self) -> None:
        token = self._cursor.token
        if token.kind is Kind.INTERVAL:
            self._set_interval(self._cursor.next(), token)
        elif token.kind is Kind.WORD and self._cursor.peek().text == "=":
            parameter = next((each for each in self._indicator.parameters if each.name == token.text), None)
            if parameter is None:
                raise self._cursor.error(*self._names(), problem=RuleProblem.UNKNOWN)
            self._cursor.next()
            self._cursor.next()
            self._set(parameter, token)
        elif token.kind is Kind.WORD:
            self._word(token)
        else:
            free = next((each for each in self._free() if not each.choices), None)
            if free is None:
                raise self._cursor.error(*self._allowed())
            self._set(free, token)

    def _word(self, token: Token) -> None:
        fitting = next((each for each in self._free() if token.text in each.choices), None)
        source = SHORT_NAMES.get(token.text, token.text)
        if fitting is not None:
            self._set(fitting, token)
        elif source in PRICES and "close" in self._indicator.inputs():
            if self._source:
                raise self._cursor.error(problem=RuleProblem.REPEATED)
            self._cursor.next()
            self._source = source
        else:
            raise self._cursor.error(*self._allowed())

    def _set(self, parameter: IndicatorParameter, token: Token) -> None:
        if parameter.name in self._values:
            raise self._cursor.error(problem=RuleProblem.REPEATED, token=token)
        if parameter.choices:
            if self._cursor.token.text not in parameter.choices:
                raise self._cursor.error(*parameter.choices)
            self._values[parameter.name] = self._cursor.next().text
            return
        whole = isinstance(parameter.default, int)
        least, most = Decimal(str(parameter.least)), Decimal(str(parameter.most))
        number = self._cursor.number(least, most, whole=whole)
        self._values[parameter.name] = int(number) if whole else float(number)

    def _free(self) -> list[IndicatorParameter]:
        return [each for each in self._indicator.parameters if each.name not in self._values]

    def _names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self._indicator.parameters) or (")",)

    def _allowed(self) -> tuple[str, ...]:
        free = self._free()
        allowed = [word for each in free for word in each.choices]
        if any(not each.choices for each in free):
            allowed.append(":number")
        if self._interval is None:
            allowed.append(":interval")
        return (*allowed, ")")
