"""Reader of time zones: by city or country, in English or Korean, by offset, abbreviation or IANA name.

Offsets have the everyday sign: `GMT+9` is nine hours ahead of UTC. POSIX and the `Etc` zones of tzdata have the
opposite one, so their names are refused if the sign matters. If the text may mean several zones, the user is asked.
"""

import re
import unicodedata
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from typing import NewType

from babel.core import get_global

from bot.arguments.city_names import USUAL
from bot.arguments.reader import Reader, all_words
from bot.arguments.zone_places import (
    bare_name,
    key,
    names_beginning,
    steady_alike,
    steady_zone,
    zone_index,
    zones_at,
    zones_named,
)
from bot.context import Context
from bot.errors import AmbiguousTimeZone, PosixTimeZone, UnknownOffset, UnknownTimeZone
from bot.inbound import Suggestion
from core.time_zones import fixed_zone, offset_at, offset_label, zone_label, zone_names

TimeZoneName = NewType("TimeZoneName", str)

_MAX_WORDS = 12
_COMPARED = 60
"""Characters of a text that are compared with the names of zones."""

_NEAREST = 3
_ALIKE = 0.72
_FIRST = 5
_EARLIEST, _LATEST = -12 * 60, 14 * 60
_OFFSET = re.compile(
    r"(?:utc|gmt|ut|z)?(?P<sign>[+-])?(?P<hours>[0-9]{1,2})"
    r"(?:(?::|(?<=[0-9]{2}))(?P<minutes>[0-5][0-9])|\.(?P<part>25|50?|75))?(?:h|hours?|시간)?"
)
_ZERO = re.compile(r"(?:etc/)?(?:utc|gmt|ut|z|zulu|uct|universal|greenwich)(?:[+-]?00?(?::?00)?)?")
_POSIX = re.compile(r"etc/(?:gmt|utc)([+-])([0-9]{1,2})")
_SHIFTED = re.compile(r"([a-z]{2,5})[+-]?[0-9][0-9:.]*")
_AROUND_UTC = re.compile(r"(?:utc|gmt|ut)[^a-z/]")
_SEASONS = (1, 7)
_PARTS = {"25": 15, "5": 30, "50": 30, "75": 45}


def read_time_zone(text: str, year: int) -> str:
    """Returns the IANA name of the zone in `text`; `year` decides which zones keep the same time.

    Raises UnknownTimeZone, UnknownOffset, AmbiguousTimeZone, PosixTimeZone.
    """
    compact = _plain(text).casefold().replace(" ", "")
    if _ZERO.fullmatch(compact):
        return "UTC"
    if posix := _POSIX.fullmatch(compact):
        hours = int(posix[1] + posix[2])
        raise PosixTimeZone(text, offset_label(-60 * hours), (offset_label(60 * hours), offset_label(-60 * hours)))
    if offset := _OFFSET.fullmatch(compact):
        return _at_offset(text, offset, year)
    found = zones_named(text, year)
    if len(found) > 1:
        raise AmbiguousTimeZone(text, tuple(zone_label(zone) for zone in found[:_FIRST]))
    if found:
        return found[0]
    wanted = text.casefold().replace(" ", "_")
    if wanted in zone_names():
        return zone_names()[wanted]
    if (told := _as_shown(text, year) or _told_twice(text, year)) is not None:
        return told
    raise _unknown(text, year)


def _plain(text: str) -> str:
    """Returns the text with the digits and signs of other scripts, such as `UTC⁺⁹`, as those of ASCII."""
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in unicodedata.normalize("NFKC", text))


def _as_shown(text: str, year: int) -> str | None:
    """Returns the zone of `America/New_York (UTC-4)`, as the desk shows it with an offset that it has."""
    name, _, offset = text.casefold().removesuffix(")").partition(" (")
    zone = zone_names().get(name.strip().replace(" ", "_"))
    if zone is None or not offset:
        return None
    days = (datetime(year, month, 15, tzinfo=UTC) for month in _SEASONS)
    return zone if offset in {offset_label(offset_at(zone, day)).casefold() for day in days} else None


