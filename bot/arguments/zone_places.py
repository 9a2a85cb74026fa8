"""Everyday names of time zones, in English and Korean: cities, countries, abbreviations; from CLDR and tzdata."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global

from bot.arguments.city_names import ABBREVIATIONS, CITIES, COUNTRIES, USUAL
from core.time_zones import fixed_zone, offset_at, zone_label, zone_names
from people.person import Language

_EVERYWHERE = "001"
_MONTHS = (1, 7)
_RARE = frozenset(("America/Adak",))
_BEHIND = re.compile(r" ?(?:standard time|time zone|timezone|time|표준시|시간대|시간)")
_RANKS = {zone: rank for rank, zone in enumerate(USUAL)}


def key(text: str) -> str:
    """Returns the look-up key of a name: without case, accents, and marks between its words."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[_.\-,’']", " ", unicodedata.normalize("NFC", bare)).split())


def bare_name(text: str) -> str:
    """Returns the look-up key without words such as `standard time`, which name no place."""
    return _BEHIND.sub("", key(text)).strip()


def zones_named(text: str, year: int) -> tuple[str, ...]:
    """Returns the zones that `text` may name, the best known first: one for each way of keeping time in `year`."""
    names = zone_index(year)
    wanted = key(text)
    return names.get(wanted) or names.get(bare_name(text), ())


@cache
def zone_index(year: int) -> dict[str, tuple[str, ...]]:
    """Returns all names with their zones."""
    found: dict[str, set[str]] = {}
    for name, zone in _cities():
        found.setdefault(key(name), set()).add(zone)
    places = {name: _told_apart(zones, year) for name, zones in found.items()}
    countries = {key(name): _of_country(zones, year) for name, zones in _countries()}
    return countries | places | _abbreviations(year)


def _cities() -> Iterable[tuple[str, str]]:
    aliases = get_global("zone_aliases")
    for name in zone_names().values():
        if not name.startswith("Etc/") and "/" in name:
            zone = aliases.get(name, name)
            yield name.rpartition("/")[2], zone if zone in zone_names().values() else name
    for locale in map(Locale, Language):
        for zone, words in locale.time_zones.items():
            if "city" in words and zone in zone_names().values() and not zone.startswith("Etc/"):
                yield words["city"], zone
    for zone, names in CITIES.items():
        yield from ((name, zone) for name in names.split(", "))


def _countries() -> Iterable[tuple[str, tuple[str, ...]]]:
    for code, zones in get_global("territory_zones").items():
        here = tuple(zone for zone in zones if zone.casefold() in zone_names())
        if code == _EVERYWHERE or not here:
            continue
        yield from ((locale.territories[code], here) for locale in map(Locale, Language) if code in locale.territories)
        yield from ((name, here) for name in COUNTRIES.get(code, "").split(", ") if name)


def _of_country(zones: tuple[str, ...], year: int) -> tuple[str, ...]:
    """Returns the only well-known zone of a country, such as Asia/Shanghai in China; all zones if several or none are
    well known.
    """
    known = [zone for zone in zones if zone in _RANKS]
    return (known[0],) if len(known) == 1 else _told_apart(known or zones, year)


def _abbreviations(year: int) -> dict[str, tuple[str, ...]]:
    """Returns abbreviations such as `KST` and `EST`: those that tzdata has at some time of the year, and those it
    leaves out.
    """
    found: dict[str, set[str]] = {}
    for zone in _inhabited() - _RARE:
        for month in _MONTHS:
            letters = datetime(year, month, 15, tzinfo=UTC).astimezone(ZoneInfo(zone)).tzname() or ""
            if letters.isalpha():
                found.setdefault(key(letters), set()).add(zone)
    for zone, more in ABBREVIATIONS.items():
        for letters in more.split(", "):
            found.setdefault(key(letters), set()).add(zone)
    return {letters: _told_apart(zones, year) for letters, zones in found.items()}


def _told_apart(zones: Iterable[str], year: int) -> tuple[str, ...]:
    """Returns the best known zone of each way of keeping time; a fixed offset if none is known and the clock never
    changes.
    """
    alike: dict[tuple[int, ...], list[str]] = {}
    for zone in sorted(zones, key=_rank):
        alike.setdefault(_clock(zone, year), []).append(zone)
    return tuple(_standing_for(clock, group) for clock, group in alike.items())


def _standing_for(clock: tuple[int, ...], zones: list[str]) -> str:
    hours, rest = divmod(clock[0], 60)
    unknown = len(zones) > 1 and zones[0] not in _RANKS
    return fixed_zone(hours) if unknown and not rest and len(set(clock)) == 1 else zones[0]


def _rank(zone: str) -> tuple[int, str]:
    return (_RANKS.get(zone, len(_RANKS)), zone)


@cache
def _clock(zone: str, year: int) -> tuple[int, ...]:
    """Returns the minutes ahead of UTC in winter and in summer."""
    return tuple(offset_at(zone, datetime(year, month, 15, tzinfo=UTC)) for month in _MONTHS)


def steady_alike(first: str, second: str, year: int) -> bool:
    """Returns whether two zones keep the same time, at least in winter: users name the offset of the standard time."""
    return min(_clock(first, year)) == min(_clock(second, year))


def zones_at(minutes: int, year: int) -> tuple[str, ...]:
    """Returns the zones that are this far ahead of UTC at some time of the year, the best known first."""
    return tuple(sorted((zone for zone in _inhabited() if minutes in _clock(zone, year)), key=_rank))


def steady_zone(minutes: int, year: int) -> str | None:
    """Returns the best known zone that is this far ahead of UTC all year long; None if there is none."""
    return next((zone for zone in zones_at(minutes, year) if set(_clock(zone, year)) == {minutes}), None)


@cache
def _inhabited() -> frozenset[str]:
    """Returns the zones that CLDR assigns to a territory."""
    territories = get_global("territory_zones")
    zones = {zone for code, found in territories.items() if code != _EVERYWHERE for zone in found}
    return frozenset(zone for zone in zones if zone.casefold() in zone_names())


@cache
def _keyed_zones() -> tuple[tuple[str, str], ...]:
    """Returns the zones with the look-up keys of their IANA names."""
    return tuple((key(name), zone) for name, zone in zone_names().items() if not zone.startswith("Etc/"))


def names_beginning(prefix: str, year: int) -> list[str]:
    """Returns labels of zones that complete `prefix`: zones with a name that begins with it come first, each group the
    best known first.
    """
    wanted = key(prefix)
    names = zone_index(year)
    begun = [zone for name, zones in names.items() if name.startswith(wanted) for zone in zones]
    whole = [zone for name, zone in _keyed_zones() if wanted in name]
    ordered = [*sorted(set(begun), key=_rank), *sorted(set(whole), key=_rank)]
    return [zone_label(zone) for zone in dict.fromkeys(ordered)]
