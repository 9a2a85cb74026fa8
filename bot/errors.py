"""Refusals of the bot itself, as data; the sentences are in the catalogs under `error-<code>`."""

from dataclasses import dataclass
from datetime import date

from core.errors import Refused, Unavailable

# -- lines and commands ------------------------------------------------------------------------


@dataclass(eq=False)
class EmptyLine(Refused):
    """The line is empty."""


@dataclass(eq=False)
class LineTooLong(Refused):
    """A line of `length` characters where at most `limit` are read."""

    length: int
    limit: int


@dataclass(eq=False)
class HiddenCharacters(Refused):
    """The line holds control, bidirectional or zero-width characters; `visible` is what is left without them."""

    visible: str


@dataclass(eq=False)
class UnknownCommand(Refused):
    """No such command; `nearest` are at most three, with their slash, best first."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class MissingArgument(Refused):
    """`parameter` of `command` was left out."""

    command: str
    parameter: str


@dataclass(eq=False)
class TooManyArguments(Refused):
    """`extra` is the part of the line for which `command` has no parameter."""

    command: str
    extra: str


@dataclass(eq=False)
class TooManyValues(Refused):
    """`command` takes `limit` values of one kind and was given `count`."""

    command: str
    limit: int
    count: int


@dataclass(eq=False)
class SameSymbolTwice(Refused):
    """A comparison names only `symbol`."""

    symbol: str


@dataclass(eq=False)
class CommandTimeout(Unavailable):
    """The command was abandoned after `seconds`; it may or may not have taken effect."""

    seconds: int


@dataclass(eq=False)
class NotUnderstood(Refused):
    """`text`, written without a slash, is no command; `nearest` are at most three lines that may have been meant."""

    text: str
    nearest: tuple[str, ...] = ()


# -- numbers, each with its own explanation ----------------------------------------------------


@dataclass(eq=False)
class ThousandsSeparator(Refused):
    """`1,000` or `1_000`; `plain` is how to write it."""

    text: str
    plain: str


@dataclass(eq=False)
class DecimalComma(Refused):
    """`0,5`; `plain` is how to write it."""

    text: str
    plain: str


@dataclass(eq=False)
class ForeignDigits(Refused):
    """Digits that are not 0 to 9, such as the full-width ones; `plain` is the same in plain digits."""

    text: str
    plain: str


@dataclass(eq=False)
class ExponentNotation(Refused):
    """`1e9` or `10^30`."""

    text: str


@dataclass(eq=False)
class TooManyDigits(Refused):
    """More than `limit` digits on one side of the point."""

    text: str
    limit: int


@dataclass(eq=False)
class UnknownUnit(Refused):
    """A size in `unit`, which is neither the quote asset `quote` nor the base asset."""

    text: str
    unit: str
    quote: str


@dataclass(eq=False)
class OtherCurrency(Refused):
    """An amount in `currency`, in which orders are not placed; `quote` is the quote asset."""

    text: str
    currency: str
    quote: str


@dataclass(eq=False)
class ChanceOutOfRange(Refused):
    """`text` is a probability that is not above 50 % and at most 99 %, or has too many digits."""

    text: str


@dataclass(eq=False)
class NotAnOrderPrice(Refused):
    """`text` is neither a price nor a possible distance from the current price."""

    text: str


@dataclass(eq=False)
class NotATrailingDistance(Refused):
    """`text` is no percentage of at most two decimals between 0 and 100."""

    text: str


@dataclass(eq=False)
class TrailingDistanceWithoutUnit(Refused):
    """`text` is a number without a unit; `choices` are the distances that it may mean, the likely one first."""

    text: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class NotAnOrderNumber(Refused):
    """`text` is not the number of an order."""

    text: str


@dataclass(eq=False)
class OptionsConflict(Refused):
    """`first` and `second` cannot both apply to an order."""

    first: str
    second: str


# -- choices -----------------------------------------------------------------------------------


@dataclass(eq=False)
class NotAChoice(Refused):
    """`text` is none of `choices`."""

    text: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class UnknownFigure(Refused):
    """No figure that /explain explains has this name; `nearest` are at most three that have a similar one."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class UnknownTimeZone(Refused):
    """No IANA time zone of this name; `nearest` are at most three."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class AmbiguousTimeZone(Refused):
    """`text`, such as EST or an offset without a sign, may be any of `choices`."""

    text: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class PosixTimeZone(Refused):
    """`text`, such as Etc/GMT+9, has the sign of POSIX and is `meant` (UTC-9) in the zone database."""

    text: str
    meant: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class UnknownOffset(Refused):
    """No place keeps the offset `text` all year; `nearest` are zones that keep it for a part of the year."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class AmbiguousCoin(Refused):
    """`text` is the name of several coins; `symbols` are the symbols of these coins, best first."""

    text: str
    symbols: tuple[str, ...]


@dataclass(eq=False)
class NothingFound(Refused):
    """No symbol contains `text`."""

    text: str


# -- buttons -----------------------------------------------------------------------------------


@dataclass(eq=False)
class PreviewExpired(Refused):
    """The preview expired, was used or was cancelled."""


@dataclass(eq=False)
class ResetExpired(Refused):
    """The button belongs to an account that was reset since, or to another user."""


@dataclass(eq=False)
class UnknownOrder(Refused):
    """The account has no order of this number."""

    order_id: int


# -- forecasts ---------------------------------------------------------------------------------


@dataclass(eq=False)
class NoForecasting(Unavailable):
    """Forecasts are disabled."""


@dataclass(eq=False)
class NoNews(Unavailable):
    """The operator has listed no news feeds."""


@dataclass(eq=False)
class NotADate(Refused):
    """`text` is no date up to today: of no known `form`, not in the `calendar`, too `early`, or in the `future`."""

    text: str
    problem: str = "form"


@dataclass(eq=False)
class DatesOutOfOrder(Refused):
    """A period ends before it begins."""

    first: date
    last: date


@dataclass(eq=False)
class BacktestForgotten(Refused):
    """A button of a back-test that is no longer remembered."""


@dataclass(eq=False)
class BacktestRunning(Refused):
    """The user's last back-test is not finished."""


@dataclass(eq=False)
class BacktestTooLong(Refused):
    """The period has `count` candles of `interval`; a test has at most `limit`, those of `days`."""

    count: int
    limit: int
    interval: str
    days: int


@dataclass(eq=False)
class HistoryTooShort(Refused):
    """Only `found` candles of `interval` are known, those since `since`; the rule needs `needed`."""

    symbol: str
    found: int
    needed: int
    interval: str
    since: date | None


@dataclass(eq=False)
class StrategyNameRefused(Refused):
    """`text` cannot be the name of a strategy: it is too long, a word of the rule language, or no plain word."""

    text: str


@dataclass(eq=False)
class StrategyWithoutCoin(Refused):
    """A strategy was to be saved without saying for which coin."""

    text: str
