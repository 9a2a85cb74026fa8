"""Words for each command, in every language: `buy`, `매수`, `purchase`."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from bot.command import FORMER_NAMES, Command
from bot.ui.texts import Catalog
from people.person import Language

_NEAREST = 3
_ALIKE = 0.75
"""Least similarity of two words (0 to 1) for one to count as a misspelling of the other."""

_SHORTEST = 3


class Vocabulary:
    """Table from words and sentences to commands, read from the catalogs: the texts `words-NAME` list words with
    commas, `phrases-NAME` whole lines, `verbs-NAME` the words for a button. Discord's name of a command and its former
    name are words too.
    """

    def __init__(self, commands: Iterable[Command], catalogs: Mapping[Language, Catalog]) -> None:
        self._names: dict[str, str] = {}
        self._phrases: dict[str, str] = {}
        self._verbs: dict[str, frozenset[str]] = {}
        for command in commands:
            if not command.hidden:
                for word in (command.name, *_former(command.name), *_words(command.name, catalogs.values())):
                    self._names.setdefault(_fold(word), command.name)
                for phrase in _listed(f"phrases-{command.name}", catalogs.values()):
                    self._phrases.setdefault(_fold(phrase).replace(" ", ""), command.name)
            if verbs := frozenset(map(_fold, _listed(f"verbs-{command.name}", catalogs.values()))):
                self._verbs[command.name] = verbs

    def command_of(self, word: str) -> str:
        """Returns the name of the command, '' if the word means none."""
        return self._names.get(_fold(word), "")

    def command_in(self, words: Iterable[str]) -> str:
        """Returns the name of the command that the words mean together, '' if they mean none. Spaces do not count:
        `알림 목록` is `알림목록`.
        """
        return self._phrases.get(_fold("".join(words)), "")

    def verb_of(self, word: str, presses: Iterable[str]) -> str:
        """Returns the one of the hidden commands `presses` that the word means, '' if it means none: `pause` is
        `dca_pause`.
        """
        folded = _fold(word)
        return next((name for name in presses if folded in self._verbs.get(name, ())), "")

    def nearest(self, word: str) -> list[str]:
        """Returns the names of at most three commands that have a word like this one, best first."""
        if len(word) < _SHORTEST:
            return []
        alike = get_close_matches(_fold(word), self._names, _NEAREST, _ALIKE)
        return list(dict.fromkeys(self._names[found] for found in alike))


def _former(name: str) -> Iterable[str]:
    return (former for former, current in FORMER_NAMES.items() if current == name)


def _words(name: str, catalogs: Collection[Catalog]) -> Iterable[str]:
    for catalog in catalogs:
        if catalog.has(f"discord-command-{name}"):
            yield catalog.text(f"discord-command-{name}")
    yield from _listed(f"words-{name}", catalogs)


def _listed(message: str, catalogs: Iterable[Catalog]) -> Iterable[str]:
    for catalog in catalogs:
        if catalog.has(message):
            yield from (entry.strip() for entry in catalog.text(message).split(","))


def _fold(word: str) -> str:
    """Returns the word in lower case and composed, since some keyboards send Korean letter by letter."""
    return unicodedata.normalize("NFC", word).casefold()
