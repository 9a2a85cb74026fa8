"""How a time zone is written: by its IANA name or its city."""

from difflib import get_close_matches
from typing import NewType

from bot.arguments.reader import Reader
from bot.context import Context
from bot.errors import UnknownTimeZone
from bot.inbound import Suggestion
from bot.zones import zone_names

TimeZoneName = NewType("TimeZoneName", str)

_NEAREST = 3


def _read_zone(text: str, ctx: Context) -> TimeZoneName:  # noqa: ARG001
    zones = zone_names()
    wanted = text.casefold().replace(" ", "_")
    if wanted not in zones:
        near = get_close_matches(wanted, zones, _NEAREST)
        raise UnknownTimeZone(text, tuple(dict.fromkeys(zones[name] for name in near)))
    return TimeZoneName(zones[wanted])


def _suggest_zones(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001
    if not prefix:
        usual = ("Asia/Seoul", "UTC", "Europe/London", "America/New_York", "America/Los_Angeles")
        return [Suggestion(name, name) for name in usual]
    names = sorted(name for name in set(zone_names().values()) if prefix.casefold() in name.casefold())
    return [Suggestion(name, name) for name in names]


TIME_ZONES = Reader(_read_zone, _suggest_zones)
