"""The time zones this machine knows, as people write them."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> dict[str, str]:
    """IANA names by their lower case, and by their city alone where only one zone has it."""
    names = sorted(available_timezones())
    cities: dict[str, list[str]] = {}
    for name in names:
        cities.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    alone = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return alone | {name.casefold(): name for name in names}


def known_zone(name: str) -> str:
    """The name itself where this machine knows it, else UTC."""
    return zone_names().get(name.casefold(), "UTC")
