"""Sanitization of text for Discord: no markdown, no mentions, no links, no invisible characters."""

import re
from functools import lru_cache

from bot.platforms.discord.outbound.messages import units
from core.text import clean

_ANYWHERE = re.compile(r"([\\`*_~|<>\[\]])")
_LINE_START = re.compile(r"^(\s*)(-#|#{1,3}|[+-])(?=\s)", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)(\.)(?=\s)", re.MULTILINE)
_LINK = re.compile(r"://")
_MENTION = re.compile(r"@(?=everyone|here|&|!|\d)", re.IGNORECASE)
_NOTHING = "\u200b"
_REMEMBERED = 1024
"""Cache size: labels and notes are repeated often."""


@lru_cache(_REMEMBERED)
def plain(text: str, limit: int) -> str:
    """Removes invisible characters line by line and limits the length. For places without markdown."""
    lines = (clean(line, limit).rstrip() for line in text.split("\n"))
    return cut("\n".join(lines).strip("\n"), limit)


@lru_cache(_REMEMBERED)
def escaped(text: str, limit: int) -> str:
    """Like `plain`, for places with markdown: every character of `text` is shown literally."""
    kept = plain(text, limit)
    room = limit
    while units(done := _escape(cut(kept, room))) > limit:
        room = room * 3 // 4
    return done


def code(text: str) -> str:
    """Sanitizes text for a code block: backticks, which could end the block, are replaced."""
    return clean(text).replace("`", "'").strip()


def cut(text: str, limit: int) -> str:
    """Truncates to at most `limit` UTF-16 units, with an ellipsis if text was removed."""
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while units(kept) > limit - 1:
        kept = kept[: -max(1, (units(kept) - limit + 1) // 2)]
    return kept + "…"


def _escape(text: str) -> str:
    text = _ANYWHERE.sub(r"\\\1", text)
    text = _LINE_START.sub(r"\1\\\2", text)
    text = _NUMBERED.sub(r"\1\\\2", text)
    text = _LINK.sub(r"\\://", text)
    return _MENTION.sub("@" + _NOTHING, text)