def _told_twice(text: str, year: int) -> str | None:
    """Returns the zone of `Seoul, Korea` or `(GMT+09:00) Seoul`: a place together with another name or the offset of
    the same zone. None if the text has no such form.
    """
    words = text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    if len(words) > _MAX_WORDS:
        return None
    for at in range(1, len(words)):
        first, second = (_zone_of(" ".join(part), year) for part in (words[:at], words[at:]))
        if first is not None and second is not None and steady_alike(first, second, year):
            return first if "/" in first and not first.startswith("Etc/") else second
    return None


def _zone_of(text: str, year: int) -> str | None:
    if offset := _OFFSET.fullmatch(text.casefold()):
        try:
            return _at_offset(text, offset, year)
        except (UnknownOffset, AmbiguousTimeZone):
            return None
    if (name := text.casefold()) in zone_names() and "/" in name and not name.startswith("etc/"):
        return zone_names()[name]
    found = zones_named(text, year)
    return found[0] if len(found) == 1 else None


def _at_offset(text: str, offset: re.Match[str], year: int) -> str:
    """Returns the zone that keeps the offset all year; for an offset without a sign, both are offered.

    Raises AmbiguousTimeZone and UnknownOffset.
    """
    minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or _PARTS.get(offset["part"] or "", 0))
    if minutes > _LATEST:
        raise UnknownOffset(text, ())
    if offset["sign"] is None and minutes:
        both = (minutes, -minutes)
        raise AmbiguousTimeZone(text, tuple(offset_label(each) for each in both if each >= _EARLIEST))
    minutes = -minutes if offset["sign"] == "-" else minutes
    if minutes % 60 == 0 and minutes >= _EARLIEST:
        return fixed_zone(minutes // 60)
    steady = steady_zone(minutes, year)
    if steady is None:
        raise UnknownOffset(text, zones_at(minutes, year)[:_NEAREST])
    return steady


def _unknown(text: str, year: int) -> UnknownTimeZone | UnknownOffset:
    """Returns the error, with zones of the same abbreviation if a number follows it, else with similar names."""
    compact = _plain(text).casefold().replace(" ", "")
    shifted = _SHIFTED.fullmatch(compact)
    if _AROUND_UTC.match(compact):
        return UnknownOffset(text)
    if shifted:
        return UnknownTimeZone(text, tuple(zone_label(zone) for zone in zones_named(shifted[1], year)[:_NEAREST]))
    if windows := _windows_names().get(key(text)):
        return UnknownTimeZone(text, (windows,))
    names = _all_names(year)
    alike = get_close_matches(bare_name(text)[:_COMPARED], names, _NEAREST, _ALIKE)
    zones = dict.fromkeys(zone_label(zone) for name in alike for zone in names[name])
    return UnknownTimeZone(text, tuple(zones)[:_NEAREST])


@cache
def _windows_names() -> dict[str, str]:
    """Returns the look-up keys of the names that Windows has for time zones, such as `Arabian Standard Time`."""
    return {key(name): zone for name, zone in get_global("windows_zone_mapping").items()}


@cache
def _all_names(year: int) -> dict[str, tuple[str, ...]]:
    """Returns the look-up keys of everyday and IANA names with their zones."""
    names = {bare_name(name): zones for name, zones in zone_index(year).items()}
    return names | {key(name): (zone,) for name, zone in zone_names().items() if "etc/" not in name}


def _read_zone(text: str, ctx: Context) -> TimeZoneName:
    return TimeZoneName(read_time_zone(text, _year(ctx)))


def _year(ctx: Context) -> int:
    return datetime.fromtimestamp(ctx.services.clock() / 1000, UTC).year


def _suggest_zones(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests the usual zones if nothing is typed; else the zone that the text already names, then its completions."""
    if not prefix:
        return [Suggestion(name, name) for name in USUAL[:_FIRST]]
    year = _year(ctx)
    try:
        offered = [zone_label(read_time_zone(prefix, year))]
    except (AmbiguousTimeZone, PosixTimeZone) as error:
        offered = list(error.choices)
    except (UnknownTimeZone, UnknownOffset):
        offered = []
    return [Suggestion(name, name) for name in dict.fromkeys([*offered, *names_beginning(prefix, year)])]


TIME_ZONES = Reader(_read_zone, _suggest_zones, all_words)
