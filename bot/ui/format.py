"""Locale-aware formatting of numbers, money, percents, ages and dates. No other module formats them.

Amounts are passed as Decimal and returned as text. Values are rounded for display only here, half to even.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, localcontext
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_timedelta, get_datetime_format
from babel.numbers import format_compact_decimal, get_decimal_symbol, get_group_symbol

from bot.reply import PointInTime
from core.decimals import ROUNDING, down_to_step
from people.person import Language

UNKNOWN = "–"
"""Placeholder for an unknown figure."""

MAX_DECIMALS = 18
_LARGEST = Decimal(10) ** 24
_SIGNIFICANT = 6
_CENTS = 2
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_QUOTE_COINS = frozenset(("BTC", "ETH", "BNB"))
_COMPACT_FROM = Decimal(1_000_000)
_REMEMBERED = 4096
"""Cache size: turnovers and market values are formatted repeatedly."""

_LATEST_MS = 221_845_392_000_000  # the year 9000: datetime ends soon after


class Formatter:
    """Formatter for one user: their language and their time zone (an IANA name)."""

    def __init__(self, language: Language, timezone: str) -> None:
        self.language = language
        self.zone = ZoneInfo(timezone)
        self._locale, self._group, self._point = _signs(language)

    def amount(self, value: Decimal, asset: str = "") -> str:
        """Formats the exact amount with trailing zeros trimmed: `0.01 BTC`."""
        return _with_unit(self._decimal(value, 0, MAX_DECIMALS), asset)

    def money(self, value: Decimal | None, asset: str = "", *, signed: bool = False) -> str:
        """Formats an amount with two decimals: `1,234.50 USDC`.

        Below a cent, two significant digits are shown, so that a loss is never shown as zero. Below 1 of a coin that
        prices are quoted in (BTC), six significant digits are shown. `signed` puts a plus before a gain.
        """
        if value is None or not value.is_finite():
            return UNKNOWN
        if asset in _QUOTE_COINS and abs(value) < 1:
            decimals = _significant(value)
        elif value == 0 or abs(value) >= _CENT:
            decimals = _CENTS
        else:
            decimals = min(1 - value.adjusted(), MAX_DECIMALS)
        return _with_unit(self._decimal(value, _CENTS, decimals, signed=signed), asset)

    def quantity(self, value: Decimal, asset: str = "") -> str:
        """Formats a quantity with six significant digits, rounded towards zero so that the shown quantity can be sold.

        Example: `0.0172413 BTC`.
        """
        if not value.is_finite() or value == 0:
            return self.amount(value, asset)
        decimals = min(max(0, _SIGNIFICANT - 1 - value.adjusted()), MAX_DECIMALS)
        shown = value.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN, ROUNDING) if abs(value) < _LARGEST else value
        return self.amount(shown, asset)

    def price(self, value: Decimal | None, tick: Decimal | None = None) -> str:
        """Formats a price at the symbol's tick size.

        Without a tick, or between two ticks, six significant digits are shown.
        """
        if value is None or not value.is_finite():
            return UNKNOWN
        if tick is not None and ROUNDING.remainder(value, tick) == 0:
            decimals = _decimals_of(tick)
            return self._decimal(value, decimals, decimals)
        at_least = _decimals_of(tick) if tick is not None else _CENTS
        return self._decimal(value, at_least, max(_significant(value), at_least))

    def estimate(self, value: float, tick: Decimal | None = None) -> str:
        """Formats a computed price like `price`, rounded down to the tick if there is one."""
        exact = Decimal(f"{value:.12g}")
        return self.price(exact if tick is None else down_to_step(exact, tick), tick)

    def percent(self, fraction: Decimal | None, *, signed: bool = False) -> str:
        """Formats a fraction: `0.0512` is `5.12%`.

        Very small values keep two significant digits, and a loss of almost everything as many as tell it from -100%.
        Changes (`signed`) have at least two decimals.
        """
        if fraction is None or not fraction.is_finite():
            return UNKNOWN
        hundredths = fraction.scaleb(2, ROUNDING)
        near = min(abs(hundredths), ROUNDING.add(_HUNDRED, hundredths) if hundredths < 0 else _HUNDRED)
        decimals = max(_CENTS, 1 - near.adjusted()) if near > 0 and near.adjusted() < -_CENTS else _CENTS
        return f"{self._decimal(hundredths, _CENTS if signed else 0, decimals, signed=signed)}%"

    def tenths(self, value: float) -> str:
        """Formats a figure with one decimal, for narrow tables: `10.4`."""
        return self._decimal(Decimal(f"{value:.1f}"), 1, 1)

    def score(self, value: float) -> str:
        """Formats a score between -1 and 1 with two decimals and its sign: `+0.35`."""
        return self._decimal(Decimal(f"{value:.2f}"), _CENTS, _CENTS, signed=True)

    def compact(self, value: Decimal | None, asset: str = "") -> str:
        """Formats large figures in the language's units: `1.2B`, `12억`."""
        if value is None or not value.is_finite():
            return UNKNOWN
        if abs(value) < _COMPACT_FROM or abs(value) >= _LARGEST:
            return _with_unit(self._decimal(value, 0, 0 if abs(value) >= 1 else _significant(value)), asset)
        return _with_unit(_compact(value, self.language), asset)

    def count(self, value: int) -> str:
        """Formats a whole number with the language's grouping."""
        return self._decimal(Decimal(value), 0, 0)

    def age(self, milliseconds: int) -> str:
        """Formats a duration, rounded to its largest unit: `3 sec`, `12 min`."""
        span = timedelta(milliseconds=min(max(milliseconds, 0), _LATEST_MS))
        return format_timedelta(span, threshold=1, format="short", locale=self._locale)

    def days(self, last: date, count: int = 1) -> str:
        """Formats a date, or the `count` days up to it: `Nov 29, 2026`, `Nov 23 – 29, 2026`."""
        if count <= 1:
            return format_date(last, "medium", locale=self._locale)
        first = last - timedelta(days=count - 1)
        return str(format_interval(first, last, "yMMMd", locale=self._locale)).replace("\N{THIN SPACE}", " ")

    def moment(self, at: datetime | int) -> str:
        """Formats a date and a 24-hour time in the user's zone. Integers are UTC milliseconds."""
        local = self._local(at)
        return self._join(format_date(local, "medium", locale=self._locale), f"{local:%H:%M:%S}")

    def told_moment(self, at: datetime | int) -> PointInTime:
        """Returns the same for use in a sentence. A platform may show it by the clock of the user's device."""
        return PointInTime(self.moment(at), at if isinstance(at, int) else int(at.timestamp() * 1000))

    def brief_moment(self, at: datetime | int, now: int) -> str:
        """Formats a moment for tables: no seconds, and no year if it is the year of `now` (UTC milliseconds)."""
        local = self._local(at)
        if local.year != self._local(now).year:
            return self._join(format_date(local, "medium", locale=self._locale), f"{local:%H:%M}")
        return self._join(format_skeleton("MMMd", local, locale=self._locale), f"{local:%H:%M}")

    def _local(self, at: datetime | int) -> datetime:
        moment = at if isinstance(at, datetime) else datetime.fromtimestamp(min(max(at, 0), _LATEST_MS) / 1000, tz=UTC)
        return moment.astimezone(self.zone)

    def _join(self, day: str, time: str) -> str:
        joined = get_datetime_format("medium", locale=self._locale)
        return str(joined).replace("{0}", time).replace("{1}", day)

    def _decimal(self, value: Decimal, at_least: int, at_most: int, *, signed: bool = False) -> str:
        if not value.is_finite():
            return UNKNOWN
        if abs(value) >= _LARGEST:
            return f"{value:.3E}"
        rounded = value.quantize(Decimal(1).scaleb(-min(at_most, MAX_DECIMALS)), ROUND_HALF_EVEN, ROUNDING)
        whole, _, fraction = f"{rounded.copy_abs():,f}".partition(".")
        fraction = fraction.rstrip("0").ljust(at_least, "0")
        sign = "-" if rounded < 0 else "+" if signed and rounded > 0 else ""
        return f"{sign}{whole.replace(',', self._group)}{self._point if fraction else ''}{fraction}"


@lru_cache
def _signs(language: Language) -> tuple[Locale, str, str]:
    """Returns the locale, its thousands separator and its decimal separator."""
    locale = Locale.parse(language.value)
    return locale, get_group_symbol(locale), get_decimal_symbol(locale)


@lru_cache(_REMEMBERED)
def _compact(value: Decimal, language: Language) -> str:
    with localcontext(ROUNDING):
        return format_compact_decimal(value, locale=_signs(language)[0], fraction_digits=1)


def _with_unit(text: str, asset: str) -> str:
    return f"{text} {asset}" if asset else text


def _decimals_of(step: Decimal) -> int:
    exponent = step.normalize(ROUNDING).as_tuple().exponent
    return min(max(-exponent, 0), MAX_DECIMALS) if isinstance(exponent, int) else 0


def _significant(value: Decimal) -> int:
    """Returns the number of decimals that show six significant digits, at least two."""
    if value == 0:
        return _CENTS
    return min(max(_CENTS, _SIGNIFICANT - 1 - value.adjusted()), MAX_DECIMALS)
