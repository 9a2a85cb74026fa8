"""Refusals of calls: how long to wait after a 429, and answers that are not Telegram's own, such as a proxy's page."""

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from telegram.error import NetworkError, RetryAfter, TelegramError

DEFAULT_SECONDS = 5.0
"""Seconds to wait after a 429 that does not state a usable time."""

LONGEST_SECONDS = 3600.0
"""Longest wait in seconds after a 429. A limit that still applies then is stated again."""

TOO_LARGE = 413
_TOO_MANY = 429
_REFUSALS = range(400, 500)
_RETRY_AFTER = re.compile(r"retry after ([0-9]{1,12})\b")


class ForeignAnswer(NetworkError):
    """A refusal with `status` that Telegram did not write: a proxy's. The call did not reach Telegram."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status} from a proxy")
        self.status = status


def refusal(status: int, headers: Mapping[str, str], told: Mapping[str, Any] | None) -> TelegramError | None:
    """Returns the error of a refused call, and None if the library is to classify the answer.

    `told` is the answer's JSON object, None if it is none. A 429 is always a `RetryAfter`, because the call was not
    performed. Any other 4xx is a `ForeignAnswer` unless it is an error object of the Bot API.
    """
    if status not in _REFUSALS:
        return None
    if status == _TOO_MANY:
        return RetryAfter(timedelta(seconds=_wait(headers, told or {})))
    own = told is not None and told.get("ok") is False and isinstance(told.get("description"), str)
    return None if own else ForeignAnswer(status)


def _wait(headers: Mapping[str, str], told: Mapping[str, Any]) -> float:
    """Returns the stated seconds, from 0 to LONGEST_SECONDS: of the parameters, else the description, else the
    header.
    """
    parameters, description = told.get("parameters"), told.get("description")
    in_words = _RETRY_AFTER.search(description.lower()) if isinstance(description, str) else None
    stated = (
        parameters.get("retry_after") if isinstance(parameters, dict) else None,
        in_words and in_words[1],
        headers.get("Retry-After"),
    )
    usable = (seconds for value in stated if (seconds := _positive(value)) is not None)
    return min(next(usable, DEFAULT_SECONDS), LONGEST_SECONDS)


def _positive(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None
