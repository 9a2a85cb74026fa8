"""What the machine tells of its person before they have chosen: language and time zone."""

import warnings
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from people.person import Language


def language_hint(environment: Mapping[str, str], otherwise: Language) -> Language:
    """From LC_ALL, LC_MESSAGES and LANG, the first that is set; `otherwise` where they name no language of the desk."""
    name = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    code = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return next((language for language in Language if language.value == code), otherwise)


def timezone_hint(otherwise: str = "UTC") -> str:
    """The machine's IANA time zone; `otherwise` where it has none that exists."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of machines whose files disagree; either answer will do
        try:
            name = tzlocal.get_localzone_name()
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return otherwise
    return name
