"""Hints of the system for the user's language and time zone, used until the user has chosen them."""

import warnings
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from people.person import Language


def language_hint(environment: Mapping[str, str], otherwise: Language) -> Language:
    """Returns the language of the first of LC_ALL, LC_MESSAGES and LANG that is set; `otherwise` if unsupported."""
    name = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    code = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return next((language for language in Language if language.value == code), otherwise)


def timezone_hint(otherwise: str = "UTC") -> str:
    """Returns the system's IANA time zone; `otherwise` if it has none that exists."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns if system files disagree; either value is acceptable
        try:
            name = tzlocal.get_localzone_name()
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return otherwise
    return name
