"""Prints the connections of a desk without a console, in the operator's language."""

from typing import Protocol, TextIO

from bot.platforms.console.sanitize import one_line
from bot.ui.texts import Catalog


class SayLine(Protocol):
    """Prints the text of a catalog as one line."""

    def __call__(self, text: str, **variables: str | int) -> None:
        """Prints the text `text`; `variables` are its variables."""


class StartLines:
    """Prints each text once, and again only if it has changed, as after a new connection."""

    def __init__(self, catalog: Catalog, stream: TextIO) -> None:
        self._catalog = catalog
        self._stream = stream
        self._said: dict[str, str] = {}

    def add(self, text: str, **variables: str | int) -> None:
        """Prints the line and flushes; nothing is printed to a closed stream."""
        line = one_line(self._catalog.text(text, **variables))
        if self._said.get(text) == line:
            return
        self._said[text] = line
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return
