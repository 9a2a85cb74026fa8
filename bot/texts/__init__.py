"""The text catalogs: every sentence of the desk, one folder a language, written in Fluent.

A sentence that is missing, or lacks one of its variables, raises: there is no silent fallback to another language.
"""

import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Pattern
from fluent.syntax import ast

from bot.ports import Language

VARIABLE_LIMIT = 300
"""Characters kept of one variable."""

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_BREAKS = frozenset("\t\n\r\v\f\u2028\u2029")
_MARKS = frozenset(("Mn", "Me"))
_MARKS_IN_A_ROW = 2


class TextMissing(Exception):
    """A message or one of its variables is not there: our mistake, never shown."""


def clean(text: str, limit: int = VARIABLE_LIMIT) -> str:
    """Text that cannot disturb what stands around it.

    Control, bidirectional, zero-width and unassigned characters are removed, line breaks and tabs become spaces,
    at most two combining marks stay on a letter, and what is longer than `limit` ends in an ellipsis.
    """
    kept: list[str] = []
    marks = 0
    for character in text[: 4 * limit]:
        seen = " " if character in _BREAKS else character
        category = unicodedata.category(seen)
        if category in _UNSEEN:
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(seen)
    cleaned = "".join(kept)
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


class Catalog:
    """All texts of one language."""

    def __init__(self, language: Language, sources: dict[str, str]) -> None:
        """`sources` maps file names to Fluent text; raises ValueError on a syntax error or a repeated id."""
        self.language = language
        self._bundle = FluentBundle([language.value], use_isolating=False)
        self.entries: dict[str, ast.Message] = {}
        for name, source in sources.items():
            resource = FluentResource(source)
            for message in _messages(name, resource):
                if message.id.name in self.entries:
                    raise ValueError(f"{language.value}/{name}: {message.id.name} stands twice")
                self.entries[message.id.name] = message
            self._bundle.add_resource(resource)

    def has(self, message_id: str) -> bool:
        """True where `say` would find the text; `id.attribute` names an attribute."""
        return self._pattern(message_id) is not None

    def say(self, message_id: str, **variables: str | int) -> str:
        """The sentence, with its variables made harmless; raises TextMissing."""
        pattern = self._pattern(message_id)
        if pattern is None:
            raise TextMissing(f"{self.language.value}: no text {message_id}")
        safe = {name: clean(value) if isinstance(value, str) else value for name, value in variables.items()}
        text, errors = self._bundle.format_pattern(pattern, safe)
        if errors:
            raise TextMissing(f"{self.language.value}: {message_id}: {errors}")
        return str(text)

    def _pattern(self, message_id: str) -> Pattern | None:
        name, _, attribute = message_id.partition(".")
        if not self._bundle.has_message(name):
            return None
        message = self._bundle.get_message(name)
        return message.attributes.get(attribute) if attribute else message.value


def _messages(name: str, resource: ast.Resource) -> Iterator[ast.Message]:
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            raise ValueError(f"{name}: not Fluent: {entry.content}")  # noqa: TRY004 - the text is wrong, not its type
        if isinstance(entry, ast.Message):
            yield entry


def load_catalog(language: Language) -> Catalog:
    """Every `.ftl` file of the language's folder."""
    folder: Traversable = files(__name__).joinpath(language.value)
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".ftl")), key=lambda entry: entry.name)
    return Catalog(language, {entry.name: entry.read_text(encoding="utf-8") for entry in found})


def load_catalogs() -> dict[Language, Catalog]:
    """All languages."""
    return {language: load_catalog(language) for language in Language}
