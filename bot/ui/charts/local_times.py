"""Wall clock of the user on charts: offsets from UTC, and the name of the zone."""

from collections.abc import Sequence
from datetime import datetime, tzinfo


def offsets(times: Sequence[int], zone: tzinfo) -> tuple[int, ...]:
    """Returns the offset of the zone's wall clock from UTC at each time, in ms, including daylight saving."""
    return tuple(_offset(time, zone) for time in times)


def zone_name(zone: tzinfo, time: int) -> str:
    """Returns the zone's abbreviation (`KST`), or `UTC+3` if the zone has none."""
    name = datetime.fromtimestamp(time / 1000, zone).tzname() or ""
    return f"UTC{name.replace('-', '−')}" if name[:1] in ("+", "-") else name


def _offset(time: int, zone: tzinfo) -> int:
    ahead = datetime.fromtimestamp(time / 1000, zone).utcoffset()
    return 0 if ahead is None else round(ahead.total_seconds() * 1000)
