"""Text catalogs: all texts for users, one folder per language, written in Fluent.

A missing text or variable raises an error. There is no silent fallback to another language.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Pattern
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from bot.ui.texts.examples import Examples
from bot.ui.texts.josa import josa
from core.text import clean
from people.person import Language

_ENTRY = re.compile(r"^(?=-?[A-Za-z])", re.MULTILINE)
"""Start of a message or a term. Continuation lines are indented, or begin with a bracket."""

_ID = re.compile(r"-?[A-Za-z][\w-]*")


def _particle(word: object, pair: object) -> str:
    return josa(str(word), str(pair))


_FUNCTIONS: dict[str, Callable[..., Any]] = {"JOSA": _particle}
"""Functions available in texts: `{ JOSA($word, "을/를") }` is the Korean particle that fits after the word. Those of
`Examples` are available too.
"""


class TextMissing(Exception):
    """A message or one of its variables is missing: a programming error, never shown to users."""


class Catalog:
    """All texts of one language. A text is parsed on first use: parsing all of them takes half of the start time."""

    def __init__(self, language: Language, sources: Mapping[str, str], examples: Examples | None = None) -> None:
        """`sources` maps file names to Fluent text. Raises ValueError on a repeated id."""
        self.language = language
        self._sources = sources
        self._bundle = FluentBundle(
            [language.value],
            functions={**_FUNCTIONS, **(examples or Examples()).functions()},
            use_isolating=False,
        )
        self._unparsed: dict[str, str] = {}
        for name, source in sources.items():
            for entry in _ENTRY.split(source)[1:]:
                entry_id = _ID.findall(entry)[0]
                if entry_id in self._unparsed:
                    raise ValueError(f"{language.value}/{name}: {entry_id} stands twice")
                self._unparsed[entry_id] = entry

    @cached_property
    def entries(self) -> dict[str, ast.Message]:
        """Every message, parsed. Raises ValueError on a syntax error."""
        resources = [(name, FluentResource(source)) for name, source in self._sources.items()]
        return {message.id.name: message for name, resource in resources for message in _messages(name, resource)}

    def has(self, message_id: str) -> bool:
        """True if `text` would find the text. `id.attribute` names an attribute."""
        return self._pattern(message_id) is not None

    def text(self, message_id: str, **variables: str | int) -> str:
        """Returns the text with its variables sanitized. Raises TextMissing."""
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
        self._parse(name)
        if not self._bundle.has_message(name):
            return None
        message = self._bundle.get_message(name)
        return message.attributes.get(attribute) if attribute else message.value

    def _parse(self, entry_id: str) -> None:
        """Adds the entry and the entries it refers to to the bundle. Raises ValueError on a syntax error."""
        source = self._unparsed.pop(entry_id, None)
        if source is None:
            return
        resource = FluentResource(source)
        _check(entry_id, resource)
        self._bundle.add_resource(resource)
        references = _References()
        references.visit(resource)
        for other in references.ids:
            self._parse(other)


class _References(Visitor):
    """Collector of the ids of messages and terms that an entry refers to."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - the library's name
        self.ids.append(node.id.name)

    def visit_TermReference(self, node: ast.TermReference) -> None:  # noqa: N802 - the library's name
        self.ids.append(f"-{node.id.name}")


def _check(name: str, resource: ast.Resource) -> None:
    """Raises ValueError on a syntax error."""
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            raise ValueError(f"{name}: not Fluent: {entry.content}")  # noqa: TRY004 - the text is wrong, not its type


def _messages(name: str, resource: ast.Resource) -> Iterator[ast.Message]:
    _check(name, resource)
    return (entry for entry in resource.body if isinstance(entry, ast.Message))


def load_catalog(language: Language, examples: Examples | None = None) -> Catalog:
    """Loads every `.ftl` file of the language's folder. Without `examples`, examples name the usual coins."""
    folder: Traversable = files(__name__).joinpath(language.value)
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".ftl")), key=lambda entry: entry.name)
    return Catalog(language, {entry.name: entry.read_text(encoding="utf-8") for entry in found}, examples)


def load_catalogs(examples: Examples | None = None) -> dict[Language, Catalog]:
    """Loads the catalogs of all languages."""
    return {language: load_catalog(language, examples) for language in Language}
