"""Time zones known to this machine, by their IANA names, and their labels for users.

A fixed offset is stored as one of the `Etc/GMT` zones, whose names have the sign of POSIX: `Etc/GMT-9` is UTC+9. Users
neither see nor type these names.
"""

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")
_NO_PLACES = frozenset(("Factory", "localtime"))


@cache
def zone_names() -> dict[str, str]:
    """Returns the IANA names by their lower case."""
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_PLACES)}


def known_zone(name: str) -> str:
    """Returns the name in its IANA spelling if this machine knows the zone, else UTC."""
    return zone_names().get(name.casefold(), "UTC")


def fixed_zone(hours: int) -> str:
    """Returns the IANA name of UTC plus `hours`, from -12 to 14."""
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def zone_label(name: str) -> str:
    """Returns the label that users read and type: `UTC+9` for `Etc/GMT-9`, else the name itself."""
    fixed = _FIXED.fullmatch(name)
    return name if fixed is None else f"UTC{'-' if fixed[1] == '+' else '+'}{fixed[2]}"


def offset_label(minutes: int) -> str:
    """Returns an offset as text, such as `UTC+5:30`, `UTC-9` or `UTC`."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def offset_at(zone: str, at: datetime) -> int:
    """Returns the minutes ahead of UTC at the instant `at`, which has a time zone."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def zone_with_offset(name: str, at: datetime) -> str:
    """Returns a label such as `Asia/Seoul (UTC+9)`, with the offset at the instant `at`."""
    label, offset = zone_label(name), offset_label(offset_at(name, at))
    return label if label.startswith("UTC") else f"{label} ({offset})"
