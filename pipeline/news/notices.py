"""Notification of headlines about coins that a user watches or holds."""

from typing import Annotated

import msgspec

KIND = "headline"
MAX_HEADLINES = 3
"""Most headlines of one message."""


class PushedHeadline(msgspec.Struct, frozen=True):
    """Headline of a message; `published` is UTC ms."""

    title: str
    link: str
    source: str
    assets: tuple[str, ...]
    tone: float
    published: int


class HeadlinesFound(msgspec.Struct, frozen=True, tag_field="kind", tag=KIND):
    """New headlines about coins of the user, the strongest tone first."""

    headlines: Annotated[tuple[PushedHeadline, ...], msgspec.Meta(min_length=1, max_length=MAX_HEADLINES)]
