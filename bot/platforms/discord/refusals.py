"""Refusals that Discord did not write, such as a proxy's page, and refusals that discord.py cannot read."""

import math
from typing import Any

import aiohttp
import discord
from discord import errors, http
from discord.webhook import async_

LONGEST_SECONDS = 3600.0
"""Longest wait in seconds after a 429. A limit that still applies then is stated again."""

_REFUSALS = range(400, 500)
_TOO_MANY = 429
_read = http.json_or_text


class ProxyRefusal(discord.HTTPException):
    """A refusal that is not Discord's: a proxy's. The request was not performed, and nothing is known of the chat."""


async def read_answer(response: aiohttp.ClientResponse) -> Any:
    """Returns the body of an answer as discord.py does. Raises ProxyRefusal for a 4xx that Discord did not write, and
    for a 429 without a usable time.
    """
    if response.status not in _REFUSALS:
        return await _read(response)
    try:
        told: Any = await _read(response)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("message"), str) or not _whole(told.get("code", 0)):
        raise ProxyRefusal(response, None)
    if response.status == _TOO_MANY:
        seconds = told.get("retry_after")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
            raise ProxyRefusal(response, None)
        told["retry_after"] = min(seconds, LONGEST_SECONDS)
    if not _legible(told.get("errors")):
        del told["errors"]
    return told


def install_refusals() -> None:
    """Makes every client of the process read answers with `read_answer`; the library has no option for it."""
    http.json_or_text = read_answer
    async_.json_or_text = read_answer  # type: ignore[attr-defined]


def _whole(code: Any) -> bool:
    return isinstance(code, int) and not isinstance(code, bool)


def _legible(details: Any) -> bool:
    """Returns whether discord.py can read the details of a refusal."""
    try:
        errors._flatten_error_dict(details or {})  # noqa: SLF001 - what the library's HTTPException calls
    except (AttributeError, TypeError, RecursionError):
        return False
    return True
