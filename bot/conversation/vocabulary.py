"""The words for each command, in every language: `buy`, `매수`, `purchase`."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot.declaration import Command
from bot.ports import Language
from bot.texts import Catalog

_NEAREST = 3
_ALIKE = 0.75
"""Share of letters that two words have in common (0 to 1) from which one counts as a slip of the other."""

_SHORTEST = 3


class Vocabulary:
    """Which command a word means. The words come from the catalogs: the texts `words-NAME` list them with commas, and
    Discord's name of a command is one of them."""

    def __init__(self, commands: Iterable[Command], catalogs: Mapping[Language, Catalog]) -> None:
        self._names: dict[str, str] = {}
        for command in commands:
            if not command.hidden:
                for word in (command.name, *_words(command.name, catalogs.values())):
                    self._names.setdefault(_fold(word), command.name)

    def command_of(self, word: str) -> str:
        """The name of the command, '' where the word means none."""
        return self._names.get(_fold(word), "")

    def nearest(self, word: str) -> list[str]:
        """Names of at most three commands that have a word like this one, best first."""
        if len(word) < _SHORTEST:
            return []
        alike = get_close_matches(_fold(word), self._names, _NEAREST, _ALIKE)
        return list(dict.fromkeys(self._names[found] for found in alike))


def _words(name: str, catalogs: Iterable[Catalog]) -> Iterable[str]:
    for catalog in catalogs:
        if catalog.has(f"discord-command-{name}"):
            yield catalog.say(f"discord-command-{name}")
        if catalog.has(f"words-{name}"):
            yield from (word.strip() for word in catalog.say(f"words-{name}").split(","))


def _fold(word: str) -> str:
    """Composed, since some keyboards send Korean letter by letter, and in lower case."""
    return unicodedata.normalize("NFC", word).casefold()
