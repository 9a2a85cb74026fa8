"""Titles of stories as plain text, and the words by which they are compared."""

import html
import re
import unicodedata
from html.parser import HTMLParser

from core.text import clean

LONGEST_TITLE = 200
SHORTEST_TITLE = 5
_LONGEST_RAW = 4_000
_ADDRESS = re.compile(r"(?:https?|ftp|tg|discord)://\S+", re.IGNORECASE)
_UNREAD = frozenset(("script", "style", "template", "iframe", "object", "noscript", "svg", "math"))


class _TextOf(HTMLParser):
    """Collects the text between tags, apart from that of scripts and the like."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unread += tag in _UNREAD
        self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)


def plain_title(text: str) -> str:
    """Returns a title as one line of plain text of at most 200 characters, '' if nothing worth reading remains.

    Tags, addresses, invisible and bidirectional characters are removed. Mentions and marks of formatting stay: each
    platform shows them as text.
    """
    reader = _TextOf()
    reader.feed(text[:_LONGEST_RAW])
    reader.close()
    once = html.unescape("".join(reader.parts))
    title = _ADDRESS.sub(" ", unicodedata.normalize("NFC", once))
    # Spaces are joined before the length is bounded, and again where invisible characters stood between them.
    title = " ".join(clean(" ".join(title.split()), LONGEST_TITLE).split())
    return title if len(title) >= SHORTEST_TITLE and any(map(str.isalpha, title)) else ""


# -- comparison --------------------------------------------------------------------------------

_WORD = re.compile(r"\d+(?:[.,]\d+)*%?|\w+", re.UNICODE)
_DROPPED = frozenset(
    (
        *("a", "an", "the", "of", "to", "in", "on", "for", "at", "by", "as", "and", "or", "is", "are", "was", "were"),
        *("be", "with", "from", "its", "it", "this", "that", "after", "amid", "into"),
    )
)
_NEGATIONS = frozenset(
    (
        *("not", "no", "never", "without", "denies", "denied", "deny", "refutes", "false", "unlikely"),
        *("부인", "아니다", "없다", "사실무근"),
    )
)
_SHORTEST_STEM = 4
_LEAST_WORDS = 4
LEAST_SHARE = 0.7
"""Least share of its words that a title has in common with a longer one of the same story."""


def title_words(title: str) -> frozenset[str]:
    """Returns the words of a title as they are compared: lower case, without endings of the plural and of verbs, and
    without articles and prepositions.
    """
    words = _WORD.findall(title.casefold())
    return frozenset(_stem(word) for word in words if word not in _DROPPED)


def _stem(word: str) -> str:
    if not word.isascii() or not word.isalpha():
        return word
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def same_story(words: frozenset[str], others: frozenset[str]) -> bool:
    """Returns whether two titles tell the same: all words of one are in the other, which has few more.

    Titles that differ in a number or a negation, or in a word on both sides (`rises`, `falls`), tell different stories.
    """
    if words == others:
        return True
    fewer, more = sorted((words, others), key=len)
    if len(fewer) < _LEAST_WORDS or not fewer <= more or len(fewer) < LEAST_SHARE * len(more):
        return False
    return not any(word in _NEGATIONS or any(map(str.isdigit, word)) for word in more - fewer)
